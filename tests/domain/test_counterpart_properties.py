"""What holds of every answer of the finder, tried on random worlds against a plain oracle."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.domain import ranking
from directory.domain.answer import Answer, Candidate, ContactLine, Facts, Question
from directory.domain.counterpart import find
from directory.domain.reasons import Reason, render
from directory.domain.record import (
    AuthorityRecord,
    ContactPointRecord,
    Designation,
    LiaisonOfficerRecord,
    Name,
    Scope,
    SourceAct,
)
from directory.domain.reference import Participation, State, Territory
from directory.domain.treaties import Treaties
from directory.domain.vocabulary import (
    CooperationType,
    DesignationRank,
    DesignationStatus,
    EntryStatus,
    ParticipationStatus,
    SourceKind,
    StateKind,
)
from tests.domain.sentences import seed

CODES = ["UNTOC", "UNTOC-MIGRANTS", "UNCAC", "ETS-030", "ETS-182", "BUDAPEST", "UN-CYBERCRIME"]
DAYS = [dt.date(1970, 1, 1), *(dt.date(year, 6, 1) for year in (2003, 2005, 2010, 2020, 2026))]
TYPES = [
    CooperationType.MLA,
    CooperationType.EXTRADITION,
    CooperationType.ASSET_RECOVERY,
    CooperationType.MIGRANTS_AT_SEA,
    CooperationType.E_EVIDENCE,
    CooperationType.TSP,
]
ARTICLES = ["", "18(13)", "16", "15", "27(2)(c)", "35", "8(6)", "46(13),(14)", "4 (art. 15)"]

days = st.sampled_from(DAYS)
maybe_days = st.none() | days
instruments = {one.code: one for one in seed().instruments}

participations = st.builds(
    Participation,
    state=st.sampled_from(["XA", "XB", "XC"]),
    instrument=st.sampled_from(CODES),
    status=st.sampled_from([ParticipationStatus.PARTY] * 4 + list(ParticipationStatus)),
    signature=maybe_days,
    consent=maybe_days,
    entry_into_force=maybe_days,
    computed=st.booleans(),
    ended=st.none() | st.none() | days,
    source=st.just("list"),
)


def designations(key: str) -> st.SearchStrategy[Designation]:
    return st.builds(
        Designation,
        key=st.just(key),
        cooperation_type=st.sampled_from(TYPES),
        instrument=st.sampled_from(["", *CODES]),
        article=st.sampled_from(ARTICLES),
        territory=st.sampled_from(["", "", "XB-N", "XB-S"]),
        scope=st.none() | st.builds(Scope, text=st.sampled_from(["pre-trial", "outgoing", ""])),
        rank=st.sampled_from(DesignationRank),
        function=st.sampled_from(["", "", "videoconference"]),
        valid_from=maybe_days,
        valid_to=maybe_days,
        status=st.sampled_from(DesignationStatus),
        source=st.sampled_from(["", "a", "b"]),
        superseded_by=st.sampled_from([(), (), ("next",)]),
    )


SOURCES = tuple(
    SourceAct(key=key, kind=SourceKind.NOTE_VERBALE, reference=key, year=year)
    for key, year in (("a", 2010), ("b", None))
)


def records(index: int) -> st.SearchStrategy[AuthorityRecord | ContactPointRecord]:
    found = st.integers(0, 3).flatmap(
        lambda count: st.tuples(*(designations(f"{index}-{n}") for n in range(count)))
    )
    return st.builds(
        lambda record_class, given: record_class(
            names=(Name(text=f"office {index}"),), designations=given, sources=SOURCES
        ),
        st.sampled_from([AuthorityRecord, AuthorityRecord, ContactPointRecord]),
        found,
    )


officers = st.builds(
    LiaisonOfficerRecord,
    names=st.just((Name(text="officer"),)),
    host_state=st.sampled_from(["XA", "XB", "XC"]),
    covered_states=st.sampled_from([(), ("XA",), ("XB",)]),
    common_use=st.booleans(),
    posted_from=maybe_days,
    posted_to=maybe_days,
)


def candidates(index: int) -> st.SearchStrategy[Candidate]:
    return st.builds(
        Candidate,
        id=st.just(f"E{index}"),
        state=st.sampled_from(["XA", "XB", "XB", "XB", "XC"]),
        record=records(index) | officers,
        status=st.sampled_from([EntryStatus.PUBLISHED] * 3 + list(EntryStatus)),
        synthetic=st.booleans(),
    )


questions = st.builds(
    lambda day, **rest: Question(
        requesting="XA",
        requested="XB",
        at=dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC),
        **rest,
    ),
    day=days,
    cooperation_type=st.sampled_from(TYPES),
    urgent=st.booleans(),
    instrument=st.sampled_from(["", *CODES]),
    territory=st.sampled_from(["", "", "XB-N"]),
)

TERRITORIES = tuple(Territory(key=key, state="XB", name=key) for key in ("XB-N", "XB-S"))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Question, Facts]:
    of_both = draw(
        st.lists(participations, max_size=16, unique_by=lambda one: (one.state, one.instrument))
    )
    count = draw(st.integers(0, 6))
    facts = Facts(
        requesting=State(code="XA", kind=StateKind.MEMBER),
        requested=State(code="XB", kind=StateKind.MEMBER, territories=TERRITORIES),
        instruments=instruments,
        participations=tuple(of_both),
        legal_bases=seed().legal_bases,
        candidates=tuple(draw(candidates(n)) for n in range(count)),
    )
    return draw(questions), facts


def is_bound(state: str, code: str, facts: Facts, on: dt.date) -> bool:
    """The oracle, written from the rule and not from the code under test."""
    treaty = facts.instruments[code]
    if treaty.entry_into_force is None or on < treaty.entry_into_force:
        return False
    own = [p for p in facts.participations if (p.state, p.instrument) == (state, code)]
    if not own or own[0].status == "signatory":
        return False
    if own[0].status == "denounced" and own[0].ended is None:
        return False
    if own[0].ended is not None and on >= own[0].ended:
        return False
    starts = [own[0].entry_into_force]
    if own[0].entry_into_force is None:
        starts = [own[0].signature, own[0].consent]
    if any(start is not None and on < start for start in starts):
        return False
    return treaty.parent == "" or is_bound(state, treaty.parent, facts, on)


def expected_codes(question: Question, facts: Facts) -> set[str]:
    covering = {
        basis.instrument
        for basis in facts.legal_bases
        if basis.cooperation_type == question.cooperation_type
    }
    asked = facts.instruments.get(question.instrument)
    if asked and asked.parent in covering:
        covering.add(asked.code)
    return {
        code
        for code in covering
        if is_bound("XA", code, facts, question.on) and is_bound("XB", code, facts, question.on)
    }


def expected_since(code: str, facts: Facts) -> dt.date | None:
    """The latest of all dates known; None when a State's own is not."""
    starts: list[dt.date | None] = []
    current = code
    while current:
        own = [p for p in facts.participations if p.instrument == current and p.state != "XC"]
        own_starts = [p.entry_into_force for p in own]
        if current == code and None in own_starts:
            return None
        starts += [*own_starts, facts.instruments[current].entry_into_force]
        current = facts.instruments[current].parent
    return max(start for start in starts if start)


