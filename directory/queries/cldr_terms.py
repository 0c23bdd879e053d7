"""Names of States, cities and languages in the languages people ask in, from Unicode's CLDR.

The data come with Babel and are read when the index is made. They are for finding only, never for
display: the names shown are the official ones of the seed data.
"""

from collections.abc import Iterable, Iterator, Mapping

from babel import Locale
from babel.core import UnknownLocaleError

from directory.domain.reference import State
from directory.search.index import Facet, Phrase
from directory.search.text import fold

#: Languages beside the twenty of ``names.csv``, in which names of States are looked for too.
MORE_LANGUAGES = (
    *("cs", "sk", "hu", "bg", "sr", "sr_Latn", "hr", "bs", "sl", "mk", "sq", "el", "sv", "da"),
    *("nb", "fi", "et", "lv", "lt", "is", "ca", "he", "th", "id", "ms", "ka", "hy", "az", "kk"),
    *("uz", "mn", "bn", "ur", "be", "zh_Hant"),
)
#: Those of ``names.csv``, in which cities and languages are not known yet.
LANGUAGES = (
    *("en", "fr", "es", "ar", "ru", "zh", "pt", "de", "it", "nl", "pl", "ro", "tr", "uk", "fa"),
    *("ja", "ko", "hi", "sw", "vi"),
    *MORE_LANGUAGES,
)
#: Language -> the State it is called after, so that its name serves as the State's adjective. Not
#: those spoken by many States under one name (Arabic), nor those of parts of States.
CALLED_AFTER = {
    "en": "GB",
    "fr": "FR",
    "es": "ES",
    "ru": "RU",
    "zh": "CN",
    "pt": "PT",
    "de": "DE",
    "it": "IT",
    "nl": "NL",
    "pl": "PL",
    "ro": "RO",
    "tr": "TR",
    "uk": "UA",
    "fa": "IR",
    "ja": "JP",
    "ko": "KR",
    "hi": "IN",
    "vi": "VN",
    "cs": "CZ",
    "sk": "SK",
    "hu": "HU",
    "bg": "BG",
    "sr": "RS",
    "hr": "HR",
    "bs": "BA",
    "sl": "SI",
    "mk": "MK",
    "sq": "AL",
    "el": "GR",
    "sv": "SE",
    "da": "DK",
    "nb": "NO",
    "no": "NO",
    "fi": "FI",
    "et": "EE",
    "lv": "LV",
    "lt": "LT",
    "is": "IS",
    "ga": "IE",
    "mt": "MT",
    "he": "IL",
    "th": "TH",
    "id": "ID",
    "ms": "MY",
    "ka": "GE",
    "hy": "AM",
    "az": "AZ",
    "kk": "KZ",
    "uz": "UZ",
    "ky": "KG",
    "tg": "TJ",
    "tk": "TM",
    "mn": "MN",
    "be": "BY",
    "km": "KH",
    "lo": "LA",
    "my": "MM",
    "ne": "NP",
    "si": "LK",
    "bn": "BD",
    "ur": "PK",
    "so": "SO",
    "lb": "LU",
}
#: Cities that are common words of a language people ask in.
COMMON_WORDS = frozenset({"male"})


def cldr_phrases(states: Mapping[str, State]) -> Iterator[Phrase]:
    """Names in further languages; cities of the States' time zones and languages as allusions."""
    locales = [locale for locale in map(_locale, LANGUAGES) if locale]
    names = {
        (fold(locale.territories[code]), code)
        for locale in locales
        for code in states
        if code in locale.territories
    }
    yield from _names(locales, states)
    for one in _allusions(locales, states):
        # Luxembourg is a city too, and no less the name of its State.
        if (fold(one.text), one.value) not in names and fold(one.text) not in COMMON_WORDS:
            yield one


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag)
    except UnknownLocaleError:
        return None


def _names(locales: Iterable[Locale], states: Mapping[str, State]) -> Iterator[Phrase]:
    for locale in locales:
        if str(locale) in MORE_LANGUAGES:
            known = locale.territories
            yield from (Phrase(known[code], Facet.STATE, code) for code in states if code in known)


def _allusions(locales: Iterable[Locale], states: Mapping[str, State]) -> Iterator[Phrase]:
    owners = _owners(states)
    for zone, code in owners.items():
        yield Phrase(zone.rpartition("/")[2].replace("_", " "), Facet.ALLUSION, code)
    for locale in locales:
        for zone, code in owners.items():
            city = locale.time_zones.get(zone, {}).get("city", "")
            if city:
                yield Phrase(city, Facet.ALLUSION, code)
        for language, code in CALLED_AFTER.items():
            if language in locale.languages and code in states:
                yield Phrase(locale.languages[language], Facet.ALLUSION, code)
    for state in states.values():
        if state.capital:
            yield Phrase(state.capital, Facet.ALLUSION, state.code)


def _owners(states: Mapping[str, State]) -> dict[str, str]:
    """Time zone -> the one State that has it."""
    found: dict[str, set[str]] = {}
    for state in states.values():
        for zone in state.time_zones:
            found.setdefault(zone, set()).add(state.code)
    return {zone: next(iter(codes)) for zone, codes in found.items() if len(codes) == 1}
