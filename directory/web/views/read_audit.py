"""Who looked at what: auditors see all of it, a State its own accounts; files, and alerts."""

import csv
import datetime as dt
import io
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext
from marshmallow import fields

from directory.domain.looking import Way
from directory.domain.marks import N_
from directory.domain.scraping import Pattern
from directory.errors import Invalid, Problem
from directory.exchange.csv_reading import guarded
from directory.exchange.export import FOR_NOBODY_ELSE, Mark
from directory.policy import can
from directory.queries.read_audit import (
    LookUpFilters,
    LookUpView,
    all_look_ups,
    list_alerts,
    list_exports,
    list_look_ups,
    look_ups_of_own_entries,
)
from directory.schemas.fields import Count, Day, StateCode, Word, Words
from directory.schemas.questions import Question
from directory.web.access import needs
from directory.web.choices import state_choices
from directory.web.context import actor, now, reading
from directory.web.links import url_with
from directory.web.looking import read_audit, taken_away
from directory.web.parameters import read_parameters
from directory.web.presentation import ProblemLine, problem_lines

blueprint = Blueprint("read_audit", __name__)

#: Rows on one page.
PAGE = 50
#: Above every number of a row.
MOST_ROWS = 2_000_000_000
#: What counts per entry look back on.
LOOK_BACK = dt.timedelta(days=30)

_ = lazy_gettext
WAYS: dict[Way, LazyString] = {
    Way.PAGE: _("Page of the entry"),
    Way.API: _("Entry, by a program"),
    Way.FINDER: _("Counterpart finder"),
    Way.SEARCH: _("Search (names only)"),
    Way.EXPORT: _("File of entries"),
    Way.EXTRACT: _("Sealed extract"),
    Way.HISTORY: _("History"),
    Way.DESK: _("Form or proposal"),
    Way.BREAK_GLASS: _("Restricted numbers, with a reason"),
}
PATTERNS: dict[Pattern, LazyString] = {
    Pattern.ENTRIES_IN_ORDER: _("Entries one after the other, in the order of identifiers"),
    Pattern.STATES_IN_ORDER: _("States one after the other, in the order of codes"),
    Pattern.BREADTH: _("Very many States in a day"),
    Pattern.RATE: _("More in an hour than is usual"),
    Pattern.SHARED: _("The same entries by several accounts of one State"),
    Pattern.QUOTA: _("The look-ups of the day are used up"),
    Pattern.BEYOND_QUOTA: _("Urgent look-ups beyond the quota of the day"),
}


class LookUpsAsked(Question):
    """Which look-ups to show."""

    since = Day(description="First day.")
    until = Day(description="Last day.")
    email = Words(description="E-mail of the account that looked.")
    state = StateCode(description="State of that account.")
    way = Word(Way, description="By which way.")
    entry = Words(description="Identifier of the entry.")
    entry_state = StateCode(description="State of the entry.")
    beyond = fields.String()
    before = Count(MOST_ROWS, description="Only rows with smaller numbers.")
    lang = fields.String()


class ExportsAsked(Question):
    """The file with a serial number."""

    serial = Words(description="The number printed in the file.")
    lang = fields.String()


@blueprint.record_once
def add_filters(state: BlueprintSetupState) -> None:
    """Let templates say what ways and patterns are called."""
    state.app.jinja_env.filters["way_name"] = WAYS.__getitem__
    state.app.jinja_env.filters["pattern_name"] = PATTERNS.__getitem__


@blueprint.get("/read-audit")
@needs("audit:read")
def show() -> ResponseReturnValue:
    """Look-ups, the newest first, with filters; what does not fit is named beside the form."""
    problems: list[ProblemLine] = []
    rows: list[LookUpView] = []
    status = 200
    # What this process has not written yet belongs on the page, too.
    read_audit().flush()
    try:
        rows = list_look_ups(actor(), reading(), read_filters(), PAGE + 1)
    except Invalid as error:
        problems, status = problem_lines(error.problems), 422
    page = render_template(
        "read_audit/list.html",
        rows=rows[:PAGE],
        older=url_with(before=rows[PAGE - 1].id) if len(rows) > PAGE else "",
        newest=url_with(before=None) if "before" in request.args else "",
        file=url_for("read_audit.export", **_kept()),
        typed=request.args,
        problems={one.path: one.text for one in problems},
        lines=problems,
        ways=[(way.value, str(text)) for way, text in WAYS.items()],
        state_choices=state_choices(),
        sees_all=can(actor(), "audit:alerts"),
    )
    return make_response(page, status)


def _kept() -> dict[str, Any]:
    return {name: text for name, text in request.args.items() if text and name != "before"}


def read_filters() -> LookUpFilters:
    """The filters of the form; raises ``Invalid``."""
    asked = read_parameters(LookUpsAsked)
    since, until = asked.get("since"), asked.get("until")
    if since and until and until < since:
        raise Invalid([Problem("until", N_("The last day lies before the first."))])
    return LookUpFilters(
        since=_midnight(since),
        until=_midnight(until + dt.timedelta(days=1)) if until else None,
        email=asked.get("email", ""),
        state=asked.get("state", ""),
        way=asked.get("way"),
        entry=asked.get("entry", ""),
        entry_state=asked.get("entry_state", ""),
        beyond=bool(asked.get("beyond")),
        before=asked.get("before"),
    )


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) if day else None


@blueprint.get("/read-audit/export.csv")
@needs("audit:read")
def export() -> Response:
    """The same look-ups as a file, marked as every file is."""
    filters = read_filters()
    read_audit().flush()
    serial = taken_away(Way.EXPORT, "csv", "look-ups", [])
    mark = Mark(recipient=actor().name, at=now(), serial=serial)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([f"# {mark.text(gettext, FOR_NOBODY_ELSE)}"])
    writer.writerow(["at", "account", "account_state", "way", "program", "entry", "entry_state"])
    for one in all_look_ups(actor(), reading(), filters):
        cells = (one.at.isoformat(), one.email, one.state, one.way.value, str(one.program).lower())
        writer.writerow([guarded(cell) for cell in (*cells, one.entry, one.entry_state)])
    response = Response(out.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="look-ups-{now():%Y-%m-%d}.csv"'
    )
    return response


@blueprint.get("/read-audit/exports")
@needs("audit:read")
def exports() -> str:
    """Files that were taken away; one is found by the serial number printed in it."""
    serial = read_parameters(ExportsAsked).get("serial", "")
    found = list_exports(actor(), reading(), serial, PAGE)
    return render_template(
        "read_audit/exports.html",
        rows=found,
        serial=serial,
        sees_all=can(actor(), "audit:alerts"),
    )


@blueprint.get("/read-audit/alerts")
@needs("audit:alerts")
def alerts() -> str:
    """Patterns of copying that were found."""
    read_parameters()
    return render_template(
        "read_audit/alerts.html", rows=list_alerts(actor(), reading(), PAGE), sees_all=True
    )


@blueprint.get("/desk/look-ups")
@needs("proposals:propose")
def of_own_entries() -> str:
    """How often others looked at each of the own State's entries."""
    read_parameters()
    read_audit().flush()
    rows = look_ups_of_own_entries(actor(), reading(), now() - LOOK_BACK)
    return render_template(
        "read_audit/own_entries.html",
        rows=rows,
        most=max((one.views for one in rows), default=0),
        days=LOOK_BACK.days,
    )
