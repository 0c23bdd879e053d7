"""Rows made into designations: one per cooperation type and territory, with its limits in time."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from directory.domain.record import Designation, Scope
from directory.domain.reference import LegalBasis
from directory.domain.vocabulary import CooperationType, DesignationStatus, ScopeKind
from directory.seeding.places import Places
from directory.seeding.rows import DesignationRow

_STAGE = re.compile(
    r"\b(stage|pre-trial|trial|preliminary|preparatory|before a court|enforcement of judgments)\b"
    r"|proceedings (start|have)|investigation until",
    re.IGNORECASE,
)
_COURT = re.compile(r"\bcourts?\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\bart(icle|\.)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")

#: (cooperation type, instrument) -> numbers of the articles that cover it.
Bases = Mapping[tuple[CooperationType, str], frozenset[str]]


def basis_numbers(bases: Sequence[LegalBasis]) -> dict[tuple[CooperationType, str], frozenset[str]]:
    """The article numbers of each type and instrument ('18(13)' counts as '18')."""
    found: dict[tuple[CooperationType, str], frozenset[str]] = {}
    for basis in bases:
        key = (basis.cooperation_type, basis.instrument)
        numbers = (_NUMBER.match(part.strip()) for part in basis.article.split(","))
        found[key] = found.get(key, frozenset()) | {number[0] for number in numbers if number}
    return found


def articles_for(row: DesignationRow, kind: CooperationType, bases: Bases) -> str:
    """The row's articles without those that cover only another of its types.

    A row that prints '24(7);27(2)' for extradition and mutual legal assistance means the first for
    the one and the second for the other. Everything stays where the table of legal bases says
    nothing.
    """
    mine = bases.get((kind, row.instrument), frozenset())
    others: set[str] = set()
    for other in row.types:
        others |= bases.get((other, row.instrument), frozenset())
    kept = [
        article
        for article in row.articles.split(";")
        if (number := _NUMBER.match(article)) is None or number[0] not in others - mine
    ]
    return "; ".join(kept) if kept else row.articles.replace(";", "; ")


def designations(
    row: DesignationRow,
    types: Sequence[CooperationType],
    bases: Bases,
    rows: Mapping[str, DesignationRow],
    places: Places,
) -> list[Designation]:
    """One designation for each of ``types`` (a part of the row's) and each territory."""
    valid_to, end_note = _end(row, rows)
    notes = "; ".join(note for note in (row.note, end_note) if note)
    return [
        Designation(
            key=":".join(part for part in (row.id, kind, territory) if part),
            cooperation_type=kind,
            instrument=row.instrument,
            article=articles_for(row, kind, bases),
            territory=territory,
            scope=_scope(places.limit(row)),
            function=row.function,
            valid_from=row.effective_from,
            valid_to=valid_to,
            status=DesignationStatus.NOTIFIED,
            source=row.source,
            note=notes,
            superseded_by=row.superseded_by,
        )
        for kind in types
        for territory in places.territories(row) or ("",)
    ]


def _scope(text: str) -> Scope | None:
    return Scope(text=text, kind=scope_kind(text)) if text else None


def scope_kind(text: str) -> ScopeKind:
    """What limits the designation, by the words the State used."""
    for pattern, kind in (
        (_STAGE, ScopeKind.STAGE),
        (_COURT, ScopeKind.COURT),
        (_ARTICLE, ScopeKind.ARTICLE),
    ):
        if pattern.search(text):
            return kind
    return ScopeKind.MATTER


def _end(row: DesignationRow, rows: Mapping[str, DesignationRow]) -> tuple[dt.date | None, str]:
    """Last day of a superseded designation (None: still open), and a note where it is not exact."""
    if not row.superseded_by:
        return None, ""
    successors = [rows[successor] for successor in row.superseded_by]
    starts = [one.effective_from for one in successors if one.effective_from]
    if starts:
        last = min(starts) - dt.timedelta(days=1)
        note = ""
    else:
        # Only the year of the successor's publication is known. An end before that year is the
        # reading that sends nobody to the old address.
        last = dt.date(min(one.source_year for one in successors) - 1, 12, 31)
        note = "end not dated in the source; the successor was published the year after"
    if row.effective_from and last < row.effective_from:
        return row.effective_from, "replaced on the day it was to take effect"
    return last, note
