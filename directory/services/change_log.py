"""Writing the change log: one chain, whoever writes, in the transaction of the act itself."""

import base64
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain import events, merkle
from directory.domain.events import NO_HASH, Authentication, Doer, Event, Logged
from directory.domain.merkle import Node
from directory.domain.sealing import Sealed, new_key, seal
from directory.models.change_log import LogEvent, LogNode, PersonKey
from directory.policy import Actor
from directory.queries.change_log import read_nodes

#: Of the PostgreSQL advisory lock that makes appends wait for one another; any constant does.
LOCK = 0x6C6F67
#: Events written by one round of statements.
AT_ONCE = 1000

#: Where a session keeps the transaction that holds the lock.
_LOCKED = "change_log_locked"
#: Where a session keeps the events that ``gathered`` holds back.
_WAITING = "change_log_waiting"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the log ends: its size, the hash of the last event, the hashes of the tree's edge."""

    size: int
    hash: str
    edge: tuple[bytes, ...]


def doer(actor: Actor, authentication: Authentication) -> Doer:
    """The actor as the log keeps them."""
    return Doer(
        name=actor.name,
        state=actor.state,
        account_id=actor.account_id,
        authentication=authentication,
    )


def record(uow: UnitOfWork, event: Event) -> None:
    """Append one event; it is kept or dropped with the transaction."""
    waiting: list[Event] | None = uow.session.info.get(_WAITING)
    if waiting is None:
        record_all(uow, [event])
    else:
        waiting.append(event)


@contextmanager
def gathered(uow: UnitOfWork) -> Iterator[None]:
    """Write the events recorded inside together, in their order, when the block ends well.

    For acts by the thousand in one transaction; who records an event never notices.
    """
    waiting: list[Event] = []
    uow.session.info[_WAITING] = waiting
    try:
        yield
        record_all(uow, ())
    finally:
        uow.session.info.pop(_WAITING)


def record_all(uow: UnitOfWork, given: Sequence[Event]) -> list[Logged]:
    """Append events in their order, in few statements however many they are."""
    waiting: list[Event] = uow.session.info.get(_WAITING, [])
    batch = [*waiting, *given]
    waiting.clear()
    if batch:
        lock(uow.session)
    logged: list[Logged] = []
    for start in range(0, len(batch), AT_ONCE):
        logged += append(uow, read_tail(uow.session), batch[start : start + AT_ONCE])
    return logged


def lock(session: Session) -> None:
    """Let nobody else append before this transaction ends.

    On SQLite the unit of work holds the one write lock already.
    """
    transaction = session.get_transaction()
    if session.info.get(_LOCKED) is transaction and transaction is not None:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    session.info[_LOCKED] = session.get_transaction()


def read_tail(session: Session) -> Tail:
    """The log's end, from about log2(size) rows; two statements."""
    query = select(LogEvent.sequence, LogEvent.hash).order_by(LogEvent.sequence.desc()).limit(1)
    last = session.execute(query).first()
    if last is None:
        return Tail(0, NO_HASH, ())
    nodes = merkle.edge(last.sequence)
    hashes = read_nodes(session, nodes)
    return Tail(last.sequence, last.hash, tuple(hashes[node] for node in nodes))


def append(uow: UnitOfWork, tail: Tail, batch: Sequence[Event]) -> list[Logged]:
    """Write the events behind ``tail``; the database refuses a tail that is no longer the end."""
    logged = list(events.chain(_seal_all(uow, batch), tail.size, tail.hash))
    leaves = [bytes.fromhex(one.leaf) for one in logged]
    made = merkle.grow(tail.size, tail.edge, leaves)
    uow.session.execute(insert(LogEvent), [_event_row(one) for one in logged])
    uow.event_appended()
    if nodes := [_node_row(node, hash_) for node, hash_ in made.items() if node.level]:
        uow.session.execute(insert(LogNode), nodes)
    return logged


def _event_row(one: Logged) -> Row:
    row = {name: getattr(one, name) for name in Logged.__dataclass_fields__}
    return row | {
        "authentication": Authentication(one.authentication),
        "evidence": list(one.evidence),
        "sealed": [sealed.seal for sealed in one.sealed],
        "ciphertexts": [base64.b64encode(sealed.ciphertext).decode() for sealed in one.sealed],
    }


def _node_row(node: Node, hash_: bytes) -> Row:
    return {"level": node.level, "position": node.position, "hash": hash_.hex()}


def _seal_all(uow: UnitOfWork, batch: Iterable[Event]) -> list[tuple[Event, tuple[Sealed, ...]]]:
    concerned = [(event, events.persons(event)) for event in batch]
    names = {one.person: event.at for event, found in concerned for one in found}
    keys = person_keys(uow, names)
    return [
        (event, tuple(seal(*keys[one.person], one.fields) for one in found))
        for event, found in concerned
    ]


def person_keys(uow: UnitOfWork, persons: dict[str, dt.datetime]) -> dict[str, tuple[str, bytes]]:
    """Id and key now in use for each person; made, with that time, for those who have none.

    Call it while the log is locked, so that two writers never make two keys for one person.
    """
    if not persons:
        return {}
    query = select(PersonKey.person, PersonKey.id, PersonKey.key).where(
        PersonKey.person.in_(sorted(persons)), PersonKey.key.is_not(None)
    )
    found = {person: (id_, key) for person, id_, key in uow.session.execute(query) if key}
    new = {person: (uuid.uuid4().hex, new_key()) for person in persons if person not in found}
    rows = [
        {"id": id_, "person": person, "key": key, "created_at": persons[person]}
        for person, (id_, key) in new.items()
    ]
    if rows:
        uow.session.execute(insert(PersonKey), rows)
    return found | new
