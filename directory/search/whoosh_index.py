"""The search index on Whoosh, the only file that knows Whoosh.

Whoosh keeps the terms, their documents and what is shown of each. The sets of documents are taken
from it once per term and kept in memory (``view``), where questions are answered; no text of a user
ever reaches Whoosh's query parser. Whoosh unpickles its own files: see ``store``.
"""

import datetime as dt
import json
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any

from directory.errors import Unavailable
from directory.search.answering import answer, complete
from directory.search.bits import from_numbers
from directory.search.documents import TERM_FIELDS, Shown, document_terms, shown_of
from directory.search.editions import Editions
from directory.search.index import (
    Facet,
    Phrase,
    SearchDocument,
    SearchQuestion,
    SearchResult,
    Suggestion,
)
from directory.search.lexicon import KeptLexicon
from directory.search.store import Store
from directory.search.view import View

with warnings.catch_warnings():
    # Whoosh 2.7.4 was written for older Pythons.
    warnings.filterwarnings("ignore", category=DeprecationWarning, message="invalid escape")
    warnings.filterwarnings("ignore", category=SyntaxWarning)
    from whoosh import fields as whoosh_fields
    from whoosh.codec.whoosh3 import W3LeafMatcher
    from whoosh.filedb.filestore import FileStorage, RamStorage
    from whoosh.filedb.structfile import BufferFile
    from whoosh.formats import Existence
    from whoosh.index import FileIndex
    from whoosh.matching import FilterMatcher

PHRASES = "phrases.json"
#: Memory Whoosh may take while it sorts the terms of a new index, in MB.
WRITER_MEMORY = 64


class Terms(whoosh_fields.FieldType):  # type: ignore[misc]
    """A field that is given its terms ready made, and keeps which documents have them."""

    def __init__(self) -> None:
        super().__init__(format=Existence(), analyzer=None)

    def index(
        self, value: Collection[str], **_: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        return ((term.encode("utf-8"), 1, 1.0, b"") for term in set(value))

    def process_text(self, qstring: str, mode: str = "", **_: object) -> Iterator[str]:  # noqa: ARG002
        """A key to delete by is a term as it is."""
        return iter((qstring,))


def _schema() -> Any:
    terms = {field: Terms() for field in TERM_FIELDS}
    return whoosh_fields.Schema(shown=whoosh_fields.STORED(), **terms)


class WhooshEngine:
    """One edition of the index, as Whoosh reads it (``view.Engine``)."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._reader = FileIndex(MemoryStorage(files), schema=_schema()).reader()
        # Whoosh's files have one position for all threads.
        self._reading = Lock()
        self.size: int = self._reader.doc_count_all()
        self.everything = from_numbers(self._reader.all_doc_ids(), self.size)

    def terms(self, field: str) -> Iterable[str]:
        with self._reading:
            return list(self._reader.field_terms(field))

    def load(self, field: str, term: str) -> int:
        octets = term.encode("utf-8", "ignore")
        members = 0
        with self._reading:
            for leaf, offset in self._reader.leaf_readers():
                if (field, octets) in leaf:
                    held = leaf.postings(field, octets)
                    members |= from_numbers(_numbers(held), leaf.doc_count_all()) << offset
        return members & self.everything

    def shown(self, number: int) -> Shown:
        with self._reading:
            return Shown(*self._reader.stored_fields(number)["shown"])


class MemoryStorage(RamStorage):  # type: ignore[misc]
    """Whoosh's files in memory: damage on disk cannot hurt who has read them.

    Whoosh would put (and unpickle) what it sorts into one folder of /tmp that all share; here it
    goes to ``scratch``.
    """

    def __init__(self, files: Mapping[str, bytes], scratch: Path | None = None) -> None:
        super().__init__()
        self.files = {name: content for name, content in files.items() if name != PHRASES}
        self._scratch = scratch

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """Of the octets themselves; Whoosh would copy them."""
        if name not in self.files:
            raise NameError(name)
        return BufferFile(self.files[name], name=name, **kwargs)

    def temp_storage(self, name: str | None = None) -> Any:  # noqa: ARG002
        return FileStorage(str(self._scratch), supports_mmap=False)


def _numbers(matcher: Any) -> Iterable[int]:
    """The documents of a term, block by block: several times as fast as one by one.

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
        self._editions = Editions(self.store.stamp, self._read)
        self._lexicon = KeptLexicon()

    def search(self, question: SearchQuestion) -> SearchResult:
        return answer(self._editions.current(), question)

    def suggest(
        self, text: str, limit: int = 10, today: dt.date | None = None
    ) -> Sequence[Suggestion]:
        return complete(self._editions.current(), text, limit, today)

    def rebuild(
        self, documents: Iterable[SearchDocument], phrases: Sequence[Phrase], upto: int
    ) -> int:
        with self.store.writing() as scratch:
            storage = MemoryStorage({}, scratch)
            index = storage.create_index(_schema())
            _write(index, documents, ())
            known = json.dumps([asdict(one) for one in phrases], ensure_ascii=False)
            count: int = index.doc_count()
            self.store.switch(storage.files | {PHRASES: known.encode("utf-8")}, upto, count)
        return count

    def update(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], upto: int
    ) -> None:
        with self.store.writing() as scratch:
            pointer, files = self.store.read()
            index = FileIndex(MemoryStorage(files, scratch), schema=_schema())
            _write(index, documents, removed)
            learnt = index.storage.files | {PHRASES: files[PHRASES]}
            self.store.switch(learnt, max(upto, pointer.position), index.doc_count())

    def position(self) -> int | None:
        pointer = self.store.pointer()
        return pointer.position if pointer else None

    def mending(self) -> AbstractContextManager[bool]:
        return self.store.mending()

    def edition(self) -> object | None:
        return self._editions.current()

    def check(self) -> int:
        return self._read().everything.bit_count()

    def _read(self) -> View:
        pointer, files = self.store.read()
        return _view_of(files, self._lexicon, pointer.digests.get(PHRASES, ""))


def _view_of(files: dict[str, bytes], lexicon: KeptLexicon, digest: str) -> View:
    try:
        return View(WhooshEngine(files), lexicon.of(digest, lambda: _phrases(files[PHRASES])))
    except Exception as error:
        # Whoosh raises whatever its broken bytes lead to; the index is a cache and is made anew.
        raise Unavailable(f"search index unreadable: {error!r}") from error


def _phrases(content: bytes) -> list[Phrase]:
    return [Phrase(one["text"], Facet(one["facet"]), one["value"]) for one in json.loads(content)]


def _write(index: Any, documents: Iterable[SearchDocument], removed: Iterable[str]) -> None:
    """Forget and add, all or nothing."""
    is_update = index.doc_count_all() > 0
    # Several files: of one file with parts, each part would be copied when it is read.
    writer = index.writer(limitmb=WRITER_MEMORY, compound=False)
    try:
        for key in removed:
            writer.delete_by_term("key", key)
        for document in documents:
            if is_update:
                writer.delete_by_term("key", document.key)
            writer.add_document(shown=tuple(shown_of(document)), **document_terms(document))
    except BaseException:
        writer.cancel()
        raise
    writer.commit()
