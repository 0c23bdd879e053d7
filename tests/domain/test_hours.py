"""Reachable now: against a minute-by-minute reading of the clock on the wall, and by cases."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.domain import hours as hours_module
from directory.domain.hours import ReachHint, ReachState, reachability
from directory.domain.record import Closure, Hours, Interval

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)

#: Zone and a date near which its clock jumps, or (last) nothing happens.
PLACES = [
    ("Europe/Paris", dt.date(2026, 3, 29)),
    ("Europe/Paris", dt.date(2026, 10, 25)),
    ("America/New_York", dt.date(2026, 11, 1)),
    ("Australia/Lord_Howe", dt.date(2026, 4, 5)),
    ("Pacific/Apia", dt.date(2011, 12, 30)),
    ("America/Sao_Paulo", dt.date(2018, 11, 4)),
    ("Asia/Kathmandu", dt.date(2026, 1, 1)),
]


def weekly(*weekdays: int, opens: str = "09:00", closes: str = "17:00") -> tuple[Interval, ...]:
    return tuple(Interval(weekday=day, opens=opens, closes=closes) for day in weekdays)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


class Wall:
    """Every minute of some days around a date, with what the clock on the wall shows."""

    def __init__(self, zone: str, middle: dt.date) -> None:
        self.zone = ZoneInfo(zone)
        self.first = middle - 3 * DAY
        start = dt.datetime.combine(self.first - DAY, dt.time(), tzinfo=dt.UTC)
        self.minutes = [start + n * MINUTE for n in range(9 * 24 * 60)]
        self.walls = [m.astimezone(self.zone).replace(tzinfo=None) for m in self.minutes]

    def open_minutes(self, hours: Hours) -> set[dt.datetime]:
        found: set[dt.datetime] = set()
        closed = {
            closure.first + n * DAY
            for closure in hours.closures
            for n in range((closure.last - closure.first).days + 1)
        }
        for n in range(-1, 9):
            day = self.first + n * DAY
            for interval in hours.intervals:
                if interval.weekday == day.isoweekday() and day not in closed:
                    found |= self.between(day, interval)
        return {m for m in found if m.astimezone(self.zone).date() not in closed}

    def between(self, day: dt.date, interval: Interval) -> set[dt.datetime]:
        midnight = dt.datetime.combine(day, dt.time())
        opens, closes = (
            midnight + dt.timedelta(hours=int(text[:2]), minutes=int(text[3:]))
            for text in (interval.opens, interval.closes)
        )
        if closes <= opens:
            closes += DAY
        after = [n for n, wall in enumerate(self.walls) if wall >= opens]
        before = [n for n, wall in enumerate(self.walls) if wall < closes]
        if not after or not before:
            return set()
        return set(self.minutes[after[0] : before[-1] + 1])


WALLS = [Wall(zone, middle) for zone, middle in PLACES]

clocks = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
intervals = st.builds(
    Interval, weekday=st.integers(1, 7), opens=clocks, closes=clocks | st.just("24:00")
)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Wall, Hours, list[dt.datetime]]:
    wall = draw(st.sampled_from(WALLS))
    closed = wall.first + draw(st.integers(0, 5)) * DAY
    closures = draw(st.sampled_from([(), (Closure(first=closed, last=closed + DAY),)]))
    weekly_hours = Hours(
        zone=wall.zone.key,
        intervals=tuple(draw(st.lists(intervals, min_size=1, max_size=6))),
        closures=closures,
    )
    picks = draw(st.lists(st.integers(2 * 24 * 60, 6 * 24 * 60), min_size=3, max_size=8))
    return wall, weekly_hours, [wall.minutes[n] for n in picks]


@settings(max_examples=80, deadline=None)
@given(scenes())
def test_every_minute_agrees_with_the_clock_on_the_wall(
    scene: tuple[Wall, Hours, list[dt.datetime]],
) -> None:
    wall, weekly_hours, instants = scene
    expected = wall.open_minutes(weekly_hours)
    for at in instants:
        found = reachability(weekly_hours, at)
        assert (found.state is not ReachState.CLOSED) == (at in expected)
        change = found.closes_at or found.opens_at
        later = [m for m in wall.minutes if m > at and (m in expected) != (at in expected)]
        if later and later[0] < wall.minutes[-2 * 24 * 60]:
            # Across zones, Python never calls a time in a repeated hour equal to another.
            assert change is not None
            assert change.astimezone(dt.UTC) == later[0]


def test_oracle_catches_a_reading_that_forgets_summer_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The planted twin: one offset for the whole year."""
    monkeypatch.setattr(
        hours_module,
        "_instant",
        lambda wall, zone, last_reading=False: (wall - dt.timedelta(hours=1)).replace(
            tzinfo=dt.UTC
        ),
    )
    wall = WALLS[0]
    office = Hours(zone="Europe/Paris", intervals=weekly(1, 2, 3, 4, 5, 6, 7))
    expected = wall.open_minutes(office)
    wrong = [
        m
        for m in wall.minutes[3 * 24 * 60 : 6 * 24 * 60 : 15]
        if (reachability(office, m).state is ReachState.OPEN) != (m in expected)
    ]
    assert wrong


