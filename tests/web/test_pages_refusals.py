"""What does not fit is answered by a clear page: what is allowed, and what was typed."""

import re

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from directory.errors import Unavailable
from directory.web.errors import WORDS, error_page, show_http_error
from directory.web.parameters import problems_of
from tests.support.trial import Trial

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202egnp.exe\u202c",
    "*" * 200,
    "a* OR b~ AND NOT (((",
    "{{7*7}}%(x)s",
    "' OR 1=1 --",
    "\x00\x1f",
    "مساعدة قانونية",
)


def text_of(client: FlaskClient, address: str, status: int) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("address", ["/", "/states", "/states/RO", "/search?q=x", "/help"])
def test_stranger_is_led_to_the_sign_in(pages: Flask, address: str) -> None:
    answer = pages.test_client().get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("address", ["/states/ZZ", "/states/ROM", "/entries/RO-000000", "/nowhere"])
def test_unknown_thing_is_a_404_that_says_what_to_do(reader: FlaskClient, address: str) -> None:
    page = text_of(reader, address, 404)
    assert "search for the State" in page
    assert "Go to the finder" in page


def test_unknown_type_names_the_allowed_ones_and_keeps_the_form(reader: FlaskClient) -> None:
    page = text_of(reader, "/counterpart?requesting=JP&requested=RO&type=telepathy", 422)
    assert "provisional_arrest" in page
    assert re.search(r'<option value="JP" selected>', page)
    assert re.search(r'<option value="RO" selected>', page)
    assert 'aria-describedby="type-problem"' in page


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("requesting=FR&requested=XX&type=telepathy", ["requested", "type"]),
        ("requesting=YY&requested=XX&type=telepathy", ["requesting", "requested", "type"]),
        ("requested=xx", ["requested", "type"]),
        (
            "requesting=FR&requested=R0&type=telepathy&instrument=X",
            ["requested", "type", "instrument"],
        ),
        (
            "requested=RO&type=telepathy&instrument=X&territory=Y",
            ["type", "instrument", "territory"],
        ),
    ],
)
@pytest.mark.parametrize("address", ["/counterpart", "/counterpart/urgent"])
def test_every_field_that_is_wrong_stands_in_the_list_and_is_linked_from_it(
    reader: FlaskClient, address: str, question: str, wrong: list[str]
) -> None:
    page = text_of(reader, f"{address}?{question}", 422)
    summary = page[page.index('id="problems"') : page.index('<form class="finder"')]
    assert re.findall(r'<a href="#(\w+)">', summary) == wrong
    assert re.findall(r'aria-describedby="(\w+)-problem"', page) == wrong


@pytest.mark.parametrize(
    ("address", "shown", "links"),
    [
        ("/counterpart?requested=RO&type=x&colour=blue", ["colour"], ["type"]),
        ("/counterpart/urgent?requested=RO&type=x&on=2026-01-31", ["on"], ["type"]),
    ],
)
def test_what_stands_on_no_form_is_told_without_a_link(
    reader: FlaskClient, address: str, shown: list[str], links: list[str]
) -> None:
    page = text_of(reader, address, 422)
    summary = page[page.index('id="problems"') : page.index('<form class="finder"')]
    assert re.findall(r"<bdi>(\w+)</bdi>:", summary) == shown
    assert re.findall(r'<a href="#(\w+)">', summary) == links


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/counterpart?requesting=FR&requested=XX&type=mla", "XX"),
        ("/counterpart?requesting=FR&requested=FR&type=mla", "another State"),
        ("/counterpart?requesting=FR&type=mla", "Requested State</bdi></a>"),
        ("/counterpart?requesting=FR&requested=RO&type=mla&on=tomorrow", "YYYY-MM-DD"),
        ("/counterpart?requesting=FR&requested=RO&type=mla&on=2026-02-30", "YYYY-MM-DD"),
        ("/counterpart?requesting=FR&requested=RO&type=mla&urgent=perhaps", "true or false"),
        ("/counterpart?requesting=FR&requested=RO&type=mla&instrument=MAGNA-CARTA", "MAGNA-CARTA"),
        ("/counterpart?requesting=FR&requested=RO&type=mla&territory=GB-SCT", "territory"),
        ("/counterpart?requesting=FR&requested=RO&type=mla&colour=blue", "colour"),
        ("/counterpart?requesting=FR&requesting=JP&requested=RO&type=mla", "more than once"),
        ("/search?q=a&page=0", "from 1 to"),
        ("/search?q=a&page=9999999999999999999999", "from 1 to"),
        ("/search?q=a&state=XX", "XX"),
        ("/search?q=a&kind=wizard", "liaison_officer"),
        ("/search?q=a&kind=wizard&state=XX", '<a href="/states">List of States</a>'),
        ("/coverage?state=XX&type=zz", "no State has the code XX"),
        ("/liaison?state=XX&type=zz", "no State has the code XX"),
        ("/search?q=a&instrument=MAGNA-CARTA", "UNTOC (Palermo Convention) (UNTOC)"),
        ("/search?q=" + "a" * 100_000, "at most"),
        ("/?colour=blue", "colour"),
        ("/?lang=tlh", "tlh"),
        ("/states/RO?page=2", "page"),
    ],
)
def test_value_that_does_not_fit_is_named(reader: FlaskClient, address: str, named: str) -> None:
    page = text_of(reader, address, 422)
    assert named in page
    assert len(page) < 100_000


