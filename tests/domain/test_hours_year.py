"""A year in a zone: what is said of reachability against a minute-by-minute oracle.

The suite plays the eight hardest zones. ``DIRECTORY_TEST_STRIDE`` plays all forty, and sets in how
many minutes one is asked about: 13 takes minutes, 1 asks about every minute and takes long.
"""

import datetime as dt
import os
from collections.abc import Iterator
from random import Random
from zoneinfo import ZoneInfo

import pytest

from directory.domain import hours as hours_module
from directory.domain.hours import ReachState, reachability
from directory.domain.record import Hours
from tests.domain.year_oracle import DAY_MINUTES, MARGIN, YEARS, Year, drawn_hours

#: Between two minutes asked about that are chosen for no other reason; prime, so that every
#: minute of the hour is met.
STRIDE = int(os.environ.get("DIRECTORY_TEST_STRIDE", "307"))
#: An ordinary jump of an hour; half an hour; one that Ramadan moves; one that a government decides;
#: a quarter of an hour from UTC; the south; two places that skipped a day.
HARDEST = {
    "Europe/Paris",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "America/Santiago",
    "Pacific/Apia",
    "Pacific/Kwajalein",
}
PLAYED = [
    (zone, number)
    for zone, number in YEARS
    if zone in HARDEST or "DIRECTORY_TEST_STRIDE" in os.environ
]
#: Minutes asked about on both sides of a jump of the clock.
NEAR_JUMP = 90
READER = ZoneInfo("Asia/Kathmandu")


def asked(year: Year, expected: bytearray, stride: int) -> Iterator[int]:
    """Each minute beside a change or a jump, and one in ``stride`` of all others."""
    changes = {n for n in year.inside if expected[n] != expected[n - 1]}
    near_jumps = {m for n in year.jumps for m in range(n - NEAR_JUMP, n + NEAR_JUMP)}
    wanted = changes | {n - 1 for n in changes} | near_jumps
    wanted |= set(range(year.inside.start, year.inside.stop, stride))
    yield from sorted(n for n in wanted if n in year.inside)


def next_changes(expected: bytearray) -> list[int]:
    """Minute -> the next one that is otherwise; the length where there is none."""
    found = [len(expected)] * len(expected)
    for n in range(len(expected) - 2, -1, -1):
        found[n] = n + 1 if expected[n + 1] != expected[n] else found[n + 1]
    return found


def differences(year: Year, hours: Hours, stride: int = STRIDE) -> tuple[int, list[str]]:
    """How many minutes were asked about, and what was answered otherwise than the oracle has it."""
    expected = year.open_minutes(hours)
    changes = next_changes(expected)
    #: What lies behind is not known to the oracle.
    known = len(expected) - 3 * DAY_MINUTES
    wrong, count = [], 0
    for minute in asked(year, expected, stride):
        at = year.moment(minute)
        found = reachability(hours, at, READER)
        count += 1
        if (found.state is not ReachState.CLOSED) != bool(expected[minute]):
            wrong.append(f"{year.zone} {at}: {found.state}")
        change = found.closes_at or found.opens_at
        if found.state is ReachState.ROUND_THE_CLOCK:
            # Open for more than a week, or for ever.
            if changes[minute] - minute <= 7 * DAY_MINUTES and changes[minute] < known:
                wrong.append(f"{year.zone} {at}: round the clock")
        elif changes[minute] < known and (
            change is None
            or change.astimezone(dt.UTC) != year.moment(changes[minute])
            or found.changes_in != year.moment(changes[minute]) - at
            or (found.viewer_closes_at or found.viewer_opens_at) != change.astimezone(READER)
        ):
            wrong.append(f"{year.zone} {at}: changes {change}, not {changes[minute] - minute} on")
    return count, wrong


def test_the_hardest_of_forty_zones_are_played() -> None:
    assert len({zone for zone, _year in YEARS}) == 40
    assert {zone for zone, _year in PLAYED} >= HARDEST


@pytest.mark.slow
@pytest.mark.parametrize(("zone", "number"), PLAYED)
def test_a_year_agrees_with_the_clock_on_the_wall(zone: str, number: int) -> None:
    year = Year(zone, number)
    draw = Random(f"{zone} {number}")
    for _ in range(2):
        hours = drawn_hours(zone, number, draw)
        count, wrong = differences(year, hours)
        assert count > len(year.inside) // STRIDE
        assert wrong == [], hours


def test_oracle_catches_a_clock_without_summer_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted twin: winter's distance from UTC for the whole year."""
    # What is kept from other tests was worked out rightly, and this must not be kept for them.
    monkeypatch.setattr(hours_module, "_openings", hours_module._worked_out)
    monkeypatch.setattr(
        hours_module,
        "_instant",
        lambda wall, zone, last_reading=False: (wall - dt.timedelta(hours=1)).replace(
            tzinfo=dt.UTC
        ),
    )
    year = Year("Europe/Paris", 2026)
    _count, wrong = differences(year, drawn_hours("Europe/Paris", 2026, Random(1)))
    assert wrong


def test_oracle_catches_wall_clocks_that_are_subtracted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted twin: two times of one zone are taken from one another across the jump."""
    subtracted = property(
        lambda self: (
            (self.closes_at or self.opens_at) - self.local_time
            if self.closes_at or self.opens_at
            else None
        )
    )
    monkeypatch.setattr(hours_module.Reachability, "changes_in", subtracted)
    year = Year("Europe/Paris", 2026)
    _count, wrong = differences(year, drawn_hours("Europe/Paris", 2026, Random(1)))
    assert wrong


def test_a_day_that_was_never_lived_has_no_minute() -> None:
    year = Year("Pacific/Apia", 2011)
    skipped = (dt.date(2011, 12, 30) - dt.date(1970, 1, 1)).days * DAY_MINUTES
    assert not any(skipped <= wall < skipped + DAY_MINUTES for wall in year.walls)
    assert year.inside.start == MARGIN * DAY_MINUTES
