"""Quotas and patterns of copying, as pure rules."""

import datetime as dt

import pytest

from directory.domain.looking import Limits, Standing, Use, counters, opens_again, use_of
from directory.domain.scraping import Found, Pattern, Thresholds, patterns_of_account

AT = dt.datetime(2026, 11, 24, 23, 59, 59, tzinfo=dt.UTC)
LIMITS = Limits(soft_hourly=60, hard_daily=200, state_soft_hourly=300, state_hard_daily=1000)
NONE = Limits(soft_hourly=0, hard_daily=0, state_soft_hourly=0, state_hard_daily=0)
HOUR, DAY = "2026-11-24T23", "2026-11-24"


def test_a_look_up_is_counted_for_the_account_and_its_state_by_hour_and_day() -> None:
    assert counters(12, "FR", AT) == (
        ("account:12", HOUR),
        ("account:12", DAY),
        ("state:FR", HOUR),
        ("state:FR", DAY),
    )
    assert counters(12, "", AT) == (("account:12", HOUR), ("account:12", DAY))


def test_hours_are_those_of_utc() -> None:
    late = AT.astimezone(dt.timezone(dt.timedelta(hours=5)))
    assert counters(1, "", late)[0] == ("account:1", HOUR)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, Use(Standing.OPEN)),
        ({("account:1", HOUR): 59, ("account:1", DAY): 199}, Use(Standing.OPEN)),
        ({("account:1", HOUR): 60}, Use(Standing.SOFT, "account", 60, 60)),
        ({("state:FR", HOUR): 300}, Use(Standing.SOFT, "state", 300, 300)),
        ({("account:1", DAY): 200}, Use(Standing.HARD, "account", 200, 200)),
        ({("state:FR", DAY): 1000}, Use(Standing.HARD, "state", 1000, 1000)),
        (
            {("account:1", HOUR): 60, ("state:FR", DAY): 1000},
            Use(Standing.HARD, "state", 1000, 1000),
        ),
    ],
)
def test_how_an_account_stands(counts: dict[tuple[str, str], int], expected: Use) -> None:
    assert use_of(counts, 1, "FR", AT, LIMITS) == expected
    assert use_of(counts, 1, "FR", AT, NONE) == Use(Standing.OPEN)


def test_a_quota_opens_again_with_the_next_hour_or_day() -> None:
    midnight = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    assert opens_again(Use(Standing.HARD), AT - dt.timedelta(hours=9)) == midnight
    earlier = AT - dt.timedelta(hours=9)
    assert opens_again(Use(Standing.SOFT), earlier) == earlier.replace(hour=15, minute=0, second=0)


def test_order_is_looked_for_in_entries_and_in_states_each_for_itself() -> None:
    few = Thresholds(entries_in_order=3, states_in_order=2)
    assert patterns_of_account([("", "AA"), ("b", ""), ("", "AA"), ("a", "")], few) == []
    up = [("a", "ZZ"), ("b", "ZZ"), ("c", "ZZ")]
    assert patterns_of_account(up, few) == [Found(Pattern.ENTRIES_IN_ORDER, 3)]
    answers = [("", "AA"), ("", "BB")]
    assert patterns_of_account(answers, few) == [Found(Pattern.STATES_IN_ORDER, 2)]
