"""Reads one workbook in a process of its own, which the parent has bounded; see ``workbook``.

Standard input: the file. Standard output: one JSON line for each sheet's head and each row, or one
line with a refusal. Imports nothing of the package but this file, so that it starts at once.
"""

import datetime as dt
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import python_calamine as calamine

#: Bytes of address space, and seconds of processor time, that the reading may cost.
MEMORY = 512 * 1024 * 1024
SECONDS = 15
MOST_MEMBERS = 400
#: Bytes of all members together; of one member over this size no more than ``RATIO`` to one.
MOST_UNPACKED = 100 * 1024 * 1024
LARGE_MEMBER = 2 * 1024 * 1024
RATIO = 120
MOST_SHEETS = 40
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 100_000, 200, 1_500_000

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,4})([0-9]{1,8})["']""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,4}[0-9]{1,8})["'][^>]*>\s*<(?:\w+:)?f[\s/>]"""
)
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*\bt=["']e["'])[^>]*?\br=["']([A-Z]{1,4}[0-9]{1,8})["']"""
)
_HIDDEN_ROW = re.compile(
    rb"""<(?:\w+:)?row\s(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*?\br=["']([0-9]{1,8})["']"""
)
_HIDDEN_COLUMN = re.compile(
    rb"""<(?:\w+:)?col\s(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*?\bmin=["']([0-9]{1,5})["']"""
)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


class Refused(Exception):
    """The code of a refusal, the sheet and cell it is about, and a number to tell."""

    def __init__(self, code: str, sheet: str = "", cell: str = "", number: int = 0) -> None:
        super().__init__(code)
        self.facts = {"refused": code, "sheet": sheet, "cell": cell, "number": number}


def main() -> None:
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        check_package(content)
        for line in read(content):
            sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
    except Refused as refused:
        sys.stdout.write(json.dumps(refused.facts) + "\n")
    except MemoryError:
        sys.stdout.write(json.dumps(Refused("too_much").facts) + "\n")
    except calamine.PasswordError:
        sys.stdout.write(json.dumps(Refused("encrypted").facts) + "\n")
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError, EOFError):
        sys.stdout.write(json.dumps(Refused("damaged").facts) + "\n")


def check_package(content: bytes) -> None:
    """Raise ``Refused`` for what is no plain workbook, before anything is unpacked at length."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = package.infolist()
        _check_sizes(members)
        names = {one.filename for one in members}
        if len(names) < len(members):
            raise Refused("damaged")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Refused("macros")
        if "xl/workbook.xml" not in names:
            raise Refused("no_workbook")
        for name, part in _sheet_parts(package):
            _check_sheet(package.read(part), name)


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise Refused("bomb")
    for one in members:
        if one.flag_bits & 1:
            raise Refused("encrypted")
        packed = max(one.compress_size, 1)
        if one.file_size > LARGE_MEMBER and one.file_size / packed > RATIO:
            raise Refused("bomb")
        if one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Refused("damaged")


def _sheet_parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet and the member it is kept in."""
    book = package.read("xl/workbook.xml")
    relations = package.read("xl/_rels/workbook.xml.rels")
    if _ENTITY.search(book) or _ENTITY.search(relations):
        raise Refused("damaged")
    targets = {
        _attribute(one, b"Id"): _attribute(one, b"Target") for one in _RELATION.findall(relations)
    }
    sheets = _SHEET.findall(book)
    if len(sheets) > MOST_SHEETS:
        raise Refused("bomb")
    for sheet in sheets:
        target = targets.get(_attribute(sheet, rb"\w+:id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        yield _attribute(sheet, b"name"), part


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb"""=["']([^"']*)["']""", tag)
    return found.group(1).decode("utf-8", "replace") if found else ""


def _check_sheet(xml: bytes, name: str) -> None:
    if _ENTITY.search(xml):
        raise Refused("damaged", name)
    for cells, found in enumerate(_CELL.finditer(xml)):
        letters, row = found.group(1), int(found.group(2))
        far = len(letters) > 2 or (len(letters) == 2 and letters > b"GR")
        if row > MOST_ROWS or far or cells > MOST_CELLS:
            raise Refused("too_many_cells", name, (letters + found.group(2)).decode())
    if formula := _FORMULA.search(xml):
        raise Refused("formula", name, formula.group(1).decode())
    if error := _ERROR.search(xml):
        raise Refused("error", name, error.group(1).decode())
    if hidden := _HIDDEN_ROW.search(xml):
        raise Refused("hidden_row", name, "", int(hidden.group(1)))
    if hidden := _HIDDEN_COLUMN.search(xml):
        raise Refused("hidden_column", name, "", int(hidden.group(1)))


def read(content: bytes) -> Iterator[Any]:
    """Head of each sheet, then its rows as [number, cells]."""
    book = calamine.load_workbook(io.BytesIO(content))
    total = 0
    for about in book.sheets_metadata:
        if about.visible != calamine.SheetVisibleEnum.Visible:
            raise Refused("hidden_sheet", about.name)
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            raise Refused("no_table", about.name)
        sheet = book.get_sheet_by_name(about.name)
        if sheet.merged_cell_ranges:
            row, column = sheet.merged_cell_ranges[0][0]
            raise Refused("merged", about.name, _cell_name(row, column))
        total += sheet.total_height * sheet.total_width
        if total > MOST_CELLS * 4:
            raise Refused("too_many_cells", about.name)
        yield {"sheet": about.name}
        for number, row_cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
            if any(cell != "" for cell in row_cells):
                yield [number, [_plain(cell) for cell in _trimmed(row_cells)]]


def _trimmed(cells: list[Any]) -> list[Any]:
    last = next((n for n in range(len(cells), 0, -1) if cells[n - 1] != ""), 0)
    return cells[:last]


def _cell_name(row: int, column: int) -> str:
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _plain(cell: Any) -> Any:
    """A cell in JSON types; days and times as [kind, text]."""
    if isinstance(cell, dt.datetime):
        return ["moment", cell.isoformat()]
    if isinstance(cell, dt.date):
        return ["day", cell.isoformat()]
    if isinstance(cell, dt.time):
        return ["time", cell.isoformat()]
    if isinstance(cell, dt.timedelta):
        return ["span", str(cell)]
    return cell if isinstance(cell, str | bool | int | float) else str(cell)


if __name__ == "__main__":
    main()
