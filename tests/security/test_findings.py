"""Findings of the published audits of PyPI that can apply here and are not about sign-in.

Named as the reports name them: 2023 (blog.pypi.org/posts/2023-11-14-2-security-audit-remediation-
warehouse) and 2026 (TOB-PYPI26). SecureDrop's reports were looked for; their single findings could
not be read, so none is named here.
"""

import json
import logging
import re
import time

import pytest
import structlog
from sqlalchemy import Engine, select
from structlog.testing import capture_logs

from directory.domain.key_ring import key_name
from directory.domain.vocabulary import Role
from directory.models.change_log import LogEvent
from directory.services.objections import PURPOSE, link_of, token_of
from directory.web.addresses import is_local
from directory.web.authorization import read_table
from tests.support.door import bearer, disable_account, sign_in
from tests.support.secretariat import FIRST, PROPOSER, Office, open_office


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


LEADING_AWAY = [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "/%0d%0aLocation:x",
    "\\\\evil.example",
    "/ /evil.example",
    "///evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("address", LEADING_AWAY)
def test_tob_pypi_7_no_two_parsers_of_addresses_disagree(office: Office, address: str) -> None:
    """One rule says what is a path of ours; no parser is asked what a host might be."""
    assert not is_local(address) or address == "/%0d%0aLocation:x"
    client = office.place.client()
    led = client.get("/sign-in", query_string={"next": address})
    followed = led.headers.get("Location", "/")
    assert followed.startswith("/")
    assert not followed.startswith(("//", "/\\"))


@pytest.mark.parametrize("address", ["/api/v1/states", "/healthz", "/static/icons/favicon.svg"])
def test_tob_pypi_8_answers_that_are_no_pages_have_the_strict_policy_too(
    office: Office, address: str
) -> None:
    with office.place.client().get(address) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_tob_pypi_9_every_answer_has_a_permissions_policy(office: Office) -> None:
    for address in ("/sign-in", "/no-such", "/api/v1/no-such", "/static/app.js"):
        with office.place.client().get(address) as answer:
            assert "camera=()" in answer.headers["Permissions-Policy"]


def test_tob_pypi_10_hashes_under_one_key_are_set_apart_by_purpose() -> None:
    key = "k" * 40
    assert PURPOSE.endswith(b"\0")
    signature = token_of("link", key).partition(".")[2]
    assert key_name(key) not in signature
    assert link_of(f"{key_name(key)}.{signature}", [key]) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Host": "evil.example"},
        {"X-Real-IP": "10.0.0.1"},
        {"X-User-ID": FIRST},
        {"X-Remote-User": FIRST, "Remote-User": FIRST},
        {"X-Original-URL": "/reviews", "X-Rewrite-URL": "/reviews"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Authorization": "Basic YTpi"},
    ],
)
def test_tob_pypi_12_no_header_is_trusted_silently(office: Office, headers: dict[str, str]) -> None:
    answer = office.place.client().get("/reviews", headers=headers)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    wrong = office.client(FIRST).get("/api/v1/states", headers=bearer("nad_wrong"))
    assert wrong.status_code == 401


CRAFTED = ["\0", "\ud800", "%", "%zz", "\u202e" * 50, "a" * 5000, "(" * 2000, "*" * 2000, "\r\nx"]


@pytest.mark.parametrize("text", CRAFTED)
def test_tob_pypi_15_crafted_text_never_fails_a_page(office: Office, text: str) -> None:
    client = office.client(PROPOSER)
    for address in ("/search", "/counterpart", "/api/v1/search"):
        sent = {"q": text.encode("utf-8", "surrogatepass")}
        assert client.get(address, query_string=sent).status_code < 500


SLOW = ["a" * 200, "!" + "a!" * 99, "0" * 199 + "x", "\u0130" * 100, " " * 199 + "x", "-" * 200]


@pytest.mark.parametrize("text", SLOW)
def test_tob_pypi_16_no_text_makes_a_pattern_slow(office: Office, text: str) -> None:
    client = office.client(PROPOSER)
    began = time.process_time()
    client.get("/search", query_string={"q": text})
    assert time.process_time() - began < 2


def test_tob_pypi_23_there_is_no_address_that_reads_xml(office: Office) -> None:
    body = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    headers = bearer(office.place.token(PROPOSER, scopes=["proposals:propose"]))
    for kind in ("application/xml", "text/xml", "application/soap+xml"):
        answer = office.place.client().post(
            "/api/v1/proposals", data=body, content_type=kind, headers=headers
        )
        assert answer.status_code in {400, 415, 422}
        assert b"root:" not in answer.data


def test_tob_pypi26_4_no_act_is_done_without_its_event(office: Office) -> None:
    before = events(office)
    proposal = office.described()
    office.done(FIRST, proposal, "take")
    done = events(office)[len(before) :]
    assert [one for one in done if one.startswith("proposal.")] != []
    office.done(FIRST, proposal, "release")
    assert len(events(office)) > len(before) + len(done)


def events(office: Office) -> list[str]:
    with office.place.parts.reading() as session:
        return list(session.scalars(select(LogEvent.action).order_by(LogEvent.sequence)))


def test_tob_pypi26_6_what_shuts_a_person_out_shuts_their_tokens_out(office: Office) -> None:
    headers = bearer(office.place.token(PROPOSER))
    assert office.place.client().get("/api/v1/states", headers=headers).status_code == 200
    with office.place.work() as uow:
        disable_account(uow, PROPOSER, office.place.clock())
    assert office.place.client().get("/api/v1/states", headers=headers).status_code == 401


def test_tob_pypi26_7_and_8_who_only_reads_or_watches_writes_nothing() -> None:
    """Beside the matrix: no line lets an auditor or an administrator write content."""
    changes = [one for one in read_table() if one.method != "GET" and one.roles is not None]
    own_things = ("/account", "/sign-", "/search", "/counterpart/watch", "/states/", "/entries/")
    for line in changes:
        content = line.address.startswith(("/desk", "/proposals", "/reviews", "/api/v1/proposals"))
        if content:
            assert Role.AUDITOR not in (line.roles or ()), line
            assert Role.READER not in (line.roles or ()), line
        elif Role.AUDITOR in (line.roles or ()):
            own_by_program = ("/api/v1/entries/", "/api/v1/tokens/")
            assert line.address.startswith((*own_things, *own_by_program)), line


# --- what is said when something fails


def test_an_error_page_says_nothing_of_the_machine(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object, **_more: object) -> None:
        raise RuntimeError("secret /etc/directory/settings.toml SELECT * FROM account")

    monkeypatch.setitem(office.place.app.view_functions, "help.show", fails)
    fails.directory_needs = "entries:read"  # type: ignore[attr-defined]
    page = office.client(PROPOSER).get("/help")
    assert page.status_code == 500
    for said in ("Traceback", "SELECT", "settings.toml", "RuntimeError", "/etc/"):
        assert said not in page.get_data(as_text=True)


def test_a_line_break_in_what_is_logged_makes_no_second_line() -> None:
    hostile = "x\n2026-01-01 [info] signed_in account=admin\r\x1b[31m"
    with capture_logs() as kept:
        structlog.get_logger().warning("seen", text=hostile)
    shown = json.dumps(kept[0])
    assert "\n" not in shown
    rendered = structlog.processors.KeyValueRenderer()(None, "", {"text": hostile})
    assert not re.search(r"[\r\n\x1b]", str(rendered))


def test_sign_in_puts_no_password_on_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), capture_logs() as kept:
        sign_in(office.place.client(), PROPOSER, "a password that is wrong")
    assert "a password that is wrong" not in caplog.text + str(kept)
