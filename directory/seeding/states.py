"""Readers of the States, their names, territories and weekends, and of the cooperation types."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import available_timezones

from directory.domain.reference import (
    State,
    Territory,
)
from directory.domain.vocabulary import (
    LANGUAGES,
    CooperationType,
    StateKind,
)
from directory.seeding.problems import CellError, Problems
from directory.seeding.tables import Row, Table, read_csv

STATE_COLUMNS = (
    "iso2",
    "iso3",
    "iso_numeric",
    "name_un_en",
    "status",
    "un_regional_group",
    "official_languages",
    "time_zones",
    "calling_code",
    "capital",
    "holidays_library",
    "name_cldr_en",
    "name_iso",
    "phone_leading_digits",
    "capital_note",
    "note",
)
OFFICIAL_NAME_COLUMNS = (
    "iso2",
    *LANGUAGES,
    "source",
    "differs_from_cldr",
    "unterm_short_if_different",
)
#: Languages of the CLDR names, which help to find a State and are never shown as its name.
FINDING_LANGUAGES = (
    *("en", "fr", "es", "ar", "zh", "ru", "pt", "de", "it", "nl"),
    *("pl", "ro", "tr", "uk", "fa", "ja", "ko", "hi", "sw", "vi"),
)
FINDING_NAME_COLUMNS = (
    "iso2",
    "name_un_en",
    *(f"cldr_{language}" for language in FINDING_LANGUAGES),
    "en_differs",
)
TERRITORY_COLUMNS = ("key", "state", "name", "aliases", "time_zone", "phone_region")
TERRITORY_NAME_COLUMNS = ("key", "language", "name", "kind")
#: Whether a territory's name is CLDR's or ours.
TERRITORY_NAME_KINDS = ("cldr", "rendering")
ALIAS_KINDS = ("former", "short", "exonym", "adjective", "acronym", "territory", "capital")

_STATE_KINDS = {
    "UN member": StateKind.MEMBER,
    "observer": StateKind.OBSERVER,
    "non_member_party": StateKind.OTHER_PARTY,
    "regional_organisation": StateKind.REGIONAL_ORGANIZATION,
}
_ZONES = available_timezones()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedTerritory:
    """A territory, with what is needed to read its telephone numbers and hours."""

    territory: Territory
    aliases: tuple[str, ...]
    time_zone: str
    #: Region of its numbering plan ('JE'), often not that of the State.
    phone_region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateName:
    """A name that finds a State; ``language`` is '' for an alias of no one language."""

    state: str
    text: str
    language: str = ""
    #: Shown as the State's name in that language.
    official: bool = False
    #: Kind of an alias ('former', 'adjective' ...).
    kind: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedState:
    """A State with the facts that only the tables need."""

    state: State
    iso3: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeNames:
    """A cooperation type: names in the six languages, and what practitioners type for it."""

    code: CooperationType
    names: dict[str, str]
    #: (language, term)
    terms: tuple[tuple[str, str], ...]


def read_territories(folder: Path, problems: Problems) -> list[SeedTerritory]:
    """Territories; whether their States exist is checked with the States."""
    table = read_csv(folder / "territories.csv", TERRITORY_COLUMNS, problems)
    return table.build(_territory, key=lambda one: one.territory.key)


def with_names(
    territories: Iterable[SeedTerritory], folder: Path, problems: Problems
) -> list[SeedTerritory]:
    """The territories with their names in other languages than English."""
    found: dict[str, dict[str, str]] = {one.territory.key: {} for one in territories}
    table = read_csv(folder / "territory_names.csv", TERRITORY_NAME_COLUMNS, problems)
    named = table.build(lambda row: _territory_name(row, found), key=lambda one: one[:2])
    for key, language, name in named:
        found[key][language] = name
    return [
        replace(one, territory=replace(one.territory, names=found[one.territory.key]))
        for one in territories
    ]


def with_territories(state: SeedState, territories: Iterable[SeedTerritory]) -> SeedState:
    """The State with those of the territories that are its own."""
    own = (one.territory for one in territories if one.territory.state == state.state.code)
    return replace(state, state=replace(state.state, territories=tuple(own)))


def _territory_name(row: Row, keys: Collection[str]) -> tuple[str, str, str]:
    """Key, language, name."""
    row.one_of("kind", TERRITORY_NAME_KINDS)
    return (
        row.reference("key", keys, "a key of territories.csv"),
        row.one_of("language", LANGUAGES),
        row.required("name"),
    )


def _territory(row: Row) -> SeedTerritory:
    key, state = row.required("key"), row.required("state")
    if not key.startswith(f"{state}-"):
        raise CellError("key", f"'{key}' must begin with '{state}-'")
    return SeedTerritory(
        territory=Territory(key=key, state=state, name=row.required("name")),
        aliases=row.parts("aliases"),
        time_zone=_zone("time_zone", row.required("time_zone")),
        phone_region=row.required("phone_region"),
    )


def _zone(column: str, zone: str) -> str:
    if zone not in _ZONES:
        raise CellError(column, f"'{zone}' is not an IANA time zone such as Europe/Bucharest")
    return zone


def read_states(
    folder: Path, territories: list[SeedTerritory], problems: Problems
) -> tuple[list[SeedState], list[StateName]]:
    """The States with their official names, and every name they can be found by.

    That each territory is of one of them is checked here; ``with_territories`` puts them in.
    """
    states_table = read_csv(folder / "states.csv", STATE_COLUMNS, problems)
    plain = states_table.build(_plain_state, key=lambda one: one.state.code)
    # Every name of a State that is not there would be one more problem.
    problems.refuse_if_any()
    codes = {one.state.code for one in plain}
    official = _official_names(folder, codes, problems)
    weekends = _weekends(folder, codes, problems)
    _check_territories(folder, territories, codes, problems)
    named = [_complete_state(one, official.get(one.state.code, {}), weekends) for one in plain]
    for number, one in enumerate(named, start=2):
        if set(one.state.names) != set(LANGUAGES):
            states_table.problem(number, "iso2", f"'{one.state.code}' has no row in names_un.csv")
    finding = _finding_names(folder, codes, problems) + _aliases(folder, codes, problems)
    return named, [*_official_rows(official), *finding]


def _plain_state(row: Row) -> SeedState:
    status = row.text("status")
    if status not in _STATE_KINDS:
        raise CellError("status", f"'{status}' is not one of {', '.join(_STATE_KINDS)}")
    code = row.required("iso2")
    if len(code) != 2 or not (code.isascii() and code.isalpha() and code.isupper()):
        raise CellError("iso2", f"'{code}' is not a code of two capital letters")
    state = State(
        code=code,
        kind=_STATE_KINDS[status],
        regional_group=row.text("un_regional_group"),
        languages=row.parts("official_languages"),
        time_zones=tuple(_zone("time_zones", zone) for zone in row.parts("time_zones")),
        calling_code=row.text("calling_code"),
        capital=row.text("capital"),
    )
    return SeedState(state=state, iso3=row.text("iso3"), source="states.csv")


def _complete_state(
    one: SeedState,
    names: dict[str, StateName],
    weekends: dict[str, tuple[int, ...]],
) -> SeedState:
    plain = one.state
    state = replace(
        plain,
        names={language: name.text for language, name in names.items()},
        weekend=weekends.get(plain.code, plain.weekend),
    )
    source = next((name.source for name in names.values()), one.source)
    return SeedState(state=state, iso3=one.iso3, source=source)


def _official_names(
    folder: Path, codes: Collection[str], problems: Problems
) -> dict[str, dict[str, StateName]]:
    def make(row: Row) -> dict[str, StateName]:
        code = row.reference("iso2", codes, "a State of states.csv")
        return {
            language: StateName(
                state=code,
                text=row.required(language),
                language=language,
                official=True,
                source=row.text("source"),
            )
            for language in LANGUAGES
        }

    table = read_csv(folder / "names_un.csv", OFFICIAL_NAME_COLUMNS, problems)
    built = table.build(make, key=lambda names: names["en"].state)
    return {names["en"].state: names for names in built}


def _official_rows(official: dict[str, dict[str, StateName]]) -> list[StateName]:
    return [name for names in official.values() for name in names.values()]


def _finding_names(folder: Path, codes: Collection[str], problems: Problems) -> list[StateName]:
    def make(row: Row) -> list[StateName]:
        code = row.reference("iso2", codes, "a State of states.csv")
        return [
            StateName(state=code, text=row.text(f"cldr_{lang}"), language=lang, source="CLDR")
            for lang in FINDING_LANGUAGES
            if row.text(f"cldr_{lang}")
        ]

    table = read_csv(folder / "names.csv", FINDING_NAME_COLUMNS, problems)
    return [name for names in table.build(make) for name in names]


def _aliases(folder: Path, codes: Collection[str], problems: Problems) -> list[StateName]:
    def make(row: Row) -> StateName:
        kind = row.one_of("kind", ALIAS_KINDS)
        return StateName(
            state=row.reference("code", codes, "a State of states.csv"),
            text=row.required("alias"),
            kind=kind,
            source="general knowledge",
        )

    table = read_csv(folder / "state_aliases.csv", ("code", "alias", "kind"), problems)
    return table.build(make, key=lambda name: (name.state, name.text))


def _weekends(
    folder: Path, codes: Collection[str], problems: Problems
) -> dict[str, tuple[int, ...]]:
    def make(row: Row) -> tuple[str, tuple[int, ...]]:
        days = row.parts("weekend")
        if not days or not set(days) <= set("1234567"):
            raise CellError("weekend", "must be ISO weekdays 1 to 7 separated by ';'")
        code = row.reference("code", codes, "a State of states.csv")
        return code, tuple(int(day) for day in days)

    table = read_csv(folder / "weekends.csv", ("code", "weekend", "source"), problems)
    return dict(table.build(make, key=lambda pair: pair[0]))


def _check_territories(
    folder: Path, territories: list[SeedTerritory], codes: Collection[str], problems: Problems
) -> None:
    table = Table((folder / "territories.csv").name, [], problems)
    for number, one in enumerate(territories, start=2):
        if codes and one.territory.state not in codes:
            table.problem(number, "state", f"'{one.territory.state}' is not a State of states.csv")


def read_types(folder: Path, problems: Problems) -> list[TypeNames]:
    """The cooperation types in the order of the vocabulary, each present exactly once."""
    table = read_csv(folder / "cooperation_types.csv", ("code", *LANGUAGES), problems)
    named = dict(table.build(_type_names, key=lambda pair: pair[0]))
    for missing in set(CooperationType) - set(named):
        table.problem(0, "code", f"'{missing}' has no row")
    terms = read_csv(folder / "cooperation_terms.csv", ("code", "language", "term"), problems)
    typed = terms.build(
        lambda row: (
            row.choice("code", CooperationType),
            row.required("language"),
            row.required("term"),
        ),
        key=lambda one: one,
    )
    return [
        TypeNames(
            code=code,
            names=named[code],
            terms=tuple((language, term) for owner, language, term in typed if owner is code),
        )
        for code in CooperationType
        if code in named
    ]


def _type_names(row: Row) -> tuple[CooperationType, dict[str, str]]:
    names = {language: row.required(language) for language in LANGUAGES}
    return row.choice("code", CooperationType), names
