"""Coverage: for each State and cooperation type, is somebody named, and may it be relied on?

A cell of the matrix takes the best that is on record: one confirmed authority is enough to ask.
Where nobody is named the treaties decide whether that is a gap: 'missing' needs an article that is
in force for the State. No such article on record is said so; it is never 'not a party'.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from directory.domain.book import ReferenceBook
from directory.domain.reference import LegalBasis
from directory.domain.validity import bind
from directory.domain.vocabulary import CooperationType, EntryKind, Freshness

#: 'One month from designation': 1988 Convention 17(7), Migrants Protocol 8(6).
_CLOCK = "one month"


class Cover(StrEnum):
    """What is on record for one State and one cooperation type, the best first."""

    CONFIRMED = "confirmed"
    DUE = "due"
    #: The State confirmed it once, and the time of that is over.
    LAPSED = "lapsed"
    #: Named in a source, and never confirmed by the State.
    DESIGNATED = "designated"
    #: A reader reported that it did not work, and the State has not answered.
    DISPUTED = "disputed"
    #: Nobody is named, and an article in force for the State bears on the type.
    MISSING = "missing"
    #: Nobody is named, and no participation on record binds the State to such an article.
    NOT_ON_RECORD = "not_on_record"


#: Somebody is named, however old the word of it is; the best first.
SOMEBODY_NAMED = (
    Cover.CONFIRMED,
    Cover.DUE,
    Cover.LAPSED,
    Cover.DESIGNATED,
    Cover.DISPUTED,
)
#: What is kept of each day; a day's lapsed hold those never confirmed too, so that one line of
#: trends means the same on every day.
KEPT_COVERS = tuple(cover for cover in Cover if cover is not Cover.DESIGNATED)
#: Types for which the treaties ask for a point of contact (Budapest 35, UN Cybercrime 41); for all
#: others they ask for an authority.
_BY_POINT = frozenset({CooperationType.E_EVIDENCE})
_OF_FRESHNESS: Mapping[Freshness, Cover] = MappingProxyType(
    {
        Freshness.CONFIRMED: Cover.CONFIRMED,
        Freshness.DUE: Cover.DUE,
        Freshness.LAPSED: Cover.LAPSED,
        Freshness.DISPUTED: Cover.DISPUTED,
    }
)


def kind_to_name(wanted: CooperationType) -> EntryKind:
    """The kind of entry that closes a gap for this type."""
    return EntryKind.CONTACT_POINT if wanted in _BY_POINT else EntryKind.AUTHORITY


@dataclass(frozen=True, slots=True)
class Named:
    """How many entries alike answer for a type in a State; ``real`` are no synthetic."""

    state: str
    cooperation_type: CooperationType
    freshness: Freshness
    entries: int
    real: int
    #: Did the State ever confirm them?
    ever_confirmed: bool = True

    @property
    def cover(self) -> Cover:
        """What these entries alone make of a cell.

        An entry is called 'lapsed' either way; who looks for gaps needs the two apart.
        """
        found = _OF_FRESHNESS[self.freshness]
        return found if self.ever_confirmed or found is not Cover.LAPSED else Cover.DESIGNATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One State and one type; ``legal_bases`` are those in force for the State that day."""

    state: str
    cooperation_type: CooperationType
    cover: Cover
    entries: int = 0
    #: Those of them that a reader reported and the State has not answered for.
    reported: int = 0
    #: Somebody is named, but in synthetic entries only.
    synthetic: bool = False
    legal_bases: tuple[LegalBasis, ...] = ()

    @property
    def duties(self) -> tuple[LegalBasis, ...]:
        """The articles in force for the State that oblige it to designate somebody."""
        return tuple(basis for basis in self.legal_bases if basis.must_designate == "yes")

    @property
    def has_clock(self) -> bool:
        """Does one of the duties leave a month only?"""
        return any(_CLOCK in basis.time_limit for basis in self.duties)

    @property
    def is_open_duty(self) -> bool:
        """Is somebody to be named by treaty, and nobody on record?

        The State may have named somebody whom this directory was not told of.
        """
        return self.cover is Cover.MISSING and bool(self.duties)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cells of the States asked about, each State's in the order of the types asked about."""

    types: tuple[CooperationType, ...]
    rows: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells, State by State."""
        return tuple(cell for row in self.rows.values() for cell in row)

    def totals(self) -> Mapping[CooperationType, Mapping[Cover, int]]:
        """Type -> how many States stand where."""
        counted: dict[CooperationType, Counter[Cover]] = {kind: Counter() for kind in self.types}
        for cell in self.cells:
            counted[cell.cooperation_type][cell.cover] += 1
        return counted


def matrix(
    book: ReferenceBook,
    states: Iterable[str],
    types: Iterable[CooperationType],
    named: Iterable[Named],
    on: dt.date,
) -> Matrix:
    """The cells of those States and types on ``on``."""
    wanted = tuple(types)
    found: dict[tuple[str, CooperationType], list[Named]] = {}
    for one in named:
        found.setdefault((one.state, one.cooperation_type), []).append(one)
    bases = {kind: _bases(book, kind) for kind in wanted}
    rows = {}
    for state in states:
        bound = bound_instruments(book, state, on)
        rows[state] = tuple(
            _cell(state, kind, found.get((state, kind), []), bases[kind], bound) for kind in wanted
        )
    return Matrix(wanted, rows)


def _bases(book: ReferenceBook, kind: CooperationType) -> tuple[LegalBasis, ...]:
    return tuple(basis for basis in book.legal_bases if basis.cooperation_type is kind)


def bound_instruments(book: ReferenceBook, state: str, on: dt.date) -> frozenset[str]:
    """The instruments that by the record bind the State on ``on``."""
    return frozenset(
        one.instrument
        for one in book.participations_by_state.get(state, ())
        if bind(state, book.instruments[one.instrument], one, on).is_bound
    )


def _cell(
    state: str,
    kind: CooperationType,
    named: list[Named],
    bases: tuple[LegalBasis, ...],
    bound: frozenset[str],
) -> Cell:
    in_force = tuple(basis for basis in bases if basis.instrument in bound)
    return Cell(
        state=state,
        cooperation_type=kind,
        cover=_cover(named, in_force),
        entries=sum(one.entries for one in named),
        reported=sum(one.entries for one in named if one.cover is Cover.DISPUTED),
        synthetic=bool(named) and not any(one.real for one in named),
        legal_bases=in_force,
    )


def _cover(named: list[Named], in_force: tuple[LegalBasis, ...]) -> Cover:
    found = {one.cover for one in named}
    best = next((cover for cover in SOMEBODY_NAMED if cover in found), None)
    if best is not None:
        return best
    return Cover.MISSING if in_force else Cover.NOT_ON_RECORD


def gap_order(cell: Cell) -> tuple[int, str, str]:
    """What to do first: a duty with a clock, a duty, a report unanswered, what is old, the rest.

    A report counts here whatever stands beside it in the cell: it waits for an answer.
    """
    grave = (
        cell.is_open_duty and cell.has_clock,
        cell.is_open_duty,
        cell.reported > 0,
        cell.cover is Cover.LAPSED,
        cell.cover is Cover.DESIGNATED,
        cell.cover is Cover.DUE,
    )
    place = grave.index(True) if True in grave else len(grave)
    return place, cell.state, cell.cooperation_type


def gaps(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells that ask for work, the gravest first; what no treaty asks for is none."""
    open_ = (cell for cell in cells if cell.cover not in {Cover.CONFIRMED, Cover.NOT_ON_RECORD})
    return tuple(sorted(open_, key=gap_order))
