"""Things made once and kept while there is room for them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Latest(Generic[Key, Made]):
    """The ``most`` things made last, by key; safe for several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, make: Callable[[], Made]) -> Made:
        """The thing kept under that key, else made now; two threads may both make it."""
        found = self._kept.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def find(self, key: Key) -> Made | None:
        """The thing kept under that key, if any."""
        return self._kept.get(key)

    def put(self, key: Key, made: Made) -> None:
        """Keep it, and forget what was made first where there is no room for both."""
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
