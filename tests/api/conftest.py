"""An application on the test's own database, a program with a token, and a strict reader of it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from directory.composition import create_app
from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import CooperationType, Role
from directory.parts import Parts
from directory.policy import SYSTEM
from directory.search.index import SearchIndex
from directory.services.accounts import add_account
from directory.services.tokens import create_token
from directory.setting_values import SECRETS
from directory.settings import Settings
from tests.support.door import NO_QUOTAS
from tests.support.factories import AT, add_reference
from tests.support.null_index import NullIndex

V1 = "/api/v1"


@dataclass(frozen=True)
class Program:
    """Asks with a token, or without one when it is empty."""

    client: FlaskClient
    token: str = ""

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.ask("GET", address, **headers)

    def ask(self, method: str, address: str, **headers: str) -> TestResponse:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        return self.client.open(V1 + address, method=method, headers=given)

    def json(self, address: str) -> Any:
        answer = self.get(address)
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == "application/json"
        return answer.json


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    drawn: dict[str, Any] = {name: secrets.token_urlsafe(32) for name in SECRETS} | NO_QUOTAS
    return Settings(
        database_url="sqlite://", index_dir=tmp_path / "index", secure_cookies=False, **drawn
    )


@pytest.fixture
def reference_engine(engine: Engine) -> Engine:
    """States FR, JP, RO, and UNTOC in force for them."""
    add_reference(engine)
    return engine


@pytest.fixture
def index() -> SearchIndex:
    """Holds nothing; searches are tried where it is replaced."""
    return NullIndex()


@pytest.fixture
def app(settings: Settings, reference_engine: Engine, index: SearchIndex) -> Flask:
    parts = Parts(settings=settings, engine=reference_engine, index=index, clock=lambda: AT)
    return create_app(settings, parts)


#: Makes a program that asks for an account of that role and State.
Programs = Callable[..., Program]


def token_for(
    engine: Engine, role: Role, state: str, types: tuple[CooperationType, ...] = (), **given: Any
) -> str:
    """A token of a new account."""
    email = f"{role.value}.{state.lower() or 'un'}.{len(types)}@example.org"
    with UnitOfWork(engine) as uow:
        add_account(uow, email, role, state, AT, types=types)
        uow.session.flush()
        return create_token(uow, SYSTEM, email, "a test", AT, **given)


@pytest.fixture
def programs(app: Flask, reference_engine: Engine) -> Programs:
    def make(role: Role = Role.READER, state: str = "FR", **given: Any) -> Program:
        return Program(app.test_client(), token_for(reference_engine, role, state, **given))

    return make


@pytest.fixture
def program(programs: Programs) -> Program:
    """A reader of France."""
    return programs()


@pytest.fixture
def stranger(app: Flask) -> Program:
    """Has no token."""
    return Program(app.test_client())
