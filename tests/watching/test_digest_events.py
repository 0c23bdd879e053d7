"""Digests also tell of failed line tests, reports and closed days: to whom, and to whom never."""

import datetime as dt

import pytest
from sqlalchemy import Engine, select, update

from directory.domain.closures import ClosureStatus
from directory.domain.lifecycle import ReportKind
from directory.domain.line_tests import LineMethod, LineOutcome, LineTimes
from directory.domain.record import Hours
from directory.domain.vocabulary import EntryStatus
from directory.domain.watching import WatchKind
from directory.models.closure import StateClosure
from directory.models.entry import Entry
from directory.models.line_test import LineTest, LineTestRound
from directory.models.proposal import Report
from directory.services.closure_reviews import accept_closure, refuse_closure
from directory.services.closures import ClosureForm, announce_closure, withdraw_closure
from directory.services.reports import ReportForm, answer, report
from directory.services.workflow import workflow
from tests.support.factories import (
    channel,
    contact_point,
    publication,
    publish_all,
    statement_counter,
)
from tests.support.secretariat import COLLEAGUE, ENTRY, FIRST, PROPOSER, SECOND, Office, open_office
from tests.watching.test_digests import QUESTION, READER, begin, next_day, person, tell, told

POINT = "RO-PPPPPP"
REPORTED = [[ENTRY, "RO", "no_answer"]]


@pytest.fixture
def office(engine: Engine) -> Office:
    opened = open_office(engine)
    hours = Hours(zone="Europe/Bucharest", round_the_clock=True)
    desk = contact_point("Duty desk", channels=(channel("desk@cyber.example"),), hours=hours)
    publish_all(engine, publication(POINT, desk))
    return opened


def reported(office: Office, entry: str = ENTRY, who: str = COLLEAGUE) -> int:
    """A report that nobody answered; gives its number."""
    office.place.clock.move(minutes=1)
    form = ReportForm(kind=ReportKind.NO_ANSWER)
    with office.place.work() as uow:
        return report(uow, person(office, who), entry, form, office.place.clock(), 20)


def answered(office: Office, number: int, who: str = FIRST) -> None:
    office.place.clock.move(minutes=1)
    with office.place.work() as uow:
        answer(uow, person(office, who), number, office.place.clock(), "Mended.")


def line_tested(
    office: Office, outcome: LineOutcome = LineOutcome.NO_ANSWER, who: str = FIRST, number: int = 1
) -> None:
    """A test by telephone that ended now, as the officer noted it."""
    office.place.clock.move(minutes=1)
    at = office.place.clock()
    officer = person(office, who).account_id
    with office.place.work() as uow:
        day = at.date()
        asked = {"first_day": day, "last_day": day, "started_at": at, "started_by": officer}
        times = LineTimes.BOTH
        ways = ["telephone"]
        uow.session.add(
            LineTestRound(
                id=f"L-{number:06}", methods=ways, states=[], times=times, minutes=60, **asked
            )
        )
        uow.session.flush()
        uow.session.add(
            LineTest(
                round_id=f"L-{number:06}",
                entry_id=POINT,
                method=LineMethod.TELEPHONE,
                office_time=False,
                due_at=at,
                link_id=f"link{number}",
                started_at=at,
                ends_at=at,
                ended_at=at,
                outcome=outcome,
                noted_by=officer,
            )
        )


def announced(office: Office) -> tuple[str, str]:
    """Days a week from now that wait for an officer; the first and the last."""
    office.place.clock.move(minutes=1)
    first = office.place.clock().date() + dt.timedelta(days=7)
    last = first + dt.timedelta(days=1)
    with office.place.work() as uow:
        announce_closure(
            uow,
            person(office, PROPOSER),
            ClosureForm(first=first, last=last),
            office.place.clock(),
            workflow(office.place.parts.settings),
        )
    return first.isoformat(), last.isoformat()


def accepted(office: Office, seen: ClosureStatus = ClosureStatus.WAITING) -> None:
    office.place.clock.move(minutes=1)
    with office.place.work() as uow:
        number = uow.session.scalars(select(StateClosure.id)).one()
        accept_closure(uow, person(office, FIRST), number, seen, office.place.clock())


def next_digest(office: Office, email: str = READER) -> dict[str, object]:
    """What the next day's digest adds of these; {} where there is none."""
    before = len(told(office, email))
    next_day(office)
    tell(office)
    tell(office)
    found = told(office, email)[before:]
    assert len(found) <= 1
    quiet = ("changed", "questions")
    return {name: lines for one in found for name, lines in one.items() if name not in quiet}


# --- what is never told


def test_what_is_not_for_the_reader_is_not_told(office: Office) -> None:
    for kind, key in ((WatchKind.ENTRY, ENTRY), (WatchKind.ENTRY, POINT), (WatchKind.STATE, "RO")):
        begin(office, kind, key)
    reported(office)
    line_tested(office)
    hide = update(Entry).where(Entry.id.in_((ENTRY, POINT)))
    with office.place.parts.engine.begin() as connection:
        connection.execute(hide.values(status=EntryStatus.RETIRED))
    assert next_digest(office) == {}


def test_closed_days_do_not_tell_of_an_entry_that_is_no_longer_for_the_reader(
    office: Office,
) -> None:
    begin(office, WatchKind.ENTRY, ENTRY)
    announced(office)
    accepted(office)
    with office.place.parts.engine.begin() as connection:
        hide = update(Entry).where(Entry.id == ENTRY)
        connection.execute(hide.values(status=EntryStatus.RETIRED))
    assert next_digest(office) == {}


