"""Campaigns: who may run them, what counts, who is reminded when, what everybody sees."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine, select

from directory.models.campaign import Campaign
from directory.models.notice import Notice
from directory.services.campaigns import Escalation, remind
from directory.services.confirmations import ConfirmationRequest, confirm_entries
from tests.support.factories import authority, publication, publish_all
from tests.support.secretariat import COLLEAGUE, ENTRY, FIRST, PROPOSER, Office, open_office, plain
from tests.support.trial import counted_statements

LIST_STATEMENTS = 5
SHOW_STATEMENTS = 6
FORM = {"title": "Yearly confirmation", "text": "Look at the numbers.", "deadline": "2026-12-20"}
ESCALATION = Escalation({"RO": "mission@ro.example"}, ("list@secretariat.example",))


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def started(office: Office, **given: Any) -> str:
    """A campaign; gives its id."""
    answer = office.post(FIRST, "/campaigns", **{**FORM, **given})
    assert answer.status_code == 303, plain(answer)
    return str(answer.location).rpartition("/")[2]


def notices(engine: Engine) -> list[tuple[int | None, str]]:
    """Account and mailbox of the notices of campaigns, in their order."""
    from_outbox = select(Notice.account_id, Notice.address).where(Notice.kind == "campaign")
    with engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(from_outbox.order_by(Notice.id))]


def reminded(office: Office) -> int:
    with office.place.work() as uow:
        return remind(uow, office.place.clock(), ESCALATION)


@pytest.mark.parametrize("who", ["reader@fr.example", PROPOSER, "auditor@secretariat.example"])
def test_only_the_secretariat_runs_campaigns(office: Office, who: str) -> None:
    assert office.post(who, "/campaigns", **FORM).status_code == 403
    assert "Start the campaign" not in office.get(who, "/campaigns")
    campaign = started(office)
    assert office.post(who, f"/campaigns/{campaign}/close").status_code == 403
    assert "Close the campaign" not in office.get(who, f"/campaigns/{campaign}")


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"title": " "}, "title", "Give the campaign a title"),
        ({"title": "x" * 200}, "title", "At most 160 characters."),
        ({"text": "x" * 5000}, "text", "At most 4000 characters."),
        ({"deadline": ""}, "deadline", "Give a day, for example 2026-01-31."),
        ({"deadline": "tomorrow"}, "deadline", "give a day as YYYY-MM-DD"),
        ({"deadline": "2026-02-30"}, "deadline", "give a day as YYYY-MM-DD"),
        ({"deadline": "2026-11-23"}, "deadline", "must lie after today"),
        ({"deadline": "2030-01-01"}, "deadline", "within a year"),
        ({"regional_group": "Atlantis"}, "regional_group", "Choose among the regional groups"),
        ({"states": ["RO", "XX"]}, "states", "No State has the code: XX"),
        ({"kinds": ["wizard"]}, "kinds", "Choose among the kinds of entries shown."),
    ],
)
def test_form_names_what_does_not_fit_and_keeps_the_rest(
    office: Office, given: dict[str, Any], field: str, said: str
) -> None:
    answer = office.post(FIRST, "/campaigns", **{**FORM, **given})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert said in plain(page)
    assert f'id="{field}-problem"' in page
    if field != "text":
        assert ">Look at the numbers.</textarea>" in page
    assert notices(office.place.parts.engine) == []


def test_campaign_is_closed_once(office: Office) -> None:
    campaign = started(office)
    assert office.post(FIRST, f"/campaigns/{campaign}/close").status_code == 303
    answer = office.post(FIRST, f"/campaigns/{campaign}/close")
    assert answer.status_code == 409
    assert "This campaign is closed already." in plain(answer)
    office.later(days=30)
    assert reminded(office) == 0


def test_progress_counts_what_was_confirmed_or_is_being_corrected(office: Office) -> None:
    campaign = started(office)
    assert "0 of 2 entries confirmed, 2 open" in plain(office.get(FIRST, f"/campaigns/{campaign}"))
    request = ConfirmationRequest(state="RO", entry_ids=(ENTRY,))
    office.desk.do(PROPOSER, confirm_entries, request, office.place.clock())
    office.described("RO-BBBBBB")
    for who in (FIRST, PROPOSER, "reader@fr.example", "auditor@secretariat.example"):
        text = plain(office.get(who, f"/campaigns/{campaign}"))
        assert "1 of 2 entries confirmed, 1 being corrected" in text, who
        assert "1 of 2 entries confirmed" in plain(office.get(who, "/campaigns"))


def test_what_was_confirmed_before_does_not_count(office: Office) -> None:
    request = ConfirmationRequest(state="RO", entry_ids=(ENTRY,))
    office.desk.do(PROPOSER, confirm_entries, request, office.place.clock())
    office.later(days=1)
    campaign = started(office)
    assert "0 of 2 entries confirmed" in plain(office.get(FIRST, f"/campaigns/{campaign}"))


def test_complete_campaign_says_so_and_reminds_nobody(office: Office, engine: Engine) -> None:
    campaign = started(office)
    before = notices(engine)
    request = ConfirmationRequest(state="RO")
    office.desk.do(PROPOSER, confirm_entries, request, office.place.clock())
    assert "Complete: every entry" in plain(office.get(COLLEAGUE, f"/campaigns/{campaign}"))
    office.later(days=8)
    assert reminded(office) == 1
    assert notices(engine) == before


@pytest.mark.parametrize(
    ("given", "total"),
    [
        ({}, 4),
        ({"states": ["JP"]}, 1),
        ({"kinds": ["contact_point"]}, 0),
        ({"kinds": ["authority", "contact_point"], "states": ["RO", "JP"]}, 3),
    ],
)
def test_scope_limits_what_is_asked(
    office: Office, engine: Engine, given: dict[str, Any], total: int
) -> None:
    publish_all(
        engine,
        publication("JP-AAAAAA", authority("A"), state="JP"),
        publication("FR-AAAAAA", authority("B"), state="FR"),
    )
    campaign = started(office, **given)
    text = plain(office.get(FIRST, f"/campaigns/{campaign}"))
    assert f"0 of {total} entries confirmed" in text


def test_state_without_a_focal_point_is_marked_for_the_secretariat_only(
    office: Office, engine: Engine
) -> None:
    publish_all(engine, publication("JP-AAAAAA", authority("A"), state="JP"))
    campaign = started(office)
    assert "nobody to write to" in office.get(FIRST, f"/campaigns/{campaign}")
    assert "nobody to write to" not in office.get(PROPOSER, f"/campaigns/{campaign}")


def test_focal_point_is_led_to_the_desk(office: Office) -> None:
    campaign = started(office)
    page = office.get(PROPOSER, f"/campaigns/{campaign}")
    assert "Your State is asked" in page
    sheet = office.client(PROPOSER).get("/desk/import/template/authority-filled.xlsx")
    assert sheet.status_code == 200
    assert 'href="/desk/import/template/authority-filled.xlsx"' in page
    assert "Your State is asked" not in office.get("reader@fr.example", f"/campaigns/{campaign}")


def test_reminders_come_at_once_and_then_once_a_week(office: Office, engine: Engine) -> None:
    started(office)
    # Two focal points, and the one who is a verifier too; one notice each for all entries.
    assert len(notices(engine)) == 3
    assert reminded(office) == 0
    office.later(days=6)
    assert reminded(office) == 0
    office.later(days=1, minutes=1)
    assert reminded(office) == 1
    assert reminded(office) == 0
    assert len(notices(engine)) == 6


def test_worker_that_slept_reminds_once_and_keeps_the_rhythm(
    office: Office, engine: Engine
) -> None:
    started(office)
    office.later(days=17)
    assert reminded(office) == 1
    assert len(notices(engine)) == 6
    office.later(days=4, minutes=1)
    assert reminded(office) == 1
    assert len(notices(engine)) == 9


def test_mission_then_the_secretariat_after_the_deadline(office: Office, engine: Engine) -> None:
    started(office)
    for _ in range(6):
        office.later(days=7)
        reminded(office)
    boxes = [address for _account, address in notices(engine) if address]
    assert boxes == ["mission@ro.example", "list@secretariat.example", "list@secretariat.example"]


def test_closing_and_starting_stand_in_the_log(office: Office) -> None:
    campaign = started(office)
    office.post(FIRST, f"/campaigns/{campaign}/close")
    text = plain(office.get("auditor@secretariat.example", f"/log?subject={campaign}"))
    assert "campaign.started" in text
    assert "campaign.closed" in text


def test_pages_ask_the_database_little(office: Office, engine: Engine) -> None:
    for _ in range(3):
        campaign = started(office)
    for address, most in (
        ("/campaigns", LIST_STATEMENTS),
        (f"/campaigns/{campaign}", SHOW_STATEMENTS),
    ):
        office.get(FIRST, address)
        with counted_statements(engine) as sent:
            office.get(FIRST, address)
        print(f"{address}: {len(sent)} statements")
        assert len(sent) <= most, "\n".join(sent)


def test_campaign_starts_at_the_moment_of_the_clock(office: Office, engine: Engine) -> None:
    campaign = started(office)
    with office.place.parts.reading() as session:
        row = session.get_one(Campaign, campaign)
    assert row.started_at == office.place.clock()
    assert row.deadline == dt.date(2026, 12, 20)
