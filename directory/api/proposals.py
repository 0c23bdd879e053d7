"""Proposing, reviewing, reporting and confirming, for programs; the rules are the services'."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Response

from directory.api.bodies import expected_version, json_body, read_body
from directory.api.known import refuse_unknown, unknown_beside
from directory.api.operations import Operations, json_response, reads, tagged_response, writes
from directory.api.problems import said
from directory.db.unit_of_work import UnitOfWork
from directory.domain.lifecycle import OPEN
from directory.domain.marks import N_
from directory.domain.record import Plain, Record, to_dict
from directory.errors import Invalid, NotFound, Problem
from directory.policy import Actor, visible
from directory.queries.proposal_lists import ProposalHead, QueueFilters, list_queue
from directory.queries.proposals import ProposalView, get_proposal
from directory.schemas.proposals import (
    ACT_BODIES,
    ConfirmationBody,
    Confirmed,
    Made,
    ProposalBody,
    ProposalInFull,
    ProposalList,
    ProposalsAsked,
    ReportBody,
)
from directory.schemas.record_forms import read_record
from directory.services import holds, proposals, reports, reviews
from directory.services.acting import Act, attempt
from directory.services.confirmations import ConfirmationRequest, confirm_entries
from directory.services.workflow import workflow
from directory.web.access import fresh_for
from directory.web.context import actor, now, parts, reading
from directory.web.looking import worked_on
from directory.web.presentation import book

operations = Operations("api_proposals", __name__, description="Changes, and who agrees to them")


@reads(
    operations,
    "/proposals",
    permission="proposals:read",
    answers=ProposalList,
    asks=ProposalsAsked,
    codes=unknown_beside,
    summary="Proposals of the own State; for the secretariat, those of all States",
)
def list_proposals(asked: Plain) -> Response:
    """Those under way, unless a status is asked for; the longest waiting first."""
    refuse_unknown(asked, book())
    statuses = (asked["status"],) if asked["status"] else tuple(OPEN)
    filters = QueueFilters(states=statuses, state_code=asked["state"])
    heads = list_queue(actor(), reading(), filters)
    items = [_head(head) for head in heads]
    return json_response({"items": items, "next": None, "total": len(items)})


@reads(
    operations,
    "/proposals/<proposal_id>",
    permission="proposals:read",
    answers=ProposalInFull,
    refuses=(404,),
    summary="A proposal: what it changes, and what you may do with it",
)
def show_proposal(_asked: Plain, proposal_id: str) -> Response:
    """With its version as entity tag, to be sent back in If-Match."""
    view = get_proposal(actor(), reading(), proposal_id, now())
    worked_on(view.head.entry_id, view.head.state_code)
    text = json_response(_in_full(view)).get_data()
    return tagged_response(text, str(view.head.version))


@writes(
    operations,
    "/proposals",
    permission="proposals:propose",
    answers=Made,
    refuses=(400, 404, 409, 413, 415),
    summary="Write a proposal down; nothing is handed in before it is submitted",
    requestBody=json_body(ProposalBody),
)
def make_proposal(_asked: Plain) -> Response:
    """A draft of the own State."""
    body = read_body(ProposalBody())
    made = _act("save", "", lambda uow: proposals.save_draft(uow, actor(), _draft(body), now()))
    return _made(made, 1)


@writes(
    operations,
    "/proposals/<proposal_id>",
    methods=("PUT",),
    permission="proposals:propose",
    answers=Made,
    refuses=(400, 404, 409, 412, 413, 415, 428),
    summary="Replace what a draft says",
    requestBody=json_body(ProposalBody),
)
def revise_proposal(_asked: Plain, proposal_id: str) -> Response:
    """A draft, or a proposal that changes were requested of; If-Match names its version."""
    version, body = expected_version(), read_body(ProposalBody())
    revise = partial(proposals.revise_draft, draft=_draft(body))
    return _made(proposal_id, _versioned("save", proposal_id, version, revise))


@writes(
    operations,
    "/proposals/<proposal_id>/<act>",
    permission="proposals:read",
    answers=Made,
    refuses=(400, 404, 409, 412, 413, 415, 428),
    summary="Do something with a proposal: " + ", ".join(ACT_BODIES),
    description=(
        "If-Match names the version the act was decided on; a comment needs none. What each role "
        "may do, and why not now, stands under `actions` of the proposal. Verifying, approving and "
        "dismissing an objection need a person who has just shown a second factor: a token is "
        "answered 403, and the page of the proposal is the place for them."
    ),
    requestBody=json_body(*dict.fromkeys(ACT_BODIES.values())),
)
@fresh_for("verify", "approve", "dismiss-objection")
def act_on_proposal(_asked: Plain, proposal_id: str, act: str) -> Response:
    """One act, by the same services as the pages."""
    if act not in ACT_BODIES:
        raise NotFound("act", act)
    if act == "comment":
        return _commented(proposal_id, read_body(ACT_BODIES[act]())["text"])
    version, body = expected_version(), read_body(ACT_BODIES[act]())
    return _made(proposal_id, _versioned(act, proposal_id, version, _work(act, body)))


@writes(
    operations,
    "/entries/<entry_id>/reports",
    permission="reports:make",
    answers=Made,
    refuses=(400, 404, 409, 413, 415),
    summary="It did not work: tell the State and the secretariat",
    requestBody=json_body(ReportBody),
)
def report_entry(_asked: Plain, entry_id: str) -> Response:
    """Shown on the entry until the State answers; ``channel`` is the value of one of its lines."""
    body = read_body(ReportBody())
    form = reports.ReportForm(kind=body["kind"], channel=body["channel"], note=body["note"])
    made = attempt(
        parts().unit_of_work,
        actor(),
        Act("report.make", "entry", entry_id),
        now(),
        lambda uow: reports.report(
            uow, actor(), entry_id, form, now(), parts().settings.reports_daily
        ),
    )
    return _made(str(made), 1)


@writes(
    operations,
    "/confirmations",
    permission="entries:confirm",
    answers=Confirmed,
    refuses=(400, 404, 409, 413, 415),
    summary="All of this is still correct: some entries, or all of the own State",
    requestBody=json_body(ConfirmationBody),
)
def confirm(_asked: Plain) -> Response:
    """Moves the day of confirmation, never the day of change."""
    body = read_body(ConfirmationBody())
    wanted = ConfirmationRequest(
        state=body["state"] or actor().state,
        entry_ids=tuple(body["entry_ids"]),
        seen=body["seen"],
    )
    done = attempt(
        parts().unit_of_work,
        actor(),
        Act("entry.confirm", "state", wanted.state),
        now(),
        lambda uow: confirm_entries(uow, actor(), wanted, now()),
    )
    return json_response({"entry_ids": list(done)})


#: (uow, actor, proposal id, version, moment) -> the new version.
Work = Callable[[UnitOfWork, Actor, str, int, dt.datetime], int]


def _work(act: str, body: Plain) -> Work:
    """The service behind an act, with what its body gives."""
    settings = workflow(parts().settings)
    text = body.get("text", "")
    works: dict[str, Work] = {
        "submit": partial(proposals.submit, workflow=settings),
        "withdraw": partial(proposals.withdraw, text=text),
        "take": reviews.take,
        "release": reviews.release,
        "acknowledge": reviews.acknowledge,
        "request-changes": partial(reviews.request_changes, text=text),
        "verify": reviews.verify,
        "approve": partial(reviews.approve, workflow=settings),
        "reject": partial(reviews.reject, code=body.get("code", ""), text=text),
        "object": partial(holds.object_by_focal_point, text=text),
        "dismiss-objection": partial(holds.dismiss_objection, text=text, workflow=settings),
    }
    if act == "call-back":
        return partial(reviews.record_call_back, form=reviews.CallBackForm(**body))
    return works[act]


def _versioned(act: str, proposal_id: str, version: int, work: Work) -> int:
    moved: int = _act(act, proposal_id, lambda uow: work(uow, actor(), proposal_id, version, now()))
    return moved


def _commented(proposal_id: str, text: str) -> Response:
    _act(
        "comment",
        proposal_id,
        lambda uow: proposals.comment(uow, actor(), proposal_id, now(), text),
    )
    return _made(proposal_id, get_proposal(actor(), reading(), proposal_id, now()).head.version)


def _act(act: str, proposal_id: str, work: Callable[[UnitOfWork], Any]) -> Any:
    """In one transaction; a refusal leaves its event."""
    name = f"proposal.{act.replace('-', '_')}"
    return attempt(parts().unit_of_work, actor(), Act(name, "proposal", proposal_id), now(), work)


def _draft(body: Plain) -> proposals.Draft:
    return proposals.Draft(
        kind=body["kind"],
        record=_record(body),
        reason=body["reason"],
        entry_id=body["entry_id"],
        base_revision=body["base_revision"],
        emergency=body["emergency"],
        alternative_id=body["alternative_id"],
    )


def _record(body: Plain) -> Record | None:
    if body["record"] is None:
        return None
    if body["entry_kind"] is None:
        raise Invalid([Problem("entry_kind", N_("Say of which kind the record is."))])
    try:
        return read_record(body["entry_kind"], body["record"])
    except Invalid as error:
        beneath = (replace(one, path=f"record.{one.path}".rstrip(".")) for one in error.problems)
        raise Invalid(beneath) from error


def _made(made: str, version: int) -> Response:
    answer = json_response({"id": made, "version": version})
    answer.headers["ETag"] = f'"{version}"'
    return answer


def _head(head: ProposalHead) -> Plain:
    return {
        "id": head.id,
        "entry": head.entry_id,
        "entry_kind": head.entry_kind.value,
        "state": head.state_code,
        "kind": head.kind.value,
        "status": head.state.value,
        "version": head.version,
        "base_revision": head.base_revision,
        "field_class": head.field_class.name.lower(),
        "emergency": head.emergency,
        "reason": head.reason,
        "created_at": head.created_at.isoformat(),
        "submitted_at": head.submitted_at.isoformat() if head.submitted_at else None,
        "hold_until": head.hold_until.isoformat() if head.hold_until else None,
        "decision_code": head.decision_code,
        "decision_text": head.decision_text,
        "published_revision": head.published_revision,
    }


def _in_full(view: ProposalView) -> Plain:
    return {
        **_head(view.head),
        # An officer sees a line behind glass where it is what changes, and else on a stated reason.
        "record": to_dict(visible(actor(), view.head.state_code, view.record)),
        "differences": [
            {
                "path": one.path,
                "field_class": one.field_class.name.lower(),
                "before": one.before,
                "after": one.after,
            }
            for one in view.differences
        ],
        "actions": [
            {
                "action": one.action.value,
                "allowed": one.allowed,
                "reasons": [said(reason) for reason in one.reasons],
            }
            for one in view.actions
        ],
    }
