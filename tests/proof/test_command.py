"""``directory log`` as an operator runs it, and the stand-alone verifier as a witness runs it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from directory.cli.log import log as command
from directory.domain.notes import Signer
from directory.queries.log_check import check_log
from directory.setting_values import SECRETS
from directory.settings import PREFIX
from tests.proof.conftest import TOOL, Log
from tests.proof.events import ORIGIN
from tests.proof.tampering import rewrite_from
from tests.proof.unguarded import unguard


@pytest.fixture
def place(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Runs ``directory log`` on the test's database, with a key of its own."""
    address = engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv(PREFIX + "DATABASE_URL", address)
    monkeypatch.setenv(PREFIX + "LOG_NAME", ORIGIN)
    for at, name in enumerate(sorted(SECRETS)):
        monkeypatch.setenv(PREFIX + name.upper(), KEYS[at])
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(command, arguments)

    return run


#: 32 bytes each; of tests only.
KEYS = [
    "q1f3Z8yKc0VwN5rTjB2mXhLgP7sDuAe4oIiRk9WvQxE",
    "B7uYh2KpLw9sVxQz4mNc1RtEaJf6GdIo3XkTyPZb8SU",
    "mT4kVb9QwZr2XyNc7LpEs1HjFg6DuAaRi3OoKt8YvWI",
    "Zx8CvBn4MqWeRt1YuIoPa6SdFg7HjKl2XzVcNb5MwQA",
]
Runner = Callable[..., Result]


def run_tool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Isolated (-I): it finds nothing of the directory."""
    command = [sys.executable, "-I", str(TOOL), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_a_log_that_was_altered_fails_the_check_and_the_event_is_named(
    log: Log, place: Runner
) -> None:
    log.append(9)
    assert place("checkpoint").exit_code == 0
    with log.engine.begin() as connection:
        unguard(connection)
        connection.execute(text("UPDATE change_log SET reason = 'x' WHERE sequence = 4"))
    answer = place("verify")
    assert answer.exit_code == 1
    assert "event 4: altered" in answer.stdout
    assert "the log was altered" in answer.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("3", "--from", "1", "--to", "2"), ("--from", "1"), ("--to", "1"), ("0",)]
)
def test_a_proof_of_nothing_in_particular_is_refused(
    place: Runner, arguments: tuple[str, ...]
) -> None:
    assert place("prove", *arguments).exit_code == 2


def test_a_log_is_checked_signed_exported_and_proven(
    log: Log, place: Runner, tmp_path: Path
) -> None:
    log.append(9)
    first = place("checkpoint").stdout
    log.append(5, first=10)
    second = place("checkpoint").stdout
    assert first.splitlines()[:2] == [ORIGIN, "9"]
    assert "nothing was recorded" in place("checkpoint").stderr
    report = json.loads(place("verify", "--json").stdout)
    assert report == {"events": 14, "checkpoints": 2, "signed_up_to": 14, "faults": []}
    key = place("key").stdout.strip()

    assert place("export", "log.jsonl").exit_code == 0
    exported = tmp_path / "log.jsonl"
    assert exported.stat().st_mode & 0o077 == 0
    (tmp_path / "kept.txt").write_text(second, "utf-8")
    answer = run_tool("log", exported, "--key", key, "--known", tmp_path / "kept.txt")
    assert answer.stdout == "holds: 14 events, 2 checkpoints, signed up to event 14\n"
    assert answer.returncode == 0
    assert "file's own claim" in run_tool("log", exported).stdout

    for arguments in (("3",), ("3", "--size", "14"), ("--from", "9", "--to", "14")):
        (tmp_path / "proof.json").write_text(place("prove", *arguments).stdout, "utf-8")
        answer = run_tool("proof", tmp_path / "proof.json", "--key", key)
        assert (answer.returncode, answer.stderr) == (0, ""), answer.stdout


def test_the_verifier_refuses_another_key_another_event_and_no_key(
    log: Log, place: Runner, tmp_path: Path
) -> None:
    log.append(9)
    place("checkpoint")
    key, other = place("key").stdout.strip(), str(log.signing.verifier)
    proof = tmp_path / "proof.json"
    proof.write_text(place("prove", "3").stdout, "utf-8")
    assert "no known key" in run_tool("proof", proof, "--key", other).stdout
    proof.write_text(proof.read_text("utf-8").replace("RO-3", "RO-4"), "utf-8")
    answer = run_tool("proof", proof, "--key", key)
    assert (answer.returncode, answer.stdout.splitlines()[0]) == (
        1,
        "event 3: it is not what the checkpoint signed",
    )
    assert run_tool("proof", proof).returncode == 2
    assert run_tool("log", proof, "--key", key).returncode == 2
    assert run_tool("log", tmp_path / "none", "--key", key).returncode == 2
    proof.write_text("[" * 100_000, "utf-8")
    assert run_tool("proof", proof, "--key", key).returncode == 1


def test_the_verifier_imports_nothing_of_the_directory() -> None:
    source = TOOL.read_text("utf-8")
    lines = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    modules = {line.split()[1] for line in lines}
    outside = {one for one in modules if one.split(".")[0] not in sys.stdlib_module_names}
    assert {one.split(".")[0] for one in outside} == {"cryptography"}


EDITS = {
    "UPDATE change_log SET leaf = hash WHERE sequence = 5": "event 5: altered",
    "UPDATE change_log SET ciphertexts = '[]' WHERE sequence = 15": "event 15: its sealed",
    "DELETE FROM change_log WHERE sequence = 7": "event 7: missing",
    "DELETE FROM change_log WHERE sequence > 17": "event 18: missing",
    "DELETE FROM log_node WHERE level = 2 AND position = 1": "event 8: the tree's nodes",
    "UPDATE checkpoint SET root = 'x' WHERE number = 1": "checkpoint 1: its columns",
    "UPDATE checkpoint SET note = 'x' WHERE number = 2": "checkpoint 2: not a signed note",
    "DELETE FROM checkpoint WHERE number = 1": "checkpoint 1: missing",
}


@pytest.mark.parametrize(("edit", "named"), list(EDITS.items()))
def test_the_check_in_place_names_the_entry_too(
    log: Log, signing: Signer, edit: str, named: str
) -> None:
    log.append(10)
    log.checkpoint()
    log.append(11, first=11)
    log.checkpoint()
    with Session(log.engine) as session:
        assert check_log(session, [signing.verifier]).faults == ()
        unguard(session.connection())
        session.execute(text(edit))
        found = check_log(session, [signing.verifier]).faults
        session.rollback()
    assert any(str(fault).startswith(named) for fault in found), found


def test_the_check_in_place_finds_a_log_made_anew(log: Log, signing: Signer) -> None:
    log.append(10)
    log.checkpoint()
    log.append(11, first=11)
    log.checkpoint()
    with Session(log.engine) as session:
        unguard(session.connection())
        rewrite_from(session.connection(), 12)
        report = check_log(session, [signing.verifier])
        session.rollback()
    assert [str(fault) for fault in report.faults] == ["checkpoint 2: the log has another root"]
    assert report.vouched == 10


def test_a_doubled_key_or_a_float_is_no_json_for_the_verifier(tool: ModuleType) -> None:
    for unclear in ('{"a":1,"a":2}', "[1.0]", "[NaN]"):
        with pytest.raises(ValueError, match=r"twice|whole number"):
            tool.strict(unclear)
