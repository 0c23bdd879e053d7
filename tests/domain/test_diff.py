"""What differs between two records, and two changes in one: clashes first."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.domain.diff import Clash, Difference, diff, highest_class, merge
from directory.domain.fields import FieldClass
from directory.domain.record import AuthorityRecord, Channel, Name
from directory.domain.vocabulary import ChannelKind, CooperationType
from tests.support import factories as make

FIRST, SECOND, THIRD = "+40211234567", "+40211234568", "+40211234569"


def telephone(value: str, **fields: Any) -> Channel:
    return make.channel(value, kind=ChannelKind.TELEPHONE, **fields)


def with_lines(*values: str, **fields: Any) -> AuthorityRecord:
    return make.authority(channels=tuple(telephone(value) for value in values), **fields)


def lines(record: object) -> list[str]:
    assert isinstance(record, AuthorityRecord)
    return [channel.value for channel in record.channels]


# --- clashes


def test_two_changes_of_one_field_clash() -> None:
    base, ours, theirs = (make.authority(unit=unit) for unit in ("", "Unit A", "Unit B"))
    merged = merge(base, ours, theirs)
    assert merged.record is None
    assert merged.clashes == (Clash(path="unit", base=None, ours="Unit A", theirs="Unit B"),)


def test_every_clash_is_named() -> None:
    base = make.authority(unit="Old", ministry="Old")
    ours, theirs = (replace(base, unit=name, ministry=name) for name in ("Ours", "Theirs"))
    assert [clash.path for clash in merge(base, ours, theirs).clashes] == ["unit", "ministry"]


def test_two_changes_of_one_channel_clash() -> None:
    merged = merge(with_lines(FIRST), with_lines(SECOND), with_lines(THIRD))
    assert merged.record is None
    assert [clash.path for clash in merged.clashes] == ["channels/telephone.general"]


def test_a_channel_that_one_removes_and_the_other_changes_clashes() -> None:
    merged = merge(with_lines(FIRST), with_lines(), with_lines(SECOND))
    assert merged.record is None
    assert merged.clashes[0].ours is None


def test_two_new_orders_of_the_channels_clash() -> None:
    base = with_lines(FIRST, SECOND, THIRD)
    merged = merge(base, with_lines(SECOND, FIRST, THIRD), with_lines(THIRD, FIRST, SECOND))
    assert merged.record is None
    assert [clash.path for clash in merged.clashes] == ["channels"]


# --- two changes in one record


def test_changes_of_different_fields_go_together() -> None:
    base = make.authority()
    merged = merge(base, replace(base, unit="Unit"), replace(base, ministry="Ministry"))
    assert merged.record == replace(base, unit="Unit", ministry="Ministry")


def test_the_same_change_made_twice_is_made_once() -> None:
    changed = with_lines(SECOND, unit="Unit")
    assert merge(with_lines(FIRST), changed, changed).record == changed


def test_channels_that_both_added_under_one_name_both_stay() -> None:
    assert lines(merge(with_lines(), with_lines(FIRST), with_lines(SECOND)).record) == [
        FIRST,
        SECOND,
    ]


def test_a_channel_that_both_added_alike_stays_once() -> None:
    added = with_lines(FIRST, SECOND)
    assert lines(merge(with_lines(FIRST), added, added).record) == [FIRST, SECOND]


@pytest.mark.parametrize("ours_orders", [True, False])
def test_a_new_order_stays_with_what_the_other_added(ours_orders: bool) -> None:
    ordered, added = with_lines(SECOND, FIRST), with_lines(FIRST, SECOND, THIRD)
    ours, theirs = (ordered, added) if ours_orders else (added, ordered)
    merged = merge(with_lines(FIRST, SECOND), ours, theirs)
    assert lines(merged.record) == [SECOND, FIRST, THIRD]


def test_the_same_new_order_made_by_both_stays() -> None:
    ordered = with_lines(SECOND, FIRST)
    assert merge(with_lines(FIRST, SECOND), ordered, ordered).record == ordered


@pytest.mark.parametrize("ours_adds", [True, False])
def test_a_new_channel_stays_in_the_first_place(ours_adds: bool) -> None:
    base, added = with_lines(FIRST), with_lines(SECOND, FIRST)
    other = replace(base, unit="Unit")
    ours, theirs = (added, other) if ours_adds else (other, added)
    assert merge(base, ours, theirs).record == replace(added, unit="Unit")


def test_what_either_removed_is_gone() -> None:
    base = with_lines(FIRST, SECOND, THIRD)
    merged = merge(base, with_lines(FIRST, SECOND), with_lines(SECOND, THIRD))
    assert lines(merged.record) == [SECOND]


def test_what_both_removed_is_gone() -> None:
    base = with_lines(FIRST, SECOND)
    assert lines(merge(base, with_lines(SECOND), with_lines(SECOND)).record) == [SECOND]


authorities = st.builds(
    AuthorityRecord,
    names=st.lists(
        st.builds(Name, text=st.sampled_from("ABC"), language=st.sampled_from(["", "en"])),
        min_size=1,
        max_size=3,
    ).map(tuple),
    unit=st.sampled_from(["", "Unit A", "Unit B"]),
    channels=st.lists(
        st.builds(
            telephone, st.sampled_from([FIRST, SECOND, THIRD]), note=st.sampled_from(["", "note"])
        ),
        max_size=4,
    ).map(tuple),
    designations=st.lists(st.sampled_from(CooperationType), unique=True, max_size=3).map(
        lambda kinds: tuple(make.designation(kind) for kind in kinds)
    ),
)


@settings(max_examples=200, deadline=None)
@given(base=authorities, changed=authorities)
def test_a_change_beside_no_change_is_that_change(
    base: AuthorityRecord, changed: AuthorityRecord
) -> None:
    assert merge(base, base, changed).record == changed
    assert merge(base, changed, base).record == changed


@settings(max_examples=200, deadline=None)
@given(before=authorities, after=authorities)
def test_records_that_do_not_differ_are_the_same(
    before: AuthorityRecord, after: AuthorityRecord
) -> None:
    assert diff(before, before) == ()
    if before != after:
        assert all(one.before != one.after for one in diff(before, after))


# --- differences and their class


def test_no_difference_is_descriptive() -> None:
    assert highest_class(diff(make.authority(), make.authority())) is FieldClass.DESCRIPTIVE


def test_the_highest_class_counts() -> None:
    base = make.authority()
    noted = replace(base, note="Note")
    assert highest_class(diff(base, noted)) is FieldClass.DESCRIPTIVE
    accepting = replace(noted, languages_accepted=("en",))
    assert highest_class(diff(base, accepting)) is FieldClass.SUBSTANTIVE
    assert highest_class(diff(base, replace(accepting, unit="Unit"))) is FieldClass.ROUTING_CRITICAL


def test_the_note_of_a_channel_is_less_than_its_number() -> None:
    base = with_lines(FIRST)
    (noted,) = diff(base, replace(base, channels=(telephone(FIRST, note="Lobby"),)))
    assert (noted.path, noted.is_critical) == ("channels/telephone.general/note", False)
    (renumbered,) = diff(base, with_lines(SECOND))
    assert (renumbered.path, renumbered.is_critical) == ("channels/telephone.general/value", True)


def test_of_a_new_record_everything_differs() -> None:
    differences = diff(None, with_lines(FIRST))
    assert [one.path for one in differences] == [
        "names/original.en",
        "channels/telephone.general",
        "designations/mla",
    ]
    assert all(one.before is None for one in differences)


def test_another_order_of_the_channels_is_one_difference() -> None:
    names = ["telephone.general", "telephone.general.2"]
    assert diff(with_lines(FIRST, SECOND), with_lines(SECOND, FIRST)) == (
        Difference(field="channels", before=names, after=names[::-1]),
    )


def test_a_part_that_went_and_one_that_came_are_named() -> None:
    base = make.authority(types=(CooperationType.MLA,))
    gone, come = diff(base, make.authority(types=(CooperationType.TSP,)))
    assert (gone.path, gone.after) == ("designations/mla", None)
    assert (come.path, come.before) == ("designations/tsp", None)
    assert gone.is_critical
