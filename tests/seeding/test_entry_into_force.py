"""Dates of entry into force: as recorded, else by the treaty's rule and marked as computed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.reference import Instrument, Participation
from directory.domain.vocabulary import ParticipationStatus
from directory.seeding.entry_into_force import (
    entry_into_force,
    with_entry_into_force,
)
from directory.seeding.folder import Seed

#: Recorded dates that do not follow from the consent on file: known doubts of the sources.
DOUBTS = {
    ("AO", "UNTOC-TRAFFICKING"),
    ("LU", "BUDAPEST"),
    ("IE", "ETS-098"),
    ("MA", "ETS-182"),
    ("BO", "ETS-112"),
}


def treaty(rule: str, since: str = "1980-01-01") -> Instrument:
    start = dt.date.fromisoformat(since) if since else None
    return Instrument(
        code="T", short_title="T", title="T", entry_into_force=start, entry_into_force_rule=rule
    )


@pytest.mark.parametrize("rule", ["as recorded", "90th day after the fortieth instrument", ""])
def test_no_date_is_computed_without_a_rule_for_it(rule: str) -> None:
    assert entry_into_force(treaty(rule), dt.date(2010, 1, 1)) is None


def test_no_date_is_computed_for_a_treaty_not_in_force() -> None:
    assert entry_into_force(treaty("day+30", since=""), dt.date(2010, 1, 1)) is None


@pytest.mark.parametrize(
    ("rule", "consent", "expected"),
    [
        # Angola, UNTOC: accession 1 April 2013, in force 1 May 2013.
        ("day+30", "2013-04-01", "2013-05-01"),
        # Nepal, 1988 Convention: accession 24 July 1991.
        ("day+90", "1991-07-24", "1991-10-22"),
        # Luxembourg, Budapest: ratification 16 October 2014, in force 1 February 2015.
        ("month+3", "2014-10-16", "2015-02-01"),
        ("month+3", "2014-11-30", "2015-03-01"),
        ("month+3", "2014-09-01", "2015-01-01"),
        ("month+3", "2014-08-31", "2014-12-01"),
    ],
)
def test_date_follows_from_the_deposit(rule: str, consent: str, expected: str) -> None:
    found = entry_into_force(treaty(rule), dt.date.fromisoformat(consent))
    assert found == dt.date.fromisoformat(expected)


def test_original_party_is_bound_when_the_treaty_enters_into_force(seed_data: Seed) -> None:
    france = next(
        one for one in seed_data.participations if (one.state, one.instrument) == ("FR", "UNTOC")
    )
    assert france.consent == dt.date(2002, 10, 29)
    assert france.entry_into_force == dt.date(2003, 9, 29)
    assert france.computed


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)),
    st.sampled_from(["day+30", "day+90", "month+3"]),
)
def test_never_before_the_treaty_nor_before_the_deposit(consent: dt.date, rule: str) -> None:
    instrument = treaty(rule)
    found = entry_into_force(instrument, consent)
    assert found is not None
    assert instrument.entry_into_force is not None
    assert found >= instrument.entry_into_force
    assert found > consent
    if rule == "month+3":
        assert found.day == 1


def participation(**values: object) -> Participation:
    facts: dict[str, object] = {
        "state": "FR",
        "instrument": "T",
        "status": ParticipationStatus.PARTY,
        "consent": dt.date(2010, 1, 1),
    }
    return Participation(**(facts | values))  # type: ignore[arg-type]


def test_recorded_date_wins() -> None:
    recorded = participation(entry_into_force=dt.date(2011, 1, 1))
    assert with_entry_into_force(recorded, treaty("day+30")) is recorded


@pytest.mark.parametrize(
    "without",
    [
        participation(consent=None),
        participation(status=ParticipationStatus.SIGNATORY),
        participation(status=ParticipationStatus.DENOUNCED, ended=dt.date(2010, 1, 15)),
    ],
)
def test_unknown_date_stays_unknown(without: Participation) -> None:
    assert with_entry_into_force(without, treaty("day+30")) is without


def test_rules_agree_with_the_recorded_dates_but_for_known_doubts(seed_data: Seed) -> None:
    instruments = {one.code: one for one in seed_data.instruments}
    checked, differing = 0, set()
    for one in seed_data.participations:
        if one.computed or one.entry_into_force is None or one.consent is None:
            continue
        computed = entry_into_force(instruments[one.instrument], one.consent)
        if computed is not None:
            checked += 1
            if computed != one.entry_into_force:
                differing.add((one.state, one.instrument))
    assert checked == 157
    assert differing == DOUBTS


def test_denunciation_ends_a_participation(seed_data: Seed) -> None:
    ended = [one for one in seed_data.participations if one.ended]
    assert [(one.state, one.instrument, one.ended) for one in ended] == [
        ("BY", "ETS-173", dt.date(2024, 5, 1))
    ]
