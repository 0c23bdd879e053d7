"""Every answer of the whole application, as the HTTP Observatory would grade it: A+."""

import re

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.security.observatory import GRADES, MODIFIERS, Grade, grade, read_policy
from tests.support.door import PASSWORD, Place, bearer, open_place
from tests.support.secretariat import Whole
from tests.support.trial import READER

HTTPS = "https://localhost"
BEST = 135
#: Files, and tagged answers that the reader's own program asks after each time.
MAY_BE_KEPT = frozenset({"style", "script", "picture", "program", "description"})


@pytest.fixture(params=[True, False], ids=["signed in", "a stranger"])
def answers(engine: Engine, request: pytest.FixtureRequest) -> dict[str, TestResponse]:
    """One answer of each kind: pages, errors, files, redirects, the API."""
    opened = open_place(engine, demo=True, secure_cookies=True)
    place = Whole(opened.parts, opened.clock)
    place.account(READER)
    client = place.client()
    if request.param:
        page = client.get("/sign-in", base_url=HTTPS)
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.get_data(as_text=True))
        assert token
        form = {"email": READER, "password": PASSWORD, "csrf_token": token.group(1)}
        sent = client.post("/sign-in", data=form, base_url=HTTPS, headers={"Referer": HTTPS + "/"})
        assert sent.status_code == 302, sent.get_data(as_text=True)
    asked = {
        "page": ("GET", "/"),
        "sign-in": ("GET", "/sign-in"),
        "help": ("GET", "/help"),
        "unknown": ("GET", "/no-such-page"),
        "unknown entry": ("GET", "/entries/XX-AAAAAA"),
        "bad input": ("GET", "/search?page=-1"),
        "wrong method": ("DELETE", "/"),
        "no token": ("POST", "/sign-out"),
        "health": ("GET", "/healthz"),
        "readiness": ("GET", "/readyz"),
        "seal": ("GET", "/seal"),
        "style": ("GET", "/static/app.css"),
        "script": ("GET", "/static/app.js"),
        "picture": ("GET", "/static/icons/favicon.svg"),
        "no such file": ("GET", "/static/no-such-file.js"),
        "folder": ("GET", "/static/"),
        "climbing": ("GET", "/static/../settings.py"),
        "program": ("GET", "/api/v1/states"),
        "description": ("GET", "/api/v1/openapi.json"),
        "unknown to programs": ("GET", "/api/v1/no-such"),
        "trace": ("TRACE", "/"),
    }
    return {
        name: client.open(path, method=method, base_url=HTTPS, buffered=True)
        for name, (method, path) in asked.items()
    }


def graded(answer: TestResponse) -> Grade:
    html = answer.get_data(as_text=True) if answer.mimetype == "text/html" else None
    return grade(dict(answer.headers), answer.headers.getlist("Set-Cookie"), html)


def test_every_answer_is_graded_a_plus(answers: dict[str, TestResponse]) -> None:
    grades = {name: graded(answer) for name, answer in answers.items()}
    assert {name: one for name, one in grades.items() if one.grade != "A+"} == {}
    # Every header counts on every answer; only the cookie's five points need a cookie.
    assert {one.score for one in grades.values()} <= {BEST - 5, BEST}


def test_the_sign_in_page_which_a_scan_would_meet_has_every_point_there_is(
    answers: dict[str, TestResponse],
) -> None:
    found = graded(answers["sign-in"])
    assert found.results[0] == "csp-implemented-with-no-unsafe-default-src-none"
    assert found.score >= BEST - 5


def test_the_policy_names_what_the_standard_asks_for(answers: dict[str, TestResponse]) -> None:
    for name, answer in answers.items():
        policy = read_policy(answer.headers["Content-Security-Policy"])
        assert policy is not None
        for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
            assert policy[directive] == {"'none'"}, name
        assert policy["form-action"] == {"'self'"}, name
        assert "includeSubDomains" in answer.headers["Strict-Transport-Security"], name


def test_no_answer_tells_versions_or_lists_a_folder(answers: dict[str, TestResponse]) -> None:
    for name, answer in answers.items():
        assert "Server" not in answer.headers, name
        assert "X-Powered-By" not in answer.headers, name
    assert answers["folder"].status_code in {302, 404}
    assert answers["climbing"].status_code in {302, 404}
    assert answers["trace"].status_code in {302, 405}


