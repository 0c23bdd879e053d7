"""The description is valid, and every answer is as it says: tried with generated questions."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from sqlalchemy import Engine

from directory.api.problems import TYPES
from directory.db.unit_of_work import UnitOfWork
from directory.paths import seed_data_dir
from directory.services.demo_entries import add_showcase
from directory.services.seed import seed
from tests.api.conftest import V1, Program
from tests.conftest import BACKENDS
from tests.support.factories import AT

#: Every address of the read side.
PATHS = (
    "/states",
    "/states/{code}",
    "/instruments",
    "/cooperation-types",
    "/entries",
    "/entries/{entry_id}",
    "/counterparts",
    "/search",
    "/suggest",
)
STATES = ["FR", "RO", "jp", "GB"]
#: What only the data can tell: parameters of the description -> values that are on record.
ON_RECORD = {
    "state": STATES,
    "code": STATES,
    "requesting": ["FR", "jp"],
    "requested": ["RO", "GB", "TV"],
    "instrument": ["UNTOC", "budapest"],
    "updated_since": ["2014-01-01", "2026-01-31T08:00:00Z"],
    "on": ["1900-01-01", "2026-02-28", "2199-12-31"],
    "at": ["2026-01-31T08:00:00+01:00", "2199-12-31T23:59:59-12:00"],
}
#: They name a thing that is there, or exclude one another: tried one by one in other tests.
LEFT_OUT = {"cursor", "territory", "at"}


@pytest.fixture
def reference_engine(engine: Engine) -> Engine:
    """The real seed data and the entries of the demonstration."""
    with UnitOfWork(engine) as uow:
        seed(uow, seed_data_dir(), AT)
    with UnitOfWork(engine) as uow:
        add_showcase(uow, AT)
    return engine


@pytest.fixture
def description(program: Program) -> dict[str, Any]:
    answer: dict[str, Any] = program.json("/openapi.json")
    return answer


@pytest.fixture
def questions(app: Flask, program: Program, description: dict[str, Any]) -> BaseSchema:
    """The description, with values that are on record in the place of patterns."""
    for path in description["paths"].values():
        given = path.get("parameters", []) + path["get"].get("parameters", [])
        for parameter in given:
            if parameter["name"] in ON_RECORD:
                parameter["schema"] = {"type": "string", "enum": ON_RECORD[parameter["name"]]}
        kept = [one for one in path["get"].get("parameters", []) if one["name"] not in LEFT_OUT]
        path["get"]["parameters"] = kept
    config = SchemathesisConfig.from_dict({"headers": {"Authorization": f"Bearer {program.token}"}})
    schema = schemathesis.openapi.from_dict(description, config=config)
    schema.app = app
    return schema


asked = schemathesis.pytest.from_fixture("questions")


@pytest.mark.slow
@pytest.mark.parametrize("engine", BACKENDS, indirect=True)
@asked.parametrize()
@hypothesis_settings(
    max_examples=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case[Any], program: Program) -> None:
    case.call_and_validate()


def test_description_is_valid_openapi(description: dict[str, Any]) -> None:
    assert description["openapi"] == "3.1.0"
    errors = [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(description)]
    assert errors == []


def test_every_address_is_described(app: Flask, description: dict[str, Any]) -> None:
    assert description["paths"].keys() == {V1 + path for path in PATHS}


def test_every_refusal_is_described_as_a_problem(description: dict[str, Any]) -> None:
    for path in description["paths"].values():
        responses = path["get"]["responses"]
        assert {"200", "401", "403", "422", "500", "503"} <= responses.keys()
        for status, response in responses.items():
            if int(status) >= 400:
                assert response["content"].keys() == {"application/problem+json"}
                assert response["description"].strip("`").split("`")[0] in TYPES


def test_description_that_did_not_change_is_not_sent_again(program: Program) -> None:
    tag = program.get("/openapi.json").headers["ETag"]
    assert program.get("/openapi.json", If_None_Match=tag).status_code == 304


def test_page_of_the_description_asks_nobody_else(program: Program) -> None:
    answer = program.get("/docs")
    assert answer.status_code == 200
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert 'data-description="/api/v1/openapi.json"' in answer.text
    assert "swagger-ui-bundle.js" in answer.text
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]


def test_token_may_be_typed_into_the_page_of_the_description(description: dict[str, Any]) -> None:
    schemes = description["components"]["securitySchemes"]
    assert schemes["token"] == {"type": "http", "scheme": "bearer"}
    assert {"token": []} in description["security"]
