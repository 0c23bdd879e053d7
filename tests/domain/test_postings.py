"""Officers seen from one State: each stands to each other State in one way, or not at all."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from directory.domain.answer import Relation
from directory.domain.freshness import freshness
from directory.domain.postings import Posting, by_state, is_for, is_in_post, relations, towards
from directory.domain.record import LiaisonOfficerRecord, Name
from directory.domain.vocabulary import CooperationType, EntryKind

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
STATES = ("XA", "XB", "XC", "XD")


def posting(
    sender: str, host: str, covered: tuple[str, ...] = (), *, common_use: bool = False
) -> Posting:
    record = LiaisonOfficerRecord(
        names=(Name(text="Liaison officer"),),
        host_state=host,
        covered_states=covered,
        common_use=common_use,
    )
    return Posting(
        id=f"{sender}-1",
        sender=sender,
        record=record,
        freshness=freshness(EntryKind.LIAISON_OFFICER, None, TODAY),
    )


def test_an_officer_of_a_third_state_who_is_not_open_to_others_stands_to_nobody() -> None:
    assert list(relations("XA", posting("XB", "XC"))) == []
    assert towards("XA", "XC", posting("XB", "XC")) is None


def test_mine_stand_to_the_host_and_to_every_state_they_cover() -> None:
    mine = posting("XA", "XB", ("XC", "XB"))
    assert list(relations("XA", mine)) == [
        ("XB", Relation.MINE_THERE),
        ("XC", Relation.MINE_COVERING),
    ]


def test_theirs_stand_to_their_sender_whether_posted_here_or_covering_us() -> None:
    assert towards("XA", "XB", posting("XB", "XA")) is Relation.THEIRS_HERE
    assert towards("XA", "XB", posting("XB", "XC", ("XA",))) is Relation.THEIRS_COVERING


def test_who_is_open_to_others_may_be_used_where_posted_and_where_covering() -> None:
    shared = posting("XB", "XC", ("XD", "XA"), common_use=True)
    assert dict(relations("XA", shared)) == {
        "XB": Relation.THEIRS_COVERING,
        "XC": Relation.COMMON_USE,
        "XD": Relation.COMMON_USE,
    }


@given(
    some.sampled_from(STATES),
    some.sampled_from(STATES),
    some.lists(some.sampled_from(STATES), unique=True),
    some.booleans(),
)
def test_nobody_stands_to_ones_own_state_and_each_other_state_once(
    sender: str, host: str, covered: list[str], common_use: bool
) -> None:
    if sender == host:
        return
    found = list(relations("XA", posting(sender, host, tuple(covered), common_use=common_use)))
    assert len({other for other, _relation in found}) == len(found)
    if sender != "XA":
        assert "XA" not in dict(found)


def test_the_matrix_counts_each_officer_under_each_state() -> None:
    found = by_state("XA", [posting("XA", "XB"), posting("XA", "XB", ("XC",)), posting("XB", "XA")])
    assert found == {
        "XB": Counter({Relation.MINE_THERE: 2, Relation.THEIRS_HERE: 1}),
        "XC": Counter({Relation.MINE_COVERING: 1}),
    }


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + DAY, None, False),
        (None, TODAY - DAY, False),
    ],
)
def test_in_post_from_the_first_to_the_last_day(
    begins: dt.date | None, ends: dt.date | None, expected: bool
) -> None:
    record = LiaisonOfficerRecord(names=(Name(text="x"),), posted_from=begins, posted_to=ends)
    assert is_in_post(record, TODAY) is expected


def test_who_lists_no_type_deals_with_all() -> None:
    anything = posting("XA", "XB").record
    mla = LiaisonOfficerRecord(names=(Name(text="x"),), cooperation_types=(CooperationType.MLA,))
    assert is_for(anything, CooperationType.TSP)
    assert is_for(mla, None)
    assert is_for(mla, CooperationType.MLA)
    assert not is_for(mla, CooperationType.TSP)
