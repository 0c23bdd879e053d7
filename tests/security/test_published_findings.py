"""Findings that were published about PyPI and SecureDrop, each tried here.

Named as the reports name them:

- TOB-PYPI: 'Security Audit Remediation: Warehouse', PyPI's blog, 14 November 2023
  (blog.pypi.org/posts/2023-11-14-2-security-audit-remediation-warehouse; audit by Trail of Bits);
- TOB-PYPI26: 'PyPI has completed its second audit', PyPI's blog, 16 April 2026
  (blog.pypi.org/posts/2026-04-16-pypi-completes-second-audit; audit by Trail of Bits);
- SEC-01: 'SecureDrop completes sixth security audit', 29 October 2024
  (securedrop.org/news/securedrop-completes-sixth-security-audit; audit by 7ASecurity).
"""

import ast
import logging
import re
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from structlog.testing import capture_logs

from directory.domain.key_ring import key_name
from directory.domain.vocabulary import Role
from directory.models.account import Account
from directory.models.change_log import LogEvent
from directory.paths import PACKAGE
from directory.services import passkeys
from directory.services.objections import PURPOSE, link_of, token_of
from directory.web.addresses import is_local
from directory.web.authorization import read_table
from tests.support.door import (
    PASSWORD,
    READER,
    authenticator,
    bearer,
    disable_account,
    key_shown,
    sign_in,
)
from tests.support.secretariat import FIRST, PROPOSER, Office, open_office
from tests.support.signing_in import Person, Whole, open_whole, person

OFFICER = "officer@secretariat.example"


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


@pytest.fixture
def whole(engine: Engine) -> Whole:
    return open_whole(engine)


@pytest.fixture
def reader(whole: Whole) -> Person:
    return person(whole, READER)


def words(page: str) -> str:
    """The page without what is new each time."""
    return re.sub(r'(value|data-passkey-options)="[^"]*"', "", page)


def events(office: Office) -> list[str]:
    with office.place.parts.reading() as session:
        return list(session.scalars(select(LogEvent.action).order_by(LogEvent.sequence)))


# --- found in PyPI, 2023


def test_tob_pypi_5_a_closed_account_is_answered_like_none(whole: Whole, reader: Person) -> None:
    """Account status information leak for frozen and disabled accounts."""
    person(whole, "off@fr.example", inside=False)
    with whole.work() as uow:
        disable_account(uow, "off@fr.example", whole.clock())
    answers = [
        sign_in(whole.client(), email, password)
        for email, password in (
            (READER, "wrong horse battery"),
            ("nobody@fr.example", PASSWORD),
            ("off@fr.example", PASSWORD),
            ("off@fr.example", "wrong horse battery"),
        )
    ]
    assert {one.status_code for one in answers} == {422}
    assert len({words(one.text) for one in answers}) == 1


LEADING_AWAY = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/ /evil.example",
    "/\x00/evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "evil.example",
]


@pytest.mark.parametrize("address", LEADING_AWAY)
def test_tob_pypi_7_no_two_readers_of_an_address_disagree(address: str) -> None:
    """Use of multiple distinct URL parsers: one strict pattern here, no parser."""
    assert not is_local(address)


def test_tob_pypi_7_the_way_back_after_signing_in_stays_here(whole: Whole, reader: Person) -> None:
    for address in (*LEADING_AWAY, "/%0d%0aLocation:x"):
        led = reader.client.get("/sign-in", query_string={"next": address})
        assert led.status_code == 302
        assert re.match(r"/(?![/\\])", led.location), address


def test_tob_pypi_8_and_9_every_answer_has_the_strict_policies(
    whole: Whole, reader: Person
) -> None:
    """Overly permissive CSP on some views, missing Permissions-Policy."""
    for address in (
        "/sign-in",
        "/account",
        "/account/sign-in",
        "/no-such",
        "/static/passkeys.js",
        "/static/icons/favicon.svg",
        "/healthz",
        "/api/v1/states",
        "/api/v1/no-such",
    ):
        with reader.client.get(address) as answer:
            assert "camera=()" in answer.headers["Permissions-Policy"], address
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, address
            assert "unsafe" not in policy, address


def test_tob_pypi_10_hashes_under_one_key_are_set_apart_by_purpose() -> None:
    """Domain separation in file digests."""
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
        {"X-Remote-User": FIRST, "Remote-User": FIRST, "X-Forwarded-User": FIRST},
        {"X-Original-URL": "/reviews", "X-Rewrite-URL": "/reviews"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Authorization": "Basic YTpi"},
    ],
)
def test_tob_pypi_12_no_header_is_trusted_silently(office: Office, headers: dict[str, str]) -> None:
    """HTTP header is silently trusted if token mismatches."""
    answer = office.place.client().get("/reviews", headers=headers)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    wrong = office.client(FIRST).get("/api/v1/states", headers=headers | bearer("nad_wrong"))
    assert wrong.status_code == 401


