"""Health: open to everybody, silent about everything else."""

from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from directory.db.migration import downgrade, upgrade
from directory.db.session import make_engine
from tests.support.trial import Trial


def test_strangers_learn_that_it_lives_and_nothing_else(pages: Flask) -> None:
    answer = pages.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_ready_when_the_database_answers_with_the_right_schema(pages: Flask) -> None:
    answer = pages.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_not_ready_when_the_database_has_gone(trial: Trial, tmp_path: Path) -> None:
    app = trial.app()
    gone = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    app.extensions["directory"] = replace(trial.parts, engine=gone)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "not ready"})
    assert app.test_client().get("/healthz").status_code == 200
    gone.dispose()


def test_not_ready_on_another_schema(trial: Trial, engine: Engine) -> None:
    app = trial.app()
    app.extensions["directory"] = replace(trial.parts, engine=engine)
    downgrade(engine, "0001")
    assert app.test_client().get("/readyz").status_code == 503
    upgrade(engine)
    assert app.test_client().get("/readyz").status_code == 200
