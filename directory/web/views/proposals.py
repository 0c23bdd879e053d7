"""One proposal, for its State and the secretariat: where it stands and what it changes."""

from collections.abc import Callable
from typing import TypeVar

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.db.unit_of_work import UnitOfWork
from directory.domain.lifecycle import Action
from directory.errors import Denied, Invalid, InvalidState, Problem, StaleRevision
from directory.policy import can
from directory.queries.proposals import get_evidence, get_proposal
from directory.services.acting import Act, attempt
from directory.services.holds import object_by_focal_point
from directory.services.proposals import add_evidence, comment, submit, withdraw
from directory.services.workflow import workflow
from directory.web.access import needs, takes_files
from directory.web.context import actor, now, parts, reading
from directory.web.forms.aside import Aside, read_aside
from directory.web.looking import worked_on
from directory.web.parameters import read_parameters
from directory.web.presentation import name_of, problem_text
from directory.web.proposal_words import way

blueprint = Blueprint("proposals", __name__)

Result = TypeVar("Result")


@blueprint.get("/proposals/<proposal_id>")
@needs("proposals:read")
def show(proposal_id: str) -> str:
    """The proposal with its way, differences, evidence, comments and what can be done."""
    read_parameters()
    return page(proposal_id)


def page(proposal_id: str, problems: tuple[Problem, ...] = (), text: str = "") -> str:
    """The page; ``problems`` with what was just sent, and the text that was typed."""
    view = get_proposal(actor(), reading(), proposal_id, now())
    worked_on(view.head.entry_id, view.head.state_code)
    return render_template(
        "proposals/proposal.html",
        view=view,
        head=view.head,
        way=way(view),
        name=name_of(view.record) if getattr(view.record, "names", ()) else "",
        may={action.value: view.may(action) for action in Action},
        hold=workflow(parts().settings).hold,
        reviews=can(actor(), "proposals:review"),
        problems=[problem_text(one) for one in problems],
        text=text,
    )


@blueprint.get("/proposals/<proposal_id>/evidence/<name>")
@needs("proposals:read")
def evidence(proposal_id: str, name: str) -> Response:
    """A file of evidence, to be kept and not shown inside the browser."""
    read_parameters()
    get_proposal(actor(), reading(), proposal_id, now())
    found = get_evidence(actor(), reading(), name)
    answer = make_response(found.content)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers.set("Content-Disposition", "attachment", filename=found.view.file_name)
    return answer


@blueprint.post("/proposals/<proposal_id>/evidence")
@needs("proposals:propose")
@takes_files
def send_evidence(proposal_id: str) -> ResponseReturnValue:
    """Add a file to a draft."""

    def work(uow: UnitOfWork, aside: Aside) -> None:
        if aside.problems:
            raise Invalid(aside.problems)
        if aside.file is None:
            raise Invalid([Problem("file", gettext("Choose a file."))])
        add_evidence(uow, actor(), proposal_id, aside.version, now(), aside.file)

    return acted(proposal_id, "add_evidence", work, gettext("The file was added."))


@blueprint.post("/proposals/<proposal_id>/submit")
@needs("proposals:propose")
def send_submit(proposal_id: str) -> ResponseReturnValue:
    """Submit a draft as it was saved."""

    def work(uow: UnitOfWork, aside: Aside) -> None:
        submit(uow, actor(), proposal_id, aside.version, now(), workflow(parts().settings))

    return acted(proposal_id, "submit", work, gettext("Submitted. Below is what happens next."))


@blueprint.post("/proposals/<proposal_id>/withdraw")
@needs("proposals:propose")
def send_withdraw(proposal_id: str) -> ResponseReturnValue:
    """Take the proposal back."""

    def work(uow: UnitOfWork, aside: Aside) -> None:
        withdraw(uow, actor(), proposal_id, aside.version, now(), _text())

    return acted(proposal_id, "withdraw", work, gettext("Withdrawn."))


@blueprint.post("/proposals/<proposal_id>/comments")
@needs("proposals:read")
def send_comment(proposal_id: str) -> ResponseReturnValue:
    """Say something to the others who work on it."""

    def work(uow: UnitOfWork, _aside: Aside) -> None:
        comment(uow, actor(), proposal_id, now(), _text())

    return acted(proposal_id, "comment", work, gettext("Your comment was added."))


@blueprint.post("/proposals/<proposal_id>/objection")
@needs("proposals:propose")
def send_objection(proposal_id: str) -> ResponseReturnValue:
    """Stop a change of the own State while it is on hold."""

    def work(uow: UnitOfWork, aside: Aside) -> None:
        object_by_focal_point(uow, actor(), proposal_id, aside.version, now(), _text())

    done = gettext("Stopped. An officer of the secretariat will look into it.")
    return acted(proposal_id, "object", work, done)


def _text() -> str:
    return request.form.get("text", "").replace("\r\n", "\n")


def acted(
    proposal_id: str, verb: str, work: Callable[[UnitOfWork, Aside], Result], done: str
) -> ResponseReturnValue:
    """Do an act and show the proposal again: with what was done, or with why not."""
    aside = read_aside(request.form)
    act = Act(f"proposal.{verb}", "proposal", proposal_id)
    try:
        attempt(parts().unit_of_work, actor(), act, now(), lambda uow: work(uow, aside))
    except Invalid as error:
        return page(proposal_id, error.problems, _text()), 422
    except InvalidState as error:
        return page(proposal_id, error.reasons, _text()), 409
    except Denied as error:
        if not error.reasons:
            raise
        return page(proposal_id, error.reasons, _text()), 403
    except StaleRevision:
        return page(proposal_id), 409
    flash(done, "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)
