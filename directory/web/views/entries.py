"""One entry as a reader may see it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from directory.domain.conflicts import conflicts
from directory.domain.contacts import office_of, reach_of
from directory.domain.hours import Reachability
from directory.domain.lately import RecentChange, ReportedChannel, may_be_told
from directory.domain.lifecycle import ReportKind
from directory.domain.looking import Way
from directory.domain.record import ContactPointRecord, RequirementsRecord, cooperation_types
from directory.domain.validity import is_valid
from directory.domain.watching import WatchKind
from directory.errors import Problem
from directory.policy import is_own_state
from directory.queries.entries import EntryView, get_entry, get_name
from directory.queries.national_holidays import holidays_around
from directory.queries.recent_changes import recent_changes
from directory.queries.reported import reported_channels
from directory.queries.reports import ReportView, open_reports
from directory.queries.watching import is_watched
from directory.web.access import needs
from directory.web.context import actor, now, reading
from directory.web.finder_form import reader_zone
from directory.web.looking import looked_at
from directory.web.parameters import read_parameters
from directory.web.presentation import book, keep_book, problem_text

blueprint = Blueprint("entries", __name__)

#: Reports that the page names; of the rest it says how many there are.
MOST_REPORTS = 5


@blueprint.get("/entries/<entry_id>")
@needs("entries:read")
def show(entry_id: str) -> str:
    """The entry with its names, designations, channels, hours, freshness and sources."""
    read_parameters()
    return page(entry_id)


@dataclass(frozen=True, slots=True)
class ReportTyped:
    """What was typed into the form of a report."""

    channel: str = ""
    note: str = ""


def page(
    entry_id: str, typed: ReportTyped | None = None, problems: tuple[Problem, ...] = ()
) -> str:
    """The page; with what was typed into a report, and what is wrong with it."""
    view = get_entry(actor(), reading(), entry_id, now().date())
    looked_at(Way.PAGE, view.head)
    keep_book(view.book)
    today = now().date()
    designations = getattr(view.record, "designations", ())
    return render_template(
        "entry.html",
        view=view,
        head=view.head,
        record=view.record,
        types=cooperation_types(view.record),
        sources={source.key: source for source in view.record.sources},
        current=[one for one in designations if is_valid(one, today)],
        ended=[one for one in designations if not is_valid(one, today)],
        conflicts=conflicts(view.record),
        reach=reach(view),
        reports=reports_on(view),
        reports_left=max(0, view.freshness.open_reports - MOST_REPORTS),
        reported=reported_by(view),
        changes=changes_of(view),
        is_own=is_own_state(actor(), view.head.state),
        kinds=list(ReportKind),
        typed=typed or ReportTyped(),
        problems=[problem_text(one) for one in problems],
        watched=is_watched(actor(), reading(), WatchKind.ENTRY, entry_id),
        moment_now=now(),
        formal_name=formal_name(view),
    )


def formal_name(view: EntryView) -> str:
    """What the authority is called that handles a point's formal requests; '' when none is seen."""
    record = view.record
    if not isinstance(record, ContactPointRecord) or not record.formal_authority:
        return ""
    return get_name(actor(), reading(), record.formal_authority, now().date())


def reported_by(view: EntryView) -> tuple[ReportedChannel, ...]:
    """What its State reported and nobody has verified; looked for only where there is something."""
    entry_id = view.head.id
    if not view.has_reported:
        return ()
    return reported_channels(actor(), reading(), [entry_id]).get(entry_id, ())


def changes_of(view: EntryView) -> tuple[RecentChange, ...]:
    """What changed lately; nothing is looked for where nothing can have."""
    head = view.head
    if not may_be_told(head.revision, head.changed_at, now()):
        return ()
    return recent_changes(actor(), reading(), [head.id], now()).get(head.id, ())


def reports_on(view: EntryView) -> tuple[ReportView, ...]:
    """The newest unanswered reports; none is looked for where none is counted."""
    if not view.freshness.open_reports:
        return ()
    return open_reports(actor(), reading(), view.head.id, now().date(), MOST_REPORTS)


def reach(view: EntryView) -> Reachability | None:
    """Whether somebody is expected to answer now; None for requirements, which nobody calls."""
    if isinstance(view.record, RequirementsRecord):
        return None
    office = office_of(view.head.state, view.record)
    state = view.book.states.get(office.state, view.state)
    own = reader_zone(book().states.get(actor().state))
    return reach_of(
        office,
        now(),
        ZoneInfo(own) if own else None,
        state,
        holidays_around(state.code, now()),
        view.book.closures.get(state.code, ()),
    )
