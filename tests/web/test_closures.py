"""Closed days: who announces and decides, what they change for readers, what they leave alone."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from directory.domain.record import Hours, Interval
from directory.models.account import Account
from directory.models.change_log import LogEvent
from directory.models.closure import StateClosure
from directory.models.notice import Notice
from tests.support.factories import authority, channel, contact_point, publication, publish_all
from tests.support.secretariat import (
    BOTH,
    COLLEAGUE,
    FIRST,
    PROPOSER,
    SECOND,
    THIRD,
    Office,
    open_office,
    plain,
)
from tests.support.trial import counted_statements

READER = "reader@fr.example"
#: A Monday; 14:00 in Bucharest.
TODAY = "2026-11-23"
#: Most statements of the pages, the door's among them.
MOST_STATEMENTS = 4
OFFICE, POINT, SILENT = "RO-CCCCCC", "RO-PPPPPP", "RO-AAAAAA"


@pytest.fixture
def office(engine: Engine) -> Office:
    opened = open_office(engine)
    week = tuple(Interval(weekday=day, opens="08:00", closes="17:00") for day in range(1, 6))
    hours = Hours(zone="Europe/Bucharest", intervals=week)
    always = Hours(zone="Europe/Bucharest", round_the_clock=True)
    lines = (channel(),)
    publish_all(
        engine,
        publication(OFFICE, authority("Open Office", hours=hours, channels=lines)),
        publication(POINT, contact_point("Duty desk", hours=always, channels=lines)),
    )
    return opened


def announce(office: Office, who: str = PROPOSER, status: int = 303, **given: Any) -> str:
    form = {"first": TODAY, "last": "", "note": "Bridge day"}
    answer = office.post(who, "/desk/closures", **{**form, **given})
    assert answer.status_code == status, plain(answer)
    return answer.get_data(as_text=True)


def reach(office: Office, entry: str) -> str:
    return plain(office.get(READER, f"/entries/{entry}"))


@pytest.mark.parametrize("who", [READER, FIRST, "auditor@secretariat.example"])
def test_only_a_focal_point_announces(office: Office, who: str) -> None:
    announce(office, who, 403)
    office.get(who, "/desk/closures", 403)
    assert office.post(who, "/desk/closures/1/withdraw").status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first": ""}, "first"),
        ({"first": "Monday"}, "first"),
        ({"last": "2026-11-22"}, "last"),
        ({"last": "whenever"}, "last"),
        ({"first": "2026-11-01", "last": "2026-11-02"}, "last"),
        ({"last": "2027-03-01"}, "last"),
        ({"first": "2028-11-01"}, "first"),
        ({"note": "x" * 300}, "note"),
        ({"note": "Call +40 21    999    99    99"}, "note"),
        ({"note": "desk (at) evil.example"}, "note"),
        ({"note": "Closed 2026-12-24, 2026-12-28"}, "note"),
    ],
)
def test_form_names_what_does_not_fit(office: Office, given: dict[str, str], field: str) -> None:
    page = announce(office, status=422, **given)
    assert f'id="{field}-problem"' in page


@pytest.mark.parametrize(
    ("first", "last"),
    [(TODAY, ""), (TODAY, "2026-11-24"), ("2026-11-25", ""), ("2026-11-20", "2026-12-01")],
)
def test_days_announced_already_are_not_announced_again(
    office: Office, first: str, last: str
) -> None:
    announce(office, last="2026-11-25")
    page = announce(office, COLLEAGUE, 422, first=first, last=last)
    assert 'id="first-problem"' in page
    assert "25 Nov 2026 are announced already" in page


def test_days_beside_them_are_announced_and_so_are_those_taken_back(office: Office) -> None:
    announce(office, last="2026-11-25")
    announce(office, first="2026-11-26")
    withdraw(office)
    announce(office)


def accept(office: Office, number: int = 1, seen: str = "waiting", **given: Any) -> TestResponse:
    who, act = given.pop("who", FIRST), given.pop("act", "accept")
    return office.post(who, f"/reviews/closures/{number}/{act}", seen=seen, **given)


def settle(office: Office, **given: Any) -> None:
    answer = accept(office, **given)
    assert answer.status_code == 303, plain(answer)


def withdraw(office: Office, number: int = 1) -> None:
    assert office.post(COLLEAGUE, f"/desk/closures/{number}/withdraw").status_code == 303


def at_once(office: Office) -> None:
    """The secretariat's setting shows descriptive changes at once from now on."""
    settings = replace(office.place.parts.settings, descriptive_at_once=True)
    office.place.parts = replace(office.place.parts, settings=settings)
    office.place.__post_init__()


