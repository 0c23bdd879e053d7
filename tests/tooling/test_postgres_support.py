"""The throw-away PostgreSQL gives each worker its own database, and says what lacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.support import postgres

ROOT = Path(__file__).resolve().parents[2]

SESSION = """
import os, pathlib
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from tests.support.postgres import postgres_url

@pytest.mark.parametrize("turn", range(6))
def test_own_database(worker_id, turn, tmp_path_factory):
    engine = create_engine(postgres_url(worker_id), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS mark (worker text)"))
        connection.execute(text("INSERT INTO mark VALUES (:worker)"), {"worker": worker_id})
        assert connection.scalars(text("SELECT DISTINCT worker FROM mark")).all() == [worker_id]
    pathlib.Path(os.environ["FOLDERS"], worker_id).write_text(os.environ["TEST_POSTGRES_FOLDER"])
"""


def scalar(url: str, question: str) -> object:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.scalar(text(question))


@pytest.mark.postgres
def test_server_compares_by_code_point_and_keeps_unicode(worker_id: str) -> None:
    url = postgres.postgres_url(worker_id)
    assert scalar(url, "SHOW server_encoding") == "UTF8"
    assert scalar(url, "SELECT datcollate FROM pg_database WHERE datname = current_database()") == (
        "C.UTF-8"
    )
    assert scalar(url, "SHOW listen_addresses") == ""


@pytest.mark.postgres
def test_asking_twice_gives_the_same_database(worker_id: str) -> None:
    assert postgres.postgres_url(worker_id) == postgres.postgres_url(worker_id)


def test_a_machine_without_postgresql_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(postgres.PostgresMissing, match="apt-get install postgresql"):
        postgres.postgres_programs()


@pytest.mark.postgres
@pytest.mark.slow
def test_workers_share_one_server_that_ends_with_the_session(tmp_path: Path) -> None:
    # Its own settings, whatever lies in the folders above.
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (tmp_path / "test_session.py").write_text(SESSION, encoding="utf-8")
    folders = tmp_path / "folders"
    folders.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FOLDERS": str(folders)}
    environment.pop(postgres.FOLDER_VARIABLE)
    plugins = ["-p", "tests.support.postgres", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *plugins, "--rootdir", "."]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    used = {path.read_text(encoding="utf-8") for path in folders.iterdir()}
    assert len(used) == 1
    assert not Path(used.pop()).exists()


def test_only_what_dead_sessions_left_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, living = (
        tmp_path / f"directory-pg-{ended.pid}-a",
        tmp_path / f"directory-pg-{os.getpid()}-b",
    )
    left.mkdir()
    living.mkdir()
    postgres._sweep_what_died()
    assert not left.exists()
    assert living.exists()
