"""One throw-away PostgreSQL for a whole test session, a database of its own for each worker.

Register this module as a pytest plugin (`pytest_plugins = ["tests.support.postgres"]`). The first
test that asks for a URL starts the server; the process that began the session stops it. It listens
on a socket in its own folder only, trusts who can reach that, and never waits for the disk.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from filelock import FileLock
from psycopg import sql
from sqlalchemy import URL

FOLDER_VARIABLE = "TEST_POSTGRES_FOLDER"
FOLDER_PREFIX = "directory-pg-"
USER = "postgres"
PORT = 5432
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
}


class PostgresMissing(RuntimeError):
    """PostgreSQL's server programs are not on this machine."""


def postgres_programs() -> Path:
    """The folder of `initdb` and `pg_ctl`, the newest where there are several."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    if on_path:
        return Path(on_path).resolve().parent
    raise PostgresMissing(
        "PostgreSQL's server programs (initdb, pg_ctl) were not found: "
        "install them (Debian: apt-get install postgresql)"
    )


def postgres_url(worker_id: str) -> str:
    """A SQLAlchemy URL of the database `directory_<worker_id>`, made when it is not there yet.

    Raises PostgresMissing on a machine without PostgreSQL.
    """
    folder = Path(os.environ[FOLDER_VARIABLE])
    name = f"directory_{worker_id}"
    with FileLock(folder / "lock"):
        _start_once(folder)
        _create_database_once(folder, name)
    url = URL.create(
        "postgresql+psycopg",
        username=USER,
        database=name,
        query={"host": str(folder), "port": str(PORT)},
    )
    return url.render_as_string(hide_password=False)


def pytest_configure(config: pytest.Config) -> None:
    """Name the session's folder, before workers are started, which inherit the name."""
    if _begins_the_session(config):
        _sweep_what_died()
        prefix = f"{FOLDER_PREFIX}{os.getpid()}-"
        os.environ[FOLDER_VARIABLE] = tempfile.mkdtemp(prefix=prefix)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the session's server, if a test started one."""
    if _begins_the_session(config):
        _remove(Path(os.environ.pop(FOLDER_VARIABLE)))


def _begins_the_session(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")


def _start_once(folder: Path) -> None:
    data = folder / "data"
    if (data / "postmaster.pid").exists():
        return
    programs, account = postgres_programs(), _account()
    if "user" in account:
        shutil.chown(folder, account["user"], account["group"])
    initdb = ["--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    _run([str(programs / "initdb"), "--no-sync", *initdb, "--pgdata", str(data)], account)
    settings = {**SETTINGS, "unix_socket_directories": str(folder), "port": str(PORT)}
    lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(lines)
    pg_ctl = ["--pgdata", str(data), "--log", str(folder / "log"), "--wait", "start"]
    _run([str(programs / "pg_ctl"), *pg_ctl], account)


def _create_database_once(folder: Path, name: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
    where = f"host={folder} port={PORT} user={USER} dbname=postgres"
    with (
        psycopg.connect(where, autocommit=True) as connection,
        contextlib.suppress(psycopg.errors.DuplicateDatabase),
    ):
        connection.execute(statement)


def _sweep_what_died() -> None:
    """Stop the servers of sessions that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*-*"):
        owner = int(folder.name.removeprefix(FOLDER_PREFIX).split("-")[0])
        if not _is_running(owner):
            _remove(folder)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(folder: Path) -> None:
    if (folder / "data" / "postmaster.pid").exists():
        pg_ctl = ["--pgdata", str(folder / "data"), "--mode=immediate", "--wait", "stop"]
        with contextlib.suppress(subprocess.CalledProcessError):
            _run([str(postgres_programs() / "pg_ctl"), *pg_ctl], _account())
    shutil.rmtree(folder, ignore_errors=True)


def _account() -> dict[str, Any]:
    """As whom the server runs: PostgreSQL refuses root, so then as one who owns nothing else."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgresMissing("PostgreSQL refuses to run as root, and there is no user 'postgres'")


def _run(command: list[str], account: dict[str, Any]) -> None:
    """Run to the end; what it printed goes to no one unless it failed.

    The output is a file, because the server inherits it and a pipe would stay open.
    """
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile(mode="w+", encoding="utf-8") as output:
        done = subprocess.run(
            command, cwd="/", env=environment, stdout=output, stderr=output, check=False, **account
        )
        if done.returncode:
            output.seek(0)
            raise subprocess.CalledProcessError(done.returncode, command, output.read())
