"""Signing in by the provider of one's State, against a provider that runs here."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from directory.domain.providers import read_providers
from directory.domain.vocabulary import Role
from directory.models.sign_in import ProviderIdentity
from directory.settings import SettingsError
from directory.web.elsewhere import providers_of
from tests.support.accounts import invite
from tests.support.door import READER, disable_account
from tests.support.provider import CLIENT, SECRET, OpenIdProvider, running_provider
from tests.support.signing_in import Person, Whole, open_whole, person, with_passkey

#: Words with which the provider of the trial says that two factors were shown.
STRONG = {"acr": "urn:two-factors"}


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def whole(engine: Engine, provider: OpenIdProvider, tmp_path: Path) -> Whole:
    file = tmp_path / "oidc.toml"
    table = (
        f'[{{}}]\nname = "Sign-in of {{}}"\nissuer = "{provider.base}"\nclient_id = "{CLIENT}"\n'
        f'client_secret = "{SECRET}"\nsecond_factor_acr = ["urn:two-factors"]\n'
        'second_factor_amr = ["mfa"]\n'
    )
    file.write_text(table.format("FR", "France") + table.format("RO", "Romania"))
    file.chmod(0o600)
    return open_whole(engine, oidc_file=file)


def leave(client: FlaskClient, address: str = "/sign-in/with/FR") -> dict[str, str]:
    """Go to the provider; what it is asked."""
    led = client.get(address)
    assert led.status_code == 302, led.text
    return dict(parse_qsl(urlsplit(led.location).query))


def come_back(
    client: FlaskClient, provider: OpenIdProvider, asked: dict[str, str], **changed: str
) -> TestResponse:
    given = {"code": provider.authorize(asked), "state": asked["state"]} | changed
    return client.get("/sign-in/back/FR", query_string=given)


def through(
    client: FlaskClient, provider: OpenIdProvider, address: str = "/sign-in/with/FR"
) -> TestResponse:
    return come_back(client, provider, leave(client, address))


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


@pytest.fixture
def bound(whole: Whole, provider: OpenIdProvider) -> Person:
    """A reader of France who bound the account to the provider."""
    reader = person(whole, READER)
    answer = through(reader.client, provider, "/account/sign-in/with/FR")
    assert answer.location == "/account/sign-in"
    return reader


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"nonce": "another"},
        {"exp": 1},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 7},
        {"amr": "mfa"},
    ],
)
def test_a_token_that_says_something_wrong_lets_nobody_in(
    whole: Whole, provider: OpenIdProvider, bound: Person, claims: dict[str, Any]
) -> None:
    provider.claims = STRONG | claims
    client = whole.client()
    assert through(client, provider).status_code == 422
    assert not is_in(client)


def test_a_token_of_another_signer_lets_nobody_in(
    whole: Whole, provider: OpenIdProvider, bound: Person
) -> None:
    provider.claims, provider.signing_key = STRONG, RSAKey.generate_key(2048, {"kid": "one"})
    client = whole.client()
    assert through(client, provider).status_code == 422
    assert not is_in(client)


def test_a_provider_that_calls_itself_another_lets_nobody_in(
    whole: Whole, provider: OpenIdProvider
) -> None:
    """Its description and its tokens agree with each other, and not with the operator's file."""
    provider.named = "https://other.example"
    provider.claims = STRONG | {"iss": provider.named}
    answer = through(whole.client(), provider)
    assert answer.status_code == 422
    assert "did not vouch for you" in answer.text


def test_an_answer_is_taken_once_and_by_who_asked_only(
    whole: Whole, provider: OpenIdProvider, bound: Person
) -> None:
    """TOB-PYPI26-1 and -2 (audit of PyPI, 2026): ID tokens that were taken twice."""
    provider.claims = dict(STRONG)
    mine, other = whole.client(), whole.client()
    asked = leave(mine)
    code = provider.authorize(asked)
    given = {"code": code, "state": asked["state"]}
    assert other.get("/sign-in/back/FR", query_string=given).status_code == 422
    assert mine.get("/sign-in/back/FR", query_string=given).status_code == 303
    assert mine.get("/sign-in/back/FR", query_string=given).status_code == 422


@pytest.mark.parametrize("changed", [{"state": "forged"}, {"code": "forged"}, {"error": "denied"}])
def test_a_forged_way_back_lets_nobody_in(
    whole: Whole, provider: OpenIdProvider, bound: Person, changed: dict[str, str]
) -> None:
    provider.claims = dict(STRONG)
    client = whole.client()
    assert come_back(client, provider, leave(client), **changed).status_code == 422
    assert not is_in(client)


def test_nobody_comes_in_who_was_not_bound(whole: Whole, provider: OpenIdProvider) -> None:
    """Not even with the address of an account: e-mail is never a factor."""
    person(whole, READER, inside=False)
    provider.claims = STRONG | {"email": READER, "email_verified": True}
    client = whole.client()
    assert through(client, provider).status_code == 422
    assert not is_in(client)


