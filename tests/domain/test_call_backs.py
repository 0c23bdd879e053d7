"""Whom to call back, and what a record of a call may say: refusals first."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from directory.domain.call_backs import (
    LEAST_AGE,
    PROPOSER_AWAY,
    PastRevision,
    Standing,
    Told,
    call_problems,
    changes_channels,
    denied_things,
    eligible,
    protection_problems,
    standing_of,
    standing_since,
    untried,
)
from directory.domain.diff import Difference, diff
from directory.domain.lifecycle import CallBackResult, ProposalKind
from directory.domain.record import Channel, Record, SourceAct, to_dict
from directory.domain.verification import Call
from directory.domain.vocabulary import NOT_A_NUMBER, ChannelKind
from tests.support import factories as make

TODAY = make.TODAY
OLD, SECOND, NEW = "+40211234567", "+40211234568", "+40219999999"
PROPOSER, COLLEAGUE = 1, 2


def telephone(value: str = OLD, **fields: Any) -> Channel:
    return make.channel(value, kind=ChannelKind.TELEPHONE, **fields)


def revision(
    days_ago: int, *channels: Channel, by: int | None = None, sources: tuple[object, ...] = ()
) -> PastRevision:
    """``by`` None is a revision that was loaded from published sources."""
    return PastRevision(
        recorded_at=make.AT - dt.timedelta(days=days_ago),
        record=to_dict(make.authority(channels=channels, sources=sources)),
        proposer_id=by,
        proposed=by is not None,
    )


def called(history: list[PastRevision], current: Record, proposed: Record | None) -> list[str]:
    return [one.value for one in eligible(history, current, proposed, PROPOSER, TODAY)]


def day(days_ago: int) -> dt.date:
    return TODAY - dt.timedelta(days=days_ago)


# --- what is said of a line


GAZETTE = make.source("g1")


@pytest.mark.parametrize(
    ("channel", "act", "expected"),
    [
        (telephone(), GAZETTE, Standing()),
        (telephone(source="g1"), replace(GAZETTE, date=None, year=None), "Note 1/"),
        (telephone(source="g1"), replace(GAZETTE, date=None, year=2011), "Note 1/2011"),
        (
            telephone(source="g1"),
            replace(GAZETTE, date=dt.date(2011, 5, 4), year=2011),
            "Note 1/2011-05-04",
        ),
    ],
)
def test_what_nobody_proposed_was_published_and_never_verified(
    channel: Channel, act: SourceAct, expected: object
) -> None:
    found = standing_of(("telephone", OLD, ""), [revision(90, channel, sources=(act,))])
    assert found.verified_on is None
    assert found == expected or f"{found.source}/{found.published}" == expected


def test_a_line_counts_as_verified_from_the_change_that_brought_it() -> None:
    history = [revision(90), revision(60, telephone(), by=PROPOSER), revision(9, telephone())]
    assert standing_of(("telephone", OLD, ""), history) == Standing(verified_on=day(60))
    assert standing_of(("telephone", NEW, ""), history) == Standing()


# --- lines nobody calls


@pytest.mark.parametrize(
    "line",
    [
        make.channel("desk@justice.example"),
        make.channel(OLD, kind=ChannelKind.FAX),
        telephone(warning=NOT_A_NUMBER),
    ],
)
def test_what_nobody_can_speak_on_is_not_called(line: Channel) -> None:
    current = make.authority(channels=(line,))
    assert called([revision(400, line)], current, current) == []


def test_a_line_without_history_is_not_called() -> None:
    current = make.authority(channels=(telephone(),))
    assert called([], current, current) == []
    assert called([revision(400)], current, current) == []


@pytest.mark.parametrize(("age", "expected"), [(LEAST_AGE - 1, []), (LEAST_AGE, [OLD])])
def test_a_line_must_have_stood_for_thirty_days(age: int, expected: list[str]) -> None:
    current = make.authority(channels=(telephone(),))
    assert called([revision(age, telephone(), by=COLLEAGUE)], current, current) == expected


@pytest.mark.parametrize(("age", "expected"), [(LEAST_AGE - 1, []), (LEAST_AGE, [OLD])])
def test_a_new_extension_is_as_new_as_another_number(age: int, expected: list[str]) -> None:
    """Behind an office's number another extension is another desk."""
    there = telephone(extension="666")
    history = [revision(400, telephone()), revision(age, there, by=COLLEAGUE)]
    current = make.authority(channels=(there,))
    assert called(history, current, current) == expected


@pytest.mark.parametrize(("age", "expected"), [(PROPOSER_AWAY, []), (PROPOSER_AWAY + 1, [OLD])])
def test_an_entry_the_proposer_made_lately_has_no_line_to_call(
    age: int, expected: list[str]
) -> None:
    current = make.authority(channels=(telephone(),))
    assert called([revision(age, telephone(), by=PROPOSER)], current, current) == expected


