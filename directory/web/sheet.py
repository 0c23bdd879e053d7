"""Cards and sheets of entries in the reader's words, ready for an address book or for paper."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import url_for
from flask_babel import gettext as _

from directory.domain.book import ReferenceBook
from directory.domain.record import (
    LiaisonOfficerRecord,
    Record,
    RequirementsRecord,
    cooperation_types,
    display_name,
    part_to_dict,
)
from directory.exchange.export import ExportedEntry, Mark
from directory.exchange.sheet_pdf import Paper
from directory.exchange.vcard import CardWords, further_ways
from directory.parts import Parts
from directory.services.checkpoints import signer
from directory.web import i18n
from directory.web.caveats import Rows, caveat_lines, caveat_rows, warning_texts
from directory.web.context import now, parts
from directory.web.extract_sheet import (
    Plain,
    designation_row,
    further_rows,
    section,
    ways,
)
from directory.web.formats import comma, day, listed, week
from directory.web.labels import label
from directory.web.presentation import isolated, kind_name, say, state_name, type_name
from directory.web.sharing import tlp_labels, tlp_meaning
from directory.web.speaking import speaking

#: Makes the sheet about a State from its code, its entries, their mark and the paper.
StateSheet = Callable[[str, Iterable[ExportedEntry], Mark, Paper], Plain]

#: Told in sections of their own, or nothing to have beside the telephone.
_APART = frozenset(
    {
        "names",
        "channels",
        "addresses",
        "designations",
        "sources",
        "hours",
        "host_state",
        "host_city",
        "covered_states",
        "cooperation_types",
    }
)


def page_address(entry_id: str) -> str:
    """Where the entry stands, with the host, for what leaves the directory."""
    base = parts().settings.base_url
    if base:
        return f"{base.rstrip('/')}{url_for('entries.show', entry_id=entry_id)}"
    return url_for("entries.show", entry_id=entry_id, _external=True)


def card_words(entry: ExportedEntry, mark: Mark) -> CardWords:
    """What the entry's card says beside its names and numbers."""
    return CardWords(
        state=state_name(entry.state),
        types=tuple(type_name(kind) for kind in cooperation_types(entry.record)),
        notes=tuple(_notes(entry, mark)),
        source=page_address(entry.id),
    )


def code_words(entry: ExportedEntry, mark: Mark) -> CardWords:
    """The same for a code on paper, where room is dear."""
    found = entry.caveats
    notes = (*warning_texts(found), say(found.standing), mark.short(_))
    return CardWords(state=state_name(entry.state), types=(), notes=notes, source="")


def _notes(entry: ExportedEntry, mark: Mark) -> Iterator[str]:
    found = entry.caveats
    yield from warning_texts(found)
    yield f"{kind_name(entry.kind.value)}{comma()}{state_name(entry.state)}"
    for what, value in further_ways(entry.record, lambda word: str(label(word))):
        yield f"{what}: {isolated(value)}"
    yield from (text for _what, text in _hours(entry.record))
    yield from caveat_lines(found)
    yield from _sharing(entry.record)
    yield mark.text(_)


def _sharing(record: Record) -> Iterator[str]:
    for one in tlp_labels(getattr(record, "channels", ())):
        yield f"{label(one)}: {tlp_meaning(one)}"


def _hours(record: Record) -> Iterator[tuple[str, str]]:
    hours = None if isinstance(record, RequirementsRecord) else record.hours
    if hours is None:
        return
    if hours.round_the_clock:
        yield _("Hours"), _("Day and night")
        return
    for days, open_ in week(hours):
        yield _("Hours"), f"{days}: {isolated(open_)}"
    yield _("Time zone"), isolated(hours.zone)


def title_of(entry: ExportedEntry) -> str:
    """The name to show first; requirements are named by their kind of help."""
    if isinstance(entry.record, RequirementsRecord):
        return str(_("Requirements: %(type)s", type=type_name(entry.record.cooperation_type)))
    return display_name(entry.record, i18n.language())


def entry_sheet(entry: ExportedEntry, mark: Mark, paper: Paper) -> Plain:
    """A sheet about one entry."""
    whose = (kind_name(entry.kind.value), state_name(entry.state), isolated(entry.id))
    lead = comma().join(whose)
    block = {"name": "", "lead": "", "warnings": [], "sections": list(_sections(entry))}
    return {
        **_sheet(title_of(entry), lead, [block], mark, paper),
        "warnings": warning_texts(entry.caveats),
    }


def state_sheet(code: str, entries: Iterable[ExportedEntry], mark: Mark, paper: Paper) -> Plain:
    """A sheet about all entries of a State, in their order."""
    blocks = [
        {
            "name": title_of(entry),
            "lead": f"{kind_name(entry.kind.value)}{comma()}{isolated(entry.id)}",
            "warnings": warning_texts(entry.caveats),
            "sections": list(_sections(entry)),
        }
        for entry in entries
    ]
    lead = _("What the directory has on record on %(day)s.", day=day(now()))
    return _sheet(state_name(code), lead, blocks, mark, paper)


@contextmanager
def sheet_texts(
    own: Parts, language: str, found: ReferenceBook, translations: Path
) -> Iterator[StateSheet]:
    """Give ``state_sheet`` without a request, in the words of the pages."""
    with speaking(language, found, translations, own):
        yield state_sheet


def _sheet(title: str, lead: str, blocks: list[Plain], mark: Mark, paper: Paper) -> Plain:
    return {
        "title": title,
        "lead": lead,
        "language": i18n.language(),
        "origin": signer(parts().settings).verifier.name,
        "paper": paper.value,
        "footer": mark.text(_),
        "code": _("Code with the names and numbers, for the address book of a telephone"),
        "warnings": [],
        "entries": blocks,
    }


def _sections(entry: ExportedEntry) -> Iterator[Plain]:
    record = entry.record
    if isinstance(record, RequirementsRecord):
        yield section("", [*further_rows(record, apart=_APART), *caveat_rows(entry.caveats)])
        return
    yield section(_("How to reach it"), [*ways(record), *_hours(record)])
    if named := list(_names(record)):
        yield section(_("Also called"), named)
    if held := list(_competence(record)):
        yield section(_("What it is competent for"), held)
    yield section("", [*caveat_rows(entry.caveats), *further_rows(record, apart=_APART)])


def _names(record: Record) -> Rows:
    shown = display_name(record, i18n.language())
    others = (one for one in getattr(record, "names", ()) if one.text != shown)
    return [(str(label(one.form)), one.text) for one in others]


def _competence(record: Record) -> Iterator[tuple[str, str]]:
    if isinstance(record, LiaisonOfficerRecord):
        states = (record.host_state, *record.covered_states)
        yield _("Posted in, and covers"), listed(state_name(one) for one in states if one)
        for kind in record.cooperation_types:
            yield type_name(kind), ""
        return
    for one in getattr(record, "designations", ()):
        yield designation_row(part_to_dict(one))
