"""An entry as a card for an address book: vCard 4.0 (RFC 6350) and 3.0 (RFC 2426).

Whoever calls has passed the record through ``policy.visible``, and gives the notes (the mark, what
is to be known before one calls) in the reader's words.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from directory.domain.record import (
    Channel,
    LiaisonOfficerRecord,
    Name,
    Record,
    RequirementsRecord,
    display_name,
)
from directory.domain.vocabulary import ChannelKind, ChannelPurpose, CooperationType
from directory.exchange.content_lines import content_line, escaped, structured
from directory.exchange.export import ExportedEntry

PRODUCT = "-//directory of competent national authorities//EN"
MEDIA_TYPE = "text/vcard"
Params = list[tuple[str, str]]
_E164 = re.compile(r"\+[0-9]{4,15}", re.ASCII)
_TELEPHONES = {
    ChannelKind.TELEPHONE: "voice",
    ChannelKind.MOBILE: "cell",
    ChannelKind.FAX: "fax",
}


class Version(StrEnum):
    """The two versions in use; telephones and old programs read the older one."""

    V4 = "4.0"
    V3 = "3.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """What a card says in the reader's language."""

    #: Name of the State.
    state: str
    #: Kinds of help, for the categories.
    types: tuple[str, ...]
    #: Sentences of the note, the mark among them.
    notes: tuple[str, ...]
    #: Address of the entry's page.
    source: str


def has_card(record: Record) -> bool:
    """Is the entry somebody to reach? Requirements are not."""
    return not isinstance(record, RequirementsRecord)


def write_card(entry: ExportedEntry, version: Version, words: CardWords, language: str) -> str:
    """The card, with CRLF; raises ``ValueError`` for an entry that is nobody to reach."""
    record = entry.record
    if not has_card(record):
        raise ValueError(f"{entry.id} has no card")
    is_new = version is Version.V4
    lines = [
        content_line("BEGIN", "VCARD"),
        content_line("VERSION", version.value),
        content_line("PRODID", escaped(PRODUCT)),
        content_line("UID", escaped(entry.id), [("VALUE", "text")] if is_new else []),
        *_names(record, is_new, language),
        *_office(record, is_new),
        *_addresses(record, words.state),
        *_ways(getattr(record, "channels", ()), is_new),
        *_languages(record, is_new),
        *_beside(entry, words, is_new),
        content_line("END", "VCARD"),
    ]
    return "".join(lines)


def _beside(entry: ExportedEntry, words: CardWords, is_new: bool) -> Iterator[str]:
    if words.types:
        yield content_line("CATEGORIES", ",".join(escaped(one) for one in words.types))
    yield content_line("NOTE", escaped("\n".join(words.notes)))
    if words.source:
        yield content_line("SOURCE", words.source)
    if entry.changed_at:
        form = "%Y%m%dT%H%M%SZ" if is_new else "%Y-%m-%dT%H:%M:%SZ"
        yield content_line("REV", entry.changed_at.astimezone(dt.UTC).strftime(form))


def _names(record: Record, is_new: bool, language: str) -> Iterator[str]:
    names: tuple[Name, ...] = getattr(record, "names", ())
    shown = display_name(record, language)
    if not is_new:
        # An office has no given name; old programs list it by the family name.
        yield content_line("N", structured([shown, "", "", "", ""]))
        yield content_line("FN", escaped(shown))
        return
    yield content_line("KIND", "individual" if isinstance(record, LiaisonOfficerRecord) else "org")
    first = sorted(names, key=lambda one: one.text != shown)
    for number, one in enumerate(first):
        params: Params = [("PREF", "1")] if not number else []
        if len(first) > 1:
            params = [("ALTID", "1"), *params]
        yield content_line("FN", escaped(one.text), [*params, ("LANGUAGE", one.language)])


