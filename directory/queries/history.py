"""The history of an entry: each revision with what it changed, why, how it was verified, its event.

Readers are told what happened and in which role people acted; never who they were.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from directory.domain import merkle
from directory.domain.as_of import Recorded
from directory.domain.book import ReferenceBook
from directory.domain.diff import Difference, diff
from directory.domain.document import EntryHead
from directory.domain.events import Logged
from directory.domain.lifecycle import CallBackResult, ProposalKind
from directory.domain.marks import N_
from directory.domain.personal import is_erased
from directory.domain.record import Record, to_dict
from directory.domain.reference import State
from directory.domain.vocabulary import ChannelKind, EntryStatus
from directory.errors import NotFound, Unavailable
from directory.models.change_log import LogEvent
from directory.models.proposal import CallBack, Proposal
from directory.policy import READ_ENTRY, Actor, require
from directory.queries.as_of import Life, PastFacts, past_head, read_life, visible_now
from directory.queries.change_log import (
    InclusionProof,
    event_of,
    newest_checkpoint,
    read_nodes,
)

#: The action of the event that every revision has (``services.publication_events``).
PUBLISHED = "entry.published"
#: Revisions on one page.
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackMade:
    """A call, or the diplomatic note that stood in for it; neither number nor persons."""

    at: dt.datetime
    channel_kind: ChannelKind | None
    result: CallBackResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How the proposal that a revision came from was verified."""

    proposal_kind: ProposalKind
    submitted_at: dt.datetime | None
    #: Different officers of the secretariat who verified or approved it.
    officers: int
    call_backs: tuple[CallBackMade, ...]
    #: Shown at once as reported, before it was confirmed.
    emergency: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """One revision in the time line."""

    number: int
    recorded_at: dt.datetime
    status: EntryStatus
    reason: str
    #: What it changed, as this actor may see it; None for the first revision.
    differences: tuple[Difference, ...] | None
    #: Did it change something in lines that are closed to this actor?
    has_hidden: bool
    #: None where no proposal led to it.
    verification: Verification | None
    #: The directory itself, where no person recorded it ('seed data').
    recorded_by: str
    #: Files of evidence that the event names.
    evidence: int
    #: Where it stands in the change log; None for what is older than the log.
    sequence: int | None
    event_hash: str
    is_erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """A page of an entry's history, the newest revision first."""

    head: EntryHead
    record: Record
    state: State
    items: tuple[RevisionView, ...]
    #: Number of revisions in all.
    total: int
    #: The revision below which the next page goes on; None at the end.
    next: int | None
    #: Events up to this sequence number are under a signed checkpoint.
    signed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs between two revisions of an entry."""

    head: EntryHead
    record: Record
    state: State
    first: RevisionView
    second: RevisionView
    differences: tuple[Difference, ...]
    has_hidden: bool


def get_history(
    actor: Actor,
    session: Session,
    book: ReferenceBook,
    entry_id: str,
    today: dt.date,
    before: int | None = None,
    limit: int = PAGE,
) -> HistoryView:
    """The revisions below number ``before`` (None: the newest), in six statements.

    Raises ``NotFound`` where there is no entry that the actor may see.
    """
    life = _readable(actor, session, entry_id, today)
    shown = [one for one in reversed(life.revisions) if before is None or one.number < before]
    views = _views(actor, session, life, shown[:limit])
    checkpoint = newest_checkpoint(session)
    last = life.revisions[-1]
    return HistoryView(
        head=past_head(life, last, last.record),
        record=last.record,
        state=book.states[life.state],
        items=tuple(views),
        total=len(life.revisions),
        next=shown[limit - 1].number if len(shown) > limit else None,
        signed=checkpoint.size if checkpoint else 0,
    )


def compare(
    actor: Actor,
    session: Session,
    book: ReferenceBook,
    entry_id: str,
    first: int,
    second: int,
    today: dt.date,
) -> Comparison:
    """What differs between two revisions, as the actor may see them; six statements.

    Raises ``NotFound`` for an entry or a revision that is not there.
    """
    life = _readable(actor, session, entry_id, today)
    by_number = {one.number: one for one in life.revisions}
    for number in (first, second):
        if number not in by_number:
            raise NotFound("revision", f"{entry_id}/{number}")
    old, new = by_number[first], by_number[second]
    one, other = _views(actor, session, life, [old, new])
    last = life.revisions[-1]
    return Comparison(
        head=past_head(life, last, last.record),
        record=last.record,
        state=book.states[life.state],
        first=one,
        second=other,
        differences=_differences(actor, life, old, new),
        has_hidden=_has_hidden(actor, life, old, new),
    )


def _readable(actor: Actor, session: Session, entry_id: str, today: dt.date) -> Life:
    require(actor, "entries:read")
    life = read_life(session, entry_id)
    facts = PastFacts(
        state_code=life.state,
        status=life.revisions[-1].status,
        visible_until=life.visible_until,
    )
    if not READ_ENTRY.allows(actor, facts, today):
        raise NotFound("entry", entry_id)
    return life


def _views(
    actor: Actor, session: Session, life: Life, shown: Sequence[Recorded]
) -> list[RevisionView]:
    numbers = [one.number for one in shown]
    events = read_events_of(session, {life.id: numbers})
    verified = _verifications(session, life.id, numbers)
    before = dict(zip((one.number for one in life.revisions[1:]), life.revisions, strict=False))
    return [
        _view(
            actor,
            life,
            one,
            before.get(one.number),
            events.get((life.id, one.number)),
            verified.get(one.number),
        )
        for one in shown
    ]


def _view(
    actor: Actor,
    life: Life,
    one: Recorded,
    before: Recorded | None,
    event: Logged | None,
    verification: Verification | None,
) -> RevisionView:
    return RevisionView(
        number=one.number,
        recorded_at=one.at,
        status=one.status,
        reason=life.reasons[one.number],
        differences=_differences(actor, life, before, one) if before else None,
        has_hidden=bool(before and _has_hidden(actor, life, before, one)),
        verification=verification,
        recorded_by=event.actor if event else "",
        evidence=len(event.evidence) if event else 0,
        sequence=event.sequence if event else None,
        event_hash=event.hash if event else "",
        is_erased=is_erased(life.kind, to_dict(one.record)),
    )


def _differences(actor: Actor, life: Life, old: Recorded, new: Recorded) -> tuple[Difference, ...]:
    return diff(visible_now(actor, life, old.record), visible_now(actor, life, new.record))


def _has_hidden(actor: Actor, life: Life, old: Recorded, new: Recorded) -> bool:
    """Do the whole records differ in more than the actor may see?"""
    return len(diff(old.record, new.record)) > len(_differences(actor, life, old, new))


def read_events_of(
    session: Session, wanted: Mapping[str, Iterable[int]]
) -> dict[tuple[str, int], Logged]:
    """The event of each revision (entry -> numbers); one statement."""
    query = select(LogEvent.__table__).where(
        LogEvent.subject_kind == "entry",
        LogEvent.subject_id.in_(sorted(wanted)),
        LogEvent.action == PUBLISHED,
    )
    keys = {(id_, number) for id_, numbers in wanted.items() for number in numbers}
    found = ((_revision_of(event := event_of(row)), event) for row in session.execute(query))
    return {key: event for key, event in found if key in keys}


def _revision_of(event: Logged) -> tuple[str, int]:
    return event.subject_id, (event.after or {}).get("revision", 0)


def _verifications(
    session: Session, entry_id: str, numbers: Sequence[int]
) -> dict[int, Verification]:
    """Number of a revision -> how its proposal was verified; two statements."""
    which = (Proposal.entry_id == entry_id, Proposal.published_revision.in_(numbers))
    made = _call_backs(session, select(Proposal.id).where(*which))
    query = select(
        Proposal.id,
        Proposal.kind,
        Proposal.published_revision,
        Proposal.submitted_at,
        Proposal.verified_by,
        Proposal.approved_by,
        Proposal.emergency,
    ).where(*which)
    return {
        row.published_revision: Verification(
            proposal_kind=row.kind,
            submitted_at=row.submitted_at,
            officers=len({row.verified_by, row.approved_by} - {None}),
            call_backs=tuple(made.get(row.id, ())),
            emergency=row.emergency,
        )
        for row in session.execute(query)
    }


def _call_backs(session: Session, proposals: Select[str]) -> dict[str, list[CallBackMade]]:
    query = (
        select(CallBack.proposal_id, CallBack.at, CallBack.channel_kind, CallBack.result)
        .where(CallBack.proposal_id.in_(proposals))
        .order_by(CallBack.at)
    )
    found: dict[str, list[CallBackMade]] = {}
    for id_, at, channel_kind, result in session.execute(query):
        made = CallBackMade(at=at, channel_kind=channel_kind, result=result)
        found.setdefault(id_, []).append(made)
    return found


def prove_revisions(
    session: Session, wanted: Mapping[str, Iterable[int]]
) -> dict[tuple[str, int], InclusionProof]:
    """That the events of these revisions stand under the newest checkpoint; three statements.

    Raises ``Unavailable`` while the checkpoint over one of them is still to be signed.
    """
    wanted = {id_: tuple(numbers) for id_, numbers in wanted.items()}
    events = read_events_of(session, wanted)
    checkpoint = newest_checkpoint(session)
    keys = {(id_, number) for id_, numbers in wanted.items() for number in numbers}
    size = checkpoint.size if checkpoint else 0
    if checkpoint is None or any(key not in events or events[key].sequence > size for key in keys):
        raise Unavailable(UNSIGNED)
    ranges = {key: merkle.inclusion_ranges(events[key].sequence - 1, size) for key in keys}
    nodes = read_nodes(session, {node for one in ranges.values() for node in merkle.needed(one)})
    return {
        key: InclusionProof(events[key], checkpoint, tuple(merkle.proof(ranges[key], nodes)))
        for key in keys
    }


UNSIGNED = N_(
    "What was recorded last is not under a signed checkpoint yet; ask again in a quarter of an hour"
)


def is_open_to(actor: Actor, session: Session, event: Logged, today: dt.date) -> bool:
    """Is the event a revision of which nothing is withheld from the actor?

    With the whole event at hand a number that is withheld could be guessed by its hash.
    """
    id_, number = _revision_of(event)
    if (event.subject_kind, event.action) != ("entry", PUBLISHED):
        return False
    try:
        life = _readable(actor, session, id_, today)
    except NotFound:
        return False
    return any(
        one.number == number and visible_now(actor, life, one.record) == one.record
        for one in life.revisions
    )
