"""The door is closed: to strangers, to what is undeclared, to forged names and forms."""

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from directory.domain.vocabulary import Role
from directory.policy import SYSTEM
from directory.queries.accounts import list_tokens
from directory.web import access
from tests.support.door import (
    Place,
    bearer,
    form_token,
    open_place,
    sign_in,
)

EVERYWHERE = ("/", "/nobody-may", "/undeclared", "/no-such-page", "/open", "/sign-in", "/fails")


@pytest.fixture
def place(engine: Engine) -> Place:
    made = open_place(engine, demo=True)
    made.account()
    return made


def needs_of(app: Flask) -> dict[str, str | None]:
    return {rule.endpoint: access.need_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}


def test_every_route_of_the_door_declares_what_it_needs(place: Place) -> None:
    undeclared = {endpoint for endpoint, need in needs_of(place.app).items() if need is None}
    assert undeclared == {"undeclared"}


@pytest.mark.parametrize("address", ["/", "/nobody-may", "/undeclared", "/no-such-page"])
def test_a_stranger_is_led_to_the_sign_in(place: Place, address: str) -> None:
    answer = place.client().get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


def test_the_way_in_leads_back_to_the_address_asked_for(place: Place) -> None:
    client = place.client()
    led = client.get("/?type=mla&state=RO")
    assert led.location == "/sign-in?next=%2F%3Ftype%3Dmla%26state%3DRO"
    assert sign_in(client, address=led.location).location == "/?type=mla&state=RO"


@pytest.mark.parametrize("address", ["/api/v1/whoami", "/api/v1/no-such"])
def test_a_program_without_a_token_is_told_how_to_ask(place: Place, address: str) -> None:
    answer = place.client().get(address)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("address", ["/nobody-may", "/undeclared"])
def test_who_is_in_is_refused_what_nobody_may(place: Place, address: str) -> None:
    client = place.client()
    sign_in(client)
    assert client.get(address).status_code == 403


def test_who_is_in_learns_that_a_page_does_not_exist(place: Place) -> None:
    client = place.client()
    sign_in(client)
    assert client.get("/no-such-page").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_refused_and_let_in_as_declared(place: Place, role: Role) -> None:
    state = "FR" if role in {Role.READER, Role.FOCAL_POINT} else ""
    place.account("role@trial.example", role, state)
    client = place.client()
    sign_in(client, "role@trial.example")
    for endpoint, need in needs_of(place.app).items():
        rule = next(place.app.url_map.iter_rules(endpoint))
        if rule.arguments or "GET" not in (rule.methods or ()):
            continue
        expected = {access.PUBLIC: {200, 302, 500}, "entries:read": {200}}.get(need or "", {403})
        assert client.get(rule.rule).status_code in expected, endpoint


def test_an_account_without_a_role_sees_nothing(place: Place, engine: Engine) -> None:
    client = place.client()
    sign_in(client)
    with engine.begin() as connection:
        connection.exec_driver_sql("delete from account_role")
    assert client.get("/").location.startswith("/sign-in")
    assert client.get("/api/v1/whoami").status_code == 401


@pytest.mark.parametrize("address", [*EVERYWHERE, "/api/v1/whoami", "/static/app.css"])
@pytest.mark.parametrize("secure", [True, False])
def test_every_answer_has_the_security_headers(
    engine: Engine, address: str, *, secure: bool
) -> None:
    place = open_place(engine, secure_cookies=secure)
    with place.client().get(address) as answer:
        assert answer.status_code
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert ("Strict-Transport-Security" in answer.headers) is secure
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("address", EVERYWHERE)
def test_nothing_a_reader_sees_is_kept(place: Place, address: str) -> None:
    client = place.client()
    sign_in(client)
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_tagged_answers_of_the_api_are_kept_to_be_asked_after(place: Place) -> None:
    answer = place.client().get("/api/v1/whoami", headers=bearer(place.token()))
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_static_files_are_kept_for_a_while_by_anybody(place: Place) -> None:
    with place.client().get("/static/vendor/bootstrap/bootstrap.min.css") as answer:
        assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "max-age=3600, public"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example"]
)
@pytest.mark.parametrize("address", ["/", "/sign-in", "/api/v1/whoami", "/no-such-page"])
def test_a_forged_host_is_answered_400(place: Place, host: str, address: str) -> None:
    answer = place.client().get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert host not in answer.get_data(as_text=True)
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("hops", [0, 1])
def test_forwarded_addresses_count_only_behind_a_known_proxy(engine: Engine, hops: int) -> None:
    place = open_place(engine, proxy_hops=hops, trusted_hosts=("localhost", "directory.example"))
    forwarded = {"X-Forwarded-Host": "directory.example", "X-Forwarded-Proto": "https"}
    evil = forwarded | {"X-Forwarded-Host": "evil.example"}
    assert place.client().get("/sign-in", headers=forwarded).status_code == 200
    assert place.client().get("/sign-in", headers=evil).status_code == (400 if hops else 200)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="no token"),
        pytest.param({"csrf_token": "forged"}, id="forged"),
        pytest.param({"csrf_token": "\u0661\u0662"}, id="no letters"),
    ],
)
def test_a_form_without_its_token_changes_nothing_and_says_what_to_do(
    place: Place, fields: dict[str, str]
) -> None:
    client = place.client()
    sign_in(client)
    for address in ("/", "/sign-out"):
        answer = client.post(address, data=fields)
        assert answer.status_code == 400
        assert "reload the page" in answer.get_data(as_text=True)
    assert client.get("/").status_code == 200


