"""The designations notified to the depositaries, one row each, as read from the sources."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from directory.domain.vocabulary import CooperationType, SourceKind
from directory.seeding.problems import CellError, Problems
from directory.seeding.tables import Row, read_csv, read_json
from directory.seeding.treaties import Known

TEXT_FIELDS = (
    "id",
    "iso2",
    "state",
    "name_original",
    "name_en",
    "role",
    "instrument",
    "articles",
    "scope",
    "specific_function",
    "address",
    "telephone",
    "telephone_other",
    "fax",
    "email",
    "website",
    "languages_accepted",
    "urgent_channel",
    "office_hours",
    "time_zone",
    "effective_from",
    "superseded_by",
    "source_id",
    "source_year",
    "source_url",
    "source_kind",
    "note",
)
LIST_FIELDS = ("cooperation_types",)

_SOURCE_KINDS = {
    "official gazette (Spanish translation of the declaration)": SourceKind.OFFICIAL_GAZETTE,
    "official gazette (machine-translated copy)": SourceKind.OFFICIAL_GAZETTE,
    "UN Treaty Collection declaration (English text)": SourceKind.TREATY_COLLECTION,
}


class Part(StrEnum):
    """What an authority was named as."""

    CENTRAL_AUTHORITY = "central_authority"
    CONTACT_POINT = "contact_point_24_7"
    EXTRADITION_AUTHORITY = "extradition_authority"
    PREVENTION_AUTHORITY = "prevention_authority"
    FINANCIAL_INTELLIGENCE_UNIT = "financial_intelligence_unit"
    COMPETENT_AUTHORITY = "competent_authority"
    PROVISIONAL_ARREST_AUTHORITY = "provisional_arrest_authority"
    POINT_OF_CONTACT = "point_of_contact"
    COMMUNICATION_AUTHORITY = "communication_authority"
    CRIMINAL_RECORDS_AUTHORITY = "criminal_records_authority"
    CHANNEL_AUTHORITY = "channel_authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignationRow:
    """One row: State x authority x instrument x scope. '' and None mean unknown."""

    id: str
    state: str
    name_original: str
    name_en: str
    role: Part
    types: tuple[CooperationType, ...]
    instrument: str
    articles: str
    scope: str
    function: str
    address: str
    telephone: str
    telephone_other: str
    fax: str
    email: str
    website: str
    languages: str
    urgent_channel: str
    hours: str
    zone: str
    effective_from: dt.date | None
    superseded_by: tuple[str, ...]
    source: str
    source_year: int
    source_url: str
    source_kind: SourceKind
    source_words: str
    note: str


def read_designations(folder: Path, known: Known, problems: Problems) -> list[DesignationRow]:
    """The rows of authorities.json; successors must be rows of the same State."""
    table = read_json(folder / "authorities.json", TEXT_FIELDS, LIST_FIELDS, problems)
    built = table.build(lambda row: _designation(row, known), key=lambda one: one.id)
    states = {one.id: one.state for one in built}
    for number, one in enumerate(built, start=1):
        for successor in one.superseded_by:
            if states.get(successor) != one.state:
                message = f"'{successor}' is not the id of another row of {one.state}"
                table.problem(number, "superseded_by", message)
    return built


def _designation(row: Row, known: Known) -> DesignationRow:
    return DesignationRow(
        id=row.required("id"),
        state=known.state(row),
        name_original=row.text("name_original"),
        name_en=row.required("name_en"),
        role=row.choice("role", Part),
        types=row.choices("cooperation_types", CooperationType),
        instrument=known.instrument(row),
        articles=row.text("articles"),
        scope=row.text("scope"),
        function=row.text("specific_function"),
        address=row.text("address"),
        telephone=row.text("telephone"),
        telephone_other=row.text("telephone_other"),
        fax=row.text("fax"),
        email=row.text("email"),
        website=row.text("website"),
        languages=row.text("languages_accepted"),
        urgent_channel=row.text("urgent_channel"),
        hours=row.text("office_hours"),
        zone=row.text("time_zone"),
        effective_from=row.date("effective_from"),
        superseded_by=row.parts("superseded_by"),
        source=row.required("source_id"),
        source_year=row.year("source_year"),
        source_url=row.link("source_url"),
        source_kind=_source_kind(row),
        source_words=row.text("source_kind"),
        note=row.text("note"),
    )


def _source_kind(row: Row) -> SourceKind:
    words = row.text("source_kind")
    if words not in _SOURCE_KINDS:
        allowed = "; ".join(_SOURCE_KINDS)
        raise CellError("source_kind", f"'{words}' is not one of: {allowed}")
    return _SOURCE_KINDS[words]


def read_same_authority(
    folder: Path, ids: Collection[str], problems: Problems
) -> list[tuple[str, str]]:
    """Pairs of rows that a person found to name one authority though the names differ."""

    def make(row: Row) -> tuple[str, str]:
        row.required("reason")
        what = "an id of authorities.json"
        return row.reference("id", ids, what), row.reference("same_as", ids, what)

    table = read_csv(folder / "same_authority.csv", ("id", "same_as", "reason"), problems)
    return table.build(make, key=lambda pair: pair[0])
