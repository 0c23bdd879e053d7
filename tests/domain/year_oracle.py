"""A slow oracle of opening hours: a whole year, minute by minute, by the clock on the wall.

It shares no code with ``directory.domain.hours``: no intervals are cut, joined or shifted. Each
minute of the year is given what a clock in that zone shows; an opening is every minute from the
first that shows its beginning to the last that shows less than its end.
"""

import datetime as dt
from array import array
from random import Random
from zoneinfo import ZoneInfo

from directory.domain.record import Closure, Hours, Interval

MINUTE = dt.timedelta(minutes=1)
DAY_MINUTES = 24 * 60
#: Days looked at beside the year, so that what runs over its edges is seen whole.
MARGIN = 16

#: Zone and the year played: half and quarter hours, both hemispheres, late and abolished summer
#: time, days that the calendar skipped when a place crossed the date line.
YEARS: tuple[tuple[str, int], ...] = (
    ("Europe/Paris", 2026),
    ("Europe/Bucharest", 2026),
    ("Europe/London", 2026),
    ("Europe/Dublin", 2026),
    ("Europe/Lisbon", 2026),
    ("Europe/Istanbul", 2016),
    ("Europe/Moscow", 2014),
    ("Europe/Chisinau", 2026),
    ("Africa/Cairo", 2026),
    ("Africa/Casablanca", 2026),
    ("Africa/Lagos", 2026),
    ("Africa/Nairobi", 2026),
    ("Africa/Johannesburg", 2026),
    ("Africa/Khartoum", 2017),
    ("Asia/Tehran", 2022),
    ("Asia/Dubai", 2026),
    ("Asia/Karachi", 2026),
    ("Asia/Kolkata", 2026),
    ("Asia/Kathmandu", 2026),
    ("Asia/Yangon", 2026),
    ("Asia/Tokyo", 2026),
    ("Asia/Pyongyang", 2015),
    ("Asia/Gaza", 2026),
    ("Asia/Beirut", 2026),
    ("Asia/Amman", 2022),
    ("Asia/Manila", 2026),
    ("Australia/Lord_Howe", 2026),
    ("Australia/Adelaide", 2026),
    ("Australia/Eucla", 2026),
    ("Pacific/Auckland", 2026),
    ("Pacific/Chatham", 2026),
    ("Pacific/Apia", 2011),
    ("Pacific/Kiritimati", 1994),
    ("Pacific/Kwajalein", 1993),
    ("Pacific/Norfolk", 2026),
    ("America/New_York", 2026),
    ("America/St_Johns", 2026),
    ("America/Caracas", 2016),
    ("America/Sao_Paulo", 2018),
    ("America/Santiago", 2026),
)


