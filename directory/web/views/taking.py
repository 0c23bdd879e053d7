"""Taking away: cards, codes and sheets of one entry or a State, and files of a filtered list.

Each of them carries its recipient and a serial number, and every entry in it is held against the
quota of the day as if its page had been opened.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from flask import Blueprint, Response
from flask_babel import gettext
from marshmallow import fields

from directory.domain.looking import Seen
from directory.domain.marks import N_
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, NotFound, Problem
from directory.exchange.export import ExportedEntry, Mark, write_export
from directory.exchange.forms import MEDIA_TYPES, Form
from directory.exchange.sheet_pdf import MOST_OCTETS, Paper, code_svg, set_sheet
from directory.exchange.vcard import MEDIA_TYPE, Version, has_card, short_card, write_card
from directory.queries.exports import (
    ExportFilters,
    Listed,
    entries_to_export,
    entry_to_export,
    export_mark,
    listed_to_export,
)
from directory.queries.reference import get_state
from directory.queries.search import search
from directory.schemas.fields import Word
from directory.schemas.questions import MOST_FOUND, Question
from directory.search.index import SearchQuestion
from directory.web import i18n
from directory.web.access import needs
from directory.web.context import actor, now, parts, reading
from directory.web.looking import takes_away
from directory.web.parameters import SearchPageAsked, read_parameters
from directory.web.presentation import book
from directory.web.sheet import card_words, code_words, entry_sheet, state_sheet
from directory.web.views.search import search_codes

blueprint = Blueprint("taking", __name__)

#: Files of a list, by the end of their name; cards are no form of the import.
CARDS = "vcf"
#: Bytes sent at once.
PIECE = 64 * 1024
FILTERS = ("q", "state", "type", "kind", "instrument")


class CardAsked(Question):
    """Which version of the card."""

    version = Word(Version, load_default=Version.V4, description="Of vCard.")
    lang = fields.String()


class SheetAsked(Question):
    """On which paper."""

    paper = Word(Paper, load_default=Paper.A4, description="The size.")
    lang = fields.String()


@blueprint.get("/entries/<entry_id>/card")
@needs("entries:read")
def card(entry_id: str) -> Response:
    """The entry for an address book."""
    asked = read_parameters(CardAsked)
    entry = _reachable(entry_id)
    mark = _marked("vcf", f"entry {entry.id}", [entry])
    text = write_card(entry, asked["version"], card_words(entry, mark), i18n.language())
    return _sent(text.encode(), MEDIA_TYPE, f"{entry.id}.vcf")


@blueprint.get("/entries/<entry_id>/code")
@needs("entries:read")
def code(entry_id: str) -> Response:
    """The same, shortened, as a code that a telephone reads."""
    read_parameters()
    entry = _reachable(entry_id)
    mark = _marked("qr", f"entry {entry.id}", [entry])
    return _sent(
        code_svg(_code(entry, mark)).encode(), "image/svg+xml", f"{entry.id}.svg", "inline"
    )


@blueprint.get("/entries/<entry_id>/sheet")
@needs("entries:read")
def sheet(entry_id: str) -> Response:
    """The entry on paper."""
    paper = read_parameters(SheetAsked)["paper"]
    entry = entry_to_export(actor(), reading(), entry_id, now().date())
    mark = _marked("pdf", f"entry {entry.id}", [entry])
    held = _code(entry, mark) if has_card(entry.record) else ""
    made = set_sheet(entry_sheet(entry, mark, paper), held)
    return _sent(made, "application/pdf", f"{entry.id}-{paper.value}.pdf")


@blueprint.get("/states/<code>/sheet")
@needs("entries:read")
def sheet_of_state(code: str) -> Response:
    """All entries of a State on paper."""
    paper = read_parameters(SheetAsked)["paper"]
    state = get_state(book(), code).code
    wanted = ExportFilters(states=(state,))
    listed = listed_to_export(actor(), reading(), wanted, now().date())
    if not listed:
        raise NotFound("entries", state)
    mark = _marked("pdf", f"entries of {state}", listed)
    made = set_sheet(state_sheet(state, _entries(wanted, listed), mark, paper))
    return _sent(made, "application/pdf", f"{state}-{paper.value}.pdf")


@blueprint.get("/search/take-away.<any(csv, xlsx, json, vcf):form>")
@needs("entries:read")
def file(form: str) -> Response:
    """The entries that a search or its filters find, as a file."""
    asked = read_parameters(SearchPageAsked, search_codes())
    given = {name: asked[name] for name in FILTERS if name in asked}
    if not given:
        problem = Problem(
            "", N_("The whole directory is no file; choose a State or a filter first.")
        )
        raise Invalid([problem])
    wanted = _filters(given)
    listed = listed_to_export(actor(), reading(), wanted, now().date())
    subject = " ".join(f"{name}={value}" for name, value in given.items() if name != "q")
    mark = _marked(form, f"list {subject}".strip(), listed)
    name = f"directory-{now():%Y-%m-%d}.{form}"
    entries = _entries(wanted, listed)
    if form == CARDS:
        return _streamed(lambda out: _write_cards(out, entries, mark), MEDIA_TYPE, name)
    kinds = tuple(kind for kind in EntryKind if kind in {one.kind for one in listed})
    chosen = Form(form)
    return _streamed(
        lambda out: write_export(out, chosen, entries, kinds, mark, gettext),
        MEDIA_TYPES[chosen],
        name,
    )


def _filters(given: dict[str, Any]) -> ExportFilters:
    ids = None
    if "q" in given:
        question = SearchQuestion(
            text=given["q"],
            state=given.get("state", ""),
            type=given.get("type"),
            kind=given.get("kind"),
            instrument=given.get("instrument", ""),
            limit=MOST_FOUND,
        )
        found = search(actor(), reading(), parts().index, question, now().date())
        ids = tuple(one.id for one in found.items if one.kind != "state")
    return ExportFilters(
        states=(given["state"],) if "state" in given else (),
        kinds=(given["kind"],) if "kind" in given else (),
        type=given.get("type"),
        instrument=given.get("instrument", ""),
        ids=ids,
    )


def _reachable(entry_id: str) -> ExportedEntry:
    entry = entry_to_export(actor(), reading(), entry_id, now().date())
    if not has_card(entry.record):
        raise NotFound("card", entry_id)
    return entry


def _code(entry: ExportedEntry, mark: Mark) -> str:
    return short_card(entry, code_words(entry, mark), i18n.language(), MOST_OCTETS)


def _entries(wanted: ExportFilters, listed: Iterable[Listed]) -> Iterable[ExportedEntry]:
    """Those that were written down, and no other that came since."""
    ids = {one.id for one in listed}
    found = entries_to_export(actor(), reading(), wanted, now().date())
    return (one for one in found if one.id in ids)


def _marked(form: str, subject: str, taken: Iterable[Listed | ExportedEntry]) -> Mark:
    listed = list(taken)
    is_urgent = len(listed) == 1 and listed[0].kind is EntryKind.CONTACT_POINT
    seen = [Seen(one.id, one.state) for one in listed]
    serial = takes_away(form, subject, seen, urgent=is_urgent)
    return export_mark(actor(), reading(), now(), serial)


def _write_cards(out: IO[bytes], entries: Iterable[ExportedEntry], mark: Mark) -> None:
    for entry in entries:
        if has_card(entry.record):
            words = card_words(entry, mark)
            out.write(write_card(entry, Version.V4, words, i18n.language()).encode())


def _streamed(write: Callable[[IO[bytes]], None], media_type: str, name: str) -> Response:
    """A file that is made on disk and sent in pieces, so that no length of it fills the memory."""
    made = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the answer is sent)
    try:
        write(made)
    except BaseException:
        made.close()
        raise
    size = made.tell()
    made.seek(0)
    response = _sent(_pieces(made), media_type, name)
    response.content_length = size
    # Also when nobody reads to the end.
    response.call_on_close(made.close)
    return response


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while piece := made.read(PIECE):
            yield piece


def _sent(
    content: bytes | Iterable[bytes], media_type: str, name: str, shown: str = "attachment"
) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'{shown}; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
