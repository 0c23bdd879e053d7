"""Reminders: 30, 7, 0 days before and weekly after, one digest a person, further up with time."""

import datetime as dt
from collections.abc import Sequence

import pytest

from directory.domain.freshness import DEFAULT_CYCLES
from directory.domain.vocabulary import EntryKind, EntryStatus, Role
from directory.services.reminders import queue_reminders, stage
from tests.notices.conftest import Office
from tests.notices.postbox import Postbox, part
from tests.support.factories import (
    authority,
    confirmed,
    officer,
    publication,
    publish_all,
    statement_counter,
)

#: The last day on which the confirmation of the entries below holds.
LAST_DAY = dt.date(2027, 3, 1)
MISSIONS = {"RO": "mission.ro@example.org"}
SECRETARIAT = ("list@example.org",)
CYCLE = dt.timedelta(days=DEFAULT_CYCLES[EntryKind.AUTHORITY])


def add_entry(
    office: Office, entry_id: str, state: str = "RO", days: int = 0, **fields: object
) -> None:
    """An entry whose confirmation ends ``days`` after ``LAST_DAY``."""
    on = LAST_DAY - CYCLE + dt.timedelta(days=days)
    record = authority(f"Office {entry_id}")
    given = publication(entry_id, record, state=state, confirmation=confirmed(on), **fields)
    publish_all(office.parts.engine, given)


def go_to(office: Office, days: int) -> None:
    """So many days after the last day."""
    at = LAST_DAY + dt.timedelta(days=days)
    office.clock.moment = dt.datetime(at.year, at.month, at.day, 6, 0, tzinfo=dt.UTC)


def remind(office: Office, missions: dict[str, str] = MISSIONS) -> int:
    with office.parts.unit_of_work() as uow:
        return queue_reminders(uow, office.clock(), missions, SECRETARIAT)


def told(office: Office) -> list[int | str]:
    """Everybody written to so far, in their order."""
    return [row.account_id or row.address for row in office.rows()]


def add_officer(office: Office, entry_id: str, ends: dt.date, state: str = "RO") -> None:
    """An officer whose posting ends on the day, confirmed so lately that only this is due."""
    record = officer(f"Officer {entry_id}", host_state="FR", posted_to=ends)
    on = ends - dt.timedelta(days=60)
    publish_all(
        office.parts.engine,
        publication(entry_id, record, state=state, confirmation=confirmed(on)),
    )


def test_the_end_of_a_posting_is_told_30_7_and_0_days_before_and_never_after(
    office: Office,
) -> None:
    office.account("one@ro.example")
    add_officer(office, "RO-ATTACHE", LAST_DAY)
    told_on = []
    for days in range(-40, 10):
        go_to(office, days)
        if remind(office):
            told_on.append(days)
    assert told_on == [-30, -7, 0]
    (entry, state, day) = office.rows()[0].params["postings"][0]
    assert (entry, state, day) == ("RO-ATTACHE", "RO", LAST_DAY.isoformat())


def test_confirmations_and_postings_share_one_digest(office: Office) -> None:
    office.account("one@ro.example")
    add_entry(office, "RO-OFFICE")
    add_officer(office, "RO-ATTACHE", LAST_DAY)
    go_to(office, -7)
    assert remind(office) == 1
    params = office.rows()[0].params
    assert [one[0] for one in params["due"]] == ["RO-OFFICE"]
    assert [one[0] for one in params["postings"]] == ["RO-ATTACHE"]


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (-31, None),
        (-30, -30),
        (-8, -30),
        (-7, -7),
        (-1, -7),
        (0, 0),
        (6, 0),
        (7, 7),
        (13, 7),
        (14, 14),
        (365, 364),
    ],
)
def test_stages(late: int, expected: int | None) -> None:
    assert stage(LAST_DAY, LAST_DAY + dt.timedelta(days=late)) == expected


def days_told(office: Office, days: Sequence[int]) -> list[int]:
    """The days on which a worker that works each of them tells somebody."""
    found = []
    for day in days:
        go_to(office, day)
        if remind(office, {}):
            found.append(day)
    return found


def test_nothing_is_said_before_and_between(office: Office) -> None:
    office.account("one@ro.example")
    add_entry(office, "RO-2")
    assert days_told(office, range(-40, 29)) == [-30, -7, 0, 7, 14, 21, 28]


