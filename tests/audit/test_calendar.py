"""Calendars: no secret, no calendar; what is due stands on its day, by the grammar of RFC 5545."""

import datetime as dt
import re

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.domain.vocabulary import Audience
from directory.exchange.calendar import DayEvent, write_calendar
from directory.models.account import Account
from directory.models.calendar_link import CalendarLink
from tests.audit.conftest import CANARIES, FOCAL_FR, FOCAL_RO, READER, House
from tests.support import factories as make
from tests.support.door import form_token

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


def secret_of(house: House, email: str = FOCAL_RO) -> str:
    client = house.person(email)
    sent = {"csrf_token": form_token(client.get("/account/calendar"))}
    page = client.post("/account/calendar/renew", data=sent).get_data(as_text=True)
    found = re.search(r"/calendar/([\w-]+)\.ics", page)
    assert found, page
    return found[1]


def calendar(house: House, secret: str) -> tuple[int, str]:
    answer = house.client().get(f"/calendar/{secret}.ics")
    return answer.status_code, answer.get_data(as_text=True)


def publish(house: House) -> None:
    today = house.clock().date()
    ends = make.officer("Attaché, in; Paris", posted_to=today + dt.timedelta(days=20))
    make.publish_all(
        house.parts.engine,
        make.publication("RO-ENDS00", ends),
        make.publication("RO-DUE000", make.authority("Court"), confirmation=make.confirmed(today)),
    )


# --- refused


def test_only_who_confirms_has_a_calendar(house: House) -> None:
    assert house.person(READER).get("/account/calendar").status_code == 403


def test_no_secret_opens_nothing(house: House) -> None:
    secret = secret_of(house)
    for wrong in ("x", secret[:-1], secret + "A", "%00"):
        assert calendar(house, wrong)[0] == 404


def test_a_renewed_or_closed_address_opens_nothing(house: House) -> None:
    first = secret_of(house)
    second = secret_of(house)
    assert calendar(house, first)[0] == 404
    assert calendar(house, second)[0] == 200
    client = house.person(FOCAL_RO)
    sent = {"csrf_token": form_token(client.get("/account/calendar"))}
    assert client.post("/account/calendar/revoke", data=sent).status_code == 303
    assert calendar(house, second)[0] == 404


def test_the_calendar_of_a_closed_account_is_closed(house: House) -> None:
    secret = secret_of(house)
    with house.work() as uow:
        uow.session.execute(update(Account).where(Account.email == FOCAL_RO).values(active=False))
    assert calendar(house, secret)[0] == 404


def test_the_secret_is_kept_as_a_hash(house: House) -> None:
    secret = secret_of(house)
    with Session(house.parts.engine) as session:
        (row,) = session.scalars(select(CalendarLink))
        assert secret not in row.secret_hash
        assert row.account_id == house.ids[FOCAL_RO]


# --- shown


def test_what_is_due_stands_on_its_day_and_tells_no_number(house: House) -> None:
    publish(house)
    status, text = calendar(house, secret_of(house))
    assert status == 200
    plain = text.replace("\r\n ", "")
    ends = house.clock().date() + dt.timedelta(days=20)
    assert "UID:RO-ENDS00-posting@directory\r\n" in plain
    assert f"DTSTART;VALUE=DATE:{ends:%Y%m%d}\r\n" in plain
    assert "Attaché\\, in\\; Paris" in plain
    assert "UID:RO-DUE000-due@directory\r\n" in plain
    assert not [one for one in CANARIES.values() if one in plain]
    assert CANARIES.keys() == set(Audience)


def test_another_state_has_another_calendar(house: House) -> None:
    publish(house)
    assert "RO-" not in calendar(house, secret_of(house, FOCAL_FR))[1]


def test_lines_are_folded_and_nothing_in_a_name_is_a_line() -> None:
    event = DayEvent(
        uid="RO-1-due@directory",
        day=AT.date(),
        summary="a\r\nBEGIN:VALARM, " + "司" * 60,
        description="x" * 200,
        address="https://directory.example/entries/RO-1",
        changed_at=AT,
    )
    text = write_calendar("Directory", [event], AT)
    lines = text.encode().split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(one) <= 75 for one in lines)
    assert "\n" not in text.replace("\r\n", "")
    names = [one.split(":")[0].split(";")[0] for one in text.replace("\r\n ", "").splitlines()]
    assert names.count("BEGIN") == names.count("END") == 2
    assert {"VERSION", "PRODID", "UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(names)
