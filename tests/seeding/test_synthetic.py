"""Synthetic entries: deterministic, of every kind and type, marked, and ringing at nobody."""

import re
import unicodedata
from collections.abc import Iterator

import pytest

from directory.domain.record import (
    Channel,
    LiaisonOfficerRecord,
    RequirementsRecord,
    cooperation_types,
)
from directory.domain.vocabulary import (
    ChannelKind,
    CooperationType,
    EntryKind,
    NameForm,
    SourceKind,
)
from directory.seeding.entries import SeedEntry
from directory.seeding.folder import Seed
from directory.seeding.showcase import showcase_entries
from directory.seeding.synthetic import Generator

COUNT = 4000
NUMBERS = (ChannelKind.TELEPHONE, ChannelKind.MOBILE, ChannelKind.FAX)
RESERVED = re.compile(
    r"\+442079460\d{3}|\+447700900\d{3}|\+1(613|202)55501\d\d|\+3319900\d{4}"
    r"|\+493023125\d{3}|\+6125550\d{4}|\+468465004\d\d"
)


def generate(seed_data: Seed, count: int = COUNT, seed: int = 7) -> list[SeedEntry]:
    states = [one.state for one in seed_data.states]
    return list(Generator(states, seed_data.legal_bases, seed).entries(count))


@pytest.fixture(scope="module")
def synthetic(seed_data: Seed) -> list[SeedEntry]:
    return generate(seed_data)


@pytest.fixture(scope="module")
def showcase(seed_data: Seed) -> list[SeedEntry]:
    return showcase_entries({one.state.code: one.state for one in seed_data.states})


def channels(entries: list[SeedEntry]) -> Iterator[Channel]:
    for entry in entries:
        if not isinstance(entry.record, RequirementsRecord):
            yield from entry.record.channels


def test_every_entry_is_marked(synthetic: list[SeedEntry], showcase: list[SeedEntry]) -> None:
    for entry in [*synthetic, *showcase]:
        assert entry.synthetic
        assert [act.kind for act in entry.record.sources] == [SourceKind.SYNTHETIC]


def test_every_number_and_address_is_a_reserved_one(
    synthetic: list[SeedEntry], showcase: list[SeedEntry]
) -> None:
    for channel in channels([*synthetic, *showcase]):
        if channel.kind in NUMBERS:
            assert RESERVED.fullmatch(channel.value), channel.value
        elif channel.kind is ChannelKind.EMAIL:
            assert channel.value.endswith(".example")


def test_same_seed_gives_the_same_entries(seed_data: Seed, synthetic: list[SeedEntry]) -> None:
    assert generate(seed_data) == synthetic
    assert generate(seed_data, 100) == synthetic[:100]


def test_other_seed_gives_other_entries(seed_data: Seed, synthetic: list[SeedEntry]) -> None:
    fresh = [one for one in generate(seed_data, 100, seed=8) if not is_requirements(one)]
    assert not {one.id for one in fresh} & {one.id for one in synthetic}


def is_requirements(entry: SeedEntry) -> bool:
    return entry.record.kind is EntryKind.REQUIREMENTS


def test_identifiers_are_unique(synthetic: list[SeedEntry], real_entries: list[SeedEntry]) -> None:
    everything = [entry.id for entry in [*synthetic, *real_entries]]
    assert len(everything) == len(set(everything))


def test_all_kinds_types_and_many_scripts_occur(synthetic: list[SeedEntry]) -> None:
    assert {entry.record.kind for entry in synthetic} == set(EntryKind)
    types = {kind for entry in synthetic for kind in cooperation_types(entry.record)}
    assert types == set(CooperationType)
    assert len({entry.state for entry in synthetic}) > 190
    scripts = {script(name) for entry in synthetic for name in original_names(entry)}
    assert scripts >= {"LATIN", "CYRILLIC", "ARABIC", "CJK", "GREEK"}


def original_names(entry: SeedEntry) -> list[str]:
    if isinstance(entry.record, RequirementsRecord):
        return []
    return [name.text for name in entry.record.names if name.form is NameForm.ORIGINAL]


def script(text: str) -> str:
    return unicodedata.name(text[0]).split()[0]


def test_name_in_another_script_has_a_romanised_and_an_english_form(
    synthetic: list[SeedEntry],
) -> None:
    for entry in synthetic:
        for text in original_names(entry):
            if script(text) != "LATIN":
                assert not isinstance(entry.record, RequirementsRecord)
                forms = [name.form for name in entry.record.names]
                assert forms == [NameForm.ORIGINAL, NameForm.ROMANISED, NameForm.TRANSLATION]


def test_requirements_are_one_per_state_and_type(seed_data: Seed) -> None:
    states = [one.state for one in seed_data.states if one.state.code in ("FR", "JP", "RO", "KE")]
    made = Generator(states, seed_data.legal_bases, 7).entries(20 * 80)
    found = [
        (one.state, one.record.cooperation_type)
        for one in made
        if isinstance(one.record, RequirementsRecord)
    ]
    assert len(found) == len(set(found)) == len(states) * len(CooperationType)


def test_two_entries_never_share_an_identifier(
    seed_data: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "directory.seeding.synthetic.public_id",
        lambda state, identity: f"{state}-{identity.count('+')}",
    )
    made = generate(seed_data, 100)
    assert len({entry.id for entry in made}) == 100


def test_no_entry_is_made_for_a_party_without_offices(synthetic: list[SeedEntry]) -> None:
    assert "EU" not in {entry.state for entry in synthetic}


def test_showcase_has_something_for_france_romania_and_japan(showcase: list[SeedEntry]) -> None:
    for state in ("FR", "RO", "JP"):
        kinds = {entry.record.kind for entry in showcase if entry.state == state}
        assert kinds == set(EntryKind) - {EntryKind.AUTHORITY}
    postings = {
        (entry.state, entry.record.host_state)
        for entry in showcase
        if isinstance(entry.record, LiaisonOfficerRecord)
    }
    assert {("FR", "RO"), ("RO", "FR"), ("JP", "FR")} <= postings


def test_showcase_is_the_same_every_time(seed_data: Seed, showcase: list[SeedEntry]) -> None:
    assert showcase_entries({one.state.code: one.state for one in seed_data.states}) == showcase
    assert len({entry.id for entry in showcase}) == len(showcase)
