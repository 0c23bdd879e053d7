"""Signing in and out: what must not work, and the one way that does."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select, update
from werkzeug.test import TestResponse

from directory.domain.vocabulary import Role
from directory.models.account import Account, LoginSession
from directory.services.accounts import get_account, set_password
from directory.web.sign_in_gate import SignInGate
from tests.support.accounts import invite
from tests.support.door import (
    PASSWORD,
    PEPPER,
    READER,
    Place,
    authenticator,
    disable_account,
    form_token,
    key_shown,
    open_place,
    sign_in,
    sign_out,
)

OFFICER = "officer@secretariat.example"


@pytest.fixture
def demo(engine: Engine) -> Place:
    """A demonstration, where the password alone suffices."""
    made = open_place(engine, demo=True)
    made.account()
    return made


@pytest.fixture
def real(engine: Engine) -> Place:
    """The real thing, with an officer who has not set up a second factor."""
    made = open_place(engine)
    made.account(OFFICER, Role.VERIFIER, "", demo=False)
    return made


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("directory_session")
    assert cookie is not None
    return cookie.value


def copy_of(place: Place, cookie: str) -> FlaskClient:
    """Another browser with a copied cookie."""
    client = place.client()
    client.set_cookie("directory_session", cookie)
    return client


# Passwords


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (READER, "wrong horse battery staple"),
        ("nobody@fr.example", PASSWORD),
        (READER, PASSWORD.upper()),
        pytest.param(READER, "x" * 10_000, id="long password"),
        (READER, "\x00"),
        ("reader@fr.example\x00", PASSWORD),
        ("r\u0435ader@fr.example", PASSWORD),
        ("' or 1=1 --", PASSWORD),
        pytest.param("x" * 250, PASSWORD, id="long address"),
    ],
)
def test_all_wrong_sign_ins_are_answered_alike(demo: Place, email: str, password: str) -> None:
    answer = sign_in(demo.client(), email, password)
    assert answer.status_code == 422
    assert "The address or the password is not right" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("email", "password"), [("", PASSWORD), (READER, ""), ("", "")])
def test_an_empty_field_is_named(demo: Place, email: str, password: str) -> None:
    answer = sign_in(demo.client(), email, password)
    assert answer.status_code == 422
    assert "Give your" in answer.get_data(as_text=True)


@pytest.mark.usefixtures("full_hashes")
def test_an_unknown_account_costs_as_many_hashes_as_a_known_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    real_verify = PasswordHasher.verify

    def verify(self: object, kept: str, given: bytes) -> bool:
        counted.append(kept[:31])
        return bool(real_verify(self, kept, given))  # type: ignore[arg-type]

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    demo = open_place(engine, demo=True)
    demo.account()
    demo.account("off@fr.example")
    with demo.work() as uow:
        disable_account(uow, "off@fr.example", demo.clock())
    for email in (READER, "nobody@fr.example", "off@fr.example"):
        sign_in(demo.client(), email, "wrong horse battery staple")
    assert counted == ["$argon2id$v=19$m=47104,t=1,p=1$"] * 3


@pytest.mark.parametrize("what", ["disabled", "ended", "demo account elsewhere"])
def test_an_account_that_does_not_count_cannot_sign_in(engine: Engine, what: str) -> None:
    place = open_place(engine, demo=what != "demo account elsewhere")
    place.account()
    with place.work() as uow:
        if what == "disabled":
            disable_account(uow, READER, place.clock())
        elif what == "ended":
            yesterday = place.clock().date() - dt.timedelta(days=1)
            uow.session.execute(update(Account).values(ends_on=yesterday))
    client = place.client()
    assert sign_in(client).status_code == 422
    assert not is_in(client)


def test_guessing_is_made_to_wait_whether_or_not_there_is_an_account(demo: Place) -> None:
    for email in (READER, "nobody@fr.example"):
        client = demo.client()
        answers = [sign_in(client, email, "wrong horse battery") for _guess in range(6)]
        assert [one.status_code for one in answers] == [422] * 5 + [429]
        assert "Wait 15 minutes" in answers[-1].get_data(as_text=True)
        assert answers[-1].headers["Retry-After"] == "900"
        assert sign_in(client, email).status_code == 429


def test_waiting_ends_and_never_touches_who_is_in(demo: Place) -> None:
    reader, guesser = demo.client(), demo.client()
    sign_in(reader)
    for _guess in range(6):
        sign_in(guesser, password="wrong horse battery")
    assert is_in(reader)
    demo.clock.move(minutes=15, seconds=1)
    assert sign_in(guesser).status_code == 302


def test_the_right_password_forgives_earlier_mistakes(demo: Place) -> None:
    client = demo.client()
    for _round in range(3):
        for _guess in range(4):
            sign_in(client, password="wrong horse battery")
        assert sign_in(client).status_code == 302
        sign_out(client)


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "%2F%2Fevil.example",
        "/\t/evil.example",
        "https:evil.example",
        "//evil.example@localhost",
    ],
)
def test_the_way_in_leads_nowhere_else(demo: Place, address: str) -> None:
    client = demo.client()
    token = form_token(client.get("/sign-in"))
    fields = {"email": READER, "password": PASSWORD, "csrf_token": token}
    asked = {"next": address}
    for answer in (
        client.get("/sign-in", query_string=asked),
        client.post("/sign-in", query_string=asked, data=fields),
        client.post("/sign-in", data=fields | asked),
    ):
        assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert not is_in(client)


def test_the_way_in_takes_forms_only(demo: Place) -> None:
    client = demo.client()
    token = form_token(client.get("/sign-in"))
    for body in ("[1]", "{", '{"email": {"a": 1}}'):
        answer = client.post(
            "/sign-in",
            data=body,
            content_type="application/json",
            headers={"X-CSRFToken": token},
        )
        assert answer.status_code == 415


def test_a_storm_is_turned_away_before_anything_is_read_and_readers_go_on(demo: Place) -> None:
    reader, late = demo.client(), demo.client()
    sign_in(reader)
    token = form_token(late.get("/sign-in"))
    gate: Any = SignInGate(demo.app.wsgi_app, 1)
    demo.app.wsgi_app = gate  # type: ignore[method-assign]
    fields = {"email": READER, "password": PASSWORD, "csrf_token": token}
    with gate.places:
        answer = late.post("/sign-in", data=fields)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
        assert "try again in a minute" in answer.text
        assert is_in(reader)
    assert late.post("/sign-in", data=fields).status_code == 302


# Sessions


def test_a_session_known_before_sign_in_is_not_the_one_after(demo: Place) -> None:
    victim = demo.client()
    page = victim.get("/sign-in")
    planted, token = cookie_of(victim), form_token(page)
    sign_in(victim)
    assert is_in(victim)
    attacker = copy_of(demo, planted)
    assert not is_in(attacker)
    assert victim.post("/", data={"csrf_token": token}).status_code == 400


def test_each_sign_in_gets_a_session_of_its_own(demo: Place) -> None:
    one, other = demo.client(), demo.client()
    sign_in(one)
    sign_in(other)
    sign_out(one)
    assert not is_in(one)
    assert is_in(other)


def test_a_copied_cookie_is_dead_after_sign_out(demo: Place) -> None:
    client = demo.client()
    sign_in(client)
    thief = copy_of(demo, cookie_of(client))
    assert is_in(thief)
    assert sign_out(client).location == "/sign-in"
    assert not is_in(thief)
    assert not is_in(client)


def test_the_database_does_not_hold_what_the_cookie_holds(demo: Place) -> None:
    client = demo.client()
    sign_in(client)
    with client.session_transaction() as cookie:
        held = cookie["sid"]
    with demo.parts.reading() as session:
        row = session.scalars(select(LoginSession)).one()
    assert held not in {row.id, row.network, row.user_agent}
    assert row.network == "127.0.0.1"
    forged = demo.client()
    with forged.session_transaction() as cookie:
        cookie["sid"] = row.id
    assert not is_in(forged)


def test_an_unused_session_ends(demo: Place) -> None:
    client = demo.client()
    sign_in(client)
    for _use in range(3):
        demo.clock.move(minutes=59)
        assert client.get("/", buffered=True).status_code == 200
    demo.clock.move(minutes=61)
    assert not is_in(client)


def test_a_used_session_ends_too(demo: Place) -> None:
    client = demo.client()
    sign_in(client)
    for _use in range(14):
        demo.clock.move(minutes=50)
        assert client.get("/", buffered=True).status_code == 200
    demo.clock.move(minutes=25)
    assert not is_in(client)


@pytest.mark.parametrize("what", ["disabled", "new password", "ended"])
def test_what_ends_an_account_ends_its_sessions_at_once(demo: Place, what: str) -> None:
    client = demo.client()
    sign_in(client)
    with demo.work() as uow:
        if what == "disabled":
            disable_account(uow, READER, demo.clock())
        elif what == "new password":
            account = get_account(uow.session, READER)
            set_password(uow, account, "another horse battery", PEPPER, demo.clock())
        else:
            yesterday = demo.clock().date() - dt.timedelta(days=1)
            uow.session.execute(update(Account).values(ends_on=yesterday))
    assert not is_in(client)


@pytest.fixture
def seen_writes(demo: Place) -> Iterator[list[str]]:
    found: list[str] = []

    def note(*given: object) -> None:
        if str(given[2]).startswith("UPDATE"):
            found.append(str(given[2]))

    event.listen(demo.parts.engine, "before_cursor_execute", note)
    yield found
    event.remove(demo.parts.engine, "before_cursor_execute", note)


def test_the_use_of_a_session_is_noted_every_five_minutes(
    demo: Place, seen_writes: list[str]
) -> None:
    client = demo.client()
    sign_in(client)
    seen_writes.clear()
    counts = []
    for minutes in (1, 3.9, 0.2, 1, 5):
        demo.clock.move(minutes=minutes)
        client.get("/", buffered=True)
        counts.append(len(seen_writes))
    assert counts == [0, 0, 1, 1, 2]


def test_who_is_in_is_not_asked_again(demo: Place) -> None:
    client = demo.client()
    sign_in(client)
    for address in ("/sign-in", "/sign-in/second-factor", "/sign-in/code"):
        answer = client.get(address)
        assert (answer.status_code, answer.location) == (302, "/")


# The second factor


def set_up(place: Place, client: FlaskClient) -> str:
    """Sign in for the first time and set up the second factor; gives the key."""
    assert sign_in(client, OFFICER).location == "/sign-in/second-factor"
    page = client.get("/sign-in/second-factor")
    fields = {"setup": "authenticator", "csrf_token": form_token(page)}
    shown = client.post("/sign-in/second-factor", data=fields)
    key = key_shown(shown)
    assert send_code(place, client, key).status_code == 302
    return key


def code_at(place: Place, key: str) -> str:
    return str(authenticator(key).generate(place.clock()).token)


def send_code(place: Place, client: FlaskClient, key: str, code: str = "") -> TestResponse:
    fields = {"code": code or code_at(place, key)}
    token = form_token(client.get("/form"))
    return client.post("/sign-in/code", data=fields | {"csrf_token": token})


def test_the_password_alone_opens_nothing(real: Place) -> None:
    client = real.client()
    assert sign_in(client, OFFICER).location == "/sign-in/second-factor"
    assert not is_in(client)
    assert client.get("/api/v1/whoami").status_code == 401


def test_a_code_without_a_password_opens_nothing(real: Place) -> None:
    client = real.client()
    for address in ("/sign-in/code", "/sign-in/second-factor"):
        assert client.get(address).location == "/sign-in"
        answer = client.post(
            address, data={"code": "000000", "csrf_token": form_token(client.get("/form"))}
        )
        assert answer.location == "/sign-in"


def test_the_second_factor_is_set_up_once_and_then_asked_for(real: Place) -> None:
    client = real.client()
    key = set_up(real, client)
    assert is_in(client)
    sign_out(client)
    real.clock.move(minutes=1)
    assert sign_in(client, OFFICER).location.startswith("/sign-in/code")
    assert not is_in(client)
    assert client.get("/sign-in/second-factor").location == "/sign-in"
    sign_in(client, OFFICER)
    assert send_code(real, client, key).location == "/"
    assert is_in(client)


def test_the_secret_of_the_second_factor_is_encrypted(real: Place) -> None:
    key = set_up(real, real.client())
    with real.parts.reading() as session:
        kept = session.scalars(select(Account.tf_totp_secret)).one()
    assert kept is not None
    assert key.replace("-", "").replace(" ", "") not in kept
    assert '"enckey"' in kept


def test_a_code_is_not_taken_twice(real: Place) -> None:
    first, second = real.client(), real.client()
    key = set_up(real, first)
    real.clock.move(minutes=1)
    code = code_at(real, key)
    for client in (first, second):
        sign_out(client)
        sign_in(client, OFFICER)
    assert send_code(real, first, key, code).status_code == 302
    assert send_code(real, second, key, code).status_code == 422
    assert not is_in(second)


@pytest.mark.parametrize("code", ["", "abc", "12345", "1234567", "000000", "\u0661" * 30, "1" * 99])
def test_a_wrong_code_is_refused(real: Place, code: str) -> None:
    client = real.client()
    set_up(real, client)
    sign_out(client)
    real.clock.move(minutes=1)
    sign_in(client, OFFICER)
    fields = {"code": code, "csrf_token": form_token(client.get("/form"))}
    assert client.post("/sign-in/code", data=fields).status_code == 422
    assert not is_in(client)


def test_a_code_may_be_typed_with_spaces_and_in_other_digits(real: Place) -> None:
    client = real.client()
    key = set_up(real, client)
    sign_out(client)
    real.clock.move(minutes=1)
    sign_in(client, OFFICER)
    code = code_at(real, key)
    arabic = "".join(chr(0x660 + int(digit)) for digit in code)
    assert send_code(real, client, key, f" {arabic[:3]} {arabic[3:]} ").status_code == 302


@pytest.mark.parametrize("minutes", [-2, 2])
def test_a_code_of_another_time_is_refused(real: Place, minutes: int) -> None:
    client = real.client()
    key = set_up(real, client)
    sign_out(client)
    real.clock.move(minutes=10)
    sign_in(client, OFFICER)
    other = authenticator(key).generate(real.clock() + dt.timedelta(minutes=minutes)).token
    assert send_code(real, client, key, other).status_code == 422


def test_codes_cannot_be_guessed_for_long(real: Place) -> None:
    client = real.client()
    key = set_up(real, client)
    sign_out(client)
    real.clock.move(minutes=1)
    sign_in(client, OFFICER)
    right = code_at(real, key)
    wrong = f"{(int(right) + 500_000) % 1_000_000:06}"
    answers = [send_code(real, client, key, wrong) for _guess in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert send_code(real, client, key, right).status_code == 429
    assert not is_in(client)


def test_the_second_step_must_follow_soon(real: Place) -> None:
    client = real.client()
    key = set_up(real, client)
    sign_out(client)
    sign_in(client, OFFICER)
    real.clock.move(minutes=11)
    answer = send_code(real, client, key)
    assert answer.status_code == 422
    assert "sign in again" in answer.get_data(as_text=True)


def test_a_kept_set_up_cookie_does_not_replace_the_second_factor(real: Place) -> None:
    thief, owner = real.client(), real.client()
    sign_in(thief, OFFICER)
    fields = {"setup": "authenticator", "csrf_token": form_token(thief.get("/form"))}
    thiefs_key = key_shown(thief.post("/sign-in/second-factor", data=fields))
    owners_key = set_up(real, owner)
    real.clock.move(minutes=1)
    assert send_code(real, thief, thiefs_key).status_code == 422
    assert thief.post("/sign-in/second-factor", data=fields).status_code == 422
    sign_out(owner)
    sign_in(owner, OFFICER)
    assert send_code(real, owner, owners_key).status_code == 302


def test_no_other_method_can_be_chosen(real: Place) -> None:
    client = real.client()
    sign_in(client, OFFICER)
    for method in ("disable", "sms", "email", ""):
        fields = {"setup": method, "csrf_token": form_token(client.get("/form"))}
        assert client.post("/sign-in/second-factor", data=fields).status_code == 422


def test_a_real_account_needs_its_second_factor_in_a_demonstration_too(demo: Place) -> None:
    demo.account(OFFICER, Role.VERIFIER, "", demo=False)
    client = demo.client()
    assert sign_in(client, OFFICER).location == "/sign-in/second-factor"
    assert not is_in(client)


# Invitations


@pytest.fixture
def link(real: Place) -> str:
    with real.work() as uow:
        secret = invite(uow, "new@fr.example", Role.READER, "FR", real.clock())
    return f"/invitation/{secret}"


def choose(client: FlaskClient, link: str, password: str, again: str = "") -> TestResponse:
    token = form_token(client.get(link))
    fields = {"password": password, "again": again or password, "csrf_token": token}
    return client.post(link, data=fields)


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", ""), ("new-new-new-1234", ""), (PASSWORD, "different"), ("x" * 201, "")],
)
def test_an_unfit_new_password_is_refused(
    real: Place, link: str, password: str, again: str
) -> None:
    client = real.client()
    assert choose(client, link, password, again).status_code == 422
    assert client.get(link).status_code == 200


def test_who_is_invited_chooses_a_password_and_signs_in(real: Place, link: str) -> None:
    client = real.client()
    assert choose(client, link, PASSWORD).location == "/sign-in"
    assert client.get(link).status_code == 404
    assert sign_in(client, "new@fr.example").location == "/sign-in/second-factor"


def test_a_guessed_invitation_is_nothing(real: Place) -> None:
    assert real.client().get("/invitation/guess").status_code == 404
