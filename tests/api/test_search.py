"""Search and suggestions for programs and for the pages' own search box."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import CooperationType, EntryKind, Role
from directory.search.index import SearchIndex
from directory.search.whoosh_index import WhooshIndex
from directory.services.accounts import add_account, set_password
from directory.services.indexing import rebuild
from directory.settings import Settings
from tests.api.conftest import V1, Program
from tests.support.door import PASSWORD, sign_in
from tests.support.factories import (
    AT,
    authority,
    publication,
    publish_all,
    record_of,
    statement_counter,
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A demonstration: its accounts sign in with a password alone."""
    return replace(settings, demo=True)


@pytest.fixture
def index(settings: Settings, reference_engine: Engine) -> SearchIndex:
    publish_all(
        reference_engine,
        publication("RO-1", authority("Ministry of Justice of Romania")),
        publication("FR-1", authority("Bureau de l'entraide"), state="FR"),
        publication("RO-2", record_of(EntryKind.REQUIREMENTS)),
    )
    made = WhooshIndex(settings.index_dir)
    rebuild(reference_engine, made)
    return made


def test_unknown_state_or_instrument_is_refused(program: Program) -> None:
    assert program.get("/search?q=justice&state=XX").status_code == 422
    assert program.get("/search?q=justice&instrument=ATLANTIS").status_code == 422


@pytest.mark.parametrize(
    "q",
    ["%3Cscript%3Ealert(1)%3C/script%3E", "%E2%80%AEecitsuj", "*", "a:b OR (", "%00", "", "%20"],
)
def test_hostile_words_are_only_words(program: Program, q: str) -> None:
    assert program.get(f"/search?q={q}").status_code == 200
    assert program.get(f"/suggest?q={q}").status_code == 200
    assert program.get(f"/entries?q={q}").status_code == 200


def test_damaged_index_makes_the_search_limited_not_failing(
    program: Program, settings: Settings
) -> None:
    for file in settings.index_dir.rglob("*"):
        if file.is_file():
            file.write_bytes(b"damaged")
    body = program.json("/search?q=justice")
    assert [one["id"] for one in body["items"]] == ["RO-1"]
    assert program.json("/suggest?q=minis")["items"][0]["id"] == "RO-1"


def test_search_tells_what_it_found(program: Program) -> None:
    body = program.json("/search?q=justice")
    assert body["items"][0]["id"] == "RO-1"
    assert body["items"][0]["kind"] == "authority"
    assert body["facets"]["state"]["RO"] >= 1
    assert body["complete"]


def test_filters_of_a_search_hold(program: Program) -> None:
    body = program.json("/search?state=ro&kind=requirements")
    assert [one["id"] for one in body["items"]] == ["RO-2"]
    assert body["items"][0]["name"] == CooperationType.MLA.value


def test_list_of_entries_is_narrowed_by_words(program: Program) -> None:
    assert [one["id"] for one in program.json("/entries?q=ministry")["items"]] == ["RO-1"]
    assert program.json("/entries?q=zzzzqqqq")["total"] == 0


def test_number_of_statements_is_bounded(program: Program, reference_engine: Engine) -> None:
    bounds = {"/search?q=justice": 2, "/suggest?q=jus": 2, "/entries?q=justice": 7}
    for address, bound in bounds.items():
        program.json(address)
        with statement_counter(reference_engine) as sent:
            program.json(address)
        assert len(sent) <= bound, (address, sent)


@pytest.fixture
def browser(app: Flask, reference_engine: Engine, settings: Settings) -> FlaskClient:
    """Signed in as a reader of France."""
    email = "reader@fr.example"
    with UnitOfWork(reference_engine) as uow:
        made = add_account(uow, email, Role.READER, "FR", AT, demo=True)
        set_password(uow, made, PASSWORD, settings.password_pepper, AT)
    client = app.test_client()
    sign_in(client, email)
    return client


def test_signed_in_browser_may_ask_for_suggestions(browser: FlaskClient) -> None:
    answer = browser.get(f"{V1}/suggest?q=minis")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["items"][0] == {
        "kind": "authority",
        "id": "RO-1",
        "state": "RO",
        "name": "Ministry of Justice of Romania",
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_signed_in_browser_sees_the_description(browser: FlaskClient) -> None:
    assert browser.get(f"{V1}/docs").status_code == 200
    assert browser.get(f"{V1}/openapi.json").status_code == 200


def test_browser_cannot_write_without_the_token_of_a_form(browser: FlaskClient) -> None:
    answer = browser.post(f"{V1}/states")
    assert answer.status_code in {400, 405}
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("typed", ["%22", "%F0%9F%98%80", "%00"])
def test_signs_without_a_word_find_nothing(program: Program, typed: str) -> None:
    assert program.json(f"/search?q={typed}")["total"] == 0
    assert program.json(f"/search?q={typed}&state=RO")["total"] > 0
