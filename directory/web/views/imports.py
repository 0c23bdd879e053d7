"""Files of entries at the desk: templates and exports out, uploads in, every difference shown."""

import base64
import binascii
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from directory.domain.looking import Seen, Way
from directory.domain.marks import N_
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, InvalidState, NotFound, Problem
from directory.exchange.export import ExportedEntry, Mark, exported
from directory.exchange.forms import MEDIA_TYPES, Form
from directory.exchange.reading import read_entries
from directory.exchange.sheets import LARGEST_FILE, Fault, FileRefused, refuse
from directory.exchange.template import template_bytes
from directory.queries.exports import ExportFilters, entries_to_export, export_mark
from directory.queries.template_codes import template_codes
from directory.services.acting import Act, attempt
from directory.services.imports import ImportPlan, import_entries, plan_import
from directory.services.workflow import workflow
from directory.web.access import LARGEST_FORM, needs, takes_files
from directory.web.context import actor, now, parts, reading
from directory.web.looking import taken_away
from directory.web.parameters import read_parameters
from directory.web.presentation import book, problem_text

blueprint = Blueprint("imports", __name__)

#: What a kept file may take in the form that asks to confirm, beside the other fields.
_LARGEST_KEPT = LARGEST_FORM - 64 * 1024
_NAME_SHOWN = 120


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault of a file in the language of the page."""

    sheet: str
    row: int
    column: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file was not taken."""

    file_name: str
    lines: list[FaultLine]
    more: int


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that can be imported, and what the page needs to ask whether it shall be."""

    file_name: str
    kept: str
    plan: ImportPlan
    reason: str = ""
    problems: tuple[str, ...] = ()


@blueprint.get("/desk/import")
@needs("proposals:propose")
def show() -> str:
    """Where files come from and go to."""
    read_parameters()
    return _page()


def _page(refusal: Refusal | None = None) -> str:
    return render_template("imports/import.html", kinds=list(EntryKind), refusal=refusal)


@blueprint.post("/desk/import")
@takes_files
@needs("proposals:propose")
def look() -> ResponseReturnValue:
    """Read the uploaded file and show every difference; nothing is made."""
    file = request.files.get("file")
    name = (file.filename or "") if file else ""
    try:
        if file is None or not name:
            raise refuse(N_("Choose a file first."))
        with file.stream:
            content = file.read(LARGEST_FILE + 1)
        return _differences(name, content)
    except FileRefused as refused:
        return _page(_refusal(name, refused)), 422


def _differences(name: str, content: bytes, reason: str = "", *problems: str) -> str:
    plan = plan_import(actor(), reading(), read_entries(name, content))
    looked = Looked(name[-_NAME_SHOWN:], _kept(content), plan, reason, problems)
    return render_template("imports/differences.html", looked=looked)


@blueprint.post("/desk/import/confirm")
@takes_files
@needs("proposals:propose")
def confirm() -> ResponseReturnValue:
    """Make the proposals that were looked at, all or none."""
    name, reason = request.form.get("name", ""), request.form.get("reason", "")
    try:
        content = _given_back(request.form.get("kept", ""))
        return _made(name, content, reason)
    except FileRefused as refused:
        return _page(_refusal(name, refused)), 422


def _made(name: str, content: bytes, reason: str) -> ResponseReturnValue:
    entries, at = read_entries(name, content), now()
    agreed = request.form.get("agreed", "") or "nothing"
    settings = workflow(parts().settings)
    act = Act("import.make", "import", name[-_NAME_SHOWN:])
    try:
        report = attempt(
            parts().unit_of_work,
            actor(),
            act,
            at,
            lambda uow: import_entries(uow, actor(), entries, at, reason, settings, agreed=agreed),
        )
    except FileRefused:
        raise
    except (Invalid, InvalidState) as error:
        found = error.problems if isinstance(error, Invalid) else error.reasons
        status = 422 if isinstance(error, Invalid) else 409
        return _differences(name, content, reason, *map(problem_text, found)), status
    made = len(report.proposals)
    flash(
        ngettext(
            "%(num)s proposal is made and submitted.",
            "%(num)s proposals are made and submitted.",
            made,
        )
    )
    return redirect(url_for("desk.show"))


def _kept(content: bytes) -> str:
    kept = base64.b64encode(zlib.compress(content, 6)).decode()
    if len(kept) > _LARGEST_KEPT:
        raise refuse(N_("The file is too large to be looked at here; import it in pieces."))
    return kept


def _given_back(kept: str) -> bytes:
    """The file out of the form; raises ``FileRefused`` where it is not what was put there."""
    lost = refuse(N_("The file is no longer there; upload it again."))
    try:
        packed = base64.b64decode(kept, validate=True)
        content = zlib.decompressobj().decompress(packed, LARGEST_FILE + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise lost from None
    if not content:
        raise lost
    return content


def _refusal(name: str, refused: FileRefused) -> Refusal:
    return Refusal(name[-_NAME_SHOWN:], list(_lines(refused.faults)), refused.more)


def _lines(faults: Iterable[Fault]) -> Iterable[FaultLine]:
    for one in faults:
        place = one.place
        text = problem_text(Problem("", one.message, one.params))
        yield FaultLine(place.sheet, place.row, place.column, one.heading, text)


@blueprint.get("/desk/import/template/<kind>.xlsx")
@needs("proposals:propose")
def template(kind: str) -> Response:
    """An empty workbook for entries of that kind."""
    return _template(kind, filled=False)


@blueprint.get("/desk/import/template/<kind>-filled.xlsx")
@needs("proposals:propose")
def filled_template(kind: str) -> Response:
    """The same with the entries that the State has."""
    return _template(kind, filled=True)


def _template(kind: str, *, filled: bool) -> Response:
    read_parameters()
    if kind not in set(EntryKind):
        raise NotFound("template", kind)
    chosen = EntryKind(kind)
    entries = []
    if filled:
        wanted = ExportFilters(states=(actor().state,), kinds=(chosen,))
        entries = list(entries_to_export(actor(), reading(), wanted, now().date()))
    mark = _mark(Form.XLSX, f"template {kind}", entries)
    content = template_bytes(chosen, template_codes(book()), mark, entries, gettext)
    return _file(content, Form.XLSX, f"{kind}.xlsx")


@blueprint.get("/desk/export.<form>")
@needs("proposals:propose")
def export(form: str) -> Response:
    """The State's entries as a file that can be imported again."""
    read_parameters()
    if form not in set(Form):
        raise NotFound("form", form)
    wanted = ExportFilters(states=(actor().state or "-",))
    entries = tuple(entries_to_export(actor(), reading(), wanted, now().date()))
    mark = _mark(Form(form), f"entries of {actor().state}", entries)
    content = exported(Form(form), entries, mark, gettext)
    return _file(content, Form(form), f"directory-{actor().state}-{now():%Y-%m-%d}.{form}")


def _mark(form: Form, subject: str, entries: Iterable[ExportedEntry]) -> Mark:
    """The mark of a file, under a serial number of its own."""
    seen = [Seen(one.id, one.state) for one in entries]
    serial = taken_away(Way.EXPORT, form.value, subject, seen)
    return export_mark(actor(), reading(), now(), serial)


def _file(content: bytes, form: Form, name: str) -> Response:
    response = Response(content, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
