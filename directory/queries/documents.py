"""What the search index learns: documents of States and entries, and what phrases stand for.

Only what all readers may see. Channels are not searched at all: neither numbers nor mailboxes ever
reach the index.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from directory.domain.book import ReferenceBook
from directory.domain.record import (
    AuthorityRecord,
    ContactPointRecord,
    LiaisonOfficerRecord,
    Record,
    RequirementsRecord,
    cooperation_types,
    from_dict,
)
from directory.domain.reference import State
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus
from directory.models.entry import Entry, IndexWork
from directory.policy import visible_to_all_readers
from directory.queries.body_terms import BODY_TERMS
from directory.queries.cldr_terms import cldr_phrases
from directory.queries.kind_terms import CENTRAL_TERMS, KIND_TERMS
from directory.queries.reference import read_book
from directory.queries.topic_terms import TOPIC_TERMS
from directory.search.index import Facet, Phrase, SearchDocument
from directory.search.text import fold

_ROUND_THE_CLOCK = re.compile(r"24/7|7/24")
#: Rows fetched at a time.
_BATCH = 500
_COLUMNS = (
    *(Entry.id, Entry.kind, Entry.state_code, Entry.synthetic),
    *(Entry.visible_until, Entry.document),
)


def entry_key(entry_id: str) -> str:
    """Key of an entry's document."""
    return f"entry:{entry_id}"


def last_work(session: Session) -> int:
    """Number of the newest work for the index; 0 when there was never any."""
    return session.execute(select(func.max(IndexWork.id))).scalar() or 0


def pending_work(session: Session, position: int) -> list[str | None]:
    """Identifiers of the entries to be learnt since ``position``; None asks for a rebuild."""
    wanted = select(IndexWork.entry_id).where(IndexWork.id > position).distinct()
    return list(session.execute(wanted).scalars())


def search_documents(session: Session) -> Iterator[SearchDocument]:
    """All documents: States first, then entries by State and kind, those for trials last.

    Two statements.
    """
    book = read_book(session)
    for state in book.states.values():
        yield _state_document(state, book)
    order = (Entry.state_code, Entry.kind, Entry.synthetic, Entry.name, Entry.id)
    ordered = select(*_COLUMNS).order_by(*order)
    yield from _entry_documents(session, ordered)


def documents_for(session: Session, entry_ids: Collection[str]) -> list[SearchDocument]:
    """Documents of these entries; those that not all readers may see have none."""
    wanted = select(*_COLUMNS).where(Entry.id.in_(entry_ids)).order_by(Entry.id)
    return list(_entry_documents(session, wanted))


def _entry_documents(
    session: Session, wanted: Select[*tuple[Any, ...]]
) -> Iterator[SearchDocument]:
    for_all = wanted.where(Entry.status != EntryStatus.RETIRED)
    book = read_book(session)
    for row in session.execute(for_all.execution_options(yield_per=_BATCH)):
        stored = json.loads(row.document)
        # The stored JSON is what all readers see; the policy is asked once more all the same.
        record = visible_to_all_readers(from_dict(row.kind, stored["record"]))
        yield _entry_document(row, stored["name"], record, book)


def _state_document(state: State, book: ReferenceBook) -> SearchDocument:
    return SearchDocument(
        key=f"state:{state.code}",
        kind="state",
        state=state.code,
        name=state.name(),
        state_names=_distinct((*state.names.values(), *book.aliases.get(state.code, ()))),
        cities=_distinct((state.capital,)),
        territories=tuple(territory.key for territory in state.territories),
        languages=state.languages,
        roles=("real",),
        texts=tuple(territory.name for territory in state.territories),
    )


def _entry_document(
    row: Row[*tuple[Any, ...]], name: str, record: Record, book: ReferenceBook
) -> SearchDocument:
    instruments, articles, territories = _designated(record)
    return SearchDocument(
        key=entry_key(row.id),
        kind=row.kind.value,
        state=row.state_code,
        name=name,
        names=_names(record),
        units=_units(record),
        cities=_cities(record),
        related_states=_related(record),
        territories=territories,
        languages=book.states[row.state_code].languages,
        types=cooperation_types(record),
        roles=tuple(_roles(record, is_synthetic=row.synthetic)),
        instruments=instruments,
        articles=articles,
        texts=_texts(record, territories, book),
        visible_until=row.visible_until,
    )


