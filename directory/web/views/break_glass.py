"""What an entry keeps behind glass: the reason is asked for first, then it is shown for a while."""

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.domain.looking import Seen, Way
from directory.errors import Invalid
from directory.queries.break_glass import look_behind_glass
from directory.services.acting import Act, attempt
from directory.services.break_glass import LONGEST_REASON, open_glass
from directory.web.access import needs
from directory.web.context import actor, now, parts, reading
from directory.web.looking import looked
from directory.web.parameters import read_parameters
from directory.web.presentation import ProblemLine, problem_lines

blueprint = Blueprint("break_glass", __name__)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, and what is wrong with it."""

    reason: str = ""
    problems: tuple[ProblemLine, ...] = ()


@blueprint.get("/entries/<entry_id>/break-glass")
@needs("glass:break")
def show(entry_id: str) -> ResponseReturnValue:
    """The lines while they are open to this person, else the form that asks why."""
    read_parameters()
    return page(entry_id, Typed())


def page(entry_id: str, typed: Typed, status: int = 200) -> ResponseReturnValue:
    """The page; a browser loads it again when the time is over."""
    view = look_behind_glass(actor(), reading(), entry_id, now())
    if view.lines:
        seen = [Seen(view.head.id, view.head.state)]
        looked(Way.BREAK_GLASS, seen, urgent=True, counts=False)
    left = int((view.until - now()).total_seconds()) if view.until else 0
    made = render_template(
        "break_glass.html",
        view=view,
        head=view.head,
        typed=typed,
        longest=LONGEST_REASON,
        minutes=parts().settings.glass_minutes,
        left=left,
    )
    return make_response(made, status)


@blueprint.post("/entries/<entry_id>/break-glass")
@needs("glass:break")
def open_it(entry_id: str) -> ResponseReturnValue:
    """Keep the reason, tell the owner and two officers, and show the lines."""
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    minutes = parts().settings.glass_minutes
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            Act("glass.open", "entry", entry_id),
            now(),
            lambda uow: open_glass(uow, actor(), entry_id, reason, now(), minutes),
        )
    except Invalid as error:
        return page(entry_id, Typed(reason, tuple(problem_lines(error.problems))), 422)
    return redirect(url_for("break_glass.show", entry_id=entry_id), 303)
