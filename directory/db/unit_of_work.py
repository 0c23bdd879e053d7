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


class UnitOfWork:
    """``with UnitOfWork(engine, hooks) as uow:`` commits when the block ends well, else rolls back.

    The only place that commits. Facts given to ``note`` reach the hooks after the commit; a failing
    hook is logged and never looks like a failed save.
    """

    def __init__(self, engine: Engine, hooks: Sequence[Hook] = ()) -> None:
        self.session = Session(engine.execution_options(**{WRITES: True}), expire_on_commit=False)
        self._hooks = tuple(hooks)
        self._facts: list[object] = []

    def note(self, fact: object) -> None:
        """Remember a fact for the hooks; forgotten when the block is rolled back."""
        self._facts.append(fact)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if error_type is None:
                self.session.commit()
            else:
                self.session.rollback()
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
