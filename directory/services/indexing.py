"""Keep the search index abreast of the database; it mends itself.

The index is a cache. Whoever finds it missing, damaged or behind makes it good, one process at a
time; until then answers come from the database itself and say that the search is limited.
"""

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db.unit_of_work import Hook
from directory.errors import Unavailable
from directory.queries.documents import (
    documents_for,
    entry_key,
    last_work,
    pending_work,
    search_documents,
    search_phrases,
)
from directory.search.index import (
    Phrase,
    SearchDocument,
    SearchIndex,
    SearchQuestion,
    SearchResult,
    Suggestion,
)
from directory.services.publishing import REBUILD_ABOVE, EntriesPublished

logger = logging.getLogger(__name__)

#: Seconds between two looks whether the index is behind, per process.
LOOK_EVERY = 5.0


def rebuild(engine: Engine, index: SearchIndex) -> int:
    """Make the index anew from the tables; returns how many documents it holds."""
    with Session(engine) as session:
        # Read first: what is published meanwhile is learnt once more, never missed.
        upto = last_work(session)
        return index.rebuild(search_documents(session), search_phrases(session), upto)


def catch_up(engine: Engine, index: SearchIndex, also: Iterable[str] = ()) -> int | None:
    """Learn what was published since, and the entries ``also``; rebuild where that is needed.

    Returns how many documents were learnt, None when there was nothing to do. ``also`` matters on
    PostgreSQL, where a longer transaction may commit a lower number after a higher one was learnt.
    """
    position = index.position()
    if position is None:
        return rebuild(engine, index)
    with Session(engine) as session:
        upto = last_work(session)
        pending = pending_work(session, position)
        wanted = {entry_id for entry_id in (*pending, *also) if entry_id is not None}
        if None in pending:
            return rebuild(engine, index)
        if not wanted:
            return None
        documents = documents_for(session, wanted)
    found = {document.key for document in documents}
    gone = [entry_key(entry_id) for entry_id in wanted if entry_key(entry_id) not in found]
    try:
        index.update(documents, gone, upto)
    except Unavailable:
        return rebuild(engine, index)
    return len(documents)


def mend(engine: Engine, index: SearchIndex) -> int | None:
    """Rebuild a missing or damaged index, else catch up; returns as ``catch_up`` does."""
    try:
        index.check()
    except Unavailable:
        return rebuild(engine, index)
    return catch_up(engine, index)


def is_behind(engine: Engine, index: SearchIndex) -> bool:
    """Is there no usable index, or something it has not learnt?"""
    position = index.position()
    if position is None:
        return True
    with Session(engine) as session:
        return last_work(session) > position


def index_hook(engine: Engine, index: SearchIndex) -> Hook:
    """After a commit that published entries, let the index learn them."""

    def learn(facts: Sequence[object]) -> None:
        published = [fact for fact in facts if isinstance(fact, EntriesPublished)]
        ids = {entry_id for fact in published for entry_id in fact.entry_ids}
        if ids:
            catch_up(engine, index, ids if len(ids) <= REBUILD_ABOVE else ())

    return learn


class KeptIndex:
    """A search index that is looked after: whoever asks it makes it mend itself.

    Mending runs in a thread of its own, in one process at a time. While the index cannot be used
    questions raise ``errors.Unavailable``; while it is behind, answers say that they are not
    complete.
    """

    def __init__(self, engine: Engine, index: SearchIndex, look_every: float = LOOK_EVERY) -> None:
        self._engine = engine
        self._index = index
        self._look_every = look_every
        self._looked = -look_every
        self._behind = False
        self._mending = threading.Lock()

    def search(self, question: SearchQuestion) -> SearchResult:
        self._look()
        try:
            result = self._index.search(question)
        except Unavailable:
            self._wake(unusable=True)
            raise
        return replace(result, complete=False) if self._behind else result

    def suggest(
        self, text: str, limit: int = 10, today: dt.date | None = None
    ) -> Sequence[Suggestion]:
        self._look()
        try:
            return self._index.suggest(text, limit, today)
        except Unavailable:
            self._wake(unusable=True)
            raise

    def rebuild(
        self, documents: Iterable[SearchDocument], phrases: Sequence[Phrase], upto: int
    ) -> int:
        return self._index.rebuild(documents, phrases, upto)

    def update(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], upto: int
    ) -> None:
        self._index.update(documents, removed, upto)

    def position(self) -> int | None:
        return self._index.position()

    def edition(self) -> object | None:
        self._look()
        try:
            edition = self._index.edition()
        except Unavailable:
            self._wake(unusable=True)
            raise
        return None if self._behind else edition

    def check(self) -> int:
        return self._index.check()

    def mending(self) -> AbstractContextManager[bool]:
        return self._index.mending()

    def settle(self) -> None:
        """Wait until no mending is under way in this process."""
        with self._mending:
            return

    def _look(self) -> None:
        """From time to time, see whether something was published that the index has not learnt."""
        if time.monotonic() - self._looked >= self._look_every:
            self._wake()

    def _wake(self, *, unusable: bool = False) -> None:
        if not self._mending.acquire(blocking=False):
            return
        self._looked = time.monotonic()
        # The lock is handed to the thread, which gives it back.
        arguments = (unusable,)
        try:
            threading.Thread(target=self._mend, args=arguments, name="index", daemon=True).start()
        except RuntimeError:
            # The machine has no thread to give: the next question tries again.
            self._mending.release()
            logger.exception("the search index could not be mended")

    def _mend(self, unusable: bool) -> None:
        try:
            self._behind = is_behind(self._engine, self._index)
            # What stands in memory and is up to date is not read from the disk once more.
            if not (self._behind or unusable):
                return
            with self._index.mending() as is_mine:
                if is_mine:
                    mend(self._engine, self._index)
                    self._behind = False
        except Exception:
            # The next question tries again; nobody waits for this thread.
            logger.exception("the search index could not be mended")
        finally:
            self._mending.release()
