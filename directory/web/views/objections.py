"""The page behind an objection link: it asks before anything is done, and a GET changes nothing."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from directory.errors import Invalid, InvalidState, Problem
from directory.queries.objections import get_objection
from directory.queries.reference import read_book
from directory.services.acting import Act, attempt
from directory.services.holds import object_by_link
from directory.services.workflow import workflow
from directory.web.access import public
from directory.web.context import actor, now, parts, reading
from directory.web.presentation import keep_book, problem_text

blueprint = Blueprint("objections", __name__)


@blueprint.get("/objections/<token>")
@public
def ask(token: str) -> ResponseReturnValue:
    """What is proposed and by which State, and the form to stop it."""
    return page(token)


@blueprint.post("/objections/<token>")
@public
def object_to(token: str) -> ResponseReturnValue:
    """Stop the change."""
    settings = workflow(parts().settings)
    found = get_objection(reading(), token, now(), settings.link_keys)
    text = request.form.get("text", "").replace("\r\n", "\n")
    act = Act("proposal.object", "proposal", found.proposal_id)
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            act,
            now(),
            lambda uow: object_by_link(uow, token, now(), text, settings),
        )
    except Invalid as error:
        return page(token, error.problems, text, 422)
    except InvalidState:
        return page(token, status=409)
    return page(token, is_done=True)


def page(
    token: str,
    problems: tuple[Problem, ...] = (),
    text: str = "",
    status: int = 200,
    *,
    is_done: bool = False,
) -> ResponseReturnValue:
    """The page of the link; raises ``NotFound`` for one that was not made here."""
    link_keys = workflow(parts().settings).link_keys
    # The holder of a link has no account, but is shown the names of States and treaties.
    keep_book(read_book(reading()))
    view = get_objection(reading(), token, now(), link_keys)
    return (
        render_template(
            "proposals/objection.html",
            view=view,
            problems=[problem_text(one) for one in problems],
            text=text,
            is_done=is_done,
        ),
        status,
    )
