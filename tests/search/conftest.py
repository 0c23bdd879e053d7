"""The real seed data in a SQLite file, and its index; both only read."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.paths import seed_data_dir
from directory.search.whoosh_index import WhooshIndex
from directory.services.indexing import rebuild
from directory.services.seed import seed
from tests.support import factories as make


@pytest.fixture(scope="session")
def real_data(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database with the shipped seed data."""
    path = tmp_path_factory.mktemp("real") / "directory.db"
    shutil.copy(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with UnitOfWork(engine) as uow:
        seed(uow, seed_data_dir(), make.AT)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def real_index(real_data: Engine, tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    """The index of the shipped seed data."""
    index = WhooshIndex(tmp_path_factory.mktemp("index"))
    rebuild(real_data, index)
    return index


@pytest.fixture
def index(tmp_path: Path) -> WhooshIndex:
    """An index that does not exist yet."""
    return WhooshIndex(tmp_path / "index")
