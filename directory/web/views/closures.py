"""A focal point announces on which days the State's offices are closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.closures import ClosureStatus
from directory.domain.marks import N_
from directory.errors import Invalid, InvalidState, NotFound, Problem
from directory.queries.closures import own_closures
from directory.services.acting import Act, attempt
from directory.services.closures import (
    ANNOUNCE,
    ClosureForm,
    announce_closure,
    withdraw_closure,
)
from directory.services.workflow import Workflow, workflow
from directory.web.access import needs
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.parameters import read_day, read_parameters
from directory.web.presentation import problem_lines, problem_text, problems_text

blueprint = Blueprint("closures", __name__)

#: Where days stand after the State's act -> what is said of it.
_DONE = {
    ClosureStatus.WAITING: N_("Announced. It counts once an officer has accepted it."),
    ClosureStatus.UNREVIEWED: N_("Announced. It counts at once, marked as not yet reviewed."),
    ClosureStatus.LEAVING: N_("An officer looks at it first; until then these days count."),
    ClosureStatus.LEFT_UNREVIEWED: N_("Withdrawn at once; an officer looks at it later."),
    ClosureStatus.WITHDRAWN: N_("Withdrawn."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def rules() -> Workflow:
    """What the secretariat has set."""
    return workflow(parts().settings)


@blueprint.get("/desk/closures")
@needs(ANNOUNCE)
def show() -> ResponseReturnValue:
    """The closures to come, and the form of a further one."""
    read_parameters()
    return page(Typed(), 200)


def page(typed: Typed, status: int) -> ResponseReturnValue:
    """The page, also after one was refused."""
    if not actor().state:
        raise NotFound("state", "")
    shown = render_template(
        "desk/closures.html",
        closures=own_closures(actor(), reading(), now().date()),
        typed=typed,
        problems={one.path: problem_text(one) for one in typed.problems},
        lines=problem_lines(typed.problems),
        at_once=rules().descriptive_at_once,
    )
    return make_response(shown, status)


@blueprint.post("/desk/closures")
@needs(ANNOUNCE)
def announce() -> ResponseReturnValue:
    """Announce a closure; it waits for an officer, or counts at once where the setting says so."""
    try:
        form = read_form(request.form)
        status = attempt(
            parts().unit_of_work,
            actor(),
            Act("closure.announce", "state", actor().state),
            now(),
            lambda uow: announce_closure(uow, actor(), form, now(), rules()),
        )
    except Invalid as error:
        close_reading()
        return page(Typed(request.form, error.problems), 422)
    flash(gettext(_DONE[status]))
    return redirect(url_for(".show"), 303)


def read_form(form: Mapping[str, str]) -> ClosureForm:
    """The form; an empty last day is the first. Raises ``Invalid``."""
    problems: list[Problem] = []
    first = read_day(form, "first", problems)
    last = read_day(form, "last", problems) if form.get("last", "").strip() else first
    if first is None or last is None:
        raise Invalid(problems)
    return ClosureForm(first=first, last=last, note=form.get("note", ""))


@blueprint.post("/desk/closures/<int:number>/withdraw")
@needs(ANNOUNCE)
def withdraw(number: int) -> ResponseReturnValue:
    """Withdraw a closure."""
    try:
        status = attempt(
            parts().unit_of_work,
            actor(),
            Act("closure.withdraw", "state", actor().state),
            now(),
            lambda uow: withdraw_closure(uow, actor(), number, now(), rules()),
        )
    except InvalidState as error:
        flash(problems_text(error.reasons), "error")
        return redirect(url_for(".show"), 303)
    flash(gettext(_DONE[status]))
    return redirect(url_for(".show"), 303)