def test_office_without_hours_is_unknown_never_closed() -> None:
    assert reachability(None, utc("2026-01-05T10:00")).state is ReachState.UNKNOWN


def test_printed_hours_that_could_not_be_read_are_unknown() -> None:
    found = reachability(
        Hours(zone="Asia/Tokyo", as_given="by appointment"), utc("2026-01-05T20:00")
    )
    assert found.state is ReachState.UNKNOWN
    assert found.local_time is not None
    assert found.local_time.isoformat() == "2026-01-06T05:00:00+09:00"


def test_unknown_hours_on_a_weekend_day_there_hint_at_it() -> None:
    # Friday in Cairo, where the weekend is Friday and Saturday.
    found = reachability(
        None, utc("2026-01-02T10:00"), weekend=(5, 6), fallback_zone="Africa/Cairo"
    )
    assert (found.state, found.hint) == (ReachState.UNKNOWN, ReachHint.WEEKEND)


def test_open_office_says_when_it_closes_on_both_clocks() -> None:
    found = reachability(
        Hours(zone="Europe/Bucharest", intervals=weekly(1, 2, 3, 4, 5)),
        utc("2026-01-05T08:00"),
        ZoneInfo("Asia/Tokyo"),
    )
    assert found.state is ReachState.OPEN
    assert found.closes_at is not None
    assert found.closes_at.isoformat() == "2026-01-05T17:00:00+02:00"
    assert found.viewer_closes_at is not None
    assert found.viewer_closes_at.isoformat() == "2026-01-06T00:00:00+09:00"
    assert found.opens_at is None


def test_lunch_break_is_closed_and_opens_the_same_day() -> None:
    day = (
        Interval(weekday=1, opens="08:30", closes="11:30"),
        Interval(weekday=1, opens="13:00", closes="16:30"),
    )
    found = reachability(Hours(zone="Europe/Vaduz", intervals=day), utc("2026-01-05T11:00"))
    assert found.state is ReachState.CLOSED
    assert found.opens_at is not None
    assert found.opens_at.isoformat() == "2026-01-05T13:00:00+01:00"


def test_duty_past_midnight_is_open_in_the_small_hours() -> None:
    night = Hours(zone="Europe/Paris", intervals=weekly(5, opens="20:00", closes="06:00"))
    found = reachability(night, utc("2026-01-03T03:00"))
    assert found.state is ReachState.OPEN
    assert found.closes_at == utc("2026-01-03T05:00")


def test_duty_past_midnight_ends_there_when_the_next_day_is_closed() -> None:
    night = Hours(
        zone="Europe/Paris",
        intervals=weekly(5, opens="20:00", closes="06:00"),
        closures=(Closure(first=dt.date(2026, 1, 3), last=dt.date(2026, 1, 3)),),
    )
    found = reachability(night, utc("2026-01-02T22:00"))
    assert found.closes_at == utc("2026-01-02T23:00")


def test_day_that_the_calendar_skips_has_no_opening() -> None:
    # Samoa crossed the date line: Friday 30 December 2011 was never lived there.
    friday = Hours(zone="Pacific/Apia", intervals=weekly(5))
    found = reachability(friday, utc("2011-12-30T09:00"))
    assert found.opens_at is not None
    assert found.opens_at.isoformat() == "2012-01-06T09:00:00+14:00"


def test_days_that_touch_at_midnight_are_one_opening() -> None:
    two_days = Hours(zone="Europe/Paris", intervals=weekly(1, 2, opens="00:00", closes="24:00"))
    found = reachability(two_days, utc("2026-01-05T10:00"))
    assert found.closes_at == utc("2026-01-06T23:00")


