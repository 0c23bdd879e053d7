"""The prepared directory on each database, and a reader of France who has signed in."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import BACKENDS
from tests.support.postgres import postgres_url
from tests.support.trial import Trial, prepare_trial


@pytest.fixture(scope="session", params=BACKENDS)
def trial(
    request: pytest.FixtureRequest, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """Real seed data and the showcase; nothing in it is changed."""
    folder = tmp_path_factory.mktemp("trial")
    is_postgres = request.param == "postgresql"
    url = postgres_url(f"{worker}_trial") if is_postgres else f"sqlite:///{folder / 'd.db'}"
    trial = prepare_trial(url, folder)
    yield trial
    trial.parts.engine.dispose()


@pytest.fixture(scope="session")
def pages(trial: Trial) -> Flask:
    return trial.app()


@pytest.fixture
def reader(trial: Trial, pages: Flask) -> FlaskClient:
    """A reader of France."""
    return trial.client(pages)
