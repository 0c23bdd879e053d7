"""Writing the read audit: beside the answers, in batches, and counted in the database.

An answer does not wait for the disk. Look-ups are gathered in the process and written in one
transaction every quarter of a second, by a thread that the end of the process waits for: a normal
stop loses none, a crash those of the last quarter of a second. While writing fails they are kept
and tried again, and ``is_failing`` says so: restricted lines are closed then (``policy``), and once
``MOST_WAITING`` wait, everything but what is urgent.
"""

import datetime as dt
import threading
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from weakref import WeakSet

import structlog
from sqlalchemy import Connection, Insert, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from directory.db.reader import Reader, connection_of
from directory.db.swift import SwiftSelect
from directory.db.unit_of_work import UnitOfWork
from directory.domain.looking import Counter, Limits, LookUp, counters
from directory.models.read_audit import ReadCount, ReadView
from directory.settings import Settings

#: Seconds between two batches, and after one that failed.
WRITE_EVERY = 0.25
#: Seconds without a look-up after which the thread ends; the next look-up starts another.
IDLE_SECONDS = 5.0
#: Look-ups kept while they cannot be written.
MOST_WAITING = 50_000
#: Rows handed to the database at once.
AT_ONCE = 1000
#: Counts kept in the process; those of the earliest periods are forgotten.
MOST_COUNTS = 10_000

Counts = dict[Counter, int]
log = structlog.get_logger()


