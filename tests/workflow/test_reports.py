"""How often somebody may say that something did not work, of which lines, and who is told."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.domain.lifecycle import ReportKind
from directory.domain.line_tests import LineMethod, LineOutcome, LineTimes
from directory.domain.vocabulary import Audience, ChannelKind
from directory.errors import Invalid, InvalidState, ReportsUsedUp
from directory.models.line_test import LineTest, LineTestRound
from directory.models.proposal import Report
from directory.services.reports import ReportForm, answer, report, report_failed_test
from tests.support import factories as make
from tests.workflow.place import AUTHORITY, DAY, FRENCH, OLD, OTHER, POINT, SECOND, Place, person

BEHIND = "+40217777777"
HOUR = dt.timedelta(hours=1)
NO_ANSWER, WRONG, BOUNCED = ReportKind.NO_ANSWER, ReportKind.WRONG_NUMBER, ReportKind.BOUNCED


def say(
    place: Place,
    kind: ReportKind = NO_ANSWER,
    who: str = "rita",
    entry: str = AUTHORITY,
    channel: str = "",
    most: int = 20,
) -> int:
    form = ReportForm(kind=kind, channel=channel)
    return place.do(report, person(who), entry, form, place.at, most)


def made(place: Place) -> int:
    with Session(place.engine) as session:
        return session.scalars(select(func.count(Report.id))).one()


@pytest.mark.parametrize("channel", ["n1", "+40219999999", BEHIND, "Call +33 142"])
def test_a_line_that_the_reader_does_not_see_is_not_reported(place: Place, channel: str) -> None:
    hidden = make.channel(BEHIND, Audience.OWN_STATE, kind=ChannelKind.TELEPHONE)
    desk = make.contact_point("Duty desk", channels=(make.channel("desk@cyber.example"), hidden))
    make.publish_all(place.engine, make.publication("RO-CCCCCC", desk))
    with pytest.raises(Invalid, match=r"channel: .* is no line of this entry"):
        say(place, entry="RO-CCCCCC", channel=channel)
    assert made(place) == 0
    say(place, entry="RO-CCCCCC", channel=" desk@cyber.example ")
    say(place, who="ana", entry="RO-CCCCCC", channel=BEHIND)


def test_the_same_is_said_once_until_it_is_answered(place: Place) -> None:
    number = say(place, channel=OLD)
    for channel in (OLD, SECOND, ""):
        with pytest.raises(InvalidState, match="reported this already"):
            say(place, channel=channel)
    say(place, WRONG)
    say(place, who="claire")
    place.do(answer, person("ana"), number, place.at, "It rings again.")
    say(place, channel=SECOND)


def test_a_day_has_room_for_so_many_reports_of_one_account(place: Place) -> None:
    first = say(place, most=2)
    say(place, entry=OTHER, most=2)
    with pytest.raises(ReportsUsedUp) as refused:
        say(place, entry=POINT, most=2)
    assert refused.value.again_at == dt.datetime.combine(place.at.date() + DAY, dt.time(), dt.UTC)
    assert made(place) == 2
    # What others said stops nobody, and neither does what was answered or said yesterday.
    say(place, who="claire", entry=POINT, most=2)
    place.do(answer, person("ana"), first, place.at, "It rings again.")
    say(place, entry=POINT, most=2)
    place.later(DAY)
    say(place, entry=FRENCH, most=2)
    say(place, WRONG, most=0)


def test_failed_line_tests_leave_an_officer_their_own_reports(place: Place) -> None:
    with place.work() as uow:
        asked = {"first_day": place.at.date(), "last_day": place.at.date(), "started_at": place.at}
        round_ = LineTestRound(
            id="L-000001",
            methods=["telephone"],
            states=[],
            times=LineTimes.BOTH,
            minutes=60,
            started_by=4,
            **asked,
        )
        uow.session.add(round_)
        uow.session.flush()
        moments = dict.fromkeys(("due_at", "started_at", "ends_at", "ended_at"), place.at)
        test = LineTest(
            round_id="L-000001",
            entry_id=POINT,
            method=LineMethod.TELEPHONE,
            office_time=False,
            link_id="link",
            outcome=LineOutcome.NO_ANSWER,
            noted_by=4,
            **moments,
        )
        uow.session.add(test)
        uow.session.flush()
        report_failed_test(uow, POINT, ReportForm(kind=NO_ANSWER), 4, place.at)
    say(place, who="vera", most=1)
    with pytest.raises(ReportsUsedUp):
        say(place, WRONG, who="vera", most=1)


def test_focal_points_are_mailed_the_first_report_and_once_a_day_after(place: Place) -> None:
    def told() -> int:
        return len(place.notices("report_made"))

    first = say(place)
    everybody = told()
    assert {one.account_id for one in place.notices("report_made")} >= {1, 2}
    for kind in (WRONG, BOUNCED, ReportKind.OTHER):
        place.later(HOUR)
        say(place, kind)
        say(place, kind, who="claire")
    assert told() == everybody
    say(place, entry=OTHER)
    assert told() == 2 * everybody
    place.later(DAY)
    say(place, who="claire")
    say(place, who="viola")
    assert told() == 3 * everybody
    place.do(answer, person("ana"), first, place.at, "It rings again.")
    assert len(place.notices("report_answered")) == 1
