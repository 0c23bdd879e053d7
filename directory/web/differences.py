"""Differences between two records, made readable: field titles, words for codes, word by word.

A page shows them with the macro ``difference_table`` of ``components/differences.html``, which
calls ``difference_rows`` as a filter.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from flask_babel import gettext

from directory.domain.diff import Clash, Difference
from directory.domain.fields import CHANNEL_ORDER, PART_FIELDS, RECORD_FIELDS, FieldClass
from directory.domain.marks import N_
from directory.domain.record import Channel
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
from directory.web.formats import channel_text, colon, listed, published_day
from directory.web.labels import WEEKDAYS, channel_warning, function_text, label
from directory.web.presentation import (
    instrument_title,
    language_name,
    state_name,
    territory_name,
    type_name,
)

#: Beyond so many words only whole values are set against one another.
MOST_WORDS = 3000
#: Half a number is no number: these are set against one another whole.
_INDIVISIBLE = frozenset({"value", "extension", "fingerprint"})
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a value; ``changed`` where the other side does not have it."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One difference as a page shows it; no pieces is 'nothing there'."""

    title: str
    field_class: FieldClass
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    path: str


def difference_rows(differences: Iterable[Difference]) -> list[DifferenceRow]:
    """The differences in their order."""
    found = list(differences)
    renumbered = {(one.field, one.part) for one in found if one.inner == "value"}
    return [_row(one) for one in found if not _follows(one, renumbered)]


def _follows(one: Difference, renumbered: set[tuple[str, str]]) -> bool:
    """Does it only follow from a new number or address? Then that one says it all."""
    return one.inner in {"as_given", "warning", "source"} and (one.field, one.part) in renumbered


def _row(one: Difference) -> DifferenceRow:
    name = one.inner or one.field
    before, after = value_text(name, one.before), value_text(name, one.after)
    old, new = (
        (_whole(before), _whole(after)) if one.inner in _INDIVISIBLE else compared(before, after)
    )
    return DifferenceRow(
        title=title_of(one), field_class=one.field_class, before=old, after=new, path=one.path
    )


def title_of(one: Difference) -> str:
    """'Channel (Telephone, general): Value'."""
    title = str(gettext(RECORD_FIELDS[one.field].title))
    if not one.part:
        return str(gettext(CHANNEL_ORDER.title)) if _is_order(one) else title
    title = f"{title} ({_part_name(one)})"
    if not one.inner:
        return title
    return f"{title}: {gettext(PART_FIELDS[one.field][one.inner].title)}"


def _is_order(one: Difference) -> bool:
    return one.field == "channels" and not one.part


def _part_name(one: Difference) -> str:
    """The name of a part in words: 'telephone.general.2' as 'Telephone, General, 2'."""
    pieces = one.part.split(".")
    return listed(_piece_name(one.field, place, text) for place, text in enumerate(pieces))


_PART_WORDS: dict[tuple[str, int], type[StrEnum]] = {
    ("channels", 0): ChannelKind,
    ("channels", 1): ChannelPurpose,
    ("addresses", 0): AddressPurpose,
    ("names", 0): NameForm,
}


def _piece_name(field: str, place: int, text: str) -> str:
    if field == "names" and place == 1:
        return language_name(text)
    vocabulary = _PART_WORDS.get((field, place))
    return _word(vocabulary, text) if vocabulary else text


def _word(vocabulary: type[StrEnum], value: str) -> str:
    """The label of a word; what is no word of the vocabulary stays as it is."""
    return str(label(vocabulary(value))) if value in set(vocabulary) else value


def _words_of(vocabulary: type[StrEnum]) -> Callable[[str], str]:
    return lambda value: _word(vocabulary, value)


def _type(value: str) -> str:
    return type_name(CooperationType(value)) if value in set(CooperationType) else value


def number_text(value: str) -> str:
    """A telephone as people write it, any other value of a channel as kept."""
    return channel_text(Channel(kind=ChannelKind.TELEPHONE, value=value))


