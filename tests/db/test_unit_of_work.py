"""One transaction: all of it or nothing, and facts only after the commit."""

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from directory.db.unit_of_work import Hook, UnitOfWork, Unrecorded
from directory.models.reference import Instrument, Territory


class Interrupted(BaseException):
    """Like Ctrl-C: no Exception."""


def add(uow: UnitOfWork, code: str) -> None:
    uow.session.execute(insert(Instrument), [{"code": code, "short_title": code, "title": code}])


def codes(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(Instrument.code)))


def failing(_facts: object) -> None:
    raise RuntimeError("the index is away")


def attempt(engine: Engine, told: list[object], *steps: Callable[[UnitOfWork], object]) -> None:
    """Note a fact, then take the steps, all in one transaction."""
    with UnitOfWork(engine, [told.extend]) as uow:
        uow.note("something happened")
        for step in steps:
            step(uow)


def adding(code: str) -> Callable[[UnitOfWork], None]:
    return lambda uow: add(uow, code)


def interrupt(error: type[BaseException]) -> Callable[[UnitOfWork], None]:
    def step(_uow: UnitOfWork) -> None:
        raise error

    return step


def leave_an_orphan(uow: UnitOfWork) -> None:
    """Stays in the session and is written at the commit, and refused there."""
    uow.session.add(Territory(key="XX-1", state_code="XX", name="Nowhere", aliases=[]))


@pytest.mark.parametrize("error", [ZeroDivisionError, Interrupted, KeyboardInterrupt])
def test_a_block_that_fails_leaves_nothing_and_tells_nobody(
    engine: Engine, error: type[BaseException]
) -> None:
    told: list[object] = []
    with pytest.raises(error):
        attempt(engine, told, adding("A"), adding("B"), interrupt(error))
    assert codes(engine) == set()
    assert told == []
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("refused", [adding("A"), leave_an_orphan])
def test_what_the_database_refuses_leaves_nothing_and_tells_nobody(
    engine: Engine, refused: Callable[[UnitOfWork], object]
) -> None:
    told: list[object] = []
    with pytest.raises(IntegrityError):
        attempt(engine, told, adding("A"), refused)
    assert codes(engine) == set()
    assert told == []
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_block_that_ends_well_is_kept_whole(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        add(uow, "A")
        add(uow, "B")
    assert codes(engine) == {"A", "B"}
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_facts_reach_every_hook_in_order_after_the_commit(engine: Engine) -> None:
    told: list[tuple[str, object, set[str]]] = []
    hooks: list[Hook] = [
        lambda facts: told.append(("first", tuple(facts), codes(engine))),
        lambda facts: told.append(("second", tuple(facts), codes(engine))),
    ]
    with UnitOfWork(engine, hooks) as uow:
        add(uow, "A")
        uow.note(1)
        uow.note(2)
        assert told == []
    assert told == [("first", (1, 2), {"A"}), ("second", (1, 2), {"A"})]


def test_without_facts_no_hook_is_called(engine: Engine) -> None:
    with UnitOfWork(engine, [failing]) as uow:
        add(uow, "A")
    assert codes(engine) == {"A"}


def test_a_failing_hook_does_not_look_like_a_failed_save(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[object] = []
    with caplog.at_level(logging.ERROR), UnitOfWork(engine, [failing, told.extend]) as uow:
        add(uow, "A")
        uow.note("A was added")
    assert codes(engine) == {"A"}
    assert told == ["A was added"]
    assert "a hook failed after the commit" in caplog.text
    assert "the index is away" in caplog.text


def test_entries_are_not_written_without_an_event_in_the_log(engine: Engine) -> None:
    told: list[object] = []
    with pytest.raises(Unrecorded):
        attempt(engine, told, adding("UNTOC"), UnitOfWork.entries_written)
    assert codes(engine) == set()
    assert told == []


def test_entries_are_written_with_an_event_before_or_after(engine: Engine) -> None:
    both = (UnitOfWork.entries_written, UnitOfWork.event_appended)
    attempt(engine, [], adding("A"), *both)
    attempt(engine, [], adding("B"), *reversed(both))
    assert codes(engine) == {"A", "B"}
