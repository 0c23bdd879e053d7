"""Counts of questions: what is shown of small ones, and the arithmetic of shares and waits."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.asking import (
    LEAST_SHOWN,
    ROUNDED_TO,
    percentile,
    share,
    shown_count,
    shown_total,
)


@pytest.mark.parametrize(("count", "shown"), [(0, None), (4, None), (5, 5), (600, 600)])
def test_small_counts_are_not_shown(count: int, shown: int | None) -> None:
    assert shown_count(count) == shown


@given(st.lists(st.integers(0, 500), max_size=20), st.integers(0, LEAST_SHOWN - 1))
def test_a_hidden_count_cannot_be_found_by_subtraction(shown: list[int], hidden: int) -> None:
    """Another hidden count, five less or more away at most, often gives the same total."""
    total = shown_total([*shown, hidden])
    assert total % ROUNDED_TO == 0
    assert 0 <= sum(shown) + hidden - total < ROUNDED_TO


@given(st.lists(st.integers(0, 1000), min_size=1), st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(
    values: list[int], wanted: float
) -> None:
    found = percentile(values, wanted)
    assert found is not None
    assert found in values
    enough = Fraction(round(wanted * 100), 100)

    def reached(limit: float) -> Fraction:
        return Fraction(sum(value <= limit for value in values), len(values))

    assert reached(found) >= enough
    assert all(reached(value) < enough for value in values if value < found)


def test_of_nothing_there_is_no_percentile_and_no_share() -> None:
    assert percentile([], 0.5) is None
    assert share(0, 0) == 0


def test_a_share_is_whole_only_when_all_are_there() -> None:
    assert (share(999, 1000), share(1000, 1000)) == (99, 100)
