"""Fixtures: a real database of each kind, migrated once, given fresh to every test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, text

from directory.db.migration import upgrade
from directory.db.session import make_engine
from directory.models import Base
from directory.queries import records
from directory.services import asked, looking
from tests.support.browser import open_browser
from tests.support.postgres import postgres_url

pytest_plugins = ["tests.support.postgres", "tests.plugins.no_skips", "tests.support.light_hashes"]

DATABASES = ("sqlite", "postgresql")
#: Every test that uses ``engine`` runs on both; tests/plugins/needs.py skips what lacks its server.
BACKENDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Let no look-up or question be written once the database of a test is let go or emptied."""
    looking.end_all()
    asked.end_all()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run what shares a costly fixture of its module, each database by itself."""
    for item in items:
        if isinstance(item, pytest.Function) and _shares(item):
            first = item.callspec.id.split("-")[0] if hasattr(item, "callspec") else ""
            words = (item.path.parent.name, item.path.stem, first if first in DATABASES else "any")
            item.add_marker(pytest.mark.xdist_group("-".join(words)))


def _shares(item: pytest.Function) -> bool:
    known = item._fixtureinfo.name2fixturedefs.values()
    return any(one.scope == "module" for defined in known for one in defined)


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """Name of the xdist worker, 'main' without xdist."""
    workerinput = getattr(request.config, "workerinput", {})
    return str(workerinput.get("workerid", "main"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of this worker; a second one beside it is more than Playwright allows."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "directory.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_engine(worker: str) -> Iterator[Engine]:
    """An engine on this worker's migrated PostgreSQL database."""
    engine = make_engine(postgres_url(worker))
    upgrade(engine)
    yield engine
    engine.dispose()


def empty_postgres(engine: Engine) -> None:
    """Take every row away."""
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        # Tables that only grow refuse TRUNCATE, save in a session that replays a replica.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    # Under a clock that stands still, other revisions come to have the same number and moment.
    records._kept.pop(engine, None)


@pytest.fixture(params=BACKENDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty, migrated database of each kind."""
    if request.param == "postgresql":
        shared: Engine = request.getfixturevalue("postgres_engine")
        empty_postgres(shared)
        yield shared
        return
    path = tmp_path / "directory.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    fresh = make_engine(f"sqlite:///{path}")
    yield fresh
    fresh.dispose()
