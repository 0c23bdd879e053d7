"""Entries out: as a workbook, as CSV, as JSON. What is written here the import reads back exactly.

Whoever calls has passed every record through ``policy.visible`` for the recipient; each sheet says
for whom and when it was made, and the size and root of the change log's checkpoint.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from directory.domain.bidi import filled
from directory.domain.caveats import Caveats, as_published, caveats
from directory.domain.conflicts import conflicts
from directory.domain.freshness import FreshnessView, freshness_json
from directory.domain.marks import N_
from directory.domain.reasons import render
from directory.domain.record import Plain, Record, to_dict
from directory.domain.vocabulary import EntryKind, EntryStatus, Freshness
from directory.exchange.columns import (
    ENTRY,
    ENTRY_NAME,
    ONLY_TO_READ,
    PART,
    REVISION,
    STANDING,
    STATE,
    Column,
    Table,
    csv_columns,
    has_part,
    kind_table,
    part_tables,
    steps,
    tables_for,
)
from directory.exchange.csv_reading import guarded
from directory.exchange.forms import Form
from directory.exchange.values import to_cell
from directory.later import Later

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet
else:
    xlsxwriter = Later("xlsxwriter")

#: Turns a marked English text into the recipient's language.
Say = Callable[[str], str]
#: Rows above those of entries: the mark, the titles, the names of the columns.
ABOVE = 3
#: Columns that are only to read by.
LOCKED = frozenset({ENTRY, REVISION, *ONLY_TO_READ})
NEVER_CONFIRMED = FreshnessView(state=Freshness.LAPSED)
WORKBOOK_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "constant_memory": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedEntry:
    """An entry as its recipient may see it."""

    id: str
    kind: EntryKind
    state: str
    revision: int
    name: str
    record: Record
    #: Beside the record: not for the import, which cannot change it.
    status: EntryStatus = EntryStatus.PUBLISHED
    synthetic: bool = False
    changed_at: dt.datetime | None = None
    fresh: FreshnessView = NEVER_CONFIRMED

    @property
    def caveats(self) -> Caveats:
        """What is to be minded of it."""
        return caveats(self.record, self.fresh, status=self.status, synthetic=self.synthetic)


#: How far a file of entries may be shared: as TLP 2.0 has it, GREEN where no line says otherwise.
FOR_THE_COMMUNITY = N_(
    "Exported for %(recipient)s on %(at)s as %(serial)s. TLP:GREEN unless a line says otherwise: "
    "share it within the community of authorities that cooperate, never in public."
)
#: Of a file about people's look-ups.
FOR_NOBODY_ELSE = N_("Exported for %(recipient)s on %(at)s as %(serial)s; do not pass it on.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """For whom and when an export was made; ``size`` 0 before the first checkpoint."""

    recipient: str
    at: dt.datetime
    #: By which the file is found again in the read audit.
    serial: str
    size: int = 0
    root: str = ""

    def text(self, say: Say, words: str = FOR_THE_COMMUNITY) -> str:
        """The mark in one line; ``words`` say how far the file may be shared."""
        told = {"recipient": self.recipient, "at": self._moment, "serial": self.serial}
        line = filled(say(words), told)
        if not self.size:
            return line
        witness = say(N_("Change log: %(size)s events, root %(root)s."))
        return f"{line} {filled(witness, {'size': self.size, 'root': self.root})}"

    def short(self, say: Say) -> str:
        """The mark where room is dear."""
        words = say(N_("For %(recipient)s, %(serial)s"))
        return filled(words, {"recipient": self.recipient, "serial": self.serial})

    @property
    def _moment(self) -> str:
        return self.at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")

    @property
    def plain(self) -> Plain:
        """The mark in JSON types."""
        checkpoint = {"size": self.size, "root": self.root} if self.size else None
        return {
            "recipient": self.recipient,
            "at": self.at.astimezone(dt.UTC).isoformat(),
            "serial": self.serial,
            "checkpoint": checkpoint,
        }


def entry_row(entry: ExportedEntry, say: Say = str) -> dict[str, str | int]:
    """Column -> cell, of the table of the entry's kind."""
    heads: dict[str, str | int] = {
        ENTRY: entry.id,
        REVISION: entry.revision,
        STATE: entry.state,
        STANDING: _standing(entry.caveats, say),
    }
    table = kind_table(entry.kind)
    return heads | {column.name: _cell(entry.record, column) for column in table.columns}