def contacts(answer: Answer) -> Iterator[ContactLine]:
    yield from answer.authorities
    yield from answer.suspended
    yield from answer.nearest
    yield from answer.contact_points


def wrong_dates(answer: Answer, on: dt.date) -> list[Designation]:
    """Designations of the answer that do not hold on the day."""
    shown = [line.designation for line in contacts(answer) if line.designation]
    shown += [other for line in contacts(answer) for other in line.others]
    return [
        one
        for one in shown
        if not (one.valid_from or dt.date.min) <= on <= (one.valid_to or dt.date.max)
        or (one.valid_to is None and one.superseded_by)
    ]


def all_reasons(answer: Answer) -> Iterator[Reason]:
    for line in contacts(answer):
        yield from (*line.reasons, *line.warnings)
    for step in answer.steps:
        yield step.reason
    for urgent in answer.urgent_steps:
        yield urgent.reason
    for instrument in answer.instruments:
        yield from instrument.notes


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_instruments_are_exactly_those_in_force_between_both_that_day(
    world: tuple[Question, Facts],
) -> None:
    question, facts = world
    answer = find(question, facts)
    assert {line.code for line in answer.instruments} == expected_codes(question, facts)
    for line in answer.instruments:
        assert line.in_force_since == expected_since(line.code, facts)
    shown = {line.code for line in answer.instruments} & {
        line.code for line in answer.not_on_record
    }
    assert not shown


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_every_place_has_its_reason_and_every_contact_its_source(
    world: tuple[Question, Facts],
) -> None:
    answer = find(*world)
    for line in answer.authorities[1:]:
        assert any(one.code == "level" or one.code.startswith("behind_") for one in line.reasons)
    for line in contacts(answer):
        assert line.source or line.designation or not line.candidate.record.sources


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_no_contact_of_another_state_and_none_outside_its_validity(
    world: tuple[Question, Facts],
) -> None:
    question, facts = world
    answer = find(question, facts)
    assert {line.candidate.state for line in contacts(answer)} <= {"XB"}
    assert not wrong_dates(answer, question.on)
    relied_on = (*answer.authorities, *answer.nearest, *answer.contact_points)
    assert {line.candidate.status for line in relied_on} <= {EntryStatus.PUBLISHED}
    assert {line.candidate.status for line in answer.suspended} <= {EntryStatus.SUSPENDED}


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_never_silent_and_every_reason_has_words(world: tuple[Question, Facts]) -> None:
    answer = find(*world)
    gaps = {gap.code for gap in answer.gaps}
    assert answer.authorities or gaps & {"no_designation", "point_only"}
    assert all(line.reasons for line in contacts(answer))
    for reason in all_reasons(answer):
        assert "%" not in render(reason)


