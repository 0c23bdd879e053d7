"""Coverage: the best that is on record counts, treaties make a gap, the gravest comes first."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from directory.domain.book import ReferenceBook, TypeNames
from directory.domain.coverage import Cell, Cover, Matrix, Named, gaps, matrix
from directory.domain.reference import Instrument, LegalBasis, Participation, State
from directory.domain.scores import Score, StateFacts, score
from directory.domain.vocabulary import (
    CooperationType,
    Freshness,
    ParticipationStatus,
    StateKind,
)

TODAY = dt.date(2026, 11, 23)
MLA, TSP, SEA = CooperationType.MLA, CooperationType.TSP, CooperationType.DRUGS_AT_SEA
BASES = (
    LegalBasis(cooperation_type=MLA, instrument="UNTOC", article="18(13)", must_designate="yes"),
    LegalBasis(cooperation_type=TSP, instrument="UNTOC", article="17", must_designate="no"),
    LegalBasis(
        cooperation_type=SEA,
        instrument="DRUGS-1988",
        article="17(7)",
        must_designate="yes",
        time_limit="one month from designation",
    ),
)


def treaty(code: str, since: dt.date | None) -> Instrument:
    return Instrument(code=code, short_title=code, title=code, entry_into_force=since)


def party(state: str, instrument: str, since: dt.date) -> Participation:
    return Participation(
        state=state,
        instrument=instrument,
        status=ParticipationStatus.PARTY,
        entry_into_force=since,
    )


OLD = dt.date(2004, 1, 1)
BOOK = ReferenceBook(
    states={code: State(code=code, kind=StateKind.MEMBER) for code in ("XA", "XB")},
    instruments={"UNTOC": treaty("UNTOC", OLD), "DRUGS-1988": treaty("DRUGS-1988", OLD)},
    types={kind: TypeNames(code=kind, names={}) for kind in (MLA, TSP, SEA)},
    participations=(
        party("XA", "UNTOC", OLD),
        party("XA", "DRUGS-1988", OLD),
        party("XB", "UNTOC", TODAY + dt.timedelta(days=1)),
    ),
    legal_bases=BASES,
)


def named(
    freshness: Freshness,
    entries: int = 1,
    real: int = 1,
    state: str = "XA",
    kind: CooperationType = MLA,
    *,
    ever_confirmed: bool = True,
) -> Named:
    return Named(state, kind, freshness, entries, real, ever_confirmed)


def cell(*found: Named, state: str = "XA", kind: CooperationType = MLA) -> Cell:
    return matrix(BOOK, [state], [kind], found, TODAY).rows[state][0]


# --- nobody is named


def test_nobody_named_where_no_article_binds_is_not_called_missing() -> None:
    for kind in (MLA, SEA):
        one = cell(state="XB", kind=kind)
        assert one.cover is Cover.NOT_ON_RECORD
        assert one.legal_bases == ()
        assert not one.is_open_duty


def test_a_treaty_that_enters_into_force_tomorrow_asks_for_nobody_today() -> None:
    assert cell(state="XB").cover is Cover.NOT_ON_RECORD
    later = matrix(BOOK, ["XB"], [MLA], [], TODAY + dt.timedelta(days=1))
    assert later.rows["XB"][0].cover is Cover.MISSING


def test_missing_where_an_article_binds_and_an_open_duty_only_where_it_obliges() -> None:
    assert (cell().cover, cell().is_open_duty) == (Cover.MISSING, True)
    free = cell(kind=TSP)
    assert (free.cover, free.is_open_duty, free.duties) == (Cover.MISSING, False, ())


def test_the_clock_of_one_month_is_told() -> None:
    assert cell(kind=SEA).has_clock
    assert not cell().has_clock


# --- somebody is named


@pytest.mark.parametrize(
    ("freshness", "cover"),
    [
        (Freshness.CONFIRMED, Cover.CONFIRMED),
        (Freshness.DUE, Cover.DUE),
        (Freshness.DISPUTED, Cover.DISPUTED),
        (Freshness.LAPSED, Cover.LAPSED),
    ],
)
def test_a_cell_says_how_sure_the_entry_is(freshness: Freshness, cover: Cover) -> None:
    one = cell(named(freshness))
    assert one.cover is cover
    assert not one.is_open_duty


@given(some.sets(some.sampled_from(Freshness), min_size=1))
def test_the_best_entry_decides(found: set[Freshness]) -> None:
    order = [Freshness.CONFIRMED, Freshness.DUE, Freshness.LAPSED, Freshness.DISPUTED]
    best = next(one for one in order if one in found)
    one = cell(*(named(freshness) for freshness in found))
    assert one.cover == Cover(best.value)
    assert one.entries == len(found)


def test_never_confirmed_and_over_its_time_are_two_things() -> None:
    fresh = named(Freshness.LAPSED, ever_confirmed=False)
    assert cell(fresh).cover is Cover.DESIGNATED
    assert cell(fresh, named(Freshness.LAPSED)).cover is Cover.LAPSED
    assert cell(named(Freshness.DISPUTED, ever_confirmed=False)).cover is Cover.DISPUTED


def test_one_report_does_not_outweigh_an_entry_that_nobody_reported() -> None:
    one = cell(named(Freshness.DISPUTED), named(Freshness.LAPSED, 2, ever_confirmed=False))
    assert (one.cover, one.entries, one.reported) == (Cover.DESIGNATED, 3, 1)


def test_synthetic_entries_alone_are_told_apart() -> None:
    assert cell(named(Freshness.CONFIRMED, 2, 0)).synthetic
    assert not cell(named(Freshness.CONFIRMED, 2, 0), named(Freshness.LAPSED)).synthetic
    assert not cell().synthetic


def test_who_is_named_elsewhere_or_for_something_else_does_not_count() -> None:
    others = (named(Freshness.CONFIRMED, state="XB"), named(Freshness.CONFIRMED, kind=TSP))
    assert cell(*others).cover is Cover.MISSING


# --- the whole


def test_every_state_and_type_has_exactly_one_cell_and_totals_add_up() -> None:
    found = matrix(BOOK, ["XA", "XB"], [MLA, TSP, SEA], [named(Freshness.DUE)], TODAY)
    assert len(found.cells) == 6
    totals = found.totals()
    assert {kind: sum(counts.values()) for kind, counts in totals.items()} == {
        MLA: 2,
        TSP: 2,
        SEA: 2,
    }
    assert totals[MLA] == {Cover.DUE: 1, Cover.NOT_ON_RECORD: 1}
    assert Matrix((MLA,)).cells == ()


def test_the_gravest_gap_comes_first() -> None:
    found = matrix(
        BOOK,
        ["XA"],
        [MLA, TSP, SEA],
        [],
        TODAY,
    )
    others = (
        cell(named(Freshness.DUE)),
        cell(named(Freshness.LAPSED, ever_confirmed=False)),
        cell(named(Freshness.LAPSED)),
        cell(named(Freshness.DISPUTED)),
        cell(named(Freshness.DISPUTED), named(Freshness.DUE)),
        cell(named(Freshness.CONFIRMED)),
        cell(state="XB"),
    )
    listed = gaps((*others, *found.cells))
    assert [(one.cooperation_type, one.cover) for one in listed] == [
        (SEA, Cover.MISSING),
        (MLA, Cover.MISSING),
        (MLA, Cover.DISPUTED),
        (MLA, Cover.DUE),
        (MLA, Cover.LAPSED),
        (MLA, Cover.DESIGNATED),
        (MLA, Cover.DUE),
        (TSP, Cover.MISSING),
    ]


# --- scores


def facts(**counts: int) -> StateFacts:
    names = (
        "entries",
        "current",
        "offices",
        "with_telephone",
        "with_mail",
        "with_hours",
        "without_conflict",
    )
    return StateFacts(state="XA", **{name: counts.get(name, 0) for name in names})


def test_a_state_without_entries_is_not_judged() -> None:
    assert score(facts()) == Score(freshness=None, quality=None)


def test_scores_are_the_shares_their_rule_says() -> None:
    one = facts(
        entries=4,
        current=1,
        offices=2,
        with_telephone=2,
        with_mail=1,
        with_hours=0,
        without_conflict=2,
    )
    # Quality: the mean of 2/2, 1/2, 0/2 and 2/2.
    assert score(one) == Score(freshness=25, quality=62)


@given(some.integers(1, 50), some.data())
def test_a_share_lies_between_nought_and_a_hundred(entries: int, data: some.DataObject) -> None:
    counts = {
        name: data.draw(some.integers(0, entries))
        for name in ("current", "with_telephone", "with_mail", "with_hours", "without_conflict")
    }
    found = score(facts(entries=entries, offices=entries, **counts))
    assert found.freshness is not None
    assert found.quality is not None
    assert 0 <= found.freshness <= 100
    assert 0 <= found.quality <= 100
