"""Gathering what the counterpart finder needs, and letting it decide."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, TypeVar

from sqlalchemy import Boolean, bindparam, or_, select, union

from directory.db.reader import Reader, connection_of
from directory.db.swift import SwiftSelect
from directory.domain.answer import Answer, Candidate, Facts, Question
from directory.domain.book import ReferenceBook, UnknownState
from directory.domain.contacts import office_of
from directory.domain.counterpart import (
    code_problems,
    find,
    pair_problems,
    problems_of,
    types_answering,
    types_nearest,
)
from directory.domain.lately import may_be_told
from directory.domain.line_tests import result_from_dict
from directory.domain.record import Record
from directory.domain.vocabulary import CooperationType, EntryKind
from directory.errors import Invalid, Problem
from directory.models.entry import Designation, Entry, LiaisonState
from directory.policy import (
    READ_ENTRY,
    Actor,
    behind_glass,
    hidden_channels,
    require,
    visible,
)
from directory.queries.as_of import past_candidates
from directory.queries.national_holidays import holidays_around
from directory.queries.recent_changes import recent_changes
from directory.queries.records import read_records
from directory.queries.reference import get_book
from directory.queries.reported import HAS_REPORTED, reported_channels

#: Parameters of the types an entry is designated for that is looked at.
_TYPES = ("type_0", "type_1", "type_2", "type_3")
#: Identifiers of what may concern a question: the requested State's entries for the types, all of
#: its contact points when it presses, and the officers that stand between the two States. Look-ups
#: by index; with ``or_`` SQLite reads every entry.
_CONCERNED = union(
    select(Designation.entry_id)
    .join(Entry, Entry.id == Designation.entry_id)
    .where(
        Designation.state_code == bindparam("requested"),
        or_(*(Designation.cooperation_type == bindparam(name) for name in _TYPES)),
        Entry.kind != EntryKind.LIAISON_OFFICER,
    ),
    select(Entry.id).where(
        Entry.state_code == bindparam("requested"),
        Entry.kind == EntryKind.CONTACT_POINT,
        bindparam("pressing", type_=Boolean),
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
        Entry.line_test,
        HAS_REPORTED.label("has_reported"),
    )
    .where(Entry.id.in_(_CONCERNED))
    .order_by(Entry.id)
)


@dataclass(frozen=True, slots=True)
class Ground:
    """The rows of entries that an answer rests on, as the database gave them, by their SHA-256.

    A row names the revision and the moment of its change, and holds everything else that is shown
    beside the record: while the rows read the same, the entries say the same.
    """

    types: tuple[CooperationType, ...]
    digest: bytes


def _digest(rows: Sequence[Sequence[Any]]) -> bytes:
    return hashlib.sha256(repr(rows).encode()).digest()


def answer(
    actor: Actor,
    reader: Reader,
    question: Question,
    today: dt.date,
    known: dt.datetime | None = None,
    book: ReferenceBook | None = None,
) -> Answer:
    """The finder's answer, from what this actor may see, in two statements, seven at most.

    One more where nobody answers and the authorities for the nearest types are looked at, one more
    each time that records are not kept yet, one more where an entry changed lately, and one more
    where a State reported a channel that nobody has confirmed; ``book`` is given where the request
    has read it already. A day that is over is answered from what held then, as known at ``known``
    (None: now).
    Raises ``Invalid`` when the question names what does not exist.
    """
    return grounded_answer(actor, reader, question, today, known, book)[0]


def grounded_answer(
    actor: Actor,
    reader: Reader,
    question: Question,
    today: dt.date,
    known: dt.datetime | None = None,
    book: ReferenceBook | None = None,
) -> tuple[Answer, Ground | None]:
    """The answer, and what it rests on beside the reference data and the time.

    None where rows of entries do not tell all: of the past, and of channels that a State reported.
    """
    require(actor, "counterparts:ask")
    book = book or get_book(actor, reader)
    _refuse_unknown_states(question, book)
    # An answer from which entries are left out would be a wrong one.
    require(actor, "entries:read")
    facts = _facts(question, book)
    if known or question.on < today:
        past = past_candidates(actor, connection_of(reader), question, known, today)
        return _found(question, facts, past), None
    types = types_answering(question.cooperation_type, book.legal_bases)
    rows = _rows(reader, question, types)
    heads = _heads(actor, reader, rows, today)
    candidates = _candidates(actor, reader, heads)
    found = _found(question, facts, candidates)
    if not found.authorities:
        # What is designated for these types stands among what is for more of them, so the wider
        # rows tell of a change in either.
        types += types_nearest(question.cooperation_type)
        rows = _rows(reader, question, types)
        heads = _heads(actor, reader, rows, today)
        candidates = _candidates(actor, reader, heads)
        found = _found(question, facts, candidates)
    # What happened of late is shown and decides nothing, so it is asked for once, at the end.
    told = _with_news(actor, reader, heads, candidates, question.at)
    if told is not candidates:
        found = _found(question, facts, told)
    is_whole = not any(row.has_reported for row in heads)
    return found, Ground(types, _digest(rows)) if is_whole else None


def is_unchanged(actor: Actor, reader: Reader, question: Question, ground: Ground) -> bool:
    """Does the database still give the rows that an answer to the question rests on?

    One statement. Compared as they are, so that no change of any process can be missed.
    """
    require(actor, "counterparts:ask")
    require(actor, "entries:read")
    return _digest(_rows(reader, question, ground.types)) == ground.digest


def clock_facts(question: Question, book: ReferenceBook, places: Iterable[str] = ()) -> Facts:
    """What of the facts tells whether an office is open: the States, closed days, holidays.

    ``places`` are States where offices stand, beside both that the question names.
    """
    return Facts(
        requesting=book.states[question.requesting],
        requested=book.states[question.requested],
        instruments=book.instruments,
        states=book.states,
        closures=book.closures,
        holidays=_holidays(question, places),
    )


def _holidays(question: Question, places: Iterable[str]) -> dict[str, frozenset[dt.date]]:
    """State -> holidays, for both States of the question and where else offices stand."""
    codes = {question.requesting, question.requested, *places}
    return {code: holidays_around(code, question.at) for code in codes}


def _found(question: Question, facts: Facts, candidates: tuple[Candidate, ...]) -> Answer:
    """The answer from these entries, by the holidays of the States where their offices stand."""
    places = (office_of(one.state, one.record).state for one in candidates)
    holidays = _holidays(question, places)
    return find(question, replace(facts, candidates=candidates, holidays=holidays))


def _facts(question: Question, book: ReferenceBook) -> Facts:
    """What the reference data say; without any entry."""
    both = (question.requesting, question.requested)
    return replace(
        clock_facts(question, book),
        participations=_of(book.participations_by_state, both),
        declarations=_of(book.declarations_by_state, both),
        legal_bases=book.legal_bases,
        copies=book.copies,
        single_finds=book.single_finds,
    )


def _refuse_unknown_states(question: Question, book: ReferenceBook) -> None:
    """Without both States there are no facts to gather; what else is wrong is said with it."""
    asked = {"requesting": question.requesting, "requested": question.requested}
    problems = _unknown_states(asked, book)
    if problems:
        rest = problems_of(question, book.instruments, book.states.get(question.requested))
        raise Invalid([*problems, *(one for one in rest if one.path not in _STATES)])


def _unknown_states(asked: Mapping[str, str], book: ReferenceBook) -> list[Problem]:
    return [
        UnknownState(field, params={"code": asked[field]})
        for field in _STATES
        if field in asked and asked[field] not in book.states
    ]


def unknown_codes(asked: Mapping[str, str], book: ReferenceBook) -> list[Problem]:
    """The codes of a question, also of one that is no whole question, that are not on record or
    do not go together.

    ``asked``: field -> code in capitals.
    """
    instrument, territory = (asked.get(name, "") for name in ("instrument", "territory"))
    requested = book.states.get(asked.get("requested", ""))
    return [
        *_unknown_states(asked, book),
        *pair_problems(asked.get("requesting", ""), asked.get("requested", "")),
        *code_problems(instrument, territory, book.instruments, requested),
    ]


_STATES = ("requesting", "requested")
One = TypeVar("One")


def _of(by_state: Mapping[str, tuple[One, ...]], codes: Collection[str]) -> tuple[One, ...]:
    return tuple(one for code in codes for one in by_state.get(code, ()))


def _rows(
    reader: Reader, question: Question, types: Collection[CooperationType]
) -> Sequence[Sequence[Any]]:
    """The requested State's entries for these types, and the officers between the two States.

    When it presses, all of its contact points. As the database gives them.
    """
    return _HEADS.raw(connection_of(reader), _given(question, types))


def _heads(
    actor: Actor, reader: Reader, rows: Sequence[Sequence[Any]], today: dt.date
) -> list[Any]:
    """Those of the rows that this actor may read, made to be used."""
    made = _HEADS.made(connection_of(reader), rows)
    return [row for row in made if READ_ENTRY.allows(actor, row, today)]


def _candidates(actor: Actor, reader: Reader, heads: Collection[Any]) -> tuple[Candidate, ...]:
    """Those entries with their records, as this actor may see them."""
    records = read_records(connection_of(reader), heads)
    return tuple(_candidate(actor, row, records[row.id]) for row in heads)


def _with_news(
    actor: Actor,
    reader: Reader,
    heads: Collection[Any],
    candidates: tuple[Candidate, ...],
    at: dt.datetime,
) -> tuple[Candidate, ...]:
    """The candidates with what changed lately and what their States reported."""
    changed = [row.id for row in heads if may_be_told(row.revision, row.changed_at, at)]
    changes = recent_changes(actor, connection_of(reader), changed, at)
    reported = reported_channels(
        actor, connection_of(reader), [row.id for row in heads if row.has_reported]
    )
    if not changes and not reported:
        return candidates
    return tuple(
        replace(
            one,
            recent_changes=changes.get(one.id, ()),
            reported_channels=reported.get(one.id, ()),
        )
        for one in candidates
    )


def _given(question: Question, types: Collection[CooperationType]) -> dict[str, object]:
    """The parameters of ``_HEADS``; a type that is left over stands for the one asked."""
    filled = zip_longest(_TYPES, dict.fromkeys(types), fillvalue=question.cooperation_type)
    states = {"requesting": question.requesting, "requested": question.requested}
    return {**states, "pressing": question.is_pressing, **dict(filled)}


def _candidate(actor: Actor, row: Any, record: Record) -> Candidate:
    seen = visible(actor, row.state_code, record)
    hidden = hidden_channels(actor, row.state_code, record) if seen is not record else 0
    return Candidate(
        id=row.id,
        state=row.state_code,
        record=seen,
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
        line_test=result_from_dict(row.line_test),
        hidden_lines=hidden,
        behind_glass=behind_glass(actor, row.state_code, record) if hidden else 0,
    )
