"""The life of a proposal as the full product of state, action and role; every cell is asserted.

The expected cells are written a second time and by hand, so that a change of the table in
``domain.lifecycle`` shows here.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial
from itertools import product

import pytest

from directory.domain import verification
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import (
    ALWAYS_CRITICAL,
    BY_KIND,
    OPEN,
    VERIFICATION,
    Action,
    By,
    CallBackResult,
    ProposalKind,
    ProposalState,
    after_approve,
    after_submit,
    after_verify,
    class_of,
    needs,
    transition,
)
from directory.domain.verification import Call, Case, Person, refusals

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
PROPOSER, COLLEAGUE, CALLER, SECOND, THIRD = 1, 2, 4, 5, 6

F, V, L, S = By.FOCAL_POINT, By.VERIFIER, By.OBJECTOR, By.SYSTEM
D, SU, R, C, VE, H, Z = (
    ProposalState.DRAFT,
    ProposalState.SUBMITTED,
    ProposalState.IN_REVIEW,
    ProposalState.CHANGES_REQUESTED,
    ProposalState.VERIFIED,
    ProposalState.ON_HOLD,
    ProposalState.FROZEN,
)
A = Action

#: (action, party) -> the states in which the party may do it, and where it leads ('' by policy).
LIFE: dict[tuple[Action, By], dict[ProposalState, str]] = {
    (A.SAVE, F): {D: "draft", C: "changes_requested"},
    (A.ADD_EVIDENCE, F): {D: "draft", C: "changes_requested"},
    (A.ADD_EVIDENCE, V): {R: "in_review"},
    (A.SUBMIT, F): {D: "", C: ""},
    (A.WITHDRAW, F): dict.fromkeys((D, SU, R, C, VE, H, Z), "withdrawn"),
    (A.COMMENT, F): {state: state.value for state in (SU, R, C, VE, H, Z)},
    (A.COMMENT, V): {state: state.value for state in (SU, R, C, VE, H, Z)},
    (A.TAKE, V): {SU: "in_review", R: "in_review"},
    (A.RELEASE, V): {R: "submitted"},
    (A.CALL_BACK, V): {R: "in_review"},
    (A.REQUEST_CHANGES, V): {R: "changes_requested", VE: "changes_requested"},
    (A.VERIFY, V): {R: ""},
    (A.APPROVE, V): {VE: ""},
    (A.REJECT, V): dict.fromkeys((R, VE, H, Z), "rejected"),
    (A.OBJECT, F): {H: "frozen"},
    (A.OBJECT, L): {H: "frozen"},
    (A.DISMISS_OBJECTION, V): {Z: "on_hold"},
    (A.ACKNOWLEDGE, V): {ProposalState.PUBLISHED: "published"},
    (A.PUBLISH, S): {H: "published"},
    (A.SUPERSEDE, S): dict.fromkeys((SU, R, C, VE, H, Z), "superseded"),
    (A.REVIEW_ANEW, S): dict.fromkeys((SU, R, VE, H, Z), "submitted"),
    (A.EXPIRE, S): dict.fromkeys((D, SU, C), "expired"),
}


@pytest.mark.parametrize("state", list(ProposalState))
@pytest.mark.parametrize("action", list(Action))
def test_every_cell_of_the_table(state: ProposalState, action: Action) -> None:
    for by in By:
        expected = LIFE.get((action, by), {})
        found = transition(state, action)
        known = found is not None and by in found.by
        assert known is (state in expected), (state, action, by)
        if found is not None and known:
            assert (found.to.value if found.to else "") == expected[state]


def test_what_is_ended_stays_ended() -> None:
    for state, action in product(set(ProposalState) - OPEN, Action):
        found = transition(state, action)
        assert found is None or found.to is state


# --- people


def a_case(state: ProposalState, **fields: object) -> Case:
    """A routing-critical proposal that everything has been done for."""
    given: dict[str, object] = {
        "state": state,
        "state_code": "RO",
        "needed": VERIFICATION[FieldClass.ROUTING_CRITICAL],
        "proposer_id": PROPOSER,
        "assignee_id": CALLER,
        "verified_by": CALLER,
        "approved_by": SECOND,
        "submitted_at": AT,
        "hold_until": AT + HOUR,
        "calls": (Call(at=AT, by=CALLER, result=CallBackResult.CONFIRMED),),
    }
    return Case(**(given | fields))  # type: ignore[arg-type]


def focal(account_id: int) -> Person:
    return Person(account_id=account_id, state="RO", by=frozenset({F}))


def officer(account_id: int, state: str = "") -> Person:
    return Person(account_id=account_id, state=state, by=frozenset({V}))


PEOPLE = {
    "proposer": focal(PROPOSER),
    "colleague": focal(COLLEAGUE),
    "stranger": Person(account_id=9, state="FR"),
    "caller": officer(CALLER),
    "second": officer(SECOND),
    "third": officer(THIRD),
    "proposer_as_officer": Person(account_id=PROPOSER, state="", by=frozenset({F, V})),
    "officer_of_the_state": officer(THIRD, "RO"),
    "link": verification.AN_OBJECTOR,
    "system": verification.THE_SYSTEM,
}
#: Who may do it in a state where somebody may, when everything asked for is there. The caller took
#: and verified the proposal, the second approved it.
WHO: dict[Action, set[str]] = {
    A.SAVE: {"proposer", "proposer_as_officer"},
    A.SUBMIT: {"proposer", "proposer_as_officer"},
    A.WITHDRAW: {"proposer", "colleague", "proposer_as_officer"},
    A.COMMENT: set(PEOPLE) - {"stranger", "link", "system"},
    A.TAKE: {"caller", "second", "third"},
    A.RELEASE: {"caller"},
    A.CALL_BACK: {"caller"},
    A.VERIFY: {"caller"},
    A.APPROVE: {"second", "third"},
    A.OBJECT: {"colleague", "link"},
    A.DISMISS_OBJECTION: {"third"},
    A.ACKNOWLEDGE: {"caller", "second", "third"},
    A.PUBLISH: {"system"},
    A.SUPERSEDE: {"system"},
    A.REVIEW_ANEW: {"system"},
    A.EXPIRE: {"system"},
}


def expected_people(state: ProposalState, action: Action) -> set[str]:
    if transition(state, action) is None:
        return set()
    if action in {A.REQUEST_CHANGES, A.REJECT}:
        return {"caller"} if state is R else {"caller", "second", "third"}
    if action is A.ADD_EVIDENCE:
        return {"caller"} if state is R else {"proposer", "proposer_as_officer"}
    if action is A.RELEASE:
        return {"caller"}
    return WHO[action]


@pytest.mark.parametrize("state", list(ProposalState))
@pytest.mark.parametrize("action", list(Action))
def test_every_state_action_and_person(state: ProposalState, action: Action) -> None:
    case = a_case(state)
    allowed = {
        name for name, person in PEOPLE.items() if not refusals(action, case, person, AT + 2 * HOUR)
    }
    assert allowed == expected_people(state, action)


def test_every_refusal_has_a_reason_to_read() -> None:
    for state, action, person in product(ProposalState, Action, PEOPLE.values()):
        for refusal in refusals(action, a_case(state), person, AT):
            assert refusal.problem.message
            assert str(refusal.problem)


# --- what must be there


@pytest.mark.parametrize("action", [A.VERIFY, A.APPROVE, A.PUBLISH])
@pytest.mark.parametrize(
    "calls",
    [
        (),
        (Call(at=AT, by=CALLER, result=CallBackResult.NOT_REACHED),),
        (Call(at=AT, by=CALLER, result=CallBackResult.DENIED),),
        (
            Call(at=AT, by=CALLER, result=CallBackResult.CONFIRMED),
            Call(at=AT, by=CALLER, result=CallBackResult.DENIED),
        ),
        (Call(at=AT - HOUR, by=CALLER, result=CallBackResult.CONFIRMED),),
    ],
    ids=["none", "not reached", "denied", "denied after all", "for an earlier version"],
)
def test_without_a_positive_call_nothing_goes_on(action: Action, calls: tuple[Call, ...]) -> None:
    state = {A.VERIFY: R, A.APPROVE: VE, A.PUBLISH: H}[action]
    person = {A.VERIFY: "caller", A.APPROVE: "second", A.PUBLISH: "system"}[action]
    case = a_case(state, calls=calls)
    assert refusals(action, case, PEOPLE[person], AT + 2 * HOUR)


def test_a_diplomatic_note_stands_in_for_a_call() -> None:
    note = (Call(at=AT, by=CALLER, result=CallBackResult.NOTE_VERBALE),)
    assert not refusals(A.VERIFY, a_case(R, calls=note), PEOPLE["caller"], AT)


def test_the_hold_is_not_over_a_moment_before() -> None:
    moment = dt.timedelta(microseconds=1)
    system = PEOPLE["system"]
    assert refusals(A.PUBLISH, a_case(H), system, AT + HOUR - moment)
    assert not refusals(A.PUBLISH, a_case(H), system, AT + HOUR)
    assert refusals(A.PUBLISH, a_case(H, hold_until=None), system, AT + HOUR)


@pytest.mark.parametrize(
    "fields",
    [
        {"approved_by": CALLER},
        {"approved_by": PROPOSER},
        {"verified_by": PROPOSER},
        {"verified_by": None},
        {"approved_by": None},
        {"verified_by": SECOND},
        {"calls": (Call(at=AT, by=SECOND, result=CallBackResult.CONFIRMED),)},
        {"calls": (Call(at=AT, by=PROPOSER, result=CallBackResult.CONFIRMED),)},
    ],
)
def test_publication_looks_once_more_at_who_agreed(fields: dict[str, object]) -> None:
    assert refusals(A.PUBLISH, a_case(H, **fields), PEOPLE["system"], AT + 2 * HOUR)


def test_neither_caller_nor_verifier_approves() -> None:
    """Also where one officer called and another verified."""
    case = a_case(VE, verified_by=SECOND)
    allowed = {name for name, one in PEOPLE.items() if not refusals(A.APPROVE, case, one, AT)}
    assert allowed == {"third"}


def test_neither_caller_verifier_nor_approver_judges_the_objection() -> None:
    """Also where one officer called and another verified, with whom the made-up call began."""
    calls = (Call(at=AT, by=THIRD, result=CallBackResult.CONFIRMED),)
    case = a_case(Z, calls=calls)
    dismiss = partial(refusals, A.DISMISS_OBJECTION, case, at=AT)
    assert all(dismiss(officer(one)) for one in (CALLER, SECOND, THIRD))
    assert not dismiss(officer(7))


@pytest.mark.parametrize("action", [A.CALL_BACK, A.VERIFY])
def test_being_the_assignee_makes_nobody_fit(action: Action) -> None:
    for name in ("proposer_as_officer", "officer_of_the_state"):
        person = PEOPLE[name]
        assert refusals(action, a_case(R, assignee_id=person.account_id), person, AT)


# --- the verification policy


@pytest.mark.parametrize("kind", list(ProposalKind))
@pytest.mark.parametrize("highest", list(FieldClass))
@pytest.mark.parametrize("at_once", [False, True])
def test_what_each_kind_and_class_needs(
    kind: ProposalKind, highest: FieldClass, at_once: bool
) -> None:
    found = needs(kind, class_of(kind, highest), descriptive_at_once=at_once)
    if kind in {ProposalKind.CONFIRM, ProposalKind.SUSPEND}:
        assert found.officers == 0
        assert after_submit(found) is ProposalState.PUBLISHED
    elif kind is not ProposalKind.AMEND or highest is FieldClass.ROUTING_CRITICAL:
        assert (found.officers, found.call_back, found.notice, found.hold) == (2, True, True, True)
        assert after_submit(found) is SU
        assert after_verify(found) is VE
        assert after_approve(found) is H
    elif highest is FieldClass.DESCRIPTIVE and at_once:
        assert after_submit(found) is ProposalState.PUBLISHED
    else:
        assert found.officers == 1
        assert after_verify(found) is ProposalState.PUBLISHED


def test_the_exceptions_are_these() -> None:
    assert set(BY_KIND) == {ProposalKind.CONFIRM, ProposalKind.SUSPEND}
    assert {ProposalKind.CREATE, ProposalKind.RETIRE, ProposalKind.RESTORE} == ALWAYS_CRITICAL


# --- planted faults are found


@pytest.mark.parametrize(
    ("action", "guard"),
    [
        (action, guard.__name__)
        for action, guards in verification.GUARDS.items()
        for guard in guards
    ],
)
def test_a_guard_that_is_taken_away_is_missed(
    action: Action, guard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tuple(one for one in verification.GUARDS[action] if one.__name__ != guard)
    monkeypatch.setattr(verification, "GUARDS", {**verification.GUARDS, action: left})
    assert _a_check_fails(action)


def _a_check_fails(action: Action) -> bool:
    checks: list[Callable[[], None]] = [
        partial(test_every_state_action_and_person, state, action) for state in ProposalState
    ]
    checks += [
        test_the_hold_is_not_over_a_moment_before,
        test_neither_caller_nor_verifier_approves,
        partial(test_publication_looks_once_more_at_who_agreed, {"approved_by": CALLER}),
    ]
    if action in {A.VERIFY, A.APPROVE, A.PUBLISH}:
        checks.append(partial(test_without_a_positive_call_nothing_goes_on, action, ()))
    if action in {A.VERIFY, A.CALL_BACK}:
        checks.append(partial(test_being_the_assignee_makes_nobody_fit, action))
    return any(_fails(check) for check in checks)


def _fails(check: Callable[[], None]) -> bool:
    try:
        check()
    except AssertionError:
        return True
    return False