CRAFTED = ["\0", "\ud800", "%", "%zz", "\u202e" * 50, "a" * 5000, "(" * 2000, "*" * 2000, "\r\nx"]


def test_tob_pypi_15_crafted_text_never_fails_a_page(office: Office) -> None:
    """Uncaught exception with crafted README."""
    client = office.client(PROPOSER)
    for text in CRAFTED:
        for address in ("/search", "/counterpart", "/api/v1/search"):
            sent = {"q": text.encode("utf-8", "surrogatepass")}
            assert client.get(address, query_string=sent).status_code < 500, text[:10]


SLOW = ["a" * 200, "!" + "a!" * 99, "0" * 199 + "x", "\u0130" * 100, " " * 199 + "x", "-" * 200]


def test_tob_pypi_16_no_text_makes_a_pattern_slow(office: Office) -> None:
    """ReDoS via a dependency."""
    client = office.client(PROPOSER)
    for text in SLOW:
        began = time.process_time()
        client.get("/search", query_string={"q": text})
        assert time.process_time() - began < 2, text[:10]


def test_tob_pypi_23_there_is_no_address_that_reads_xml(office: Office) -> None:
    """Insecure XML processing in XMLRPC server."""
    body = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    headers = bearer(office.place.token(PROPOSER, scopes=["proposals:propose"]))
    for kind in ("application/xml", "text/xml", "application/soap+xml"):
        answer = office.place.client().post(
            "/api/v1/proposals", data=body, content_type=kind, headers=headers
        )
        assert answer.status_code in {400, 415, 422}
        assert b"root:" not in answer.data


# --- found in PyPI, 2026


def test_tob_pypi26_4_making_and_revoking_a_token_is_logged(whole: Whole, reader: Person) -> None:
    """Token deletion audit events silently dropped."""
    reader.send("/account/tokens", name="sync", days="30", scopes="states:read")
    reader.send("/account/tokens/1/revoke")
    with whole.parts.reading() as session:
        actions = list(session.scalars(select(LogEvent.action)))
    assert actions.count("token.made") == actions.count("token.revoked") == 1


def test_tob_pypi26_4_no_act_is_done_without_its_event(office: Office) -> None:
    before = events(office)
    proposal = office.described()
    office.done(FIRST, proposal, "take")
    done = events(office)[len(before) :]
    assert [one for one in done if one.startswith("proposal.")] != []
    office.done(FIRST, proposal, "release")
    assert len(events(office)) > len(before) + len(done)


def test_tob_pypi26_5_no_public_route_tells_who_has_an_account(
    whole: Whole, reader: Person
) -> None:
    """Password reset leaks privileged account status; no address is let in by its e-mail here."""
    person(whole, OFFICER, Role.VERIFIER, "", inside=False)
    tried = [
        (line.method, line.address)
        for line in read_table()
        if line.roles is None and "<" not in line.address and line.address != "/sign-out"
    ]
    assert ("POST", "/sign-in") in tried
    assert ("POST", "/sign-in/passkey") in tried
    for method, address in tried:
        answers = set()
        for email in (READER, OFFICER, "nobody@fr.example"):
            browser = Person(whole, 0, email, "", whole.client())
            sent = {"email": email, "username": email, "password": "wrong horse battery"}
            if method == "POST":
                answer = browser.send(address, form="/sign-in", **sent)
            else:
                answer = browser.client.get(address, query_string=sent, buffered=True)
            told = (
                words(answer.text).replace(email, "who").replace(email.replace("@", "%40"), "who")
            )
            answers.add((answer.status_code, answer.headers.get("Location", ""), told))
        assert len(answers) == 1, (method, address)


def test_tob_pypi26_6_what_shuts_a_person_out_shuts_their_tokens_out(office: Office) -> None:
    """IP ban bypass via macaroon API token authentication."""
    headers = bearer(office.place.token(PROPOSER))
    assert office.place.client().get("/api/v1/states", headers=headers).status_code == 200
    with office.place.work() as uow:
        disable_account(uow, PROPOSER, office.place.clock())
    assert office.place.client().get("/api/v1/states", headers=headers).status_code == 401


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUDITOR])
def test_tob_pypi26_7_reading_is_no_right_to_write(whole: Whole, role: Role) -> None:
    """Missing write permission check; -8: missing manage permission check."""
    state = "" if role is Role.AUDITOR else "FR"
    someone = person(whole, "someone@fr.example", role, state)
    for address in ("/accounts/recoveries", "/accounts/recoveries/1/approve", "/reviews/verify"):
        assert someone.send(address).status_code == 403


def test_tob_pypi26_7_and_8_who_only_reads_or_watches_writes_nothing() -> None:
    """Beside the matrix: no line lets an auditor or a reader write content."""
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


