"""Every way to tamper with a kept log: one edit each, and what the verifier must name for it."""

import dataclasses
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from directory.domain import merkle
from directory.domain.events import Authentication
from directory.models.change_log import LogCheckpoint, LogEvent, LogNode
from directory.queries.change_log import event_of

EVENTS: Table = LogEvent.__table__  # type: ignore[assignment]
NODES: Table = LogNode.__table__  # type: ignore[assignment]
CHECKPOINTS: Table = LogCheckpoint.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit that was made: in words, and the beginning of a line the verifier must print."""

    what: str
    named: str


Tamper = Callable[[random.Random, Connection], Edit]


def any_column_of_an_event(chance: random.Random, connection: Connection) -> Edit:
    row = _pick(chance, connection, EVENTS)
    name = chance.choice([column.name for column in EVENTS.c if column.name != "sequence"])
    value = _other(chance, name, getattr(row, name), row)
    where = EVENTS.c.sequence == row.sequence
    connection.execute(update(EVENTS).where(where).values({name: value}))
    return Edit(f"{name} of event {row.sequence}", f"event {row.sequence}:")


def number_of_an_event(chance: random.Random, connection: Connection) -> Edit:
    row = _pick(chance, connection, EVENTS)
    where = EVENTS.c.sequence == row.sequence
    connection.execute(update(EVENTS).where(where).values(sequence=row.sequence + 1000))
    return Edit(f"number of event {row.sequence}", f"event {row.sequence}:")


def event_rewritten_with_its_hashes(chance: random.Random, connection: Connection) -> Edit:
    event = event_of(_pick(chance, connection, EVENTS))
    changed = dataclasses.replace(event, reason=event.reason + ".")
    hashes = {"hash": changed.computed_hash, "leaf": changed.computed_leaf}
    where = EVENTS.c.sequence == event.sequence
    connection.execute(update(EVENTS).where(where).values(reason=changed.reason, **hashes))
    return Edit(f"event {event.sequence} rewritten with its hashes", f"event {event.sequence}:")


def event_taken_out(chance: random.Random, connection: Connection) -> Edit:
    row = _pick(chance, connection, EVENTS)
    connection.execute(delete(EVENTS).where(EVENTS.c.sequence == row.sequence))
    return Edit(f"event {row.sequence} taken out", f"event {row.sequence}: missing")


def tail_cut(chance: random.Random, connection: Connection) -> Edit:
    first = _pick(chance, connection, EVENTS).sequence
    connection.execute(delete(EVENTS).where(EVENTS.c.sequence >= first))
    return Edit(f"cut from event {first}", f"event {first}: missing")


def rolled_back(chance: random.Random, connection: Connection) -> Edit:
    """The whole database is yesterday's copy; only a kept checkpoint tells."""
    first = _pick(chance, connection, EVENTS).sequence
    connection.execute(delete(EVENTS).where(EVENTS.c.sequence >= first))
    connection.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.size >= first))
    for row in connection.execute(select(NODES)).all():
        if (row.position + 1) << row.level >= first:
            connection.execute(delete(NODES).where(_is(row)))
    return Edit(f"rolled back to before event {first}", f"event {first}: missing")


def node_of_the_tree(chance: random.Random, connection: Connection) -> Edit:
    row = _pick(chance, connection, NODES)
    if chance.random() < 0.3:
        connection.execute(delete(NODES).where(_is(row)))
    else:
        value = _other_hash(chance, row.hash)
        connection.execute(update(NODES).where(_is(row)).values(hash=value))
    completed_by = (row.position + 1) << row.level
    return Edit(f"node {row.level}/{row.position}", f"event {completed_by}:")


def any_column_of_a_checkpoint(chance: random.Random, connection: Connection) -> Edit:
    row = _pick(chance, connection, CHECKPOINTS)
    name = chance.choice(["size", "root", "at", "note"])
    value = _other(chance, name, getattr(row, name), row)
    where = CHECKPOINTS.c.number == row.number
    connection.execute(update(CHECKPOINTS).where(where).values({name: value}))
    return Edit(f"{name} of checkpoint {row.number}", f"checkpoint {row.number}:")


