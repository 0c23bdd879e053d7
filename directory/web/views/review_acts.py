"""What officers do on a proposal's page: each act a form, with the version that was looked at.

A refusal shows the page again as it is now, says why, and keeps what was typed.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from directory.db.unit_of_work import UnitOfWork
from directory.domain.lifecycle import CallBackResult
from directory.domain.marks import N_
from directory.domain.vocabulary import ChannelKind
from directory.errors import Denied, DomainError, Invalid, InvalidState, Problem, StaleRevision
from directory.exchange.evidence import checked
from directory.services import holds, reviews
from directory.services.acting import Act, attempt
from directory.services.proposals import EvidenceFile, add_evidence, comment
from directory.services.reviews import CallBackForm
from directory.services.workflow import workflow
from directory.web.access import fresh, fresh_for, needs, takes_files
from directory.web.context import actor, close_reading, now, parts
from directory.web.review_texts import DONE, reason_text
from directory.web.views.reviews import Refused, queue_page, review_page

blueprint = Blueprint("review_acts", __name__)

#: What a refusal is answered with.
STATUS: Mapping[type[DomainError], int] = {
    Invalid: 422,
    Denied: 403,
    InvalidState: 409,
    StaleRevision: 409,
}
VERSION_LOST = N_(
    "The form did not say which version it was about; look at the page and try again."
)

Form = Mapping[str, str]
Doing = Callable[[UnitOfWork, str, int, Form], object]


def _take(uow: UnitOfWork, id_: str, version: int, _form: Form) -> object:
    return reviews.take(uow, actor(), id_, version, now())


def _release(uow: UnitOfWork, id_: str, version: int, _form: Form) -> object:
    return reviews.release(uow, actor(), id_, version, now())


def _call_back(uow: UnitOfWork, id_: str, version: int, form: Form) -> object:
    return reviews.record_call_back(uow, actor(), id_, version, now(), read_call_back(form))


def _request_changes(uow: UnitOfWork, id_: str, version: int, form: Form) -> object:
    return reviews.request_changes(uow, actor(), id_, version, now(), form.get("text", ""))


def _verify(uow: UnitOfWork, id_: str, version: int, _form: Form) -> object:
    return reviews.verify(uow, actor(), id_, version, now())


def _approve(uow: UnitOfWork, id_: str, version: int, _form: Form) -> object:
    return reviews.approve(uow, actor(), id_, version, now(), workflow(parts().settings))


def _reject(uow: UnitOfWork, id_: str, version: int, form: Form) -> object:
    code, text = form.get("code", ""), form.get("text", "")
    return reviews.reject(uow, actor(), id_, version, now(), code, text)


def _dismiss(uow: UnitOfWork, id_: str, version: int, form: Form) -> object:
    text, settings = form.get("text", ""), parts().settings
    return holds.dismiss_objection(uow, actor(), id_, version, now(), text, workflow(settings))


def _comment(uow: UnitOfWork, id_: str, _version: int, form: Form) -> object:
    comment(uow, actor(), id_, now(), form.get("text", ""))
    return None


def _acknowledge(uow: UnitOfWork, id_: str, version: int, _form: Form) -> object:
    return reviews.acknowledge(uow, actor(), id_, version, now())


def _adding(file: EvidenceFile) -> Doing:
    """The act for a file, which was looked at before the transaction begins."""

    def add(uow: UnitOfWork, id_: str, version: int, _form: Form) -> object:
        return add_evidence(uow, actor(), id_, version, now(), file)

    return add


#: What an address says -> what is done.
DOINGS: Mapping[str, Doing] = {
    "take": _take,
    "release": _release,
    "call-back": _call_back,
    "request-changes": _request_changes,
    "verify": _verify,
    "approve": _approve,
    "reject": _reject,
    "dismiss-objection": _dismiss,
    "comment": _comment,
    "acknowledge": _acknowledge,
}
#: Acts that move a change towards readers; their doer has just shown a factor.
GRAVE = ("verify", "approve", "dismiss-objection")
_ACTS = ", ".join(f"'{name}'" for name in DOINGS)


@blueprint.post(f"/reviews/<proposal_id>/<any({_ACTS}):act>")
@needs("proposals:review")
@fresh_for(*GRAVE)
def do(proposal_id: str, act: str) -> ResponseReturnValue:
    """One act on one proposal."""
    return done_or_refused(proposal_id, act)


@blueprint.post("/reviews/<proposal_id>/evidence")
@needs("proposals:review")
@takes_files
def do_evidence(proposal_id: str) -> ResponseReturnValue:
    """Add a file, such as the diplomatic note that stood in for a call."""
    return done_or_refused(proposal_id, "evidence")


def done_or_refused(proposal_id: str, act: str) -> ResponseReturnValue:
    """Do it and show the page; a refusal is shown with what was typed."""
    tried = Act(f"proposal.{act.replace('-', '_')}", "proposal", proposal_id)
    try:
        version = read_version(request.form)
        doing = _adding(read_file()) if act == "evidence" else DOINGS[act]
        attempt(
            parts().unit_of_work,
            actor(),
            tried,
            now(),
            lambda uow: doing(uow, proposal_id, version, request.form),
        )
    except (Invalid, Denied, InvalidState, StaleRevision) as error:
        # What others did meanwhile must show, so the page is read anew.
        close_reading()
        return review_page(proposal_id, refused_by(error, act, request.form))
    flash(gettext(DONE[act]))
    return redirect(url_for("reviews.show", proposal_id=proposal_id), 303)


def refused_by(error: DomainError, act: str, form: Form) -> Refused:
    """The refusal with everything the page says of it."""
    problems: dict[str, str] = {}
    reasons: list[str] = []
    if isinstance(error, Invalid):
        for one in error.problems:
            problems.setdefault(one.path or "form", reason_text(one))
        reasons = [reason_text(one) for one in error.problems]
    elif isinstance(error, Denied | InvalidState):
        reasons = [reason_text(one) for one in error.reasons]
    elif isinstance(error, StaleRevision):
        stale = N_("The entry was changed meanwhile (revision %(given)s is now %(current)s).")
        params: dict[str, object] = {"given": error.given, "current": error.current}
        reasons = [reason_text(Problem("", stale, params))]
    return Refused(
        act=act,
        status=STATUS[type(error)],
        typed=form,
        problems=problems,
        reasons=tuple(reasons) or (gettext("The directory does not allow this."),),
        overtaken=isinstance(error, InvalidState) and error.overtaken,
    )


def read_version(form: Form) -> int:
    """The version that was looked at; raises ``Invalid``."""
    typed = form.get("version", "")
    if not re.fullmatch("[0-9]{1,9}", typed):
        raise Invalid([Problem("version", VERSION_LOST)])
    return int(typed)


def read_call_back(form: Form) -> CallBackForm:
    """What was written down of a call; raises ``Invalid`` for choices that are not on the form."""
    result, channel = form.get("result", ""), form.get("channel", "")
    problems = []
    if result not in set(CallBackResult):
        problems.append(Problem("result", N_("Say what came of the call.")))
    kind, _, value = channel.partition(":")
    if channel and kind not in set(ChannelKind):
        problems.append(Problem("channel", N_("Choose one of the numbers shown.")))
    if problems:
        raise Invalid(problems)
    return CallBackForm(
        result=CallBackResult(result),
        channel_kind=ChannelKind(kind) if channel else None,
        channel_value=value,
        function=form.get("function", ""),
        question=form.get("question", ""),
        answered=form.get("answered") == "1",
        note=form.get("note", ""),
    )


def read_file() -> EvidenceFile:
    """The file of the form, looked at; raises ``Invalid`` when none was chosen or it is unfit."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid([Problem("file", N_("Choose a PDF file."))])
    file = EvidenceFile(file_name=given.filename, content=given.read())
    return checked(file, parts().settings.file_scanner)


