"""Whatever goes wrong under /api/ is told as problem+json with a stable type."""

import json
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import quote

import pytest
from flask import Flask, abort
from marshmallow import fields
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from directory.api.operations import read_question
from directory.api.problems import TYPES
from directory.errors import (
    DomainError,
    Invalid,
    InvalidState,
    NotFound,
    StaleRevision,
    Unavailable,
)
from directory.schemas.questions import Question, SearchAsked, SuggestAsked
from directory.web.access import public
from tests.api.conftest import V1, Program, Programs

ADDRESSES = (
    "/states",
    "/states/RO",
    "/instruments",
    "/cooperation-types",
    "/entries",
    "/entries/RO-AAAAAA",
    "/counterparts?requesting=FR&requested=RO&type=mla",
    "/search?q=romania",
    "/suggest?q=rom",
    "/openapi.json",
)
#: Read by people in a browser.
PAGES = ("/docs", "/problems")


def told(answer: TestResponse, status: int, name: str) -> dict[str, Any]:
    """The problem, after checking its form."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = json.loads(answer.text)
    assert body["type"] == f"{V1}/problems#{name}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def messages(body: dict[str, Any]) -> dict[str, str]:
    return {one["path"]: one["message"] for one in body["errors"]}


@pytest.mark.parametrize("address", PAGES)
def test_pages_about_the_api_lead_a_browser_to_the_sign_in_and_refuse_a_program(
    app: Flask, address: str
) -> None:
    browser = app.test_client().get(f"{V1}{address}")
    assert browser.status_code == 302
    assert browser.headers["Location"] == f"/sign-in?next={quote(V1 + address, safe='')}"
    told(Program(app.test_client(), "wrong").get(address), 401, "not-signed-in")


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_reads_without_a_token(stranger: Program, address: str) -> None:
    answer = stranger.get(address)
    told(answer, 401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("token", ["wrong", "nad_" + "0" * 43, "é", "a b", "x" * 10_000])
def test_wrong_token_opens_nothing(app: Flask, token: str) -> None:
    told(Program(app.test_client(), token).get("/states"), 401, "not-signed-in")


def test_other_scheme_opens_nothing(stranger: Program) -> None:
    told(stranger.get("/states", Authorization="Basic QWxhZGRpbjpvcGVu"), 401, "not-signed-in")


def test_token_narrowed_to_other_scopes_opens_nothing_else(programs: Programs) -> None:
    narrow = programs(scopes=("states:read",))
    assert narrow.get("/instruments").status_code == 200
    told(narrow.get("/entries"), 403, "not-permitted")


def test_unknown_address_is_told_to_who_is_inside(program: Program) -> None:
    told(program.get("/nothing/here"), 404, "unknown-address")


def test_unknown_address_tells_strangers_nothing(stranger: Program) -> None:
    told(stranger.get("/nothing/here"), 401, "not-signed-in")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writing_to_what_is_read_is_refused_with_the_methods_allowed(
    program: Program, method: str
) -> None:
    answer = program.ask(method, "/states")
    told(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("code", ["XX", "romania", "R", "%00", "%F0%9F%87%B7", "RO%2F"])
def test_unknown_state_is_404_and_says_where_the_codes_are(program: Program, code: str) -> None:
    answer = program.get(f"/states/{code}")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    if code == "XX":
        assert "/api/v1/states" in told(answer, 404, "unknown-state")["detail"]


@pytest.mark.parametrize("entry_id", ["RO-NONE", "x" * 5000, "%00", "RO-%0A", "'--", "%FF"])
def test_unknown_entry_is_404(program: Program, entry_id: str) -> None:
    body = told(program.get(f"/entries/{entry_id}"), 404, "unknown-entry")
    assert len(body["detail"]) < 400


@pytest.mark.parametrize(
    ("address", "path", "allowed"),
    [
        ("/states?page=2", "page", "none is allowed here"),
        ("/entries?states=RO", "states", "state, type, kind, instrument, freshness"),
        ("/entries?state=XX", "state", "/api/v1/states"),
        ("/entries?state=ROU", "state", "two letters"),
        ("/entries?state=", "state", "two letters"),
        ("/entries?state=RO&state=FR", "state", "more than once"),
        ("/entries?type=mlat", "type", "mla, extradition"),
        ("/entries?type=MLA", "type", "mla, extradition"),
        ("/entries?kind=officer", "kind", "liaison_officer"),
        ("/entries?freshness=new", "freshness", "confirmed, due, lapsed, disputed"),
        ("/entries?instrument=ATLANTIS", "instrument", "UNTOC"),
        ("/entries?limit=501", "limit", "1 to 500"),
        ("/entries?limit=0", "limit", "1 to 500"),
        ("/entries?limit=%2B5", "limit", "1 to 500"),
        ("/entries?limit=%D9%A5", "limit", "1 to 500"),
        ("/entries?limit=" + "9" * 5000, "limit", "1 to 500"),
        ("/entries?cursor=nonsense!", "cursor", "next"),
        ("/entries?cursor=AAAA", "cursor", "next"),
        ("/entries?cursor=%C3%A9", "cursor", "next"),
        ("/entries?updated_since=2026-02-30", "updated_since", "YYYY-MM-DD"),
        ("/entries?updated_since=yesterday", "updated_since", "YYYY-MM-DD"),
        ("/entries?updated_since=0001-01-01", "updated_since", "YYYY-MM-DD"),
        ("/entries?updated_since=2026-01-01T00:00:00", "updated_since", "YYYY-MM-DD"),
        ("/entries?q=" + "x" * 201, "q", "200"),
        ("/counterparts?requested=RO&type=mla", "requesting", "required"),
        ("/counterparts?requesting=FR&requested=XX&type=mla", "requested", "XX"),
        ("/counterparts?requesting=FR&requested=FR&type=mla", "requested", "another State"),
        ("/counterparts?requesting=FR&requested=RO&type=mla&on=20260131", "on", "YYYY-MM-DD"),
        ("/counterparts?requesting=FR&requested=RO&type=mla&on=9999-12-31", "on", "2199-12-31"),
        ("/counterparts?requesting=FR&requested=RO&type=mla&at=2026-01-31T08:00", "at", "zone"),
        (
            "/counterparts?requesting=FR&requested=RO&type=mla&on=2026-01-31&at=2026-01-31T08:00Z",
            "at",
            "either",
        ),
        ("/counterparts?requesting=FR&requested=RO&type=mla&on=2026-02-30", "on", "YYYY-MM-DD"),
        ("/counterparts?requesting=FR&requested=RO&type=mla&at=2026-02-30T08:00Z", "at", "zone"),
        ("/counterparts?requesting=FR&requested=RO&type=mla&urgent=maybe", "urgent", "true"),
        ("/counterparts?requesting=FR&requested=RO&type=mla&instrument=X", "instrument", "UNTOC"),
        (
            "/counterparts?requesting=FR&requested=RO&type=mla&territory=RO-X",
            "territory",
            "no territory",
        ),
        ("/counterparts?requesting=XX&requested=RO&type=mla", "requesting", "/api/v1/states"),
        ("/search?limit=101", "limit", "1 to 100"),
        ("/suggest?limit=21", "limit", "1 to 20"),
    ],
)
def test_bad_parameter_is_refused_and_told_what_is_allowed(
    program: Program, address: str, path: str, allowed: str
) -> None:
    body = told(program.get(address), 422, "invalid-parameters")
    assert allowed in messages(body)[path]
    assert path in body["detail"]


def test_name_of_a_parameter_is_not_repeated_at_length(program: Program) -> None:
    body = told(program.get(f"/entries?{'x' * 5000}=1"), 422, "invalid-parameters")
    assert len(body["errors"][0]["path"]) < 50


def test_refusal_of_a_librarys_own_field_is_told_too(app: Flask) -> None:
    class Asked(Question):
        number = fields.Integer()

    with app.test_request_context("/?number=x"), pytest.raises(Invalid) as refused:
        read_question(Asked())
    assert [str(one) for one in refused.value.problems] == ["number: Not a valid integer."]


def test_a_question_read_before_is_nobodys_to_change(app: Flask) -> None:
    schema = SearchAsked()
    with app.test_request_context("/?q=court&limit=5"):
        read_question(schema).clear()
        assert read_question(schema) == {"q": "court", "limit": 5}
    with app.test_request_context("/?q=court&limit=5"), pytest.raises(Invalid):
        read_question(SuggestAsked(only=("q",)))


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("/entries?state=1&type=2&limit=x", "state type limit"),
        ("/entries?state=XX&type=zz&instrument=ATLANTIS", "state type instrument"),
        ("/entries?state=RO&state=FR&type=zz&page=2", "state type page"),
        ("/search?state=XX&kind=zz", "state kind"),
        ("/coverage?region=Atlantis&type=zz", "region type"),
        ("/liaison?requesting=XX&state=XY&type=zz", "requesting state type"),
        ("/counterparts?requesting=FR&requested=XX&type=zz", "requested type"),
        ("/counterparts?requesting=XX&requested=XY", "requesting requested type"),
        ("/counterparts?requesting=FR&requested=FR&type=zz", "requested type"),
        (
            "/counterparts?requesting=FR&requested=RO&instrument=X&territory=RO-X&on=1&type=mla",
            "instrument territory on",
        ),
        (
            "/counterparts?requesting=XX&requested=RO&type=zz&on=2026-01-31&at=2026-01-31T08:00Z",
            "requesting type at",
        ),
        ("/counterparts/extract?requesting=FR&requested=XX&type=zz", "requested type"),
    ],
)
def test_every_wrong_parameter_is_told_at_once(program: Program, address: str, wrong: str) -> None:
    body = told(program.get(address), 422, "invalid-parameters")
    found = [one["path"] for one in body["errors"]]
    assert sorted(found) == sorted(wrong.split())


def _raise(error: Exception) -> NoReturn:
    raise error


#: What a later operation, a proxy or a broken part may raise, and how it must be told.
RAISED: dict[str, Callable[[], Any]] = {
    "bad-request": lambda: abort(400),
    "unknown-address": lambda: _raise(NotFound("review", "17")),
    "too-large": lambda: abort(413),
    "unsupported-media-type": lambda: abort(415),
    "too-many-requests": lambda: abort(429),
    "internal-error": lambda: _raise(KeyError("secret")),
    "unavailable": lambda: _raise(Unavailable("The index is being made.")),
    "stale-revision": lambda: _raise(StaleRevision("RO-AAAAAA", 1, 2)),
    "wrong-state-of-things": lambda: _raise(InvalidState("retired")),
}


def add_trial(app: Flask, view: Callable[[], Any]) -> None:
    """An address of the API that does nothing but fail."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule(f"{V1}/trial", "trial", public(view))


