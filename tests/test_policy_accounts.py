"""Rules on accounts, their requests and domains: a check and its filter are one rule."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from directory.domain.accounts import AccountAct, RequestKind, RequestOutcome
from directory.domain.vocabulary import Role
from directory.errors import Denied
from directory.models.account import Account, AccountRequest, AccountRole
from directory.policy import (
    ACCOUNT_ACTS,
    ANONYMOUS,
    GRANTS,
    SYSTEM,
    Actor,
    accounts_for,
    may_account,
    may_agree_domain,
    may_approve,
    may_decline,
)
from tests.support import factories as make

AT = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Facts:
    """An account."""

    id: int | None
    state: str
    #: Held, and asked for by an open request.
    held: tuple[Role, ...]
    asked: Role | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset((*self.held, *([self.asked] if self.asked else [])))


ACCOUNTS = [
    Facts(1, "FR", (Role.READER,)),
    Facts(2, "FR", (Role.FOCAL_POINT,)),
    Facts(3, "FR", (), Role.FOCAL_POINT),
    Facts(4, "FR", (Role.READER,), Role.FOCAL_POINT),
    Facts(5, "RO", (Role.READER,)),
    Facts(6, "RO", (Role.READER, Role.FOCAL_POINT)),
    Facts(7, "", (Role.VERIFIER,)),
    Facts(8, "", (Role.ADMINISTRATOR,)),
    Facts(9, "", (Role.AUDITOR,)),
    Facts(10, "", (), Role.VERIFIER),
    Facts(11, "", (Role.VERIFIER, Role.ADMINISTRATOR)),
    Facts(12, "RO", ()),
]
BY_ID = {one.id: one for one in ACCOUNTS}


def actor_of(facts: Facts, scopes: frozenset[str] | None = None) -> Actor:
    return Actor(
        name=f"{facts.id}@trial.example",
        account_id=facts.id,
        state=facts.state,
        roles=frozenset(facts.held),
        scopes=scopes,
    )


ACTORS = [actor_of(one) for one in ACCOUNTS]


def allowed(actor: Actor, act: AccountAct) -> set[int | None]:
    return {one.id for one in ACCOUNTS if may_account(actor, act, one)}


def test_readers_auditors_and_strangers_act_on_no_account() -> None:
    for number, act in product((1, 5, 9, 12), AccountAct):
        assert not allowed(actor_of(BY_ID[number]), act)
    assert not any(allowed(ANONYMOUS, act) for act in AccountAct)


def test_a_token_reads_accounts_and_does_nothing_else_to_them() -> None:
    administrator = actor_of(BY_ID[8], frozenset(GRANTS))
    assert allowed(administrator, AccountAct.READ) == set(BY_ID)
    for act in set(AccountAct) - {AccountAct.READ}:
        assert not allowed(administrator, act)
        with pytest.raises(Denied):
            accounts_for(administrator, act)


def test_a_token_without_the_scope_does_not_read_them() -> None:
    assert not allowed(actor_of(BY_ID[8], frozenset({"entries:read"})), AccountAct.READ)


def test_a_focal_point_looks_after_the_readers_of_the_own_state_only() -> None:
    point = actor_of(BY_ID[6])
    assert allowed(point, AccountAct.READ) == {5, 6, 12}
    for act in (AccountAct.RENEW, AccountAct.CONFIRM, AccountAct.CHANGE):
        assert allowed(point, act) == {5, 12}
    assert allowed(point, AccountAct.INVITE) == {5, 12}
    assert allowed(actor_of(BY_ID[2]), AccountAct.INVITE) == {1, 3, 4}


def test_a_focal_point_hands_over_and_leaves_and_makes_nobody_else_do_so() -> None:
    point = actor_of(BY_ID[2])
    assert allowed(point, AccountAct.HAND_OVER) == {2}
    assert allowed(point, AccountAct.END_ROLE) == {2}
    assert allowed(point, AccountAct.DISABLE) == {1, 2}


def test_no_officer_acts_on_the_own_account() -> None:
    for number, act in product((7, 8, 11), set(AccountAct) - {AccountAct.READ}):
        assert number not in allowed(actor_of(BY_ID[number]), act)


def test_a_verifier_closes_nobody_of_the_secretariat() -> None:
    assert allowed(actor_of(BY_ID[7]), AccountAct.DISABLE) == {1, 2, 3, 4, 5, 6, 12}
    assert allowed(actor_of(BY_ID[8]), AccountAct.DISABLE) == {*BY_ID} - {8}


def test_the_command_line_acts_on_every_account() -> None:
    assert all(allowed(SYSTEM, act) == set(BY_ID) for act in AccountAct)


def test_every_act_needs_a_permission_that_exists() -> None:
    assert set(ACCOUNT_ACTS) == set(AccountAct)
    assert set(ACCOUNT_ACTS.values()) <= set(GRANTS)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    make.add_reference(engine)
    with Session(engine) as made:
        made.execute(insert(Account), [_account_row(one) for one in ACCOUNTS])
        for one in ACCOUNTS:
            for role in one.held:
                made.execute(insert(AccountRole), [{"account_id": one.id, "role": role}])
            if one.asked:
                made.execute(insert(AccountRequest), [_request_row(one)])
        yield made


def _account_row(one: Facts) -> dict[str, object]:
    return {
        "id": one.id,
        "email": f"{one.id}@trial.example",
        "fs_uniquifier": str(one.id),
        "state_code": one.state or None,
        "cooperation_types": [],
        "created_at": AT,
    }


def _request_row(one: Facts) -> dict[str, object]:
    return {
        "account_id": one.id,
        "kind": RequestKind.ROLE,
        "role": one.asked,
        "asked_by": 8,
        "asked_at": AT,
        "needed": 1,
        "signs": [],
    }


def test_the_filter_selects_exactly_the_accounts_that_the_check_allows(session: Session) -> None:
    for actor, act in product([*ACTORS, SYSTEM], AccountAct):
        try:
            selected = set(session.scalars(select(Account.id).where(accounts_for(actor, act))))
        except Denied:
            selected = set()
        assert selected == allowed(actor, act), (actor, act)


@dataclass(frozen=True)
class Asked:
    """A request."""

    account_id: int = 3
    replaces_id: int | None = None
    asked_by: int | None = 8
    approved_by: frozenset[int] = frozenset()
    outcome: RequestOutcome | None = None


def test_nobody_approves_what_they_asked_for_or_what_is_about_them_or_twice() -> None:
    officer = actor_of(BY_ID[7])
    assert may_approve(officer, Asked())
    assert not may_approve(officer, Asked(asked_by=7))
    assert not may_approve(officer, Asked(account_id=7))
    assert not may_approve(officer, Asked(replaces_id=7))
    assert not may_approve(officer, Asked(approved_by=frozenset({7})))
    assert not may_approve(officer, Asked(outcome=RequestOutcome.DECLINED))


def test_only_officers_approve_and_no_token_does() -> None:
    for actor in (*ACTORS, SYSTEM, ANONYMOUS):
        is_other_officer = actor.account_id in {7, 11}
        assert may_approve(actor, Asked()) is is_other_officer
    assert not may_approve(actor_of(BY_ID[7], frozenset(GRANTS)), Asked())


def test_officers_decline_and_who_asked_takes_it_back() -> None:
    assert may_decline(actor_of(BY_ID[7]), Asked(approved_by=frozenset({7})))
    assert may_decline(actor_of(BY_ID[8]), Asked())
    assert may_decline(actor_of(BY_ID[2]), Asked(asked_by=2))
    assert not may_decline(actor_of(BY_ID[2]), Asked())
    assert not may_decline(actor_of(BY_ID[1]), Asked(asked_by=1))
    assert not may_decline(actor_of(BY_ID[7]), Asked(account_id=7))
    assert not may_decline(actor_of(BY_ID[7]), Asked(outcome=RequestOutcome.APPROVED))
    assert not may_decline(actor_of(BY_ID[7], frozenset(GRANTS)), Asked())
    assert not may_decline(SYSTEM, Asked(asked_by=None))


@dataclass(frozen=True)
class Domain:
    """A domain of a State's list."""

    added_by: int | None = 8
    is_agreed: bool = False


def test_a_domain_is_agreed_to_by_another_officer_than_the_one_who_added_it() -> None:
    added = Domain()
    assert {one.account_id for one in ACTORS if may_agree_domain(one, added)} == {7, 11}
    assert not may_agree_domain(actor_of(BY_ID[7]), replace(added, is_agreed=True))
    assert not may_agree_domain(actor_of(BY_ID[7], frozenset(GRANTS)), added)
