"""What is wrong with an installation is told in a line that says how to mend it, never a trace."""

import json
import multiprocessing
import secrets
import shutil
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from directory.cli import main
from directory.cli.serving import prepare_elsewhere
from directory.composition import build_parts
from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import Role
from directory.paths import seed_data_dir
from directory.queries import national_holidays
from directory.services.accounts import add_account
from directory.services.indexing import is_behind
from directory.setting_values import SECRETS
from directory.settings import PREFIX, Settings
from tests.support import factories as make
from tests.support.door import trial_settings

#: Runs the command; its exit code and the lines of both outputs.
Answer = tuple[int, str, str]
Command = Callable[..., Answer]


@pytest.fixture
def command(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """``directory``, on that database and in an empty folder."""
    settings = trial_settings(engine)
    for name in ("database_url", *SECRETS):
        monkeypatch.setenv(PREFIX + name.upper(), str(getattr(settings, name)))
    monkeypatch.chdir(tmp_path)
    # At the usual port somebody may be serving a directory of theirs meanwhile.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PORT", str(probe.getsockname()[1]))

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["directory", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(str(ended.value.code or 0)), told.out, told.err

    return run


def findings(command: Command) -> dict[str, tuple[str, str]]:
    """What the doctor found: part -> level and text."""
    _code, out, _err = command("doctor", "--json")
    return {one["part"]: (one["level"], one["text"]) for one in json.loads(out)["findings"]}


def at_revision(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})


# --- refused


@pytest.mark.parametrize("asked", [("serve",), ("doctor",), ("seed",), ("log", "verify")])
def test_where_there_is_no_database_none_is_made(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", f"sqlite:///{tmp_path / 'gone.db'}")
    code, out, err = command(*asked)
    assert code != 0
    assert f"there is no database at {tmp_path / 'gone.db'}" in out + err
    assert not (tmp_path / "gone.db").exists()


def test_an_address_in_use_is_refused_and_not_shared(command: Command) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, _out, err = command("serve", "--port", str(other.getsockname()[1]))
    assert code == 1
    assert err.count("\n") == 1
    assert "choose another with PORT=" in err


def test_a_local_run_beside_another_program_is_refused(command: Command, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, _out, err = command("run-local", "--port", str(other.getsockname()[1]))
    assert (code, err.count("\n")) == (1, 1)
    assert not (tmp_path / "instance").exists()


def test_a_host_that_is_no_address_is_refused(command: Command) -> None:
    code, _out, err = command("serve", "--host", "nowhere.invalid", "--port", "8719")
    assert (code, err.count("\n")) == (1, 1)
    assert "is not an IP address: give one with --host" in err


def test_a_revision_there_is_not_is_refused_with_those_there_are(command: Command) -> None:
    code, _out, err = command("db", "downgrade", "9999", "--yes")
    assert (code, err.count("\n")) == (4, 1)
    assert "give an earlier one of 0001, 0002" in err


@pytest.mark.parametrize("asked", [("db", "upgrade"), ("db", "check"), ("seed",), ("serve",)])
def test_a_newer_database_is_refused(
    engine: Engine, command: Command, asked: tuple[str, ...]
) -> None:
    current = "0000"
    with engine.connect() as connection:
        current = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    at_revision(engine, "9999")
    try:
        code, _out, err = command(*asked)
        assert code in {3, 4}
        assert err.count("\n") == 1
        assert "install the newer release" in err
        level, told = findings(command)["schema"]
        assert (level, told in err) == ("wrong", True)
    finally:
        at_revision(engine, current)


def test_tables_changed_by_hand_are_told_and_no_upgrade_is_advised(
    engine: Engine, command: Command
) -> None:
    def change(statement: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement))

    assert command("db", "check")[0] == 0
    change("CREATE TABLE strange (id INTEGER)")
    try:
        code, out, err = command("db", "check")
    finally:
        change("DROP TABLE strange")
    assert (code, err.count("\n")) == (4, 1)
    assert "strange" in out
    assert "'directory restore'" in err
    assert "upgrade'" not in err


def test_a_file_that_is_no_database_is_told_in_a_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "damaged.db").write_bytes(b"no database at all" * 100)
    monkeypatch.setenv(PREFIX + "DATABASE_URL", f"sqlite:///{tmp_path / 'damaged.db'}")
    code, _out, err = command("seed")
    assert (code, err.count("\n")) == (4, 1)
    assert "run 'directory doctor'" in err
    assert findings(command)["database"][0] == "wrong"


def test_an_event_there_is_not_is_told_in_words(command: Command) -> None:
    code, _out, err = command("log", "prove", "999999")
    assert (code, err) == (1, "directory: there is no event 999999\n")


@pytest.mark.slow
def test_a_spoiled_seed_file_is_refused_by_its_place_and_writes_nothing(
    command: Command, tmp_path: Path
) -> None:
    shutil.copytree(seed_data_dir(), tmp_path / "seed")
    spoiled = tmp_path / "seed" / "legal_basis.csv"
    spoiled.write_text(spoiled.read_text("utf-8").replace("mla,UNTOC", "mls,UNTOC"), "utf-8")
    code, _out, err = command("seed", "--folder", str(tmp_path / "seed"))
    assert code == 1
    assert err.startswith("directory: legal_basis.csv, row 2, column cooperation_type: ")
    assert findings(command)["reference data"][0] == "wrong"


# --- the seed says what it did, the doctor looks at everything


@pytest.mark.slow
def test_seed_reports_and_the_doctor_finds_what_breaks_afterwards(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, out, _err = command("seed")
    assert code == 0
    assert "entry                   273 added      0 changed      0 left alone" in out
    _code, again, _err = command("seed")
    assert "entry                     0 added      0 changed    273 left alone" in again
    assert command("log", "checkpoint")[0] == 0
    whole = findings(command)
    assert {level for level, _text in whole.values()} <= {"ok", "warning"}
    parts = {"settings", "schema", "reference data", "accounts", "change log", "search index"}
    assert parts <= set(whole)

    segment = next((tmp_path / "instance" / "index").rglob("*.trm"))
    segment.write_bytes(segment.read_bytes()[:1000])
    assert "run 'directory index rebuild'" in findings(command)["search index"][1]
    assert command("doctor")[0] == 1
    assert command("index", "rebuild")[0] == 0
    assert findings(command)["search index"][0] == "ok"

    monkeypatch.setenv(PREFIX + "CHECKPOINT_KEY", secrets.token_urlsafe(32))
    level, told = findings(command)["change log"]
    assert level == "wrong"
    assert "checkpoint_public_keys" in told


def test_an_index_that_is_missing_is_made_before_serving_in_a_process_that_ends(
    command: Command, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.add_reference(engine)
    make.publish_all(engine, make.publication("RO-1"))
    parts = build_parts(Settings.from_env())
    assert is_behind(engine, parts.index)
    before = set(threading.enumerate())
    monkeypatch.setattr(national_holidays, "_known", known := dict[int, object]())
    prepare_elsewhere()
    assert not is_behind(engine, parts.index)
    assert parts.clock().year in known
    assert (set(threading.enumerate()), multiprocessing.active_children()) == (before, [])
    parts.engine.dispose()


def test_the_doctor_warns_of_real_people_beside_a_demonstration(
    command: Command, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + "DEMO", "true")
    make.add_reference(engine)
    for email, is_demo, told in (
        ("reader@fr.example", True, "a demonstration: a password alone signs in"),
        ("person@fr.example", False, "accounts of real people stand beside"),
    ):
        with UnitOfWork(engine) as uow:
            add_account(uow, email, Role.READER, "FR", make.AT, demo=is_demo)
        level, said = findings(command)["accounts"]
        assert level == "warning"
        assert said.startswith(told)


def test_the_doctor_looks_at_the_keys_that_sign_mails(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "SMTP_HOST": "127.0.0.1",
        "MAIL_FROM": "directory@example.org",
        "BASE_URL": "https://directory.example.org",
        "SMIME_KEY": "missing.pem",
        "SMIME_CERTIFICATE": "missing.pem",
    }
    for name, value in given.items():
        monkeypatch.setenv(PREFIX + name, value)
    _code, out, _err = command("doctor")
    assert "BAD  mail: smime_key, smime_certificate" in out