@pytest.mark.parametrize("name", RAISED)
def test_failures_inside_are_told_in_the_same_form(app: Flask, program: Program, name: str) -> None:
    add_trial(app, RAISED[name])
    body = told(program.get("/trial"), TYPES[name].status, name)
    assert "secret" not in json.dumps(body)


def test_database_that_is_away_is_503_without_its_words(app: Flask, program: Program) -> None:
    add_trial(app, lambda: _raise(OperationalError("SELECT secret", {}, Exception("refused"))))
    answer = program.get("/trial")
    assert "secret" not in told(answer, 503, "unavailable")["detail"]
    assert answer.headers["Retry-After"] == "30"


def test_refusal_that_nobody_foresaw_tells_nothing(app: Flask, program: Program) -> None:
    add_trial(app, lambda: _raise(DomainError("secret")))
    assert "secret" not in told(program.get("/trial"), 500, "internal-error")["detail"]


def test_status_without_a_type_of_its_own_is_told_too(app: Flask, program: Program) -> None:
    add_trial(app, lambda: abort(418))
    answer = program.get("/trial")
    assert answer.status_code == 418
    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.text)["type"] == "about:blank"


def test_pages_keep_their_own_way_of_refusing(app: Flask) -> None:
    answer = app.test_client().get("/states/XX")
    assert answer.mimetype == "text/html"


def test_every_type_is_explained_at_its_address(program: Program) -> None:
    page = program.get("/problems").text
    assert all(f'id="{name}"' in page for name in TYPES)
