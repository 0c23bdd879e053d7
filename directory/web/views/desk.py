"""The desk of a State's focal points: what is due, reported, under way, missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from directory.domain.lifecycle import ProposalState
from directory.domain.vocabulary import EntryKind, EntryStatus, Freshness
from directory.errors import Invalid, InvalidState, NotFound, Problem
from directory.queries.entry_lists import EntrySummary
from directory.queries.proposal_lists import list_own
from directory.queries.reports import list_reports
from directory.queries.states import StateView, get_state
from directory.services.acting import Act, attempt
from directory.services.confirmations import ConfirmationRequest, confirm_entries
from directory.services.reports import answer
from directory.web.access import needs
from directory.web.context import actor, now, parts, reading
from directory.web.first_visit import hide, steps_to_show
from directory.web.parameters import read_parameters
from directory.web.presentation import keep_book, problem_lines, problem_text, problems_text

blueprint = Blueprint("desk", __name__)

#: Decided proposals shown at the end of the desk.
MOST_DECIDED = 10


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that ask the same of the focal point."""

    key: str
    title: str
    entries: list[EntrySummary]
    is_confirmable: bool = True


@blueprint.get("/desk")
@needs("proposals:propose")
def show() -> str:
    """The desk of the actor's State."""
    read_parameters()
    return desk()


def desk(problems: Iterable[Problem] = (), typed: Mapping[int, str] | None = None) -> str:
    """The page; ``problems`` of the answer to a report, and what was typed for it by its number."""
    view = own_state()
    proposals = list_own(actor(), reading())
    return render_template(
        "desk/desk.html",
        view=view,
        groups=groups(view.entries),
        reports=list_reports(actor(), reading()),
        confirmable=len(confirmable(view.entries)),
        drafts=[one for one in proposals if one.state is ProposalState.DRAFT],
        open=[one for one in proposals if one.is_open and one.state is not ProposalState.DRAFT],
        decided=[one for one in proposals if not one.is_open][:MOST_DECIDED],
        names={one.id: one for one in view.entries},
        kinds=list(EntryKind),
        problems=problem_lines(problems),
        typed=typed or {},
        first_steps=steps_to_show(view.entries),
    )


@blueprint.post("/desk/first-visit/hide")
@needs("proposals:propose")
def hide_first_visit() -> ResponseReturnValue:
    """Hide the steps of the first visit in this browser; nothing on record changes."""
    return hide(make_response(redirect(url_for(".show"), 303)))


def own_state() -> StateView:
    """The actor's State; raises ``NotFound`` for an actor without one."""
    if not actor().state:
        raise NotFound("state", "")
    view = get_state(actor(), reading(), actor().state, now().date())
    keep_book(view.book)
    return view


def groups(entries: Iterable[EntrySummary]) -> list[Group]:
    """The entries by what they ask: answered first, then confirmed, then nothing."""
    found = list(entries)
    published = [one for one in found if one.status is EntryStatus.PUBLISHED]
    made = [
        Group(
            "lapsed", gettext("Not confirmed in time, or never"), _in(published, Freshness.LAPSED)
        ),
        Group("due", gettext("Due soon"), _in(published, Freshness.DUE)),
        Group("disputed", gettext("Reported as wrong"), _in(published, Freshness.DISPUTED), False),
        Group("confirmed", gettext("Confirmed"), _in(published, Freshness.CONFIRMED)),
        Group("suspended", gettext("Suspended"), _by(found, EntryStatus.SUSPENDED), False),
        Group("retired", gettext("Retired"), _by(found, EntryStatus.RETIRED), False),
    ]
    return [group for group in made if group.entries]


def _in(entries: Iterable[EntrySummary], freshness: Freshness) -> list[EntrySummary]:
    return [one for one in entries if one.freshness.state is freshness]


def _by(entries: Iterable[EntrySummary], status: EntryStatus) -> list[EntrySummary]:
    return [one for one in entries if one.status is status]


def confirmable(entries: Iterable[EntrySummary]) -> list[EntrySummary]:
    """What can be confirmed in one act: published, and not reported as wrong."""
    return [
        one
        for one in entries
        if one.status is EntryStatus.PUBLISHED and not one.freshness.open_reports
    ]


@blueprint.get("/desk/confirm")
@needs("entries:confirm")
def ask_to_confirm() -> str:
    """Everything of the State that can be confirmed, to be looked through before."""
    read_parameters()
    view = own_state()
    return render_template(
        "desk/confirm.html",
        view=view,
        entries=confirmable(view.entries),
        left_out=[one for one in view.entries if one.freshness.open_reports],
    )


@blueprint.post("/desk/confirm")
@needs("entries:confirm")
def confirm() -> ResponseReturnValue:
    """Confirm the entries that are named: 'all of this is still correct'."""
    named = tuple(dict.fromkeys(request.form.getlist("entry")))
    if not named:
        flash(gettext("Tick the entries that are still correct."), "error")
        return redirect(url_for(".ask_to_confirm"), 303)
    wanted = ConfirmationRequest(state=actor().state, entry_ids=named, seen=seen_revisions())
    act = Act("entries.confirm", "state", actor().state)
    try:
        done = attempt(
            parts().unit_of_work,
            actor(),
            act,
            now(),
            lambda uow: confirm_entries(uow, actor(), wanted, now()),
        )
    except InvalidState as error:
        for reason in error.reasons:
            flash(problem_text(reason), "error")
        return redirect(url_for(".show"), 303)
    flash(ngettext("%(num)s entry confirmed.", "%(num)s entries confirmed.", len(done)), "success")
    return redirect(url_for(".show"), 303)


def seen_revisions() -> dict[str, int]:
    """Entry -> the revision that the form showed, as 'RO-AAAAAA:3'."""
    pairs = (one.partition(":") for one in request.form.getlist("seen"))
    return {entry: int(number) for entry, _, number in pairs if number.isdecimal()}


@blueprint.post("/desk/reports/<int:number>/answer")
@needs("reports:answer")
def answer_report(number: int) -> ResponseReturnValue:
    """Answer a report; what was typed comes back when it does not fit."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    act = Act("report.answer", "report", str(number))
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            act,
            now(),
            lambda uow: answer(uow, actor(), number, now(), text),
        )
    except Invalid as error:
        return desk(error.problems, {number: text}), 422
    except InvalidState as error:
        flash(problems_text(error.reasons), "error")
        return redirect(url_for(".show"), 303)
    flash(gettext("Answered. The reader who reported it is told."), "success")
    return redirect(url_for(".show"), 303)
