"""The description is valid OpenAPI 3.1 and tells everything; its page asks nobody else."""

from typing import Any

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from directory.api.problems import TYPES
from tests.api.conftest import V1, Program

#: The description does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

#: Every address.
PATHS = (
    "/states",
    "/states/{code}",
    "/instruments",
    "/cooperation-types",
    "/entries",
    "/entries/{entry_id}",
    "/entries/{entry_id}/history",
    "/entries/{entry_id}/extract",
    "/counterparts/extract",
    "/log/checkpoint",
    "/log/proof",
    "/changes",
    "/counterparts",
    "/search",
    "/suggest",
    "/imports",
    "/proposals",
    "/proposals/{proposal_id}",
    "/proposals/{proposal_id}/{act}",
    "/entries/{entry_id}/reports",
    "/confirmations",
    "/coverage",
    "/liaison",
    "/entries/{entry_id}/break-glass",
    "/tokens",
    "/tokens/{number}/revoke",
)


@pytest.fixture
def description(program: Program) -> dict[str, Any]:
    answer: dict[str, Any] = program.json("/openapi.json")
    return answer


def test_description_is_valid_openapi(description: dict[str, Any]) -> None:
    assert description["openapi"] == "3.1.0"
    errors = [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(description)]
    assert errors == []


def test_every_address_is_described(description: dict[str, Any]) -> None:
    assert description["paths"].keys() == {V1 + path for path in PATHS}


def test_every_refusal_is_described_as_a_problem(description: dict[str, Any]) -> None:
    operations = [
        path[method]
        for path in description["paths"].values()
        for method in ("get", "post", "put")
        if method in path
    ]
    for operation in operations:
        responses = operation["responses"]
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
