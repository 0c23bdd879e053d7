"""Reading the read audit, finding a file again, and alerts; refusals first."""

import csv
import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.cli.worker import checkpoint, forget, watch_look_ups
from directory.db.base import Base
from directory.domain.looking import LookUp, Seen, Way
from directory.domain.scraping import Pattern, longest_in_order
from directory.models.account import Account
from directory.models.notice import Notice
from directory.models.read_audit import ReadAlert, ReadView
from directory.services.looking import write_looks
from tests.audit.conftest import (
    ADMIN,
    AUDITOR,
    AUTHORITY,
    COLLEAGUE,
    FOCAL_FR,
    FOCAL_RO,
    FRENCH,
    MANY,
    OFFICER_A,
    READER,
    SAME_TYPE,
    THIRD,
    House,
    Open,
)

TABLE = Base.metadata.tables["export_made"]
SERIAL = re.compile(r"X-[0-9A-HJKMNP-TV-Z]{10}")


def look(house: House, email: str, *entries: str, way: Way = Way.API, ago: float = 0) -> None:
    """Look-ups of a person, one for each entry, ``ago`` hours ago."""
    state = "" if "secretariat" in email else email[-10:-8].upper()
    at = house.clock() - dt.timedelta(hours=ago)
    looks = [
        LookUp(
            at=at,
            account_id=house.ids[email],
            state=state,
            way=way,
            seen=(Seen(entry, entry[:2]),),
        )
        for entry in entries
    ]
    with house.work() as uow:
        write_looks(uow, looks, {})


def alerts(house: House) -> list[tuple[Pattern, str]]:
    """What the worker finds now: the pattern, and the State."""
    watch_look_ups(house.parts, house.clock())
    with Session(house.parts.engine) as session:
        return [(one.pattern, one.state) for one in session.scalars(select(ReadAlert))]


# --- who may read it


@pytest.mark.parametrize("path", ["/read-audit", "/read-audit/export.csv", "/read-audit/exports"])
@pytest.mark.parametrize("email", [READER, OFFICER_A])
def test_readers_and_officers_do_not_read_who_looked_at_what(
    house: House, email: str, path: str
) -> None:
    assert house.person(email).get(path).status_code == 403


@pytest.mark.parametrize("email", [READER, OFFICER_A, FOCAL_FR])
def test_alerts_are_for_administrators_and_auditors(house: House, email: str) -> None:
    assert house.person(email).get("/read-audit/alerts").status_code == 403


@pytest.mark.parametrize("path", ["/read-audit", "/read-audit/export.csv"])
def test_a_state_reads_what_its_own_accounts_looked_at_and_no_other(
    house: House, path: str
) -> None:
    look(house, READER, AUTHORITY)
    look(house, SAME_TYPE, AUTHORITY)
    look(house, OFFICER_A, AUTHORITY)
    own = house.person(FOCAL_FR).get(path).get_data(as_text=True)
    assert READER in own
    assert SAME_TYPE not in own
    assert OFFICER_A not in own
    asked = house.person(FOCAL_FR).get(f"{path}?state=JP").get_data(as_text=True)
    assert SAME_TYPE not in asked
    for email in (AUDITOR, ADMIN):
        everything = house.person(email).get(path).get_data(as_text=True)
        assert {READER, SAME_TYPE, OFFICER_A} <= set(re.findall(r"[\w.]+@[\w.]+", everything))


def test_the_owner_sees_counts_for_each_entry_and_never_by_whom(house: House) -> None:
    look(house, READER, AUTHORITY, AUTHORITY)
    look(house, COLLEAGUE, AUTHORITY)
    look(house, SAME_TYPE, AUTHORITY)
    look(house, FOCAL_RO, AUTHORITY)
    look(house, READER, FRENCH, MANY[0], ago=31 * 24)
    page = house.person(FOCAL_RO).get("/desk/look-ups").get_data(as_text=True)
    assert READER not in page
    assert SAME_TYPE not in page
    # Four times by others, from two States; older ones and those of the own State do not count.
    cells = re.findall(r'<td class="number">(\d+)', page)
    assert cells == ["4", "2"]
    assert house.person(FOCAL_FR).get("/desk/look-ups").status_code == 200
    assert house.person(READER).get("/desk/look-ups").status_code == 403


