"""Every answer is as the description says: tried with generated questions on the real data.

Each role asks in turn. ``DIRECTORY_TEST_QUESTIONS`` sets how many questions each address is asked
(50 by default; 600 make about 20,000 of them on each database).
"""

import os
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from jsonschema_rs import validator_for
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema
from sqlalchemy import Engine

from directory.api.operations import BY_TOKEN
from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import EntryKind, Role
from directory.paths import seed_data_dir
from directory.search.index import SearchIndex
from directory.search.whoosh_index import WhooshIndex
from directory.services.checkpoints import known_keys, make_checkpoint, signer
from directory.services.demo_entries import add_showcase
from directory.services.indexing import rebuild
from directory.services.seed import seed
from directory.settings import Settings
from tests.api.conftest import Program, Programs
from tests.conftest import BACKENDS
from tests.support.factories import AT

STATES = ["FR", "RO", "jp", "GB"]
#: What only the data can tell: parameters of the description -> values that are on record.
ON_RECORD = {
    "state": STATES,
    "code": STATES,
    "requesting": ["FR", "jp"],
    "requested": ["RO", "GB", "TV"],
    "instrument": ["UNTOC", "budapest"],
    "updated_since": ["2014-01-01", "2026-01-31T08:00:00Z"],
    "as_of": ["1900-01-01", "2026-01-31", "2199-12-31"],
    "as_known": ["2199-12-31", "2199-12-31T08:00:00Z"],
    "sequence": ["1", "2"],
    "on": ["1900-01-01", "2026-02-28", "2199-12-31"],
    "at": ["2026-01-31T08:00:00+01:00", "2199-12-31T23:59:59-12:00"],
}
#: They name a thing that is there, or exclude one another: tried one by one in other tests.
LEFT_OUT = {"cursor", "territory", "at", "from", "to", "size", "region"}
#: Roles that belong to a State.
INSIDE = frozenset({Role.READER, Role.FOCAL_POINT})
QUESTIONS = int(os.environ.get("DIRECTORY_TEST_QUESTIONS", "50"))
#: Without it nothing would be asked.
MUST = {"sequence"}


@pytest.fixture
def reference_engine(engine: Engine, settings: Settings) -> Engine:
    """The real seed data and the entries of the demonstration, under a checkpoint."""
    with UnitOfWork(engine) as uow:
        seed(uow, seed_data_dir(), AT)
    with UnitOfWork(engine) as uow:
        add_showcase(uow, AT)
    with UnitOfWork(engine) as uow:
        make_checkpoint(uow, signer(settings), known_keys(settings), AT)
    return engine


@pytest.fixture
def index(settings: Settings, reference_engine: Engine) -> SearchIndex:
    """An index of all that."""
    made = WhooshIndex(settings.index_dir)
    rebuild(reference_engine, made)
    return made


@pytest.fixture
def questions(app: Flask, program: Program) -> BaseSchema:
    """The description, with values that are on record in the place of patterns."""
    description = program.json("/openapi.json")
    # What writes is tried in tests of its own; made-up bodies would all be refused alike.
    paths = {name: path for name, path in description["paths"].items() if "get" in path}
    description["paths"] = {
        name: {key: one for key, one in path.items() if key in {"get", "parameters"}}
        for name, path in paths.items()
    }
    on_record = {**ON_RECORD, "entry_id": some_entries(program)}
    for path in description["paths"].values():
        for parameter in path.get("parameters", []) + path["get"].get("parameters", []):
            if parameter["name"] in on_record:
                parameter["schema"] = {"type": "string", "enum": on_record[parameter["name"]]}
            if parameter["name"] in MUST:
                parameter["required"] = True
        kept = [one for one in path["get"].get("parameters", []) if one["name"] not in LEFT_OUT]
        path["get"]["parameters"] = kept
    given = {"openapi": {BY_TOKEN: {"bearer": program.token}}}
    config = SchemathesisConfig.from_dict({"auth": given})
    schema = schemathesis.openapi.from_dict(description, config=config)
    schema.app = app
    return schema


def some_entries(program: Program) -> list[str]:
    """Identifiers of a few entries of each kind."""
    return [
        one["id"]
        for kind in EntryKind
        for one in program.json(f"/entries?kind={kind.value}&limit=5")["items"]
    ]


@pytest.fixture
def roles(program: Program, programs: Programs) -> Iterator[dict[str, str]]:
    """The headers of one role after the other, for ever; a reader is the first."""
    others = ((Role.FOCAL_POINT, "FR"), *((one, "") for one in Role if one not in INSIDE))
    asking = [program, *(programs(role, state) for role, state in others)]
    return cycle([{"Authorization": f"Bearer {one.token}"} for one in asking])


asked = schemathesis.pytest.from_fixture("questions")


@pytest.mark.slow
@pytest.mark.parametrize("engine", BACKENDS, indirect=True)
@asked.parametrize()
@hypothesis_settings(
    max_examples=QUESTIONS,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described_to_every_role(
    case: schemathesis.Case[Any], roles: Iterator[dict[str, str]]
) -> None:
    case.call_and_validate(headers=next(roles))


@pytest.mark.slow
def test_every_real_entry_is_as_described(program: Program) -> None:
    description = program.json("/openapi.json")
    form = {
        "$ref": "#/components/schemas/EntryDocument",
        "components": description["components"],
    }
    entry_form = validator_for(form)
    page = program.json("/entries?limit=500")
    assert page["next"] is None
    assert {one["kind"] for one in page["items"]} == set(EntryKind)
    for one in page["items"]:
        entry_form.validate(program.json(f"/entries/{one['id']}"))


@pytest.mark.slow
def test_every_state_is_as_described(program: Program) -> None:
    description = program.json("/openapi.json")
    form = {
        "$ref": "#/components/schemas/StateDocument",
        "components": description["components"],
    }
    state_form = validator_for(form)
    for one in program.json("/states")["items"]:
        state_form.validate(program.json(f"/states/{one['code']}"))
