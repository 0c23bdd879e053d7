"""Readers of the treaties: instruments, participations, declarations, legal bases."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from directory.domain.reference import Declaration, Instrument, LegalBasis, Participation
from directory.domain.vocabulary import (
    LANGUAGES,
    CooperationType,
    DeclarationKind,
    ParticipationStatus,
)
from directory.seeding.problems import CellError, Problems
from directory.seeding.tables import Row, read_csv

INSTRUMENT_COLUMNS = (
    "code",
    "short_title",
    "title",
    "place",
    "adopted",
    "entry_into_force",
    "depositary",
    "number",
    "text_url",
    "parent",
    "entry_into_force_rule",
    "status_url",
)
#: A title of an authentic text or of the depositary; a rendering of ours.
TITLE_KINDS = ("official", "rendering")
TITLE_COLUMNS = ("code", "language", "short_title", "title", "kind")
PARTICIPATION_COLUMNS = (
    "iso2",
    "state",
    "instrument",
    "signature",
    "consent",
    "action",
    "entry_into_force",
    "ended",
    "status",
    "source",
    "source_copy",
    "note",
)
DECLARATION_COLUMNS = ("iso2", "instrument", "article", "kind", "value", "date", "source")
LEGAL_BASIS_COLUMNS = (
    "cooperation_type",
    "instrument",
    "article",
    "must_designate",
    "notify",
    "time_limit",
    "keep_current",
    "note",
)


def read_instruments(folder: Path, problems: Problems) -> list[Instrument]:
    """The treaties with their titles; a parent must be one of them."""
    table = read_csv(folder / "instruments.csv", INSTRUMENT_COLUMNS, problems)
    built = table.build(_instrument, key=lambda instrument: instrument.code)
    codes = {instrument.code for instrument in built}
    titles = _read_titles(folder, frozenset(codes), problems)
    for number, instrument in enumerate(built, start=2):
        if instrument.parent and instrument.parent not in codes:
            table.problem(number, "parent", f"'{instrument.parent}' is not a code of this file")
    return [_titled(instrument, titles) for instrument in built]


@dataclass(frozen=True, slots=True)
class _Title:
    """What a treaty is called in a language other than English."""

    code: str
    language: str
    short_title: str
    title: str


def _read_titles(folder: Path, codes: frozenset[str], problems: Problems) -> list[_Title]:
    table = read_csv(folder / "instrument_titles.csv", TITLE_COLUMNS, problems)
    return table.build(
        lambda row: _title(row, codes), key=lambda title: (title.code, title.language)
    )


def _title(row: Row, codes: frozenset[str]) -> _Title:
    row.one_of("kind", TITLE_KINDS)
    return _Title(
        code=row.reference("code", codes, "a code of instruments.csv"),
        language=row.one_of("language", LANGUAGES),
        short_title=row.required("short_title"),
        title=row.required("title"),
    )


def _titled(instrument: Instrument, titles: Iterable[_Title]) -> Instrument:
    own = [title for title in titles if title.code == instrument.code]
    return replace(
        instrument,
        short_titles={title.language: title.short_title for title in own},
        titles={title.language: title.title for title in own},
    )


def _instrument(row: Row) -> Instrument:
    return Instrument(
        code=row.required("code"),
        short_title=row.required("short_title"),
        title=row.required("title"),
        place=row.text("place"),
        adopted=row.date("adopted"),
        entry_into_force=row.date("entry_into_force"),
        depositary=row.text("depositary"),
        number=row.text("number"),
        text_url=row.link("text_url"),
        status_url=row.link("status_url"),
        parent=row.text("parent"),
        entry_into_force_rule=row.required("entry_into_force_rule"),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """The keys that rows of other files may refer to."""

    states: frozenset[str]
    instruments: frozenset[str]

    def state(self, row: Row) -> str:
        return row.reference("iso2", self.states, "a State of states.csv")

    def instrument(self, row: Row) -> str:
        return row.reference("instrument", self.instruments, "a code of instruments.csv")


def read_participations(folder: Path, known: Known, problems: Problems) -> list[Participation]:
    """Participations as recorded, without computed dates."""
    table = read_csv(folder / "participations.csv", PARTICIPATION_COLUMNS, problems)
    return table.build(
        lambda row: _participation(row, known), key=lambda one: (one.state, one.instrument)
    )


def _participation(row: Row, known: Known) -> Participation:
    ended = row.date("ended")
    start = row.date("entry_into_force")
    if ended and start and ended < start:
        raise CellError("ended", f"{ended} is before the entry into force, {start}")
    status = row.choice("status", ParticipationStatus)
    if status is ParticipationStatus.DENOUNCED and ended is None:
        raise CellError("ended", "is empty; a denunciation needs the day it took effect")
    return Participation(
        state=known.state(row),
        instrument=known.instrument(row),
        status=status,
        signature=row.date("signature"),
        consent=row.date("consent"),
        action=row.text("action"),
        entry_into_force=start,
        ended=ended,
        source=row.required("source"),
        source_copy=row.text("source_copy"),
        note=row.text("note"),
    )


def read_declarations(folder: Path, known: Known, problems: Problems) -> list[Declaration]:
    """Declarations; a State may make several under one article."""
    table = read_csv(folder / "declarations.csv", DECLARATION_COLUMNS, problems)
    return table.build(lambda row: _declaration(row, known), key=lambda one: one)


def _declaration(row: Row, known: Known) -> Declaration:
    return Declaration(
        state=known.state(row),
        instrument=known.instrument(row),
        article=row.text("article"),
        kind=row.choice("kind", DeclarationKind),
        value=row.required("value"),
        date=row.date("date"),
        source=row.required("source"),
    )


def read_legal_bases(folder: Path, known: Known, problems: Problems) -> list[LegalBasis]:
    """The table of duties: cooperation type x instrument x article."""
    table = read_csv(folder / "legal_basis.csv", LEGAL_BASIS_COLUMNS, problems)
    return table.build(
        lambda row: _legal_basis(row, known),
        key=lambda one: (one.cooperation_type, one.instrument, one.article),
    )


def _legal_basis(row: Row, known: Known) -> LegalBasis:
    return LegalBasis(
        cooperation_type=row.choice("cooperation_type", CooperationType),
        instrument=known.instrument(row),
        article=row.text("article"),
        must_designate=row.text("must_designate"),
        notify=row.text("notify"),
        time_limit=row.text("time_limit"),
        keep_current=row.text("keep_current"),
        note=row.text("note"),
    )