@settings(max_examples=100, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_answer_does_not_depend_on_the_order_of_the_facts(
    world: tuple[Question, Facts], chance: random.Random
) -> None:
    question, facts = world
    mixed = replace(
        facts,
        candidates=tuple(chance.sample(list(facts.candidates), len(facts.candidates))),
        participations=tuple(chance.sample(list(facts.participations), len(facts.participations))),
        legal_bases=tuple(chance.sample(list(facts.legal_bases), len(facts.legal_bases))),
    )
    assert find(question, mixed) == find(question, facts)


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_nothing_is_called_designated_under_an_article_that_obliges_nobody(
    world: tuple[Question, Facts],
) -> None:
    question, facts = world
    for line in find(question, facts).authorities:
        for reason in line.reasons:
            if reason.code == "designated_under":
                duties = {
                    basis.must_designate
                    for basis in facts.legal_bases
                    if basis.cooperation_type == question.cooperation_type
                    and basis.article == reason.params["basis"]
                    and basis.instrument == reason.params["instrument"]
                }
                assert duties == {"yes"}


# ------------------------------------------------------------- twins: the tests above can fail


def world_of(designation: Designation, on: dt.date) -> tuple[Question, Facts]:
    record = AuthorityRecord(names=(Name(text="office"),), designations=(designation,))
    facts = Facts(
        requesting=State(code="XA", kind=StateKind.MEMBER),
        requested=State(code="XB", kind=StateKind.MEMBER),
        instruments=instruments,
        legal_bases=seed().legal_bases,
        candidates=(Candidate(id="E1", state="XB", record=record),),
    )
    at = dt.datetime.combine(on, dt.time(12), tzinfo=dt.UTC)
    kind = CooperationType.MLA
    return Question(requesting="XA", requested="XB", cooperation_type=kind, at=at), facts


def test_oracle_catches_a_finder_that_counts_every_instrument(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Treaties, "is_between", lambda self, code: True)
    question, facts = world_of(
        Designation(key="1", cooperation_type=CooperationType.MLA), dt.date(2026, 1, 1)
    )
    answer = find(question, facts)
    assert {line.code for line in answer.instruments} != expected_codes(question, facts)


def test_check_catches_a_finder_that_forgets_validity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "is_open", lambda question, designation: True)
    ended = Designation(key="1", cooperation_type=CooperationType.MLA, valid_to=dt.date(2020, 1, 1))
    question, facts = world_of(ended, dt.date(2026, 1, 1))
    assert wrong_dates(find(question, facts), question.on)
