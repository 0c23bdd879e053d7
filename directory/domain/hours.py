"""Reachable now: what a record's weekly hours say of one instant, in the zone of the office.

Wall clocks are read as a person there would read them: on the day the clock jumps forward an
opening inside the jump happens at the jump; in the hour that is lived twice an office opens at the
first reading and closes at the last.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from directory.domain.closures import AnnouncedClosure
from directory.domain.record import Closure, Hours, Interval

_DAY = dt.timedelta(days=1)
_MINUTE = dt.timedelta(minutes=1)
_SECOND = dt.timedelta(seconds=1)
#: Days looked ahead, narrow first: most questions are answered by today and tomorrow.
_WINDOWS = (1, 8, 400)
#: Openings of longer windows are seldom needed and too many to keep.
_KEPT_DAYS = 8
#: An opening that lasts longer is round the clock, however it was written.
_ENDLESS = dt.timedelta(days=7)
_WHOLE_WEEK = tuple(
    Interval(weekday=weekday, opens="00:00", closes="24:00") for weekday in range(1, 8)
)


class ReachState(StrEnum):
    """Whether somebody is expected to answer."""

    OPEN = "open"
    CLOSED = "closed"
    ROUND_THE_CLOCK = "round_the_clock"
    #: No hours on record, or only a printed text.
    UNKNOWN = "unknown"


class ReachHint(StrEnum):
    """Why the office may be closed all the same, or may be there; '' is no hint."""

    NONE = ""
    #: The State announced the days.
    CLOSURE = "closure"
    #: The State announced the days, and no officer has looked at that yet.
    CLOSURE_UNREVIEWED = "closure_unreviewed"
    #: A national holiday by a calendar, not by the State: probably closed.
    HOLIDAY = "holiday"
    #: A weekend day there, and no hours on record: probably closed.
    WEEKEND = "weekend"
    #: No hours on record, but a 24/7 point: somebody should answer all the same.
    POINT = "point"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability:
    """What the hours say of one instant; every datetime is aware.

    ``local_time``, ``closes_at`` and ``opens_at`` are in the office's zone, the ``viewer_`` twins
    in the reader's. ``closes_at`` is given while open, ``opens_at`` while closed; None is unknown
    or, round the clock, never.
    """

    state: ReachState
    local_time: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    opens_at: dt.datetime | None = None
    viewer_time: dt.datetime | None = None
    viewer_closes_at: dt.datetime | None = None
    viewer_opens_at: dt.datetime | None = None
    hint: ReachHint = ReachHint.NONE
    #: Why the next opening may not take place: it falls on a national holiday.
    opens_hint: ReachHint = ReachHint.NONE
    #: The zone was taken from the State and not from the source.
    zone_assumed: bool = False

    @property
    def changes_in(self) -> dt.timedelta | None:
        """How long until it closes or opens; None is unknown or, round the clock, never."""
        change = self.closes_at or self.opens_at
        if change is None or self.local_time is None:
            return None
        # Two times of one zone are subtracted as wall clocks; a jump in between would be lost.
        return change.astimezone(dt.UTC) - self.local_time.astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class _Span:
    """Open from ``start`` to before ``end``, both UTC."""

    start: dt.datetime
    end: dt.datetime


@cache
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone; kept, since ``ZoneInfo`` itself keeps eight and reads the others again."""
    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Is it a zone of the IANA list?"""
    try:
        zone_of(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def reachability(
    hours: Hours | None,
    at: dt.datetime,
    viewer_zone: ZoneInfo | None = None,
    weekend: Collection[int] = (),
    holidays: Collection[dt.date] = (),
    fallback_zone: str = "",
    closures: Sequence[Closure] = (),
) -> Reachability:
    """What ``hours`` say of the aware instant ``at``.

    ``weekend`` holds ISO weekdays and ``holidays`` days, both of the office's State and hints only.
    ``fallback_zone`` is the only one of that State ('': it has several); it gives the local time
    where no hours are on record, and goes before a zone that no source named.
    ``closures`` are those of the whole State; a desk that is there round the clock keeps its own.
    """
    if hours and hours.zone_assumed and fallback_zone not in ("", hours.zone):
        hours = replace(hours, zone=fallback_zone)
    if hours is None or not (hours.intervals or hours.round_the_clock):
        zone_name = hours.zone if hours and hours.zone else fallback_zone
        return _unknown(zone_name, at, viewer_zone, weekend, holidays, closures)
    if closures and not hours.round_the_clock:
        hours = replace(hours, closures=(*hours.closures, *closures))
    zone = zone_of(hours.zone)
    local = at.astimezone(zone)
    hint = _hint(local.date(), hours.closures, holidays)
    state, closes, opens = _position(hours, zone, at.astimezone(dt.UTC))
    opens_there = _in(opens, zone)
    return Reachability(
        state=state,
        local_time=local,
        closes_at=_in(closes, zone),
        opens_at=opens_there,
        viewer_time=_in(at, viewer_zone),
        viewer_closes_at=_in(closes, viewer_zone),
        viewer_opens_at=_in(opens, viewer_zone),
        hint=hint,
        opens_hint=_hint(opens_there.date(), (), holidays) if opens_there else ReachHint.NONE,
        zone_assumed=hours.zone_assumed,
    )


def _unknown(
    zone_name: str,
    at: dt.datetime,
    viewer_zone: ZoneInfo | None,
    weekend: Collection[int],
    holidays: Collection[dt.date],
    closures: Sequence[Closure],
) -> Reachability:
    if not zone_name:
        return Reachability(state=ReachState.UNKNOWN, viewer_time=_in(at, viewer_zone))
    local = at.astimezone(zone_of(zone_name))
    hint = _hint(local.date(), closures, holidays)
    if hint is ReachHint.NONE and local.isoweekday() in weekend:
        hint = ReachHint.WEEKEND
    return Reachability(
        state=ReachState.UNKNOWN,
        local_time=local,
        viewer_time=_in(at, viewer_zone),
        hint=hint,
        zone_assumed=True,
    )


def _in(instant: dt.datetime | None, zone: ZoneInfo | None) -> dt.datetime | None:
    return instant.astimezone(zone) if instant and zone else None


def _hint(day: dt.date, closures: Sequence[Closure], holidays: Collection[dt.date]) -> ReachHint:
    closed = [closure for closure in closures if _covers(closure, day)]
    if closed:
        unreviewed = all(isinstance(one, AnnouncedClosure) and one.unreviewed for one in closed)
        return ReachHint.CLOSURE_UNREVIEWED if unreviewed else ReachHint.CLOSURE
    return ReachHint.HOLIDAY if day in holidays else ReachHint.NONE


def _is_closure(day: dt.date, closures: Sequence[Closure]) -> bool:
    return any(_covers(closure, day) for closure in closures)


def _covers(closure: Closure, day: dt.date) -> bool:
    return closure.first <= day <= closure.last


def _position(
    hours: Hours, zone: ZoneInfo, at: dt.datetime
) -> tuple[ReachState, dt.datetime | None, dt.datetime | None]:
    """State, closing and next opening at the UTC instant ``at``."""
    if hours.round_the_clock and not hours.closures:
        return ReachState.ROUND_THE_CLOCK, None, None
    for days in _WINDOWS:
        first = at.astimezone(zone).date() - _DAY
        last = first + days * _DAY + _DAY
        spans = (
            _openings(hours, first, last) if days <= _KEPT_DAYS else _worked_out(hours, first, last)
        )
        settled = _instant(dt.datetime.combine(last, dt.time()), zone)
        current = next((span for span in spans if span.start <= at < span.end), None)
        if current and current.end - at > _ENDLESS:
            return ReachState.ROUND_THE_CLOCK, None, None
        # A span that touches the edge of the window may go on behind it.
        if current and current.end < settled:
            return ReachState.OPEN, current.end, None
        coming = next((span.start for span in spans if span.start > at), None)
        if coming and not current:
            return ReachState.CLOSED, None, coming
    return ReachState.CLOSED, None, None


def _worked_out(hours: Hours, first: dt.date, last: dt.date) -> tuple[_Span, ...]:
    """The openings that begin from ``first`` to ``last``, in order, none touching another."""
    return tuple(_merged(_spans(hours, zone_of(hours.zone), first, last)))


#: The same, kept: many offices keep the same hours, and each is asked about the same day.
_openings = lru_cache(maxsize=2048)(_worked_out)


def _spans(hours: Hours, zone: ZoneInfo, first: dt.date, last: dt.date) -> Iterator[_Span]:
    """The openings that begin from ``first`` to ``last``, both included, without closed days."""
    intervals = _WHOLE_WEEK if hours.round_the_clock else hours.intervals
    for offset in range((last - first).days + 1):
        day = first + offset * _DAY
        if _is_closure(day, hours.closures):
            continue
        for interval in intervals:
            if interval.weekday == day.isoweekday():
                yield _span(interval, day, zone, hours.closures)


def _span(interval: Interval, day: dt.date, zone: ZoneInfo, closures: Sequence[Closure]) -> _Span:
    midnight = dt.datetime.combine(day, dt.time())
    opens, closes = _clock(interval.opens), _clock(interval.closes)
    if closes <= opens:
        closes += _DAY
    # What runs past midnight ends there when the next day is closed.
    if closes > _DAY and _is_closure(day + _DAY, closures):
        closes = _DAY
    end = _instant(midnight + closes - _MINUTE, zone, last_reading=True)
    return _Span(_instant(midnight + opens, zone), end)


def _clock(text: str) -> dt.timedelta:
    """'08:30' or '24:00' as time since midnight."""
    return dt.timedelta(hours=int(text[:2]), minutes=int(text[3:5]))


def _instant(wall: dt.datetime, zone: ZoneInfo, *, last_reading: bool = False) -> dt.datetime:
    """When the clock in ``zone`` first shows ``wall``, in UTC.

    With ``last_reading``, the end of the minute in which it shows it for the last time. A wall time
    that the clock jumps over is the instant of the jump.
    """
    local = wall.replace(tzinfo=zone, fold=int(last_reading))
    instant = local.astimezone(dt.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        return _jump(wall, zone)
    return instant + _MINUTE if last_reading else instant


def _jump(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The instant at which the clock jumps over ``wall``, found by halving."""
    early = wall.replace(tzinfo=zone, fold=1).astimezone(dt.UTC)
    late = wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    # In seconds: until 1972 some clocks were not whole minutes from UTC, and halving to minutes
    # would never end.
    while late - early > _SECOND:
        middle = (early + (late - early) // 2).replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late


def _merged(spans: Iterator[_Span]) -> list[_Span]:
    """In order, without overlaps, touching spans joined, empty ones dropped."""
    result: list[_Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if result and span.start <= result[-1].end:
            result[-1] = _Span(result[-1].start, max(result[-1].end, span.end))
        elif span.start < span.end:
            result.append(span)
    return result