def test_a_form_token_of_another_browser_is_refused(place: Place) -> None:
    mine, other = place.client(), place.client()
    sign_in(mine)
    sign_in(other)
    stolen = form_token(other.get("/form"))
    assert mine.post("/", data={"csrf_token": stolen}).status_code == 400
    assert mine.post("/", data={"csrf_token": form_token(mine.get("/form"))}).status_code == 200


def test_a_browser_needs_the_form_token_for_the_api_too(place: Place) -> None:
    client = place.client()
    sign_in(client)
    token = form_token(client.get("/form"))
    assert client.post("/api/v1/write").status_code == 400
    assert client.post("/api/v1/write", headers={"X-CSRFToken": token}).status_code == 200


def test_a_program_needs_no_form_token_and_gets_no_cookie(place: Place) -> None:
    answer = place.client().post("/api/v1/write", headers=bearer(place.token()))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_wrong_token_does_not_fall_back_on_the_cookie(place: Place) -> None:
    client = place.client()
    sign_in(client)
    assert client.get("/api/v1/whoami").status_code == 200
    assert client.get("/api/v1/whoami", headers=bearer("nad_wrong")).status_code == 401
    assert client.post("/api/v1/write", headers=bearer("nad_wrong")).status_code == 401


def test_a_token_opens_no_pages(place: Place) -> None:
    assert place.client().get("/", headers=bearer(place.token())).status_code == 302


@pytest.mark.parametrize("token", ["", " ", "nad_", "\xff", "x" * 10_000, "a b"])
def test_hostile_tokens_are_just_wrong(place: Place, token: str) -> None:
    answer = place.client().get("/api/v1/whoami", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_a_scope_narrows_what_a_token_opens(place: Place) -> None:
    client = place.client()
    narrow = place.token(scopes=["states:read"])
    assert client.get("/api/v1/whoami", headers=bearer(narrow)).status_code == 403
    assert client.get("/api/v1/whoami", headers=bearer(place.token())).status_code == 200


def statements(engine: Engine, place: Place, address: str, **headers: str) -> int:
    client = place.client()
    if not headers:
        sign_in(client)
    client.get(address, headers=headers, buffered=True)
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    assert client.get(address, headers=headers, buffered=True).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return sum(not one.startswith("BEGIN") for one in seen)


def test_the_door_costs_one_statement(place: Place, engine: Engine) -> None:
    assert statements(engine, place, "/") == 1
    assert statements(engine, place, "/api/v1/whoami", **bearer(place.token())) == 1


def test_the_last_use_of_a_token_is_noted_once_a_minute(place: Place) -> None:
    token, client = place.token(), place.client()
    noted = []
    for seconds in (0, 30, 29, 61):
        place.clock.move(seconds=seconds)
        client.get("/api/v1/whoami", headers=bearer(token), buffered=True)
        with place.parts.reading() as session:
            (one,) = list_tokens(SYSTEM, session)
        noted.append(one.last_used_at)
    assert noted[0] == noted[1] == noted[2]
    assert noted[3] == place.clock()


def test_a_use_that_cannot_be_noted_fails_nothing(place: Place, engine: Engine) -> None:
    token, client = place.token(), place.client()

    def refuse(*given: object) -> None:
        if str(given[2]).startswith("UPDATE api_token"):
            raise OperationalError("update", {}, Exception("read-only"))

    event.listen(engine, "before_cursor_execute", refuse)
    answer = client.get("/api/v1/whoami", headers=bearer(token), buffered=True)
    event.remove(engine, "before_cursor_execute", refuse)
    assert answer.status_code == 200


def test_the_cookie_is_bound_to_the_host_and_kept_from_scripts(engine: Engine) -> None:
    place = open_place(engine, demo=True, secure_cookies=True)
    place.account()
    client = place.client()
    cookie = client.get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-directory=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