@blueprint.post("/reviews/verify")
@needs("proposals:review")
@fresh
def verify_several() -> ResponseReturnValue:
    """Verify the descriptive changes that were chosen, all or none."""
    chosen = request.form.getlist("proposal")
    tried = Act("proposal.verify", "proposal", "several")
    try:
        wanted = [read_chosen(one) for one in chosen]
        if not wanted:
            raise Invalid([Problem("", N_("Choose at least one proposal."))])
        attempt(
            parts().unit_of_work,
            actor(),
            tried,
            now(),
            lambda uow: reviews.verify_many(uow, actor(), wanted, now()),
        )
    except DomainError as error:
        return several_refused(error, chosen)
    flash(
        ngettext(
            "%(num)s proposal is verified and published.",
            "%(num)s proposals are verified and published.",
            len(wanted),
        )
    )
    return redirect(url_for("reviews.queue"), 303)


def several_refused(error: DomainError, chosen: list[str]) -> ResponseReturnValue:
    """The queue again with what was chosen, and why nothing was done."""
    close_reading()
    known: Any = error if type(error) in STATUS else InvalidState(reasons=[GONE])
    refused = refused_by(known, "several", {})
    return queue_page(
        Refused(
            act="several",
            status=refused.status,
            reasons=refused.reasons,
            overtaken=refused.overtaken,
            chosen=frozenset(chosen),
        )
    )


GONE = Problem("", N_("One of the proposals chosen is not there any more."))


def read_chosen(text: str) -> tuple[str, int]:
    """'P-4M7Q2Z9K:3' as identifier and version; raises ``Invalid``."""
    found = re.fullmatch(r"(P-[0-9A-Z]{8}):([0-9]{1,9})", text)
    if not found:
        raise Invalid([Problem("", N_("Choose among the proposals shown."))])
    return found[1], int(found[2])
