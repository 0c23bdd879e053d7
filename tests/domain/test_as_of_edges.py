"""Two times of an entry: what has no day of its own, and what a later revision cannot redate."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from directory.domain.as_of import AsOf, Recorded, as_of, is_required
from directory.domain.record import Record
from directory.domain.vocabulary import EntryStatus
from tests.support import factories as make

DAY = dt.timedelta(days=1)
#: A day on which the first of two revisions is in force.
BETWEEN = make.TODAY - DAY
LONG_AGO = dt.date(1990, 6, 1)


def two(first: Record, second: Record) -> list[Recorded]:
    """Revisions of ten days ago and of today."""
    moments = (make.AT - 10 * DAY, make.AT)
    return [
        Recorded(number=number, at=at, status=EntryStatus.PUBLISHED, record=record)
        for number, (at, record) in enumerate(zip(moments, (first, second), strict=True), 1)
    ]


def found(revisions: list[Recorded], on: dt.date | None) -> AsOf:
    answer = as_of(revisions, on)
    assert answer
    return answer


def test_nothing_is_known_of_an_entry_without_revisions() -> None:
    assert as_of([], None) is None


def test_requirements_are_never_redated() -> None:
    first, second = make.requirements(costs="None"), make.requirements(costs="Translation")
    answer = found(two(first, second), BETWEEN)
    assert answer.record is first
    assert not answer.is_redated


@pytest.mark.parametrize(
    ("source", "on", "expected"),
    [
        ({}, BETWEEN, True),
        ({}, LONG_AGO, False),
        ({"year": 1990}, LONG_AGO, False),
        ({"year": 1989}, LONG_AGO, True),
        ({"date": dt.date(1990, 6, 1), "year": 1990}, LONG_AGO, True),
    ],
)
def test_requirements_count_from_the_day_recorded_or_that_of_a_source(
    source: dict[str, Any], on: dt.date, expected: bool
) -> None:
    act = replace(make.source("s1"), **{"date": None, "year": None} | source)
    record = make.requirements(sources=(act,))
    assert is_required(found(two(record, record), on), on) is expected


def test_what_is_no_list_of_requirements_counts_before_the_record_too() -> None:
    assert is_required(found(two(make.authority(), make.authority()), LONG_AGO), LONG_AGO)


def test_a_designation_told_later_without_a_day_does_not_hold_before() -> None:
    first = make.authority(types=())
    answer = found(two(first, make.authority()), BETWEEN)
    assert answer.record == first


def test_without_a_day_the_last_revision_speaks() -> None:
    revisions = two(make.authority("Old"), make.authority("New"))
    answer = found(revisions, None)
    assert (answer.revision, answer.latest) == (revisions[1], revisions[1])
    assert not answer.is_redated
    assert not answer.is_before_record


def test_two_revisions_that_say_the_same_are_not_redated() -> None:
    assert not found(two(make.authority(), make.authority()), BETWEEN).is_redated


def test_a_posting_counts_by_the_dates_told_last() -> None:
    told_late = make.officer("New", posted_to=BETWEEN)
    answer = found(two(make.officer("Old"), told_late), BETWEEN)
    assert answer.record == make.officer("Old", posted_to=BETWEEN)
    assert answer.is_redated


def test_a_designation_told_late_brings_its_act_and_no_other() -> None:
    late = make.designation(valid_from=BETWEEN, source="note")
    other = replace(make.source("other"), reference="Note 9")
    second = make.authority(designations=(late,), sources=(make.source(), other))
    answer = found(two(make.authority(types=()), second), BETWEEN)
    assert answer.record == make.authority(designations=(late,), sources=(make.source(),))


def test_a_designation_told_late_shares_the_act_that_is_there_already() -> None:
    late = make.designation(valid_from=BETWEEN, source="note")
    acts = (make.source(),)
    second = make.authority("New", designations=(late,), sources=acts)
    answer = found(two(make.authority(types=(), sources=acts), second), BETWEEN)
    assert answer.record == make.authority(designations=(late,), sources=acts)


def test_a_designation_told_late_may_rest_on_no_act() -> None:
    late = make.designation(valid_from=BETWEEN)
    answer = found(two(make.authority(types=()), make.authority(designations=(late,))), BETWEEN)
    assert answer.record == make.authority(designations=(late,))
