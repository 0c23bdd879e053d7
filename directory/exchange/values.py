"""Between a value of a record and the text of a cell: exact in both directions.

Texts are kept to the letter. What a spreadsheet may have spoiled on the way (a number made of a
telephone, a date made of an article) is refused with what to write instead, never guessed.
"""

import datetime as dt
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from directory.domain.marks import N_
from directory.exchange.columns import item_of
from directory.exchange.sheets import Cell

#: How days and times that the spreadsheet keeps as such arrive: (kind, ISO text).
DAY, MOMENT, TIME = "day", "moment", "time"
YES, NO = "yes", "no"
_YES = frozenset({"yes", "true", "1", "x", "oui", "sí", "si", "да", "نعم", "是"})
_NO = frozenset({"no", "false", "0", "non", "нет", "لا", "否"})
#: '4.12E+10': what is left of a number that a spreadsheet shortened.
SHORTENED = re.compile(r"\s*[+-]?\d+([.,]\d+)?[eE]\+\d+\s*")
_CODES = re.compile(r"[,;]")
#: Day 0 of spreadsheets.
_EPOCH = dt.date(1899, 12, 30)
_FIRST, _LAST = dt.date(1000, 1, 1), dt.date(9999, 12, 31)


class Wrong(ValueError):
    """A cell that does not hold what its column needs; the message tells what would be right."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


def to_cell(value: Any, hint: Any) -> str | int:
    """The text of a value ('' for none); whole numbers stay numbers."""
    item = item_of(hint)
    if item is not None:
        return _joined([str(one) for one in value])
    if value is None:
        return ""
    if hint is bool:
        return YES if value else ""
    if hint is int:
        return int(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _joined(items: list[str]) -> str:
    if any(_CODES.search(one) or one != one.strip() for one in items):
        # A line each; the break at the end tells one item with a comma from two.
        return "".join(f"{one}\n" for one in items)
    return ", ".join(items)


def from_cell(cell: Cell, hint: Any) -> Any:
    """The value of a cell that is not empty; raises ``Wrong``."""
    item = item_of(hint)
    if item is not None:
        return tuple(from_cell(one, item) for one in _items(_text(cell)))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _word(_text(cell).strip(), hint)
    return _READERS[hint](cell)


def is_empty(cell: Cell) -> bool:
    """Does the cell hold nothing?"""
    return cell is None or cell == ""


def _items(text: str) -> list[str]:
    if "\n" in text:
        return [one for one in text.split("\n") if one]
    return [one for one in (piece.strip() for piece in _CODES.split(text)) if one]


def _word(text: str, vocabulary: type[StrEnum]) -> StrEnum:
    try:
        return vocabulary(text.casefold())
    except ValueError:
        allowed = ", ".join(one.value for one in vocabulary)
        message = N_("'%(given)s' is none of: %(allowed)s.")
        raise Wrong(message, given=_short(text), allowed=allowed) from None


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return _kept_text(cell)
    if isinstance(cell, bool):
        raise Wrong(N_("The cell holds a truth value; format it as text and write the text."))
    if isinstance(cell, tuple):
        message = N_(
            "The spreadsheet made a date or time of this (%(value)s); format the cell as text "
            "and write it again."
        )
        raise Wrong(message, value=cell[1])
    message = N_(
        "The spreadsheet made the number %(number)s of this, so a leading + or zero is lost; "
        "format the cell as text and write it again."
    )
    raise Wrong(message, number=_number(cell))


def _kept_text(text: str) -> str:
    if SHORTENED.fullmatch(text):
        message = N_(
            "%(given)s is what a spreadsheet leaves of a long number; format the cell as text and "
            "write all digits."
        )
        raise Wrong(message, given=text.strip())
    return text


def _number(cell: Cell) -> str:
    whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15
    return str(int(cell)) if whole and isinstance(cell, float) else str(cell)


def _whole(cell: Cell) -> int:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e9:
        return int(cell)
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) < 1_000_000_000:
        return cell
    if isinstance(cell, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", cell):
        return int(cell)
    raise Wrong(N_("%(given)s is no whole number."), given=_short(cell))


def _truth(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    text = _number(cell).strip().casefold() if not isinstance(cell, tuple) else ""
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Wrong(N_("Write yes, or leave it empty; not %(given)s."), given=_short(cell))


def _day(cell: Cell) -> dt.date:
    if isinstance(cell, tuple):
        return _kept_day(cell)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        raise _day_as_number(cell)
    try:
        day = dt.date.fromisoformat(str(cell).strip())
    except ValueError:
        message = N_("'%(given)s' is no day; write it as YYYY-MM-DD, such as 2026-01-31.")
        raise Wrong(message, given=_short(cell)) from None
    return _within(day)


def _kept_day(cell: tuple[str, str]) -> dt.date:
    kind, text = cell
    if kind == DAY:
        return _within(dt.date.fromisoformat(text))
    if kind == MOMENT and text.endswith("T00:00:00"):
        return _within(dt.date.fromisoformat(text[:10]))
    raise Wrong(N_("%(given)s is no day; write it as YYYY-MM-DD."), given=text)


def _within(day: dt.date) -> dt.date:
    if not _FIRST <= day <= _LAST:
        raise Wrong(N_("%(given)s is no day of our calendar."), given=day.isoformat())
    return day


def _day_as_number(number: float) -> Wrong:
    if 1 <= number < 100_000:
        meant = (_EPOCH + dt.timedelta(days=int(number))).isoformat()
        message = N_("%(number)s is a date as a spreadsheet counts days; write %(meant)s as text.")
        return Wrong(message, number=_number(number), meant=meant)
    message = N_("%(number)s is no day; write it as YYYY-MM-DD, such as 2026-01-31.")
    return Wrong(message, number=_number(number))


def clock_text(cell: Cell) -> Cell:
    """A time that the spreadsheet keeps as such, as HH:MM; anything else as it is."""
    if isinstance(cell, tuple) and cell[0] == TIME and re.fullmatch(r"\d\d:\d\d(:00)?", cell[1]):
        return cell[1][:5]
    return cell


def _short(cell: Cell) -> str:
    text = cell[1] if isinstance(cell, tuple) else _number(cell)
    return text if len(text) <= 60 else text[:60] + "…"


_READERS: dict[type, Callable[[Cell], Any]] = {
    str: _text,
    int: _whole,
    bool: _truth,
    dt.date: _day,
}
