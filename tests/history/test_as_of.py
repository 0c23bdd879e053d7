"""What was valid on a day, as known at a moment: held against a slow and simple oracle."""

import datetime as dt
import random
from dataclasses import replace

import pytest

from directory.domain import as_of as subject
from directory.domain.as_of import AsOf, Recorded, as_of
from directory.domain.record import LiaisonOfficerRecord
from directory.domain.validity import is_valid
from directory.domain.vocabulary import EntryStatus
from tests.history.histories import KINDS, recorded, some_day, some_history, some_moment
from tests.history.oracle import Held, held
from tests.support import factories as make

QUESTIONS = 2000
HISTORIES = 200


def shown(found: AsOf, on: dt.date) -> Held:
    """The answer in the oracle's terms."""
    record = found.record
    posted = ("", "")
    if isinstance(record, LiaisonOfficerRecord):
        days = (record.posted_from, record.posted_to)
        posted = tuple(day.isoformat() if day else "" for day in days)  # type: ignore[assignment]
    designations = getattr(record, "designations", ())
    return Held(
        number=found.revision.number,
        status=found.revision.status.value,
        channels=[one.value for one in record.channels],  # type: ignore[union-attr]
        designations={one.key for one in designations if is_valid(one, on)},
        posted=posted,
    )


def differences(seed: int) -> list[str]:
    """Questions about random histories that the two answer differently."""
    rng = random.Random(seed)
    found = []
    for _ in range(HISTORIES):
        kind = rng.choice(KINDS)
        history = some_history(rng, kind)
        revisions = recorded(history, kind)
        for _ in range(QUESTIONS // HISTORIES):
            day, known = some_day(rng), some_moment(rng)
            answer = subject.as_of(revisions, day, known)
            if (shown(answer, day) if answer else None) != held(history, day, known):
                found.append(f"{kind} on {day} as known {known}")
    return found


@pytest.mark.parametrize("seed", range(5))
def test_answers_are_those_of_the_oracle(seed: int) -> None:
    assert differences(seed) == []


def test_dates_that_came_later_are_missed_by_a_careless_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subject, "_dated", lambda then, _last, _number: then)
    assert differences(0)


def test_what_came_to_light_later_is_leaked_by_a_careless_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subject, "known_at", lambda revisions, _moment: list(revisions))
    assert differences(0)


DAY = dt.timedelta(days=1)


def revision(number: int, at: dt.datetime, **fields: object) -> Recorded:
    record = make.authority(**fields)  # type: ignore[arg-type]
    return Recorded(number=number, at=at, status=EntryStatus.PUBLISHED, record=record)


def test_nothing_is_known_before_the_first_record() -> None:
    one = revision(1, make.AT)
    assert as_of([one], make.TODAY, make.AT - dt.timedelta(seconds=1)) is None
    assert as_of([one], make.TODAY, make.AT)


def test_the_first_revision_speaks_for_the_days_before_it_and_it_is_said() -> None:
    one = revision(1, make.AT)
    found = as_of([one], make.TODAY - 400 * DAY)
    assert found
    assert found.revision is one
    assert found.is_before_record


def test_a_number_counts_from_the_day_it_was_recorded() -> None:
    old = revision(1, make.AT - 10 * DAY, channels=(make.channel("old@justice.example"),))
    new = revision(2, make.AT, channels=(make.channel("new@justice.example"),))
    values = [
        as_of([old, new], make.TODAY + days * DAY).record.channels[0].value  # type: ignore[union-attr]
        for days in (-1, 0)
    ]
    assert values == ["old@justice.example", "new@justice.example"]


def test_an_end_that_was_told_late_counts_from_its_day() -> None:
    held_then = make.designation()
    ended = replace(held_then, valid_to=make.TODAY - 5 * DAY)
    old = revision(1, make.AT - 10 * DAY, designations=(held_then,))
    new = revision(2, make.AT, designations=(ended,))
    on = make.TODAY - 2 * DAY
    now_known = as_of([old, new], on)
    then_known = as_of([old, new], on, make.AT - DAY)
    assert now_known
    assert then_known
    assert not is_valid(now_known.record.designations[0], on)  # type: ignore[union-attr]
    assert now_known.is_redated
    assert is_valid(then_known.record.designations[0], on)  # type: ignore[union-attr]


def test_a_designation_told_late_keeps_its_own_source_beside_one_of_the_same_key() -> None:
    old = revision(1, make.AT - 10 * DAY, designations=(), sources=(make.source(),))
    late = make.designation(valid_from=make.TODAY - 20 * DAY, source="note")
    other_act = replace(make.source(), reference="Note 2")
    new = revision(2, make.AT, designations=(late,), sources=(other_act,))
    found = as_of([old, new], make.TODAY - DAY)
    assert found
    record = found.record
    acts = {act.key: act.reference for act in record.sources}
    assert acts[record.designations[0].source] == "Note 2"  # type: ignore[union-attr]
    assert acts["note"] == "Note 1"
