"""Whom to try at this moment: the order by who is there now, not by law."""

from dataclasses import replace

import pytest

from directory.domain.answer import Candidate, ContactLine, UrgentPart, UrgentStep
from directory.domain.escalation import (
    Contacts,
    Place,
    escalation,
    interpol_steps,
    limits,
    place_of,
    silent_contacts,
    suspended_points,
)
from directory.domain.freshness import FreshnessView
from directory.domain.hours import Reachability, ReachHint, ReachState
from directory.domain.lately import ReportedChannel
from directory.domain.reasons import Reason
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
REPORTED = ReportedChannel(since=make.AT, channel=NIGHT, proposal_id="1")
BUDAPEST = make.designation(CooperationType.E_EVIDENCE, instrument="BUDAPEST")


def line(
    name: str,
    record: Record,
    state: ReachState,
    hint: ReachHint = ReachHint.NONE,
    *,
    designated: bool = True,
    reasons: tuple[str, ...] = (),
    hidden: int = 0,
) -> ContactLine:
    return ContactLine(
        candidate=Candidate(id=name, state="RO", record=record, hidden_lines=hidden),
        reasons=tuple(Reason(code) for code in reasons),
        freshness=FreshnessView(state=Freshness.LAPSED),
        reachability=Reachability(state=state, hint=hint),
        designation=BUDAPEST if designated else None,
        source=make.source() if designated else None,
    )


def office(
    name: str,
    state: ReachState,
    *lines: Channel,
    hint: ReachHint = ReachHint.NONE,
    reasons: tuple[str, ...] = (),
) -> ContactLine:
    record = make.authority(name, channels=lines or (PHONE,))
    return line(name, record, state, hint, reasons=reasons)


def point(name: str, state: ReachState, *lines: Channel, designated: bool = True) -> ContactLine:
    record = make.contact_point(channels=lines or (PHONE,))
    return line(name, record, state, HOLIDAY, designated=designated)


def order(contacts: Contacts) -> list[str]:
    return [f"{one.entry} {one.reason.code}" for one in escalation(contacts)]


@pytest.mark.parametrize("partial", ["for_territory_only", "function_only", "sends_only"])
def test_who_is_for_a_part_only_never_goes_before_one_for_the_whole_state(partial: str) -> None:
    contacts = Contacts(
        points=(
            line(
                "P",
                make.contact_point(channels=(MAIL,)),
                ReachState.ROUND_THE_CLOCK,
                reasons=(partial, "status_notified"),
            ),
        ),
        authorities=(office("A", ReachState.CLOSED, reasons=("scope_limited",)),),
    )
    assert order(contacts) == ["A closed_now", "P call_point"]
    assert [reason.code for reason in limits(contacts.points[0])] == [partial]


@pytest.mark.parametrize(
    ("state", "lines", "expected"),
    [
        # The State's closed office with a night line is likelier to answer than an unknown one.
        (ReachState.CLOSED, (NIGHT,), ["A urgent_channel", "T hours_unknown"]),
        (ReachState.UNKNOWN, (NIGHT,), ["T hours_unknown", "A urgent_hours_unknown"]),
        (ReachState.OPEN, (PHONE,), ["A open_now", "T hours_unknown"]),
        (ReachState.UNKNOWN, (PHONE,), ["T hours_unknown", "A hours_unknown"]),
    ],
)
def test_territory_asked_goes_first_among_those_as_likely_to_answer(
    state: ReachState, lines: tuple[Channel, ...], expected: list[str]
) -> None:
    whole = office("A", state, *lines, reasons=("whole_state",))
    own = office("T", ReachState.UNKNOWN, reasons=("for_territory_asked",))
    assert order(Contacts(authorities=(whole, own))) == expected


def test_who_has_no_line_is_named_unless_its_lines_are_hidden_or_it_is_for_a_part() -> None:
    silent = make.contact_point(channels=(POST,), designations=(BUDAPEST,))
    nobody = make.authority(channels=())
    unknown = ReachState.UNKNOWN
    contacts = Contacts(
        points=(
            line("P", silent, unknown),
            line("Q", silent, unknown, hidden=1),
            line("N", make.contact_point(channels=(), designations=()), unknown),
        ),
        authorities=(
            line("A", nobody, unknown),
            line("B", nobody, unknown, reasons=("for_territory_only",)),
            office("C", unknown),
            *(line(f"D{number}", nobody, unknown) for number in range(3)),
        ),
    )
    steps = list(silent_contacts(contacts))
    assert all(step.source for step in steps)
    found = [f"{one.entry} {one.reason.code}" for one in steps]
    assert found == [
        "P point_silent",
        *(f"{name} authority_silent" for name in ("A", "D0", "D1")),
    ]
    assert not {"P", "A"} & {one.entry for one in escalation(contacts)}


