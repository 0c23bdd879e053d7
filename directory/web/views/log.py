"""The change log as the secretariat and auditors read it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import fields

from directory.domain.diff import Difference
from directory.domain.events import Authentication
from directory.domain.marks import N_
from directory.errors import Invalid, Problem
from directory.queries.change_log import EventFilters, EventView, list_events
from directory.queries.log_page import differences_of, find_account, log_status
from directory.schemas.fields import Count, Day, StateCode, Word, Words
from directory.schemas.questions import Question
from directory.services.checkpoints import known_keys
from directory.web.access import needs
from directory.web.choices import state_choices
from directory.web.context import actor, parts, reading
from directory.web.formats import listed
from directory.web.links import url_with
from directory.web.log_words import action_choices, action_title
from directory.web.parameters import read_parameters
from directory.web.presentation import ProblemLine, problem_lines

blueprint = Blueprint("log", __name__)

#: Events on one page.
PAGE = 50
#: Above every sequence number.
MOST_EVENTS = 999_999_999


class SubjectKind(StrEnum):
    """What events are about."""

    ENTRY = "entry"
    PROPOSAL = "proposal"
    CAMPAIGN = "campaign"
    LINE_TESTS = "line_tests"
    STATE = "state"
    CLOSURE = "closure"
    ACCOUNT = "account"
    PERSON = "person"


SUBJECT_TITLES = {
    SubjectKind.ENTRY: N_("Entry"),
    SubjectKind.PROPOSAL: N_("Proposal"),
    SubjectKind.CAMPAIGN: N_("Campaign"),
    SubjectKind.STATE: N_("State"),
    SubjectKind.CLOSURE: N_("Closed days"),
    SubjectKind.LINE_TESTS: N_("Round of line tests"),
    SubjectKind.ACCOUNT: N_("Account"),
    SubjectKind.PERSON: N_("Person"),
}
#: What the form offers; any other action can be asked for in the address, and by a link of it.
ACTIONS = (
    "entry.published",
    "entry.confirmed",
    "proposal.save",
    "proposal.submit",
    "proposal.take",
    "proposal.call_back",
    "proposal.verify",
    "proposal.approve",
    "proposal.approve.refused",
    "proposal.object",
    "proposal.publish",
    "proposal.reject",
    "campaign.started",
    "campaign.closed",
    "glass.opened",
    "closure.announced",
    "closure.withdrawal_asked",
    "closure.withdrawn",
    "closure.accepted",
    "closure.rejected",
    "line_tests.started",
    "line_tests.closed",
    "line_test.begun",
    "line_test.ended",
    "line_test.code_refused",
)


class LogAsked(Question):
    """Which events to show."""

    action = Words(description="What was done, such as 'entry.published'.")
    subject_kind = Word(SubjectKind, description="What it was done to.")
    subject = Words(description="Identifier of what it was done to.")
    state = StateCode(description="The State whose account acted.")
    actor = Words(description="E-mail of the account that acted, or 'system'.")
    since = Day(description="First day.")
    until = Day(description="Last day.")
    before = Count(MOST_EVENTS, description="Only events with smaller sequence numbers.")
    lang = fields.String()


#: What the facts of an event are called; others bear the name they have in the log.
FACTS = {
    "state": N_("State of the proposal"),
    "version": N_("Version"),
    "kind": N_("Kind"),
    "entry": N_("Entry"),
    "base": N_("Made against revision"),
    "class": N_("Class"),
    "record": N_("Hash of the record"),
    "revision": N_("Revision"),
    "status": N_("Status"),
    "hold_until": N_("On hold until"),
    "result": N_("Result"),
    "channel": N_("Channel"),
    "code": N_("Reason code"),
    "refusal": N_("Refusal"),
    "permission": N_("Permission"),
    "reasons": N_("Reasons"),
    "problems": N_("Problems"),
    "given": N_("Revision given"),
    "current": N_("Current revision"),
    "title": N_("Title"),
    "deadline": N_("Deadline"),
    "regional_group": N_("Regional group"),
    "states": N_("States"),
    "kinds": N_("Kinds"),
    "lines": N_("Lines"),
    "until": N_("Until"),
}
AUTHENTICATIONS = {
    Authentication.SYSTEM: N_("the directory itself"),
    Authentication.PASSWORD: N_("password"),
    Authentication.SECOND_FACTOR: N_("password and second factor"),
    Authentication.PASSKEY: N_("passkey"),
    Authentication.TOKEN: N_("token of a program"),
}


def fact_title(name: str) -> str:
    """What a fact of an event is called."""
    return str(gettext(FACTS[name])) if name in FACTS else name


def fact_text(value: object) -> str:
    """A fact as text: lists in one line, anything nested as it stands in the log."""
    if isinstance(value, list):
        return listed(fact_text(one) for one in value)
    if isinstance(value, dict):
        return listed(f"{name}: {fact_text(one)}" for name, one in value.items())
    return str(value)


def authentication_name(value: str) -> str:
    """How surely the actor was who they said, in words."""
    return str(gettext(AUTHENTICATIONS[Authentication(value)]))


def subject_title(kind: str) -> str:
    """What an event is about; as it stands in the log where no filter knows it."""
    known = kind in set(SubjectKind)
    return str(gettext(SUBJECT_TITLES[SubjectKind(kind)])) if known else kind


FILTERS: dict[str, Callable[..., object]] = {
    "action_title": action_title,
    "subject_title": subject_title,
    "fact_title": fact_title,
    "fact_text": fact_text,
    "authentication_name": authentication_name,
}


@blueprint.record_once
def add_filters(state: BlueprintSetupState) -> None:
    """Let templates say what events hold."""
    state.app.jinja_env.filters.update(FILTERS)


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event with what it changed; no differences where it published nothing."""

    view: EventView
    differences: tuple[Difference, ...]


