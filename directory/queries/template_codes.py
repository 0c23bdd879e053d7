"""The codes that a template's drop-downs offer, from the reference data."""

from collections.abc import Mapping
from zoneinfo import available_timezones

from directory.domain.book import ReferenceBook
from directory.domain.vocabulary import CooperationType

#: Languages that States write requests and names in, most used first; any other may be typed in.
COMMON_LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "de", "it", "pt", "nl", "pl", "ro", "tr")


def template_codes(book: ReferenceBook) -> Mapping[str, tuple[str, ...]]:
    """Name of a list -> its codes, in the order in which they are offered."""
    spoken = {language for state in book.states.values() for language in state.languages}
    languages = (*COMMON_LANGUAGES, *sorted(spoken - set(COMMON_LANGUAGES)))
    zones = sorted(one for one in available_timezones() if "/" in one and _is_place(one))
    return {
        "states": tuple(sorted(book.states)),
        "instruments": tuple(sorted(book.instruments)),
        "languages": languages,
        "zones": tuple(zones),
        "cooperation_type": tuple(CooperationType),
    }


def _is_place(zone: str) -> bool:
    return not zone.startswith(("Etc/", "posix/", "right/", "SystemV/", "US/"))
