"""The secretariat's desk: the queue, and one proposal with all that is needed to decide on it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask import Blueprint, make_response, render_template, send_file
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import fields

from directory.domain.control_questions import Suggestion, suggestions
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import WAITING, Action, CallBackResult, ProposalState
from directory.domain.marks import N_
from directory.domain.verification import REJECTION_CODES
from directory.policy import can
from directory.queries.change_log import EventFilters, EventView, list_events
from directory.queries.channel_history import channel_pasts
from directory.queries.closures import waiting_closures
from directory.queries.current import CurrentEntry, read_entry
from directory.queries.proposal_lists import MOST
from directory.queries.proposals import ProposalView, get_evidence, get_proposal
from directory.queries.review_queue import QueueRow, Targets, review_queue
from directory.schemas.fields import Count, StateCode, Words
from directory.schemas.questions import Question
from directory.web import i18n, review_texts
from directory.web.access import needs
from directory.web.context import actor, now, parts, reading
from directory.web.labels import class_label, label
from directory.web.links import url_with
from directory.web.looking import worked_on
from directory.web.parameters import read_parameters
from directory.web.presentation import state_name

blueprint = Blueprint("reviews", __name__)

#: Rows on one page of the queue.
PAGE = 50
#: Acts shown in the account of one proposal.
MOST_EVENTS = 100
#: Classes as addresses name them.
CLASSES = {
    "descriptive": FieldClass.DESCRIPTIVE,
    "substantive": FieldClass.SUBSTANTIVE,
    "routing_critical": FieldClass.ROUTING_CRITICAL,
}
ASSIGNED = {"me": N_("Mine"), "nobody": N_("Nobody's"), "others": N_("Other officers'")}
OVERDUE = {"1": N_("Overdue")}


class QueueAsked(Question):
    """What the queue is narrowed to."""

    status = Words(description="Where the proposal stands.")
    state = StateCode(description="The State that proposes.")
    field_class = Words(description="The class of the change.", data_key="class")
    flag = Words(description="A sign that deserves a harder look.")
    assigned = Words(description="me, nobody or others.")
    overdue = Words(description="1 for what should have been decided already.")
    page = Count(50, load_default=1, description="Which page.")
    lang = fields.String()


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that was refused: what was typed stays, and why it was refused is said."""

    act: str = ""
    status: int = 200
    typed: Mapping[str, str] = field(default_factory=dict)
    #: Field -> what is wrong with it.
    problems: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    overtaken: bool = False
    chosen: frozenset[str] = frozenset()

    def kept(self, act: str, name: str, otherwise: str = "") -> str:
        """What was typed into a field of that act's form."""
        return self.typed.get(name, "") if act == self.act else otherwise

    def problem(self, act: str, name: str) -> str:
        """What is wrong with a field of that act's form."""
        return self.problems.get(name, "") if act == self.act else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as a link."""

    text: str
    count: int
    address: str
    chosen: bool


@blueprint.record_once
def add_filters(state: BlueprintSetupState) -> None:
    """Let templates say what reviews hold."""
    state.app.jinja_env.filters.update(review_texts.FILTERS)
    state.app.jinja_env.tests["is_refusal"] = review_texts.is_refusal


def targets() -> Targets:
    """The target times the secretariat has set."""
    settings = parts().settings
    by_class = {
        FieldClass.DESCRIPTIVE: settings.review_hours_descriptive,
        FieldClass.SUBSTANTIVE: settings.review_hours_substantive,
        FieldClass.ROUTING_CRITICAL: settings.review_hours_critical,
    }
    return Targets(by_class, settings.review_hours_emergency)


@blueprint.get("/reviews")
@needs("reviews:read")
def queue() -> ResponseReturnValue:
    """What waits for officers, the most pressing first, with filters as links."""
    return queue_page(Refused())


def queue_page(refused: Refused) -> ResponseReturnValue:
    """The queue, also after verifying several was refused."""
    asked: dict[str, Any] = {"page": 1} if refused.act else read_parameters(QueueAsked, _known())
    rows = review_queue(actor(), reading(), targets(), i18n.language(), now())
    shown = [row for row in rows if all(_fits(row, name, asked.get(name)) for name in FILTERS)]
    first = (asked["page"] - 1) * PAGE
    page = render_template(
        "reviews/queue.html",
        rows=shown[first : first + PAGE],
        waiting=len(rows),
        most=MOST if len(rows) >= MOST else None,
        overdue=sum(row.is_overdue for row in rows),
        facets=[_facet(name, rows, asked) for name in FILTERS],
        chosen=[_chosen(name, asked[name]) for name in FILTERS if asked.get(name)],
        page=asked["page"],
        last=max(1, -(-len(shown) // PAGE)),
        refused=refused,
        may_verify=can(actor(), "proposals:review"),
        closures=waiting_closures(actor(), reading(), now().date()),
        closures_target=dt.timedelta(hours=targets().by_class[FieldClass.DESCRIPTIVE]),
        now=now(),
    )
    return make_response(page, refused.status)


#: Filter -> the values of a row.
FILTERS: dict[str, Callable[[QueueRow], Iterable[str]]] = {
    "status": lambda row: (row.head.state.value,),
    "field_class": lambda row: (_class_name(row.head.field_class),),
    "flag": lambda row: tuple(risk.code for risk in row.risks),
    "assigned": lambda row: (_assigned(row),),
    "overdue": lambda row: ("1",) if row.is_overdue else (),
    "state": lambda row: (row.head.state_code,),
}
#: Name in the schema -> name in the address.
_ADDRESS = {"field_class": "class"}
FACET_TITLES = {
    "status": N_("Status"),
    "field_class": N_("Class"),
    "flag": N_("Flags"),
    "assigned": N_("Officer"),
    "overdue": N_("Target time"),
    "state": N_("State"),
}


def _known() -> dict[str, Iterable[str]]:
    return {
        "status": {state.value for state in WAITING},
        "field_class": CLASSES,
        "flag": review_texts.FLAGS,
        "assigned": ASSIGNED,
        "overdue": OVERDUE,
    }


def _class_name(wanted: FieldClass) -> str:
    return next(name for name, one in CLASSES.items() if one is wanted)


def _assigned(row: QueueRow) -> str:
    if row.head.assignee_id is None:
        return "nobody"
    return "me" if row.head.assignee_id == actor().account_id else "others"


def _fits(row: QueueRow, name: str, wanted: Any) -> bool:
    return not wanted or wanted in FILTERS[name](row)


def _facet(
    name: str, rows: Iterable[QueueRow], asked: Mapping[str, Any]
) -> tuple[str, list[Choice], str, bool]:
    """Title, choices, the address without the filter, and whether one is chosen."""
    counts = Counter(value for row in rows for value in FILTERS[name](row))
    address = _ADDRESS.get(name, name)
    choices = [
        Choice(
            filter_text(name, value),
            count,
            url_with(page=None, **{address: value}),
            asked.get(name) == value,
        )
        for value, count in counts.most_common()
    ]
    return (
        str(gettext(FACET_TITLES[name])),
        choices,
        url_with(page=None, **{address: None}),
        bool(asked.get(name)),
    )


def _chosen(name: str, value: str) -> tuple[str, str]:
    return filter_text(name, value), url_with(page=None, **{_ADDRESS.get(name, name): None})


def filter_text(name: str, value: str) -> str:
    """A value of a filter in words."""
    if name == "status":
        return str(label(ProposalState(value)))
    if name == "field_class":
        return str(class_label(CLASSES[value]))
    if name == "flag":
        return review_texts.flag_text(value)
    if name == "state":
        return state_name(value)
    return str(gettext({**ASSIGNED, **OVERDUE}[value]))


@blueprint.get("/reviews/<proposal_id>")
@needs("reviews:read")
def show(proposal_id: str) -> ResponseReturnValue:
    """One proposal: before and after, what it needs, who did what, what may be done now."""
    read_parameters()
    return review_page(proposal_id, Refused())


def review_page(proposal_id: str, refused: Refused) -> ResponseReturnValue:
    """The page of a proposal, also after an act on it was refused."""
    view = get_proposal(actor(), reading(), proposal_id, now())
    worked_on(view.head.entry_id, view.head.state_code)
    filters = EventFilters(subject_kind="proposal", subject_id=proposal_id)
    events = list_events(actor(), reading(), filters, MOST_EVENTS)
    called = called_entry(view)
    page = render_template(
        "reviews/review.html",
        view=view,
        head=view.head,
        refused=refused,
        events=[one for one in events if one.event.action != "proposal.save"],
        names=_names(view, events),
        pasts=channel_pasts(actor(), reading(), view, now().date()),
        called=called,
        questions=questions(view, called),
        due_at=targets().due_at(view.head),
        codes=[(code, gettext(text)) for code, text in REJECTION_CODES.items()],
        Action=Action,
        CallBackResult=CallBackResult,
        now=now(),
        officer=can(actor(), "proposals:review"),
    )
    return make_response(page, refused.status)


def _names(view: ProposalView, events: Iterable[EventView]) -> dict[int | None, str]:
    """Account -> address, for those who acted on the proposal."""
    names = {one.event.actor_account: one.actor for one in events if one.actor}
    return names | {view.head.proposer_id: view.head.proposer_name}


def called_entry(view: ProposalView) -> CurrentEntry | None:
    """The entry whose line is called back: the proposal's own, or another of its State."""
    if view.call_back is None or not view.call_back.entry_id:
        return None
    if view.current is not None and view.current.id == view.call_back.entry_id:
        return view.current
    return read_entry(reading(), view.call_back.entry_id)


def questions(view: ProposalView, called: CurrentEntry | None) -> tuple[Suggestion, ...]:
    """Control questions about the entry that is called back."""
    if called is None:
        return ()
    return suggestions(called.record, view.differences if called is view.current else ())


@blueprint.get("/reviews/evidence/<name>")
@needs("reviews:read")
def evidence(name: str) -> ResponseReturnValue:
    """A file of evidence, to keep and never to run."""
    found = get_evidence(actor(), reading(), name)
    answer = send_file(
        BytesIO(found.content),
        mimetype=found.view.media_type,
        as_attachment=True,
        download_name=found.view.file_name,
        etag=False,
        max_age=0,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
