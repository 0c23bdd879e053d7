"""What is kept of a look-up, when it is refused, and what happens while nobody can keep it."""

import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.domain.looking import LookUp, Seen, Way
from directory.domain.vocabulary import Audience
from directory.models.read_audit import ReadCount
from directory.services.looking import AT_ONCE, write_looks
from tests.audit.conftest import (
    ADMIN,
    AUTHORITY,
    CANARIES,
    COLLEAGUE,
    FOCAL_RO,
    FRENCH,
    MANY,
    POINT,
    READER,
    SAME_TYPE,
    House,
    Open,
)
from tests.support.trial import counted_statements

ENTRY = f"/api/v1/entries/{AUTHORITY}"
FINDER = "/api/v1/counterparts?requesting=FR&requested=RO&type=mla"
URGENT = "/api/v1/counterparts?requesting=FR&requested=RO&type=e_evidence&urgent=true"


# --- refusals


def test_beyond_the_quota_of_the_day_an_entry_is_refused_with_what_to_do(open_house: Open) -> None:
    house = open_house(views_hard_daily=3, secretariat_contact="desk@secretariat.example")
    for entry in MANY[:3]:
        assert house.get(READER, f"/api/v1/entries/{entry}")[0] == 200
    refused = house.client().get(ENTRY, headers=house.program(READER))
    assert refused.status_code == 429
    assert refused.get_json()["type"] == "/api/v1/problems#quota-reached"
    # The clock stands at noon: the quota begins anew at midnight.
    assert refused.headers["Retry-After"] == str(12 * 3600)
    page = house.person(READER).get(f"/entries/{AUTHORITY}")
    assert page.status_code == 429
    said = page.get_data(as_text=True)
    assert "24/7 contact points and urgent questions" in said
    assert "desk@secretariat.example" in said
    assert CANARIES[Audience.ALL_READERS] not in said


@pytest.mark.parametrize(
    "path",
    [
        ENTRY,
        f"{ENTRY}?as_of=2026-05-01",
        f"{ENTRY}/history",
        FINDER,
        f"/entries/{AUTHORITY}",
        f"/entries/{AUTHORITY}/history",
        f"/entries/{AUTHORITY}/as-of/2026-05-01",
        f"/entries/{AUTHORITY}/extract",
        "/counterpart?requesting=FR&requested=RO&type=mla",
    ],
)
def test_every_way_to_a_contact_is_closed_beyond_the_quota(open_house: Open, path: str) -> None:
    house = open_house(views_hard_daily=1)
    assert house.get(READER, ENTRY)[0] == 200
    if path.startswith("/api/"):
        assert house.get(READER, path)[0] == 429
    else:
        assert house.person(READER).get(path).status_code == 429


def test_the_quota_of_a_state_is_shared_by_its_accounts(open_house: Open) -> None:
    house = open_house(state_views_hard_daily=4)
    for email, entry in zip((READER, COLLEAGUE) * 2, MANY, strict=False):
        assert house.get(email, f"/api/v1/entries/{entry}")[0] == 200
    assert house.get(READER, ENTRY)[0] == 429
    assert house.get(COLLEAGUE, ENTRY)[0] == 429
    assert house.get(SAME_TYPE, ENTRY)[0] == 200


def test_two_processes_count_together(open_house: Open) -> None:
    house = open_house(views_hard_daily=4)
    other = house.another()
    for one, entry in zip((house, other) * 2, MANY, strict=False):
        assert one.get(READER, f"/api/v1/entries/{entry}")[0] == 200
        assert one.audit.flush()
    # Each learns the other's count with its own next batch.
    found = [one.get(READER, f"/api/v1/entries/{MANY[5]}")[0] for one in (house, other)]
    assert 429 in found
    house.audit.end()
    other.audit.end()
    with Session(house.parts.engine) as session:
        day = session.get(ReadCount, (f"account:{house.ids[READER]}", "2026-11-23"))
        assert day is not None
        assert day.views in {4, 5}


def test_the_next_day_begins_anew(open_house: Open) -> None:
    house = open_house(views_hard_daily=1)
    assert house.get(READER, ENTRY)[0] == 200
    assert house.get(READER, ENTRY)[0] == 429
    house.clock.move(hours=12)
    assert house.get(READER, ENTRY)[0] == 200


# --- what is never refused


def test_a_point_and_an_urgent_question_stay_open_beyond_the_quota_and_are_marked(
    open_house: Open,
) -> None:
    house = open_house(views_hard_daily=1)
    assert house.get(READER, ENTRY)[0] == 200
    assert house.get(READER, f"/api/v1/entries/{POINT}")[0] == 200
    assert house.get(READER, URGENT)[0] == 200
    assert house.person(READER).get(f"/entries/{POINT}").status_code == 200
    page = house.person(READER).get("/counterpart?requested=RO&type=e_evidence&urgent=1")
    assert page.status_code == 200
    assert "This stays open because it is urgent" in page.get_data(as_text=True)
    beyond = [one.beyond for one in house.views()]
    assert beyond[0] is False
    assert beyond[1:]
    assert all(beyond[1:])


def test_the_own_state_and_the_secretariat_are_written_down_and_not_counted(
    open_house: Open,
) -> None:
    house = open_house(views_hard_daily=1)
    for _again in range(3):
        assert house.get(FOCAL_RO, ENTRY)[0] == 200
        assert house.get(ADMIN, ENTRY)[0] == 200
    assert len(house.views()) == 6


def test_above_what_is_usual_in_an_hour_a_page_says_so_and_nothing_is_closed(
    open_house: Open,
) -> None:
    house = open_house(views_soft_hourly=2)
    pages = [
        house.person(READER).get(f"/entries/{entry}").get_data(as_text=True) for entry in MANY[:3]
    ]
    assert ["more than usual" in page for page in pages] == [False, False, True]


