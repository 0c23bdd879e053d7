"""Gathering what the counterpart finder needs, and letting it decide."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest
from typing import Any, TypeVar

import holidays
from sqlalchemy import bindparam, exists, or_, select, union
from sqlalchemy.orm import Session

from directory.db.swift import SwiftSelect
from directory.domain.answer import Answer, Candidate, Facts, Question
from directory.domain.book import ReferenceBook
from directory.domain.counterpart import find, problems_of, types_considered
from directory.domain.lately import may_be_told
from directory.domain.marks import N_
from directory.domain.record import Record
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, Problem
from directory.models.entry import Designation, Entry, LiaisonState
from directory.policy import READ_ENTRY, Actor, require, visible
from directory.queries.as_of import past_candidates
from directory.queries.recent_changes import recent_changes
from directory.queries.records import read_records
from directory.queries.reference import get_book
from directory.queries.reported import HAS_REPORTED, reported_channels

#: Parameters of the types an authority may be designated for.
_TYPES = ("type_0", "type_1", "type_2", "type_3")
#: Identifiers of what may concern a question: the requested State's entries, and the officers that
#: stand between the two States. Two look-ups by index; with ``or_`` SQLite reads every entry.
_CONCERNED = union(
    select(Entry.id).where(
        Entry.state_code == bindparam("requested"), Entry.kind != EntryKind.LIAISON_OFFICER
    ),
    select(LiaisonState.entry_id)
    .join(Entry, Entry.id == LiaisonState.entry_id)
    .where(
        LiaisonState.state_code == bindparam("requesting"),
        Entry.state_code == bindparam("requested"),
    ),
    select(LiaisonState.entry_id)
    .join(Entry, Entry.id == LiaisonState.entry_id)
    .where(
        LiaisonState.state_code == bindparam("requested"),
        or_(Entry.state_code == bindparam("requesting"), LiaisonState.common_use),
    ),
)
_HEADS = SwiftSelect(
    select(
        Entry.id,
        Entry.kind,
        Entry.state_code,
        Entry.status,
        Entry.revision,
        Entry.changed_at,
        Entry.confirmed_on,
        Entry.confirmed_by,
        Entry.confirmed_how,
        Entry.visible_until,
        Entry.as_published,
        Entry.synthetic,
        Entry.conflict,
        Entry.open_reports,
        Entry.unreviewed,
        Entry.alternative_id,
        HAS_REPORTED.label("has_reported"),
    )
    .where(
        Entry.id.in_(_CONCERNED),
        or_(
            Entry.kind != EntryKind.AUTHORITY,
            exists(
                select(Designation.id).where(
                    Designation.entry_id == Entry.id,
                    Designation.cooperation_type.in_([bindparam(name) for name in _TYPES]),
                )
            ),
        ),
    )
    .order_by(Entry.id)
)


def answer(
    actor: Actor,
    session: Session,
    question: Question,
    today: dt.date,
    known: dt.datetime | None = None,
    book: ReferenceBook | None = None,
) -> Answer:
    """The finder's answer, from what this actor may see, in two statements.

    One more where an entry changed lately, one more where a State reported a channel that nobody
    has confirmed, and one where records are not kept yet; ``book`` is given where the request has
    read it already. A day that is over is answered from what held then, as known at ``known``
    (None: now). Raises ``Invalid`` when the question names what does not exist.
    """
    require(actor, "counterparts:ask")
    book = book or get_book(actor, session)
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
            candidates=_candidates(actor, session, question, today, known),
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
    actor: Actor,
    session: Session,
    question: Question,
    today: dt.date,
    known: dt.datetime | None = None,
) -> tuple[Candidate, ...]:
    """The requested State's entries, and the officers that stand between the two States."""
    # An answer from which entries are left out would be a wrong one.
    require(actor, "entries:read")
    if known or question.on < today:
        return past_candidates(actor, session, question, known, today)
    connection = session.connection()
    heads = [
        row
        for row in _HEADS.all(connection, _given(question))
        if READ_ENTRY.allows(actor, row, today)
    ]
    records = read_records(connection, heads)
    changed = [row.id for row in heads if may_be_told(row.revision, row.changed_at, question.at)]
    changes = recent_changes(actor, session, changed, question.at)
    reported = reported_channels(actor, session, [row.id for row in heads if row.has_reported])
    return tuple(
        replace(
            _candidate(actor, row, records[row.id]),
            recent_changes=changes.get(row.id, ()),
            reported_channels=reported.get(row.id, ()),
        )
        for row in heads
    )


def _given(question: Question) -> dict[str, object]:
    """The parameters of ``_HEADS``; a type that is left over stands for the one asked."""
    types = types_considered(question.cooperation_type)
    filled = zip_longest(_TYPES, types, fillvalue=question.cooperation_type)
    states = {"requesting": question.requesting, "requested": question.requested}
    return {**states, **dict(filled)}


def _candidate(actor: Actor, row: Any, record: Record) -> Candidate:
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
        unreviewed=row.unreviewed,
        alternative_id=row.alternative_id,
    )


@lru_cache(maxsize=512)
def national_holidays(code: str, year: int) -> frozenset[dt.date]:
    """National holidays by the library's calendar, a hint only; empty where it knows none."""
    try:
        return frozenset(holidays.country_holidays(code, years=year))
    except NotImplementedError:
        return frozenset()