# --- filters and the file


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (f"email={READER}", {AUTHORITY, FRENCH}),
        ("state=JP", {MANY[0]}),
        ("way=extract", {FRENCH}),
        (f"entry={AUTHORITY}", {AUTHORITY}),
        ("entry_state=FR", {FRENCH}),
        ("since=2026-11-23", {AUTHORITY, FRENCH}),
        ("until=2026-11-22", {MANY[0]}),
        ("email=nobody%40fr.example", set()),
    ],
)
def test_each_filter_narrows_the_list_and_the_file(
    house: House, asked: str, expected: set[str]
) -> None:
    look(house, READER, AUTHORITY)
    look(house, READER, FRENCH, way=Way.EXTRACT)
    look(house, SAME_TYPE, MANY[0], ago=24)
    client = house.person(AUDITOR)
    page = client.get(f"/read-audit?{asked}")
    assert page.status_code == 200
    shown = set(re.findall(r'/entries/([A-Z]{2}-[A-Z0-9]+)"', page.get_data(as_text=True)))
    assert shown == expected
    file = client.get(f"/read-audit/export.csv?{asked}").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(file.removeprefix("\ufeff"))))
    assert SERIAL.search(rows[0][0])
    assert {row[5] for row in rows[2:]} == expected


@pytest.mark.parametrize("asked", ["since=soon", "since=2026-02-02&until=2026-02-01", "way=magic"])
def test_a_filter_that_does_not_fit_is_named_and_kept(house: House, asked: str) -> None:
    page = house.person(AUDITOR).get(f"/read-audit?{asked}")
    assert page.status_code == 422
    assert house.person(AUDITOR).get(f"/read-audit/export.csv?{asked}").status_code == 422


def test_older_rows_are_a_page_further(house: House) -> None:
    look(house, READER, *(MANY * 2))
    first = house.person(AUDITOR).get("/read-audit").get_data(as_text=True)
    older = re.search(r'href="(/read-audit\?before=\d+)"', first)
    assert older
    second = house.person(AUDITOR).get(older[1]).get_data(as_text=True)
    assert first.count("<tr>") - 1 == 50
    assert second.count("<tr>") - 1 == 10


# --- files


@pytest.mark.parametrize(
    "path",
    [
        "/desk/export.csv",
        "/desk/export.xlsx",
        "/desk/export.json",
        "/desk/import/template/authority-filled.xlsx",
        f"/entries/{AUTHORITY}/extract?format=json",
        "/counterpart/extract?requesting=FR&requested=RO&type=mla&format=json",
    ],
)
def test_every_file_names_its_recipient_and_a_number_by_which_it_is_found_again(
    house: House, path: str
) -> None:
    sign_log(house)
    file = house.person(FOCAL_RO).get(path)
    assert file.status_code == 200
    text = readable(file.get_data())
    assert FOCAL_RO in text
    serial = SERIAL.search(text)
    assert serial
    found = house.person(AUDITOR).get(f"/read-audit/exports?serial={serial[0].lower()}")
    page = found.get_data(as_text=True)
    assert FOCAL_RO in page
    assert page.count("<tr>") - 1 == 1


def test_no_file_leaves_while_it_cannot_be_written_down(house: House) -> None:
    with house.parts.engine.begin() as connection:
        TABLE.drop(connection)
    try:
        answer = house.person(FOCAL_RO).get("/desk/export.csv")
        assert answer.status_code == 503
    finally:
        with house.parts.engine.begin() as connection:
            TABLE.create(connection)


def test_an_export_leaves_a_look_up_for_each_entry_that_is_in_it(house: House) -> None:
    house.person(FOCAL_RO).get("/desk/export.csv")
    found = [one.entry_id for one in house.views() if one.way is Way.EXPORT]
    assert {AUTHORITY, *MANY} <= set(found)


def test_a_number_that_no_file_has_finds_nothing(house: House) -> None:
    page = house.person(AUDITOR).get("/read-audit/exports?serial=X-0000000000")
    assert "No file has this number" in page.get_data(as_text=True)


def sign_log(house: House) -> None:
    """Extracts rest on a checkpoint."""

    checkpoint(house.parts, house.clock())


def readable(content: bytes) -> str:
    """What a file says, unpacked where it is a workbook."""
    if not content.startswith(b"PK"):
        return content.decode()

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith("l"))


