"""What a search index is, whatever stands behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from directory.domain.vocabulary import CooperationType, EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """What the index learns of one entry or State: only what all readers may see.

    ``key`` is 'entry:RO-3F7K2Q' or 'state:RO'. Texts are as written; the index folds them itself.
    """

    key: str
    #: An entry kind, or 'state'.
    kind: str
    state: str
    name: str
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    #: Names of the State and its aliases, and of territories the entry serves.
    state_names: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    types: tuple[CooperationType, ...] = ()
    instruments: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    #: Anything else worth a match: functions, scopes, networks, themes.
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuestion:
    """What is searched: the words as typed, and filters given beside them."""

    text: str = ""
    state: str = ""
    type: CooperationType | None = None
    kind: EntryKind | None = None
    instrument: str = ""
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result. ``snippet`` marks the words that matched as (text, is match) pieces."""

    key: str
    kind: str
    state: str
    name: str
    snippet: tuple[tuple[str, bool], ...] = ()
    types: tuple[CooperationType, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Hits of one page, how many there are, and what the directory made of the words.

    ``facets``: 'state' | 'type' | 'kind' | 'instrument' -> value -> count.
    ``understood``: filters taken from the words, e.g. {'state': 'RO', 'type': 'mla'}.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    understood: Mapping[str, str] = field(default_factory=dict)
    did_you_mean: str = ""
    #: False while the index could not be used ('limited search').
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A State or entry that completes what is being typed."""

    key: str
    kind: str
    state: str
    name: str


class SearchIndex(Protocol):
    """The few things a search index does."""

    def search(self, question: SearchQuestion) -> SearchResult:
        """Raises ``errors.Unavailable`` when the index cannot answer."""
        ...

    def suggest(self, text: str, limit: int = 10) -> Sequence[Suggestion]:
        """What completes the last word typed; raises ``errors.Unavailable``."""
        ...

    def rebuild(self, documents: Iterable[SearchDocument], upto: int) -> int:
        """Make the index anew and switch to it at once; returns how many documents it holds.

        ``upto`` is the number of the last ``index_work`` the documents include.
        """
        ...

    def update(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], upto: int
    ) -> None:
        """Learn these documents, forget these keys."""
        ...

    def position(self) -> int | None:
        """Number of the last ``index_work`` learnt; None when there is no usable index."""
        ...


class NullIndex:
    """An index that holds nothing, for commands that do not search."""

    def search(self, question: SearchQuestion) -> SearchResult:  # noqa: ARG002
        return SearchResult(complete=False)

    def suggest(self, text: str, limit: int = 10) -> Sequence[Suggestion]:  # noqa: ARG002
        return ()

    def rebuild(self, documents: Iterable[SearchDocument], upto: int) -> int:  # noqa: ARG002
        return 0

    def update(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], upto: int
    ) -> None:
        """There is nothing to learn into."""

    def position(self) -> int | None:
        return None
