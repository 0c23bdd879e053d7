"""Signing in with a passkey: every wrong answer is refused, the right one is taken once."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from directory.domain.vocabulary import Role
from directory.errors import Invalid
from directory.models.account import LoginSession
from directory.models.sign_in import Passkey, UsedChallenge
from directory.services import challenges
from directory.services.challenges import Asking, Purpose
from directory.services.passkeys import (
    MOST_PASSKEYS,
    Owner,
    Party,
    creation_options,
    register_passkey,
    request_options,
    use_passkey,
)
from tests.support.door import Place, disable_account, form_token, open_place, sign_out
from tests.support.passkeys import HOST, ORIGIN, PRESENT, Authenticator, b64, unb64

OFFICER = "officer@secretariat.example"
PARTY = Party(HOST, ORIGIN)
_OPTIONS = re.compile(r'data-passkey-options="([^"]+)"')


@pytest.fixture
def place(engine: Engine) -> Place:
    made = open_place(engine)
    made.account(OFFICER, Role.VERIFIER, "", demo=False)
    return made


def asking(place: Place, purpose: Purpose = Purpose.REGISTER, subject: str = "s") -> Asking:
    return Asking(purpose, subject, place.parts.settings.session_key)


def creation(place: Place, account: int = 1, **given: Any) -> str:
    with place.parts.reading() as session:
        owner = Owner(account, OFFICER)
        return creation_options(session, owner, asking(place, **given), PARTY, place.clock())


def registered(place: Place, account: int = 1, **given: Any) -> Authenticator:
    """A passkey of the account."""
    made = Authenticator(**given)
    register(place, made.create(creation(place, account)), account)
    return made


def register(place: Place, answer: str, account: int = 1) -> None:
    with place.work() as uow:
        register_passkey(uow, account, answer, "Key", asking(place), PARTY, place.clock())


def options_of(client: FlaskClient) -> str:
    page = client.get("/sign-in").get_data(as_text=True)
    found = _OPTIONS.search(page)
    assert found, page
    return html.unescape(found[1])


def send(client: FlaskClient, answer: str, **fields: str) -> TestResponse:
    token = form_token(client.get("/form"))
    given = {"passkey": answer, "csrf_token": token} | fields
    return client.post("/sign-in/passkey", data=given)


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


# Wrong answers at the door

#: What is wrong -> how the answer is made from the options.
Wrong = Callable[[Authenticator, str], str]


def changed(**wrong: Any) -> Wrong:
    return lambda key, options: key.get(options, **wrong)


def mutated(path: str, value: object) -> Wrong:
    """The right answer with one part replaced."""

    def answer(key: Authenticator, options: str) -> str:
        plain = json.loads(key.get(options))
        inner = plain["response"] if path.startswith("response.") else plain
        inner[path.removeprefix("response.")] = value
        return json.dumps(plain)

    return answer


def flipped(field: str, place: int) -> Wrong:
    """One bit of what was signed, or of the signature, is another."""

    def answer(key: Authenticator, options: str) -> str:
        plain = json.loads(key.get(options))
        data = bytearray(unb64(plain["response"][field]))
        data[place % len(data)] ^= 1
        plain["response"][field] = b64(bytes(data))
        return json.dumps(plain)

    return answer


WRONG: dict[str, Wrong] = {
    "challenge of another": changed(challenge=b64(b"x" * 56)),
    "empty challenge": changed(challenge=""),
    "challenge that is no text": changed(challenge=7),
    "origin of a look-alike": changed(origin="http://localhost.evil.example"),
    "origin with another port": changed(origin="http://localhost:8080"),
    "origin with another scheme": changed(origin="https://localhost"),
    "another relying party": changed(host="evil.example"),
    "registration in place of sign-in": changed(type="webauthn.create"),
    "asked in a frame of another site": changed(crossOrigin=True),
    "owner not verified": changed(flags=PRESENT),
    "owner not there": changed(flags=0x04),
    "counter going back": changed(count=0),
    "counter standing still": changed(count=5),
    "signed with another key": changed(key=ec.generate_private_key(ec.SECP256R1())),
    "no signature": changed(signature=b""),
    "short signature": changed(signature=b"\x30\x06\x02\x01\x01\x02\x01\x01"),
    "unknown credential": changed(id=b"unknown"),
    "handle of another account": changed(handle=b"somebody else"),
    "raw id of another": mutated("rawId", b64(b"other")),
    "another kind of credential": mutated("type", "password"),
    "nul in the id": mutated("id", "a\0b"),
    "id that is no text": mutated("id", {"a": 1}),
    "handle that is no text": mutated("response.userHandle", 7),
    "no client data": mutated("response.clientDataJSON", ""),
    "client data that is no JSON": mutated("response.clientDataJSON", b64(b"{")),
    "client data that is a list": mutated("response.clientDataJSON", b64(b"[]")),
    "response that is a list": mutated("response", []),
    "no authenticator data": mutated("response.authenticatorData", ""),
    "no data at all": lambda _key, _options: "{}",
    "no JSON": lambda _key, _options: "<xml/>",
    "a list": lambda _key, _options: "[]",
    "null": lambda _key, _options: "null",
    "deeply nested": lambda _key, _options: "[" * 9_000,
    "very long": lambda _key, _options: json.dumps({"id": "x" * 100_000}),
    "lone surrogate": lambda _key, _options: '"\\ud800"',
} | {f"data cut to {length} bytes": changed(data_length=length) for length in (0, 1, 31, 32, 36)}


@pytest.mark.parametrize("wrong", list(WRONG))
def test_a_wrong_answer_lets_nobody_in(place: Place, wrong: str) -> None:
    client, key = place.client(), registered(place)
    key.count = 5
    set_count(place, 5)
    answer = send(client, WRONG[wrong](key, options_of(client)))
    assert answer.status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("field", ["clientDataJSON", "authenticatorData", "signature"])
def test_no_flipped_bit_is_accepted(place: Place, field: str) -> None:
    key = registered(place)
    at_door, accepted = asking(place, Purpose.SIGN_IN, ""), 0
    for number in range(0, 200, 3):
        answer = flipped(field, number)(key, request_options(at_door, PARTY, place.clock()))
        try:
            with place.work() as uow:
                use_passkey(uow, answer, at_door, PARTY, place.clock())
            accepted += 1
        except Invalid:
            pass
    assert accepted == 0


def set_count(place: Place, count: int) -> None:
    with place.work() as uow:
        uow.session.scalars(select(Passkey)).one().sign_count = count


def test_a_right_answer_lets_its_owner_in_without_a_password_hash(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.services.passwords._HASHER", None)
    client, key = place.client(), registered(place)
    assert send(client, key.get(options_of(client))).location == "/"
    assert is_in(client)
    with place.parts.reading() as session:
        row = session.scalars(select(LoginSession)).one()
        assert row.method == "passkey"
        assert session.scalars(select(Passkey)).one().last_used_at == place.clock()


@pytest.mark.parametrize("counts", [True, False])
def test_an_answer_is_taken_once(place: Place, counts: bool) -> None:
    """TOB-PYPI26-2 (audit of PyPI, 2026): a check against replay that two at once could pass.

    Where a key keeps no count, only the challenge tells a replay from a new answer.
    """
    first, thief, key = place.client(), place.client(), registered(place, counts=counts)
    answer = key.get(options_of(first))
    assert send(first, answer).status_code == 303
    assert send(thief, answer).status_code == 422
    assert not is_in(thief)


def test_an_old_challenge_is_refused(place: Place) -> None:
    client, key = place.client(), registered(place)
    answer = key.get(options_of(client))
    place.clock.move(minutes=5, seconds=1)
    assert send(client, answer).status_code == 422


@pytest.mark.parametrize(
    ("purpose", "subject"), [(Purpose.CONFIRM, ""), (Purpose.REGISTER, ""), (Purpose.SIGN_IN, "x")]
)
def test_an_answer_to_another_question_is_refused(
    place: Place, purpose: Purpose, subject: str
) -> None:
    client, key = place.client(), registered(place)
    other = request_options(asking(place, purpose, subject), PARTY, place.clock())
    assert send(client, key.get(other)).status_code == 422


@pytest.mark.parametrize("what", ["disabled", "demo elsewhere"])
def test_a_passkey_of_an_account_that_does_not_count_lets_nobody_in(
    place: Place, what: str
) -> None:
    if what == "demo elsewhere":
        account = place.account()
    else:
        account = 1
        with place.work() as uow:
            disable_account(uow, OFFICER, place.clock())
    client, key = place.client(), registered(place, account)
    assert send(client, key.get(options_of(client))).status_code == 422
    assert not is_in(client)


def test_the_sign_in_page_names_no_account_and_writes_nothing(place: Place) -> None:
    registered(place)
    client = place.client()
    asked = json.loads(options_of(client))
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    with place.parts.reading() as session:
        assert len(session.scalars(select(UsedChallenge)).all()) == 1  # of the registration


def test_there_is_no_passkey_where_the_address_is_a_number(place: Place) -> None:
    page = place.client().get("/sign-in", headers={"Host": "127.0.0.1"}).get_data(as_text=True)
    assert "data-passkey" not in page


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_passkey_leads_nowhere_else(place: Place, target: str) -> None:
    client, key = place.client(), registered(place)
    assert send(client, key.get(options_of(client)), next=target).location == "/sign-in"
    assert not is_in(client)


def test_a_session_begun_with_a_passkey_ends_at_sign_out(place: Place) -> None:
    client, key = place.client(), registered(place)
    send(client, key.get(options_of(client)))
    cookie = client.get_cookie("directory_session")
    assert cookie is not None
    thief = place.client()
    thief.set_cookie("directory_session", cookie.value)
    assert is_in(thief)
    sign_out(client)
    assert not is_in(thief)


# New passkeys

WRONG_NEW: dict[str, dict[str, Any]] = {
    "challenge": {"challenge": b64(b"x" * 56)},
    "origin": {"origin": "http://evil.example"},
    "relying party": {"host": "evil.example"},
    "owner not verified": {"flags": PRESENT},
    "owner not there": {"flags": 0x04},
    "sign-in in place of registration": {"type": "webauthn.get"},
    "attestation that is no CBOR": {"attestation": b"\xff\xff"},
    "attestation cut": {"attestation": b"\xa3cfmtdnone"},
    "in a frame": {"crossOrigin": True},
    "raw id": {"rawId": b64(b"other")},
}


@pytest.mark.parametrize("wrong", list(WRONG_NEW))
def test_a_wrong_new_passkey_is_not_kept(place: Place, wrong: str) -> None:
    answer = Authenticator().create(creation(place), **WRONG_NEW[wrong])
    with pytest.raises(Invalid):
        register(place, answer)
    with place.parts.reading() as session:
        assert session.scalars(select(Passkey)).all() == []


def test_a_new_passkey_is_kept_once(place: Place) -> None:
    key = Authenticator()
    answer = key.create(creation(place))
    register(place, answer)
    with pytest.raises(Invalid):
        register(place, answer)


def test_two_accounts_never_share_a_credential(place: Place) -> None:
    other, key = place.account(), registered(place)
    with pytest.raises(Invalid):
        register(place, key.create(creation(place, other)), other)


def test_a_device_that_has_a_passkey_is_told_so(place: Place) -> None:
    key = registered(place)
    asked = json.loads(creation(place))
    assert [one["id"] for one in asked["excludeCredentials"]] == [b64(key.id)]
    assert unb64(asked["user"]["id"]) == key.handle
    assert asked["authenticatorSelection"]["residentKey"] == "required"


def test_an_account_has_not_too_many_passkeys(place: Place) -> None:
    for _number in range(MOST_PASSKEYS):
        registered(place)
    with pytest.raises(Invalid, match="already"):
        registered(place)


def test_used_challenges_are_forgotten_when_they_are_too_old_to_be_taken(place: Place) -> None:
    registered(place)
    place.clock.move(minutes=11)
    registered(place)
    with place.parts.reading() as session:
        assert len(session.scalars(select(UsedChallenge)).all()) == 1


def test_without_the_check_of_used_challenges_a_replay_is_accepted(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: that the tests above can fail."""
    monkeypatch.setattr("directory.services.passkeys.spend", lambda *_given: True)
    first, thief, key = place.client(), place.client(), registered(place, counts=False)
    answer = key.get(options_of(first))
    assert send(first, answer).status_code == 303
    assert send(thief, answer).status_code == 303
    assert challenges.ANSWER_WITHIN.total_seconds() == 300
