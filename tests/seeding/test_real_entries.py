"""The entries that the 358 notified designations make."""

import datetime as dt
import json
from collections import Counter
from dataclasses import replace

import pytest

from directory.domain.conflicts import conflicts
from directory.domain.record import AuthorityRecord, ContactPointRecord, from_dict, to_dict
from directory.domain.vocabulary import (
    ChannelKind,
    CooperationType,
    DesignationStatus,
    EntryKind,
    NameForm,
    ScopeKind,
)
from directory.seeding.authorities import parts_for
from directory.seeding.designations import scope_kind
from directory.seeding.entries import SeedEntry, build_entries, entry_id
from directory.seeding.folder import Seed

Record = AuthorityRecord | ContactPointRecord


def record_of(entry: SeedEntry) -> Record:
    assert isinstance(entry.record, AuthorityRecord | ContactPointRecord)
    return entry.record


def entry_with(entries: list[SeedEntry], row: str, kind: EntryKind | None = None) -> SeedEntry:
    """The entry made of that seed row."""
    (found,) = (
        one for one in entries if row in one.rows and (kind is None or one.record.kind is kind)
    )
    return found


def test_every_row_is_in_an_entry_and_every_type_of_it(
    seed_data: Seed, real_entries: list[SeedEntry]
) -> None:
    wanted = {(row.id, kind) for row in seed_data.designations for kind in row.types}
    made = {
        (one.key.split(":")[0], one.cooperation_type)
        for entry in real_entries
        for one in record_of(entry).designations
    }
    assert made == wanted


def test_number_of_entries_is_known(real_entries: list[SeedEntry]) -> None:
    kinds = Counter(entry.record.kind for entry in real_entries)
    assert kinds == {EntryKind.AUTHORITY: 213, EntryKind.CONTACT_POINT: 60}
    assert len({entry.state for entry in real_entries}) == 81


def test_identifiers_are_unique_and_begin_with_the_state(real_entries: list[SeedEntry]) -> None:
    assert len({entry.id for entry in real_entries}) == len(real_entries)
    assert all(entry.id.startswith(f"{entry.state}-") for entry in real_entries)
    assert entry_with(real_entries, "RO-CETS185-03").id == "RO-X07MJA"


def test_identifier_does_not_change_when_a_newer_row_joins(seed_data: Seed) -> None:
    rows = [row for row in seed_data.designations if row.id.startswith("RO-CETS185-0")]
    newer = replace(rows[0], id="RO-AAA-01", source_year=2026)
    before = entry_id(EntryKind.AUTHORITY, parts_for(EntryKind.AUTHORITY, rows))
    after = entry_id(EntryKind.AUTHORITY, parts_for(EntryKind.AUTHORITY, [newer, *rows]))
    assert before == after


