"""What a change would be and need, before it is saved."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.domain.call_backs import protection_problems
from directory.domain.channel_values import normalised
from directory.domain.diff import (
    Clash,
    Difference,
    diff,
    highest_class,
    may_be_shown_at_once,
    merge,
)
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import ProposalKind, Verification, class_of, needs
from directory.domain.record import Record
from directory.domain.record_rules import new_problems
from directory.errors import NotFound, Problem
from directory.policy import Actor, require
from directory.queries.current import CurrentEntry, read_entry, read_revisions
from directory.queries.reference import read_book


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The record as it would be stored, what differs, its class, and what will happen next."""

    record: Record
    differences: tuple[Difference, ...]
    field_class: FieldClass
    needed: Verification
    #: What would be refused at submission.
    problems: tuple[Problem, ...]
    #: Fields that somebody else changed meanwhile too.
    clashes: tuple[Clash, ...]


def preview(
    actor: Actor,
    session: Session,
    record: Record,
    entry_id: str = "",
    base_revision: int = 0,
    *,
    descriptive_at_once: bool = False,
) -> Preview:
    """Look at a change of an entry of the actor's State, or at a new entry ('').

    Raises ``Denied``, ``NotFound``.
    """
    require(actor, "proposals:propose")
    current = read_entry(session, entry_id) if entry_id else None
    if entry_id and (current is None or current.state != actor.state):
        raise NotFound("entry", entry_id)
    before = current.record if current else None
    stored = normalised(record, before, actor.state)
    merged, clashes = _merge(session, current, stored, base_revision)
    differences = diff(before, merged)
    kind = ProposalKind.AMEND if current else ProposalKind.CREATE
    field_class = class_of(kind, highest_class(differences))
    at_once = descriptive_at_once and may_be_shown_at_once(differences)
    problems = new_problems(before, merged, actor.state, read_book(session))
    return Preview(
        record=merged,
        differences=differences,
        field_class=field_class,
        needed=needs(kind, field_class, descriptive_at_once=at_once),
        problems=(*problems, *protection_problems(before, merged, differences)),
        clashes=clashes,
    )


def _merge(
    session: Session, current: CurrentEntry | None, record: Record, base_revision: int
) -> tuple[Record, tuple[Clash, ...]]:
    if current is None or base_revision == current.revision:
        return record, ()
    key = (current.id, base_revision)
    base = read_revisions(session, current.kind, [key]).get(key)
    if base is None:
        raise NotFound("revision", f"{current.id}/{base_revision}")
    merged = merge(base, record, current.record)
    return merged.record or record, merged.clashes