def _standing(found: Caveats, say: Say) -> str:
    return " ".join(render(one, say) for one in (*found.warnings, found.standing))


def part_rows(entry: ExportedEntry, table: Table) -> Iterator[dict[str, str | int]]:
    """Column -> cell, for each part of the entry that the table holds."""
    for part in _parts(entry.record, table.path):
        row: dict[str, str | int] = {ENTRY: entry.id, ENTRY_NAME: entry.name}
        if isinstance(part, str):
            yield row | {"text": part}
        else:
            yield row | {column.name: _cell(part, column) for column in table.columns}


def _parts(record: Record, path: str) -> tuple[Any, ...]:
    found: Any = record
    for name in steps(path):
        found = getattr(found, name, None)
    return found or ()


def _cell(holder: Any, column: Column) -> str | int:
    value = holder
    for name in steps(column.name):
        if value is None:
            return ""
        value = getattr(value, name)
    return to_cell(value, column.hint)


def write_json(out: IO[str], entries: Iterable[ExportedEntry], mark: Mark) -> None:
    """An object with the mark and the entries as the API gives them."""
    out.write(f'{{"exported": {json.dumps(mark.plain, ensure_ascii=False)},\n"entries": [')
    for number, entry in enumerate(entries):
        out.write(",\n" if number else "\n")
        out.write(json.dumps(entry_json(entry), ensure_ascii=False))
    out.write("\n]}\n")


def entry_json(entry: ExportedEntry) -> Plain:
    """The entry in JSON types."""
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "state": entry.state,
        "name": entry.name,
        "revision": entry.revision,
        "status": entry.status.value,
        "synthetic": entry.synthetic,
        "conflict": bool(conflicts(entry.record)),
        "as_published": as_published(entry.record) or None,
        "freshness": freshness_json(entry.fresh),
        "record": to_dict(entry.record),
    }


def write_csv(out: IO[str], entries: Iterable[ExportedEntry], mark: Mark, say: Say = str) -> None:
    """One table: each entry's row, then the rows of its parts; ``part`` names the table of a row.

    Opens in a spreadsheet; begin the file with a byte order mark (encoding 'utf-8-sig').
    """
    names = csv_columns()
    writer = csv.writer(out)
    writer.writerow([f"# {mark.text(say)}"])
    writer.writerow(names)
    for entry in entries:
        for part, row in _csv_rows(entry, say):
            cells = {PART: part, **row}
            writer.writerow([guarded(str(cells.get(name, ""))) for name in names])


def _csv_rows(entry: ExportedEntry, say: Say) -> Iterator[tuple[str, dict[str, str | int]]]:
    yield entry.kind.value, entry_row(entry, say)
    for table in part_tables():
        if has_part(entry.kind, table):
            for row in part_rows(entry, table):
                yield table.name, row


def write_xlsx(
    out: IO[bytes],
    entries: Iterable[ExportedEntry],
    kinds: tuple[EntryKind, ...],
    mark: Mark,
    say: Say = str,
) -> None:
    """A workbook with a sheet for each kind and each part.

    Entries are taken one by one and each row goes to disk at once, so memory does not grow with
    their number. ``kinds`` are those that come.
    """
    with xlsxwriter.Workbook(out, WORKBOOK_OPTIONS) as book:
        styles = Styles.of(book)
        text = mark.text(say)
        open_ = [
            _Filling(open_sheet(book, one, text, say, styles), one) for one in tables_for(kinds)
        ]
        of_kind = {kind: [one for one in open_ if _holds(one.table, kind)] for kind in kinds}
        for entry in entries:
            for filling in of_kind[entry.kind]:
                for row in _rows(filling.table, entry, say):
                    write_row(filling.sheet, filling.next_row, filling.table, row, styles)
                    filling.next_row += 1
        for filling in open_:
            last = max(filling.next_row - 1, ABOVE)
            filling.sheet.autofilter(ABOVE - 1, 0, last, len(filling.table.all_columns) - 1)


