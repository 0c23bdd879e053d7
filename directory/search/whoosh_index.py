"""The search index on Whoosh, the only file that knows Whoosh.

Whoosh keeps the terms, their documents and what is stored of each; the sets of documents are taken
from it once per term and kept in memory (``_View``), where questions are answered. No text of a
user ever reaches Whoosh's query parser. Whoosh unpickles its own files: see ``store``.
"""

import datetime as dt
import json
import warnings
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from itertools import islice, takewhile
from pathlib import Path
from threading import Lock
from typing import Any

from directory.domain.vocabulary import CooperationType
from directory.errors import Unavailable
from directory.search.bits import from_numbers, numbers
from directory.search.index import (
    Facet,
    Hit,
    Phrase,
    SearchDocument,
    SearchQuestion,
    SearchResult,
    Suggestion,
)
from directory.search.lexicon import LITTLE_WORDS, Lexicon, build_lexicon
from directory.search.ranking import COUNTED, STATE_KIND, count_facets, rank
from directory.search.snippet import snippet
from directory.search.spelling import Vocabulary, is_mendable
from directory.search.store import Stamp, Store
from directory.search.text import (
    LONGEST_START,
    acronyms,
    bounded,
    fold,
    index_words,
    starts,
    word_forms,
)
from directory.search.understanding import Understood, Word, understand

with warnings.catch_warnings():
    # Whoosh 2.7.4 was written for older Pythons.
    warnings.filterwarnings("ignore", category=DeprecationWarning, message="invalid escape")
    warnings.filterwarnings("ignore", category=SyntaxWarning)
    from whoosh import fields as whoosh_fields
    from whoosh.codec.whoosh3 import W3LeafMatcher
    from whoosh.filedb.filestore import RamStorage
    from whoosh.formats import Existence
    from whoosh.index import FileIndex
    from whoosh.matching import FilterMatcher

PHRASES = "phrases.json"
#: Octets of document sets that are kept for terms asked before.
CACHE = 8_000_000
#: Memory Whoosh may take while it sorts the terms of a new index, in MB.
WRITER_MEMORY = 64
#: Documents looked at for a suggestion, from which the best are picked.
CONSIDERED = 60
#: States are suggested first, but leave room for entries.
MOST_STATES = 5
#: Lines of a document among which the one for the snippet is chosen.
MOST_LINES = 8
#: Unknown words of one question for which a known one is looked for.
MOST_UNKNOWN = 2


