"""What each database is asked for when it is opened, and what it then keeps."""

import datetime as dt
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from directory.db.session import WRITES, make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.models.entry import IndexWork
from directory.models.reference import Instrument, ReferenceEdition, Territory
from tests.support import factories as make

ORPHAN = {"key": "XX-1", "state_code": "XX", "name": "Nowhere", "aliases": []}


def instrument(code: str) -> dict[str, str]:
    return {"code": code, "short_title": code, "title": code}


def codes(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(Instrument.code)))


# --- both


def test_a_row_without_its_parent_is_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError), UnitOfWork(engine) as uow:
        uow.session.execute(insert(Territory), [ORPHAN])


def test_a_parent_with_rows_is_not_taken_away(engine: Engine) -> None:
    make.add_reference(engine)
    make.publish_all(engine, make.publication("RO-1"))
    with pytest.raises(IntegrityError), UnitOfWork(engine) as uow:
        uow.session.execute(text("DELETE FROM entry"))


def test_a_savepoint_that_is_rolled_back_leaks_no_row(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(Instrument), [instrument("A")])
        savepoint = uow.session.begin_nested()
        uow.session.execute(insert(Instrument), [instrument("B")])
        with pytest.raises(IntegrityError):
            uow.session.execute(insert(Territory), [ORPHAN])
        savepoint.rollback()
        uow.session.execute(insert(Instrument), [instrument("C")])
    assert codes(engine) == {"A", "C"}


def test_a_savepoint_goes_with_the_transaction_around_it(engine: Engine) -> None:
    uow = UnitOfWork(engine)
    with uow.session.begin_nested():
        uow.session.execute(insert(Instrument), [instrument("A")])
    uow.__exit__(ZeroDivisionError, None, None)
    assert codes(engine) == set()


def test_a_reading_connection_keeps_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(insert(Instrument), [instrument("A")])
    assert codes(engine) == set()


def test_what_others_have_not_committed_is_not_seen(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(Instrument), [instrument("A")])
        uow.session.flush()
        assert codes(engine) == set()
    assert codes(engine) == {"A"}


# --- moments


def test_a_naive_moment_is_refused(engine: Engine) -> None:
    row = {"entry_id": None, "at": dt.datetime(2026, 3, 2, 9, 30)}  # noqa: DTZ001
    with pytest.raises(StatementError, match="a naive datetime cannot be stored"):  # noqa: SIM117
        with UnitOfWork(engine) as uow:
            uow.session.execute(insert(IndexWork), [row])


def test_a_naive_moment_cannot_be_asked_for(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(StatementError, match="naive"):
        connection.execute(
            select(IndexWork.id).where(IndexWork.at > dt.datetime(2026, 3, 2))  # noqa: DTZ001
        )


def test_a_moment_comes_back_in_utc(engine: Engine) -> None:
    kathmandu = dt.timezone(dt.timedelta(hours=5, minutes=45))
    given = dt.datetime(2026, 3, 2, 1, 0, 0, 123456, tzinfo=kathmandu)
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(IndexWork), [{"entry_id": None, "at": given}])
    with engine.connect() as connection:
        found = connection.execute(select(IndexWork.at)).scalar_one()
    assert found == given
    assert found.isoformat() == "2026-03-01T19:15:00.123456+00:00"


def test_moments_are_compared_as_moments(engine: Engine) -> None:
    """Not as the texts that SQLite keeps."""
    tokyo = dt.timezone(dt.timedelta(hours=9))
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(IndexWork), [{"entry_id": None, "at": make.AT}])
    earlier = (make.AT - dt.timedelta(minutes=1)).astimezone(tokyo)
    later = (make.AT + dt.timedelta(minutes=1)).astimezone(tokyo)
    with engine.connect() as connection:
        assert connection.scalar(select(IndexWork.id).where(IndexWork.at > earlier))
        assert not connection.scalar(select(IndexWork.id).where(IndexWork.at > later))


