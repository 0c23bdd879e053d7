"""Line tests: does a 24/7 point answer, by night too? Words, draws and results.

A round asks every point in its scope at moments that nobody chose. Each test has a one-time code;
the desk answers by the link it is sent, or reads the code out on the telephone.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from directory.domain.hours import ReachState, reachability
from directory.domain.lifecycle import ReportKind
from directory.domain.record import Channel, Hours
from directory.domain.vocabulary import (
    ADDRESS_NOT_VALID,
    SPOKEN,
    Audience,
    ChannelKind,
    ChannelPurpose,
)

#: Draws a whole number from 0 to below the one given, as ``secrets.randbelow`` does.
Pick = Callable[[int], int]

_MINUTE = dt.timedelta(minutes=1)
#: Draws tried before every minute of the time is looked at.
_TRIES = 200
#: Usual office hours, where the point itself is there round the clock.
_OFFICE_OPENS, _OFFICE_CLOSES = dt.time(9), dt.time(17)


class LineMethod(StrEnum):
    """How a point is asked."""

    #: A mail with a link and a code; nobody has to be awake for it here.
    MAIL = "mail"
    #: A person rings.
    TELEPHONE = "telephone"


class LineOutcome(StrEnum):
    """How a test ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    #: The mail came back.
    BOUNCED = "bounced"
    #: Somebody else was reached.
    WRONG_LINE = "wrong_line"
    #: Nobody there spoke a language of the caller.
    NO_LANGUAGE = "no_language"
    #: The directory did not ask in time; says nothing of the point.
    NOT_RUN = "not_run"


class LineProof(StrEnum):
    """What shows that the desk itself answered."""

    LINK = "link"
    CODE = "code"
    #: The officer who rang says so; no code was read out.
    WORD = "word"


class LineTimes(StrEnum):
    """When a round asks: within office hours of the place, outside them, or once in each."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    BOTH = "both"


#: What a failed test is reported as.
REPORTED: Mapping[LineOutcome, ReportKind] = {
    LineOutcome.NO_ANSWER: ReportKind.NO_ANSWER,
    LineOutcome.BOUNCED: ReportKind.BOUNCED,
    LineOutcome.WRONG_LINE: ReportKind.WRONG_NUMBER,
    LineOutcome.NO_LANGUAGE: ReportKind.LANGUAGE,
}
#: Outcomes an officer may note after ringing.
NOTED = (
    LineOutcome.ANSWERED,
    LineOutcome.NO_ANSWER,
    LineOutcome.WRONG_LINE,
    LineOutcome.NO_LANGUAGE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """The latest test of a point, as readers see it; it names no number and no person."""

    at: dt.datetime
    outcome: LineOutcome
    method: LineMethod
    #: Seconds until the answer; None where there was none.
    seconds: int | None = None
    #: BCP 47 tag of the language in which it was answered; '' where there was none.
    language: str = ""
    #: Was it office time at the place?
    office_time: bool = False
    #: What shows that the desk itself answered; None where nobody did, and for results of old.
    proof: LineProof | None = None

    @property
    def is_answered(self) -> bool:
        return self.outcome is LineOutcome.ANSWERED

    @property
    def is_officers_word(self) -> bool:
        """Is it for the officer alone to say that somebody answered?"""
        return self.proof is LineProof.WORD


def result_to_dict(result: LineResult) -> dict[str, Any]:
    """In JSON types, as it is kept with the entry and told to programs."""
    return {
        "at": result.at.isoformat(),
        "outcome": result.outcome.value,
        "method": result.method.value,
        "seconds": result.seconds,
        "language": result.language or None,
        "office_time": result.office_time,
        "proof": result.proof.value if result.proof else None,
    }


def result_from_dict(plain: Mapping[str, Any] | None) -> LineResult | None:
    """The inverse of ``result_to_dict``; None for an entry that was never tested."""
    if not plain:
        return None
    return LineResult(
        at=dt.datetime.fromisoformat(plain["at"]),
        outcome=LineOutcome(plain["outcome"]),
        method=LineMethod(plain["method"]),
        seconds=plain["seconds"],
        language=plain["language"] or "",
        office_time=plain["office_time"],
        proof=LineProof(plain["proof"]) if plain.get("proof") else None,
    )


def told_result(plain: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What is kept with the entry as programs are told it: what was kept of old has no proof."""
    return {"proof": None, **plain} if plain else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a point is: its zone, weekend (ISO weekdays), national holidays and weekly hours."""

    zone: str
    weekend: Collection[int] = ()
    holidays: Collection[dt.date] = ()
    hours: Hours | None = None


def is_office_time(at: dt.datetime, place: Place) -> bool:
    """Is it office time there at the aware instant ``at``?

    By the point's own weekly hours; where it is there round the clock, or has none on record, from
    nine to five on days that are neither weekend nor a national holiday.
    """
    hours = place.hours
    if hours and hours.intervals and not hours.round_the_clock:
        found = reachability(hours, at)
        if found.state is not ReachState.ROUND_THE_CLOCK:
            return found.state is ReachState.OPEN
    local = at.astimezone(ZoneInfo(place.zone))
    if local.isoweekday() in place.weekend or local.date() in place.holidays:
        return False
    return _OFFICE_OPENS <= local.time().replace(tzinfo=None) < _OFFICE_CLOSES


def draw_moment(
    first: dt.datetime, last: dt.datetime, place: Place, pick: Pick, *, office_time: bool
) -> dt.datetime | None:
    """A random minute from ``first`` to before ``last``, inside or outside office time there.

    Each fitting minute is as likely as any other. None where there is none.
    """
    count = int((last - first) / _MINUTE)
    for _ in range(_TRIES if count > 0 else 0):
        moment = first + pick(count) * _MINUTE
        if is_office_time(moment, place) is office_time:
            return moment
    fitting = [
        moment
        for moment in (first + n * _MINUTE for n in range(count))
        if is_office_time(moment, place) is office_time
    ]
    return fitting[pick(len(fitting))] if fitting else None


def wanted_times(times: LineTimes) -> tuple[bool, ...]:
    """Whether each test of a round is to be in office time."""
    return {
        LineTimes.INSIDE: (True,),
        LineTimes.OUTSIDE: (False,),
        LineTimes.BOTH: (True, False),
    }[times]


_KINDS: Mapping[LineMethod, frozenset[ChannelKind]] = {
    LineMethod.MAIL: frozenset({ChannelKind.EMAIL}),
    LineMethod.TELEPHONE: SPOKEN,
}


def line_to_test(channels: Iterable[Channel], method: LineMethod) -> Channel | None:
    """The first line in the order of escalation that the method can try.

    A line for urgent cases or for the night goes before a general one. Lines that are only shown
    on a stated reason are left alone.
    """
    fitting = [
        one
        for one in channels
        if one.kind in _KINDS[method]
        and one.audience is not Audience.BREAK_GLASS
        and one.warning != ADDRESS_NOT_VALID
    ]
    return min(fitting, key=lambda one: one.purpose is ChannelPurpose.GENERAL, default=None)
