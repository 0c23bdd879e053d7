"""The edition of an index that questions are answered from, opened once for all threads."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from directory.errors import Unavailable
from directory.search.view import View

#: Seconds before an index that could not be read is tried again.
RETRY_AFTER = 1.0


@dataclass(frozen=True, slots=True)
class _Opened:
    """What came of opening the edition with that stamp: a view, or why there is none."""

    stamp: Hashable = None
    view: View | None = None
    reason: str = "no search index; run 'directory index rebuild'"
    at: float = 0.0


class Editions:
    """Keeps the view of the newest edition.

    ``stamp`` cheaply tells editions apart and is None without any; ``read`` opens the edition in
    use, or raises ``errors.Unavailable``.
    """

    def __init__(self, stamp: Callable[[], Hashable], read: Callable[[], View]) -> None:
        self._stamp = stamp
        self._read = read
        self._opened = _Opened()
        self._opening = Lock()

    def current(self) -> View:
        """The edition in use; opened by one thread, the others go on with the one before."""
        stamp = self._stamp()
        opened = self._opened
        if self._is_outdated(opened, stamp) and self._opening.acquire(blocking=opened.view is None):
            try:
                if self._is_outdated(self._opened, stamp):
                    self._opened = self._open(stamp)
                opened = self._opened
            finally:
                self._opening.release()
        if opened.view is None:
            raise Unavailable(opened.reason)
        return opened.view

    @staticmethod
    def _is_outdated(opened: _Opened, stamp: Hashable) -> bool:
        if opened.view is None:
            waited = time.monotonic() - opened.at
            return stamp != opened.stamp or (stamp is not None and waited > RETRY_AFTER)
        return stamp != opened.stamp

    def _open(self, stamp: Hashable) -> _Opened:
        try:
            return _Opened(stamp, self._read(), at=time.monotonic())
        except Unavailable as error:
            return _Opened(stamp, None, str(error), time.monotonic())
