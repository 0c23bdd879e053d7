"""Findings that were published about PyPI and SecureDrop, each tried here.

Sources: 'Security Audit Remediation: Warehouse' (PyPI's blog, 14 November 2023; audit by Trail of
Bits), 'PyPI has completed its second audit' (April 2026; Trail of Bits), 'SecureDrop completes
sixth security audit' (29 October 2024; 7ASecurity).
"""

import re

import pytest
from sqlalchemy import Engine, select

from directory.domain.vocabulary import Role
from directory.models.account import Account
from directory.models.change_log import LogEvent
from directory.web.addresses import is_local
from tests.support.door import PASSWORD, READER, bearer, disable_account, sign_in
from tests.support.signing_in import Person, Whole, open_whole, person

OFFICER = "officer@secretariat.example"


@pytest.fixture
def whole(engine: Engine) -> Whole:
    return open_whole(engine)


@pytest.fixture
def reader(whole: Whole) -> Person:
    return person(whole, READER)


def words(page: str) -> str:
    """The page without what is new each time."""
    return re.sub(r'(value|data-passkey-options)="[^"]*"', "", page)


def test_tob_pypi_5_a_closed_account_is_answered_like_none(whole: Whole, reader: Person) -> None:
    """TOB-PYPI-5 (2023): account status information leak for frozen and disabled accounts."""
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


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\/evil.example",
        "https:evil.example",
        "/ /evil.example",
        "/\x00/evil.example",
        "javascript:alert(1)",
        "evil.example",
    ],
)
def test_tob_pypi_7_no_two_readers_of_an_address_disagree(address: str) -> None:
    """TOB-PYPI-7 (2023): use of multiple distinct URL parsers. One strict pattern, no parser."""
    assert not is_local(address)


def test_tob_pypi_9_no_answer_lacks_a_permissions_policy(whole: Whole, reader: Person) -> None:
    """TOB-PYPI-8 and -9 (2023): permissive CSP on some views, missing Permissions-Policy."""
    for address in ("/sign-in", "/account", "/account/sign-in", "/no-such", "/static/passkeys.js"):
        with reader.client.get(address) as answer:
            assert "camera=()" in answer.headers["Permissions-Policy"]
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_tob_pypi_12_a_wrong_token_is_refused_and_nothing_else_is_trusted(
    whole: Whole, reader: Person
) -> None:
    """TOB-PYPI-12 (2023): a header is silently trusted if the token mismatches."""
    headers = bearer("nad_wrong") | {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-User": READER,
        "Remote-User": READER,
    }
    answer = reader.client.get("/api/v1/states", headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("typed", ["{a}{b}", " {a} {b} ", "{a}-{b}", "{a}\u00a0{b}"])
def test_tob_pypi26_9_a_code_is_used_up_however_it_was_typed(
    whole: Whole, reader: Person, typed: str
) -> None:
    """TOB-PYPI26-9 (2026): TOTP replay by spaces that validation and storage normalise apart."""
    whole.clock.move(seconds=30)
    code = reader.code()
    first, second = reader.new_browser(), reader.new_browser()
    for one in (first, second):
        sign_in(one.client, READER)
    form = "/sign-in/code"
    assert first.send(form, form=form, code=code).status_code == 302
    again = typed.format(a=code[:3], b=code[3:])
    assert second.send(form, form=form, code=again).status_code == 422


def test_tob_pypi26_4_making_and_revoking_a_token_is_logged(whole: Whole, reader: Person) -> None:
    """TOB-PYPI26-4 (2026): events of token deletion silently dropped."""
    reader.send("/account/tokens", name="sync", days="30", scopes="states:read")
    reader.send("/account/tokens/1/revoke")
    with whole.parts.reading() as session:
        actions = list(session.scalars(select(LogEvent.action)))
    assert actions.count("token.made") == actions.count("token.revoked") == 1


def test_tob_pypi26_5_no_way_of_recovery_tells_who_has_an_account(whole: Whole) -> None:
    """TOB-PYPI26-5 (2026): password reset leaks privileged account status. There is none here."""
    for address in ("/reset", "/sign-in/reset", "/sign-in/rescue", "/recover", "/forgot"):
        answer = whole.client().get(address)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUDITOR])
def test_tob_pypi26_7_reading_is_no_right_to_write(whole: Whole, role: Role) -> None:
    """TOB-PYPI26-7 and -8 (2026): writes guarded by the permission to read."""
    state = "" if role is Role.AUDITOR else "FR"
    someone = person(whole, "someone@fr.example", role, state)
    for address in ("/accounts/recoveries", "/accounts/recoveries/1/approve", "/reviews/verify"):
        assert someone.send(address).status_code == 403


def test_sec_01_001_nobody_sets_up_a_factor_for_another(whole: Whole, reader: Person) -> None:
    """SEC-01-001 (SecureDrop, 2024): arbitrary 2FA enrolment by naming another's account."""
    victim = person(whole, OFFICER, Role.VERIFIER, "", inside=False)
    with whole.parts.reading() as session:
        before = session.get_one(Account, victim.id).tf_totp_secret
    for field in ("user", "user_id", "id", "account", "account_id", "email"):
        reader.send("/account/sign-in/application", **{field: str(victim.id)})
        reader.send("/account/sign-in/application/keep", code="000000", **{field: str(victim.id)})
    with whole.parts.reading() as session:
        assert session.get_one(Account, victim.id).tf_totp_secret == before


def test_sec_01_003_nobody_is_signed_out_by_another_site(whole: Whole, reader: Person) -> None:
    """SEC-01-003 (SecureDrop, 2024): denial of service by sign-out without a form's token."""
    assert reader.client.post("/sign-out").status_code == 400
    assert reader.client.get("/sign-out").status_code in {400, 404, 405, 302}
    assert reader.client.get("/account").status_code == 200


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "reader-reader-reader"])
def test_sec_01_002_a_weak_password_is_refused(whole: Whole, reader: Person, password: str) -> None:
    """SEC-01-002 (SecureDrop, 2024): insufficient password complexity requirements."""
    answer = reader.send("/account/sign-in/password", password=password, again=password)
    assert answer.status_code == 422


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
