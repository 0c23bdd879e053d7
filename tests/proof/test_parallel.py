"""Eight processes append at once: one chain, no gap; the stand-alone verifier agrees.

``DIRECTORY_TEST_APPENDS`` sets how often each of them appends (500 by default).
"""

import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.queries.change_log import read_events
from tests.proof.appending import run_all
from tests.proof.conftest import Log
from tests.proof.unguarded import loose_tables

PROCESSES = 8
APPENDS = int(os.environ.get("DIRECTORY_TEST_APPENDS", "500"))
Faults = Callable[..., list[str]]


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_eight_processes_make_one_chain_without_fork_or_gap(
    log: Log, faults: Faults, tmp_path: Path
) -> None:
    assert run_all(address(log.engine), PROCESSES, APPENDS, "right") == [0] * PROCESSES
    with Session(log.engine) as session:
        events = list(read_events(session))
    assert [one.sequence for one in events] == list(range(1, PROCESSES * APPENDS + 1))
    assert len({one.subject_id for one in events}) == PROCESSES * APPENDS
    assert log.checkpoint()
    assert faults(log.export(tmp_path / "log.jsonl")) == []


def test_without_the_lock_the_constraints_refuse_a_fork(
    log: Log, faults: Faults, tmp_path: Path
) -> None:
    """A planted bug: writers read the log's end too early. They fail; the log stays whole."""
    codes = run_all(address(log.engine), PROCESSES, 40, "twin")
    assert any(codes)
    assert faults(log.export(tmp_path / "log.jsonl")) == []


def test_without_lock_and_constraints_the_verifier_finds_the_fork(
    log: Log, faults: Faults, tmp_path: Path
) -> None:
    """The same bug on tables that refuse nothing: the log forks, and that is seen."""
    with loose_tables(log.engine):
        run_all(address(log.engine), PROCESSES, 40, "twin")
        found = faults(log.export(tmp_path / "log.jsonl"))
    assert any("out of its place, or twice" in line for line in found)
