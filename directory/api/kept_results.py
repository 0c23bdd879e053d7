"""Results of searches, and suggestions, in JSON: kept until what they follow from has changed.

They follow from the words and filters, the day, the language, what the asker may see, the edition
of the index, and what the database holds. The first four are the key; of the last two the newest
are found out at each use (``queries.search.ground_of``), and with another ground all is forgotten.
Only complete results are kept. That somebody asked is noted at each use, as of any other answer.
"""

import zlib
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Flask, current_app

from directory.queries.search import Ground

#: Octets kept by each process. A result takes about 2,000, and so do suggestions with their keys.
MOST = 2_000_000
#: A longer text is packed: to a fifth, and unpacked in a fifth of what the shortest request takes.
LONGEST_PLAIN = 2000
#: What is kept of a text beside it.
_BESIDE = 600
_EXTENSION = "directory_kept_results"


@dataclass(frozen=True, slots=True)
class KeptResult:
    """The text as it was sent, and what is noted of the question (``asking.note_facts``)."""

    kept: bytes
    is_packed: bool
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, text: bytes, facts: Mapping[str, Any]) -> "KeptResult":
        """The text, packed where it is long."""
        is_packed = len(text) > LONGEST_PLAIN
        return cls(zlib.compress(text, 1) if is_packed else text, is_packed, facts)

    @property
    def text(self) -> bytes:
        """The text as it was sent."""
        return zlib.decompress(self.kept) if self.is_packed else self.kept

    @property
    def size(self) -> int:
        """About how many octets it takes."""
        return len(self.kept) + _BESIDE


class KeptResults:
    """The results made last on one ground; safe for several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = 0
        self._ground: Ground | None = None
        self._results: OrderedDict[Hashable, KeptResult] = OrderedDict()
        self._lock = Lock()

    @property
    def size(self) -> int:
        """About how many octets all of them take."""
        return self._size

    def find(self, ground: Ground, key: Hashable) -> KeptResult | None:
        """The result kept under that key, if it was found on that ground."""
        with self._lock:
            return self._results.get(key) if ground == self._ground else None

    def put(self, ground: Ground, key: Hashable, result: KeptResult) -> None:
        """Keep it; what was found on other ground is forgotten, and the oldest without room."""
        with self._lock:
            if ground != self._ground:
                self._ground, self._size = ground, 0
                self._results.clear()
            before = self._results.pop(key, None)
            self._size += result.size - (before.size if before else 0)
            self._results[key] = result
            while self._size > self._most:
                self._size -= self._results.popitem(last=False)[1].size


def install(app: Flask) -> None:
    """Give the application its kept results."""
    app.extensions[_EXTENSION] = KeptResults()


def kept_results() -> KeptResults:
    """Those of this process."""
    found: KeptResults = current_app.extensions[_EXTENSION]
    return found
