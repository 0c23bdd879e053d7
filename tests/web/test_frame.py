"""The frame of a page is kept by all that it is made of, and by nothing else."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment, meta, nodes

from directory.web import appearance, frame, i18n
from directory.web.context import kept_here
from tests.support.trial import OFFICER, Trial
from tests.web.test_places import ACTORS

#: What a part may use beside what is given to it: all of them say the same to everybody who reads
#: the language.
SAME_FOR_ALL = {"_", "url_for", "language", "own_name"}
SAME_FILTERS = {"length", "list", "mark_title", "selectattr"}
GIVEN = {
    "places.html": {"line", "office", "help"},
    "own.html": {"places"},
    "choices.html": {"codes", "colours"},
    "why.html": {"mark"},
}


@pytest.fixture(scope="module")
def officer(trial: Trial, pages: Flask) -> FlaskClient:
    return trial.client(pages, OFFICER)


def footer(page: str) -> list[str]:
    """Where the languages and colours of the footer lead to."""
    return re.findall(r'href="([^"]*)"', page[page.index("<footer") :])


def test_a_part_uses_nothing_that_is_not_given_to_it() -> None:
    folder = Path(frame.__file__).parent / "templates" / "frame"
    # One that knows no names of its own, and so tells all.
    bare = Environment(autoescape=True)
    bare.filters |= dict.fromkeys(SAME_FILTERS - bare.filters.keys(), str)
    parsed = {one.name: bare.parse(one.read_text()) for one in folder.iterdir()}
    used = {name: meta.find_undeclared_variables(tree) for name, tree in parsed.items()}
    assert {name: names - SAME_FOR_ALL for name, names in used.items()} == GIVEN
    for tree in parsed.values():
        assert {one.name for one in tree.find_all(nodes.Filter)} <= SAME_FILTERS
        assert not list(meta.find_referenced_templates(tree))


@pytest.mark.parametrize("role", ACTORS)
def test_each_role_is_shown_its_own_places(pages: Flask, role: str) -> None:
    def shown(one: str) -> tuple[str, str]:
        with pages.test_request_context("/states"):
            kept_here()["actor"] = ACTORS[one]
            return frame.places(), frame.own_places()

    frame.install(pages)
    alone = shown(role)
    frame.install(pages)
    for other in ACTORS.keys() - {role}:
        shown(other)
    assert shown(role) == alone


def test_a_reader_is_not_shown_the_office(officer: FlaskClient, reader: FlaskClient) -> None:
    assert 'class="drop places-office"' in officer.get("/states").text
    assert 'class="drop places-office"' not in reader.get("/states").text


@pytest.mark.parametrize("lang", i18n.OWN_NAMES)
def test_each_language_has_its_own_frame(pages: Flask, reader: FlaskClient, lang: str) -> None:
    page = reader.get(f"/states?lang={lang}").text
    spoken = re.findall(r'lang="(\w+)"\s+hreflang="\w+" aria-current="true"', page)
    assert spoken == [lang]


def test_the_footer_leads_back_to_the_page_with_what_was_asked(reader: FlaskClient) -> None:
    links = footer(reader.get("/search?q=a%26b&lang=fr").text)
    assert "/search?q=a%26b&amp;lang=ar" in links
    assert "/search?q=a%26b&amp;lang=fr&amp;appearance=dark" in links
    assert {link.count("lang=") for link in links} == {1}
    assert footer(reader.get("/states?lang=en").text)[0] == "/states?lang=en"


@pytest.mark.parametrize("q", ["@appearance@", "@lang@", '"><script>alert(1)</script>'])
def test_what_was_asked_cannot_write_into_the_footer(reader: FlaskClient, q: str) -> None:
    page = reader.get("/search", query_string={"q": q, "lang": "en"}).text
    links = [unescape(link) for link in footer(page)]
    assert len(links) == len(i18n.OWN_NAMES) + len(appearance.Appearance)
    asked = {next(iter(parse_qsl(urlsplit(link).query))) for link in links}
    assert asked == {("q", q)}
    assert {urlsplit(link).path for link in links} == {"/search"}
    assert "<script>alert" not in page


def test_an_address_is_escaped_in_the_footer(pages: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "url_with", lambda **_changes: '/"><script>')
    with pages.test_request_context("/states"):
        assert "<script>" not in frame.choices()


def test_under_another_beginning_of_addresses_the_places_lead_there(pages: Flask) -> None:
    for begins in ("", "/directory"):
        with pages.test_request_context("/states", environ_overrides={"SCRIPT_NAME": begins}):
            kept_here()["actor"] = ACTORS["reader"]
            assert f'href="{begins}/coverage"' in frame.places()