def actions(office: Office) -> list[str]:
    with office.place.parts.reading() as session:
        found = session.scalars(select(LogEvent.action).order_by(LogEvent.sequence)).all()
    return [one for one in found if one.startswith("closure.")]


def told(office: Office) -> list[tuple[str, str]]:
    with office.place.parts.reading() as session:
        rows = session.execute(
            select(Notice.kind, Account.email)
            .join(Account, Account.id == Notice.account_id)
            .where(Notice.kind.startswith("closure_"))
            .order_by(Notice.id)
        )
        return [(kind, email) for kind, email in rows]


CLOSED = "Closed today, as the State announced."
UNREVIEWED = "Closed today, as the State announced, not yet reviewed by the secretariat."
PAGES = (
    f"/entries/{OFFICE}",
    "/counterpart?requesting=FR&requested=RO&type=mla",
    "/counterpart/urgent?requesting=FR&requested=RO&type=mla",
)


# --- what is refused


@pytest.mark.parametrize(
    "who", [READER, PROPOSER, "admin@secretariat.example", "auditor@secretariat.example"]
)
def test_only_a_verifier_decides(office: Office, who: str) -> None:
    announce(office)
    assert accept(office, who=who).status_code == 403
    assert accept(office, who=who, act="refuse", text="No.").status_code == 403
    assert own_status(office) == ["waiting"]


def own_status(office: Office) -> list[str]:
    with office.place.parts.reading() as session:
        query = select(StateClosure.status).order_by(StateClosure.id)
        return [one.value for one in session.scalars(query)]


def test_nobody_decides_on_days_of_their_own_or_of_their_state(office: Office) -> None:
    announce(office, BOTH)
    announce(office, PROPOSER, first="2026-12-24")
    own = accept(office, 1, who=BOTH)
    assert (own.status_code, "You proposed this yourself" in plain(own)) == (403, True)
    others = accept(office, 2, who=BOTH)
    assert (others.status_code, "You belong to the State" in plain(others)) == (403, True)
    assert own_status(office) == ["waiting", "waiting"]
    listed = office.get(BOTH, "/reviews/closures")
    assert "You proposed this yourself" in listed
    assert "/reviews/closures/1/accept" not in listed


def test_a_refusal_says_why_and_keeps_what_was_typed(office: Office) -> None:
    announce(office)
    empty = accept(office, act="refuse", text=" ")
    assert (empty.status_code, 'id="text-1-problem"' in empty.get_data(as_text=True)) == (422, True)
    unseen = accept(office, seen="", act="refuse", text="Not so.")
    assert (unseen.status_code, "Not so." in plain(unseen)) == (422, True)
    assert accept(office, 9).status_code == 404
    assert own_status(office) == ["waiting"]


def test_whoever_looked_at_the_days_has_not_looked_at_their_withdrawal(office: Office) -> None:
    announce(office)
    settle(office)
    withdraw(office)
    stale = accept(office)
    assert (stale.status_code, "Somebody was faster" in plain(stale)) == (409, True)
    again = accept(office, seen="verified", act="refuse", text="Kept here.")
    assert (again.status_code, own_status(office)) == (409, ["leaving"])
    settle(office, seen="leaving")
    gone = accept(office, seen="leaving", act="refuse", text="Kept here.")
    assert (gone.status_code, "Kept here." in plain(gone)) == (409, True)


# --- what counts, and when


