"""Who may do what to whose account: the whole table, by hand; then how long an account works."""

import datetime as dt
from dataclasses import replace
from itertools import chain, combinations, product

import pytest

from directory.domain.accounts import (
    CONFIRM_EVERY,
    DUE_BEFORE,
    GRACE,
    MAY,
    OPEN,
    WITHOUT_STATE,
    AccountAct,
    AccountKind,
    AccountStatus,
    Hand,
    Life,
    approvals_needed,
    confirmed_since,
    due_on,
    end_problems,
    kind_of,
    leaving_problems,
    may,
    officers_problems,
    status_of,
)
from directory.domain.vocabulary import Role

TODAY = dt.date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)

#: One letter a hand: Own, Focal point, Verifier, Administrator. For readers, focal points,
#: secretariat; written a second time and by hand.
EXPECTED = {
    AccountAct.READ: ("OFVA", "OFVA", "OVA"),
    AccountAct.INVITE: ("FVA", "FVA", "VA"),
    AccountAct.RENEW: ("FVA", "VA", "VA"),
    AccountAct.CONFIRM: ("FVA", "VA", "VA"),
    AccountAct.CHANGE: ("FVA", "VA", "A"),
    AccountAct.END_ROLE: ("", "OVA", "A"),
    AccountAct.END_SESSIONS: ("FVA", "VA", "A"),
    AccountAct.DISABLE: ("FVA", "OVA", "A"),
    AccountAct.HAND_OVER: ("", "OVA", ""),
}
LETTERS = {
    "O": Hand.OWNER,
    "F": Hand.FOCAL_POINT,
    "V": Hand.VERIFIER,
    "A": Hand.ADMINISTRATOR,
}
CELLS = [
    (act, kind, row[number])
    for act, row in EXPECTED.items()
    for number, kind in enumerate(
        (AccountKind.READER, AccountKind.FOCAL_POINT, AccountKind.SECRETARIAT)
    )
]


@pytest.mark.parametrize(("act", "kind", "letters"), CELLS)
def test_nobody_acts_on_their_own_account_unless_the_table_names_the_owner(
    act: AccountAct, kind: AccountKind, letters: str
) -> None:
    for others in subsets(set(Hand) - {Hand.OWNER}):
        assert may(act, kind, frozenset({Hand.OWNER, *others})) is ("O" in letters)


@pytest.mark.parametrize(("act", "kind", "letters"), CELLS)
def test_each_act_is_for_the_hands_that_the_table_names(
    act: AccountAct, kind: AccountKind, letters: str
) -> None:
    for hands in subsets(set(Hand) - {Hand.OWNER}):
        named = {LETTERS[one] for one in letters}
        assert may(act, kind, frozenset(hands)) is bool(named & set(hands))


def subsets(hands: set[Hand]) -> list[tuple[Hand, ...]]:
    ordered = sorted(hands)
    return list(chain(*(combinations(ordered, size) for size in range(len(ordered) + 1))))


def test_every_act_and_kind_stands_in_the_table() -> None:
    assert set(MAY) == set(EXPECTED) == set(AccountAct)
    assert all(set(row) == set(AccountKind) for row in MAY.values())


def test_an_account_is_what_the_gravest_of_its_roles_is() -> None:
    assert kind_of([]) is AccountKind.READER
    assert kind_of([Role.READER]) is AccountKind.READER
    assert kind_of([Role.READER, Role.FOCAL_POINT]) is AccountKind.FOCAL_POINT
    for role in WITHOUT_STATE:
        assert kind_of([Role.FOCAL_POINT, role]) is AccountKind.SECRETARIAT


