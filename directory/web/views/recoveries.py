"""Recovery: two officers make sure anew of somebody who lost every way in."""

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.errors import Invalid, InvalidState, Problem
from directory.queries.recovery import list_recoveries
from directory.services.acting import Act, attempt
from directory.services.recovery import (
    LONGEST_PROOF,
    SHORTEST_PROOF,
    approve_recovery,
    open_recovery,
    refuse_recovery,
)
from directory.web.access import fresh, needs
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.parameters import read_parameters
from directory.web.presentation import problem_lines

blueprint = Blueprint("recoveries", __name__)

PROVE = "recovery:prove"


@blueprint.get("/accounts/recoveries")
@needs(PROVE)
def show() -> str:
    """What waits for a second officer, and the form of a new one."""
    read_parameters()
    return page()


def page(
    problems: tuple[Problem, ...] = (), typed: Mapping[str, str] | None = None, link: str = ""
) -> str:
    """The page: after a refusal with what was typed, after an approval with the link."""
    close_reading()
    return render_template(
        "account/recoveries.html",
        recoveries=list_recoveries(actor(), reading()),
        now=now(),
        problems=problem_lines(problems),
        typed=typed or {},
        link=link,
        least=SHORTEST_PROOF,
        most=LONGEST_PROOF,
    )


def refused(error: Invalid | InvalidState) -> ResponseReturnValue:
    """The page with what was wrong and what was typed."""
    is_invalid = isinstance(error, Invalid)
    problems = error.problems if isinstance(error, Invalid) else error.reasons
    return make_response(page(problems, request.form), 422 if is_invalid else 409)


@blueprint.post("/accounts/recoveries")
@needs(PROVE)
@fresh
def begin() -> ResponseReturnValue:
    """The first officer has made sure."""
    form = request.form
    email, proof = form.get("email", ""), form.get("proof", "")
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            Act("account.recovery_open", "account", "recovery"),
            now(),
            lambda uow: open_recovery(uow, actor(), email, proof, now()),
        )
    except (Invalid, InvalidState) as error:
        return refused(error)
    flash(gettext("Opened. Another officer must make sure again, by another way."))
    return redirect(url_for(".show"), 303)


@blueprint.post("/accounts/recoveries/<int:number>/approve")
@needs(PROVE)
@fresh
def approve(number: int) -> ResponseReturnValue:
    """The second officer has made sure: show the new link this once."""
    proof = request.form.get("proof", "")
    try:
        secret = attempt(
            parts().unit_of_work,
            actor(),
            Act("account.recovery_approve", "account", f"recovery {number}"),
            now(),
            lambda uow: approve_recovery(uow, actor(), number, proof, now()),
        )
    except (Invalid, InvalidState) as error:
        return refused(error)
    return page(link=url_for("invitation.accept", secret=secret, _external=True))


@blueprint.post("/accounts/recoveries/<int:number>/refuse")
@needs(PROVE)
def refuse(number: int) -> ResponseReturnValue:
    """Close it; nobody is let in. Needs no factor: it only closes."""
    reason = request.form.get("proof", "")
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            Act("account.recovery_refuse", "account", f"recovery {number}"),
            now(),
            lambda uow: refuse_recovery(uow, actor(), number, reason, now()),
        )
    except (Invalid, InvalidState) as error:
        return refused(error)
    flash(gettext("Refused. The account stays as it was."))
    return redirect(url_for(".show"), 303)