def _designated(record: Record) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Instruments, articles and territories of the designations."""
    if not isinstance(record, AuthorityRecord | ContactPointRecord):
        return (), (), ()
    designations = record.designations
    return (
        _distinct(one.instrument for one in designations),
        _distinct(one.article for one in designations),
        _distinct(one.territory for one in designations),
    )


def _roles(record: Record, *, is_synthetic: bool) -> Iterator[str]:
    """'real', and 'central' for who is designated for mutual legal assistance as such.

    That is what treaties call a central authority (UNTOC 18(13), UNCAC 46(13)).
    """
    if not is_synthetic:
        yield "real"
    if isinstance(record, AuthorityRecord) and any(
        one.cooperation_type is CooperationType.MLA and not one.function
        for one in record.designations
    ):
        yield "central"


def _names(record: Record) -> tuple[str, ...]:
    if isinstance(record, RequirementsRecord):
        return ()
    return _distinct(name.text for name in record.names)


def _units(record: Record) -> tuple[str, ...]:
    if isinstance(record, RequirementsRecord):
        return ()
    if isinstance(record, LiaisonOfficerRecord):
        return _distinct((record.agency,))
    return _distinct((record.unit, record.ministry, record.post))


def _cities(record: Record) -> tuple[str, ...]:
    if isinstance(record, RequirementsRecord):
        return ()
    if isinstance(record, LiaisonOfficerRecord):
        return _distinct((record.host_city,))
    return _distinct(address.city for address in record.addresses)


def _related(record: Record) -> tuple[str, ...]:
    if not isinstance(record, LiaisonOfficerRecord):
        return ()
    return _distinct((record.host_state, *record.covered_states))


def _texts(record: Record, territories: Iterable[str], book: ReferenceBook) -> tuple[str, ...]:
    """Whatever else is worth a match: limits, functions, networks, themes, addresses."""
    if isinstance(record, RequirementsRecord):
        names = book.types[record.cooperation_type].names
        return _distinct((*names.values(), record.legal_requirements, record.alternative))
    if isinstance(record, LiaisonOfficerRecord):
        return _distinct(record.themes)
    scopes = (one.scope.text for one in record.designations if one.scope)
    functions = (one.function for one in record.designations)
    served = (book.territories[key].name for key in territories if key in book.territories)
    addresses = (address.text for address in record.addresses)
    network = record.network if isinstance(record, ContactPointRecord) else ""
    return _distinct((*scopes, *functions, *served, network, *addresses))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def search_phrases(session: Session) -> list[Phrase]:
    """What words stand for: names of States, territories, types, kinds and instruments."""
    book = read_book(session)
    return [
        *_state_phrases(book),
        *_type_phrases(book),
        *_instrument_phrases(book),
        *_body_phrases(),
        *_once(cldr_phrases(book.states)),
        *(Phrase(text, Facet.KIND, kind) for kind, texts in KIND_TERMS.items() for text in texts),
        *(Phrase(text, Facet.ROLE, "central") for text in CENTRAL_TERMS),
        # Most are at a ministry or an office of justice: these come first among several.
        *(Phrase(text, Facet.BODY, "justice") for text in CENTRAL_TERMS),
    ]


def _once(phrases: Iterable[Phrase]) -> Iterator[Phrase]:
    """Each but once, as words are folded: most names are written alike in many languages."""
    known: set[tuple[str, Facet, str]] = set()
    for one in phrases:
        key = (fold(one.text), one.facet, one.value)
        if key not in known:
            known.add(key)
            yield one


def _state_phrases(book: ReferenceBook) -> Iterator[Phrase]:
    for state in book.states.values():
        for text in (*state.names.values(), *book.aliases.get(state.code, ())):
            yield Phrase(text, Facet.STATE, state.code)
        for territory in state.territories:
            aliases = book.territory_aliases.get(territory.key, ())
            for text in (territory.name, *territory.names.values(), *aliases):
                yield Phrase(text, Facet.TERRITORY, territory.key)


def _type_phrases(book: ReferenceBook) -> Iterator[Phrase]:
    for one in book.types.values():
        for text in (*one.names.values(), *one.synonyms):
            if _ROUND_THE_CLOCK.search(text):
                # Points that are reached round the clock are there for drugs at sea too.
                yield Phrase(text, Facet.TOPIC, one.code)
                yield Phrase(text, Facet.KIND, EntryKind.CONTACT_POINT)
            else:
                yield Phrase(text, Facet.TYPE, one.code)
    for text, topics in TOPIC_TERMS.items():
        for topic in topics:
            yield Phrase(text, Facet.TOPIC, topic)
    for basis in book.legal_bases:
        for article in basis.article.split(","):
            if article.strip():
                yield Phrase(
                    f"{basis.instrument} {article.strip()}", Facet.ARTICLE, basis.cooperation_type
                )


def _instrument_phrases(book: ReferenceBook) -> Iterator[Phrase]:
    for one in book.instruments.values():
        others = (*one.short_titles.values(), *one.titles.values())
        for text in (one.code.replace("-", " "), one.short_title, one.title, one.number, *others):
            yield Phrase(text, Facet.INSTRUMENT, one.code)


def _body_phrases() -> Iterator[Phrase]:
    for body, by_language in BODY_TERMS.items():
        for language, texts in by_language.items():
            for text in texts:
                yield Phrase(text, Facet.BODY, body)
                yield Phrase(text, Facet.LANGUAGE, language)
