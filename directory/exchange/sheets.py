"""What every way in and out shares: places in a file, faults, and the refusal that lists them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from directory.domain.marks import N_
from directory.domain.record import Record
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, Problem

#: A cell as it was read: text, number, truth, (kind, text) of a day or time, or nothing.
Cell = str | float | int | bool | None | tuple[str, str]

#: Limits of a file, before anything of it is believed.
LARGEST_FILE = 8 * 1024 * 1024
MOST_ROWS = 100_000
MOST_CELLS = 1_500_000
MOST_ENTRIES = 20_000
#: Most faults that are told at once.
MOST_FAULTS = 200
TOO_LARGE = N_("The file is larger than %(most)s MB; import it in pieces.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: sheet, row from 1, column letters; '' and 0 where it is the whole."""

    sheet: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        if self.column and not self.column.isupper():
            return f"{self.sheet} {self.row}, {self.column}"
        where = f"{self.column}{self.row or ''}"
        return "!".join(piece for piece in (self.sheet, where) if piece)


#: The whole file.
FILE = Place()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: where, under which heading, and what would be right."""

    place: Place
    message: str
    params: dict[str, object] = field(default_factory=dict)
    #: Machine name of the column.
    heading: str = ""

    @property
    def problem(self) -> Problem:
        """The fault as other refusals tell theirs; the path reads 'channels!D7'."""
        return Problem(str(self.place), self.message, self.params)


class FileRefused(Invalid):
    """Nothing of the file is taken; every fault is listed, up to ``MOST_FAULTS``."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        found = tuple(faults)
        self.faults = found[:MOST_FAULTS]
        self.more = len(found) - len(self.faults)
        super().__init__(fault.problem for fault in self.faults)


def refuse(message: str, place: Place = FILE, **params: object) -> FileRefused:
    """The refusal of a file for one reason."""
    return FileRefused([Fault(place, message, params)])


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet, with its number as people see it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet that hold something."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    """An entry as a file has it; ``entry_id`` '' is a new one.

    ``places``: path in the record ('', 'channels.3', 'hours.intervals.0') -> its row.
    ``columns``: path of a column ('unit', 'channels.value') -> letters of its column.
    """

    entry_id: str
    kind: EntryKind
    state: str
    revision: int
    record: Record
    places: dict[str, Place]
    columns: dict[str, str]

    @property
    def place(self) -> Place:
        """The row that stands for the entry as a whole."""
        return self.places[""]

    def fault(self, path: str, message: str, params: dict[str, object] | None = None) -> Fault:
        """A fault of that path of the record, at the nearest row and column that is known."""
        pieces = path.split(".") if path else []
        for length in range(len(pieces), -1, -1):
            known = self.places.get(".".join(pieces[:length]))
            if known is not None:
                column = self._column(pieces)
                letters = column[1] if column else known.column
                place = Place(known.sheet, known.row, letters)
                return Fault(place, message, params or {}, column[0] if column else "")
        return Fault(self.place, message, params or {})

    def _column(self, pieces: list[str]) -> tuple[str, str] | None:
        plain = [piece for piece in pieces if not piece.isdigit()]
        for length in range(len(plain), 0, -1):
            path = ".".join(plain[:length])
            if path in self.columns:
                return path, self.columns[path]
        return None


def letters(position: int) -> str:
    """The letters of a column by its position from 0: A, B ... Z, AA."""
    text = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
