"""One word in each field of each audience, looked for in everything that leaves the directory."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from directory.cli.worker import checkpoint
from directory.domain.vocabulary import Role
from directory.exchange.export import Mark, exported
from directory.exchange.forms import Form
from directory.queries import entries
from directory.queries.exports import ExportFilters, entries_to_export
from directory.search.whoosh_index import WhooshIndex
from directory.services.indexing import KeptIndex, mend
from tests.audit.conftest import (
    AUTHORITY,
    FOCAL_FR,
    FOCAL_RO,
    OFFICER_A,
    PEOPLE,
    POINT,
    READER,
    SAME_TYPE,
    House,
    Open,
)
from tests.audit.walking import (
    ALLOWED,
    AUDIT_TABLES,
    CANARIES,
    PROPOSED,
    READER_RO,
    Answered,
    actor_of,
    furnish,
    leaks,
    rows,
    unpacked,
    walk,
)
from tests.support.door import form_token

#: Outputs that show lines and leave no look-up, each with the reason.
UNWATCHED = {
    # The change log's own page says what was published; auditors and officers alone read it.
    "log.show",
    # The desk repeats to a State which of its own lines a reader reported, and so does the notice.
    "desk.show",
    "notices.show_own",
}


@pytest.fixture
def furnished(open_house: Open, tmp_path: Path) -> tuple[House, dict[str, str]]:
    """The directory with canaries in it, an index that has learnt it, and a signed log."""
    house = open_house()
    parts = furnish(house)
    engine, index = house.parts.engine, WhooshIndex(tmp_path / "index")
    house = House(replace(house.parts, index=KeptIndex(engine, index)), house.clock, ids=house.ids)
    mend(engine, house.parts.index)
    checkpoint(house.parts, house.clock())
    return house, parts


def watched(
    house: House, answers: Iterator[Answered], missed: list[tuple[str, str]]
) -> Iterator[Answered]:
    """Pass the answers on; ``missed`` are those that show a line and left no look-up."""
    before = house.last_view
    for one in answers:
        after = house.last_view
        if one.found and after == before and one.endpoint not in UNWATCHED:
            missed.append((one.email, one.url))
        before = after
        yield one


def test_no_get_route_shows_anybody_what_is_not_for_them_and_reading_changes_nothing(
    furnished: tuple[House, dict[str, str]],
) -> None:
    house, parts = furnished
    for email in filter(None, ALLOWED):
        house.person(email)
    before = rows(house)
    missed: list[tuple[str, str]] = []
    answers = list(watched(house, walk(house, parts), missed))
    assert leaks(iter(answers)) == []
    assert missed == []
    assert rows(house) == before
    assert not [(one.email, one.url) for one in answers if one.status == 500]
    # The canaries are there to be found: each is seen by somebody.
    seen = frozenset[str]().union(*(one.found for one in answers))
    assert seen >= {*CANARIES, PROPOSED}
    # And every person was shown all that is for them.
    for email, allowed in ALLOWED.items():
        found = frozenset[str]().union(*(one.found for one in answers if one.email == email))
        assert {CANARIES[word] for word in found & CANARIES.keys()} == allowed, email


def test_a_view_without_the_policy_is_caught(
    furnished: tuple[House, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, parts = furnished

    def whole(_actor: object, _state: str, record: Any, **_options: object) -> Any:
        return record

    monkeypatch.setattr(entries, "visible", whole)
    for endpoint in ("entries.show", "api_entries.show_entry"):
        assert leaks(walk(house, parts, frozenset({endpoint})))


def test_an_output_without_the_audit_is_caught(
    furnished: tuple[House, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, parts = furnished
    monkeypatch.setattr("directory.web.views.entries.looked_at", lambda *_given: None)
    missed: list[tuple[str, str]] = []
    list(watched(house, walk(house, parts, frozenset({"entries.show"})), missed))
    assert missed


def test_a_page_that_writes_is_caught(
    furnished: tuple[House, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, parts = furnished
    house.person(READER)
    before = rows(house)

    def writing(*_given: object) -> None:
        with house.work() as uow:
            uow.session.connection().exec_driver_sql("UPDATE entry SET open_reports = 7")

    monkeypatch.setattr("directory.web.views.entries.looked_at", writing)
    list(walk(house, parts, frozenset({"entries.show"})))
    after = rows(house)
    assert before.keys() == after.keys()
    assert before["entry"] != after["entry"]
    assert AUDIT_TABLES.isdisjoint(before)


@pytest.mark.parametrize("email", [READER, SAME_TYPE, READER_RO, FOCAL_FR, OFFICER_A])
def test_no_exporter_writes_what_is_not_for_its_recipient(
    furnished: tuple[House, dict[str, str]], email: str
) -> None:
    house, _parts = furnished
    role, state = PEOPLE.get(email, (Role.READER, "RO"))
    who = actor_of(house, email, role, state)
    with house.parts.reading() as session:
        found = tuple(entries_to_export(who, session, ExportFilters(), house.clock().date()))
    mark = Mark(recipient=email, at=house.clock(), serial="X-0000000000")
    for form in Form:
        text = unpacked(exported(form, found, mark))
        answered = Answered(email, form.value, form.value, 200, text)
        assert leaks(iter([answered])) == []
        assert answered.found


@pytest.mark.parametrize(
    "word", [one for one, audience in CANARIES.items() if "ALL" not in audience.name]
)
def test_nothing_restricted_is_found_by_searching_for_it(
    furnished: tuple[House, dict[str, str]], word: str
) -> None:
    house, _parts = furnished
    for email in (READER, FOCAL_RO):
        client = house.person(email)
        found = client.get(f"/api/v1/search?q={word}").get_json()
        assert (found["items"], found["facets"].get("kind", {})) == ([], {})
        assert word not in str(found["did_you_mean"])
        assert client.get(f"/api/v1/suggest?q={word[:12]}").get_json()["items"] == []


def test_an_entity_tag_says_no_more_than_the_body_it_stands_for(
    furnished: tuple[House, dict[str, str]],
) -> None:
    house, _parts = furnished
    tags = set()
    for email in (READER, SAME_TYPE, READER_RO, FOCAL_RO):
        answer = house.person(email).get(f"/api/v1/entries/{AUTHORITY}")
        assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()[:32]}"'
        tags.add(answer.headers["ETag"])
    assert len(tags) == 4


def test_a_dry_run_shows_nobody_the_lines_of_another_state(
    furnished: tuple[House, dict[str, str]],
) -> None:
    house, _parts = furnished
    reader = actor_of(house, READER, Role.READER, "FR")
    with house.parts.reading() as session:
        wanted = ExportFilters(states=("RO",))
        found = tuple(entries_to_export(reader, session, wanted, house.clock().date()))
    mark = Mark(recipient=READER, at=house.clock(), serial="X-0000000000")

    content = exported(Form.JSON, found, mark)
    client = house.person(FOCAL_FR)
    sent = {
        "csrf_token": form_token(client.get("/desk/import")),
        "file": (io.BytesIO(content), "entries.json"),
    }
    page = client.post("/desk/import", data=sent, content_type="multipart/form-data")
    answered = Answered(FOCAL_FR, "imports.look", "/desk/import", 200, page.get_data(as_text=True))
    assert leaks(iter([answered])) == []


def test_refusals_repeat_nothing_restricted(furnished: tuple[House, dict[str, str]]) -> None:
    house, parts = furnished
    client = house.person(READER)
    for path in (f"/proposals/{parts['proposal_id']}", f"/entries/{POINT}/break-glass", "/log"):
        answer = client.get(path)
        one = Answered(READER, path, path, answer.status_code, answer.get_data(as_text=True))
        assert leaks(iter([one])) == []
