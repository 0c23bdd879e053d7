"""Which rows name one authority, and which must stay apart."""

from dataclasses import replace

import pytest

from directory.domain.vocabulary import CooperationType
from directory.seeding.folder import Seed
from directory.seeding.grouping import group
from directory.seeding.places import Places
from directory.seeding.rows import DesignationRow


@pytest.fixture(scope="module")
def places(seed_data: Seed) -> Places:
    return Places(seed_data)


@pytest.fixture(scope="module")
def plain(seed_data: Seed) -> DesignationRow:
    """A row of the United Kingdom with nothing but a name and a type."""
    row = next(row for row in seed_data.designations if row.state == "GB")
    return replace(
        row, name_original="", scope="", address="", types=(CooperationType.MLA,), name_en="Court"
    )


def together(places: Places, one: DesignationRow, other: DesignationRow) -> bool:
    rows = [replace(one, id="first"), replace(other, id="second")]
    return len(group(rows, [], places)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Justice", "Ministry of Interior"),
        ("Ministry of Justice", "Ministry of Justice, Extradition Unit"),
        ("Ministry of Justice", "Federal Office of Justice"),
        ("Office of the", "Office of the"),
    ],
)
def test_different_names_stay_apart(
    places: Places, plain: DesignationRow, one: str, other: str
) -> None:
    assert not together(places, replace(plain, name_en=one), replace(plain, name_en=other))


def test_same_name_in_another_state_stays_apart(places: Places, plain: DesignationRow) -> None:
    assert not together(places, plain, replace(plain, state="FR"))


def test_same_name_for_another_territory_stays_apart(places: Places, plain: DesignationRow) -> None:
    assert not together(places, replace(plain, scope="Jersey"), replace(plain, scope="Scotland"))


def test_same_body_in_another_city_for_other_help_stays_apart(
    places: Places, plain: DesignationRow
) -> None:
    north = replace(plain, address="1 High Street, Edinburgh EH1 1LA")
    south = replace(plain, address="1 High Street, London SW1A 1AA")
    police = replace(south, types=(CooperationType.LAW_ENFORCEMENT,))
    assert together(places, north, south)
    assert not together(places, north, police)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Prosecutor General Office", "The Office of the Prosecutor-General"),
        ("Ministry of Justice", "MINISTRY OF JUSTICE (BOE: Ministerio de Justicia)"),
        ("Ministry of Justice", "British Ministry of Justice"),
        ("Ministry of Justice, Extradition Unit", "Extradition Unit, Ministry of Justice"),
    ],
)
def test_one_name_printed_in_two_ways_is_one(
    places: Places, plain: DesignationRow, one: str, other: str
) -> None:
    assert together(places, replace(plain, name_en=one), replace(plain, name_en=other))


def test_same_original_name_is_enough(places: Places, plain: DesignationRow) -> None:
    one = replace(plain, name_original="Rigsadvokaten", name_en="Director of Prosecutions")
    assert together(places, one, replace(one, name_en="Prosecution Service, Head"))


def test_reviewed_pairs_are_joined_and_unknown_ones_ignored(
    places: Places, plain: DesignationRow
) -> None:
    rows = [replace(plain, id="a"), replace(plain, id="b", name_en="Tribunal")]
    assert len(group(rows, [("a", "gone")], places)) == 2
    assert len(group(rows, [("a", "b")], places)) == 1
