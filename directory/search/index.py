"""What a search index is, whatever stands behind it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
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
    #: Names of a State and its aliases; empty for entries, which are found through ``state``.
    state_names: tuple[str, ...] = ()
    #: States an officer is posted in or covers.
    related_states: tuple[str, ...] = ()
    #: Keys of the territories the entry serves ('NL-AW').
    territories: tuple[str, ...] = ()
    #: Languages of the State.
    languages: tuple[str, ...] = ()
    types: tuple[CooperationType, ...] = ()
    #: 'central' for a central authority, 'real' for what was not made up for trials.
    roles: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    #: Anything else worth a match: functions, scopes, networks, themes.
    texts: tuple[str, ...] = ()
    #: Last day on which all readers see it.
    visible_until: dt.date | None = None


class Facet(StrEnum):
    """What a phrase in a question can stand for."""

    STATE = "state"
    TERRITORY = "territory"
    TYPE = "type"
    KIND = "kind"
    INSTRUMENT = "instrument"
    ARTICLE = "article"
    #: English words of an authority's name, for what it is called at home.
    BODY = "body"
    #: A city, or a language a State is called after: a State that is not named itself.
    ALLUSION = "allusion"
    #: Beside its kind, what an entry is: 'central'.
    ROLE = "role"
    #: A kind of help that is only alluded to ('drugs'): it counts where none is named.
    TOPIC = "topic"
    #: Of the States where the words are said.
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand for a value, e.g. ('ivory coast', STATE, 'CI').

    An article's text is 'UNCAC 46(13)' and its value the cooperation type it covers.
    """

    text: str
    facet: Facet
    value: str


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
    #: Day of asking: entries whose last day has passed are not found.
    today: dt.date | None = None


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
    ``understood``: what the words were taken for, e.g. {'state': 'RO', 'type': 'mla'}. It ranks
    and narrows, but a State is found even where it has nothing for the type.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    understood: Mapping[str, str] = field(default_factory=dict)
    did_you_mean: str = ""
    #: Words that stand for nothing and that no result holds.
    unused: tuple[str, ...] = ()
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

    def suggest(
        self, text: str, limit: int = 10, today: dt.date | None = None
    ) -> Sequence[Suggestion]:
        """What completes the last word typed; raises ``errors.Unavailable``."""
        ...

    def rebuild(
        self, documents: Iterable[SearchDocument], phrases: Sequence[Phrase], upto: int
    ) -> int:
        """Make the index anew and switch to it at once; returns how many documents it holds.

        ``phrases`` is what words stand for, ``upto`` the number of the last ``index_work`` the
        documents include. Documents come in the order in which equals are shown.
        """
        ...

    def update(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], upto: int
    ) -> None:
        """Learn these documents, forget these keys; raises ``errors.Unavailable``."""
        ...

    def check(self) -> int:
        """Read the whole index; returns its documents, raises ``errors.Unavailable``."""
        ...

    def mending(self) -> AbstractContextManager[bool]:
        """The right to mend the index; gives False at once while another process is at it."""
        ...

    def position(self) -> int | None:
        """Number of the last ``index_work`` learnt; None when there is no usable index."""
        ...

    def edition(self) -> object | None:
        """What answers come from now: while it is the same, so are they.

        None where they are not complete, or no two are known to come from the same. Raises
        ``errors.Unavailable``.
        """
        ...
