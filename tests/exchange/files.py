"""Files to import, made for tests: from entries, from raw cells, and spoiled on purpose."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import xlsxwriter

from directory.domain.record import Record
from directory.domain.vocabulary import ChannelKind, EntryKind
from directory.exchange.columns import tables_for
from directory.exchange.export import ExportedEntry, Mark, exported
from directory.exchange.forms import Form
from tests.support import factories as make

MARK = Mark(
    recipient="focal.ro@demo.example", at=make.AT, serial="X-0000000000", size=7, root="ab" * 32
)
Grid = list[list[Any]]
#: Sheet -> rows, the names of the columns first.
Grids = dict[str, Grid]


def entry(record: Record, entry_id: str = "RO-1", state: str = "RO", revision: int = 1) -> Any:
    """An exported entry."""
    name = "Ministry"
    return ExportedEntry(
        id=entry_id, kind=record.kind, state=state, revision=revision, name=name, record=record
    )


def an_authority(**fields: Any) -> Any:
    """An authority with every sort of part."""
    given: dict[str, Any] = {
        "channels": (
            make.channel("+40211234567", kind=ChannelKind.TELEPHONE, languages=("ro", "en")),
            make.channel(),
        ),
        "hours": make.office_hours(),
        "sources": (make.source(),),
        "languages_accepted": ("ro", "fr"),
        "note": "A note.",
    }
    return make.authority(**(given | fields))


def written(form: Form, *entries: ExportedEntry) -> bytes:
    """The entries as the export writes them."""
    return exported(form, entries, MARK)


def workbook(grids: Grids, spoil: Callable[[Any, dict[str, Any]], None] | None = None) -> bytes:
    """A workbook of raw cells; ``spoil`` gets the book and its sheets by name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        sheets = {name: book.add_worksheet(name) for name in grids}
        for name, grid in grids.items():
            for number, row in enumerate(grid):
                for position, cell in enumerate(row):
                    if cell not in {None, ""}:
                        sheets[name].write(number, position, cell)
        if spoil:
            spoil(book, sheets)
    return out.getvalue()


def grids_of(*entries: ExportedEntry) -> Grids:
    """The cells that the CSV export has, sheet by sheet, as a person would type them."""
    rows = list(csv.reader(io.StringIO(written(Form.CSV, *entries).decode("utf-8-sig"))))
    names, body = rows[1], rows[2:]
    found: Grids = {}
    for table in _tables(entries):
        own = [column.name for column in table.all_columns]
        places = [names.index(name) for name in own]
        lines = [[_plain(row[place]) for place in places] for row in body if row[0] == table.name]
        found[table.name] = [own, *lines]
    return found


def _plain(cell: str) -> Any:
    return cell.removeprefix("'")


def _tables(entries: Iterable[ExportedEntry]) -> Sequence[Any]:
    from_kinds = tuple(kind for kind in EntryKind if kind in {one.kind for one in entries})
    return tables_for(from_kinds)


def csv_of(grid: Grid, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file of raw cells."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(grid)
    return out.getvalue().encode(encoding)


def csv_grid(*entries: ExportedEntry) -> Grid:
    """The rows of the CSV export, without its mark."""
    return list(csv.reader(io.StringIO(written(Form.CSV, *entries).decode("utf-8-sig"))))[1:]


def changed(grids: Grids, sheet: str, row: int, column: str, value: Any) -> Grids:
    """The grids with one cell changed; row 1 is the first below the names."""
    copy = {name: [list(line) for line in grid] for name, grid in grids.items()}
    copy[sheet][row][copy[sheet][0].index(column)] = value
    return copy


def repacked(content: bytes, members: dict[str, bytes]) -> bytes:
    """The archive with members replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, data in members.items():
            new.writestr(name, data)
    return out.getvalue()


def with_note(one: ExportedEntry, note: str) -> ExportedEntry:
    """The same entry with another note."""
    return replace(one, record=replace(one.record, note=note))