# --- alerts


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40))
def test_the_longest_run_is_what_counting_all_runs_gives(keys: list[str]) -> None:
    squeezed = [key for at, key in enumerate(keys) if at == 0 or keys[at - 1] != key]
    runs = [
        squeezed[start:end]
        for start in range(len(squeezed))
        for end in range(start + 1, len(squeezed) + 1)
    ]
    orderly = [run for run in runs if run in (sorted(run), sorted(run, reverse=True))]
    assert longest_in_order(keys) == max(map(len, orderly), default=0)


def test_people_at_work_raise_no_alert(house: House) -> None:
    for email in (READER, COLLEAGUE, THIRD):
        look(house, email, AUTHORITY, MANY[7], MANY[3], FRENCH, MANY[9])
    assert alerts(house) == []


def test_a_sequence_of_entries_is_found_either_way_and_told(house: House) -> None:
    look(house, READER, *MANY[:15])
    look(house, SAME_TYPE, *reversed(MANY[:15]))
    found = alerts(house)
    assert found == [(Pattern.ENTRIES_IN_ORDER, "FR"), (Pattern.ENTRIES_IN_ORDER, "JP")]
    told = select(Account.email).join(Notice, Notice.account_id == Account.id)
    with Session(house.parts.engine) as session:
        emails = session.scalars(told.where(Notice.kind == "reading_alert")).all()
        params = session.scalars(select(Notice.params)).all()
    assert sorted(emails) == sorted([ADMIN, AUDITOR] * 2)
    assert READER not in json.dumps(list(params))
    page = house.person(AUDITOR).get("/read-audit/alerts").get_data(as_text=True)
    assert "Entries one after the other" in page
    assert READER in page


def test_states_in_order_and_very_many_of_them_are_found(house: House) -> None:
    codes = [f"{one}{two}" for one in "ABCD" for two in "ABCDEFGHIJ"]
    look(house, READER, *(f"{code}-AAAAAA" for code in codes))
    found = {pattern for pattern, _state in alerts(house)}
    assert {Pattern.STATES_IN_ORDER, Pattern.BREADTH} <= found


def test_states_in_order_are_found_in_questions_to_the_finder(house: House) -> None:
    look(house, READER, *(f"A{one}-ZZZZZZ" for one in "ABCDEFGHIJKL"), way=Way.FINDER)
    assert alerts(house) == [(Pattern.STATES_IN_ORDER, "FR")]


def test_the_same_entries_by_several_accounts_of_one_state_are_found(house: House) -> None:
    mixed = [MANY[at * 7 % 30] for at in range(15)]
    for email in (READER, COLLEAGUE):
        look(house, email, *mixed)
    assert alerts(house) == []
    look(house, THIRD, *mixed)
    assert alerts(house) == [(Pattern.SHARED, "FR")]


def test_rates_quotas_and_what_went_beyond_them_are_told(open_house: Open) -> None:
    house = open_house(views_soft_hourly=2, views_hard_daily=3, state_views_hard_daily=100)
    for entry in (MANY[4], MANY[1], MANY[8]):
        house.get(READER, f"/api/v1/entries/{entry}")
    assert house.get(READER, "/api/v1/entries/RO-POINT0")[0] == 200
    house.audit.end()
    assert set(alerts(house)) == {
        (Pattern.RATE, "FR"),
        (Pattern.QUOTA, "FR"),
        (Pattern.BEYOND_QUOTA, "FR"),
    }


def test_an_alert_is_told_once_a_day(house: House) -> None:
    look(house, READER, *MANY[:15])
    assert len(alerts(house)) == 1
    assert len(alerts(house)) == 1
    house.clock.move(days=1)
    look(house, READER, *MANY[:15])
    assert len(alerts(house)) == 2


# --- how long it is kept


def test_look_ups_are_let_go_of_after_the_days_that_are_set(house: House) -> None:
    look(house, READER, *MANY[:3], ago=24 * 31)
    look(house, READER, *MANY[3:5])
    kept = replace(house.parts, settings=replace(house.parts.settings, read_audit_days=30))
    assert forget(kept, house.clock()) == {"look_ups": 3}
    assert forget(kept, house.clock()) == {}
    with Session(house.parts.engine) as session:
        assert session.scalar(select(func.count(ReadView.id))) == 2
