"""Closed days: who announces them, what they change for readers, and what they leave alone."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from directory.domain.record import Hours, Interval
from directory.models.change_log import LogEvent
from tests.support.factories import authority, channel, contact_point, publication, publish_all
from tests.support.secretariat import FIRST, PROPOSER, Office, open_office, plain

READER = "reader@fr.example"
#: A Monday; 14:00 in Bucharest.
TODAY = "2026-11-23"
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
    ],
)
def test_form_names_what_does_not_fit(office: Office, given: dict[str, str], field: str) -> None:
    page = announce(office, status=422, **given)
    assert f'id="{field}-problem"' in page


def test_offices_are_closed_and_the_24_7_point_is_not(office: Office) -> None:
    assert "closes in 3 h (Mon 17:00)" in reach(office, OFFICE)
    announce(office)
    assert "opens Tue 08:00" in reach(office, OFFICE)
    assert "Closed today, as the State announced." in reach(office, OFFICE)
    assert "Round the clock" in reach(office, POINT)
    assert "Bridge day" in office.get(PROPOSER, "/desk/closures")
    with office.place.parts.reading() as session:
        actions = session.scalars(select(LogEvent.action)).all()
    assert "closure.announced" in actions


def test_withdrawn_days_close_nothing(office: Office) -> None:
    announce(office)
    assert office.post(PROPOSER, "/desk/closures/1/withdraw").status_code == 303
    assert "closes in 3 h" in reach(office, OFFICE)
    assert "Bridge day" not in office.get(PROPOSER, "/desk/closures")
    office.post(PROPOSER, "/desk/closures/1/withdraw")
    assert "It was withdrawn already." in office.get(PROPOSER, "/desk/closures")
    assert office.post(PROPOSER, "/desk/closures/9/withdraw").status_code == 404
