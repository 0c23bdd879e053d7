"""Pages of what one keeps for oneself: own only, by buttons that need no script."""

from urllib.parse import quote

import pytest
from sqlalchemy import Engine, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.key_ring import KeyRing
from directory.models.watching import QuestionCount, RecentLookups, SavedSearch, Watch
from directory.services.asked import AskedBook, LookupBox
from tests.support.secretariat import ENTRY, FIRST, PROPOSER, Office, open_office, plain
from tests.support.trial import counted_statements

READER = "reader@fr.example"
FINDER = "/counterpart?requesting=FR&requested=RO&type=mla"
KEY = "requesting=FR&requested=RO&type=mla"


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def remembering(office: Office) -> AskedBook:
    """The book of what was asked, as the composed directory has it."""
    made = AskedBook(office.place.parts.unit_of_work, LookupBox(KeyRing("k" * 32)))
    object.__setattr__(office.place.parts, "asked", made)
    return made


def count(office: Office, table: type) -> int:
    with office.place.parts.reading() as session:
        return len(session.scalars(select(table)).all())


def test_a_form_without_its_token_changes_nothing(office: Office) -> None:
    client = office.client(READER)
    for address in (
        f"/entries/{ENTRY}/watch",
        "/states/RO/watch",
        f"/counterpart/watch?{KEY}",
        "/search/save?q=romania",
        "/account/lookups/clear",
    ):
        assert client.post(address).status_code == 400, address
    assert count(office, Watch) == count(office, SavedSearch) == 0


def test_what_is_another_persons_cannot_be_ended_or_removed(office: Office) -> None:
    office.post(PROPOSER, "/states/RO/watch", watch="1")
    office.post(PROPOSER, "/search/save?q=romania")
    for address in ("/account/watches/1/end", "/account/searches/1/remove"):
        assert office.post(READER, address).status_code == 404
        assert office.post(FIRST, address).status_code == 404
    assert count(office, Watch) == count(office, SavedSearch) == 1
    for page in ("/account/watches", "/account/searches"):
        assert "Romania" not in office.get(FIRST, page)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (f"/entries/{ENTRY}/watch", f"/entries/{ENTRY}"),
        ("/states/RO/watch", "/states/RO"),
        (f"/counterpart/watch?{KEY}", FINDER),
    ],
)
def test_watching_begins_and_ends_with_one_button(office: Office, address: str, page: str) -> None:
    assert ">Watch</button>" in office.get(READER, page)
    sent = office.post(READER, address, watch="1")
    assert (sent.status_code, sent.location) == (303, page)
    assert "Stop watching" in office.get(READER, page)
    assert office.post(READER, address, watch="0").status_code == 303
    assert ">Watch</button>" in office.get(READER, page)
    assert count(office, Watch) == 0


def test_the_list_names_everything_that_is_watched(office: Office) -> None:
    for address in (f"/entries/{ENTRY}/watch", "/states/JP/watch", f"/counterpart/watch?{KEY}"):
        office.post(READER, address, watch="1")
    text = plain(office.get(READER, "/account/watches"))
    for words in ("Central Authority", "JP", "FR asks RO: mla"):
        assert words in text
    assert office.post(READER, "/account/watches/1/end").status_code == 303
    assert "Central Authority" not in office.get(READER, "/account/watches")


def test_what_cannot_be_watched_is_refused_in_words(office: Office) -> None:
    assert office.post(READER, "/entries/XX-000000/watch", watch="1").status_code == 404
    assert office.post(READER, "/states/XX/watch", watch="1").status_code == 404
    refused = office.post(READER, "/counterpart/watch?requested=RO", watch="1")
    assert refused.status_code in {400, 422}
    unknown = office.post(
        READER, "/counterpart/watch?requesting=FR&requested=XX&type=mla", watch="1"
    )
    assert unknown.status_code in {400, 422}