@pytest.mark.parametrize("typed", ["{a}{b}", " {a} {b} ", "{a}-{b}", "{a}\u00a0{b}"])
def test_tob_pypi26_9_a_code_is_used_up_however_it_was_typed(
    whole: Whole, reader: Person, typed: str
) -> None:
    """TOTP replay by spaces that validation and storage normalise apart."""
    whole.clock.move(seconds=30)
    code = reader.code()
    first, second = reader.new_browser(), reader.new_browser()
    for one in (first, second):
        sign_in(one.client, READER)
    form = "/sign-in/code"
    assert first.send(form, form=form, code=code).status_code == 302
    again = typed.format(a=code[:3], b=code[3:])
    assert second.send(form, form=form, code=again).status_code == 422


# --- found in SecureDrop, 2024


@pytest.mark.parametrize("field", ["user", "user_id", "id", "account", "account_id", "email"])
def test_sec_01_001_nobody_sets_up_a_factor_for_another(
    whole: Whole, reader: Person, field: str
) -> None:
    """Arbitrary 2FA enrolment by naming another's account: with the right code, it is one's own."""
    victim = person(whole, OFFICER, Role.VERIFIER, "", inside=False)
    before = _secrets(whole, victim, reader)
    named = {field: OFFICER if field == "email" else str(victim.id)}
    shown = reader.send("/account/sign-in/application", **named)
    key = key_shown(shown)
    code = str(authenticator(key).generate(whole.clock()).token)
    kept = reader.send("/account/sign-in/application/keep", code=code, **named)
    assert kept.status_code == 303
    after = _secrets(whole, victim, reader)
    assert after[0] == before[0]
    assert after[1] != before[1]


def _secrets(whole: Whole, *people: Person) -> list[str | None]:
    with whole.parts.reading() as session:
        return [session.get_one(Account, one.id).tf_totp_secret for one in people]


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "reader-reader-reader"])
def test_sec_01_002_a_weak_password_is_refused(whole: Whole, reader: Person, password: str) -> None:
    """Insufficient password complexity requirements."""
    answer = reader.send("/account/sign-in/password", password=password, again=password)
    assert answer.status_code == 422


def test_sec_01_003_nobody_is_signed_out_by_another_site(whole: Whole, reader: Person) -> None:
    """Possible user DoS via logout CSRF."""
    assert reader.client.post("/sign-out").status_code == 400
    assert reader.client.get("/sign-out").status_code in {400, 404, 405, 302}
    assert reader.client.get("/account").status_code == 200


def test_sec_01_003_every_unsafe_route_wants_the_token_of_a_form(
    whole: Whole, reader: Person
) -> None:
    """Cross-site requests: each POST, PUT, PATCH and DELETE without a token changes nothing."""
    tried = 0
    for rule in whole.app.url_map.iter_rules():
        unsafe = (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        if rule.arguments or not unsafe or rule.endpoint.startswith("static"):
            continue
        for method in unsafe:
            answer = reader.client.open(rule.rule, method=method)
            assert answer.status_code in {400, 403, 405, 415, 503}, (method, rule.rule)
            tried += 1
    assert tried > 15


# --- what is said when something fails, and in the log


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


def test_a_line_break_in_what_is_logged_makes_no_second_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Through the very logger of a module that logs what a browser sent."""
    hostile = "x\n2026-01-01 [info] signed_in account=admin\r\x1b[31m"
    passkeys.log.warning("passkey_refused", reason=hostile)
    written = capsys.readouterr().out
    assert "signed_in account=admin" in written
    assert written.count("\n") == 1
    assert "\r" not in written
    assert "\x1b[31m" not in written


def test_what_the_standard_logger_says_is_fixed_words_only() -> None:
    """It would write a line break as it is: so nothing that anybody sent is put in its words."""
    calls = [one for path in PACKAGE.rglob("*.py") for one in _logged(path.read_text("utf-8"))]
    assert len(calls) > 5
    assert [ast.unparse(one) for one in calls if not _is_fixed(one)] == []
    planted = list(_logged('logger.info(f"seen {text}")\nlogger.info("seen %s", text)'))
    assert [_is_fixed(one) for one in planted] == [False, False]


def _logged(source: str) -> Iterator[ast.Call]:
    """The calls of a logger of the standard library; structlog's are named ``log``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logger."):
            yield node


def _is_fixed(call: ast.Call) -> bool:
    words_only = [type(one) for one in call.args] == [ast.Constant]
    return words_only and {one.arg for one in call.keywords} <= {"exc_info"}


def test_sign_in_puts_no_password_on_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), capture_logs() as kept:
        sign_in(office.place.client(), PROPOSER, "a password that is wrong")
    assert "a password that is wrong" not in caplog.text + str(kept)
