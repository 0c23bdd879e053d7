"""Holidays of all States are read ahead, and mean the same as when they are read one by one."""

import csv
import datetime as dt

import pytest

from directory.paths import seed_data_dir
from directory.queries import national_holidays as days
from directory.queries.national_holidays import (
    holidays_around,
    know,
    known_around,
    national_holidays,
)

NEW_YEARS_EVE = dt.datetime(2026, 12, 31, 13, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "_known", {})


def test_holidays_are_a_hint_and_empty_where_none_are_known() -> None:
    assert dt.date(2026, 7, 14) in national_holidays("FR", 2026)
    assert national_holidays("EU", 2026) == frozenset()
    assert national_holidays("??", 2026) == frozenset()


def test_holidays_of_the_new_year_are_known_before_it_begins_in_utc() -> None:
    eve = dt.datetime(2026, 12, 31, 20, tzinfo=dt.UTC)
    assert dt.date(2027, 1, 1) in holidays_around("NZ", eve)
    assert dt.date(2026, 12, 25) in holidays_around("NZ", eve)


def test_what_was_read_ahead_is_what_the_calendars_say() -> None:
    ahead = known_around(NEW_YEARS_EVE)
    assert sorted(ahead) == [2026, 2027]
    with (seed_data_dir() / "states.csv").open(encoding="utf-8") as rows:
        on_record = [row["iso2"] for row in csv.DictReader(rows)]
    assert len(on_record) > 190
    codes = ["??", *on_record, *ahead[2026]]
    calendars = [national_holidays(code, year) for code in codes for year in (2025, *ahead)]
    know(ahead)
    assert calendars == [national_holidays(code, year) for code in codes for year in (2025, *ahead)]
    assert len(ahead[2026]) > 190
    assert holidays_around("NZ", NEW_YEARS_EVE) == ahead[2026]["NZ"] | ahead[2027]["NZ"]


def test_days_read_ahead_are_not_read_again() -> None:
    know({2026: {"FR": frozenset({dt.date(2026, 7, 14)})}})
    assert national_holidays("FR", 2026) == {dt.date(2026, 7, 14)}
    assert national_holidays("RO", 2026) == frozenset()
    assert len(national_holidays("RO", 2027)) > 5
