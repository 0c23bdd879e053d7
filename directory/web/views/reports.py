"""'It did not work': what a reader met at an entry."""

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.lifecycle import ReportKind
from directory.domain.marks import N_
from directory.errors import Invalid, InvalidState, Problem, ReportsUsedUp
from directory.queries.reports import report_statistics
from directory.services.acting import Act, attempt
from directory.services.reports import ReportForm, report
from directory.web.access import needs
from directory.web.context import actor, now, parts, reading
from directory.web.errors import seconds_until
from directory.web.parameters import read_parameters
from directory.web.views.entries import ReportTyped, page

blueprint = Blueprint("reports", __name__)


#: What the statistics look back on.
LOOK_BACK = dt.timedelta(days=365)


@blueprint.get("/reviews/reports")
@needs("reviews:read")
def of_all() -> str:
    """How many reports there were in a year, of each kind and State, and how long answers took."""
    return statistics(gettext("Reviews"), url_for("reviews.queue"))


@blueprint.get("/desk/reports")
@needs("proposals:propose")
def of_own_state() -> str:
    """The same of the actor's own State."""
    return statistics(gettext("Desk"), url_for("desk.show"))


def statistics(above: str, address: str) -> str:
    """The page; ``above`` is the page it belongs to, at that address."""
    read_parameters()
    found = report_statistics(actor(), reading(), now() - LOOK_BACK)
    return render_template("reports.html", found=found, above=(above, address))


@blueprint.post("/entries/<entry_id>/reports")
@needs("reports:make")
def make(entry_id: str) -> ResponseReturnValue:
    """Keep a report; what was typed comes back when it does not fit."""
    typed = ReportTyped(
        channel=request.form.get("channel", ""),
        note=request.form.get("note", "").replace("\r\n", "\n"),
    )
    try:
        form = read_form(typed)
        attempt(
            parts().unit_of_work,
            actor(),
            Act("report.make", "entry", entry_id),
            now(),
            lambda uow: report(uow, actor(), entry_id, form, now(), parts().settings.reports_daily),
        )
    except Invalid as error:
        return page(entry_id, typed, error.problems), 422
    except InvalidState as error:
        return page(entry_id, typed, error.reasons), 409
    except ReportsUsedUp as error:
        again = {"Retry-After": str(seconds_until(error.again_at))}
        return page(entry_id, typed, (error.reason,)), 429, again
    flash(gettext("Thank you. The State and the secretariat are told."), "success")
    return redirect(url_for("entries.show", entry_id=entry_id), 303)


def read_form(typed: ReportTyped) -> ReportForm:
    """The report that was sent; raises ``Invalid`` when no button for a kind was pressed."""
    kind = request.form.get("kind", "")
    if kind not in set(ReportKind):
        raise Invalid([Problem("kind", N_("Choose what did not work."))])
    return ReportForm(kind=ReportKind(kind), channel=typed.channel, note=typed.note)