@pytest.mark.parametrize(
    ("kind", "is_officer", "is_plain", "needed"),
    [
        (AccountKind.FOCAL_POINT, False, True, 2),
        (AccountKind.FOCAL_POINT, True, True, 1),
        (AccountKind.SECRETARIAT, True, True, 1),
        (AccountKind.SECRETARIAT, False, False, 2),
        (AccountKind.READER, True, False, 1),
        (AccountKind.READER, False, False, 1),
        (AccountKind.READER, False, True, 0),
    ],
)
def test_two_officers_agree_to_a_focal_point_and_to_an_officer(
    kind: AccountKind, is_officer: bool, is_plain: bool, needed: int
) -> None:
    assert approvals_needed(kind, is_officer, is_plain) == needed


LIFE = Life(
    active=True,
    accepted=True,
    waits=False,
    confirmed_on=TODAY,
    ends_on=None,
    role_ends=(None,),
)
#: The last day on which somebody who was confirmed then is still let in.
OLDEST = TODAY - CONFIRM_EVERY - GRACE


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"active": False}, AccountStatus.DISABLED),
        ({"active": False, "waits": True, "role_ends": ()}, AccountStatus.DISABLED),
        ({"waits": True, "role_ends": (), "accepted": False}, AccountStatus.PROPOSED),
        ({"role_ends": ()}, AccountStatus.ENDED),
        ({"role_ends": (YESTERDAY, YESTERDAY)}, AccountStatus.ENDED),
        ({"role_ends": (YESTERDAY,), "waits": True}, AccountStatus.ENDED),
        ({"ends_on": YESTERDAY}, AccountStatus.ENDED),
        ({"confirmed_on": OLDEST - dt.timedelta(days=1)}, AccountStatus.LAPSED),
        ({"confirmed_on": OLDEST, "accepted": False}, AccountStatus.INVITED),
        ({"accepted": False}, AccountStatus.INVITED),
        ({"confirmed_on": OLDEST}, AccountStatus.DUE),
        ({"confirmed_on": TODAY - CONFIRM_EVERY + DUE_BEFORE}, AccountStatus.DUE),
        ({"confirmed_on": TOMORROW - CONFIRM_EVERY + DUE_BEFORE}, AccountStatus.IN_USE),
        ({"ends_on": TODAY, "role_ends": (YESTERDAY, TODAY)}, AccountStatus.IN_USE),
        ({"waits": True}, AccountStatus.IN_USE),
    ],
)
def test_an_account_works_while_nothing_speaks_against_it(
    change: dict[str, object], status: AccountStatus
) -> None:
    assert status_of(replace(LIFE, **change), TODAY) is status  # type: ignore[arg-type]


def test_only_what_is_used_or_can_be_is_open() -> None:
    assert {AccountStatus.INVITED, AccountStatus.IN_USE, AccountStatus.DUE} == OPEN


def test_a_year_and_a_month_after_its_confirmation_an_account_stops() -> None:
    assert due_on(dt.date(2025, 1, 1)) == dt.date(2026, 1, 1)
    assert confirmed_since(dt.date(2026, 1, 31)) == dt.date(2025, 1, 1)


@pytest.mark.parametrize(
    ("wanted", "until", "refused"),
    [
        (YESTERDAY, None, True),
        (YESTERDAY, TOMORROW, True),
        (TOMORROW, TODAY, True),
        (None, TODAY, True),
        (TODAY, None, False),
        (TODAY, TODAY, False),
        (TODAY, TOMORROW, False),
        (None, None, False),
    ],
)
def test_a_last_day_is_only_brought_forward(
    wanted: dt.date | None, until: dt.date | None, refused: bool
) -> None:
    problems = end_problems("ends_on", wanted, until, TODAY)
    assert [one.path for one in problems] == (["ends_on"] if refused else [])


def test_a_states_last_focal_point_stays() -> None:
    assert leaving_problems(0)
    assert not leaving_problems(1)


def test_two_officers_remain() -> None:
    assert [bool(officers_problems(left)) for left in (0, 1, 2, 3)] == [True, True, False, False]


def test_the_table_is_asked_for_every_set_of_hands() -> None:
    assert len(CELLS) == len(list(product(AccountAct, AccountKind)))
