"""One transaction, one commit, and the facts that follow it."""

import logging
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db.session import WRITES

logger = logging.getLogger(__name__)

#: Called after a commit with what happened; may fail, and is then made good by the worker.
Hook = Callable[[Sequence[object]], None]


class Unrecorded(RuntimeError):
    """Entries were written, and the change log does not say so: nothing of it is kept."""


class UnitOfWork:
    """``with UnitOfWork(engine, hooks) as uow:`` commits when the block ends well, else rolls back.

    The only place that commits. Facts given to ``note`` reach the hooks after the commit; a failing
    hook is logged and never looks like a failed save. Raises ``Unrecorded`` instead of committing
    when entries were written and no event was appended: what readers are shown is kept in memory
    until the log's newest event changes (``queries.moments``).
    """

    def __init__(self, engine: Engine, hooks: Sequence[Hook] = ()) -> None:
        self.session = Session(engine.execution_options(**{WRITES: True}), expire_on_commit=False)
        self._hooks = tuple(hooks)
        self._facts: list[object] = []
        self._owes_an_event = False
        self._has_an_event = False

    def note(self, fact: object) -> None:
        """Remember a fact for the hooks; forgotten when the block is rolled back."""
        self._facts.append(fact)

    def entries_written(self) -> None:
        """Rows of entries change in this transaction; the log has to say so before its end."""
        self._owes_an_event = True

    def event_appended(self) -> None:
        """The change log has grown in this transaction."""
        self._has_an_event = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if error_type is not None:
                self.session.rollback()
            elif self._owes_an_event and not self._has_an_event:
                self.session.rollback()
                raise Unrecorded("entries were written without an event in the change log")
            else:
                self.session.commit()
        finally:
            self.session.close()
        if error_type is None and self._facts:
            self._tell()

    def _tell(self) -> None:
        for hook in self._hooks:
            try:
                hook(tuple(self._facts))
            except Exception:
                logger.exception("a hook failed after the commit; the worker makes it good")
