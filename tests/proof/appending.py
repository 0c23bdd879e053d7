"""Processes that append to one log at the same time; also as they must never be written."""

import multiprocessing

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.services.change_log import append, read_tail, record
from tests.proof.events import sample_event


def run_all(url: str, processes: int, count: int, mode: str) -> list[int | None]:
    """Start them all, wait for all; their exit codes."""
    # Forked from a fresh process that holds no connections, and imports everything only once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    started = [
        context.Process(target=append_many, args=(url, count, number, mode))
        for number in range(processes)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    return [process.exitcode for process in started]


def append_many(url: str, count: int, number: int, mode: str) -> None:
    engine = make_engine(url)
    for step in range(count):
        MODES[mode](engine, number * count + step)
    engine.dispose()


def append_rightly(engine: Engine, number: int) -> None:
    with UnitOfWork(engine) as uow:
        record(uow, sample_event(number))


def append_without_lock(engine: Engine, number: int) -> None:
    """The planted bug: the log's end is read before the transaction that writes has the lock."""
    with Session(engine) as session:
        tail = read_tail(session)
    with UnitOfWork(engine) as uow:
        append(uow, tail, [sample_event(number)])


MODES = {"right": append_rightly, "twin": append_without_lock}