def test_text_says_in_which_letters_it_is_written(answers: dict[str, TestResponse]) -> None:
    for name, answer in answers.items():
        if (answer.mimetype or "").startswith("text/"):
            assert "charset=utf-8" in answer.headers["Content-Type"].lower().replace('"', ""), name


def test_nothing_but_files_is_kept_by_anybody(answers: dict[str, TestResponse]) -> None:
    for name, answer in answers.items():
        kept = answer.headers["Cache-Control"]
        assert "no-store" in kept or name in MAY_BE_KEPT, name


SAID = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize(
    ("header", "value", "result"),
    [
        ("Content-Security-Policy", None, "csp-not-implemented"),
        ("Content-Security-Policy", ";", "csp-header-invalid"),
        ("Content-Security-Policy", "script-src 'self' 'unsafe-inline'",
         "csp-implemented-with-unsafe-inline"),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-eval'",
         "csp-implemented-with-unsafe-eval"),
        ("Content-Security-Policy", "default-src 'none'; font-src http://a.example",
         "csp-implemented-with-insecure-scheme"),
        ("Referrer-Policy", "unsafe-url", "referrer-policy-unsafe"),
        ("Strict-Transport-Security", None, "hsts-not-implemented"),
        ("Strict-Transport-Security", "max-age=1", "hsts-implemented-max-age-less-than-six-months"),
        ("X-Content-Type-Options", None, "x-content-type-options-not-implemented"),
        ("Access-Control-Allow-Origin", "https://evil.example",
         "cross-origin-resource-sharing-implemented-with-restricted-access"),
    ],
)  # fmt: skip
def test_the_grading_finds_what_is_missing(header: str, value: str | None, result: str) -> None:
    headers = {**SAID, header: value}
    given = {name: text for name, text in headers.items() if text is not None}
    assert result in grade(given, [], None).results


@pytest.mark.parametrize(
    ("cookie", "result"),
    [
        ("sid=1", "cookies-session-without-secure-flag"),
        ("sid=1; Secure", "cookies-session-without-httponly-flag"),
        ("sid=1; Secure; HttpOnly", "cookies-secure-with-httponly-sessions"),
        ("sid=1; Secure; HttpOnly; SameSite=None", "cookies-samesite-flag-invalid"),
        ("__Host-directory=1; Secure; HttpOnly; SameSite=Lax",
         "cookies-secure-with-httponly-sessions-and-samesite"),
    ],
)  # fmt: skip
def test_the_grading_reads_the_flags_of_cookies(cookie: str, result: str) -> None:
    assert grade(SAID, [cookie], None).results[1] == result


@pytest.mark.parametrize(
    ("html", "result"),
    [
        ("<p>", "sri-not-implemented-but-no-scripts-loaded"),
        ("<script src='/a.js'>", "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"),
        ("<script src='//cdn.example/a.js'>",
         "sri-not-implemented-and-external-scripts-not-loaded-securely"),
        ("<script src='https://cdn.example/a.js'>",
         "sri-not-implemented-but-external-scripts-loaded-securely"),
    ],
)  # fmt: skip
def test_the_grading_sees_scripts_of_others(html: str, result: str) -> None:
    assert result in grade(SAID, [], html).results


def test_a_bare_answer_fails_and_a_good_one_is_the_best_there_is() -> None:
    assert grade({}, ["sid=1"], "<script src='//a.example'>").grade == "F"
    cookie = "__Host-directory=1; Secure; HttpOnly; SameSite=Lax"
    assert grade(SAID, [cookie], "").score == BEST
    assert [least for least, _letter in GRADES] == sorted((one for one, _ in GRADES), reverse=True)
    assert min(MODIFIERS.values()) == -50


def test_a_program_with_a_token_gets_the_same_headers(engine: Engine) -> None:
    opened = open_place(engine, demo=True, secure_cookies=True)
    place: Place = Whole(opened.parts, opened.clock)
    place.account(READER)
    headers = bearer(place.token(READER))
    answer = place.client().get("/api/v1/states", headers=headers, base_url=HTTPS)
    assert answer.status_code == 200
    assert graded(answer).grade == "A+"