def checkpoint_taken_out(chance: random.Random, connection: Connection) -> Edit:
    row = _pick(chance, connection, CHECKPOINTS)
    connection.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.number == row.number))
    return Edit(f"checkpoint {row.number} taken out", f"checkpoint {row.number}:")


ROWS: tuple[Tamper, ...] = (
    any_column_of_an_event,
    any_column_of_an_event,
    any_column_of_an_event,
    number_of_an_event,
    event_rewritten_with_its_hashes,
    event_taken_out,
    tail_cut,
    rolled_back,
    node_of_the_tree,
    any_column_of_a_checkpoint,
    checkpoint_taken_out,
)


def letter_of_a_line(chance: random.Random, lines: list[str]) -> Edit:
    """One character of the exported file; changes ``lines``."""
    at = chance.randrange(len(lines))
    line = lines[at]
    place = chance.randrange(len(line) - 1)
    letter = chance.choice([one for one in '0a{"x,Z:9' if one != line[place]])
    lines[at] = line[:place] + letter + line[place + 1 :]
    return Edit(f"character {place} of line {at + 1}", "")


def file_of_evidence(chance: random.Random, folder: Path) -> Edit:
    path = chance.choice(sorted(folder.iterdir()))
    hash_ = path.name
    if chance.random() < 0.5:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"\n")
    return Edit(f"file {hash_}", f"attachment {hash_}:")


def _pick(chance: random.Random, connection: Connection, table: Table) -> Any:
    rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
    return chance.choice(rows)


def _is(row: Any) -> Any:
    return (NODES.c.level == row.level) & (NODES.c.position == row.position)


def _other(chance: random.Random, name: str, value: Any, row: Any) -> Any:
    """Another value that the column takes."""
    if name in {"hash", "leaf", "previous_hash", "root"}:
        return _other_hash(chance, value)
    if name == "authentication":
        return chance.choice([one for one in Authentication if one != value])
    if name in {"before", "after"}:
        return None if value and chance.random() < 0.3 else {**(value or {}), "revision": 99}
    if name in {"evidence", "ciphertexts"}:
        return _other_list(chance, value, "AAAA" if name == "ciphertexts" else "ab" * 32)
    if name == "sealed":
        return _other_list(chance, value, {"key": "", "commitment": "", "ciphertext_sha256": ""})
    if isinstance(value, dt.datetime):
        return value + dt.timedelta(microseconds=chance.choice([-1, 1, 1_000_000]))
    if isinstance(value, str):
        return _other_text(chance, value)
    return (value or 0) + 1


def _other_list(chance: random.Random, value: list[Any], new: Any) -> list[Any]:
    if value and chance.random() < 0.5:
        return value[:-1]
    return [*value, new]


def _other_text(chance: random.Random, value: str) -> str:
    if not value:
        return "x"
    place = chance.randrange(len(value))
    return value[:place] + ("y" if value[place] == "x" else "x") + value[place + 1 :]


def _other_hash(chance: random.Random, value: str) -> str:
    place = chance.randrange(len(value))
    letter = chance.choice([one for one in "0123456789abcdef" if one != value[place]])
    return value[:place] + letter + value[place + 1 :]


def rewrite_from(connection: Connection, first: int) -> None:
    """Change an event and make every hash after it anew, those of the tree included."""
    rows = connection.execute(select(EVENTS).order_by(EVENTS.c.sequence)).all()
    events, previous = [event_of(row) for row in rows], ""
    for at, event in enumerate(events):
        if event.sequence < first:
            previous = event.hash
            continue
        reason = "another" if event.sequence == first else event.reason
        changed = dataclasses.replace(event, reason=reason, previous_hash=previous)
        previous, leaf = changed.computed_hash, changed.computed_leaf
        events[at] = dataclasses.replace(changed, hash=previous, leaf=leaf)
    for event in reversed(events[first - 1 :]):
        values = {
            name: getattr(event, name) for name in ("reason", "previous_hash", "hash", "leaf")
        }
        connection.execute(update(EVENTS).where(EVENTS.c.sequence == event.sequence).values(values))
    leaves = [bytes.fromhex(event.leaf) for event in events]
    for node, hash_ in merkle.grow(0, [], leaves).items():
        where = (NODES.c.level == node.level) & (NODES.c.position == node.position)
        connection.execute(update(NODES).where(where).values(hash=hash_.hex()))