@dataclass(slots=True)
class _Filling:
    """A sheet that is being written."""

    sheet: "Worksheet"
    table: Table
    next_row: int = ABOVE


def _holds(table: Table, kind: EntryKind) -> bool:
    """Has the table rows for entries of that kind?"""
    return table.kind is kind or (table.kind is None and has_part(kind, table))


def _rows(table: Table, entry: ExportedEntry, say: Say) -> Iterator[dict[str, str | int]]:
    if table.kind:
        yield entry_row(entry, say)
    else:
        yield from part_rows(entry, table)


@dataclass(frozen=True, slots=True)
class Styles:
    """How cells look; every one of them is text, so that nothing typed is turned into a number."""

    mark: "Format"
    title: "Format"
    name: "Format"
    text: "Format"
    locked: "Format"

    @classmethod
    def of(cls, book: "xlsxwriter.Workbook") -> "Styles":
        """The styles, added to the book."""
        wrapped = {"num_format": "@", "text_wrap": True, "valign": "top"}
        return cls(
            mark=book.add_format({"italic": True, "font_color": "#5a5a5a"}),
            title=book.add_format({"bold": True, "text_wrap": True, "bg_color": "#e8eef4"}),
            name=book.add_format({"font_size": 8, "font_color": "#5a5a5a", "num_format": "@"}),
            text=book.add_format(wrapped),
            locked=book.add_format(wrapped | {"font_color": "#5a5a5a", "bg_color": "#f4f4f4"}),
        )


def open_sheet(
    book: "xlsxwriter.Workbook", table: Table, mark: str, say: Say, styles: Styles
) -> "Worksheet":
    """A sheet with its mark, titles and names of columns."""
    sheet = book.add_worksheet(table.name)
    for number, column in enumerate(table.all_columns):
        sheet.set_column(number, number, _width(column), styles.text)
    sheet.write_string(0, 0, mark, styles.mark)
    for number, column in enumerate(table.all_columns):
        sheet.write_string(1, number, say(column.title), styles.title)
    for number, column in enumerate(table.all_columns):
        sheet.write_string(2, number, column.name, styles.name)
    sheet.freeze_panes(ABOVE, 1)
    return sheet


def _width(column: Column) -> int:
    if column.name in {REVISION, STATE, "language", "form", "tlp"}:
        return 12
    return 40 if column.name in {"text", "note", "value", "reference", STANDING} else 20


def write_row(
    sheet: "Worksheet", number: int, table: Table, row: dict[str, str | int], styles: Styles
) -> None:
    """One row; numbers only where the column is one."""
    for position, column in enumerate(table.all_columns):
        value = row.get(column.name, "")
        if value == "":
            continue
        style = styles.locked if column.name in LOCKED else styles.text
        if isinstance(value, int):
            sheet.write_number(number, position, value, style)
        else:
            sheet.write_string(number, position, value, style)


def kinds_of(entries: Iterable[ExportedEntry]) -> tuple[EntryKind, ...]:
    """The kinds among the entries, in the order of the vocabulary; all when there are none."""
    found = {one.kind for one in entries}
    return tuple(kind for kind in EntryKind if kind in found) or tuple(EntryKind)


def write_export(
    out: IO[bytes],
    form: Form,
    entries: Iterable[ExportedEntry],
    kinds: tuple[EntryKind, ...],
    mark: Mark,
    say: Say = str,
) -> None:
    """The entries, of those kinds, as a file of that form; memory does not grow with them."""
    if form is Form.XLSX:
        write_xlsx(out, entries, kinds, mark, say)
        return
    is_csv = form is Form.CSV
    text = io.TextIOWrapper(out, encoding="utf-8-sig" if is_csv else "utf-8", newline="")
    if is_csv:
        write_csv(text, entries, mark, say)
    else:
        write_json(text, entries, mark)
    # Whoever gave the file goes on with it.
    text.detach()


def exported(form: Form, entries: tuple[ExportedEntry, ...], mark: Mark, say: Say = str) -> bytes:
    """The same in memory."""
    out = io.BytesIO()
    write_export(out, form, entries, kinds_of(entries), mark, say)
    return out.getvalue()