def test_no_moment_stays_none(engine: Engine) -> None:
    """The type is asked for columns that may be empty, too."""
    kind = ReferenceEdition.__table__.c.loaded_at.type
    bind, read = kind.bind_processor(engine.dialect), kind.result_processor(engine.dialect, None)
    assert bind is None or bind(None) is None
    assert read is None or read(None) is None


# --- SQLite


@pytest.fixture
def sqlite(tmp_path: Path) -> Engine:
    return make_engine(f"sqlite:///{tmp_path}/deep/er/directory.db")


def pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_sqlite_is_opened_safe_on_every_connection(sqlite: Engine, tmp_path: Path) -> None:
    with sqlite.connect() as first, sqlite.connect() as second:
        for connection in (first, second):
            assert pragma(connection, "journal_mode") == "wal"
            assert pragma(connection, "foreign_keys") == 1
            assert pragma(connection, "synchronous") == 2
            assert pragma(connection, "busy_timeout") == 15_000
    sqlite.dispose()
    assert (tmp_path / "deep" / "er" / "directory.db").exists()


def test_sqlite_readers_do_not_wait_for_a_writer(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        connection.execute(text("CREATE TABLE mark (x INTEGER)"))
    with UnitOfWork(sqlite) as uow:
        uow.session.execute(text("INSERT INTO mark VALUES (1)"))
        with sqlite.connect() as reader:
            assert reader.scalar(text("SELECT count(*) FROM mark")) == 0
    sqlite.dispose()


def begins(engine: Engine) -> list[str]:
    """What the transactions of a writer and of a reader begin with."""
    said: list[str] = []
    raw = engine.raw_connection()
    raw.driver_connection.set_trace_callback(said.append)  # type: ignore[union-attr]
    raw.close()
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        connection.execute(text("SELECT 1"))
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return [statement for statement in said if statement.startswith("BEGIN")]


def test_a_writer_on_sqlite_takes_the_lock_at_once_and_a_reader_never(sqlite: Engine) -> None:
    assert begins(sqlite) == ["BEGIN IMMEDIATE", "BEGIN"]
    sqlite.dispose()


def test_two_writers_on_sqlite_wait_for_one_another(sqlite: Engine) -> None:
    """Read, then write: with a late lock one of them would fail with 'database is locked'."""
    with sqlite.begin() as connection:
        connection.execute(text("CREATE TABLE counter (x INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def count_up() -> None:
        for _ in range(50):
            with UnitOfWork(sqlite) as uow:
                value = uow.session.scalar(text("SELECT x FROM counter"))
                uow.session.execute(text("UPDATE counter SET x = :x"), {"x": value + 1})

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite.connect() as connection:
        assert connection.scalar(text("SELECT x FROM counter")) == 200
    sqlite.dispose()


def test_with_a_late_lock_a_writer_fails(sqlite: Engine) -> None:
    """The fault that BEGIN IMMEDIATE keeps away."""
    with sqlite.begin() as connection:
        connection.execute(text("CREATE TABLE counter (x INTEGER)"))
    with sqlite.connect() as late:
        late.execute(text("SELECT * FROM counter")).all()
        with UnitOfWork(sqlite) as uow:
            uow.session.execute(text("INSERT INTO counter VALUES (1)"))
        with pytest.raises(OperationalError, match="locked"):
            late.execute(text("INSERT INTO counter VALUES (2)"))
    sqlite.dispose()


def test_sqlite_in_memory_is_opened_too() -> None:
    engine = make_engine("sqlite:///:memory:")
    with engine.connect() as connection:
        assert pragma(connection, "foreign_keys") == 1
    engine.dispose()


# --- PostgreSQL


@pytest.mark.postgres
def test_postgresql_gets_the_pool_that_was_asked_for(worker: str, postgres_engine: Engine) -> None:
    made = make_engine(postgres_engine.url, pool_size=2)
    assert made.pool.size() == 2  # type: ignore[attr-defined]
    with made.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    made.dispose()
