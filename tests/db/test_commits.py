"""Whether anybody has committed since."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from directory.db.base import Base
from directory.db.commits import LastCommit, last_commit
from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.models.reference import Instrument


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'a place' / 'd?.db'}")
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def commit(engine: Engine, code: str) -> None:
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(Instrument).values(code=code, short_title=code, title=code))


def known(engine: Engine) -> LastCommit:
    found = last_commit(engine)
    assert found is not None
    return found


def test_it_stays_the_same_until_somebody_commits(engine: Engine) -> None:
    first = known(engine)
    uow = UnitOfWork(engine)
    uow.session.execute(insert(Instrument).values(code="A", short_title="A", title="A"))
    assert known(engine) == first
    uow.__exit__(ZeroDivisionError, None, None)
    assert known(engine) == first
    commit(engine, "A")
    second = known(engine)
    assert second != first
    assert known(engine) == second


def test_a_commit_of_another_process_is_one(engine: Engine) -> None:
    go, may_go = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(go, 1)
        commit(make_engine(engine.url), "B")
        os._exit(0)
    before = known(engine)
    os.write(may_go, b"!")
    assert os.waitpid(child, 0)[1] == 0
    assert known(engine) != before


def test_what_was_counted_before_the_connections_were_renewed_is_never_the_same(
    engine: Engine,
) -> None:
    before = known(engine)
    engine.dispose()
    assert known(engine) != before


def test_databases_are_not_taken_for_one_another(engine: Engine, tmp_path: Path) -> None:
    other = make_engine(f"sqlite:///{tmp_path / 'other.db'}")
    Base.metadata.create_all(other)
    for one in (engine, other):
        for code in "AB":
            commit(one, code)
    assert known(engine) != known(other)
    other.dispose()


def test_threads_that_ask_at_once_are_told_the_same(engine: Engine) -> None:
    told: list[LastCommit | None] = []

    def ask() -> None:
        told.extend(last_commit(engine) for _ in range(500))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(told) == 2000
    assert set(told) == {known(engine)}


def test_a_database_that_is_not_there_is_none_and_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "gone.db"
    engine = make_engine(f"sqlite:///{path}")
    assert last_commit(engine) is None
    assert not path.exists()


def test_where_nobody_counts_there_is_no_answer() -> None:
    assert last_commit(make_engine("sqlite://")) is None
    assert last_commit(make_engine("postgresql+psycopg://nobody@localhost/none")) is None
