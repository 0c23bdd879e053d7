"""Hostile text in its contexts: text of a page, attribute, address, JSON, header."""

import html
import json
import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import Engine, update

from directory.models.proposal import Evidence
from tests.support.door import bearer
from tests.support.factories import authority, channel, publication, publish_all
from tests.support.secretariat import FIRST, PROPOSER, Office, open_office

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '"\' onmouseover=alert(1) x="',
    "image": "<img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% raw %}${7*7}",
    "address": "javascript:alert(1)//",
    "end of a comment": "--><svg onload=alert(1)>",
}
NAMED = "RO-HHHHHH"


class Reader(HTMLParser):
    """What a browser would run of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.runs.append(f"script {given}")
        self.runs += [f"{tag} {name}" for name in given if name.startswith("on")]
        for name in ("href", "src", "action", "formaction"):
            value = (given.get(name) or "").strip().lower()
            if value.startswith(("javascript:", "vbscript:", "data:text")):
                self.runs.append(f"{tag} {name}={value}")


def runs(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    return reader.runs


@pytest.fixture(params=HOSTILE)
def text(request: pytest.FixtureRequest) -> str:
    return HOSTILE[request.param]


@pytest.fixture
def office(engine: Engine, text: str) -> Office:
    """An office whose entries, proposals and files say hostile things."""
    made = open_office(engine)
    lines = (channel("desk@justice.example", note=text),)
    record = authority(f"Office {text}", note=text, ministry=text, channels=lines)
    publish_all(engine, publication(NAMED, record))
    return made


def test_pages_show_it_as_text_and_run_nothing(office: Office, text: str) -> None:
    shown = 0
    for email, address in (
        (PROPOSER, f"/entries/{NAMED}"),
        (PROPOSER, "/states/RO"),
        (PROPOSER, f"/entries/{NAMED}/history"),
        (PROPOSER, "/desk"),
        (PROPOSER, f"/desk/entries/{NAMED}/propose"),
    ):
        page = office.client(email).get(address).get_data(as_text=True)
        assert runs(page) == [], address
        shown += html.escape(text, quote=False) in page or html.escape(text) in page
        assert "{{ 49" not in page
    if "<" in text:
        assert shown > 0


def test_what_is_asked_comes_back_as_text(office: Office, text: str) -> None:
    client = office.client(PROPOSER)
    for address, name in (("/search", "q"), ("/counterpart", "requested"), ("/states", text)):
        page = client.get(address, query_string={name: text}).get_data(as_text=True)
        assert runs(page) == [], address


def test_programs_get_it_inside_a_string(office: Office, text: str) -> None:
    headers = bearer(office.place.token(PROPOSER))
    answer = office.place.client().get(f"/api/v1/entries/{NAMED}", headers=headers)
    assert answer.mimetype == "application/json"
    assert f"Office {text}" in json.dumps(answer.get_json(), ensure_ascii=False).replace('\\"', '"')
    refused = office.place.client().get(
        "/api/v1/states", query_string={text: text}, headers=headers
    )
    assert refused.mimetype in {"application/json", "application/problem+json"}


def test_a_header_stays_one_header(office: Office, text: str) -> None:
    office.changed_number()
    with office.place.work() as uow:
        uow.session.execute(update(Evidence).values(file_name=f"{text}.pdf"))
        (name,) = uow.session.query(Evidence.name).one()
    answer = office.client(FIRST).get(f"/reviews/evidence/{name}")
    assert answer.status_code == 200
    header = answer.headers["Content-Disposition"]
    assert header.startswith("attachment;")
    assert not re.search(r"[\r\n]", header)


def test_the_reader_of_these_tests_sees_what_would_run() -> None:
    assert runs("<script>alert(1)</script>") != []
    assert runs("<img src=x onerror=alert(1)>") != []
    assert runs("<a href=' JavaScript:alert(1)'>x</a>") != []
    assert runs("<script src='/static/app.js'></script>&lt;script&gt;") == []
