"""What was asked: counted without persons, and remembered for the one who asked.

Questions are answered without writing. What is noted of them waits in memory and is written a
moment later, all at once, in a thread of its own: no answer ever waits for it, and when it cannot
be written the answers do not suffer. The end of the process waits for the thread, ``GATHER`` at
most: a normal stop loses nothing, a crash what waited.
"""

import base64
import datetime as dt
import hashlib
import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Insert, Row, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from directory.db.unit_of_work import UnitOfWork
from directory.domain.asking import Outcome
from directory.domain.key_ring import KeyRing
from directory.domain.watching import Front, Lookup, with_lookup
from directory.models.watching import QuestionCount, RecentLookups
from directory.policy import Actor
from directory.services.watching import owner_of

logger = logging.getLogger(__name__)

#: Seconds for which what was asked is gathered.
GATHER = 2.0
#: Questions that wait at most; while the database cannot be written further ones are not noted.
MOST_WAITING = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: how it was answered; ``lookup`` where a person asked for themselves."""

    at: dt.datetime
    front: Front
    outcome: Outcome
    state: str = ""
    type: str = ""
    account_id: int | None = None
    lookup: Lookup | None = None


class LookupBox:
    """Opens and closes what is remembered for a person; nobody reads it without the key."""

    def __init__(self, keys: KeyRing) -> None:
        self._fernet = MultiFernet([_derived(key) for key in keys.all])

    def close(self, lookups: Iterable[Lookup]) -> str:
        plain = [(one.front.value, one.query, one.at.isoformat()) for one in lookups]
        return self._fernet.encrypt(json.dumps(plain).encode()).decode()

    def open(self, sealed: str) -> tuple[Lookup, ...]:
        """The look-ups; none when the key was dropped since."""
        try:
            plain = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            return ()
        return tuple(
            Lookup(Front(front), query, dt.datetime.fromisoformat(at)) for front, query, at in plain
        )


def _derived(key: str) -> Fernet:
    digest = hashlib.sha256(b"recent look-ups:" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class AskedBook:
    """Gathers what was asked in this process and writes it down a moment later."""

    def __init__(self, open_uow: Callable[[], UnitOfWork], box: LookupBox) -> None:
        self.box = box
        self._open_uow = open_uow
        self._waiting: list[Asked] = []
        self._lock = threading.Lock()
        #: The latest one, and whether it has not begun yet.
        self._writer: threading.Timer | None = None
        self._is_due = False

    def note(self, asked: Asked) -> None:
        """Remember a question until it is written down."""
        with self._lock:
            if len(self._waiting) < MOST_WAITING:
                self._waiting.append(asked)
            if not self._is_due:
                self._start()

    def _start(self) -> None:
        """Have what waits written; where the machine has no thread to give, the next one tries."""
        writer = threading.Timer(GATHER, self._write_later)
        try:
            writer.start()
        except RuntimeError:
            logger.exception("what was asked cannot be written down yet")
            return
        self._writer, self._is_due = writer, True
        _running.add(self)

    def _write_later(self) -> None:
        try:
            self.write()
        except Exception:
            logger.exception("what was asked could not be written down")

    def write(self) -> None:
        """Write down what waits; it goes on waiting when that fails."""
        with self._lock:
            batch, self._waiting, self._is_due = self._waiting, [], False
        if not batch:
            return
        try:
            with self._open_uow() as uow:
                count_questions(uow, batch)
                remember(uow, batch, self.box)
        except Exception:
            with self._lock:
                self._waiting = [*batch, *self._waiting][:MOST_WAITING]
            raise

    def end(self) -> None:
        """Write what waits and end the thread; the end of a process does that by itself.

        It is for whoever lets go of the database before, as every test does.
        """
        with self._lock:
            writer = self._writer
        if writer is not None:
            writer.cancel()
            writer.join()
        self._write_later()


_running: WeakSet[AskedBook] = WeakSet()


def end_all() -> None:
    """End those of this process, whoever made them."""
    while _running:
        _running.pop().end()


def count_questions(uow: UnitOfWork, batch: Sequence[Asked]) -> None:
    """Add the questions to the counts of their months; one statement."""
    counted = Counter(
        (one.at.date().replace(day=1), one.front, one.state, one.type, one.outcome) for one in batch
    )
    names = ("month", "front", "state_code", "cooperation_type", "outcome")
    rows = [
        {**dict(zip(names, key, strict=True)), "asked": asked}
        for key, asked in sorted(counted.items())
    ]
    uow.session.execute(_adding(uow.session.get_bind().dialect.name, names), rows)


def _adding(dialect: str, names: tuple[str, ...]) -> Insert:
    if dialect == "sqlite":
        added = sqlite.insert(QuestionCount)
        more = QuestionCount.asked + added.excluded.asked
        return added.on_conflict_do_update(index_elements=names, set_={"asked": more})
    made = postgresql.insert(QuestionCount)
    more = QuestionCount.asked + made.excluded.asked
    return made.on_conflict_do_update(index_elements=names, set_={"asked": more})


def remember(uow: UnitOfWork, batch: Sequence[Asked], box: LookupBox) -> None:
    """Keep the look-ups of each person with the few before."""
    new: dict[int, list[Lookup]] = {}
    for one in batch:
        if one.account_id is not None and one.lookup is not None:
            new.setdefault(one.account_id, []).append(one.lookup)
    if not new:
        return
    known = {row.account_id: row for row in _rows(uow, sorted(new))}
    for account_id, lookups in new.items():
        before = box.open(known[account_id].sealed) if account_id in known else ()
        sealed = box.close(with_lookup(before, lookups))
        at = max(one.at for one in lookups)
        uow.session.merge(RecentLookups(account_id=account_id, sealed=sealed, changed_at=at))


def _rows(uow: UnitOfWork, account_ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    table = RecentLookups
    # Two processes that write for one person take turns.
    wanted = select(table.account_id, table.sealed).where(table.account_id.in_(account_ids))
    return uow.session.execute(wanted.order_by(table.account_id).with_for_update()).all()


def forget_lookups(uow: UnitOfWork, actor: Actor) -> None:
    """Forget what the actor looked up. The change log never knew of it."""
    mine = RecentLookups.account_id == owner_of(actor)
    uow.session.execute(delete(RecentLookups).where(mine))
