"""The printed edition in words: every entry, and all texts around them, in one language.

Made outside any request: ``edition_texts`` gives the language and the reference data that the words
of the pages need.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from directory.domain.book import ReferenceBook
from directory.domain.caveats import Caveats
from directory.domain.editions import Change, EditionFacts, change_of
from directory.domain.record import (
    Channel,
    Designation,
    Hours,
    Record,
    cooperation_types,
    display_name,
    part_to_dict,
)
from directory.domain.validity import is_valid
from directory.domain.vocabulary import ChannelKind, ChannelPurpose, EntryKind, Tlp
from directory.exchange.edition_pdf import EditionSheet, Line
from directory.queries.editions import PrintedEntry
from directory.web import i18n
from directory.web.caveats import source_text, warning_texts
from directory.web.extract_sheet import designation_row
from directory.web.formats import alphabetical, channel_text, comma, day, semicolon, week
from directory.web.labels import channel_warning, label
from directory.web.presentation import book, languages_text, say, state_name, type_name
from directory.web.speaking import speaking

Plain = dict[str, Any]
Row = tuple[str, str, str]
#: Gives the entries that are no longer in it.
Gone = Callable[[], tuple[str, ...]]
#: Channels whose value is an address in a sentence's sense and not a number or code.
_IN_WORDS = frozenset({ChannelKind.POST, ChannelKind.DIPLOMATIC})


@dataclass(frozen=True, slots=True)
class EditionTexts:
    """The words of an edition, while its language is spoken."""

    #: Code -> place of the State in the order of names.
    ranks: dict[str, int]
    sheet: Callable[[EditionFacts, Iterator[PrintedEntry], Gone], EditionSheet]


@contextmanager
def edition_texts(
    language: str, found: ReferenceBook, translations: Path
) -> Iterator[EditionTexts]:
    """Give the words of the pages without a request."""
    with speaking(language, found, translations):
        yield EditionTexts(_state_ranks(), _sheet)


def _state_ranks() -> dict[str, int]:
    ordered = sorted(book().states, key=lambda code: alphabetical(state_name(code)))
    return {code: rank for rank, code in enumerate(ordered)}


def _sheet(facts: EditionFacts, entries: Iterator[PrintedEntry], gone: Gone) -> EditionSheet:
    """All of it; ``gone`` names, when all entries are read, those that are no longer in it."""
    title = _("Directory of competent national authorities")
    number = _("Edition %(number)s", number=facts.number)
    return EditionSheet(
        language=i18n.language(),
        title=f"{title}: {number}",
        author=title,
        footer=f"{number}{comma()}{day(facts.on)}",
        front=_front(facts, number),
        headings={
            "contents": _("Contents"),
            "entries": _("Entries by State"),
            "changes": _("Changed since edition %(number)s", number=facts.since),
            "by_state": _("Index by State"),
            "by_type": _("Index by kind of help"),
        },
        types=tuple(type_name(kind) for kind in book().types),
        entries=(_line(one, facts) for one in entries),
        changes=_changes_note(facts),
        gone_title=_("No longer in it"),
        gone=lambda: tuple(_gone(entry, facts) for entry in gone()),
    )


def _front(facts: EditionFacts, number: str) -> Plain:
    rows = [
        (_("Entries"), str(facts.entries)),
        (_("States and organizations"), str(len(book().states))),
    ]
    if facts.log_size:
        rows += [
            (_("Events in the change log"), str(facts.log_size)),
            (_("Root of the change log"), facts.log_root),
        ]
    return {
        "subtitle": _("%(edition)s, as of %(day)s", edition=number, day=day(facts.on)),
        "notes": [
            _("Only for authorities that asked for access. It holds what every reader may see."),
            _("Numbers and addresses change: look in the directory before you rely on a page."),
        ],
        "facts": rows,
    }


def _gone(entry: str, facts: EditionFacts) -> str:
    # Not by its name: what was withdrawn may have been so because of its name.
    return f"{state_name(facts.before[entry][0])}: {entry}"


def _changes_note(facts: EditionFacts) -> tuple[str, ...]:
    if facts.since is None:
        return ()
    return (_("A bar in the margin marks these entries on their pages."),)


def _line(one: PrintedEntry, facts: EditionFacts) -> Line:
    name, found = _name(one), one.caveats
    change = _change_words(change_of(facts, one.head.id, one.head.revision), facts)
    return Line(
        id=one.head.id,
        state=state_name(one.head.state),
        name=name,
        types=tuple(type_name(kind) for kind in cooperation_types(one.record)),
        change=change,
        block={
            "name": name,
            "about": f"{label(one.head.kind)} · {one.head.id} · {say(found.standing)}",
            "change": change,
            "names": [each.text for each in _names(one.record) if each.text != name],
            "warnings": warning_texts(found),
            "rows": [*_rows(one.record), *_source_rows(found)],
            "duties": list(_duties(one.record, facts.on)),
        },
    )


def _name(one: PrintedEntry) -> str:
    if one.head.kind is EntryKind.REQUIREMENTS:
        return str(_("Requirements: %(type)s", type=type_name(cooperation_types(one.record)[0])))
    return display_name(one.record, i18n.language())


def _names(record: Record) -> tuple[Any, ...]:
    found: tuple[Any, ...] = getattr(record, "names", ())
    return found


def _change_words(change: Change | None, facts: EditionFacts) -> str:
    if change is None:
        return ""
    if change is Change.NEW:
        return str(_("New since edition %(number)s", number=facts.since))
    return str(_("Changed since edition %(number)s", number=facts.since))


def _source_rows(found: Caveats) -> Iterator[Row]:
    """One short line: room is dear, and the links stand in the directory."""
    texts = [source_text(one, is_linked=False) for one in found.sources] or [_("not on record")]
    yield _("Source"), semicolon().join(texts), "auto"


def _rows(record: Record) -> Iterator[Row]:
    for field, title in (("unit", _("Unit")), ("ministry", _("Ministry")), ("post", _("Post"))):
        if text := getattr(record, field, ""):
            yield str(title), text, "auto"
    for channel in getattr(record, "channels", ()):
        yield _channel_row(channel)
        if channel.warning:
            yield "", str(channel_warning(channel.warning)), "auto"
    for address in getattr(record, "addresses", ()):
        yield str(label(address.purpose)), address.text, "auto"
    hours: Hours | None = getattr(record, "hours", None)
    if hours:
        yield _("Hours"), _hours_text(hours), "auto"
    for field, title in (
        ("languages_accepted", _("Languages accepted")),
        ("languages_night", _("Languages at night")),
    ):
        if codes := getattr(record, field, ()):
            yield str(title), languages_text(codes), "auto"
    if network := getattr(record, "network", ""):
        yield _("Network"), network, "ltr"
    yield from _requirement_rows(record)


def _channel_row(one: Channel) -> Row:
    title = str(label(one.kind))
    if one.purpose is not ChannelPurpose.GENERAL:
        title = f"{title} ({label(one.purpose)})"
    if one.tlp is not Tlp.GREEN:
        # What the mark of the copy says of every line holds for this one only as its label does.
        title = f"{title}{comma()}{label(one.tlp)}"
    value = " ".join(filter(None, (channel_text(one), one.extension)))
    return title, value, "auto" if one.kind in _IN_WORDS else "ltr"


def _hours_text(hours: Hours) -> str:
    if hours.round_the_clock:
        return str(_("Round the clock"))
    spans = semicolon().join(f"{days} {open_}" for days, open_ in week(hours))
    return f"{spans} ({hours.zone})"


def _requirement_rows(record: Record) -> Iterator[Row]:
    for field, title in (
        ("legal_requirements", _("Legal requirements")),
        ("dual_criminality", _("Dual criminality")),
        ("urgent_procedure", _("Urgent procedure")),
        ("time_limits", _("Time limits")),
        ("costs", _("Costs")),
    ):
        if text := getattr(record, field, ""):
            yield str(title), text, "auto"


def _duties(record: Record, on: dt.date) -> Iterator[str]:
    designations: tuple[Designation, ...] = getattr(record, "designations", ())
    for one in designations:
        if is_valid(one, on):
            title, limits = designation_row(part_to_dict(one))
            yield f"{title}: {limits}" if limits else title
