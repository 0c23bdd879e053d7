"""The search index in PostgreSQL's full text tables, for those who want no folder of files.

Every term of a document is a lexeme 'field:term' of its ``tsvector``, under a GIN index. Texts are
folded by the directory as for every engine, so no dictionary, no ``unaccent`` and no ``pg_trgm`` is
asked for: it works, and answers the same, on every PostgreSQL. The sets of documents are taken from
it once per term and kept in memory (``view``), where questions are answered.

Documents are kept from one edition to another, so that a process that still reads the edition
before finds it whole.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from directory.db.swift import SwiftSelect
from directory.db.unit_of_work import UnitOfWork
from directory.errors import Unavailable
from directory.models.search import SearchEdition, SearchEntry
from directory.search.answering import answer, complete
from directory.search.bits import from_numbers
from directory.search.documents import WORD_FIELDS, Shown, document_terms, shown_of
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
from directory.search.ranking import COUNTED
from directory.search.store import FORMAT
from directory.search.view import View

#: Fields all terms of which a view asks for.
LISTED = frozenset({*WORD_FIELDS, *COUNTED, "until"})
#: Keys of the advisory locks: who writes, who mends.
WRITING, MENDING = 7_304_001, 7_304_002
#: A longer term is in no document.
LONGEST_TERM = 500
#: Documents written at a time.
AT_ONCE = 500

_ADD = text(
    "INSERT INTO search_entry (generation, number, key, first_edition, shown, terms) VALUES"
    " (:generation, :number, :key, :first_edition, CAST(:shown AS json),"
    " array_to_tsvector(CAST(:terms AS text[])))"
)


def _of_edition(edition: SearchEdition) -> tuple[ColumnElement[bool], ...]:
    """The documents that the edition holds."""
    ends = SearchEntry.last_edition
    return (
        SearchEntry.generation == edition.generation,
        SearchEntry.first_edition <= edition.edition,
        or_(ends.is_(None), ends >= edition.edition),
    )


class PostgresEngine:
    """One edition of the index, as PostgreSQL has it (``view.Engine``)."""

    def __init__(self, engine: Engine, edition: SearchEdition) -> None:
        self._engine = engine
        self._held = _of_edition(edition)
        with engine.connect() as connection:
            numbers = connection.scalars(select(SearchEntry.number).where(*self._held)).all()
            self._terms = _listed(connection, edition)
        self.size = max(numbers, default=-1) + 1
        self.everything = from_numbers(numbers, self.size)

    def terms(self, field: str) -> Iterable[str]:
        return self._terms.get(field, ())

    def load(self, field: str, term: str) -> int:
        lexeme = f"{field}:{term}".encode("utf-8", "ignore").decode().replace("\0", "")
        if len(lexeme) > LONGEST_TERM:
            return 0
        wanted = SearchEntry.terms.bool_op("@@")(text("CAST(:lexeme AS tsquery)"))
        statement = select(SearchEntry.number).where(*self._held, wanted)
        with self._engine.connect() as connection:
            found = connection.scalars(statement, {"lexeme": _quoted(lexeme)}).all()
        return from_numbers(found, self.size)

    def shown(self, number: int) -> Shown:
        statement = select(SearchEntry.shown).where(*self._held, SearchEntry.number == number)
        with self._engine.connect() as connection:
            found = connection.scalar(statement)
        if found is None:
            raise Unavailable("the search index was made anew meanwhile; ask again")
        key, kind, state, name, types, lines = found
        return Shown(key, kind, state, name, tuple(types), tuple(lines))


def _quoted(lexeme: str) -> str:
    """The lexeme as a query that means just itself."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _listed(connection: Connection, edition: SearchEdition) -> dict[str, list[str]]:
    """Field -> its terms, counted by PostgreSQL's own statistics of full text."""
    held = (
        # Whole numbers only.
        f"SELECT terms FROM search_entry WHERE generation = {int(edition.generation)}"  # nosec B608
        f" AND first_edition <= {int(edition.edition)}"
        f" AND (last_edition IS NULL OR last_edition >= {int(edition.edition)})"
    )
    found: dict[str, list[str]] = {field: [] for field in LISTED}
    for lexeme in connection.scalars(text("SELECT word FROM ts_stat(:held)"), {"held": held}):
        field, _, term = lexeme.partition(":")
        if field in LISTED:
            found[field].append(term)
    return {field: sorted(terms) for field, terms in found.items()}