def test_suspended_points_are_named_and_never_among_those_to_try() -> None:
    unknown = ReachState.UNKNOWN
    contacts = Contacts(
        points=(point("P", unknown),),
        suspended=(
            point("Q", unknown),
            office("A", unknown),
            point("R", unknown, designated=False),
        ),
    )
    assert [f"{one.entry} {one.reason.code}" for one in suspended_points(contacts)] == [
        "Q point_suspended",
        "R point_suspended",
    ]
    assert {one.entry for one in escalation(contacts)} == {"P"}


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
        authorities=(office("A", ReachState.OPEN),), nearest=(office("N", ReachState.OPEN, NIGHT),)
    )
    assert order(contacts) == ["A open_now", "N open_now"]


def test_office_that_is_only_the_nearest_is_not_called_twice_by_the_same_lines() -> None:
    contacts = Contacts(
        authorities=(office("A", ReachState.OPEN, PHONE, MAIL),),
        nearest=(office("same", ReachState.OPEN, PHONE), office("other", ReachState.OPEN, URGENT)),
    )
    assert order(contacts) == ["A open_now", "other open_now"]
    # Another that is designated is always named.
    twice = Contacts(authorities=(*contacts.authorities, office("B", ReachState.OPEN, PHONE)))
    assert order(twice) == ["A open_now", "B open_now"]


ONE_OFFICE = Contacts(
    points=(line("P", make.contact_point("Desk", channels=(PHONE, MAIL)), ReachState.UNKNOWN),),
    authorities=(line("A", make.authority("Desk", channels=(MAIL, PHONE)), ReachState.UNKNOWN),),
)


def with_authority(contacts: Contacts, record: Record, **facts: object) -> Contacts:
    """The same with another record of the authority, or other facts of its entry."""
    (first,) = contacts.authorities
    candidate = replace(first.candidate, record=record, **facts)  # type: ignore[arg-type]
    return replace(contacts, authorities=(replace(first, candidate=candidate),))


def test_office_in_several_entries_is_named_once_where_the_first_of_them_stands() -> None:
    printed = replace(PHONE, as_given="(1)", source="gazette")
    for record in (
        make.authority("Desk", channels=(MAIL, PHONE)),
        make.authority("Desk", channels=(MAIL, printed, POST, INTERPOL)),
    ):
        (step,) = escalation(with_authority(ONE_OFFICE, record))
        assert (step.entry, step.reason.code, step.also) == ("P", "call_point", ("A",))
        assert step.channels == (PHONE, MAIL)


@pytest.mark.parametrize(
    ("record", "facts"),
    [
        (make.authority("Other desk", channels=(PHONE, MAIL)), {}),
        (make.authority("Desk", channels=(PHONE,)), {}),
        (make.authority("Desk", channels=(PHONE, MAIL, URGENT)), {}),
        (make.authority("Desk", channels=(replace(PHONE, extension="7"), MAIL)), {}),
        (make.authority("Desk", channels=(replace(PHONE, note="only at night"), MAIL)), {}),
        (make.authority("Desk", channels=(PHONE, MAIL)), {"synthetic": True}),
        (make.authority("Desk", channels=(PHONE, MAIL)), {"behind_glass": 1}),
        (make.authority("Desk", channels=(PHONE, MAIL)), {"reported_channels": (REPORTED,)}),
    ],
)
def test_entry_with_another_name_or_anything_else_to_try_keeps_its_step(
    record: Record, facts: dict[str, object]
) -> None:
    found = escalation(with_authority(ONE_OFFICE, record, **facts))
    assert {(one.entry, one.also) for one in found} == {("P", ()), ("A", ())}


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
        (ReachState.UNKNOWN, (NIGHT, URGENT, PHONE, MAIL)),
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
    assert escalation(Contacts(nearest=(nobody,))) == ()