def test_a_search_is_saved_with_its_filters_and_found_again(office: Office) -> None:
    query = "q=" + quote("ministère") + "&state=RO&type=mla"
    assert "Save this search" in office.get(READER, f"/search?{query}")
    sent = office.post(READER, f"/search/save?{query}&page=3")
    assert sent.status_code == 303
    page = office.get(READER, "/account/searches")
    assert "ministère" in page
    assert "RO, mla" in page
    assert "Save this search" not in office.get(READER, sent.location)
    assert office.post(READER, "/account/searches/1/remove").status_code == 303
    assert "ministère" not in office.get(READER, "/account/searches")


def test_a_search_for_nothing_is_not_saved(office: Office) -> None:
    assert office.post(READER, "/search/save").status_code in {400, 422}
    assert count(office, SavedSearch) == 0


def test_look_ups_are_remembered_for_the_one_who_asked(office: Office) -> None:
    book = remembering(office)
    for _ in range(2):
        office.get(READER, FINDER)
        office.get(READER, "/search?q=secret+matter&type=mla")
    book.write()
    page = plain(office.get(READER, "/account/searches"))
    assert page.count("secret matter") == 1
    assert page.count("FR asks RO: mla") == 1
    for other in (PROPOSER, FIRST, "auditor@secretariat.example"):
        assert "secret matter" not in office.get(other, "/account/searches")
    with office.place.parts.reading() as session:
        (row,) = session.scalars(select(RecentLookups)).all()
        assert "secret" not in row.sealed
    assert office.post(READER, "/account/lookups/clear").status_code == 303
    assert "secret matter" not in office.get(READER, "/account/searches")
    assert count(office, RecentLookups) == 0


def test_few_look_ups_are_kept_and_none_with_another_key(office: Office) -> None:
    book = remembering(office)
    for number in range(25):
        office.place.clock.move(seconds=1)
        office.get(READER, f"/search?q=matter{number}")
    book.write()
    text = plain(office.get(READER, "/account/searches"))
    kept = [number for number in range(25) if f"matter{number} " in text]
    assert kept == list(range(5, 25))
    object.__setattr__(book, "box", LookupBox(KeyRing("another key" * 4)))
    assert "matter24" not in office.get(READER, "/account/searches")


def test_questions_are_counted_without_words_or_persons(office: Office) -> None:
    book = remembering(office)
    office.get(READER, FINDER)
    office.get(PROPOSER, FINDER)
    office.get(READER, "/counterpart?requesting=FR&requested=JP&type=extradition")
    office.get(READER, "/search?q=secret+person")
    book.write()
    office.get(READER, FINDER)
    book.write()
    with office.place.parts.reading() as session:
        rows = session.scalars(select(QuestionCount)).all()
    found = {
        (one.front.value, one.state_code, one.cooperation_type, one.outcome.value): one.asked
        for one in rows
    }
    assert found == {
        ("finder", "RO", "mla", "found"): 3,
        ("finder", "JP", "extradition", "nothing"): 1,
        ("search", "", "", "nothing"): 1,
    }


def test_what_cannot_be_written_waits_and_no_page_suffers(office: Office) -> None:
    book = remembering(office)
    fails = AskedBook(_no_database, book.box)
    object.__setattr__(office.place.parts, "asked", fails)
    office.get(READER, FINDER)
    with pytest.raises(RuntimeError):
        fails.write()
    fails._open_uow = office.place.parts.unit_of_work
    fails.write()
    assert count(office, QuestionCount) == 1


def _no_database() -> UnitOfWork:
    raise RuntimeError("the database is away")


@pytest.mark.parametrize(("page", "most"), [("/account/watches", 4), ("/account/searches", 4)])
def test_lists_ask_the_database_little(
    office: Office, engine: Engine, page: str, most: int
) -> None:
    remembering(office)
    for entry in (ENTRY, "RO-BBBBBB"):
        office.post(READER, f"/entries/{entry}/watch", watch="1")
    for word in ("one", "two", "three"):
        office.post(READER, f"/search/save?q={word}")
    office.get(READER, page)
    with counted_statements(engine) as sent:
        office.get(READER, page)
    assert len(sent) <= most, "\n".join(sent)