def test_days_that_wait_change_no_answer(office: Office) -> None:
    before = [plain(office.get(READER, one)) for one in PAGES]
    announce(office)
    assert [plain(office.get(READER, one)) for one in PAGES] == before
    settle(office)
    after = [plain(office.get(READER, one)) for one in PAGES]
    # The plant beside it: accepted days show on each of these pages.
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_offices_are_closed_once_an_officer_said_so_and_the_24_7_point_is_not(
    office: Office,
) -> None:
    assert "closes in 3 h (Mon 17:00)" in reach(office, OFFICE)
    announce(office)
    assert "Waits for an officer" in office.get(PROPOSER, "/desk/closures")
    queue = plain(office.get(FIRST, "/reviews"))
    assert "Closed days that wait 1 RO: 23 Nov 2026" in queue, queue
    assert "Bridge day" in office.get(FIRST, "/reviews/closures")
    settle(office)
    assert "opens Tue 08:00" in reach(office, OFFICE)
    assert CLOSED in reach(office, OFFICE)
    assert "Round the clock" in reach(office, POINT)
    assert "Reviewed" in office.get(PROPOSER, "/desk/closures")
    assert "No closed days wait." in office.get(FIRST, "/reviews/closures")
    assert actions(office) == ["closure.announced", "closure.accepted"]
    waits = {email for kind, email in told(office) if kind == "closure_waits"}
    assert {FIRST, SECOND, THIRD} <= waits
    assert PROPOSER not in waits
    assert told(office)[-1] == ("closure_accepted", PROPOSER)


def test_what_waits_longer_than_descriptive_changes_should_is_overdue(office: Office) -> None:
    announce(office, first="2026-12-24")
    assert "overdue" not in office.get(FIRST, "/reviews")
    office.later(hours=office.place.parts.settings.review_hours_descriptive)
    assert "overdue" in office.get(FIRST, "/reviews")


def test_refused_days_close_nothing_and_the_state_reads_why(office: Office) -> None:
    announce(office)
    settle(office, act="refuse", text="The ministry says it is open.")
    assert "closes in 3 h" in reach(office, OFFICE)
    page = plain(office.get(PROPOSER, "/desk/closures"))
    assert "Why it was refused: The ministry says it is open." in page
    assert actions(office) == ["closure.announced", "closure.rejected"]
    assert told(office)[-1] == ("closure_rejected", PROPOSER)


def test_days_nobody_vouched_for_are_withdrawn_at_once(office: Office) -> None:
    announce(office)
    withdraw(office)
    assert own_status(office) == ["withdrawn"]
    assert "Bridge day" not in office.get(PROPOSER, "/desk/closures")
    withdraw(office)
    assert "It was withdrawn or refused already" in office.get(COLLEAGUE, "/desk/closures")
    assert office.post(PROPOSER, "/desk/closures/9/withdraw").status_code == 404


def test_accepted_days_count_until_an_officer_agrees_to_their_withdrawal(office: Office) -> None:
    announce(office)
    settle(office)
    withdraw(office)
    assert CLOSED in reach(office, OFFICE)
    assert "Accept that they are taken back" in office.get(FIRST, "/reviews/closures")
    settle(office, seen="leaving", act="refuse", text="The law says it is a holiday.")
    page = plain(office.get(PROPOSER, "/desk/closures"))
    assert "To take them back was refused: The law says it is a holiday." in page
    withdraw(office)
    settle(office, seen="leaving")
    assert "closes in 3 h" in reach(office, OFFICE)
    assert told(office)[-1] == ("closure_accepted", COLLEAGUE)
    assert actions(office)[-2:] == ["closure.withdrawal_asked", "closure.accepted"]


def test_where_the_setting_says_so_days_count_at_once_and_say_that_nobody_looked(
    office: Office,
) -> None:
    at_once(office)
    announce(office)
    for page in PAGES:
        assert UNREVIEWED in plain(office.get(READER, page))
    assert "Counts, not yet reviewed" in office.get(PROPOSER, "/desk/closures")
    settle(office, seen="unreviewed")
    assert CLOSED in reach(office, OFFICE)
    withdraw(office)
    assert "closes in 3 h" in reach(office, OFFICE)
    settle(office, seen="left_unreviewed", act="refuse", text="It is a holiday.")
    assert CLOSED in reach(office, OFFICE)


def test_the_list_takes_one_statement_however_long_it_is(office: Office, engine: Engine) -> None:
    announce(office)
    pages = (("/reviews/closures", FIRST, "2026-12"), ("/desk/closures", PROPOSER, "2027-01"))
    for page, who, month in pages:
        office.get(who, page)
        with counted_statements(engine) as one:
            office.get(who, page)
        for number in range(3):
            announce(office, first=f"{month}-0{number + 1}")
        with counted_statements(engine) as several:
            office.get(who, page)
        assert len(several) == len(one) <= MOST_STATEMENTS, "\n".join(several)