def _office(record: Record, is_new: bool) -> Iterator[str]:
    if isinstance(record, LiaisonOfficerRecord):
        if record.agency:
            yield content_line("ORG", escaped(record.agency))
        if record.holder:
            yield content_line("ROLE", escaped(record.holder))
        return
    if isinstance(record, RequirementsRecord):
        return
    office = [record.ministry or display_name(record), record.unit]
    yield content_line("ORG", structured(filter(None, office)))
    if record.post:
        yield content_line("ROLE", escaped(record.post))
    if record.website:
        yield content_line("URL", record.website)
    if is_new:
        yield from (content_line("KEY", one.link) for one in record.keys if one.link)


def _addresses(record: Record, state: str) -> Iterator[str]:
    for one in getattr(record, "addresses", ()):
        # The address stands as it was printed; taking it to pieces would be guessing.
        parts = ["", "", one.text, "", "", "", state]
        yield content_line("ADR", structured(parts), [("TYPE", "work")])


def _ways(channels: Sequence[Channel], is_new: bool) -> Iterator[str]:
    reached = [one for one in channels if one.kind in {*_TELEPHONES, ChannelKind.EMAIL}]
    for order, one in enumerate(reached, start=1):
        write = _new_way if is_new else _old_way
        yield write(one, min(order, 100))
    for one in channels:
        if one.kind is ChannelKind.WEB_FORM:
            yield content_line("URL", one.value)


def _new_way(one: Channel, order: int) -> str:
    preference = ("PREF", str(order))
    if one.kind is ChannelKind.EMAIL:
        return content_line("EMAIL", escaped(one.value), [("TYPE", "work"), preference])
    kinds = [("TYPE", "work"), ("TYPE", _TELEPHONES[one.kind]), preference]
    if not _E164.fullmatch(one.value):
        spoken = f"{one.value} {one.extension}".strip()
        return content_line("TEL", escaped(spoken), kinds)
    extension = re.sub(r"[^0-9]", "", one.extension)
    number = f"tel:{one.value}" + (f";ext={extension}" if extension else "")
    return content_line("TEL", number, [("VALUE", "uri"), *kinds])


def _old_way(one: Channel, order: int) -> str:
    preferred = [("TYPE", "pref")] if order == 1 else []
    if one.kind is ChannelKind.EMAIL:
        return content_line("EMAIL", escaped(one.value), [("TYPE", "internet"), *preferred])
    extension = f" x{one.extension}" if one.extension else ""
    kinds = [("TYPE", "work"), ("TYPE", _TELEPHONES[one.kind]), *preferred]
    return content_line("TEL", escaped(one.value + extension), kinds)


def _languages(record: Record, is_new: bool) -> Iterator[str]:
    if not is_new:
        return
    accepted = getattr(record, "languages_accepted", ()) or getattr(record, "languages_spoken", ())
    for order, one in enumerate(accepted, start=1):
        yield content_line("LANG", one, [("PREF", str(min(order, 100)))])


#: Turns a word of the vocabulary into the reader's.
Label = Callable[[ChannelKind | ChannelPurpose | CooperationType], str]


def further_ways(record: Record, label: Label) -> Iterator[tuple[str, str]]:
    """(kind, value) of the lines that an address book has no place for, and what is for when."""
    for one in getattr(record, "channels", ()):
        is_placed = one.kind in {*_TELEPHONES, ChannelKind.EMAIL, ChannelKind.WEB_FORM}
        if not is_placed:
            yield label(one.kind), one.value
        elif one.purpose is not ChannelPurpose.GENERAL:
            yield label(one.purpose), one.value


def short_card(entry: ExportedEntry, words: CardWords, language: str, most: int) -> str:
    """A card of at most ``most`` octets, for a code that a telephone reads: names, numbers, the
    mark; the last lines are left out first."""
    record = entry.record
    head = [
        content_line("BEGIN", "VCARD"),
        content_line("VERSION", Version.V3.value),
        *_names(record, is_new=False, language=language),
    ]
    tail = [content_line("NOTE", escaped("\n".join(words.notes))), content_line("END", "VCARD")]
    taken = head + tail
    for one in _ways(getattr(record, "channels", ()), is_new=False):
        if _octets([*taken, one]) > most:
            break
        head.append(one)
        taken = head + tail
    return "".join(taken)


def _octets(lines: Iterable[str]) -> int:
    return sum(len(one.encode()) for one in lines)
