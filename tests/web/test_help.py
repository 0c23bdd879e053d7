"""Help answers: guides by role, marks explained where they stand, a glossary of what is on file."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.domain.vocabulary import CooperationType
from directory.web.access import need_of
from directory.web.glossary import TYPES
from directory.web.guides import GUIDES, PLACES
from directory.web.marks import MARKS
from tests.support.catalogue import PACKAGE
from tests.support.desk import FOCAL
from tests.support.trial import Trial, counted_statements
from tests.web.test_pages import Elements, show, words

TEMPLATES = PACKAGE / "web/templates"
ADDRESSES = ("/help/marks", "/help/glossary", *(f"/help/{key}" for key in GUIDES))
#: Words that two screens of a desktop hold, at most.
LONGEST_GUIDE = 450


def marks_used(folder: Path) -> set[str]:
    """Every mark that a template names in a call of ``why``, or of ``note`` with a mark."""
    source = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.html"))
    calls = "\n".join(re.findall(r"\bwhy\(.*?\)|\bnote\(.*\) }}", source))
    return {mark.key for mark in MARKS if f'"{mark.key}"' in calls}


@pytest.mark.parametrize("address", ["/help/nobody", "/help/reader/", "/help/READER"])
def test_unknown_guide_is_not_found(reader: FlaskClient, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_stranger_is_sent_to_sign_in(pages: Flask) -> None:
    assert all(pages.test_client().get(one).status_code == 302 for one in ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_has_one_heading_and_a_way_back(reader: FlaskClient, address: str) -> None:
    page = show(reader, address)
    assert len(Elements(page).of("h1")) == 1
    assert {"href": "/help"} in Elements(page).of("a")


def test_every_guide_fits_two_screens() -> None:
    for guide in GUIDES.values():
        texts = [str(step.text) for section in guide.sections for step in section.steps]
        assert len(" ".join(texts).split()) <= LONGEST_GUIDE, guide.key


def test_every_step_leads_to_a_page_that_exists_and_is_named(pages: Flask) -> None:
    endpoints = {
        step.endpoint
        for guide in GUIDES.values()
        for section in guide.sections
        for step in section.steps
        if step.endpoint
    }
    assert endpoints == set(PLACES)
    assert all(need_of(pages, endpoint) for endpoint in endpoints)


def test_guide_links_to_no_page_that_its_reader_may_not_open(
    trial: Trial, pages: Flask, reader: FlaskClient
) -> None:
    def places(client: FlaskClient) -> list[tuple[str, str]]:
        page = show(client, "/help/focal-point")
        return re.findall(r'class="help-place" href="([^"]+)">([^<]*)<', page)

    assert places(reader) == [("/account/sign-in", "How you sign in")]
    assert ("/desk/import", "Import and export") in places(trial.client(pages, FOCAL))
    assert "Announce closed days" in show(reader, "/help/focal-point")


def test_every_mark_is_explained_on_its_own_anchor(reader: FlaskClient) -> None:
    anchors = {one.get("id") for one in Elements(show(reader, "/help/marks")).of("section")}
    assert {mark.key for mark in MARKS} <= anchors


def test_every_mark_explained_stands_beside_something() -> None:
    assert marks_used(TEMPLATES) == {mark.key for mark in MARKS}


@pytest.mark.parametrize(
    ("address", "mark"),
    [
        ("/states/RO", "freshness"),
        ("/states/RO", "not-on-record"),
        ("/states/RO", "synthetic"),
        ("/counterpart?requesting=FR&requested=RO&type=mla", "freshness"),
        ("/liaison", "synthetic"),
    ],
)
def test_mark_leads_to_its_explanation(reader: FlaskClient, address: str, mark: str) -> None:
    links = [one["href"] for one in Elements(show(reader, address)).of("a")]
    assert f"/help/marks#{mark}" in links


def test_glossary_has_every_kind_of_help_with_its_articles(reader: FlaskClient) -> None:
    assert set(TYPES) == set(CooperationType)
    page = words(show(reader, "/help/glossary"))
    assert "Mutual legal assistance" in page
    assert "UNTOC (Palermo Convention) , article 18(13): obliges it to designate" in page
    assert "article 16: obliges nobody to designate an authority" in page


def test_glossary_links_each_instrument_to_the_text_on_file(
    reader: FlaskClient,
) -> None:
    links = {one["href"] for one in Elements(show(reader, "/help/glossary")).of("a")}
    seeded = (PACKAGE.parent / "seed_data/instruments.csv").read_text("utf-8")
    addresses = set(re.findall(r"https://[^,\s\"]+", seeded))
    assert {one for one in links if one and one.startswith("https:")} <= addresses


def test_help_asks_the_database_for_the_reader_and_the_edition_at_most(
    trial: Trial, reader: FlaskClient
) -> None:
    for address in ADDRESSES:
        show(reader, address)
        with counted_statements(trial.parts.engine) as sent:
            show(reader, address)
        assert len(sent) <= 2, address
