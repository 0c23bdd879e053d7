"""The past of an entry: its time line, two revisions side by side, the entry as of a day."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from marshmallow import fields

from directory.domain.conflicts import conflicts
from directory.domain.extracts import Checked, check_extract
from directory.domain.looking import Seen, Way
from directory.domain.marks import N_
from directory.domain.record import cooperation_types
from directory.domain.validity import is_valid
from directory.errors import Invalid, Problem
from directory.exchange.extract import answer_extract, entry_extract
from directory.exchange.extract_pdf import set_extract
from directory.queries.as_of import get_entry_as_of
from directory.queries.counterparts import answer
from directory.queries.history import compare, get_history
from directory.schemas.fields import Count, Day, Known
from directory.schemas.history import MOST
from directory.schemas.questions import AS_KNOWN, Question
from directory.services.checkpoints import known_keys, signer
from directory.web.access import needs
from directory.web.context import actor, now, parts, reading
from directory.web.extract_sheet import answer_sheet, entry_sheet
from directory.web.finder_form import read_question
from directory.web.looking import looked_at, looked_at_answer, seen_in, taken_away
from directory.web.parameters import FinderAsked, read_day, read_parameters
from directory.web.presentation import book

blueprint = Blueprint("history", __name__)

Plain = dict[str, Any]
FORMATS = ("pdf", "json")


class HistoryPageAsked(Question):
    """A page of the time line, or two revisions to compare."""

    before = Count(MOST, description="Go on below this revision.")
    locals()["from"] = Count(MOST, description="The earlier revision.")
    to = Count(MOST, description="The later revision.")
    lang = fields.String()


class AsOfAsked(Question):
    """By what was known."""

    as_known = Known(description=AS_KNOWN)
    lang = fields.String()


class ExtractAsked(Question):
    """Which day an extract is about, and its form."""

    as_of = Day(description="The day; today by default.")
    as_known = Known(description=AS_KNOWN)
    format = fields.String(load_default="pdf")
    lang = fields.String()


class AnswerExtractAsked(FinderAsked):
    """The finder's question, and the form of the extract."""

    format = fields.String(load_default="pdf")


@blueprint.get("/entries/<entry_id>/history")
@needs("entries:read")
def show(entry_id: str) -> str:
    """What changed, when, why, verified how; the newest first."""
    asked, today = read_parameters(HistoryPageAsked), now().date()
    if "from" in asked or "to" in asked:
        return _compared(entry_id, asked, today)
    view = get_history(actor(), reading(), book(), entry_id, today, before=asked.get("before"))
    looked_at(Way.HISTORY, view.head)
    return render_template("history/line.html", view=view, head=view.head, record=view.record)


def _compared(entry_id: str, asked: Plain, today: dt.date) -> str:
    if not {"from", "to"} <= asked.keys():
        raise Invalid([Problem("from", N_("choose two revisions"))])
    view = compare(actor(), reading(), book(), entry_id, asked["from"], asked["to"], today)
    looked_at(Way.HISTORY, view.head)
    return render_template("history/compared.html", view=view, head=view.head, record=view.record)


@blueprint.get("/entries/<entry_id>/as-of/<date>")
@needs("entries:read")
def show_as_of(entry_id: str, date: str) -> str:
    """The entry as it stood on a day."""
    asked, on, today = read_parameters(AsOfAsked), _day(date), now().date()
    view = get_entry_as_of(actor(), reading(), entry_id, on, asked.get("as_known"), today)
    looked_at(Way.HISTORY, view.head)
    designations = getattr(view.record, "designations", ())
    return render_template(
        "history/as_of.html",
        view=view,
        head=view.head,
        record=view.record,
        types=cooperation_types(view.record),
        sources={source.key: source for source in view.record.sources},
        current=[one for one in designations if is_valid(one, on)],
        ended=[one for one in designations if not is_valid(one, on)],
        conflicts=conflicts(view.record),
        is_past=True,
    )


def _day(text: str) -> dt.date:
    """The day of an address; raises ``Invalid`` with the form it takes for what is none."""
    problems: list[Problem] = []
    day = read_day({"date": text}, "date", problems)
    if day is None:
        raise Invalid(problems)
    return day


@blueprint.get("/entries/<entry_id>/extract")
@needs("entries:read")
def extract(entry_id: str) -> ResponseReturnValue:
    """A sealed extract of the entry as of a day, as PDF or JSON."""
    asked, today = read_parameters(ExtractAsked), now().date()
    _refuse_format(asked["format"])
    on, known = asked.get("as_of", today), asked.get("as_known")
    view = get_entry_as_of(actor(), reading(), entry_id, on, known, today)
    looked_at(Way.EXTRACT, view.head)
    seen = [Seen(entry_id, view.head.state)]
    serial = taken_away(Way.EXTRACT, asked["format"], f"entry {entry_id}", seen)
    made = entry_extract(actor(), reading(), view, signer(parts().settings), now(), serial)
    return _sent(made, asked["format"], f"{entry_id}-{on.isoformat()}", entry_sheet)


@blueprint.get("/counterpart/extract")
@needs("counterparts:ask")
def extract_answer() -> ResponseReturnValue:
    """A sealed extract of the finder's answer, as PDF or JSON."""
    asked = read_parameters(AnswerExtractAsked)
    _refuse_format(asked["format"])
    question, known = read_question(asked), asked.get("as_known")
    found = answer(actor(), reading(), question, now().date(), known)
    looked_at_answer(Way.EXTRACT, found)
    signing = signer(parts().settings)
    pair = f"{question.requesting}-{question.requested}-{question.cooperation_type}"
    serial = taken_away(Way.EXTRACT, asked["format"], f"answer {pair}", seen_in(found))
    made = answer_extract(actor(), reading(), found, known, signing, now(), serial)

    def make_sheet(whole: Plain, checked: Checked) -> Plain:
        return answer_sheet(whole, checked, found)

    return _sent(made, asked["format"], f"{pair}-{question.on.isoformat()}", make_sheet)


def _refuse_format(form: str) -> None:
    if form not in FORMATS:
        problem = Problem("format", N_("give one of: %(allowed)s"), {"allowed": ", ".join(FORMATS)})
        raise Invalid([problem])


def _sent(
    made: Plain, form: str, name: str, make_sheet: Callable[[Plain, Checked], Plain]
) -> Response:
    """The file to keep; what is sealed is checked once more before it leaves."""
    text = json.dumps(made, ensure_ascii=False)
    # Through JSON, as whoever checks it will read it.
    whole: Plain = json.loads(text)
    checked = check_extract(whole, known_keys(parts().settings))
    if form == "json":
        response = Response(text, mimetype="application/json")
    else:
        printed = set_extract(make_sheet(whole, checked), text)
        response = Response(printed, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="extract-{name}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
