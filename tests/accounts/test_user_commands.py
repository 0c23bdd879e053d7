"""``directory user`` beyond inviting: what waits, agreeing, confirming, handing over, domains."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from directory.cli import cli
from directory.domain.accounts import AccountStatus
from directory.domain.vocabulary import Role
from directory.errors import DomainError
from directory.setting_values import SECRETS
from directory.settings import PREFIX
from tests.support.accounts import NEW, Office, open_office


@pytest.fixture
def office(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Office:
    made = open_office(engine)
    given = made.place.parts.settings
    for name in ("database_url", *SECRETS):
        monkeypatch.setenv(PREFIX + name.upper(), str(getattr(given, name)))
    monkeypatch.setenv(f"{PREFIX}SECURE_COOKIES", "false")
    monkeypatch.chdir(str(tmp_path))
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["user", *arguments])


def done(*arguments: str) -> str:
    answer = run(*arguments)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_an_unknown_person_or_number_is_named_with_what_to_do(office: Office) -> None:
    for command in (
        ("confirm", "x@fr.example"),
        ("hand-over", "x@fr.example", NEW),
        ("end-role", "x@fr.example", "reader"),
        ("approve", "99"),
        ("decline", "99", "--reason", "x"),
        ("domains", "agree", "x.example"),
        ("domains", "remove", "x.example"),
    ):
        answer = run(*command)
        assert answer.exit_code == 1
        assert "shows all" in answer.stderr


def test_a_last_focal_point_is_kept_unless_stolen(office: Office) -> None:
    answer = run("disable", office["fay"].name)
    assert isinstance(answer.exception, DomainError)
    assert "hand over first" in str(answer.exception)
    done("disable", office["fay"].name, "--stolen", "--reason", "phished")
    assert office.file(office.id("fay")).status is AccountStatus.DISABLED


def test_what_waits_is_listed_and_decided(office: Office) -> None:
    first = office.ask("fay", role=Role.FOCAL_POINT)
    second = office.ask("fay", "b@elsewhere.example")
    listed = done("requests")
    assert f"{NEW} " in listed
    assert "2 of 2 missing" in listed
    assert "none of the State's e-mail domains: mj.fr.example" in listed
    items = json.loads(done("requests", "--json"))["items"]
    assert [one["email"] for one in items] == [NEW, "b@elsewhere.example"]
    done("approve", str(office.request_of(first)))
    done("decline", str(office.request_of(second)), "--reason", "unknown there")
    assert office.file(first).status is AccountStatus.INVITED
    assert office.file(second).status is AccountStatus.DISABLED
    assert done("requests") == ""


def test_an_account_is_confirmed_its_role_ended_and_handed_over(office: Office) -> None:
    assert "is confirmed" in done("confirm", office["lea"].name)
    assert "until 2099-12-31" in done(
        "end-role", office["vito"].name, "verifier", "--on", "2099-12-31"
    )
    assert "is no auditor now" in done("end-role", office["otto"].name, "auditor")
    assert "takes over" in done("hand-over", office["fay"].name, office["lea"].name, "--leaves")
    assert Role.FOCAL_POINT in office.roles(office.id("lea"))
    assert office.file(office.id("fay")).status is AccountStatus.DISABLED


def test_domains_are_kept_from_the_command_line(office: Office) -> None:
    done("domains", "add", "ro", "just.ro.example")
    assert "RO just.ro.example" in done("domains", "list")
    items = json.loads(done("domains", "list", "--json"))["items"]
    assert [one["state"] for one in items] == ["FR", "RO"]
    done("domains", "remove", "just.ro.example")
    assert "just.ro" not in done("domains", "list")


def test_with_a_mail_server_the_link_is_sent_and_printed_only_when_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("SMTP_HOST", "127.0.0.1"),
        ("MAIL_FROM", "directory@secretariat.example"),
        ("BASE_URL", "https://directory.example/"),
    ):
        monkeypatch.setenv(PREFIX + name, value)
    invite = ("invite", "c@fr.example", "--role", "reader", "--state", "fr", "--authority", "Court")
    answer = done(*invite, "--type", "mla", "--until", "2099-12-31")
    assert "/invitation/" not in answer
    assert len(office.notices("account_invited")) == 1
    assert done(*invite, "--show-link").startswith("https://directory.example/invitation/")
