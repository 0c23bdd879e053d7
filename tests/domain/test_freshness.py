"""Freshness: never confirmed is lapsed, a report disputes, a cycle ends on its day."""

import datetime as dt

import pytest

from directory.domain.freshness import freshness
from directory.domain.vocabulary import EntryKind, Freshness

TODAY = dt.date(2026, 11, 23)


def test_entry_never_confirmed_by_its_state_is_lapsed() -> None:
    view = freshness(EntryKind.AUTHORITY, None, TODAY)
    assert (view.state, view.due_on) == (Freshness.LAPSED, None)


def test_open_report_disputes_even_an_entry_confirmed_today() -> None:
    view = freshness(EntryKind.AUTHORITY, TODAY, TODAY, open_reports=2)
    assert (view.state, view.open_reports) == (Freshness.DISPUTED, 2)


@pytest.mark.parametrize(
    ("kind", "cycle"),
    [
        (EntryKind.CONTACT_POINT, 90),
        (EntryKind.LIAISON_OFFICER, 180),
        (EntryKind.AUTHORITY, 365),
        (EntryKind.REQUIREMENTS, 365),
    ],
)
def test_each_kind_has_its_cycle_to_the_day(kind: EntryKind, cycle: int) -> None:
    def state(age: int) -> Freshness:
        return freshness(kind, TODAY - dt.timedelta(days=age), TODAY).state

    assert state(cycle - 31) is Freshness.CONFIRMED
    assert state(cycle - 30) is Freshness.DUE
    assert state(cycle) is Freshness.DUE
    assert state(cycle + 1) is Freshness.LAPSED


def test_cycles_are_a_setting() -> None:
    view = freshness(
        EntryKind.AUTHORITY, TODAY - dt.timedelta(days=11), TODAY, cycles={EntryKind.AUTHORITY: 10}
    )
    assert view.state is Freshness.LAPSED
