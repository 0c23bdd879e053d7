"""A machine without a thread to give: what waits is kept, and the next time is tried again."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.asking import Outcome
from directory.domain.key_ring import KeyRing
from directory.domain.looking import LookUp, Seen, Way
from directory.domain.watching import Front
from directory.models.read_audit import ReadView
from directory.models.watching import QuestionCount
from directory.search.index import SearchQuestion
from directory.search.whoosh_index import WhooshIndex
from directory.services.asked import Asked, AskedBook, LookupBox
from directory.services.indexing import KeptIndex, rebuild
from directory.services.looking import ReadAudit
from tests.support import factories as make

LOOK = LookUp(at=make.AT, account_id=None, state="FR", way=Way.API, seen=(Seen("RO-1", "RO"),))
ASKED = Asked(at=make.AT, front=Front.SEARCH, outcome=Outcome.NOTHING)


@pytest.fixture
def no_thread_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first thread that is started is refused, as where the machine has none left."""
    start, refused = threading.Thread.start, list[threading.Thread]()

    def refuse_first(thread: threading.Thread) -> None:
        if not refused:
            refused.append(thread)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse_first)


def _rows(engine: Engine, table: type[object]) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("no_thread_once")
def test_look_ups_are_written_by_the_next_thread_and_lines_are_closed_until_then(
    engine: Engine,
) -> None:
    make.add_reference(engine)
    make.publish_all(engine, make.publication("RO-1"))
    audit = ReadAudit(lambda: UnitOfWork(engine))
    audit.note(LOOK)
    assert audit.is_failing
    audit.note(LOOK)
    audit.end()
    assert _rows(engine, ReadView) == 2
    assert not audit.is_failing


@pytest.mark.usefixtures("no_thread_once")
def test_questions_are_counted_by_the_next_thread(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.services.asked.GATHER", 0.01)
    book = AskedBook(lambda: UnitOfWork(engine), LookupBox(KeyRing("k" * 32)))
    book.note(ASKED)
    book.note(ASKED)
    writer = book._writer
    assert writer is not None
    writer.join()
    with engine.connect() as connection:
        assert connection.scalars(select(QuestionCount.asked)).all() == [2]


@pytest.mark.usefixtures("no_thread_once")
def test_the_index_is_mended_by_the_next_question(engine: Engine, tmp_path: Path) -> None:
    make.add_reference(engine)
    index = WhooshIndex(tmp_path)
    rebuild(engine, index)
    make.publish_all(engine, make.publication("RO-1"))
    kept = KeptIndex(engine, index, look_every=0)
    for _twice in range(2):
        kept.search(SearchQuestion(text="ministry"))
        kept.settle()
    assert kept.search(SearchQuestion(text="ministry justice")).hits
    kept.settle()


def test_a_normal_stop_loses_no_question(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    script = f"""
import datetime as dt
from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.domain.asking import Outcome
from directory.domain.key_ring import KeyRing
from directory.domain.watching import Front
from directory.services.asked import Asked, AskedBook, LookupBox
engine = make_engine({url!r})
book = AskedBook(lambda: UnitOfWork(engine), LookupBox(KeyRing("k" * 32)))
at = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
book.note(Asked(at=at, front=Front.SEARCH, outcome=Outcome.NOTHING))
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    assert _rows(engine, QuestionCount) == 1
