"""Databases without a schema, for tests that make one themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from directory.db.session import make_engine
from tests.conftest import BACKENDS
from tests.support.postgres import postgres_url


@pytest.fixture(params=BACKENDS)
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Engine]:
    """A database of each kind with nothing in it."""
    if request.param == "postgresql":
        made = make_engine(postgres_url(f"{worker}_bare"))
        with made.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    else:
        made = make_engine(f"sqlite:///{tmp_path}/bare.db")
    yield made
    made.dispose()