class ReadAudit:
    """The look-ups of one process on their way into the database; safe for several threads."""

    def __init__(self, open_uow: Callable[[], UnitOfWork]) -> None:
        self._open_uow = open_uow
        self._lock = threading.Lock()
        #: One batch at a time.
        self._writing = threading.Lock()
        self._waiting: list[LookUp] = []
        #: As the database last said, of all processes, and what this one has not written yet.
        self._written: Counts = {}
        self._unwritten: Tally[Counter] = Tally()
        #: The latest one, and whether it still takes what comes: it writes once more after that.
        self._thread: threading.Thread | None = None
        self._is_working = False
        self._ending = threading.Event()
        #: The last batch could not be written.
        self.is_failing = False

    @property
    def is_full(self) -> bool:
        """Do so many look-ups wait that no more can be taken?"""
        return len(self._waiting) >= MOST_WAITING

    def note(self, look: LookUp) -> None:
        """Take a look-up; it is written within ``WRITE_EVERY``."""
        with self._lock:
            self._waiting.append(look)
            for counter in _counted(look):
                self._unwritten[counter] += look.held
            if not self._is_working:
                self._start()

    def _start(self) -> None:
        """Start the thread that writes; where the machine has none to give, the next one tries."""
        thread = threading.Thread(target=self._work, name="read audit")
        self._ending.clear()
        try:
            thread.start()
        except RuntimeError:
            log.exception("read_audit_failing", waiting=len(self._waiting))
            self.is_failing = True
            return
        self._thread, self._is_working = thread, True
        _running.add(self)

    def counts(self, reader: Reader, account_id: int, state: str, at: dt.datetime) -> Counts:
        """Look-ups of the account and its State this hour and day; one statement an hour."""
        wanted = counters(account_id, state, at)
        if not all(counter in self._written for counter in wanted):
            found = read_counts(connection_of(reader), wanted)
            with self._lock:
                self._remember({counter: found.get(counter, 0) for counter in wanted})
        with self._lock:
            return {one: self._written.get(one, 0) + self._unwritten.get(one, 0) for one in wanted}

    def flush(self) -> bool:
        """Write what waits, now; False when it could not be written."""
        with self._writing:
            with self._lock:
                batch, self._waiting = self._waiting, []
            if not batch:
                return True
            tally = _tally(batch)
            try:
                with self._open_uow() as uow:
                    totals = write_looks(uow, batch, tally)
            except Exception:
                # The alarm: whoever watches the log is told at every failed batch.
                log.exception("read_audit_failing", waiting=len(batch))
                self._keep(batch)
                return False
            with self._lock:
                self._remember(totals)
                self._unwritten -= tally
            self._recovered()
            return True

    def _keep(self, batch: list[LookUp]) -> None:
        with self._lock:
            self._waiting[:0] = batch
        self.is_failing = True

    def _recovered(self) -> None:
        if self.is_failing:
            log.warning("read_audit_recovered")
        self.is_failing = False

    def _remember(self, totals: Mapping[Counter, int]) -> None:
        for counter, views in totals.items():
            self._written[counter] = max(views, self._written.get(counter, 0))
        if len(self._written) > MOST_COUNTS:
            newest = sorted(self._written.items(), key=lambda one: one[0][1])
            self._written = dict(newest[-MOST_COUNTS // 2 :])

    def _work(self) -> None:
        """Write batch after batch; ends when nothing came for a while, or the process ends."""
        idle = 0.0
        while idle < IDLE_SECONDS and threading.main_thread().is_alive():
            if self._ending.wait(WRITE_EVERY):
                break
            idle = 0.0 if self._waiting else idle + WRITE_EVERY
            self.flush()
        with self._lock:
            self._is_working = False
        # What came in between the last batch and that line.
        self.flush()

    def end(self) -> None:
        """Write what waits and end the thread; the end of a process does that by itself.

        It is for whoever lets go of the database before, as every test does.
        """
        self._ending.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()


_running: WeakSet[ReadAudit] = WeakSet()


def end_all() -> None:
    """End those of this process, whoever made them."""
    while _running:
        _running.pop().end()


def limits_of(settings: Settings) -> Limits:
    """The quotas, as they are set."""
    return Limits(
        soft_hourly=settings.views_soft_hourly,
        hard_daily=settings.views_hard_daily,
        state_soft_hourly=settings.state_views_soft_hourly,
        state_hard_daily=settings.state_views_hard_daily,
    )


def _counted(look: LookUp) -> Sequence[Counter]:
    if not look.counts or look.account_id is None:
        return ()
    return counters(look.account_id, look.state, look.at)


def _tally(looks: Iterable[LookUp]) -> Tally[Counter]:
    found: Tally[Counter] = Tally()
    for look in looks:
        for counter in _counted(look):
            found[counter] += look.held
    return found


def write_looks(uow: UnitOfWork, looks: Iterable[LookUp], tally: Mapping[Counter, int]) -> Counts:
    """Write the look-ups and count them; gives the totals of every counter.

    Two statements, the first once for each ``AT_ONCE`` rows: busy processes write tens of thousands
    in a batch, which took twenty megabytes that were not given back.
    """
    connection = uow.session.connection()
    rows = (row for look in looks for row in _rows(look))
    while portion := list(islice(rows, AT_ONCE)):
        connection.execute(insert(ReadView), portion)
    if not tally:
        return {}
    # Always in one order, so that two processes never wait for one another in a circle.
    counted = [
        {"subject": subject, "period": period, "views": views}
        for (subject, period), views in sorted(tally.items())
    ]
    found = connection.execute(_COUNT[connection.dialect.name], counted)
    return {(row.subject, row.period): row.views for row in found}


def _rows(look: LookUp) -> list[dict[str, Any]]:
    shared = {
        "at": look.at,
        "account_id": look.account_id,
        "account_state": look.state,
        "way": look.way,
        "program": look.program,
        "beyond": look.beyond,
    }
    return [shared | {"entry_id": one.entry, "entry_state": one.state} for one in look.seen]


def _count(dialect: str) -> Insert:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    row: Any = make(ReadCount)
    statement: Insert = row.on_conflict_do_update(
        index_elements=["subject", "period"],
        set_={"views": ReadCount.views + row.excluded.views},
    ).returning(ReadCount.subject, ReadCount.period, ReadCount.views)
    return statement


_COUNT = {dialect: _count(dialect) for dialect in ("sqlite", "postgresql")}
_READ = SwiftSelect(
    select(ReadCount.subject, ReadCount.period, ReadCount.views).where(
        ReadCount.subject.in_([bindparam("account"), bindparam("state")]),
        ReadCount.period.in_([bindparam("hour"), bindparam("day")]),
    )
)


def read_counts(connection: Connection, wanted: Sequence[Counter]) -> Counts:
    """What the database holds of an account's counters (``domain.looking.counters``)."""
    subjects = [subject for subject, _period in wanted]
    given = {
        "account": subjects[0],
        "state": subjects[-1],
        "hour": wanted[0][1],
        "day": wanted[1][1],
    }
    return {(row.subject, row.period): row.views for row in _READ.all(connection, given)}