# --- what is kept


def test_each_way_of_looking_leaves_who_what_and_when(house: House) -> None:
    house.person(READER).get(f"/entries/{AUTHORITY}")
    house.get(READER, ENTRY)
    house.get(READER, FINDER)
    house.get(READER, f"{ENTRY}/history")
    house.get(READER, "/api/v1/search?q=court")
    found = house.views()
    assert {one.account_id for one in found} == {house.ids[READER]}
    assert {one.account_state for one in found} == {"FR"}
    assert {one.at for one in found} == {house.clock()}
    ways = {one.way: one for one in found if one.entry_id in {AUTHORITY, ""}}
    assert set(ways) == {Way.PAGE, Way.API, Way.FINDER, Way.HISTORY, Way.SEARCH}
    assert not ways[Way.PAGE].program
    assert ways[Way.API].program
    assert ways[Way.SEARCH].entry_state == ""
    # An answer of the finder names every entry that it shows.
    assert len([one for one in found if one.way is Way.FINDER]) > len(MANY)


def test_what_is_not_found_leaves_nothing(house: House) -> None:
    assert house.get(READER, "/api/v1/entries/RO-NOBODY")[0] == 404
    assert house.views() == []


def test_the_audit_costs_one_statement_an_hour_and_then_none(open_house: Open) -> None:
    house = open_house(views_hard_daily=100, views_soft_hourly=50)
    headers = house.program(READER)
    counts = []
    for entry in MANY[:3]:
        with counted_statements(house.parts.engine) as sent:
            house.client().get(f"/api/v1/entries/{entry}", headers=headers)
        counts.append(len([one for one in sent if not one.startswith("UPDATE api_token")]))
    # The document, and the token where a token that is known is read again (PostgreSQL); at first
    # the counts of the hour and the day too.
    assert counts[1:] in ([1, 1], [2, 2])
    assert counts[0] <= 3


def test_many_look_ups_are_written_in_portions_and_none_is_lost(house: House) -> None:
    entries = [f"RO-{number}" for number in range(AT_ONCE + 1)]
    one = LookUp(
        at=house.clock(),
        account_id=house.ids[READER],
        state="FR",
        way=Way.FINDER,
        seen=tuple(Seen(entry, "RO") for entry in entries),
    )
    with counted_statements(house.parts.engine) as sent, house.work() as uow:
        write_looks(uow, [one], {})
    assert len([each for each in sent if each.startswith("INSERT INTO read_view")]) == 2
    assert [view.entry_id for view in house.views()] == entries


def test_of_look_ups_whose_second_portion_fails_none_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.services.looking.AT_ONCE", 2)
    lost: Any = None
    look = LookUp(
        at=house.clock(),
        account_id=house.ids[READER],
        state="FR",
        way=Way.FINDER,
        seen=(Seen("RO-1", "RO"), Seen("RO-2", "RO"), Seen(lost, "RO")),
    )
    with pytest.raises(IntegrityError), house.work() as uow:
        write_looks(uow, [look], {})
    assert house.views() == []


def test_a_normal_stop_loses_no_look_up(house: House) -> None:
    url = house.parts.engine.url.render_as_string(hide_password=False)
    script = f"""
import datetime as dt
from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.domain.looking import LookUp, Seen, Way
from directory.services.looking import ReadAudit
engine = make_engine({url!r})
audit = ReadAudit(lambda: UnitOfWork(engine))
for number in range(500):
    seen = (Seen(f"RO-{{number:06}}", "RO"),)
    at = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    audit.note(LookUp(at=at, account_id=1, state="FR", way=Way.API, seen=seen))
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    assert len({one.entry_id for one in house.views()}) == 500


# --- while it cannot be written


def break_store(house: House, *, broken: bool) -> None:
    """Take the table of the read audit away, or give it back."""
    names = ("read_view", "read_view_away") if broken else ("read_view_away", "read_view")
    with house.parts.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {names[0]} RENAME TO {names[1]}"))


def test_while_look_ups_cannot_be_written_restricted_lines_close_and_points_stay_open(
    house: House,
) -> None:
    restricted = CANARIES[Audience.SAME_TYPE]
    assert restricted in house.get(SAME_TYPE, ENTRY)[1]
    assert house.audit.flush()
    break_store(house, broken=True)
    try:
        assert house.get(SAME_TYPE, ENTRY)[0] == 200
        assert not house.audit.flush()
        status, closed = house.get(SAME_TYPE, ENTRY)
        assert (status, restricted in closed) == (200, False)
        assert CANARIES[Audience.ALL_READERS] in closed
        assert restricted in house.get(SAME_TYPE, f"/api/v1/entries/{POINT}")[1]
        assert restricted not in house.get(FOCAL_RO, f"{ENTRY}/history")[1]
    finally:
        break_store(house, broken=False)
    assert house.audit.flush()
    assert restricted in house.get(SAME_TYPE, ENTRY)[1]
    # What was looked at meanwhile is written, too.
    assert len(house.views()) == 6


def test_a_form_is_not_given_out_while_look_ups_cannot_be_written(house: House) -> None:
    page = f"/desk/entries/{AUTHORITY}/propose"
    assert house.person(FOCAL_RO).get(page).status_code == 200
    house.audit.end()
    house.audit.is_failing = True
    assert house.person(FOCAL_RO).get(page).status_code == 503


def test_with_too_many_waiting_only_what_is_urgent_is_open(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.services.looking.MOST_WAITING", 0)
    assert house.get(READER, f"/api/v1/entries/{FRENCH}")[0] == 503
    assert house.get(READER, f"/api/v1/entries/{POINT}")[0] == 200
    assert house.get(READER, URGENT)[0] == 200
