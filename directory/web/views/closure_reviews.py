"""Officers look at the closed days that States announced, and say yes or no with a reason."""

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.db.unit_of_work import UnitOfWork
from directory.domain.closures import IN_EFFECT, ClosureStatus
from directory.domain.marks import N_
from directory.errors import Denied, Invalid, InvalidState, Problem
from directory.policy import can
from directory.queries.closures import waiting_closures
from directory.services.acting import Act, attempt
from directory.services.closure_reviews import REVIEW, accept_closure, refuse_closure
from directory.web.access import fresh, needs
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.parameters import read_parameters
from directory.web.views.review_acts import VERSION_LOST, refused_by
from directory.web.views.reviews import Refused

blueprint = Blueprint("closure_reviews", __name__)

#: What was decided -> what is said of it where the days count afterwards, and where they do not.
_DONE = {
    "accept": (
        N_("Accepted: these days count, and the State is told."),
        N_("Accepted: these days are taken back, and the State is told."),
    ),
    "refuse": (
        N_("Refused: these days go on counting, and the State is told why."),
        N_("Refused: these days do not count, and the State is told why."),
    ),
}


@blueprint.get("/reviews/closures")
@needs("reviews:read")
def show() -> ResponseReturnValue:
    """What waits, each with its two forms."""
    read_parameters()
    return page(Refused())


def page(refused: Refused, number: int = 0) -> ResponseReturnValue:
    """The list, also after an act on one of them was refused."""
    shown = render_template(
        "reviews/closures.html",
        closures=waiting_closures(actor(), reading(), now().date()),
        refused=refused,
        number=number,
        now=now(),
        officer=can(actor(), REVIEW),
    )
    return make_response(shown, refused.status)


@blueprint.post("/reviews/closures/<int:number>/<any(accept, refuse):act>")
@needs(REVIEW)
@fresh
def decide(number: int, act: str) -> ResponseReturnValue:
    """Say yes or no; either way other days may count afterwards than before."""
    try:
        seen = read_status(request.form)
        text = request.form.get("text", "")
        status = attempt(
            parts().unit_of_work,
            actor(),
            Act(f"closure.{'accept' if act == 'accept' else 'reject'}", "closure", str(number)),
            now(),
            lambda uow: _decide(uow, act, number, seen, text),
        )
    except (Invalid, Denied, InvalidState) as error:
        close_reading()
        return page(refused_by(error, act, request.form), number)
    counts, counts_not = _DONE[act]
    flash(gettext(counts if status in IN_EFFECT else counts_not))
    return redirect(url_for(".show"), 303)


def _decide(
    uow: UnitOfWork, act: str, number: int, seen: ClosureStatus, text: str
) -> ClosureStatus:
    if act == "accept":
        return accept_closure(uow, actor(), number, seen, now())
    return refuse_closure(uow, actor(), number, seen, text, now())


def read_status(form: Mapping[str, str]) -> ClosureStatus:
    """Where the days stood when they were looked at; raises ``Invalid``."""
    typed = form.get("seen", "")
    if typed not in set(ClosureStatus):
        raise Invalid([Problem("", VERSION_LOST)])
    return ClosureStatus(typed)