class Year:
    """Every minute of a year in a zone; ``walls`` are what its clock shows, minutes since 1970."""

    def __init__(self, zone: str, year: int) -> None:
        self.zone = zone
        self.year = year
        first = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
        days = (dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC) - first).days
        self.begin = first - MARGIN * dt.timedelta(days=1)
        self.inside = range(MARGIN * DAY_MINUTES, (MARGIN + days) * DAY_MINUTES)
        place = ZoneInfo(zone)
        count = (days + 2 * MARGIN) * DAY_MINUTES
        self.walls = array("q", (_shown(self.begin + n * MINUTE, place) for n in range(count)))
        self.lowest = min(self.walls)
        #: What a clock may show, from the lowest on -> the first minute at which it shows at least
        #: that, and the last at which it shows less.
        self.first_showing, self.last_before = self._sought()
        #: Minutes at which the clock does not go on by one.
        self.jumps = [n for n in self.inside if self.walls[n] != self.walls[n - 1] + 1]

    def _sought(self) -> "tuple[array[int], array[int]]":
        shown = max(self.walls) - self.lowest + 2
        first, last = array("q", [0]) * shown, array("q", [-1]) * shown
        reached = 0
        for minute, wall in enumerate(self.walls):
            while reached <= wall - self.lowest:
                first[reached] = minute
                reached += 1
        first[reached] = len(self.walls)
        wanted = shown - 1
        for minute in reversed(range(len(self.walls))):
            while wanted > self.walls[minute] - self.lowest:
                last[wanted] = minute
                wanted -= 1
        return first, last

    def moment(self, minute: int) -> dt.datetime:
        return self.begin + minute * MINUTE

    def open_minutes(self, hours: Hours) -> bytearray:
        """1 for each minute in which somebody is there."""
        found = bytearray(len(self.walls))
        closed = {
            closure.first + dt.timedelta(days=n)
            for closure in hours.closures
            for n in range((closure.last - closure.first).days + 1)
        }
        start = self.begin.date() + dt.timedelta(days=2)
        for n in range(len(self.walls) // DAY_MINUTES - 4):
            day = start + dt.timedelta(days=n)
            if day not in closed:
                for interval in hours.intervals:
                    if interval.weekday == day.isoweekday():
                        self._open(found, day, interval)
        if hours.round_the_clock:
            found = bytearray(b"\1" * len(self.walls))
        for day in closed:
            self._close(found, day)
        return found

    def _open(self, found: bytearray, day: dt.date, interval: Interval) -> None:
        midnight = _minutes(day)
        opens, closes = (midnight + _of_day(one) for one in (interval.opens, interval.closes))
        if closes <= opens:
            closes += DAY_MINUTES
        first, last = (
            self.first_showing[opens - self.lowest],
            self.last_before[closes - self.lowest],
        )
        if first <= last:
            found[first : last + 1] = b"\1" * (last + 1 - first)

    def _close(self, found: bytearray, day: dt.date) -> None:
        midnight = _minutes(day)
        near = (day - self.begin.date()).days * DAY_MINUTES
        for n in range(max(0, near - 2 * DAY_MINUTES), min(len(found), near + 3 * DAY_MINUTES)):
            if midnight <= self.walls[n] < midnight + DAY_MINUTES:
                found[n] = 0


def _shown(moment: dt.datetime, place: ZoneInfo) -> int:
    """What the clock shows, in minutes since 1970; seconds of old zones are cut off."""
    local = moment.astimezone(place)
    return _minutes(local.date()) + local.hour * 60 + local.minute


def _minutes(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days * DAY_MINUTES


def _of_day(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def drawn_hours(zone: str, year: int, draw: Random) -> Hours:
    """A week as offices keep it, with breaks, nights, another weekend, closed days."""
    kind = draw.choice(("office", "break", "night", "friday", "wild", "always"))
    closures = tuple(_closure(year, draw) for _ in range(draw.randint(0, 3)))
    if kind == "always":
        return Hours(zone=zone, round_the_clock=True, closures=closures or (_closure(year, draw),))
    days = (7, 1, 2, 3, 4) if kind == "friday" else (1, 2, 3, 4, 5)
    if kind == "wild":
        spans = [(draw.randint(1, 7), _clock(draw), _clock(draw)) for _ in range(6)]
    elif kind == "night":
        spans = [(day, "20:00", "06:30") for day in days]
    elif kind == "break":
        spans = [(d, *span) for d in days for span in (("08:30", "12:00"), ("13:00", "17:15"))]
    else:
        spans = [(day, "09:00", "17:00") for day in days]
    intervals = tuple(Interval(weekday=day, opens=one, closes=two) for day, one, two in spans)
    return Hours(zone=zone, intervals=intervals, closures=closures)


def _clock(draw: Random) -> str:
    return f"{draw.randint(0, 23):02}:{draw.choice((0, 15, 30, 59)):02}"


def _closure(year: int, draw: Random) -> Closure:
    first = dt.date(year, 1, 1) + dt.timedelta(days=draw.randint(0, 350))
    return Closure(first=first, last=first + dt.timedelta(days=draw.randint(0, 6)))
