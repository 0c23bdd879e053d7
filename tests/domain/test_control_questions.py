"""Control questions: nothing that the proposal gives away, what insiders know first."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from directory.domain.control_questions import MOST, Suggestion, suggestions
from directory.domain.diff import Difference
from directory.domain.record import Address, Closure, Hours, Interval, Record
from directory.domain.vocabulary import Audience, ChannelKind, CooperationType
from tests.support import factories as make

FAX = make.channel("+40 21 555 0142", kind=ChannelKind.FAX)
SECOND_FAX = make.channel("+40 21 555 0177", kind=ChannelKind.FAX)
CITY = Address(text="1 Example Street, Bucharest", city="Bucharest")
CLOSED = Closure(first=dt.date(2026, 4, 10), last=dt.date(2026, 4, 13))


def asked(record: Record, *differences: Difference) -> list[str]:
    """The answers on record of what is suggested, the best first."""
    return [one.answer for one in suggestions(record, differences)]


def test_a_fax_that_not_every_reader_sees_is_asked_for_first() -> None:
    hidden = replace(SECOND_FAX, audience=Audience.OWN_STATE)
    found = suggestions(undesignated(channels=(FAX, hidden), unit="Unit 4"), ())
    assert [(one.answer, one.is_open) for one in found] == [("177", False), ("Unit 4", True)]
    assert all(one.is_open for one in suggestions(undesignated(channels=(FAX,)), ()))


def undesignated(**fields: Any) -> Record:
    return make.authority(types=(), **fields)


# --- what is not asked


def test_a_record_of_requirements_has_nothing_to_ask_an_office() -> None:
    assert suggestions(make.requirements(legal_requirements="A certified copy"), ()) == ()


def test_nothing_is_asked_of_a_field_that_the_proposal_changes() -> None:
    record = undesignated(unit="Unit 4", ministry="Ministry of Justice")
    changed = Difference(field="unit", before="Unit 3", after="Unit 5")
    assert asked(record, changed) == ["Ministry of Justice"]


@pytest.mark.parametrize("after", ["Unit 4", {"text": "Unit 4"}, {"scope": {"text": "Unit 4"}}])
def test_an_answer_that_stands_in_the_proposal_is_not_asked_for(after: object) -> None:
    told = Difference(field="note", after=after)
    assert asked(undesignated(unit="Unit 4"), told) == []


def test_what_a_proposal_removes_gives_no_answer_away() -> None:
    removed = Difference(field="note", before="Unit 4", after=None)
    assert asked(undesignated(unit="Unit 4"), removed) == ["Unit 4"]


def test_a_question_without_an_answer_on_record_is_not_asked() -> None:
    unarticled = make.designation()
    nowhere = Address(text="PO Box 1")
    record = make.authority(designations=(unarticled,), addresses=(nowhere,))
    assert asked(record) == []


def test_opening_hours_without_a_monday_or_a_closure_give_no_question() -> None:
    tuesdays = (Interval(weekday=2, opens="08:00", closes="17:00"),)
    assert asked(undesignated(hours=Hours(zone="Europe/Bucharest", intervals=tuesdays))) == []


# --- what is asked


def test_only_the_last_digits_of_the_first_fax_are_asked_for() -> None:
    (one,) = suggestions(undesignated(channels=(FAX, SECOND_FAX)), ())
    assert (one.answer, one.params) == ("142", {"count": 3})


def test_hours_are_asked_by_the_next_closure_and_the_first_opening_on_monday() -> None:
    weekly = make.office_hours().intervals
    hours = Hours(zone="Europe/Bucharest", intervals=weekly[::-1], closures=(CLOSED,))
    assert asked(undesignated(hours=hours)) == ["2026-04-10", "08:00"]


def test_the_article_is_asked_with_its_cooperation_type() -> None:
    articled = make.designation(CooperationType.EXTRADITION, article="16")
    record = make.authority(designations=(make.designation(), articled))
    question = "Under which article are you designated for %(type)s?"
    assert suggestions(record, ()) == (
        Suggestion(question, "16", {"type": CooperationType.EXTRADITION}),
    )


def test_an_officer_is_asked_for_agency_and_city() -> None:
    record = make.officer(agency="Border police", host_city="Paris")
    assert asked(record) == ["Paris", "Border police"]


def test_what_only_insiders_have_at_hand_comes_first_and_the_form_stays_short() -> None:
    record = undesignated(
        hours=make.office_hours(),
        channels=(FAX,),
        unit="Unit 4",
        ministry="Ministry of Justice",
        addresses=(CITY,),
    )
    assert asked(record) == ["08:00", "142", "Unit 4", "Ministry of Justice"]
    assert len(asked(record)) == MOST


def test_the_city_of_the_office_is_asked_when_little_else_is_known() -> None:
    assert asked(undesignated(addresses=(CITY,))) == ["Bucharest"]
