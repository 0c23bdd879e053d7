"""The eight rules under honest and hostile people, on both databases; planted faults are found.

``WORKFLOW_SEQUENCES`` sets how many sequences are tried (2,000 unless told).
"""

import os
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, text

from directory.db.migration import upgrade
from directory.db.session import make_engine
from directory.domain import call_backs, verification
from directory.domain.lifecycle import Action
from directory.services import holds, reviews, submission
from tests.conftest import empty_postgres
from tests.workflow import test_rules
from tests.workflow.machine import Workflow
from tests.workflow.place import Place, furnish

SEQUENCES = int(os.environ.get("WORKFLOW_SEQUENCES", "2000"))
#: The sequences are tried in parts, so that several processes can share them.
PARTS = 8
STEPS = 8
#: A fault is found within so many sequences, most often within a tenth; the search ends with it.
TO_FIND_A_FAULT = 4000


def tried(sequences: int, **more: object) -> settings:
    return settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Callable[[], Place]]:
    """Gives the furnished place anew, as a copy in memory."""
    engine = make_engine("sqlite://")
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection is not None
    upgrade(engine)
    furnish(engine)
    image = _raw(engine).serialize()  # type: ignore[attr-defined]

    def fresh() -> Place:
        _raw(engine).deserialize(image)  # type: ignore[attr-defined]
        return Place(engine)

    yield fresh
    engine.dispose()


def _raw(engine: Engine) -> object:
    with engine.connect() as connection:
        return connection.connection.dbapi_connection


def machine(fresh: Callable[[], Place]) -> type[Workflow]:
    """Machines on a fresh place each."""

    class Here(Workflow):
        make_place = staticmethod(fresh)

    return Here


@pytest.mark.parametrize("part", range(PARTS))
def test_the_rules_hold_whatever_people_do(in_memory: Callable[[], Place], part: int) -> None:
    run_state_machine_as_test(machine(in_memory), settings=tried(max(1, SEQUENCES // PARTS)))


@pytest.mark.postgres
def test_the_rules_hold_on_postgresql(postgres_engine: Engine) -> None:
    def fresh() -> Place:
        empty_postgres(postgres_engine)
        return furnish(postgres_engine)

    sequences = max(1, SEQUENCES // 100)
    run_state_machine_as_test(machine(fresh), settings=tried(sequences, phases=[Phase.generate]))


def _without(action: Action, *names: str) -> dict[Action, tuple[verification.Guard, ...]]:
    left = tuple(one for one in verification.GUARDS[action] if one.__name__ not in names)
    return {**verification.GUARDS, action: left}


def no_second_officer(patch: pytest.MonkeyPatch) -> None:
    guards = _without(Action.APPROVE, "not_the_verifier", "not_the_caller")
    patch.setattr(verification, "GUARDS", guards)


def own_proposals(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verification, "GUARDS", _without(Action.TAKE, "not_own", "not_same_state"))


def no_call_back(patch: pytest.MonkeyPatch) -> None:
    guards = {
        action: tuple(one for one in found if one.__name__ != "called_back")
        for action, found in verification.GUARDS.items()
    }
    patch.setattr(verification, "GUARDS", guards)


def no_hold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reviews, "begin_hold", _hold_of_nothing)


def _hold_of_nothing(*given: object) -> int:
    _uow, _actor, proposal, _action, _current, at, _workflow, *_rest = given
    version = _BEGIN_HOLD(*given)  # type: ignore[arg-type]
    proposal.hold_until = at  # type: ignore[attr-defined]
    return version


_BEGIN_HOLD = reviews.begin_hold


def any_number(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(call_backs, "_protects", lambda *_: True)


def no_last_line(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(submission, "new_problems", lambda *_: [])


def objections_are_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(holds, "object_by_focal_point", _object_and_forget)


def _object_and_forget(uow, actor, proposal_id, version, at, text_):  # type: ignore[no-untyped-def]
    found = _OBJECT(uow, actor, proposal_id, version, at, text_)
    uow.session.flush()
    uow.session.execute(
        text("UPDATE proposal SET state = 'on_hold' WHERE id = :id"), {"id": proposal_id}
    )
    return found


_OBJECT = holds.object_by_focal_point

#: Faults that random sequences meet within seconds.
FAULTS = (own_proposals, no_call_back, no_hold)
#: Faults that need a long way to show; the test of the very rule finds each.
FOUND_BY: dict[Callable[[pytest.MonkeyPatch], None], Callable[[Place], None]] = {
    no_second_officer: test_rules.test_two_officers_are_two,
    any_number: test_rules.test_a_number_younger_than_thirty_days_is_not_called,
    no_last_line: partial(test_rules.test_the_last_urgent_line_cannot_be_removed, channels=()),
    objections_are_lost: test_rules.test_an_objection_hides_a_reported_channel,
}


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(
    in_memory: Callable[[], Place],
    plant: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant(monkeypatch)
    found = tried(TO_FIND_A_FAULT, phases=[Phase.generate], print_blob=False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(in_memory), settings=found)


@pytest.mark.parametrize("plant", FOUND_BY, ids=lambda plant: plant.__name__)
def test_a_planted_fault_breaks_the_test_of_its_rule(
    in_memory: Callable[[], Place],
    plant: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    FOUND_BY[plant](in_memory())
    plant(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        FOUND_BY[plant](in_memory())