#: Field -> its value in words. A name stands for one thing in every part that has it, but for
#: 'kind', 'status' and 'purpose', of which every word has one meaning.
_SAID: dict[str, Callable[[str], str]] = {
    "cooperation_type": _type,
    "cooperation_types": _type,
    "possible": _words_of(Possible),
    "channels_accepted": _words_of(ChannelKind),
    "tasks": _words_of(PointTask),
    "form": _words_of(NameForm),
    "audience": _words_of(Audience),
    "tlp": _words_of(Tlp),
    "holder_audience": _words_of(Audience),
    "holder_tlp": _words_of(Tlp),
    "rank": _words_of(DesignationRank),
    "status": _words_of(DesignationStatus),
    "language": language_name,
    "languages": language_name,
    "languages_accepted": language_name,
    "languages_spoken": language_name,
    "languages_night": language_name,
    "instrument": instrument_title,
    "territory": territory_name,
    "host_state": state_name,
    "covered_states": state_name,
    "function": function_text,
    "warning": lambda code: str(channel_warning(code)),
    "value": number_text,
    **dict.fromkeys(("posted_from", "posted_to", "valid_from", "valid_to", "date"), published_day),
    **dict.fromkeys(("first", "last"), published_day),
}
#: Fields whose words come from one of several vocabularies.
_ONE_OF: dict[str, tuple[type[StrEnum], ...]] = {
    "kind": (ChannelKind, SourceKind, ScopeKind),
    "purpose": (ChannelPurpose, AddressPurpose),
}


def value_text(name: str, value: Any) -> str:
    """A value of a record in JSON types, as a person reads it; '' for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, dict):
        return "\n".join(_lines(name, value))
    if isinstance(value, list):
        return _list_text(name, value)
    return _said(name, str(value))


def _list_text(name: str, values: list[Any]) -> str:
    texts = [value_text(name, value) for value in values]
    is_long = any(isinstance(value, dict) for value in values) or name in {"contents", "links"}
    return "\n".join(texts) if is_long else listed(texts)


def _said(name: str, value: str) -> str:
    for vocabulary in _ONE_OF.get(name, ()):
        if value in set(vocabulary):
            return _word(vocabulary, value)
    say = _SAID.get(name)
    return say(value) if say else value


def _lines(name: str, part: dict[str, Any]) -> Iterator[str]:
    """The fields of a part, a line each; an opening time and a limit in one line."""
    if {"weekday", "opens", "closes"} <= part.keys():
        yield f"{WEEKDAYS[int(part['weekday']) - 1]} {part['opens']}–{part['closes']}"
        return
    titles = PART_FIELDS.get(name, {})
    for field, value in part.items():
        title = titles[field].title if field in titles else _INNER_TITLES.get(field)
        text = value_text(field, value)
        yield f"{gettext(title)}{colon()}{text}" if title and text else text


#: Titles of what stands inside opening hours and limits.
_INNER_TITLES: dict[str, str] = {
    "zone": N_("Time zone"),
    "intervals": N_("Openings"),
    "round_the_clock": N_("Round the clock"),
    "closures": N_("Days closed"),
    "as_given": N_("As given"),
    "zone_assumed": N_("Zone taken from the State"),
    "first": N_("First day"),
    "last": N_("Last day"),
    "note": N_("Note"),
    "text": N_("Text"),
    "kind": N_("Kind"),
}


def compared(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both values cut into pieces, those marked that only one of them has."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS or not (old and new):
        return _whole(before), _whole(after)
    left: list[Piece] = []
    right: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        is_changed = kind != "equal"
        left += _piece(old[first:last], changed=is_changed)
        right += _piece(new[start:end], changed=is_changed)
    return tuple(left), tuple(right)


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, changed=True),) if text else ()


def _piece(words: Sequence[str], *, changed: bool) -> list[Piece]:
    return [Piece("".join(words), changed)] if words else []


def clash_title(clash: Clash) -> str:
    """What a clash is about: 'Channel (Telephone, General)'."""
    field, _slash, part = clash.path.partition("/")
    return title_of(Difference(field=field, part=part))


def clash_value(clash: Clash, value: Any) -> str:
    """One of the versions of a clash, as a person reads it."""
    return value_text(clash.path.partition("/")[0], value)


FILTERS: dict[str, Callable[..., object]] = {
    "difference_rows": difference_rows,
    "clash_title": clash_title,
    "clash_value": clash_value,
}
