"""The change log and its proofs as files that anyone can check offline with tools/verify_log.py.

A log is JSON lines: a header (format, origin, public keys), every checkpoint, every event (its
hashed body; hash, leaf and completed tree nodes as stored; ciphertexts), an end with the counts and
the hashes of all evidence. A proof is one JSON object with the signed notes it leads to.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy.orm import Session

from directory.domain.events import Logged, Plain, moment_text
from directory.domain.notes import VerifierKey
from directory.queries.change_log import (
    AT_ONCE,
    ConsistencyProof,
    InclusionProof,
    SignedCheckpoint,
    read_checkpoints,
    read_completed,
    read_events,
)

LOG_FORMAT = "directory-log/1"
PROOF_FORMAT = "directory-proof/1"


def export_log(session: Session, origin: str, keys: Iterable[VerifierKey]) -> Iterator[str]:
    """The lines of the whole log, without holding it in memory."""
    yield _line({"format": LOG_FORMAT, "origin": origin, "keys": [str(key) for key in keys]})
    checkpoints = events = 0
    for checkpoint in read_checkpoints(session):
        yield _line({"checkpoint": checkpoint_json(checkpoint)})
        checkpoints += 1
    evidence: set[str] = set()
    for batch in _batches(read_events(session)):
        nodes = read_completed(session, batch[0].sequence, batch[-1].sequence)
        for event in batch:
            yield _line(event_json(event, nodes.get(event.sequence, ())))
            evidence.update(event.evidence)
        events = batch[-1].sequence
    end = {"events": events, "checkpoints": checkpoints, "evidence": sorted(evidence)}
    yield _line({"end": end})


def _batches(events: Iterator[Logged]) -> Iterator[list[Logged]]:
    while batch := list(islice(events, AT_ONCE)):
        yield batch


def _line(value: Plain) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def event_json(event: Logged, nodes: Sequence[tuple[int, str]]) -> Plain:
    """The event's body, with what is stored beside it."""
    return {
        "event": event.body,
        "hash": event.hash,
        "leaf": event.leaf,
        "nodes": [list(node) for node in nodes],
        "ciphertexts": [_base64(one.ciphertext) for one in event.sealed],
    }


def checkpoint_json(checkpoint: SignedCheckpoint) -> Plain:
    """The row of a checkpoint."""
    return {
        "number": checkpoint.number,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "at": moment_text(checkpoint.at),
        "note": checkpoint.note,
    }


def inclusion_json(proof: InclusionProof) -> Plain:
    """That an event is in the log; the path's hashes lowest first."""
    return {
        "format": PROOF_FORMAT,
        "kind": "inclusion",
        "event": proof.event.body,
        "checkpoint": proof.checkpoint.note,
        "path": [_base64(hash_) for hash_ in proof.path],
    }


def consistency_json(proof: ConsistencyProof) -> Plain:
    """That a later log extends an earlier one."""
    return {
        "format": PROOF_FORMAT,
        "kind": "consistency",
        "old": proof.old.note,
        "new": proof.new.note,
        "path": [_base64(hash_) for hash_ in proof.path],
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