class Terms(whoosh_fields.FieldType):  # type: ignore[misc]
    """A field that is given its terms ready made, and keeps which documents have them."""

    def __init__(self) -> None:
        super().__init__(format=Existence(), analyzer=None)

    def index(
        self, value: Collection[str], **_: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        return ((term.encode("utf-8"), 1, 1.0, b"") for term in set(value))

    def process_text(self, qstring: str, mode: str = "", **_: object) -> Iterator[str]:  # noqa: ARG002
        return iter((qstring,))


TERM_FIELDS = (
    "first_language",
    *(
        "key",
        "kind",
        "state",
        "related",
        "territory",
        "language",
        "type",
        "instrument",
        "article",
        "until",
    ),
    *("name", "place", "text", "start"),
)
WORD_FIELDS = ("name", "place", "text")
#: Fields that are completed while typing.
COMPLETED_FIELDS = ("name", "place")


def _schema() -> Any:
    terms = {field: Terms() for field in TERM_FIELDS}
    return whoosh_fields.Schema(shown=whoosh_fields.STORED(), **terms)


def _fields(document: SearchDocument) -> dict[str, Any]:
    """A document as terms by field, and what is shown of it."""
    named = (document.name, *document.names, *document.units, *document.state_names)
    name = _words(named) | {short for text in named for short in acronyms(text)}
    place = _words(document.cities)
    begun = {beginning for word in name | place for beginning in starts(word)}
    last = document.visible_until
    lines = (document.names + document.units + document.cities + document.texts)[:MOST_LINES]
    return {
        "key": (document.key,),
        "kind": (document.kind,),
        "state": (document.state,),
        "related": document.related_states,
        "territory": document.territories,
        "language": document.languages,
        "first_language": document.languages[:1],
        "type": tuple(one.value for one in document.types),
        "instrument": document.instruments,
        "article": document.articles,
        "until": (last.isoformat(),) if last else (),
        "name": name,
        "place": place,
        "text": _words(document.texts),
        "start": begun,
        "shown": (
            document.key,
            document.kind,
            document.state,
            document.name,
            tuple(one.value for one in document.types),
            lines,
        ),
    }


def _words(texts: Iterable[str]) -> set[str]:
    return set().union(*(index_words(text) for text in texts))


class _View:
    """One generation of the index, read into memory and answering questions."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.reader = FileIndex(_in_memory(files), schema=_schema()).reader()
        self._lock, self._reading = Lock(), Lock()
        self.size = self.reader.doc_count_all()
        self.everything = from_numbers(self.reader.all_doc_ids(), self.size)
        self.lexicon = _read_lexicon(files[PHRASES])
        self.vocabulary = Vocabulary(
            word for field in WORD_FIELDS for word in self.reader.field_terms(field)
        )
        self._completions = sorted(
            {word for field in COMPLETED_FIELDS for word in self.reader.field_terms(field)}
        )
        self._values = {field: tuple(self.reader.field_terms(field)) for field in COUNTED}
        #: Counted in every result, so never forgotten.
        self._facets = {
            (field, value): self._load(field, value)
            for field, values in self._values.items()
            for value in values
        }
        self._hidden: tuple[dt.date | None, int] = (None, 0)
        self._cached: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._room = max(64, CACHE // (self.size // 8 + 64))

    def values(self, field: str) -> Iterable[str]:
        return self._values[field]

    def hidden(self, today: dt.date) -> int:
        day, found = self._hidden
        if day != today:
            found = 0
            for last in self.reader.field_terms("until"):
                if last < today.isoformat():
                    found |= self._load("until", last)
            self._hidden = (today, found)
        return found

    def having(self, field: str, term: str) -> int:
        pinned = self._facets.get((field, term))
        if pinned is not None:
            return pinned
        return self._kept(field, term, self._load)

    def _kept(self, field: str, term: str, load: Callable[[str, str], int]) -> int:
        """The set asked for lately, else loaded now; the least asked for are forgotten."""
        found = self._cached.get((field, term))
        if found is not None:
            return found
        found = load(field, term)
        with self._lock:
            self._cached[field, term] = found
            if len(self._cached) > self._room:
                self._cached.popitem(last=False)
        return found

    def beginning(self, start: str) -> int:
        if len(start) <= LONGEST_START:
            return self.having("start", start)
        return self._kept("beginning", start, self._begun)

    def _begun(self, _: str, start: str) -> int:
        first = bisect_left(self._completions, start)
        words = takewhile(
            lambda word: word.startswith(start), islice(self._completions, first, None)
        )
        found = 0
        for word in words:
            for field in COMPLETED_FIELDS:
                found |= self.having(field, word)
        return found

    def _load(self, field: str, term: str) -> int:
        octets = term.encode("utf-8", "ignore")
        members = 0
        # Whoosh's files have one position for all threads.
        with self._reading:
            for leaf, offset in self.reader.leaf_readers():
                if (field, octets) in leaf:
                    held = leaf.postings(field, octets)
                    members |= from_numbers(_numbers(held), leaf.doc_count_all()) << offset
        return members & self.everything

    def shown(self, number: int) -> tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]]:
        """Key, kind, State, name, types and lines of a document."""
        with self._reading:
            found: tuple[str, str, str, str, tuple[str, ...], tuple[str, ...]]
            found = self.reader.stored_fields(number)["shown"]
        return found

    def understand(self, text: str) -> Understood:
        return understand(text, self.lexicon, self.vocabulary.__contains__)


def _in_memory(files: dict[str, bytes]) -> Any:
    """Whoosh's own files as a storage; a file damaged on disk later cannot hurt a reader."""
    storage = RamStorage()
    storage.files = {name: content for name, content in files.items() if name != PHRASES}
    return storage


def _read_lexicon(content: bytes) -> Lexicon:
    return build_lexicon(
        [Phrase(one["text"], Facet(one["facet"]), one["value"]) for one in json.loads(content)]
    )


def _numbers(matcher: Any) -> Iterable[int]:
    """The documents of a term, block by block: four times as fast as one by one.

    Deleted documents are among them.
    """
    if isinstance(matcher, FilterMatcher):
        return _numbers(matcher.child)
    if not isinstance(matcher, W3LeafMatcher):
        found: Iterable[int] = matcher.all_ids()
        return found
    return _block_by_block(matcher)


def _block_by_block(matcher: Any) -> Iterator[int]:
    while matcher.is_active():
        matcher._read_ids()  # noqa: SLF001
        yield from matcher._ids  # noqa: SLF001
        matcher._next_block()  # noqa: SLF001


class WhooshIndex:
    """The index in a folder; processes share the folder, each reads it into its own memory."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self._view: _View | None = None
        self._stamp: Stamp | None = None
        self._reason = "no search index; run 'directory index rebuild'"
        self._opening = Lock()

    def search(self, question: SearchQuestion) -> SearchResult:
        view = self._current()
        understood = view.understand(question.text)
        ranking = rank(question, understood, view)
        chosen = islice(ranking.best(), question.offset, question.offset + question.limit)
        wanted = {form for word in understood.words for form in (word.mended, *word.forms) if form}
        wanted.update(word_forms(better)[0] for better in ranking.corrections.values())
        return SearchResult(
            hits=tuple(_hit(view, number, frozenset(wanted - LITTLE_WORDS)) for number in chosen),
            total=ranking.matches.bit_count(),
            facets=count_facets(view, ranking.matches),
            understood=_said(understood),
            did_you_mean=_did_you_mean(question.text, understood, ranking.corrections, view),
        )

    def suggest(
        self, text: str, limit: int = 10, today: dt.date | None = None
    ) -> Sequence[Suggestion]:
        view = self._current()
        found = _completed(view, bounded(text))
        if today:
            found &= ~view.hidden(today)
        states = view.having("kind", STATE_KIND) & found
        shown = [view.shown(number) for number in islice(numbers(states), CONSIDERED)]
        typed = fold(bounded(text))
        shown.sort(key=lambda one: (not fold(one[3]).startswith(typed), one[3]))
        entries = islice(numbers(found ^ states), limit)
        chosen = shown[:MOST_STATES] + [view.shown(number) for number in entries]
        return tuple(Suggestion(*one[:4]) for one in chosen[:limit])

    def rebuild(
        self, documents: Iterable[SearchDocument], phrases: Sequence[Phrase], upto: int
    ) -> int:
        with self.store.writing():
            storage = RamStorage()
            index = storage.create_index(_schema())
            count = _write(index, documents, ())
            known = json.dumps([asdict(one) for one in phrases], ensure_ascii=False)
            self.store.switch(storage.files | {PHRASES: known.encode("utf-8")}, upto, count)
        return count

    def update(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], upto: int
    ) -> None:
        with self.store.writing():
            pointer, files = self.store.read()
            index = FileIndex(_in_memory(files), schema=_schema())
            _write(index, documents, removed)
            learnt = index.storage.files | {PHRASES: files[PHRASES]}
            self.store.switch(learnt, max(upto, pointer.position), index.doc_count())

    def position(self) -> int | None:
        pointer = self.store.pointer()
        return pointer.position if pointer else None

    def mending(self) -> AbstractContextManager[bool]:
        return self.store.mending()

    def check(self) -> int:
        _, files = self.store.read()
        return _open(files).everything.bit_count()

    def _current(self) -> _View:
        """What the pointer points to; read again when it has moved."""
        stamp = self.store.stamp()
        if stamp != self._stamp or self._view is None:
            with self._opening:
                if stamp != self._stamp:
                    self._open(stamp)
        if self._view is None:
            raise Unavailable(self._reason)
        return self._view

    def _open(self, stamp: Stamp | None) -> None:
        self._view = None
        try:
            _, files = self.store.read()
            self._view = _open(files)
        except Unavailable as error:
            self._reason = str(error)
        self._stamp = stamp


def _open(files: dict[str, bytes]) -> _View:
    try:
        return _View(files)
    except Exception as error:
        # Whoosh raises whatever its broken bytes lead to; the index is a cache and is made anew.
        raise Unavailable(f"search index unreadable: {error!r}") from error


def _write(index: Any, documents: Iterable[SearchDocument], removed: Iterable[str]) -> int:
    """Forget and add; returns how many were added."""
    writer = index.writer(limitmb=WRITER_MEMORY)
    count = 0
    try:
        is_update = index.doc_count_all() > 0
        for key in removed:
            writer.delete_by_term("key", key)
        for document in documents:
            if is_update:
                writer.delete_by_term("key", document.key)
            writer.add_document(**_fields(document))
            count += 1
    except BaseException:
        writer.cancel()
        raise
    writer.commit()
    return count


def _hit(view: _View, number: int, wanted: frozenset[str]) -> Hit:
    key, kind, state, name, types, lines = view.shown(number)
    return Hit(
        key=key,
        kind=kind,
        state=state,
        name=name,
        snippet=snippet(lines, wanted),
        types=tuple(CooperationType(one) for one in types),
    )


SAID = tuple(facet for facet in Facet if facet not in {Facet.BODY, Facet.LANGUAGE})


def _said(understood: Understood) -> dict[str, str]:
    """Facet -> the value the words were taken for, where there is just one."""
    values = {facet.value: understood.value(facet) for facet in SAID}
    return {facet: value for facet, value in values.items() if value}


def _did_you_mean(
    text: str, understood: Understood, corrections: dict[str, str], view: _View
) -> str:
    """The question with its misspelt words put right; '' when there is nothing to put right."""
    rest = {word.raw: word for word in understood.rest}
    better = {word.raw: word.mended for word in understood.words if word.mended}
    better |= {raw: near for raw, near in corrections.items() if raw in rest}
    unknown = [word for raw, word in rest.items() if raw not in better and _is_unknown(word, view)]
    better |= {word.raw: view.vocabulary.closest(word.forms[0]) for word in unknown[:MOST_UNKNOWN]}
    if not any(better.values()):
        return ""
    suggestion = bounded(text)
    for raw, near in better.items():
        suggestion = suggestion.replace(raw, near or raw)
    return suggestion


def _is_unknown(word: Word, view: _View) -> bool:
    plain = word.forms[0]
    return is_mendable(plain) and plain not in view.vocabulary and not view.beginning(plain)


def _completed(view: _View, text: str) -> int:
    """Documents with the last word begun and the others whole, or in the State these stand for."""
    understood = view.understand(text)
    if not understood.words:
        return 0
    *whole, last = understood.words
    found = _begun(view, last.forms)
    if not whole:
        return found
    before = view.understand(text.rpartition(last.raw)[0])
    state = before.value(Facet.STATE)
    if state and not before.rest:
        narrowed = found & view.having("state", state)
        if narrowed:
            return narrowed
    for word in whole:
        found &= _begun(view, word.forms)
    return found


def _begun(view: _View, forms: Iterable[str]) -> int:
    found = 0
    for form in forms:
        found |= view.beginning(form)
    return found
