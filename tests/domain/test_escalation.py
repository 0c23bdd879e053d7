"""Whom to try at this moment: the order by who is there now, not by law."""

import pytest

from directory.domain.answer import Candidate, ContactLine, UrgentPart, UrgentStep
from directory.domain.escalation import Contacts, Place, escalation, interpol_steps, place_of
from directory.domain.freshness import FreshnessView
from directory.domain.hours import Reachability, ReachHint, ReachState
from directory.domain.record import Channel, Record
from directory.domain.vocabulary import (
    ChannelKind,
    ChannelPurpose,
    CooperationType,
    Freshness,
)
from tests.support import factories as make

PHONE = make.channel("+1", kind=ChannelKind.TELEPHONE)
NIGHT = make.channel("+2", kind=ChannelKind.MOBILE, purpose=ChannelPurpose.OUT_OF_HOURS)
URGENT = make.channel("u@justice.example", purpose=ChannelPurpose.URGENT)
MAIL = make.channel("m@justice.example")
POST = make.channel("1 Example Street", kind=ChannelKind.POST)
INTERPOL = make.channel("INTERPOL", kind=ChannelKind.INTERPOL)
HOLIDAY = ReachHint.HOLIDAY
BUDAPEST = make.designation(CooperationType.E_EVIDENCE, instrument="BUDAPEST")


def line(
    name: str,
    record: Record,
    state: ReachState,
    hint: ReachHint = ReachHint.NONE,
    *,
    designated: bool = True,
) -> ContactLine:
    return ContactLine(
        candidate=Candidate(id=name, state="RO", record=record),
        reasons=(),
        freshness=FreshnessView(state=Freshness.LAPSED),
        reachability=Reachability(state=state, hint=hint),
        designation=BUDAPEST if designated else None,
        source=make.source() if designated else None,
    )


def office(
    name: str, state: ReachState, *lines: Channel, hint: ReachHint = ReachHint.NONE
) -> ContactLine:
    return line(name, make.authority(channels=lines or (PHONE,)), state, hint)


def point(name: str, state: ReachState, *lines: Channel, designated: bool = True) -> ContactLine:
    record = make.contact_point(channels=lines or (PHONE,))
    return line(name, record, state, HOLIDAY, designated=designated)


def order(contacts: Contacts) -> list[str]:
    return [f"{one.entry} {one.reason.code}" for one in escalation(contacts)]


def test_by_day_the_open_office_goes_before_a_point_for_something_else() -> None:
    contacts = Contacts(
        points=(point("P", ReachState.ROUND_THE_CLOCK, designated=False),),
        authorities=(office("A", ReachState.CLOSED, NIGHT), office("B", ReachState.OPEN)),
    )
    assert order(contacts) == ["B open_now", "P call_point", "A urgent_channel"]


def test_at_night_the_point_goes_first_then_the_night_line_of_the_office() -> None:
    contacts = Contacts(
        points=(point("P", ReachState.ROUND_THE_CLOCK),),
        authorities=(
            office("A", ReachState.CLOSED),
            office("B", ReachState.UNKNOWN),
            office("C", ReachState.CLOSED, PHONE, NIGHT),
        ),
    )
    assert order(contacts) == [
        "P call_point",
        "C urgent_channel",
        "B hours_unknown",
        "A closed_now",
    ]


def test_open_office_on_a_holiday_there_is_probably_closed() -> None:
    contacts = Contacts(
        points=(point("P", ReachState.UNKNOWN, designated=False),),
        authorities=(office("A", ReachState.OPEN, hint=HOLIDAY),),
    )
    assert order(contacts) == ["P call_point", "A open_on_holiday"]


def test_point_that_its_state_announced_closed_is_no_longer_first() -> None:
    closed = point("P", ReachState.CLOSED)
    assert place_of(closed) is Place.CLOSED_NOW
    assert place_of(point("P", ReachState.CLOSED, NIGHT)) is Place.URGENT_CHANNEL


def test_authority_for_a_neighbouring_type_follows_those_for_the_type() -> None:
    contacts = Contacts(
        authorities=(office("A", ReachState.OPEN),), nearest=(office("N", ReachState.OPEN),)
    )
    assert order(contacts) == ["A open_now", "N open_now"]


def test_contact_without_a_line_to_try_is_not_named() -> None:
    contacts = Contacts(authorities=(office("A", ReachState.OPEN, POST, INTERPOL),))
    assert order(contacts) == []
    (step,) = interpol_steps(contacts)
    assert (step.part, step.channels) == (UrgentPart.CHANNEL, (INTERPOL,))
    assert list(interpol_steps(Contacts(authorities=(office("A", ReachState.OPEN),)))) == []


def first(contacts: Contacts) -> UrgentStep:
    return next(iter(escalation(contacts)))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        # Telephones first; by day the night's line is the last of them.
        (ReachState.OPEN, (PHONE, NIGHT, URGENT, MAIL)),
        (ReachState.CLOSED, (NIGHT, URGENT)),
    ],
)
def test_lines_of_an_office_are_those_of_the_moment(
    state: ReachState, expected: tuple[Channel, ...]
) -> None:
    lines = (MAIL, NIGHT, POST, PHONE, URGENT, INTERPOL)
    assert first(Contacts(authorities=(office("A", state, *lines),))).channels == expected


def test_lines_of_a_point_keep_the_order_of_its_state() -> None:
    found = first(Contacts(points=(point("P", ReachState.ROUND_THE_CLOCK, MAIL, NIGHT, PHONE),)))
    assert found.channels == (NIGHT, PHONE, MAIL)


def test_rule_of_the_24_7_network_is_named_for_its_points_only() -> None:
    always = ReachState.ROUND_THE_CLOCK
    assert first(Contacts(points=(point("P", always),))).reason.rule == "BUDAPEST 35(1)"
    assert first(Contacts(points=(point("P", always, designated=False),))).reason.rule == ""
    assert first(Contacts(authorities=(office("A", always),))).reason.rule == ""


def test_requirements_are_nobody_to_call() -> None:
    nobody = line("R", make.requirements(), ReachState.UNKNOWN)
    assert list(escalation(Contacts(nearest=(nobody,)))) == []