def test_a_provider_vouches_for_its_own_state_only(whole: Whole, provider: OpenIdProvider) -> None:
    stranger = person(whole, "x@jp.example", Role.READER, "JP")
    assert through(stranger.client, provider, "/account/sign-in/with/FR").status_code == 422
    with whole.parts.reading() as session:
        assert session.scalars(select(ProviderIdentity)).all() == []


def test_one_identity_is_bound_to_one_account(
    whole: Whole, provider: OpenIdProvider, bound: Person
) -> None:
    other = person(whole, "other@fr.example")
    assert through(other.client, provider, "/account/sign-in/with/FR").status_code == 422


def test_a_closed_account_stays_closed(
    whole: Whole, provider: OpenIdProvider, bound: Person
) -> None:
    provider.claims = dict(STRONG)
    with whole.work() as uow:
        disable_account(uow, READER, whole.clock())
    client = whole.client()
    assert through(client, provider).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("claims", [STRONG, {"amr": ["pwd", "mfa"]}])
def test_who_showed_a_second_factor_there_is_inside(
    whole: Whole, provider: OpenIdProvider, bound: Person, claims: dict[str, Any]
) -> None:
    provider.claims = dict(claims)
    client = whole.client()
    assert through(client, provider, "/sign-in/with/FR?next=/states").location == "/states"
    assert is_in(client)


@pytest.mark.parametrize("claims", [{}, {"acr": "1"}, {"amr": ["pwd"]}])
def test_without_those_words_the_directory_asks_for_its_own_second_factor(
    whole: Whole, provider: OpenIdProvider, bound: Person, claims: dict[str, Any]
) -> None:
    provider.claims = dict(claims)
    other = bound.new_browser()
    assert through(other.client, provider).location.startswith("/sign-in/code")
    assert not is_in(other.client)
    whole.clock.move(seconds=30)
    assert other.send("/sign-in/code", form="/sign-in/code", code=other.code()).status_code == 302
    assert is_in(other.client)


def test_a_provider_alone_does_not_replace_a_passkey(
    whole: Whole, provider: OpenIdProvider
) -> None:
    with whole.work() as uow:
        secret = invite(uow, "new@fr.example", Role.READER, "FR", whole.clock())
    provider.claims = dict(STRONG)
    newcomer = whole.client()
    assert through(newcomer, provider, f"/sign-in/with/FR?invitation={secret}").status_code == 303
    with_passkey(whole, 1)
    provider.claims = {}
    client = whole.client()
    assert through(client, provider).status_code == 422
    assert not is_in(client)


def test_an_invitation_is_accepted_with_the_provider_once(
    whole: Whole, provider: OpenIdProvider
) -> None:
    with whole.work() as uow:
        secret = invite(uow, "new@fr.example", Role.READER, "FR", whole.clock())
    client = whole.client()
    page = client.get(f"/invitation/{secret}").text
    assert "Sign-in of France" in page
    assert "Sign-in of Romania" not in page
    provider.claims = dict(STRONG)
    assert through(client, provider, f"/sign-in/with/FR?invitation={secret}").location == "/"
    assert is_in(client)
    assert client.get(f"/invitation/{secret}").status_code == 404


def test_binding_needs_a_fresh_factor(whole: Whole, provider: OpenIdProvider) -> None:
    reader = person(whole, READER)
    whole.clock.move(minutes=6)
    led = reader.client.get("/account/sign-in/with/FR")
    assert led.location.startswith("/account/confirm")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example"])
def test_the_provider_leads_nowhere_else(whole: Whole, target: str) -> None:
    led = whole.client().get("/sign-in/with/FR", query_string={"next": target})
    assert led.location == "/sign-in"


def test_an_unreachable_provider_is_said_and_the_other_ways_stay(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "oidc.toml"
    file.write_text(
        '[FR]\nname = "x"\nissuer = "http://127.0.0.1:9"\nclient_id = "a"\nclient_secret = "b"\n'
    )
    file.chmod(0o600)
    client = open_whole(engine, oidc_file=file).client()
    assert client.get("/sign-in/with/FR").status_code == 422
    assert client.get("/sign-in/with/RO").status_code == 404
    assert client.get("/sign-in").status_code == 200


@pytest.mark.parametrize(
    "plain",
    [
        {"France": {}},
        {"FR": "x"},
        {"FR": {"name": "x"}},
        {"FR": {"name": "x", "issuer": "http://a.example", "client_id": "a", "client_secret": "b"}},
        {
            "FR": {
                "name": "x",
                "issuer": "https://a.example",
                "client_id": "a",
                "client_secret": "b",
                "role": "administrator",
            }
        },
    ],
)
def test_a_file_of_providers_that_makes_no_sense_is_refused(plain: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\["):
        read_providers(plain)


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "oidc.toml"
    file.write_text("")
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        providers_of(file)
    with pytest.raises(SettingsError):
        providers_of(tmp_path / "missing.toml")
