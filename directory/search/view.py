"""One edition of an index in memory: the documents of each term, taken from the engine once.

Engines differ in how they give the documents of a term and what is shown of a document; the rest
stands here.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import islice
from operator import or_
from typing import Protocol

from directory.search.documents import COMPLETED_FIELDS, WORD_FIELDS, Shown, periods_before
from directory.search.index import Suggestion
from directory.search.latest import Latest
from directory.search.lexicon import Lexicon
from directory.search.ranking import COUNTED
from directory.search.spelling import Vocabulary
from directory.search.text import LONGEST_START
from directory.search.understanding import Understood, understand

#: Octets of document sets that are kept for terms asked before.
CACHE = 8_000_000
#: Documents of which is kept what is shown of them, about 1,250 octets each. Results asked for
#: again are kept whole by whoever sends them.
MOST_SHOWN = 1000
#: Completions that are kept, of about 2 KB each: everybody types the same beginnings.
MOST_COMPLETIONS = 500


#: Values that are passed over at once when none of the documents has any of them. Most questions
#: name a State, and there are two hundred.
BLOCK = 14
#: Documents of a block, and the documents of each value in it.
_Block = tuple[int, tuple[tuple[str, int], ...]]


class Engine(Protocol):
    """What an engine gives of one edition of its index; safe for several threads."""

    @property
    def size(self) -> int:
        """One more than the highest document number."""
        ...

    @property
    def everything(self) -> int:
        """The set of all documents."""
        ...

    def terms(self, field: str) -> Iterable[str]:
        """All terms of a field."""
        ...

    def load(self, field: str, term: str) -> int:
        """The documents that have the term in the field."""
        ...

    def shown(self, number: int) -> Shown:
        """What is shown of a document."""
        ...


class View:
    """The sets that questions are answered from (``ranking.Terms``)."""

    def __init__(self, engine: Engine, lexicon: Lexicon) -> None:
        self._engine = engine
        self._lexicon = lexicon
        self.everything = engine.everything
        self.vocabulary = Vocabulary(word for field in WORD_FIELDS for word in engine.terms(field))
        self._completions = {field: sorted(engine.terms(field)) for field in COMPLETED_FIELDS}
        #: Counted in every result, so never forgotten.
        self._counted = {
            (field, value): engine.load(field, value)
            for field in COUNTED
            for value in engine.terms(field)
        }
        self._blocks = {field: self._in_blocks(field) for field in COUNTED}
        self._shown: Latest[int, Shown] = Latest(MOST_SHOWN)
        self._hidden: tuple[dt.date | None, int] = (None, 0)
        self._kept: Latest[tuple[str, str], int] = Latest(max(64, CACHE // (engine.size // 8 + 64)))
        #: What was typed, how many are wanted and the day -> what completes it.
        self.completions: Latest[tuple[str, int, dt.date | None], Sequence[Suggestion]] = Latest(
            MOST_COMPLETIONS
        )

    def understand(self, text: str) -> Understood:
        """Read a question by this edition's lexicon."""
        return understand(text, self._lexicon, self.vocabulary.__contains__)

    def is_meant(self, forms: Iterable[str]) -> bool:
        """Is the word part of a phrase in any language ('autorité'), so that it is no error?"""
        return any(form in self._lexicon.words for form in forms)

    def _in_blocks(self, field: str) -> tuple[_Block, ...]:
        values = iter([(one, sets) for (of, one), sets in self._counted.items() if of == field])
        blocks = iter(lambda: tuple(islice(values, BLOCK)), ())
        return tuple((reduce(or_, (found for _, found in block)), block) for block in blocks)

    def counted(self, field: str, among: int) -> Iterable[tuple[str, int]]:
        for documents, block in self._blocks[field]:
            if documents & among:
                yield from block

    def shown(self, number: int) -> Shown:
        """What is shown of a document; reading it from the engine is slow."""
        return self._shown.get(number, lambda: self._engine.shown(number))

    def having(self, field: str, term: str) -> int:
        counted = self._counted.get((field, term))
        return self._keep(field, term, self._engine.load) if counted is None else counted

    def beginning(self, start: str) -> int:
        if len(start) <= LONGEST_START:
            return self.having("start", start)
        return self._keep("beginning", start, self._load_beginning)

    def hidden(self, today: dt.date) -> int:
        day, found = self._hidden
        if day != today:
            found = 0
            for period in periods_before(today, self._engine.terms("until")):
                found |= self._engine.load("until", period)
            self._hidden = (today, found)
        return found

    def _load_beginning(self, _: str, start: str) -> int:
        found = 0
        for field, words in self._completions.items():
            at = bisect_left(words, start)
            while at < len(words) and words[at].startswith(start):
                found |= self.having(field, words[at])
                at += 1
        return found

    def _keep(self, field: str, term: str, load: Callable[[str, str], int]) -> int:
        """The set loaded before, else loaded now; the oldest are forgotten."""
        return self._kept.get((field, term), lambda: load(field, term))
