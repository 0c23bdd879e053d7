"""Gathering what the counterpart finder needs, and letting it decide."""

import datetime as dt
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import holidays
from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from directory.domain.answer import Answer, Candidate, Facts, Question
from directory.domain.book import ReferenceBook
from directory.domain.counterpart import find, problems_of
from directory.domain.marks import N_
from directory.domain.record import from_dict
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, Problem
from directory.models.entry import Entry, EntryRevision, LiaisonState
from directory.policy import READ_ENTRY, Actor, require, visible
from directory.queries.reference import get_book

_COLUMNS = (
    Entry.id,
    Entry.kind,
    Entry.state_code,
    Entry.status,
    Entry.revision,
    Entry.changed_at,
    Entry.confirmed_on,
    Entry.confirmed_by,
    Entry.confirmed_how,
    Entry.as_published,
    Entry.synthetic,
    Entry.conflict,
    Entry.open_reports,
    EntryRevision.record,
)


def answer(actor: Actor, session: Session, question: Question, today: dt.date) -> Answer:
    """The finder's answer, from what this actor may see, in two statements.

    Raises ``Invalid`` when the question names what does not exist.
    """
    require(actor, "counterparts:ask")
    book = get_book(actor, session)
    _refuse_unknown_states(question, book)
    both = (question.requesting, question.requested)
    return find(
        question,
        Facts(
            requesting=book.states[question.requesting],
            requested=book.states[question.requested],
            instruments=book.instruments,
            participations=_of(book.participations_by_state, both),
            declarations=_of(book.declarations_by_state, both),
            legal_bases=book.legal_bases,
            candidates=_candidates(actor, session, question, today),
            copies=book.copies,
            holidays={code: national_holidays(code, question.on.year) for code in both},
        ),
    )


def _refuse_unknown_states(question: Question, book: ReferenceBook) -> None:
    """Without both States there are no facts to gather; what else is wrong is said with it."""
    problems = [
        Problem(field, N_("no State has the code %(code)s"), {"code": code})
        for field, code in zip(_STATES, (question.requesting, question.requested), strict=True)
        if code not in book.states
    ]
    if problems:
        rest = problems_of(question, book.instruments, book.states.get(question.requested))
        raise Invalid([*problems, *(one for one in rest if one.path not in _STATES)])


_STATES = ("requesting", "requested")
One = TypeVar("One")


def _of(by_state: Mapping[str, tuple[One, ...]], codes: Collection[str]) -> tuple[One, ...]:
    return tuple(one for code in codes for one in by_state.get(code, ()))


def _candidates(
    actor: Actor, session: Session, question: Question, today: dt.date
) -> tuple[Candidate, ...]:
    """The requested State's entries, and the officers that stand between the two States."""
    posted = select(LiaisonState.entry_id).where(
        or_(
            LiaisonState.state_code == question.requested,
            and_(
                LiaisonState.state_code == question.requesting,
                Entry.state_code == question.requested,
            ),
        )
    )
    concerned = or_(
        Entry.state_code == question.requested,
        and_(Entry.kind == EntryKind.LIAISON_OFFICER, Entry.id.in_(posted)),
    )
    statement = (
        select(*_COLUMNS)
        .join(
            EntryRevision,
            and_(EntryRevision.entry_id == Entry.id, EntryRevision.number == Entry.revision),
        )
        .where(READ_ENTRY.filter(actor, today), concerned)
        .order_by(Entry.id)
    )
    return tuple(_candidate(actor, row) for row in session.execute(statement))


def _candidate(actor: Actor, row: Row[*tuple[Any, ...]]) -> Candidate:
    record = from_dict(row.kind, row.record)
    return Candidate(
        id=row.id,
        state=row.state_code,
        record=visible(actor, row.state_code, record),
        status=row.status,
        revision=row.revision,
        changed_on=row.changed_at.date(),
        confirmed_on=row.confirmed_on,
        confirmed_by=row.confirmed_by,
        confirmed_how=row.confirmed_how.value if row.confirmed_how else "",
        as_published=row.as_published,
        synthetic=row.synthetic,
        conflict=row.conflict,
        open_reports=row.open_reports,
    )


@lru_cache(maxsize=512)
def national_holidays(code: str, year: int) -> frozenset[dt.date]:
    """National holidays by the library's calendar, a hint only; empty where it knows none."""
    try:
        return frozenset(holidays.country_holidays(code, years=year))
    except NotImplementedError:
        return frozenset()
