"""Line tests: draws, lines, results; and numbers that are too small to be told."""

import datetime as dt
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.line_tests import (
    LineMethod,
    LineOutcome,
    LineProof,
    LineResult,
    LineTimes,
    Place,
    draw_moment,
    is_office_time,
    line_to_test,
    result_from_dict,
    result_to_dict,
    told_result,
    wanted_times,
)
from directory.domain.record import Hours, Interval
from directory.domain.small_numbers import LEAST, hidden
from directory.domain.vocabulary import Audience, ChannelKind, ChannelPurpose
from tests.support.factories import channel

ALWAYS = Hours(zone="Europe/Bucharest", round_the_clock=True)
PLACE = Place(
    zone="Europe/Bucharest",
    weekend=(6, 7),
    holidays={dt.date(2026, 12, 1)},
    hours=ALWAYS,
)
FIRST = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)
LAST = dt.datetime(2026, 12, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-30T07:00", True),  # Monday, nine o'clock there
        ("2026-11-30T06:59", False),
        ("2026-11-30T14:59", True),
        ("2026-11-30T15:00", False),
        ("2026-11-29T10:00", False),  # Sunday
        ("2026-12-01T10:00", False),  # national day
    ],
)
def test_office_time_of_a_point_that_is_always_there(moment: str, expected: bool) -> None:
    at = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    assert is_office_time(at, PLACE) is expected


def test_office_time_is_the_points_own_where_it_has_weekly_hours() -> None:
    hours = Hours(
        zone="Europe/Bucharest", intervals=(Interval(weekday=7, opens="20:00", closes="23:00"),)
    )
    place = Place(zone="Europe/Bucharest", weekend=(6, 7), hours=hours)
    assert is_office_time(dt.datetime(2026, 11, 29, 18, 30, tzinfo=dt.UTC), place)
    assert not is_office_time(dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC), place)


def test_whole_week_written_as_hours_has_usual_office_time() -> None:
    week = tuple(Interval(weekday=day, opens="00:00", closes="24:00") for day in range(1, 8))
    place = Place(zone="Europe/Bucharest", hours=Hours(zone="Europe/Bucharest", intervals=week))
    assert is_office_time(dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC), place)
    assert not is_office_time(dt.datetime(2026, 11, 30, 1, tzinfo=dt.UTC), place)


@given(st.integers(0, 2**32), st.booleans())
def test_moment_is_drawn_from_the_time_that_was_asked_for(seed: int, office_time: bool) -> None:
    moment = draw_moment(FIRST, LAST, PLACE, Random(seed).randrange, office_time=office_time)
    assert moment is not None
    assert FIRST <= moment < LAST
    assert is_office_time(moment, PLACE) is office_time


def test_rare_moments_are_found_without_luck() -> None:
    # The only office minute of a day; whoever draws always draws the first minute.
    hours = Hours(zone="Etc/UTC", intervals=(Interval(weekday=5, opens="23:58", closes="23:59"),))
    place = Place(zone="Etc/UTC", hours=hours)
    moment = draw_moment(FIRST, LAST, place, lambda _below: 0, office_time=True)
    assert moment == dt.datetime(2026, 11, 27, 23, 58, tzinfo=dt.UTC)


def test_no_moment_is_drawn_where_none_fits() -> None:
    saturday = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
    draws = Random(1).randrange
    end = saturday + dt.timedelta(hours=12)
    assert draw_moment(saturday, end, PLACE, draws, office_time=True) is None
    assert draw_moment(end, saturday, PLACE, draws, office_time=False) is None


def test_every_hour_of_the_night_is_drawn() -> None:
    draw = Random(7).randrange
    drawn = [draw_moment(FIRST, LAST, PLACE, draw, office_time=False) for _ in range(2000)]
    assert {one.hour for one in drawn if one} == set(range(24))


def test_round_asks_inside_outside_or_in_both() -> None:
    assert wanted_times(LineTimes.INSIDE) == (True,)
    assert wanted_times(LineTimes.OUTSIDE) == (False,)
    assert wanted_times(LineTimes.BOTH) == (True, False)


def test_urgent_line_is_tested_before_a_general_one_and_a_secret_one_never() -> None:
    general = channel("+1", kind=ChannelKind.TELEPHONE)
    urgent = channel("+2", kind=ChannelKind.MOBILE, purpose=ChannelPurpose.OUT_OF_HOURS)
    secret = channel("+3", Audience.BREAK_GLASS, ChannelKind.TELEPHONE)
    wrong = channel("desk@", warning="address_not_valid")
    lines = (secret, general, urgent, wrong)
    assert line_to_test(lines, LineMethod.TELEPHONE) == urgent
    assert line_to_test(lines[:2], LineMethod.TELEPHONE) == general
    assert line_to_test(lines, LineMethod.MAIL) is None


def test_result_is_kept_word_for_word() -> None:
    result = LineResult(
        at=FIRST,
        outcome=LineOutcome.ANSWERED,
        method=LineMethod.MAIL,
        seconds=5,
        language="fr",
        office_time=True,
        proof=LineProof.LINK,
    )
    assert result_from_dict(result_to_dict(result)) == result
    assert result.is_answered
    assert result_from_dict(None) is None
    failed = LineResult(at=FIRST, outcome=LineOutcome.NO_ANSWER, method=LineMethod.MAIL)
    assert result_from_dict(result_to_dict(failed)) == failed


def test_a_result_that_was_kept_without_proof_proves_nothing() -> None:
    """As those were that were kept before it was."""
    result = LineResult(at=FIRST, outcome=LineOutcome.ANSWERED, method=LineMethod.TELEPHONE)
    of_old = result_to_dict(replace(result, proof=LineProof.WORD))
    del of_old["proof"]
    assert result_from_dict(of_old) == result
    assert told_result(of_old) == result_to_dict(result)
    assert told_result(None) is None


# --- small numbers


def test_nothing_is_hidden_where_all_are_enough() -> None:
    assert hidden({"a": LEAST, "b": 40}) == frozenset()


def test_a_single_small_number_takes_the_next_with_it() -> None:
    assert hidden({"a": 2, "b": 9, "c": 40}) == {"a", "b"}


def test_alone_it_takes_nothing_with_it() -> None:
    assert hidden({"a": 2}) == {"a"}


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 30), max_size=12))
def test_what_is_hidden_cannot_be_told_by_subtraction(counts: dict[int, int]) -> None:
    found = hidden(counts)
    assert all(counts[key] > 0 for key in found)
    assert {key for key, count in counts.items() if 0 < count < LEAST} <= found
    others = any(key not in found and counts[key] for key in counts)
    if found and others:
        assert len(found) > 1
        assert sum(counts[key] for key in found) >= LEAST
