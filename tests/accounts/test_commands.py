"""``directory user`` and ``directory token`` as an operator runs them."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from directory.cli import cli
from directory.queries.accounts import find_token
from directory.setting_values import SECRETS
from directory.settings import PREFIX
from tests.support.door import READER, Place, open_place

ADMINISTRATOR = "admin@secretariat.example"


@pytest.fixture
def place(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Place:
    made = open_place(engine)
    given = made.parts.settings
    names = ("database_url", "secure_cookies", "trusted_hosts", *SECRETS)
    for name in names:
        value = getattr(given, name)
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        monkeypatch.setenv(PREFIX + name.upper(), text)
    monkeypatch.chdir(str(tmp_path))
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_an_unknown_account_is_named_with_what_to_do(place: Place) -> None:
    commands = (
        ("user", "disable", "x@fr.example"),
        ("token", "create", "x@fr.example", "--name", "nightly"),
    )
    for command in commands:
        answer = run(*command)
        assert answer.exit_code == 1
        assert answer.stderr == (
            "directory: there is no account x@fr.example: 'directory user list' shows all\n"
        )
    assert run("token", "revoke", "7").exit_code == 1


def test_the_first_administrator_is_invited_from_the_command_line(place: Place) -> None:
    answer = run("user", "invite", ADMINISTRATOR, "--role", "administrator")
    assert answer.exit_code == 0
    link = answer.stdout.strip()
    assert link.startswith("http://127.0.0.1/invitation/")
    assert place.client().get(link.removeprefix("http://127.0.0.1")).status_code == 200
    other = run(
        "user", "invite", ADMINISTRATOR, "--role", "administrator", "--address", "https://a/"
    )
    assert other.stdout.startswith("https://a/invitation/")
    assert place.client().get(link.removeprefix("http://127.0.0.1")).status_code == 404


def test_accounts_are_listed_for_people_and_machines(place: Place) -> None:
    place.account()
    run("user", "disable", READER)
    assert run("user", "list").stdout.split() == [
        *(READER, "FR", "reader", "disabled,"),
        *("no", "second", "factor,", "demo"),
    ]
    (item,) = json.loads(run("user", "list", "--json").stdout)["items"]
    assert item["email"] == READER
    assert item["active"] is False


def test_a_token_is_printed_alone_listed_and_revoked(place: Place) -> None:
    run("user", "invite", ADMINISTRATOR, "--role", "administrator")
    made = run("token", "create", ADMINISTRATOR, "--name", "nightly", "--scope", "states:read")
    token = made.stdout.strip()
    with place.parts.engine.connect() as connection:
        found = find_token(connection, token, place.parts.clock(), demo=False)
    assert found is not None
    assert found.actor.scopes == frozenset({"states:read"})
    listed = run("token", "list").stdout
    assert "nightly" in listed
    assert "never used" in listed
    assert token not in listed
    assert run("token", "revoke", str(found.token_id)).exit_code == 0
    assert "revoked" in run("token", "list").stdout
    (item,) = json.loads(run("token", "list", "--json").stdout)["items"]
    assert item["revoked_at"]


def test_an_expired_token_is_listed_as_such(place: Place) -> None:
    place.account()
    place.clock.move(days=-400)
    place.token()
    assert "expired" in run("token", "list").stdout