def test_shared_identifier_is_refused(seed_data: Seed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.seeding.entries.public_id", lambda state, identity: state)
    with pytest.raises(ValueError, match="would share the identifier"):
        build_entries(seed_data)


def test_records_survive_their_plain_form(real_entries: list[SeedEntry]) -> None:
    for entry in real_entries:
        plain = json.loads(json.dumps(to_dict(entry.record)))
        assert from_dict(entry.record.kind, plain) == entry.record


def test_keys_are_unique_and_sources_known_inside_a_record(real_entries: list[SeedEntry]) -> None:
    for entry in real_entries:
        record = record_of(entry)
        keys = [one.key for one in record.designations]
        assert len(keys) == len(set(keys))
        sources = {act.key for act in record.sources}
        assert {one.source for one in record.addresses} <= sources
        assert {one.source for one in record.channels} <= sources
        assert {one.source for one in record.designations} <= sources


def test_newest_source_comes_first(real_entries: list[SeedEntry]) -> None:
    for entry in real_entries:
        years = [act.year or 0 for act in record_of(entry).sources]
        assert years == sorted(years, reverse=True)
        assert entry.published_year == years[0]


def test_designations_are_notified_and_never_end_before_they_begin(
    real_entries: list[SeedEntry],
) -> None:
    for entry in real_entries:
        for one in record_of(entry).designations:
            assert one.status is DesignationStatus.NOTIFIED
            assert one.valid_to is None or one.valid_from is None or one.valid_from <= one.valid_to
            assert bool(one.superseded_by) == (one.valid_to is not None)


def test_no_entry_is_synthetic(real_entries: list[SeedEntry]) -> None:
    assert not any(entry.synthetic for entry in real_entries)


def test_building_twice_gives_the_same(seed_data: Seed, real_entries: list[SeedEntry]) -> None:
    assert build_entries(seed_data) == real_entries


def test_romania_has_one_ministry_with_designations_under_two_treaties(
    real_entries: list[SeedEntry],
) -> None:
    entry = entry_with(real_entries, "RO-CETS185-01")
    record = record_of(entry)
    assert set(entry.rows) == {"RO-CETS185-01", "RO-CETS185-03", "RO-ETS173-02"}
    assert record.names[0].text == "Ministry of Justice"
    assert record.names[0].form is NameForm.RENDERING
    assert record.addresses[0].city == "Bucharest"
    assert {one.instrument for one in record.designations} == {"BUDAPEST", "ETS-173"}
    mla = next(one for one in record.designations if one.key == "RO-CETS185-03:mla")
    assert mla.scope is not None
    assert (mla.scope.text, mla.scope.kind) == (
        "trial stage and execution of punishment",
        ScopeKind.STAGE,
    )
    assert (mla.article, mla.valid_from) == ("27(2)(c)", dt.date(2004, 9, 1))


def test_romanian_prosecutors_office_is_one_under_both_its_names(
    real_entries: list[SeedEntry],
) -> None:
    entry = entry_with(real_entries, "RO-ETS173-01")
    assert entry is entry_with(real_entries, "RO-CETS185-02")
    assert len(record_of(entry).names) == 2


def test_romanian_24_7_point_names_no_formal_authority_of_its_own(
    real_entries: list[SeedEntry],
) -> None:
    record = entry_with(real_entries, "RO-CETS185-04").record
    assert isinstance(record, ContactPointRecord)
    assert (record.network, record.formal_authority) == ("BUDAPEST 35(1)", "")


def test_france_keeps_ministry_office_and_foreign_ministry_apart(
    real_entries: list[SeedEntry],
) -> None:
    rows = ("FR-CETS185-01", "FR-CETS198-01", "FR-CETS185-02", "FR-CETS185-05")
    assert len({entry_with(real_entries, row).id for row in rows}) == 4
    foreign = entry_with(real_entries, "FR-CETS185-03")
    assert foreign is entry_with(real_entries, "FR-CETS185-02")
    original = record_of(foreign).names[0]
    assert (original.text, original.language) == ("Ministère des Affaires étrangères", "fr")
    point = entry_with(real_entries, "FR-NUCLEAR_TERRORISM-02")
    assert point.record.kind is EntryKind.CONTACT_POINT


def test_authorities_of_dutch_territories_stay_apart(real_entries: list[SeedEntry]) -> None:
    aruba = record_of(entry_with(real_entries, "NL-CETS198-03"))
    assert {one.territory for one in aruba.designations} == {"NL-AW"}
    assert len(aruba.addresses) == 2
    curacao = record_of(entry_with(real_entries, "NL-ETS141-03"))
    assert {one.territory for one in curacao.designations} == {"NL-CW", "NL-SX"}
    ministry = record_of(entry_with(real_entries, "NL-CETS198-01"))
    assert {one.territory for one in ministry.designations} == {"", "NL-BQ", "NL-EUR"}
    interpol = record_of(entry_with(real_entries, "NL-ETS173-04", EntryKind.AUTHORITY))
    scope = next(one.scope for one in interpol.designations if one.instrument == "ETS-173")
    assert scope is not None
    assert scope.text == "Curaçao: other requests"


def test_british_territories_and_desks_stay_apart(real_entries: list[SeedEntry]) -> None:
    central = entry_with(real_entries, "GB-UNCAC-01")
    assert set(central.rows) == {
        "GB-UNCAC-01",
        "GB-CETS185-03",
        "GB-CETS198-01",
        "GB-ETS182-02",
    }
    crown = record_of(entry_with(real_entries, "GB-ETS173-03"))
    assert {one.territory for one in crown.designations} == {"GB-SCT"}
    financial = entry_with(real_entries, "GB-CETS198-05")
    police = entry_with(real_entries, "GB-ETS182-05")
    assert financial.id != police.id
    jersey = record_of(entry_with(real_entries, "GB-CETS198-06"))
    assert jersey.channels[0].value == "+441534612250"


def test_superseded_designation_ends_the_day_before_its_successor(
    real_entries: list[SeedEntry],
) -> None:
    old = record_of(entry_with(real_entries, "AU-CETS185-03"))
    (designation,) = old.designations
    assert designation.superseded_by == ("AU-CETS185-05",)
    assert designation.valid_to == dt.date(2020, 7, 16)


def test_superseded_designation_ends_before_an_undated_successor_was_published(
    real_entries: list[SeedEntry],
) -> None:
    (designation,) = record_of(entry_with(real_entries, "LI-UNTOC-01")).designations
    assert designation.valid_to == dt.date(2013, 12, 31)
    assert "not dated" in designation.note


def test_designation_replaced_before_it_took_effect_lasts_no_longer_than_its_first_day(
    real_entries: list[SeedEntry],
) -> None:
    (designation,) = record_of(entry_with(real_entries, "DE-CETS198-02")).designations
    assert designation.valid_from == designation.valid_to == dt.date(2017, 10, 1)


def test_article_goes_to_the_type_it_covers(real_entries: list[SeedEntry]) -> None:
    switzerland = record_of(entry_with(real_entries, "CH-CETS185-01", EntryKind.AUTHORITY))
    articles = {
        one.cooperation_type: one.article
        for one in switzerland.designations
        if one.instrument == "BUDAPEST"
    }
    assert articles[CooperationType.EXTRADITION] == "24(7)"
    assert articles[CooperationType.MLA] == "27(2); 27(9)"


def test_row_for_evidence_and_assistance_makes_a_point_linked_to_its_authority(
    real_entries: list[SeedEntry],
) -> None:
    authority = entry_with(real_entries, "CH-CETS185-01", EntryKind.AUTHORITY)
    point = entry_with(real_entries, "CH-CETS185-01", EntryKind.CONTACT_POINT).record
    assert isinstance(point, ContactPointRecord)
    assert point.formal_authority == authority.id
    assert point.hours is not None
    assert point.hours.round_the_clock
    # '24/7 (art. 35)' are the hours of the point alone.
    assert record_of(authority).hours is None


def test_interpol_is_an_urgent_channel(real_entries: list[SeedEntry]) -> None:
    channels = record_of(entry_with(real_entries, "AL-CETS185-02")).channels
    assert [one.kind for one in channels] == [ChannelKind.INTERPOL]


def test_differing_sources_are_kept_and_flagged(real_entries: list[SeedEntry]) -> None:
    flagged = {entry.id for entry in real_entries if conflicts(entry.record)}
    assert len(flagged) == 15
    hungary = record_of(entry_with(real_entries, "HU-ETS173-02"))
    assert [one.text for one in hungary.addresses] == [
        "Budapest, Markó u. 4-6, 1055 Hungary",
        "1055 Budapest, Markó u. 16",
    ]


def test_one_address_printed_in_two_ways_is_one(real_entries: list[SeedEntry]) -> None:
    albania = entry_with(real_entries, "AL-CETS185-01")
    assert len(record_of(albania).addresses) == 1
    assert not conflicts(albania.record)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("pre-trial stage", ScopeKind.STAGE),
        ("from the moment the case is brought before a court", ScopeKind.STAGE),
        ("requests before criminal proceedings start", ScopeKind.STAGE),
        ("requests of courts", ScopeKind.COURT),
        ("article 26 only", ScopeKind.ARTICLE),
        ("indirect taxation matters", ScopeKind.MATTER),
        ("joint investigation teams", ScopeKind.MATTER),
    ],
)
def test_scope_is_classed_by_the_words_of_the_state(text: str, kind: ScopeKind) -> None:
    assert scope_kind(text) is kind
