"""XLSX in: read by a child process whose memory and time are bounded, then told in plain rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from directory.domain.marks import N_
from directory.exchange.bounded import Exhausted, child, told_by
from directory.exchange.sheets import Cell, FileRefused, Place, Row, Sheet, letters, refuse

#: Seconds after which the child is stopped, whatever it waits for: five more than it may work.
PATIENCE = 20
_DAMAGED = N_("The workbook is damaged, or no XLSX workbook; save it anew as .xlsx.")
_TOO_MUCH = N_("Reading the workbook needs more memory or time than any list of entries.")

#: Refusal of the child -> what is said.
_SAID: Mapping[str, str] = {
    "damaged": _DAMAGED,
    "too_much": _TOO_MUCH,
    "no_workbook": N_("The file is no XLSX workbook, although it is called one."),
    "encrypted": N_("The workbook is protected by a password; save it without one."),
    "macros": N_("The workbook holds macros; save it as .xlsx without them."),
    "bomb": N_("The file unpacks to far more than its size; it is not read."),
    "too_many_cells": N_("The sheet holds more rows or columns than can be imported at once."),
    "formula": N_("The cell holds a formula; put its value there instead."),
    "error": N_("The cell holds an error of the spreadsheet; write the value."),
    "merged": N_("Cells are merged here; undo that, so that each row stands for itself."),
    "hidden_sheet": N_("The sheet is hidden; show it or delete it, nothing is imported unseen."),
    "hidden_row": N_("The row is hidden; show it or delete it, nothing is imported unseen."),
    "hidden_column": N_("The column is hidden; show it or delete it, nothing is imported unseen."),
    "no_table": N_("The sheet is a chart, not a table; delete it."),
}


def read_workbook(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an XLSX workbook; raises ``FileRefused``."""
    try:
        told = told_by(child("workbook"), content, PATIENCE)
    except Exhausted:
        raise refuse(_TOO_MUCH) from None
    return tuple(_sheets(told))


def _sheets(lines: list[Any]) -> Iterator[Sheet]:
    name, rows = "", list[Row]()
    for line in lines:
        if isinstance(line, list):
            number, cells = line
            rows.append(Row(number, tuple(_cell(one) for one in cells)))
        elif "refused" in line:
            raise _refusal(line)
        else:
            if name:
                yield Sheet(name, tuple(rows))
            name, rows = line["sheet"], []
    if name:
        yield Sheet(name, tuple(rows))


def _cell(cell: Any) -> Cell:
    if isinstance(cell, list):
        kind, text = cell
        return (kind, text)
    return cell if cell != "" else None


def _refusal(line: Mapping[str, Any]) -> FileRefused:
    column = "".join(one for one in line["cell"] if one.isalpha())
    digits = "".join(one for one in line["cell"] if one.isdigit())
    row = int(digits or 0)
    if line["refused"] == "hidden_row":
        row = line["number"]
    if line["refused"] == "hidden_column":
        column = letters(line["number"] - 1)
    return refuse(_SAID[line["refused"]], Place(line["sheet"][:60], row, column))
