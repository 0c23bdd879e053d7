"""Breaking the glass: refused without a reason, told to the owner and two officers, soon over."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.looking import Way
from directory.domain.vocabulary import Audience
from directory.models.account import Account
from directory.models.change_log import LogEvent
from directory.models.notice import Notice
from tests.audit.conftest import (
    ADMIN,
    AUDITOR,
    AUTHORITY,
    CANARIES,
    COLLEAGUE,
    FOCAL_RO,
    FRENCH,
    OFFICER_A,
    OFFICER_B,
    POINT,
    READER,
    House,
    Open,
)
from tests.support.door import form_token

GLASS = CANARIES[Audience.BREAK_GLASS]
OTHERS = [CANARIES[Audience.SAME_TYPE], CANARIES[Audience.OWN_STATE]]
PAGE = f"/entries/{POINT}/break-glass"
API = f"/api/v1/entries/{POINT}/break-glass"
REASON = "A hostage taker's messages are about to be deleted."


def press(house: House, email: str, reason: str = REASON) -> tuple[int, str]:
    """Fill in the form as a browser without scripts does, and follow where it leads."""
    client = house.person(email)
    fields = {"csrf_token": form_token(client.get(PAGE)), "reason": reason}
    answer = client.post(PAGE, data=fields, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def events(house: House, action: str) -> list[LogEvent]:
    with Session(house.parts.engine) as session:
        return list(session.scalars(select(LogEvent).where(LogEvent.action == action)))


def told(house: House) -> list[str]:
    """Who is told, in the outbox."""
    statement = select(Account.email).join(Notice, Notice.account_id == Account.id)
    with Session(house.parts.engine) as session:
        return sorted(session.scalars(statement.where(Notice.kind == "glass_opened")))


# --- refusals


@pytest.mark.parametrize("reason", ["", "   ", "urgent", "x" * 501, "seen\u202e by nobody"])
def test_without_a_reason_that_says_something_nothing_is_shown(house: House, reason: str) -> None:
    status, page = press(house, READER, reason)
    assert (status, GLASS in page) == (422, False)
    assert events(house, "glass.opened") == []
    assert len(events(house, "glass.open.refused")) == 1
    assert told(house) == []
    answer = house.client().post(API, headers=house.program(READER), json={"reason": reason})
    assert answer.status_code in {403, 422}


def test_an_auditor_reads_logs_and_breaks_no_glass(house: House) -> None:
    assert house.person(AUDITOR).get(PAGE).status_code == 403


@pytest.mark.parametrize("entry", [FRENCH, "RO-NOBODY", "x\x00"])
def test_where_nothing_is_behind_glass_there_is_nothing_to_open(house: House, entry: str) -> None:
    address = f"/api/v1/entries/{entry}/break-glass"
    headers = house.program(READER, "glass:break", "entries:read")
    assert house.client().get(address, headers=headers).status_code == 404
    given = {"reason": REASON}
    assert house.client().post(address, headers=headers, json=given).status_code == 404


def test_a_token_needs_the_scope(house: House) -> None:
    answer = house.client().post(API, headers=house.program(READER), json={"reason": REASON})
    assert answer.status_code == 403


def test_what_one_person_opened_is_closed_to_all_others(house: House) -> None:
    assert GLASS in press(house, READER)[1]
    for email in (COLLEAGUE, OFFICER_A, ADMIN):
        assert GLASS not in house.person(email).get(PAGE).get_data(as_text=True)
    # And to the same person everywhere else.
    for path in (f"/entries/{POINT}", f"/entries/{POINT}/history", f"/entries/{AUTHORITY}"):
        assert GLASS not in house.person(READER).get(path).get_data(as_text=True)


# --- what happens


def test_on_a_reason_it_is_shown_logged_and_told(house: House) -> None:
    status, page = press(house, READER)
    assert (status, GLASS in page) == (200, True)
    assert not any(number in page for number in OTHERS)
    [event] = events(house, "glass.opened")
    assert (event.subject_id, event.reason, event.actor_account) == (
        POINT,
        REASON,
        house.ids[READER],
    )
    assert told(house) == [OFFICER_A, OFFICER_B, FOCAL_RO]
    assert [one.way for one in house.views()][-1] is Way.BREAK_GLASS


def test_the_notices_wait_for_nothing_and_name_no_person(house: House) -> None:
    press(house, READER)
    with Session(house.parts.engine) as session:
        notices = session.scalars(select(Notice)).all()
    # The worker looks every five seconds for what is due.
    assert {one.next_attempt_at for one in notices} == {house.clock()}
    assert all(READER not in str(one.params) for one in notices)
    assert all(GLASS not in str(one.params) for one in notices)


def test_after_a_short_time_it_is_closed_again(house: House) -> None:
    page = press(house, READER)[1]
    # Without a script the browser asks again by itself when the time is over.
    assert '<meta http-equiv="refresh" content="901">' in page
    house.clock.move(minutes=14)
    assert GLASS in house.person(READER).get(PAGE).get_data(as_text=True)
    house.clock.move(minutes=1)
    assert GLASS not in house.person(READER).get(PAGE).get_data(as_text=True)


def test_programs_break_it_with_the_same_reason(open_house: Open) -> None:
    house = open_house(glass_minutes=5)
    headers = house.program(READER, "glass:break", "entries:read")
    before = house.client().get(API, headers=headers).get_json()
    assert (before["number"], before["until"], before["channels"]) == (1, None, [])
    answer = house.client().post(API, headers=headers, json={"reason": REASON})
    assert answer.status_code == 200
    assert [one["value"] for one in answer.get_json()["channels"]] == [GLASS]
    assert house.client().get(API, headers=headers).get_json()["channels"]
    house.clock.move(minutes=5)
    assert house.client().get(API, headers=headers).get_json()["channels"] == []
    assert told(house) == [OFFICER_A, OFFICER_B, FOCAL_RO]


def test_it_works_beyond_every_quota_and_while_no_look_up_can_be_written(
    open_house: Open,
) -> None:
    house = open_house(views_hard_daily=1)
    house.get(READER, f"/api/v1/entries/{AUTHORITY}")
    assert house.get(READER, f"/api/v1/entries/{AUTHORITY}")[0] == 429
    house.audit.end()
    house.audit.is_failing = True
    assert GLASS in press(house, READER)[1]


def test_who_answers_for_the_entry_sees_the_line_without_a_reason(house: House) -> None:
    assert GLASS in house.person(FOCAL_RO).get(f"/entries/{POINT}").get_data(as_text=True)
    assert house.person(FOCAL_RO).get(PAGE).status_code == 404


def test_the_entry_says_that_there_is_a_line_and_how_to_see_it(house: House) -> None:
    page = house.person(READER).get(f"/entries/{POINT}").get_data(as_text=True)
    assert PAGE in page
    assert "kept for emergencies" in page