#: Before every question.
_STAMP = SwiftSelect(select(SearchEdition.format, SearchEdition.generation, SearchEdition.edition))


class PostgresIndex:
    """The index in the tables ``search_edition`` and ``search_entry`` of a PostgreSQL database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._editions = Editions(self._stamp, self._read)
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
        with UnitOfWork(self._engine) as uow:
            before = _locked(uow.session)
            made = SearchEdition(
                id=1,
                format=FORMAT,
                generation=before.generation + 1 if before else 1,
                edition=before.edition + 1 if before else 1,
                position=upto,
                phrases=[[one.text, one.facet.value, one.value] for one in phrases],
            )
            _end(uow.session, made.edition, SearchEntry.last_edition.is_(None))
            count = _add(uow.session, made.generation, made.edition, 0, documents)
            uow.session.merge(made)
        return count

    def update(
        self, documents: Iterable[SearchDocument], removed: Iterable[str], upto: int
    ) -> None:
        learnt = list(documents)
        with UnitOfWork(self._engine) as uow:
            current = _locked(uow.session)
            if current is None or current.format != FORMAT:
                raise Unavailable("no search index; run 'directory index rebuild'")
            edition, generation = current.edition + 1, current.generation
            keys = [*removed, *(one.key for one in learnt)]
            still = (SearchEntry.last_edition.is_(None), SearchEntry.key.in_(keys))
            _end(uow.session, edition, *still)
            first = select(func.coalesce(func.max(SearchEntry.number), -1) + 1)
            number = uow.session.scalar(first.where(SearchEntry.generation == generation)) or 0
            _add(uow.session, generation, edition, number, learnt)
            current.edition, current.position = edition, max(upto, current.position)

    def position(self) -> int | None:
        with Session(self._engine) as session:
            found = session.get(SearchEdition, 1)
        return found.position if found and found.format == FORMAT else None

    def edition(self) -> object | None:
        return self._editions.current()

    def check(self) -> int:
        return self._read().everything.bit_count()

    def mending(self) -> AbstractContextManager[bool]:
        return self._mending()

    @contextmanager
    def _mending(self) -> Iterator[bool]:
        with self._engine.connect() as connection:
            # The lock is of the connection, and ends with it.
            mine = bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({MENDING})")))
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(text(f"SELECT pg_advisory_unlock({MENDING})"))

    def _stamp(self) -> tuple[int, int, int] | None:
        with self._engine.connect() as connection:
            found = _STAMP.first(connection, {})
        return (found[0], found[1], found[2]) if found else None

    def _read(self) -> View:
        with Session(self._engine) as session:
            edition = session.get(SearchEdition, 1)
        if edition is None or edition.format != FORMAT:
            raise Unavailable("no search index; run 'directory index rebuild'")
        lexicon = self._lexicon.of(edition.generation, lambda: _phrases(edition))
        return View(PostgresEngine(self._engine, edition), lexicon)


def _phrases(edition: SearchEdition) -> list[Phrase]:
    return [Phrase(words, Facet(facet), value) for words, facet, value in edition.phrases]


def _locked(session: Session) -> SearchEdition | None:
    """The edition in use, once no other process writes."""
    session.execute(text(f"SELECT pg_advisory_xact_lock({WRITING})"))
    return session.get(SearchEdition, 1)


def _end(session: Session, edition: int, *which: ColumnElement[bool]) -> None:
    """End these documents before that edition; forget what only earlier editions held."""
    session.execute(
        update(SearchEntry).where(*which).values(last_edition=edition - 1),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        delete(SearchEntry).where(SearchEntry.last_edition < edition - 1),
        execution_options={"synchronize_session": False},
    )


def _add(
    session: Session,
    generation: int,
    edition: int,
    number: int,
    documents: Iterable[SearchDocument],
) -> int:
    """Add the documents, numbered from ``number`` on; returns how many."""
    batch: list[dict[str, Any]] = []
    count = 0
    for count, document in enumerate(documents, start=1):
        batch.append(
            {
                "generation": generation,
                "number": number + count - 1,
                "key": document.key,
                "first_edition": edition,
                "shown": json.dumps(shown_of(document), ensure_ascii=False),
                "terms": _lexemes(document),
            }
        )
        if len(batch) == AT_ONCE:
            session.execute(_ADD, batch)
            batch = []
    if batch:
        session.execute(_ADD, batch)
    return count


def _lexemes(document: SearchDocument) -> list[str]:
    terms = document_terms(document)
    return sorted({f"{field}:{term}" for field, held in terms.items() for term in held})
