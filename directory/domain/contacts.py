"""Lines of contacts: an entry with its reasons, its freshness and whether it can be reached now."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from directory.domain.answer import Candidate, ContactLine, Facts, Question
from directory.domain.caveats import standing
from directory.domain.freshness import FreshnessView, freshness
from directory.domain.hours import Reachability, ReachHint, ReachState, reachability, zone_of
from directory.domain.lately import TOLD_FOR
from directory.domain.ranking import Placed, Ranking, designations_of, source_of
from directory.domain.reasons import Reason
from directory.domain.record import (
    Closure,
    ContactPointRecord,
    Designation,
    Hours,
    LiaisonOfficerRecord,
    Record,
    RequirementsRecord,
    SourceAct,
)
from directory.domain.reference import State
from directory.domain.vocabulary import EntryStatus, Freshness


class Office(NamedTuple):
    """The State where an office stands, its hours, and whether it is a 24/7 point.

    Offices that share all three are open at the same moments.
    """

    state: str
    hours: Hours | None
    is_point: bool


class Desk:
    """Makes the lines of one answer; knows the clock, the reader's zone and both States."""

    def __init__(self, question: Question, facts: Facts) -> None:
        self._question = question
        self._facts = facts
        self._zone = zone_of(question.viewer_zone) if question.viewer_zone else None
        self._states = {state.code: state for state in (facts.requesting, facts.requested)}

    def lines(self, ranking: Ranking, candidates: Iterable[Candidate]) -> tuple[ContactLine, ...]:
        """The candidates designated for the ranking's type, best first, each with its reasons."""
        lines: list[ContactLine] = []
        before = None
        for placed in ranking.ranked(candidates):
            best = placed[0]
            reasons = ranking.reasons(best, before)
            lines.append(self.placed_line(best, reasons, designations_of(placed)))
            before = best.place
        return tuple(lines)

    def placed_line(
        self, placed: Placed, reasons: Sequence[Reason], others: tuple[Designation, ...] = ()
    ) -> ContactLine:
        """The line of a designated entry."""
        return self.line(placed.candidate, reasons, placed.designation, others)

    def line(
        self,
        candidate: Candidate,
        reasons: Sequence[Reason],
        designation: Designation | None = None,
        others: tuple[Designation, ...] = (),
    ) -> ContactLine:
        """The line of an entry, designated or not."""
        state = self._freshness(candidate)
        return ContactLine(
            candidate=candidate,
            reasons=tuple(reasons),
            freshness=state,
            reachability=self.reach(office_of(candidate.state, candidate.record)),
            warnings=self._warnings(candidate, state),
            designation=designation,
            source=_source(candidate, designation),
            others=others,
        )

    def _freshness(self, candidate: Candidate) -> FreshnessView:
        return freshness(
            candidate.kind,
            candidate.confirmed_on,
            self._question.on,
            candidate.open_reports,
            self._facts.cycles,
        )

    def reach(self, office: Office) -> Reachability:
        """Whether the office is there at the moment asked for."""
        code = office.state
        return reach_of(
            office,
            self._question.at,
            self._zone,
            self._states.get(code) or self._facts.states.get(code),
            self._facts.holidays.get(code, ()),
            self._facts.closures.get(code, ()),
        )

    def _warnings(self, candidate: Candidate, state: FreshnessView) -> tuple[Reason, ...]:
        found = []
        if candidate.status is EntryStatus.SUSPENDED:
            found.append(Reason("suspended"))
        if candidate.synthetic:
            found.append(Reason("synthetic"))
        if state.state is Freshness.DISPUTED:
            found.append(Reason("disputed", {"reports": candidate.open_reports}))
        if state.state is Freshness.LAPSED:
            found.append(standing(state, candidate.as_published))
        if candidate.conflict:
            found.append(Reason("conflict"))
        if self._is_recent(candidate):
            found.append(Reason("changed_recently", {"date": candidate.changed_on}))
        return tuple(found)

    def _is_recent(self, candidate: Candidate) -> bool:
        """Changed within sixty days; the first revision of an entry changes nothing."""
        if candidate.changed_on is None or candidate.revision == 1:
            return False
        age = self._question.on - candidate.changed_on
        return dt.timedelta() <= age <= TOLD_FOR


def _source(candidate: Candidate, designation: Designation | None) -> SourceAct | None:
    """The act of the designation it stands here by; of an entry without one, its first source."""
    if designation:
        return source_of(candidate, designation)
    return next(iter(candidate.record.sources), None)


def office_of(owner: str, record: Record) -> Office:
    """Where the office of an entry of the State ``owner`` stands, and its hours.

    A liaison officer keeps the clock and the closed days of the State of the posting.
    """
    place = record.host_state if isinstance(record, LiaisonOfficerRecord) else ""
    return Office(place or owner, hours_of(record), isinstance(record, ContactPointRecord))


def reach_of(
    office: Office,
    at: dt.datetime,
    viewer_zone: ZoneInfo | None,
    state: State | None,
    holidays: Collection[dt.date],
    closures: Sequence[Closure],
) -> Reachability:
    """Whether the office is there at ``at``; ``state`` is that where it stands, None if unknown.

    A 24/7 point is there at any hour (Budapest 35(1)) unless its own hours say otherwise: no
    weekend, holiday or closed day of its State speaks against calling it.
    """
    found = reachability(
        office.hours,
        at,
        viewer_zone,
        state.weekend if state else (),
        holidays,
        only_zone(state),
        closures,
    )
    if office.is_point and found.state is ReachState.UNKNOWN:
        return replace(found, hint=ReachHint.POINT)
    return found


def hours_of(record: Record) -> Hours | None:
    """The hours of an office; what a State requires keeps none."""
    return None if isinstance(record, RequirementsRecord) else record.hours


def only_zone(state: State | None) -> str:
    """The State's zone where it has one only; else nobody can tell which: ''."""
    return state.time_zones[0] if state and len(state.time_zones) == 1 else ""
