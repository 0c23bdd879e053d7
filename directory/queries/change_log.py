"""The change log as it is read: events, checkpoints, nodes of the tree, and proofs."""

import base64
import binascii
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from directory.domain import merkle
from directory.domain.events import Logged, Plain
from directory.domain.merkle import Node
from directory.domain.sealing import Sealed, unseal
from directory.errors import NotFound
from directory.models.change_log import LogCheckpoint, LogEvent, LogNode, PersonKey
from directory.policy import Actor, require

#: Rows fetched at once when the whole log is read.
AT_ONCE = 1000

_events: Table = LogEvent.__table__  # type: ignore[assignment]
_nodes: Table = LogNode.__table__  # type: ignore[assignment]
_checkpoints: Table = LogCheckpoint.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A row of ``checkpoint``; whether its columns say what its note says is for checks to tell."""

    number: int
    size: int
    root: bytes
    at: dt.datetime
    note: str


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That an event stands at its place in the tree of a checkpoint."""

    event: Logged
    checkpoint: SignedCheckpoint
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the tree of the new checkpoint extends that of the old one: nothing was rewritten."""

    old: SignedCheckpoint
    new: SignedCheckpoint
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilters:
    """Which events to list; empty is any. ``before`` is the sequence number to go on below."""

    subject_kind: str = ""
    subject_id: str = ""
    action: str = ""
    #: Name as text; that of a person is sealed, and asked for by the account's number.
    actor: str = ""
    actor_account: int | None = None
    actor_state: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class EventView:
    """An event with the actor's name and the personal data that can still be opened."""

    event: Logged
    #: '' when the person was erased.
    actor: str
    personal: tuple[Plain, ...]
    #: How many seals can no longer be opened.
    erased: int


def list_events(
    actor: Actor, session: Session, filters: EventFilters, limit: int
) -> tuple[EventView, ...]:
    """The newest events first, opened for those who read logs; two statements."""
    require(actor, "log:read")
    query = select(_events).where(*_conditions(filters)).order_by(_events.c.sequence.desc())
    logged = [event_of(row) for row in session.execute(query.limit(limit))]
    keys = _live_keys(session, {one.key_id for event in logged for one in event.sealed})
    return tuple(_opened(event, keys) for event in logged)


def _conditions(filters: EventFilters) -> Iterator[ColumnElement[bool]]:
    for name in ("subject_kind", "subject_id", "action", "actor", "actor_account", "actor_state"):
        if value := getattr(filters, name):
            yield _events.c[name] == value
    if filters.since:
        yield _events.c.at >= filters.since
    if filters.until:
        yield _events.c.at < filters.until
    if filters.before is not None:
        yield _events.c.sequence < filters.before


def _live_keys(session: Session, ids: set[str]) -> dict[str, bytes]:
    if not ids:
        return {}
    query = select(PersonKey.id, PersonKey.key).where(
        PersonKey.id.in_(sorted(ids)), PersonKey.key.is_not(None)
    )
    return {id_: key for id_, key in session.execute(query) if key}


def _opened(event: Logged, keys: dict[str, bytes]) -> EventView:
    fields = [unseal(keys[one.key_id], one) for one in event.sealed if one.key_id in keys]
    names = [one["actor"] for one in fields if "actor" in one]
    return EventView(
        event=event,
        actor=event.actor or (names[0] if names else ""),
        personal=tuple(one for one in fields if "actor" not in one),
        erased=len(event.sealed) - len(fields),
    )


def read_events(session: Session) -> Iterator[Logged]:
    """Every event in order, without holding them all."""
    query = select(_events).order_by(_events.c.sequence)
    for row in session.execute(query, execution_options={"yield_per": AT_ONCE}):
        yield event_of(row)


def event_of(row: Any) -> Logged:
    """The event in a row of ``change_log``."""
    return Logged(
        sequence=row.sequence,
        at=row.at,
        actor=row.actor,
        actor_account=row.actor_account,
        actor_state=row.actor_state,
        authentication=str(row.authentication),
        action=row.action,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        before=row.before,
        after=row.after,
        reason=row.reason,
        evidence=tuple(row.evidence),
        sealed=_sealed(row.sealed, row.ciphertexts),
        previous_hash=row.previous_hash,
        hash=row.hash,
        leaf=row.leaf,
    )


def _sealed(seals: Sequence[dict[str, str]], ciphertexts: Sequence[str]) -> tuple[Sealed, ...]:
    # A ciphertext taken away or put in pairs with nothing, and the event is then seen as altered.
    pairs = zip_longest(seals, ciphertexts)
    return tuple(_one_sealed(seal or {}, ciphertext or "") for seal, ciphertext in pairs)


def _one_sealed(seal: dict[str, str], ciphertext: str) -> Sealed:
    return Sealed(
        key_id=seal.get("key", ""),
        commitment=seal.get("commitment", ""),
        ciphertext_sha256=seal.get("ciphertext_sha256", ""),
        ciphertext=_strict_bytes(ciphertext),
    )


