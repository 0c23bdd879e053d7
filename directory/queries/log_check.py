"""The check of the log where it lies: chain, leaves, seals, tree nodes, signed checkpoints.

``tools/verify_log.py`` checks an export on its own; this one spares the export.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from directory.domain import merkle
from directory.domain.events import NO_HASH, Logged
from directory.domain.merkle import Node
from directory.domain.notes import Checkpoint, NoteRefused, VerifierKey, open_note
from directory.queries.change_log import (
    AT_ONCE,
    SignedCheckpoint,
    read_checkpoints,
    read_completed,
    read_events,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the event or the checkpoint of that number."""

    kind: str
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.what}"


@dataclass(frozen=True, slots=True)
class LogReport:
    """How far the log goes, how far signatures vouch for it, and every fault."""

    events: int
    checkpoints: int
    vouched: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """After how many events the check stands, with the last hash and the tree's edge."""

    size: int = 0
    hash: str = NO_HASH
    edge: tuple[bytes, ...] = ()


def check_log(
    session: Session, keys: Sequence[VerifierKey], told: Callable[[int], None] = lambda _: None
) -> LogReport:
    """Read the whole log; ``told`` hears how many events were checked so far."""
    checkpoints = list(read_checkpoints(session))
    faults = [fault for at, one in enumerate(checkpoints, 1) for fault in _signed(at, one, keys)]
    place, vouched, events = _Place(), 0, read_events(session)
    while batch := list(islice(events, AT_ONCE)):
        faults += _chained(batch, place)
        made = merkle.grow(place.size, place.edge, [_leaf(one) for one in batch])
        faults += _kept(session, place.size, len(batch), made)
        inside = [one for one in checkpoints if place.size < one.size <= place.size + len(batch)]
        wrong = [one for one in inside if _root(one.size, place, made) != one.root]
        faults += [Fault("checkpoint", one.number, "the log has another root") for one in wrong]
        vouched = max([vouched, *(one.size for one in inside if one not in wrong)])
        place = _after(place, batch, made)
        told(place.size)
    faults += [
        Fault("event", place.size + 1, f"missing: checkpoint {one.number} signed {one.size} events")
        for one in checkpoints
        if one.size > place.size
    ]
    return LogReport(place.size, len(checkpoints), vouched, tuple(faults))


def _signed(expected: int, one: SignedCheckpoint, keys: Sequence[VerifierKey]) -> Iterator[Fault]:
    if one.number != expected:
        yield Fault("checkpoint", expected, "missing, or not in its place")
    try:
        said = Checkpoint.parse(open_note(one.note, keys))
    except NoteRefused as error:
        yield Fault("checkpoint", one.number, str(error))
        return
    if (said.number, said.size, said.root, said.at) != (one.number, one.size, one.root, one.at):
        yield Fault("checkpoint", one.number, "its columns do not say what was signed")


def _chained(batch: Sequence[Logged], place: _Place) -> Iterator[Fault]:
    previous = place.hash
    for expected, one in enumerate(batch, place.size + 1):
        if one.sequence != expected:
            yield Fault("event", expected, f"missing, or numbered {one.sequence}")
        if one.hash != one.computed_hash or one.leaf != one.computed_leaf:
            yield Fault("event", one.sequence, "altered: its hash is another")
        if not all(sealed.is_whole for sealed in one.sealed):
            yield Fault("event", one.sequence, "its sealed data were altered")
        if one.previous_hash != previous:
            yield Fault("event", one.sequence, "it does not follow the event before it")
        previous = one.hash


def _kept(session: Session, size: int, count: int, made: dict[Node, bytes]) -> Iterator[Fault]:
    stored = read_completed(session, size + 1, size + count)
    expected: dict[int, list[tuple[int, str]]] = {}
    for node, hash_ in made.items():
        if node.level:
            completed_by = (node.position + 1) << node.level
            expected.setdefault(completed_by, []).append((node.level, hash_.hex()))
    for number in sorted(expected.keys() | stored.keys()):
        if expected.get(number) != stored.get(number):
            yield Fault("event", number, "the tree's nodes above it are not those kept")


def _root(size: int, place: _Place, made: dict[Node, bytes]) -> bytes:
    before = dict(zip(merkle.edge(place.size), place.edge, strict=True))
    return merkle.root(size, before | made)


def _after(place: _Place, batch: Sequence[Logged], made: dict[Node, bytes]) -> _Place:
    edge = tuple(merkle.edge_after(place.size, place.edge, made))
    return _Place(place.size + len(batch), batch[-1].hash, edge)


def _leaf(one: Logged) -> bytes:
    return bytes.fromhex(one.computed_leaf)
