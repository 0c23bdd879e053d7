"""An empty workbook for one kind of entry: drop-downs where words are fixed, and how to fill it."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from directory.domain.fields import KIND_TITLES
from directory.domain.marks import N_
from directory.domain.vocabulary import EntryKind
from directory.exchange.assembly import INSTRUCTIONS, LISTS
from directory.exchange.columns import STATE, Column, Table, item_of, tables_for
from directory.exchange.export import (
    ABOVE,
    WORKBOOK_OPTIONS,
    ExportedEntry,
    Mark,
    Say,
    Styles,
    entry_row,
    open_sheet,
    part_rows,
    write_row,
)
from directory.later import Later

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet
else:
    xlsxwriter = Later("xlsxwriter")

#: Rows with drop-downs.
ROWS = 2000
#: Most letters of choices written into a cell's own rule.
_MOST_LETTERS = 250
#: Column -> the list of codes that it takes from the reference data.
_CODES: Mapping[str, str] = {
    STATE: "states",
    "host_state": "states",
    "instrument": "instruments",
    "language": "languages",
    "hours.zone": "zones",
}

STEPS = (
    N_("Each entry has one row on the first sheet and any number of rows on the sheets of parts."),
    N_("Write new-1, new-2 … in the first column for new entries, and the same on their parts."),
    N_("Leave the identifiers and revisions of exported entries as they are."),
    N_("A row you delete is a part you propose to take away; an entry without a row stays as is."),
    N_("Write telephone numbers as text, with + and the country code."),
    N_("Write days as YYYY-MM-DD and times as HH:MM."),
    N_("Several codes in one cell are separated by commas; several texts stand on a line each."),
    N_("Do not merge or hide cells, and write no formulas: such files are refused."),
    N_("Upload the file under 'Import'. You see every difference before anything is made."),
    N_("What you confirm becomes proposals; the secretariat verifies them as any other."),
)


def template_bytes(
    kind: EntryKind,
    codes: Mapping[str, Sequence[str]],
    mark: Mark,
    entries: Sequence[ExportedEntry] = (),
    say: Say = str,
) -> bytes:
    """The workbook of one kind, with the entries already on it where some are given.

    ``codes``: 'states', 'instruments', 'languages', 'zones' -> the codes to choose from.
    """
    descriptor, name = tempfile.mkstemp(suffix=".xlsx")
    os.close(descriptor)
    path = Path(name)
    try:
        _write(path, kind, codes, mark, entries, say)
        return path.read_bytes()
    finally:
        path.unlink()


def _write(
    path: Path,
    kind: EntryKind,
    codes: Mapping[str, Sequence[str]],
    mark: Mark,
    entries: Sequence[ExportedEntry],
    say: Say,
) -> None:
    with xlsxwriter.Workbook(str(path), WORKBOOK_OPTIONS) as book:
        styles = Styles.of(book)
        _instructions(book.add_worksheet(INSTRUCTIONS), kind, mark, say, styles)
        for table in tables_for((kind,)):
            sheet = open_sheet(book, table, mark.text(say), say, styles)
            for position, column in enumerate(table.all_columns):
                _choose(sheet, position, column, codes)
            for number, row in enumerate(_rows(table, entries, say), start=ABOVE):
                write_row(sheet, number, table, row, styles)
        _lists(book.add_worksheet(LISTS), codes, styles)


def _rows(
    table: Table, entries: Sequence[ExportedEntry], say: Say
) -> Iterator[dict[str, str | int]]:
    for entry in entries:
        if table.kind is not None:
            yield entry_row(entry, say)
        else:
            yield from part_rows(entry, table)


def _instructions(
    sheet: "Worksheet", kind: EntryKind, mark: Mark, say: Say, styles: Styles
) -> None:
    sheet.set_column(0, 0, 110, styles.text)
    sheet.write_string(0, 0, say(KIND_TITLES[kind]), styles.title)
    sheet.write_string(1, 0, mark.text(say), styles.mark)
    for number, step in enumerate(STEPS, start=1):
        sheet.write_string(number + 2, 0, f"{number}. {say(step)}", styles.text)


def _choose(
    sheet: "Worksheet", position: int, column: Column, codes: Mapping[str, Sequence[str]]
) -> None:
    """A drop-down for the column where its words are fixed; several in a cell get none."""
    source = _source(column, codes)
    if source:
        rule = {"validate": "list", "source": source, "ignore_blank": True}
        sheet.data_validation(ABOVE, position, ABOVE + ROWS, position, rule)


def _source(column: Column, codes: Mapping[str, Sequence[str]]) -> list[str] | str | None:
    if item_of(column.hint) is not None:
        return None
    if column.hint is bool:
        return ["yes"]
    words = [one.value for one in column.vocabulary] if column.vocabulary else []
    if words and len(",".join(words)) <= _MOST_LETTERS:
        return words
    name = _CODES.get(column.name, column.name if words else "")
    if name in codes:
        place = list(codes).index(name)
        letter = chr(ord("A") + place)
        return f"={LISTS}!${letter}$2:${letter}${len(codes[name]) + 1}"
    return None


def _lists(sheet: "Worksheet", codes: Mapping[str, Sequence[str]], styles: Styles) -> None:
    """The codes that drop-downs refer to, in the open: nothing hidden is ever imported."""
    sheet.set_column(0, len(codes), 24, styles.text)
    longest = max(map(len, codes.values()), default=0)
    for position, name in enumerate(codes):
        sheet.write_string(0, position, name, styles.title)
    for number in range(longest):
        for position, values in enumerate(codes.values()):
            if number < len(values):
                sheet.write_string(number + 1, position, values[number], styles.text)
