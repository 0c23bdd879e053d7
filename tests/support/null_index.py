"""An index that holds nothing, for tests that do not search."""

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

from directory.search.index import (
    Phrase,
    SearchDocument,
    SearchQuestion,
    SearchResult,
    Suggestion,
)


class NullIndex:
    """Learns nothing and finds nothing."""

    def search(self, question: SearchQuestion) -> SearchResult:
        return SearchResult(complete=False)

    def suggest(
        self,
        text: str,
        limit: int = 10,
        today: dt.date | None = None,
    ) -> Sequence[Suggestion]:
        return ()

    def rebuild(
        self,
        documents: Iterable[SearchDocument],
        phrases: Sequence[Phrase],
        upto: int,
    ) -> int:
        return 0

    def update(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], upto: int
    ) -> None:
        """There is nothing to learn into."""

    def check(self) -> int:
        return 0

    def mending(self) -> AbstractContextManager[bool]:
        return nullcontext(False)

    def position(self) -> int | None:
        return None

    def edition(self) -> object | None:
        return None
