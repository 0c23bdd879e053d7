"""The life of announced closed days: the whole product of status, act and setting, by hand."""

import datetime as dt
from itertools import product

import pytest

from directory.domain.closures import (
    AWAITING,
    ENDED,
    IN_EFFECT,
    TAKING_BACK,
    AnnouncedClosure,
    ClosureAct,
    ClosureStatus,
    announced,
    decision_refusals,
    status_after,
)
from directory.domain.hours import ReachHint, reachability
from directory.domain.record import Closure, Hours, Interval
from directory.domain.verification import Person

S, A = ClosureStatus, ClosureAct
#: What may happen, written a second time: (status, act) -> where an officer looks first, at once.
EXPECTED = {
    (S.WAITING, A.WITHDRAW): (S.WITHDRAWN, S.WITHDRAWN),
    (S.WAITING, A.ACCEPT): (S.VERIFIED, S.VERIFIED),
    (S.WAITING, A.REFUSE): (S.REFUSED, S.REFUSED),
    (S.UNREVIEWED, A.WITHDRAW): (S.WITHDRAWN, S.WITHDRAWN),
    (S.UNREVIEWED, A.ACCEPT): (S.VERIFIED, S.VERIFIED),
    (S.UNREVIEWED, A.REFUSE): (S.REFUSED, S.REFUSED),
    (S.VERIFIED, A.WITHDRAW): (S.LEAVING, S.LEFT_UNREVIEWED),
    (S.LEAVING, A.ACCEPT): (S.WITHDRAWN, S.WITHDRAWN),
    (S.LEAVING, A.REFUSE): (S.VERIFIED, S.VERIFIED),
    (S.LEFT_UNREVIEWED, A.ACCEPT): (S.WITHDRAWN, S.WITHDRAWN),
    (S.LEFT_UNREVIEWED, A.REFUSE): (S.VERIFIED, S.VERIFIED),
}
DAY = dt.date(2026, 1, 5)


@pytest.mark.parametrize(("status", "act"), list(product(S, A)))
def test_days_go_where_the_table_says_and_nowhere_else(
    status: ClosureStatus, act: ClosureAct
) -> None:
    found = (status_after(status, act), status_after(status, act, at_once=True))
    assert found == EXPECTED.get((status, act), (None, None))


def test_what_nobody_has_looked_at_counts_only_where_the_setting_says_so() -> None:
    assert announced(at_once=False) is S.WAITING
    assert announced(at_once=True) is S.UNREVIEWED
    assert set(IN_EFFECT) == {S.UNREVIEWED, S.VERIFIED, S.LEAVING}


def test_an_officer_is_awaited_where_an_officer_can_decide() -> None:
    decidable = {status for status, act in EXPECTED if act is not A.WITHDRAW}
    assert set(AWAITING) == decidable
    assert set(S) - {status for status, _ in EXPECTED} == ENDED
    assert TAKING_BACK <= AWAITING


@pytest.mark.parametrize(
    ("officer", "refused"),
    [
        (Person(account_id=1, state="RO"), 2),
        (Person(account_id=1, state=""), 1),
        (Person(account_id=2, state="RO"), 1),
        (Person(account_id=2, state=""), 0),
    ],
)
def test_neither_who_asked_nor_anybody_of_the_state_decides(officer: Person, refused: int) -> None:
    found = decision_refusals("RO", 1, officer)
    assert (len(found), all(one.denied for one in found)) == (refused, True)


@pytest.mark.parametrize(
    ("closures", "hint"),
    [
        ([AnnouncedClosure(first=DAY, last=DAY)], ReachHint.CLOSURE),
        ([AnnouncedClosure(first=DAY, last=DAY, unreviewed=True)], ReachHint.CLOSURE_UNREVIEWED),
        # One that was looked at is enough, be it of the State or of the office.
        (
            [
                AnnouncedClosure(first=DAY, last=DAY, unreviewed=True),
                AnnouncedClosure(first=DAY, last=DAY),
            ],
            ReachHint.CLOSURE,
        ),
        (
            [
                AnnouncedClosure(first=DAY, last=DAY, unreviewed=True),
                Closure(first=DAY, last=DAY),
            ],
            ReachHint.CLOSURE,
        ),
    ],
)
def test_days_that_nobody_has_looked_at_say_so(closures: list[Closure], hint: ReachHint) -> None:
    week = Hours(
        zone="Europe/Paris", intervals=(Interval(weekday=1, opens="08:00", closes="17:00"),)
    )
    at = dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)
    assert reachability(week, at, closures=closures).hint is hint
