"""A search that finds no entry says so, and where to go on."""

import pytest
from sqlalchemy import Engine

from directory.parts import Parts
from directory.search.whoosh_index import WhooshIndex
from directory.services.indexing import rebuild
from tests.support.secretariat import Office, open_office

READER = "reader@fr.example"


@pytest.fixture
def office(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Office:
    opened = open_office(engine)
    index = WhooshIndex(tmp_path_factory.mktemp("index"))
    rebuild(engine, index)
    parts: Parts = opened.place.parts
    object.__setattr__(parts, "index", index)
    return opened


def test_a_state_without_an_entry_for_the_kind_of_help_is_said_and_leads_to_the_finder(
    office: Office,
) -> None:
    page = office.get(READER, "/search?q=extradition+japan")
    assert "No authority on record in JP is designated for this: extradition." in page
    assert 'href="/counterpart?requested=JP&amp;type=extradition"' in page
    assert 'href="/states/JP"' in page
    assert 'href="/search?type=extradition"' in page
    assert 'href="/states/JP"' in page


def test_entries_for_another_kind_of_help_are_shown_but_are_no_answer(office: Office) -> None:
    page = office.get(READER, "/search?q=extradition+romania")
    assert "No authority on record in RO is designated for this: extradition." in page
    assert "Central Authority" in page


def test_filters_that_let_nothing_through_can_be_left_out(office: Office) -> None:
    page = office.get(READER, "/search?q=central&state=JP")
    assert 'href="/search?q=central"' in page


def test_words_that_nothing_is_known_of_lead_to_the_lists(office: Office) -> None:
    page = office.get(READER, "/search?q=qqqzzz")
    assert "Nothing on record matches." in page
    assert 'href="/states"' in page


def test_where_entries_are_found_there_is_no_such_box(office: Office) -> None:
    assert "gap-box" not in office.get(READER, "/search?q=central+authority")
