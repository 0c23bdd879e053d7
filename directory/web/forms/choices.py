"""What can be chosen in the fields of a form, in the language of the page."""

from collections.abc import Callable
from enum import StrEnum
from zoneinfo import available_timezones

from babel import Locale

from directory.domain.reference import State
from directory.domain.vocabulary import (
    AddressPurpose,
    Audience,
    ChannelKind,
    ChannelPurpose,
    CooperationType,
    DesignationRank,
    DesignationStatus,
    NameForm,
    PointTask,
    Possible,
    ScopeKind,
    SourceKind,
    Tlp,
)
from directory.web import i18n
from directory.web.formats import Choices, by_name
from directory.web.forms.typed import Typed
from directory.web.labels import WEEKDAYS, label
from directory.web.presentation import (
    book,
    instrument_title,
    state_name,
    territory_name,
    type_name,
)


def _of(vocabulary: type[StrEnum]) -> Callable[[], Choices]:
    return lambda: [(word.value, str(label(word))) for word in vocabulary]


def _types() -> Choices:
    return [(kind.value, type_name(kind)) for kind in CooperationType]


def _states() -> Choices:
    return by_name((code, state_name(code)) for code in book().states)


def _instruments() -> Choices:
    return by_name((code, instrument_title(code)) for code in book().instruments)


def _languages() -> Choices:
    names = Locale.parse(i18n.language()).languages
    return by_name((code, name) for code, name in names.items() if len(code) == 2)


def _weekdays() -> Choices:
    return [(str(number), str(name)) for number, name in enumerate(WEEKDAYS, start=1)]


def _source_kinds() -> Choices:
    """Every kind but the one that is invented."""
    kinds = (kind for kind in SourceKind if kind is not SourceKind.SYNTHETIC)
    return [(kind.value, str(label(kind))) for kind in kinds]


#: Name of the choices -> what can be chosen, whatever stands on the form.
FIXED: dict[str, Callable[[], Choices]] = {
    "name_forms": _of(NameForm),
    "address_purposes": _of(AddressPurpose),
    "channel_kinds": _of(ChannelKind),
    "purposes": _of(ChannelPurpose),
    "audiences": _of(Audience),
    "tlp": _of(Tlp),
    "ranks": _of(DesignationRank),
    "designation_statuses": _of(DesignationStatus),
    "scopes": _of(ScopeKind),
    "tasks": _of(PointTask),
    "possible": _of(Possible),
    "source_kinds": _source_kinds,
    "types": _types,
    "states": _states,
    "instruments": _instruments,
    "languages": _languages,
    "weekdays": _weekdays,
    "schemes": lambda: [("openpgp", "OpenPGP"), ("smime", "S/MIME")],
}


def choices_for(typed: Typed, state: State, authorities: Choices) -> dict[str, Choices]:
    """Every list of choices of one form; ``authorities`` are entries of the State to point to."""
    found = {name: make() for name, make in FIXED.items()}
    found["zones"] = _zones(state)
    found["territories"] = [(one.key, territory_name(one.key)) for one in state.territories]
    found["sources"] = sources_on(typed)
    found["authorities"] = authorities
    if any(value == SourceKind.SYNTHETIC.value for value in typed.values.values()):
        found["source_kinds"] += [(SourceKind.SYNTHETIC.value, str(label(SourceKind.SYNTHETIC)))]
    return found


def _zones(state: State) -> Choices:
    """The zones of the State first, then all others."""
    own = [(name, name.replace("_", " ")) for name in state.time_zones]
    others = sorted(name for name in available_timezones() - set(state.time_zones) if "/" in name)
    return own + [(name, name.replace("_", " ")) for name in (*others, "UTC")]


def sources_on(typed: Typed) -> Choices:
    """The sources that stand on the form, for other rows to name."""
    found = []
    for row in range(typed.rows.get("sources", 0)):
        key = typed.text(f"sources.{row}.key")
        text = typed.text(f"sources.{row}.reference").strip() or key
        if key:
            found.append((key, text if len(text) <= 60 else f"{text[:60]}…"))
    return found