def test_typed_choice_that_does_not_exist_is_kept_as_typed(reader: FlaskClient) -> None:
    page = text_of(reader, "/counterpart?requested=RO&type=mla&territory=RO-X&instrument=Y", 422)
    assert '<option value="RO-X" selected>RO-X (not on record)</option>' in page
    assert '<option value="Y" selected>Y (not on record)</option>' in page


def test_typed_date_is_kept_as_typed(reader: FlaskClient) -> None:
    page = text_of(reader, "/counterpart?requesting=FR&requested=RO&type=mla&on=tomorrow", 422)
    assert 'value="tomorrow"' in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_as_text_or_refused(reader: FlaskClient, text: str) -> None:
    answer = reader.get("/search", query_string={"q": text})
    page = answer.get_data(as_text=True)
    assert answer.status_code in {200, 422}
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_words_are_never_run_as_a_template(reader: FlaskClient) -> None:
    assert 'value="{{7*7}}"' in text_of(reader, "/search?q={{7*7}}", 200)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_parameter_is_shown_as_text(reader: FlaskClient, text: str) -> None:
    answer = reader.get("/counterpart", query_string={"requested": text, "type": text, text: "1"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_no_question_at_all_leads_to_the_form(reader: FlaskClient) -> None:
    answer = reader.get("/counterpart")
    assert answer.status_code == 302
    assert answer.location == "/"


def test_words_of_a_library_are_shown_as_they_are() -> None:
    (problem,) = problems_of({"x" * 100: ["100% wrong"]})
    assert problem.path == "x" * 60 + "…"
    assert problem.message % {} == "100% wrong"


def test_prepared_response_passes(pages: Flask) -> None:
    with pages.test_request_context():
        passed = show_http_error(HTTPException(response=Response("ready", 409)))
    assert passed.get_data(as_text=True) == "ready"


def test_wrong_method_is_a_405_page(reader: FlaskClient) -> None:
    page = reader.get("/states").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    answer = reader.post("/states", data={"csrf_token": token.group(1)})
    assert answer.status_code == 405
    assert "Not possible this way" in answer.get_data(as_text=True)
    assert "GET" in answer.headers["Allow"]


def test_large_body_is_a_413_page(reader: FlaskClient) -> None:
    answer = reader.post("/sign-out", data={"csrf_token": "a" * (2 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "Too large" in answer.get_data(as_text=True)


@pytest.mark.parametrize("status", sorted(WORDS))
def test_every_error_has_a_calm_page(pages: Flask, status: int) -> None:
    with pages.test_request_context("/"):
        page = error_page(status, Unavailable("the reason of a machine"))
    text = page.get_data(as_text=True)
    assert page.status_code == status
    assert str(WORDS[status].title) in text
    assert "machine" not in text
    assert "Traceback" not in text


def test_database_that_is_away_is_a_503_page(
    trial: Trial, pages: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("disk gone"))

    monkeypatch.setattr("directory.web.views.states.list_states", away)
    page = text_of(reader, "/states", 503)
    assert "Not available at the moment" in page
    assert "secret" not in page
    assert "disk gone" not in page


def test_fault_of_ours_is_a_500_page_without_a_trace(
    pages: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("inner secret")

    monkeypatch.setattr("directory.web.views.states.list_states", broken)
    page = text_of(reader, "/states", 500)
    assert "Something failed here" in page
    assert "inner secret" not in page
