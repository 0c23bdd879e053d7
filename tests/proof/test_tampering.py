"""Whatever is changed in a kept log, the stand-alone verifier finds it and names the entry.

``DIRECTORY_TEST_EDITS`` sets how many edits are tried on each database (500 by default).
"""

import hashlib
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Event
from directory.services.change_log import record_all
from tests.proof import tampering
from tests.proof.conftest import Log
from tests.proof.events import sample_event
from tests.proof.tampering import Edit
from tests.proof.unguarded import unguard

EDITS = int(os.environ.get("DIRECTORY_TEST_EDITS", "500"))
SIZES = (6, 11, 24, 40, 49)
SIZE = SIZES[-1]


@dataclass
class Kept:
    """A log with its files of evidence, and the checkpoint that a witness kept."""

    log: Log
    folder: Path
    evidence: Path
    newest: str


@pytest.fixture
def kept(log: Log, tmp_path: Path) -> Kept:
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    made = None
    for first, last in pairwise((0, *SIZES)):
        with UnitOfWork(log.engine) as uow:
            record_all(uow, [_event(number, evidence) for number in range(first + 1, last + 1)])
        made = log.checkpoint()
    assert made
    return Kept(log, tmp_path, evidence, made.note)


def _event(number: int, evidence: Path) -> Event:
    """With a file where the sample has evidence."""
    event = sample_event(number)
    if not event.evidence:
        return event
    data = f"note verbale {number}".encode()
    name = hashlib.sha256(data).hexdigest()
    (evidence / name).write_bytes(data)
    return replace(event, evidence=(name,))


Faults = Callable[..., list[str]]


def missed(kept: Kept, faults: Faults, count: int, seed: int) -> list[str]:
    """The edits, out of ``count``, that the verifier does not find or names wrongly."""
    chance = random.Random(seed)
    found = (_try(chance, kept, faults) for _ in range(count))
    return [line for line in found if line]


def _try(chance: random.Random, kept: Kept, faults: Faults) -> str:
    kind = chance.random()
    if kind < 0.7:
        edit, lines = _edit_row(chance, kept, faults)
    elif kind < 0.9:
        edit, lines = _edit_line(chance, kept, faults)
    else:
        edit, lines = _edit_file(chance, kept, faults)
    if any(line.startswith((edit.named, *_only_by_the_root(edit))) for line in lines):
        return ""
    return f"{edit.what}: {edit.named} expected, {lines[:3]} found"


def _only_by_the_root(edit: Edit) -> tuple[str, ...]:
    """No successor speaks for the last event: what was signed since the checkpoint before is named,
    which is all that can be known."""
    if edit.what != f"event {SIZE} rewritten with its hashes":
        return ()
    return (f"event {SIZES[-2] + 1}: rewritten, or one after it up to {SIZE}:",)


def _edit_row(chance: random.Random, kept: Kept, faults: Faults) -> tuple[Edit, list[str]]:
    """Edit a row by hand, export, and take the edit back."""
    path = kept.folder / "edited.jsonl"
    with Session(kept.log.engine) as session:
        unguard(session.connection())
        edit = chance.choice(tampering.ROWS)(chance, session.connection())
        kept.log.export_from(session, path)
        session.rollback()
    return edit, faults(path, kept.newest)


def _edit_line(chance: random.Random, kept: Kept, faults: Faults) -> tuple[Edit, list[str]]:
    path = kept.log.export(kept.folder / "edited.jsonl")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    edit = tampering.letter_of_a_line(chance, lines)
    line = int(edit.what.rsplit(" ", 1)[1])
    path.write_text("".join(lines), "utf-8")
    return replace(edit, named=_what_stands_on(line)), _or_unusable(faults, path, kept.newest)


def _what_stands_on(line: int) -> str:
    """Header, checkpoints, events, end."""
    if line == 1:
        return ""
    if line <= 1 + len(SIZES):
        return f"checkpoint {line - 1}:"
    number = line - 1 - len(SIZES)
    return f"event {number}:" if number <= SIZE else ""


def _or_unusable(faults: Faults, path: Path, known: str) -> list[str]:
    """A broken header or end makes the whole file unusable, which is found as well."""
    try:
        return faults(path, known)
    except Exception as error:
        if type(error).__name__ != "Unusable":
            raise
        return [str(error)]


def _edit_file(chance: random.Random, kept: Kept, faults: Faults) -> tuple[Edit, list[str]]:
    folder = kept.folder / "copy"
    shutil.copytree(kept.evidence, folder)
    edit = tampering.file_of_evidence(chance, folder)
    path = kept.log.export(kept.folder / "edited.jsonl")
    lines = faults(path, kept.newest, attachments=folder)
    shutil.rmtree(folder)
    return edit, lines


def test_an_untouched_log_holds(kept: Kept, faults: Faults) -> None:
    path = kept.log.export(kept.folder / "log.jsonl")
    assert faults(path, kept.newest, attachments=kept.evidence) == []


def test_every_edit_is_found_and_the_right_entry_named(kept: Kept, faults: Faults) -> None:
    assert missed(kept, faults, EDITS, seed=500) == []


#: Checks of the verifier; without any one of them some edits would pass.
CHECKS = ("own", "sealed", "nodes", "link", "place", "finish", "attachments", "checkpoint")


@pytest.fixture(params=CHECKS)
def blind(request: pytest.FixtureRequest, tool: ModuleType) -> Iterator[str]:
    """The verifier with one check planted out."""
    name = str(request.param)
    right = getattr(tool.LogCheck, name)
    setattr(tool.LogCheck, name, BLIND.get(name, lambda self, *_: ()))
    yield name
    setattr(tool.LogCheck, name, right)


BLIND: dict[str, Callable[..., object]] = {
    "own": lambda self, *_: "",
    "place": lambda self, number, _: (self.sequence + 1, True),
    "finish": lambda self: self.faults,
    "checkpoint": lambda self, row: setattr(self, "last_number", row["number"]),
}


# The verifier reads files, so one database is enough.
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_verifier_without_one_of_its_checks_misses_edits(
    kept: Kept, faults: Faults, blind: str
) -> None:
    assert missed(kept, faults, 120, seed=7), blind


def test_a_log_rewritten_from_one_event_on_is_found_by_what_was_signed(
    kept: Kept, faults: Faults, tmp_path: Path
) -> None:
    """Whoever owns the database makes all hashes anew; the signatures cannot be made."""
    other = Log(kept.log.engine, kept.log.signing)
    with Session(kept.log.engine) as session:
        connection = session.connection()
        unguard(connection)
        tampering.rewrite_from(connection, 30)
        other.export_from(session, tmp_path / "rewritten.jsonl")
        session.rollback()
    lines = faults(tmp_path / "rewritten.jsonl", kept.newest)
    assert lines == [
        "event 25: rewritten, or one after it up to 40: the signed root is another",
    ]