def test_nobody_is_told_of_their_own_act_or_of_what_they_had_a_notice_of(office: Office) -> None:
    for email in (READER, PROPOSER, FIRST, SECOND):
        begin(office, WatchKind.STATE, "RO", email)
    reported(office, who=READER)
    line_tested(office)
    announced(office)
    accepted(office)
    next_day(office)
    tell(office)
    assert [sorted(told(office, one)[0]) for one in (READER, FIRST, SECOND)] == [
        ["changed", "closed", "failed", "questions"],
        ["changed", "questions", "reports"],
        ["changed", "closed", "failed", "questions", "reports"],
    ]
    assert told(office, PROPOSER) == []


@pytest.mark.parametrize("outcome", [LineOutcome.ANSWERED, LineOutcome.NOT_RUN])
def test_a_test_that_did_not_fail_is_not_told(office: Office, outcome: LineOutcome) -> None:
    begin(office, WatchKind.ENTRY, POINT)
    line_tested(office, outcome)
    assert next_digest(office) == {}


def test_days_that_nobody_vouched_for_or_that_are_over_are_not_told(office: Office) -> None:
    begin(office, WatchKind.STATE, "RO")
    announced(office)
    assert next_digest(office) == {}
    with office.place.work() as uow:
        officer = person(office, FIRST)
        seen = ClosureStatus.WAITING
        refuse_closure(uow, officer, 1, seen, "Not these.", office.place.clock())
    assert next_digest(office) == {}


def test_days_that_are_over_are_not_told(office: Office) -> None:
    begin(office, WatchKind.STATE, "RO")
    announced(office)
    accepted(office)
    office.later(days=20)
    assert next_digest(office) == {}


# --- what is told


def test_the_gravest_is_told_first_on_page_and_in_the_mail(office: Office) -> None:
    begin(office, WatchKind.STATE, "RO")
    days = announced(office)
    accepted(office)
    reported(office)
    line_tested(office)
    assert next_digest(office) == {
        "failed": [[POINT, "RO", "no_answer"]],
        "reports": REPORTED,
        "closed": [[days[0], "RO", days[1], False]],
    }
    page = office.get(READER, "/account/notices")
    lines = (
        f"Duty desk ({POINT}), RO: a line test failed: Nobody answered",
        f"Central Authority ({ENTRY}), RO: reported, and not answered so far: Nobody answered",
        "RO: offices are closed from ",
    )
    places = [page.index(one) for one in lines]
    assert places == sorted(places)
    assert next_digest(office) == {}


@pytest.mark.parametrize(
    ("kind", "key"),
    [(WatchKind.ENTRY, ENTRY), (WatchKind.STATE, "RO"), (WatchKind.QUESTION, QUESTION)],
)
def test_a_report_its_answer_and_closed_days_are_told_once_each_by_every_watch(
    office: Office, kind: WatchKind, key: str
) -> None:
    begin(office, kind, key)
    number = reported(office)
    first, last = announced(office)
    accepted(office)
    closed = [[first, "RO", last, False]]
    assert next_digest(office) == {"reports": REPORTED, "closed": closed}
    answered(office, number)
    assert next_digest(office) == {"answered": REPORTED}
    assert next_digest(office) == {}


def test_what_was_reported_and_answered_since_is_told_as_answered(office: Office) -> None:
    begin(office, WatchKind.ENTRY, ENTRY)
    begin(office, WatchKind.ENTRY, ENTRY, COLLEAGUE)
    answered(office, reported(office))
    assert next_digest(office) == {"answered": REPORTED}
    assert told(office, COLLEAGUE) == []


def test_a_test_that_fails_twice_the_same_way_is_one_line(office: Office) -> None:
    begin(office, WatchKind.ENTRY, POINT)
    for number in (1, 2):
        line_tested(office, number=number)
    assert next_digest(office) == {"failed": [[POINT, "RO", "no_answer"]]}


def test_days_taken_back_are_told_when_an_officer_has_looked(office: Office) -> None:
    begin(office, WatchKind.STATE, "RO")
    first, last = announced(office)
    accepted(office)
    next_digest(office)
    with office.place.work() as uow:
        at = office.place.clock()
        rules = workflow(office.place.parts.settings)
        withdraw_closure(uow, person(office, COLLEAGUE), 1, at, rules)
    assert next_digest(office) == {}
    accepted(office, ClosureStatus.LEAVING)
    assert next_digest(office) == {"closed": [[first, "RO", last, True]]}
    assert "RO: offices are no longer announced as closed" in office.get(READER, "/account/notices")


def test_more_to_tell_costs_no_more_statements(office: Office) -> None:
    """One event of each kind, and then twelve reports and tests more of the same watches."""
    begin(office, WatchKind.STATE, "RO")
    begin(office, WatchKind.ENTRY, POINT)
    announced(office)
    accepted(office)
    reported(office)
    line_tested(office)
    counts = []
    for more in (0, 12):
        at = office.place.clock()
        with office.place.work() as uow:
            author = person(office, COLLEAGUE).account_id
            uow.session.add_all(
                Report(entry_id=ENTRY, revision=1, kind=ReportKind.OTHER, at=at, by=author)
                for _ in range(more)
            )
        for number in range(more):
            line_tested(office, number=number + 2)
        reported(office, who=SECOND if more else FIRST)
        next_day(office)
        with statement_counter(office.place.parts.engine) as statements:
            tell(office)
        counts.append(len(statements))
    assert len(told(office)) == len(counts)
    assert counts[0] == counts[1]