@pytest.mark.parametrize(
    ("by", "expected"), [(PROPOSER, [SECOND]), (COLLEAGUE, [OLD, SECOND]), (None, [OLD, SECOND])]
)
def test_a_line_the_proposer_changed_lately_is_not_called(
    by: int | None, expected: list[str]
) -> None:
    history = [
        revision(400, telephone(), telephone(SECOND)),
        revision(60, telephone(note="Lobby"), telephone(SECOND), by=by),
    ]
    current = make.authority(channels=(telephone(note="Lobby"), telephone(SECOND)))
    assert called(history, current, current) == expected


def test_a_line_the_proposer_changed_long_ago_is_called() -> None:
    history = [revision(400, telephone()), revision(91, telephone(note="Lobby"), by=PROPOSER)]
    current = make.authority(channels=(telephone(note="Lobby"),))
    assert called(history, current, current) == [OLD]


@pytest.mark.parametrize("after", [(), (telephone(NEW),), (telephone(extension="7"),)])
def test_a_line_the_proposal_changes_is_not_called(after: tuple[Channel, ...]) -> None:
    history, current = [revision(400, telephone())], make.authority(channels=(telephone(),))
    assert called(history, current, make.authority(channels=after)) == []


def test_a_proposal_on_another_entry_touches_no_line() -> None:
    current = make.authority(channels=(telephone(),))
    assert called([revision(400, telephone())], current, None) == [OLD]


def test_requirements_have_no_line_to_call() -> None:
    assert called([], make.requirements(), make.requirements()) == []


def test_lines_with_a_warning_come_last() -> None:
    lines = (telephone(warning="number_not_in_plan"), telephone(SECOND))
    current = make.authority(channels=lines)
    assert called([revision(400, *lines)], current, current) == [SECOND, OLD]


# --- what a denial is about


def denies(before: Record, after: Record, kind: ProposalKind = ProposalKind.AMEND) -> set[str]:
    return set(denied_things(kind, diff(before, after)))


def test_a_denied_number_stays_the_same_wherever_it_stands() -> None:
    before = make.authority(channels=(telephone(),))
    renumbered = make.authority(channels=(telephone(NEW),))
    added = make.authority(channels=(telephone(), telephone(NEW, note="Lobby")))
    other = make.authority(channels=(telephone(SECOND),))
    assert denies(before, renumbered) & denies(before, added)
    assert not denies(before, renumbered) & denies(before, other)


def test_a_denial_is_about_what_decides_where_requests_go() -> None:
    before = make.authority(channels=(telephone(),))
    ministry = make.authority(channels=(telephone(),), ministry="Justice")
    noted = make.authority(channels=(telephone(),), ministry="Justice", note="Ring twice.")
    without = make.authority(channels=())
    assert denies(before, ministry) == denies(before, noted)
    assert denies(before, without) != denies(before, ministry)
    retired = denies(before, before, ProposalKind.RETIRE)
    assert retired
    assert retired != denies(before, before, ProposalKind.RESTORE)


# --- how long a line has stood

KEY = (ChannelKind.TELEPHONE.value, OLD)
LINE = (*KEY, "")


def test_a_line_that_does_not_stand_has_stood_since_never() -> None:
    assert standing_since(LINE, []) is None
    assert standing_since(LINE, [revision(400, telephone()), revision(9)]) is None


def test_a_break_begins_the_age_anew() -> None:
    history = [
        revision(400, telephone()),
        revision(90),
        revision(40, telephone(), by=COLLEAGUE),
        revision(10, telephone(note="Lobby"), by=COLLEAGUE),
    ]
    assert standing_since(LINE, history) == day(40)


@pytest.mark.parametrize(
    ("act", "since"),
    [
        ({}, day(10)),
        ({"date": dt.date(2020, 5, 4)}, dt.date(2020, 5, 4)),
        ({"date": TODAY}, day(10)),
        ({"year": 2020}, dt.date(2020, 12, 31)),
        ({"year": 2020, "date": dt.date(2020, 5, 4)}, dt.date(2020, 5, 4)),
    ],
)
def test_a_published_line_is_as_old_as_its_source(act: dict[str, Any], since: dt.date) -> None:
    acts = (make.source("other", date=dt.date(1999, 1, 1)), make.source("act", **act))
    history = [revision(10, telephone(source="act"), sources=acts)]
    assert standing_since(LINE, history) == since


def test_a_published_line_of_no_known_source_is_as_old_as_its_record() -> None:
    assert standing_since(LINE, [revision(10, telephone(source="lost"))]) == day(10)


def test_the_source_of_a_proposed_line_makes_it_no_older() -> None:
    acts = (make.source("act", date=dt.date(2020, 5, 4)),)
    history = [revision(10, telephone(source="act"), by=COLLEAGUE, sources=acts)]
    assert standing_since(LINE, history) == day(10)