@blueprint.get("/log")
@needs("log:read")
def show() -> ResponseReturnValue:
    """Events, the newest first, with filters; values that do not fit are named beside the form."""
    problems: list[ProblemLine] = []
    rows: list[EventRow] = []
    status = 200
    try:
        rows = read_rows(read_filters(read_parameters(LogAsked)))
    except Invalid as error:
        problems, status = problem_lines(error.problems), 422
    page = render_template(
        "log/list.html",
        rows=rows[:PAGE],
        older=url_with(before=rows[PAGE - 1].view.event.sequence) if len(rows) > PAGE else "",
        newest=url_with(before=None) if "before" in request.args else "",
        typed=request.args,
        problems={one.path: one.text for one in problems},
        lines=problems,
        status=log_status(actor(), reading(), known_keys(parts().settings)),
        subject_choices=[(kind.value, gettext(text)) for kind, text in SUBJECT_TITLES.items()],
        known_kinds={kind.value for kind in SubjectKind},
        state_choices=state_choices(),
        action_choices=action_choices(ACTIONS, request.args.get("action", "")),
    )
    return make_response(page, status)


def read_rows(filters: EventFilters) -> list[EventRow]:
    """The page's events, and one more when there are older ones."""
    events = list_events(actor(), reading(), filters, PAGE + 1)
    changes = differences_of(actor(), reading(), events)
    return [EventRow(one, changes.get(one.event.sequence, ())) for one in events]


def read_filters(asked: dict[str, Any]) -> EventFilters:
    """The filters of the form; raises ``Invalid``."""
    since, until = asked.get("since"), asked.get("until")
    if since and until and until < since:
        raise Invalid([Problem("until", N_("The last day lies before the first."))])
    account, name = _actor_asked(asked.get("actor", ""))
    return EventFilters(
        action=asked.get("action", ""),
        subject_kind=asked.get("subject_kind", ""),
        subject_id=asked.get("subject", ""),
        actor_state=asked.get("state", ""),
        actor=name,
        actor_account=account,
        since=_midnight(since),
        until=_midnight(until + dt.timedelta(days=1)) if until else None,
        before=asked.get("before"),
    )


def _actor_asked(typed: str) -> tuple[int | None, str]:
    """The number of an account, or the name of a part of the directory itself."""
    if "@" not in typed:
        return None, typed
    account = find_account(actor(), reading(), typed)
    if account is None:
        raise Invalid([Problem("actor", N_("No account has this address."))])
    return account, ""


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) if day else None
