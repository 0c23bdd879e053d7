"""Files that must be refused, each with what its refusal has to name; made, not collected."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from directory.exchange.forms import Form
from tests.exchange.files import (
    an_authority,
    changed,
    csv_grid,
    csv_of,
    entry,
    grids_of,
    repacked,
    workbook,
    written,
)
from tests.support import factories as make

#: Name of the case, name of the file, content, and what stands in the text of the refusal.
Spoiled = tuple[str, str, bytes, str]

_ONE = entry(an_authority())
_GRIDS = grids_of(_ONE)

#: Sheet, column, what is typed there (row 1), and where the fault must be told.
CELLS: tuple[tuple[str, str, Any, str], ...] = (
    ("authority", "entry", "", "channels!A"),
    ("authority", "entry", "RO-404", "channels!A"),
    ("authority", "revision", "", "authority!B2"),
    ("authority", "revision", "one", "authority!B2"),
    ("authority", "revision", 1.5, "authority!B2"),
    ("authority", "revision", -1, "authority!B2"),
    ("authority", "state", "", "authority!C2"),
    ("authority", "unit", 12, "authority!E2"),
    ("authority", "unit", 4.12e10, "authority!E2"),
    ("authority", "hours.round_the_clock", "perhaps", "authority!I2"),
    ("authority", "hours.round_the_clock", 7, "authority!I2"),
    ("authority", "hours.zone", "", "authority!H2"),
    ("names", "text", "", "names!C2"),
    ("names", "form", "nickname", "names!D2"),
    ("names", "entry", "", "names!A2"),
    ("channels", "kind", "", "channels!C2"),
    ("channels", "kind", "carrier pigeon", "channels!C2"),
    ("channels", "value", "", "channels!D2"),
    ("channels", "value", 40211234567, "channels!D2"),
    ("channels", "value", "4.12E+10", "channels!D2"),
    ("channels", "value", "4,12E+10", "channels!D2"),
    ("channels", "purpose", "always", "channels!G2"),
    ("channels", "audience", "everybody", "channels!I2"),
    ("channels", "tlp", "purple", "channels!J2"),
    ("channels", "entry", "RO-404", "channels!A2"),
    ("channels", "extension", 12, "channels!F2"),
    ("hours", "weekday", "Monday", "hours!C2"),
    ("hours", "weekday", "", "hours!C2"),
    ("hours", "weekday", 1.5, "hours!C2"),
    ("hours", "opens", "", "hours!D2"),
    ("hours", "opens", 0.354, "hours!D2"),
    ("designations", "key", "", "designations!C2"),
    ("designations", "cooperation_type", "", "designations!D2"),
    ("designations", "cooperation_type", "friendship", "designations!D2"),
    ("designations", "article", 18.1, "designations!F2"),
    ("designations", "rank", "third", "designations!J2"),
    ("designations", "status", "rumoured", "designations!N2"),
    ("designations", "valid_from", 45292, "designations!L2"),
    ("designations", "valid_from", "31.01.2026", "designations!L2"),
    ("designations", "valid_from", "2026-02-30", "designations!L2"),
    ("designations", "valid_from", "0001-01-01", "designations!L2"),
    ("designations", "valid_to", "tomorrow", "designations!M2"),
    ("designations", "valid_to", -5, "designations!M2"),
    ("designations", "scope.kind", "matter", "designations!H2"),
    ("designations", "scope.kind", "planet", "designations!I2"),
    ("sources", "kind", "hearsay", "sources!D2"),
    ("sources", "key", "", "sources!C2"),
    ("sources", "reference", "", "sources!E2"),
    ("sources", "year", "MMXX", "sources!G2"),
    ("sources", "date", 1e9, "sources!F2"),
)


def cells() -> Iterator[Spoiled]:
    """One wrong cell, in a workbook and in CSV."""
    for sheet, column, value, place in CELLS:
        content = workbook(changed(_GRIDS, sheet, 1, column, value))
        yield f"{sheet}.{column}={value!r}", "a.xlsx", content, place
    for sheet, column, value, _place in CELLS:
        # CSV holds texts only: a number there is what somebody typed.
        if isinstance(value, str):
            yield f"csv {sheet}.{column}={value!r}", "a.csv", _csv_with(sheet, column, value), ""


def _csv_with(sheet: str, column: str, value: str) -> bytes:
    grid = csv_grid(_ONE)
    row = next(line for line in grid if line[0] == sheet)
    row[grid[0].index(column)] = value
    return csv_of(grid)


def shapes() -> Iterator[Spoiled]:
    """Sheets, columns and rows that are missing, unknown, hidden, merged or contradictory."""
    for name in list(_GRIDS)[1:]:
        rest = {one: grid for one, grid in _GRIDS.items() if one != name}
        if name != "contents":
            yield f"without {name}", "a.xlsx", workbook(rest), name
    yield "unknown sheet", "a.xlsx", workbook({**_GRIDS, "Sheet9": [["a"]]}), "Sheet9"
    for sheet in ("authority", "channels"):
        grid = [row[:-1] for row in _GRIDS[sheet]]
        yield f"column lost in {sheet}", "a.xlsx", workbook({**_GRIDS, sheet: grid}), sheet
        grid = [[*row, "x"] for row in _GRIDS[sheet]]
        yield f"column too many in {sheet}", "a.xlsx", workbook({**_GRIDS, sheet: grid}), sheet
        grid = [[*row, row[-1]] for row in _GRIDS[sheet]]
        yield f"column twice in {sheet}", "a.xlsx", workbook({**_GRIDS, sheet: grid}), "twice"
        grid = _GRIDS[sheet][1:]
        yield f"no headings in {sheet}", "a.xlsx", workbook({**_GRIDS, sheet: grid}), f"{sheet}!A1"
        grid = [_GRIDS[sheet][0], [*_GRIDS[sheet][1], "stray"]]
        yield f"value beside {sheet}", "a.xlsx", workbook({**_GRIDS, sheet: grid}), f"{sheet}!"
    twice = [*_GRIDS["authority"], _GRIDS["authority"][1]]
    yield (
        "two rows of one entry",
        "a.xlsx",
        workbook({**_GRIDS, "authority": twice}),
        "authority!A3",
    )
    yield "no entries", "a.xlsx", workbook({"authority": _GRIDS["authority"][:1]}), "no entry"
    yield from _seen_by_nobody()


def _seen_by_nobody() -> Iterator[Spoiled]:
    spoils: dict[str, tuple[Callable[[Any, dict[str, Any]], None], str]] = {
        "hidden sheet": (lambda _b, s: s["channels"].hide(), "channels"),
        "very hidden sheet": (lambda _b, s: s["channels"].very_hidden(), "channels"),
        "hidden row": (
            lambda _b, s: s["channels"].set_row(1, None, None, {"hidden": True}),
            "channels!2",
        ),
        "hidden column": (
            lambda _b, s: s["channels"].set_column(3, 3, 10, None, {"hidden": True}),
            "channels!D",
        ),
        "merged": (lambda _b, s: s["names"].merge_range(5, 2, 6, 3, "x"), "names!C6"),
        "formula": (
            lambda _b, s: s["channels"].write_formula(1, 3, "=A1", None, "x"),
            "channels!D2",
        ),
        "array formula": (
            lambda _b, s: s["names"].write_array_formula(1, 2, 1, 2, "{=A1}", None, "x"),
            "names!C2",
        ),
        "error": (lambda _b, s: s["names"].write_formula(1, 2, "=NA()", None, "#N/A"), "names!C2"),
        "truth value": (lambda _b, s: s["names"].write_boolean(1, 2, True), "names!C2"),
        "date for a text": (
            lambda b, s: s["designations"].write_datetime(
                1, 5, make.AT.replace(tzinfo=None), b.add_format({"num_format": "yyyy-mm-dd"})
            ),
            "designations!F2",
        ),
        "moment for a day": (
            lambda b, s: s["designations"].write_datetime(
                1,
                11,
                make.AT.replace(tzinfo=None),
                b.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            ),
            "designations!L2",
        ),
        "chart sheet": (lambda b, _s: _chart(b), "chart"),
        "far away": (lambda _b, s: s["names"].write_string(0, 16000, "x"), "names!"),
        "far below": (lambda _b, s: s["names"].write_string(1_000_000, 0, "x"), "names!"),
    }
    for name, (spoil, place) in spoils.items():
        yield name, "a.xlsx", workbook(_GRIDS, spoil), place


def _chart(book: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=names!$A$1:$A$2"})
    book.add_chartsheet("chart").set_chart(chart)


def forms() -> Iterator[Spoiled]:
    """What is no workbook, no table, no text at all, whatever it is called."""
    good = written(Form.XLSX, _ONE)
    yield "empty", "a.xlsx", b"", "empty"
    yield "blank", "a.csv", b"  \r\n ", "empty"
    yield "html", "a.xlsx", b"<html><table><tr><td>entry</td></table>", "web page"
    yield "html as csv", "a.csv", b"\xef\xbb\xbf<!DOCTYPE html><p>", "web page"
    yield "xml", "a.xlsx", b"<?xml version='1.0'?><Workbook/>", "web page"
    yield "old xls", "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"
    yield "pdf", "a.xlsx", b"%PDF-1.7 x", "PDF"
    yield "png as csv", "a.csv", b"\x89PNG\r\n\x1a\n", "PNG"
    yield "gzip as json", "a.json", b"\x1f\x8b\x08\x00", "GZIP"
    yield "workbook as csv", "a.csv", good, "workbook"
    yield "workbook as json", "a.json", good, "workbook"
    yield "csv as workbook", "a.xlsx", written(Form.CSV, _ONE), "no XLSX"
    yield "noise", "a.xlsx", bytes(range(256)) * 8, "no XLSX"
    yield "other zip", "a.xlsx", _zip({"hello.txt": b"hello"}), "XLSX"
    yield "empty zip", "a.xlsx", _zip({}), "XLSX"
    yield "macros inside", "a.xlsx", repacked(good, {"xl/vbaProject.bin": b"x"}), "macros"
    yield "macros by name", "a.xlsm", good, "macros"
    yield "binary workbook", "a.xlsb", good, "macros"
    yield "open document", "a.ods", good, ".xlsx"
    yield "no ending", "table", good, ".xlsx"
    yield (
        "entity",
        "a.xlsx",
        repacked(good, {"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]>'}),
        "",
    )
    yield "empty book", "a.xlsx", repacked(good, {"xl/workbook.xml": b"<workbook/>"}), ""
    yield (
        "torn sheet",
        "a.xlsx",
        repacked(good, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}),
        "",
    )
    for part in (4, 2, 1):
        yield f"cut at 1/{part * 2}", "a.xlsx", good[: len(good) // (part * 2)], "damaged"
    yield "flipped", "a.xlsx", good[:400] + bytes(80) + good[480:], ""
    yield "too large", "a.csv", b"part,entry\n" + b"x" * (8 * 1024 * 1024), "larger"


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def csv_files() -> Iterator[Spoiled]:
    """CSV that cannot be read for certain, or whose table is not whole."""
    grid = csv_grid(_ONE)
    text = csv_of(grid)
    yield "no headings", "a.csv", csv_of(grid[1:]), "A1"
    yield "bars", "a.csv", csv_of(grid, "|"), "A1"
    yield "open quote", "a.csv", text + b'authority,"RO-9', ""
    yield "quote inside", "a.csv", text + b'authority,"RO"9,1\n', ""
    yield "nul", "a.csv", text + b"\x00", "characters"
    yield "no part", "a.csv", csv_of([*grid, ["", "RO-2"]]), "A"
    yield "unknown part", "a.csv", csv_of([*grid, ["people", "RO-1"]]), "A"
    yield "column of another part", "a.csv", _csv_with("names", "kind", "x"), "names"
    yield "utf-16 cut", "a.csv", text.decode().encode("utf-16")[:-1], "encoding"
    yield (
        "both pages",
        "a.csv",
        text + "authority,Général\n".encode("cp1252") + "Москва".encode("cp1251"),
        "encoding",
    )
    yield "central european", "a.csv", text + "names,Bucureşti\n".encode("cp1250"), "encoding"
    yield "lone letters", "a.csv", text + b"names,\xe0 \xe8\n", "encoding"
    yield "japanese", "a.csv", text + "法務省".encode("shift_jis"), "encoding"
    yield "long cell", "a.csv", csv_of([*grid, ["names", "RO-1", "x" * 50_000]]), "longer"
    rows = [*grid, *([["names", "RO-1"]] * 3)]
    yield "rows without text", "a.csv", csv_of(rows), ""


def json_files() -> Iterator[Spoiled]:
    """JSON that is none, or no entries."""
    good = json.loads(written(Form.JSON, _ONE))["entries"][0]
    yield "not json", "a.json", b"entry: 1", "JSON"
    yield "cut", "a.json", json.dumps([good]).encode()[:-9], "JSON"
    yield "latin-1", "a.json", '[{"id": "é"}]'.encode("latin-1"), "UTF-8"
    yield "nan", "a.json", b'[{"revision": NaN}]', "NaN"
    yield "infinity", "a.json", b'[{"revision": -Infinity}]', "Infinity"
    yield "huge number", "a.json", b'[{"revision": ' + b"9" * 5000 + b"}]", "number"
    yield "fraction", "a.json", b'[{"revision": 1.5}]', "number"
    yield "twice a key", "a.json", b'[{"id": "RO-1", "id": "RO-2"}]', "twice"
    yield "deep", "a.json", b"[" * 100_000 + b"]" * 100_000, "deeper"
    yield "deep objects", "a.json", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "deeper"
    yield "wide", "a.json", b"[" + b"[]," * 500_000 + b"[]]", "more than"
    yield "a text", "a.json", b'"entries"', "list"
    yield "a number", "a.json", b"1", "list"
    yield "null", "a.json", b"null", "list"
    yield "other object", "a.json", b'{"items": []}', "list"
    yield "no entries", "a.json", b"[]", "no entry"
    yield "no objects", "a.json", b"[1, null]", "entries"
    yield "two of one", "a.json", json.dumps([good, good]).encode(), "already"
    spoils: dict[str, dict[str, Any]] = {
        "unknown key": {"colour": "red"},
        "unknown kind": {"kind": "embassy"},
        "kind a list": {"kind": ["authority"]},
        "no state": {"state": ""},
        "state a number": {"state": 1},
        "id a number": {"id": 12},
        "no revision": {"revision": None},
        "revision a text": {"revision": "1"},
        "revision a truth": {"revision": True},
        "record a list": {"record": []},
        "record null": {"record": None},
        "record unknown field": {"record": {"names": [{"text": "x"}], "boss": "y"}},
        "names a text": {"record": {"names": "x"}},
        "name a number": {"record": {"names": [{"text": 1}]}},
        "channel without value": {"record": {"names": [], "channels": [{"kind": "email"}]}},
        "weekday a text": {
            "record": {
                "names": [],
                "hours": {
                    "zone": "UTC",
                    "intervals": [{"weekday": "x", "opens": "", "closes": ""}],
                },
            }
        },
        "day": {
            "record": {
                "names": [],
                "sources": [
                    {"key": "a", "kind": "note_verbale", "reference": "x", "date": "yesterday"}
                ],
            }
        },
    }
    for name, given in spoils.items():
        yield f"json {name}", "a.json", json.dumps([{**good, **given}]).encode(), "entries 1"[:7]
    for key in ("kind", "state", "record"):
        rest = {name: value for name, value in good.items() if name != key}
        yield f"json without {key}", "a.json", json.dumps([rest]).encode(), key


def all_spoiled() -> list[Spoiled]:
    """Every file, made anew."""
    return [*cells(), *shapes(), *forms(), *csv_files(), *json_files()]