def _strict_bytes(text: str) -> bytes:
    """Base64 in its one right spelling; b'' for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
    return data if base64.b64encode(data).decode() == text else b""


def _hash_bytes(text: str) -> bytes:
    """A hash in its one right spelling; b'' for anything else, which then fits nothing."""
    return bytes.fromhex(text) if _HASH.fullmatch(text) else b""


_HASH = re.compile("[0-9a-f]{64}")


def read_size(session: Session) -> int:
    """How many events the log has."""
    return session.scalar(select(func.max(_events.c.sequence))) or 0


def read_checkpoints(session: Session) -> Iterator[SignedCheckpoint]:
    """Every checkpoint, the oldest first."""
    query = select(_checkpoints).order_by(_checkpoints.c.number)
    for row in session.execute(query, execution_options={"yield_per": AT_ONCE}):
        yield _checkpoint_of(row)


def newest_checkpoint(session: Session) -> SignedCheckpoint | None:
    """The last checkpoint; None before the first."""
    return _one_checkpoint(session, select(_checkpoints).order_by(_checkpoints.c.number.desc()))


def has_unsigned(session: Session, action: str) -> bool:
    """Was such an event appended since the last checkpoint? One statement, over those events."""
    signed = select(func.coalesce(func.max(_checkpoints.c.size), 0)).scalar_subquery()
    newer = select(LogEvent.sequence).where(LogEvent.sequence > signed, LogEvent.action == action)
    return session.scalar(newer.limit(1)) is not None


def get_checkpoint(session: Session, size: int) -> SignedCheckpoint:
    """The checkpoint of that size; raises ``NotFound``."""
    found = _one_checkpoint(session, select(_checkpoints).where(_checkpoints.c.size == size))
    if found is None:
        raise NotFound("checkpoint", str(size))
    return found


def _one_checkpoint(session: Session, query: Select[Any]) -> SignedCheckpoint | None:
    row = session.execute(query.limit(1)).first()
    return _checkpoint_of(row) if row else None


def _checkpoint_of(row: Any) -> SignedCheckpoint:
    return SignedCheckpoint(row.number, row.size, _hash_bytes(row.root), row.at, row.note)


def read_nodes(session: Session, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """Hashes of those nodes, the leaves among them; one statement. Raises ``NotFound``."""
    wanted = set(nodes)
    if not wanted:
        return {}
    leaves = [node.position + 1 for node in wanted if node.level == 0]
    inner = [node for node in wanted if node.level]
    parts: list[Select[Any]] = []
    if leaves:
        position = (_events.c.sequence - 1).label("position")
        columns = (literal(0).label("level"), position, _events.c.leaf.label("hash"))
        parts.append(select(*columns).where(_events.c.sequence.in_(leaves)))
    if inner:
        # One term for each node: SQLite finds no index for a list of pairs.
        parts.append(select(_nodes).where(or_(*map(_is_node, inner))))
    query = parts[0] if len(parts) == 1 else union_all(*parts)
    found = {Node(row[0], row[1]): _hash_bytes(row[2]) for row in session.execute(query)}
    for node in wanted - found.keys():
        raise NotFound("log_node", f"{node.level}/{node.position}")
    return found


def _is_node(node: Node) -> ColumnElement[bool]:
    return and_(_nodes.c.level == node.level, _nodes.c.position == node.position)


def read_completed(session: Session, first: int, last: int) -> dict[int, list[tuple[int, str]]]:
    """The (level, hash) of nodes that the events ``first`` to ``last`` completed, by event; one
    statement, lowest level first.
    """
    places = [
        and_(_nodes.c.level == level, _nodes.c.position.between(first_at, last_at))
        for level in range(1, last.bit_length())
        if (first_at := -(-first >> level) - 1) <= (last_at := (last >> level) - 1)
    ]
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    if places:
        query = select(_nodes).where(or_(*places)).order_by(_nodes.c.level)
        for level, position, hash_ in session.execute(query):
            found[(position + 1) << level].append((level, hash_))
    return found


def read_root(session: Session, size: int) -> bytes:
    """The root of the tree of that size, from kept nodes; about log2(size) rows."""
    return merkle.root(size, read_nodes(session, merkle.edge(size)))


def get_inclusion(session: Session, sequence: int, size: int | None = None) -> InclusionProof:
    """The proof that an event is under the checkpoint of ``size`` (by default the first above it).

    Raises ``NotFound`` when there is no such event or no such checkpoint.
    """
    row = session.execute(select(_events).where(_events.c.sequence == sequence)).first()
    if row is None:
        raise NotFound("event", str(sequence))
    checkpoint = get_checkpoint(session, size) if size else _first_above(session, sequence)
    if checkpoint.size < sequence:
        raise NotFound("event", f"{sequence} in the tree of {checkpoint.size}")
    ranges = merkle.inclusion_ranges(sequence - 1, checkpoint.size)
    hashes = read_nodes(session, merkle.needed(ranges))
    return InclusionProof(event_of(row), checkpoint, tuple(merkle.proof(ranges, hashes)))


def _first_above(session: Session, sequence: int) -> SignedCheckpoint:
    size = _checkpoints.c.size
    query = select(_checkpoints).where(size >= sequence).order_by(size)
    found = _one_checkpoint(session, query)
    if found is None:
        raise NotFound("checkpoint", f"of {sequence} events or more")
    return found


def get_consistency(session: Session, old: int, new: int) -> ConsistencyProof:
    """The proof between the checkpoints of two sizes; raises ``NotFound``."""
    first, second = get_checkpoint(session, old), get_checkpoint(session, new)
    if old > new:
        raise NotFound("consistency proof", f"from {old} to {new}")
    ranges = merkle.consistency_ranges(old, new)
    hashes = read_nodes(session, merkle.needed(ranges))
    return ConsistencyProof(first, second, tuple(merkle.proof(ranges, hashes)))
