"""What readers are told of lately: routing-critical changes, for sixty days, newest first."""

import datetime as dt
from typing import Any

from directory.domain.lately import TOLD_FOR, may_be_told, told_changes
from directory.domain.record import Record
from tests.support import factories as make

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


def at(address: str, **fields: Any) -> Record:
    return make.authority(channels=(make.channel(address),), **fields)


OLD, NEW = at("old@justice.example"), at("new@justice.example")


def test_the_first_revision_is_no_change() -> None:
    assert not may_be_told(1, make.AT, make.AT)
    assert told_changes([(make.AT, OLD)], make.AT) == ()


def test_a_change_is_not_told_after_sixty_days() -> None:
    changed_at = make.AT - TOLD_FOR - SECOND
    assert not may_be_told(2, changed_at, make.AT)
    assert told_changes([(changed_at, NEW), (changed_at - DAY, OLD)], make.AT) == ()


def test_a_change_of_what_routes_no_request_is_not_told() -> None:
    noted = at("old@justice.example", note="Open to visitors")
    assert told_changes([(make.AT, noted), (make.AT - DAY, OLD)], make.AT) == ()


def test_a_change_is_told_for_sixty_days_with_what_it_changed() -> None:
    changed_at = make.AT - TOLD_FOR
    assert may_be_told(2, changed_at, make.AT)
    (told,) = told_changes([(changed_at, NEW), (changed_at - DAY, OLD)], make.AT)
    assert told.on == changed_at.date()
    assert all(one.is_critical for one in told.differences)


def test_changes_are_told_newest_first() -> None:
    revisions = [(make.AT, OLD), (make.AT - DAY, NEW), (make.AT - 2 * DAY, OLD)]
    told = told_changes(revisions, make.AT)
    assert [one.on for one in told] == [make.TODAY, make.TODAY - DAY]
