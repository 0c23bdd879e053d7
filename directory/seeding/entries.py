"""The entries that the seed data make, real or synthetic, ready to be published."""

from dataclasses import dataclass

from directory.domain.record import (
    AuthorityRecord,
    ContactPointRecord,
    Designation,
    Record,
)
from directory.domain.vocabulary import CooperationType, EntryKind
from directory.seeding.authorities import RecordBuilder, RowPart, parts_for
from directory.seeding.designations import basis_numbers
from directory.seeding.folder import Seed
from directory.seeding.grouping import group
from directory.seeding.identifiers import public_id
from directory.seeding.places import Places
from directory.seeding.rows import DesignationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedEntry:
    """One entry to be published; ``rows`` are the ids of the seed rows behind it."""

    id: str
    state: str
    record: Record
    synthetic: bool = False
    #: Year of the newest source ('as published on'); None for synthetic entries.
    published_year: int | None = None
    rows: tuple[str, ...] = ()


def build_entries(seed: Seed) -> list[SeedEntry]:
    """The real entries; raises ``ValueError`` when two of them would bear one identifier."""
    places = Places(seed)
    builder = RecordBuilder(seed.designations, basis_numbers(seed.legal_bases), places)
    entries: list[SeedEntry] = []
    for rows in group(seed.designations, seed.same_authority, places):
        entries += _entries_of_group(rows, builder)
    _refuse_collisions(entries)
    return entries


def _entries_of_group(rows: list[DesignationRow], builder: RecordBuilder) -> list[SeedEntry]:
    entries = []
    authority: AuthorityRecord | None = None
    authority_id = ""
    parts = parts_for(EntryKind.AUTHORITY, rows)
    if parts:
        authority = builder.authority(parts)
        authority_id = entry_id(EntryKind.AUTHORITY, parts)
        entries.append(_entry(authority_id, parts, authority))
    parts = parts_for(EntryKind.CONTACT_POINT, rows)
    if parts:
        point = builder.contact_point(parts, "")
        if authority and _answers_formally(authority, point.designations):
            point = builder.contact_point(parts, authority_id)
        entries.append(_entry(entry_id(EntryKind.CONTACT_POINT, parts), parts, point))
    return entries


def _answers_formally(authority: AuthorityRecord, point: tuple[Designation, ...]) -> bool:
    """Did the State name the same body for formal requests under the point's own instrument?

    Budapest 35(2)(b): the point must be able to coordinate with the authority for mutual
    assistance. Another authority is never guessed.
    """
    instruments = {designation.instrument for designation in point}
    return any(
        designation.cooperation_type is CooperationType.MLA
        and designation.instrument in instruments
        and designation.valid_to is None
        for designation in authority.designations
    )


def entry_id(kind: EntryKind, parts: list[RowPart]) -> str:
    """The identifier, from the group's oldest row: newer rows join later and do not change it."""
    oldest = min(parts, key=lambda part: (part.row.source_year, part.row.id)).row
    return public_id(oldest.state, f"{kind}:{oldest.id}")


def _entry(
    identifier: str, parts: list[RowPart], record: AuthorityRecord | ContactPointRecord
) -> SeedEntry:
    return SeedEntry(
        id=identifier,
        state=parts[0].row.state,
        record=record,
        published_year=max(part.row.source_year for part in parts),
        rows=tuple(part.row.id for part in parts),
    )


def _refuse_collisions(entries: list[SeedEntry]) -> None:
    seen: dict[str, SeedEntry] = {}
    for entry in entries:
        if entry.id in seen:
            pair = f"{seen[entry.id].rows} and {entry.rows}"
            raise ValueError(f"the rows {pair} would share the identifier {entry.id}")
        seen[entry.id] = entry