def test_seven_whole_days_are_round_the_clock() -> None:
    always = Hours(
        zone="Europe/Paris", intervals=weekly(1, 2, 3, 4, 5, 6, 7, opens="00:00", closes="24:00")
    )
    assert reachability(always, utc("2026-01-05T10:00")).state is ReachState.ROUND_THE_CLOCK


def test_round_the_clock_has_no_closing_time() -> None:
    found = reachability(Hours(zone="Europe/Paris", round_the_clock=True), utc("2026-01-05T03:00"))
    assert (found.state, found.closes_at) == (ReachState.ROUND_THE_CLOCK, None)


def test_announced_closure_closes_even_a_round_the_clock_desk() -> None:
    desk = Hours(
        zone="Europe/Paris",
        round_the_clock=True,
        closures=(Closure(first=dt.date(2026, 1, 5), last=dt.date(2026, 1, 6)),),
    )
    found = reachability(desk, utc("2026-01-05T10:00"))
    assert (found.state, found.hint) == (ReachState.CLOSED, ReachHint.CLOSURE)
    assert found.opens_at == utc("2026-01-06T23:00")


def test_closure_of_more_than_a_year_has_no_known_opening() -> None:
    shut = Hours(
        zone="Europe/Paris",
        intervals=weekly(1),
        closures=(Closure(first=dt.date(2026, 1, 1), last=dt.date(2028, 1, 1)),),
    )
    found = reachability(shut, utc("2026-01-05T10:00"))
    assert (found.state, found.opens_at) == (ReachState.CLOSED, None)


def test_national_holiday_is_a_hint_and_does_not_close() -> None:
    found = reachability(
        Hours(zone="Europe/Paris", intervals=weekly(1)),
        utc("2026-01-05T10:00"),
        holidays={dt.date(2026, 1, 5)},
    )
    assert (found.state, found.hint) == (ReachState.OPEN, ReachHint.HOLIDAY)


def test_next_opening_on_a_holiday_is_marked() -> None:
    office = Hours(zone="Europe/Bucharest", intervals=weekly(1, 2, opens="08:00"))
    found = reachability(office, utc("2026-11-29T20:00"), holidays={dt.date(2026, 11, 30)})
    assert (found.hint, found.opens_hint) == (ReachHint.NONE, ReachHint.HOLIDAY)
    later = reachability(office, utc("2026-11-30T20:00"), holidays={dt.date(2026, 11, 30)})
    assert (later.hint, later.opens_hint) == (ReachHint.HOLIDAY, ReachHint.NONE)


def test_time_until_the_next_change_counts_what_passes_and_not_the_clock() -> None:
    # Between Saturday night and Sunday noon an hour is lived twice.
    office = Hours(zone="Europe/Paris", intervals=weekly(7, opens="12:00", closes="13:00"))
    found = reachability(office, utc("2026-10-24T22:00"))
    assert found.changes_in == dt.timedelta(hours=13)
    assert reachability(None, utc("2026-10-24T22:00")).changes_in is None


def test_jump_of_a_clock_that_was_seconds_off_is_found() -> None:
    # Liberia went from UTC-0:44:30 to UTC on 7 January 1972: from midnight to a quarter to one.
    office = Hours(zone="Africa/Monrovia", intervals=weekly(5, opens="00:20", closes="09:00"))
    found = reachability(office, utc("1972-01-06T12:00"))
    assert found.opens_at == utc("1972-01-07T00:44:30")


def test_closed_days_of_a_state_close_its_offices_and_no_desk_round_the_clock() -> None:
    closed = (Closure(first=dt.date(2026, 1, 5), last=dt.date(2026, 1, 5)),)
    office = Hours(zone="Europe/Paris", intervals=weekly(1, 2))
    found = reachability(office, utc("2026-01-05T10:00"), closures=closed)
    assert (found.state, found.hint) == (ReachState.CLOSED, ReachHint.CLOSURE)
    assert found.opens_at == utc("2026-01-06T08:00")
    desk = Hours(zone="Europe/Paris", round_the_clock=True)
    always = reachability(desk, utc("2026-01-05T10:00"), closures=closed)
    assert (always.state, always.hint) == (ReachState.ROUND_THE_CLOCK, ReachHint.NONE)
    unknown = reachability(
        None, utc("2026-01-05T10:00"), fallback_zone="Europe/Paris", closures=closed
    )
    assert (unknown.state, unknown.hint) == (ReachState.UNKNOWN, ReachHint.CLOSURE)