def test_one_digest_a_person_not_one_an_entry(office: Office, postbox: Postbox) -> None:
    account = office.account("one@ro.example")
    for number in range(2, 12):
        add_entry(office, f"RO-{number}", days=number - 2)
    go_to(office, 0)
    assert remind(office) == 1
    assert told(office) == [account]
    office.deliver()
    (mail,) = postbox.mails
    assert mail["Subject"].startswith("Are the entries of ")
    for kind in ("plain", "html"):
        text = part(mail, kind)
        assert text.count("Office RO-") == 10
        assert "Office RO-2 (RO-2), RO: to be confirmed by 1 March 2027" in text
        assert "Never confirmed by the State so far: 1." in text


def test_same_day_is_told_once_by_any_number_of_workers(office: Office) -> None:
    office.account("one@ro.example")
    add_entry(office, "RO-2")
    go_to(office, 0)
    assert (remind(office), remind(office)) == (1, 0)
    add_entry(office, "RO-3")
    office.clock.move(hours=6)
    assert remind(office) == 0
    assert len(office.rows()) == 1


def test_worker_that_stood_still_says_it_late_and_once(office: Office) -> None:
    office.account("one@ro.example")
    add_entry(office, "RO-2")
    assert days_told(office, [-31, 3, 4, 6, 9, 10]) == [3, 9]


def test_confirmed_entries_are_no_longer_asked_for(office: Office) -> None:
    office.account("one@ro.example")
    add_entry(office, "RO-2")
    assert days_told(office, [-30]) == [-30]
    record = authority("Office RO-2")
    later = confirmed(LAST_DAY - dt.timedelta(days=20))
    publish_all(office.parts.engine, publication("RO-2", record, base=1, confirmation=later))
    assert days_told(office, range(-20, 60)) == []


def test_retired_and_never_confirmed_entries_are_not_asked_for(office: Office) -> None:
    office.account("one@ro.example")
    add_entry(office, "RO-2", status=EntryStatus.RETIRED)
    assert days_told(office, range(-30, 30)) == []


def test_only_focal_points_of_the_state_are_asked(office: Office) -> None:
    office.account("reader@ro.example", Role.READER)
    office.account("one@fr.example", state="FR")
    add_entry(office, "RO-2")
    go_to(office, 0)
    assert remind(office) == 0


def test_it_goes_further_up_the_longer_it_lasts(office: Office) -> None:
    first, deputy = office.account("one@ro.example"), office.account("two@ro.example")
    add_entry(office, "RO-2")
    reached = {}
    for day in (-30, -7, 0, 7, 14, 21, 28, 35):
        go_to(office, day)
        before = len(office.rows())
        remind(office)
        reached[day] = set(told(office)[before:])
    assert reached[-30] == reached[-7] == reached[0] == {first}
    assert reached[7] == reached[14] == {first, deputy}
    assert reached[21] == reached[28] == {first, deputy, MISSIONS["RO"]}
    assert reached[35] == {first, deputy, MISSIONS["RO"], *SECRETARIAT}


def test_secretariat_gets_one_digest_of_all_states(office: Office, postbox: Postbox) -> None:
    add_entry(office, "RO-2")
    add_entry(office, "FR-2", state="FR")
    go_to(office, 35)
    assert remind(office, {}) == 1
    office.deliver()
    (mail,) = postbox.mails
    assert mail["Subject"] == "Are the entries of several States still correct?"
    assert "Office RO-2" in part(mail, "plain")
    assert "Office FR-2" in part(mail, "plain")


def test_planted_reminder_that_forgets_what_it_told_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.account("one@ro.example")
    add_entry(office, "RO-2")
    monkeypatch.setattr("directory.services.reminders._last_told", lambda _session: {})
    assert days_told(office, range(-30, -20)) != [-30]


def test_reminders_of_many_entries_take_few_statements(office: Office) -> None:
    office.account("one@ro.example")
    for number in range(2, 40):
        add_entry(office, f"RO-{number}")
    go_to(office, 0)
    with statement_counter(office.parts.engine) as statements:
        assert remind(office) == 1
    assert len(statements) <= 6
