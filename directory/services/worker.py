"""The worker's round: chores, each as often as it is due, none able to stop the others."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

#: Seconds between two looks whether a chore is due.
LOOK_EVERY = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again. ``do`` gets the moment, returns what it did for the log.

    Every chore can be done by two workers at once, and again after it was broken off.
    """

    name: str
    every: dt.timedelta
    #: Gives what was done; empty when there was nothing to do.
    do: Callable[[dt.datetime], dict[str, object]]
    #: Does it change what the directory says? Then it rests while nothing may be changed.
    changes: bool = False


@dataclass
class Worker:
    """Does its chores until it is told to stop."""

    chores: Sequence[Chore]
    clock: Callable[[], dt.datetime]
    #: Set by whoever wants it to stop; a chore that is under way is ended first.
    stopping: threading.Event = field(default_factory=threading.Event)
    #: Asked before each chore that changes what the directory says.
    may_change: Callable[[], bool] = lambda: True
    #: Asked before each round whether somebody still needs the work.
    is_wanted: Callable[[], bool] = lambda: True
    _done_at: dict[str, dt.datetime] = field(default_factory=dict, init=False)

    def run(self, look_every: float = LOOK_EVERY) -> None:
        """Work until told to stop."""
        log.info("worker_started", chores=[one.name for one in self.chores])
        while not self.stopping.is_set() and self.is_wanted():
            self.round()
            self.stopping.wait(look_every)
        log.info("worker_stopped")

    def round(self) -> list[str]:
        """Do every chore that is due; the names of those that failed."""
        failed = []
        for chore in self.chores:
            if self.stopping.is_set():
                break
            if self._is_due(chore) and not self._do(chore):
                failed.append(chore.name)
        return failed

    def _is_due(self, chore: Chore) -> bool:
        if chore.changes and not self.may_change():
            return False
        last = self._done_at.get(chore.name)
        return last is None or self.clock() - last >= chore.every

    def _do(self, chore: Chore) -> bool:
        at = self.clock()
        self._done_at[chore.name] = at
        try:
            done = chore.do(at)
        except Exception:
            # The next round tries again; the other chores must not wait for it.
            log.exception("chore_failed", chore=chore.name)
            return False
        if done:
            log.info("chore_done", chore=chore.name, **done)
        return True