# --- what is written down of a call


def told(result: CallBackResult = CallBackResult.CONFIRMED, **fields: Any) -> Told:
    given: dict[str, object] = {
        "channel": KEY,
        "function": "Head of unit",
        "question": "In which street is your office?",
        "answered": True,
        "note": "",
    }
    return Told(result=result, **(given | fields))  # type: ignore[arg-type]


def call(result: CallBackResult) -> Call:
    return Call(at=make.AT, by=4, result=result, channel=KEY)


RENUMBERED = diff(
    make.authority(channels=(telephone(),)), make.authority(channels=(telephone(NEW),))
)


def refused(said: Told, *differences: Difference, calls: tuple[Call, ...] = ()) -> list[str]:
    return [one.path for one in call_problems(said, (telephone(),), calls, differences)]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (told(channel=(ChannelKind.TELEPHONE.value, NEW)), ["channel"]),
        (told(function=" "), ["function"]),
        (told(CallBackResult.DENIED, function=""), ["function"]),
        (told(question=" "), ["question"]),
        (told(question=f"Is it {NEW}?"), ["question"]),
        (told(answered=False), ["answered"]),
        (told(question="", answered=False, function=""), ["function", "question", "answered"]),
        (told(CallBackResult.NOTE_VERBALE, note="Note 1"), ["result"]),
        (told(CallBackResult.NOTE_VERBALE), ["result", "note"]),
    ],
)
def test_a_call_that_proves_nothing_is_refused(said: Told, fields: list[str]) -> None:
    assert refused(said, *RENUMBERED) == fields


@pytest.mark.parametrize("question", ["Is it ministry of the interior?", "Is it UNIT NINE now?"])
def test_a_question_may_not_hold_what_a_new_part_or_field_says(question: str) -> None:
    differences = (
        Difference(field="names", part="original", after={"text": "Ministry of the Interior"}),
        Difference(field="unit", before="Unit one", after="Unit nine"),
    )
    assert refused(told(question=question), *differences) == ["question"]


def test_short_values_give_nothing_away() -> None:
    assert refused(told(), Difference(field="unit", after="is")) == []
    assert refused(told(), Difference(field="unit", before="Unit one")) == []


@pytest.mark.parametrize(
    "said",
    [told(), told(CallBackResult.NOT_REACHED, function=""), told(CallBackResult.DENIED)],
)
def test_a_proper_call_is_taken_down(said: Told) -> None:
    assert refused(said, *RENUMBERED) == []


def test_a_note_stands_in_once_all_lines_were_tried() -> None:
    tried = (call(CallBackResult.NOT_REACHED),)
    assert refused(told(CallBackResult.NOTE_VERBALE, note="Note 1"), calls=tried) == []


def test_only_a_line_tried_in_vain_is_done_with() -> None:
    assert untried((telephone(),), [call(CallBackResult.DENIED)]) == (telephone(),)
    lines = (telephone(), telephone(SECOND))
    assert untried(lines, [call(CallBackResult.NOT_REACHED)]) == (telephone(SECOND),)


# --- the lines that protect an entry


def protection(before: Record | None, after: Record) -> list[str]:
    return [one.path for one in protection_problems(before, after, diff(before, after))]


def test_all_lines_do_not_change_with_the_rest() -> None:
    before = make.authority(channels=(telephone(), make.channel()))
    after = make.authority(channels=(telephone(NEW),), unit="Unit")
    assert protection(before, after) == ["channels"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, make.authority(unit="Unit")),
        (make.requirements(), make.requirements(note="Note")),
        (make.authority(), make.authority(unit="Unit")),
        (
            make.authority(channels=(telephone(), make.channel())),
            make.authority(channels=(telephone(NEW), make.channel()), unit="Unit"),
        ),
        (
            make.authority(channels=(telephone(),)),
            make.authority(channels=(telephone(NEW),), note="Note"),
        ),
    ],
)
def test_a_change_that_leaves_somebody_to_ask_is_taken(
    before: Record | None, after: Record
) -> None:
    assert protection(before, after) == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ((telephone(NEW),), True),
        ((telephone(extension="7"),), True),
        ((telephone(), make.channel()), True),
        ((), True),
        ((telephone(note="Lobby"),), False),
        ((telephone(), make.channel(NEW, kind=ChannelKind.FAX)), False),
    ],
)
def test_a_change_of_a_line_that_protects_is_seen(
    after: tuple[Channel, ...], expected: bool
) -> None:
    before = make.authority(channels=(telephone(),))
    assert changes_channels(before, make.authority(channels=after)) is expected


def test_a_new_entry_without_lines_changes_none() -> None:
    assert not changes_channels(None, make.requirements())
