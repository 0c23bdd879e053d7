"""Strict reading of CSV and JSON files, row by row."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Collection, Hashable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from directory.seeding.problems import CellError, Problems, SeedProblem

Choice = TypeVar("Choice", bound=StrEnum)
Built = TypeVar("Built")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LINK = re.compile(r"https?://\S+")


class Row:
    """The cells of one row; each reader raises ``CellError`` saying what would be right."""

    def __init__(self, number: int, cells: dict[str, str], lists: dict[str, list[str]]) -> None:
        self.number = number
        self._cells = cells
        self._lists = lists

    def text(self, column: str) -> str:
        """The cell without surrounding blanks, '' when empty."""
        return self._cells[column].strip()

    def required(self, column: str) -> str:
        value = self.text(column)
        if not value:
            raise CellError(column, "is empty; a value is needed")
        return value

    def date(self, column: str) -> dt.date | None:
        """A date as YYYY-MM-DD, None when empty."""
        value = self.text(column)
        if not value:
            return None
        if _DATE.fullmatch(value):
            with suppress(ValueError):
                return dt.date.fromisoformat(value)
        raise CellError(column, f"'{value}' is not a date written YYYY-MM-DD")

    def year(self, column: str) -> int:
        value = self.text(column)
        if not re.fullmatch(r"(19|20)\d\d", value):
            raise CellError(column, f"'{value}' is not a year written YYYY")
        return int(value)

    def choice(self, column: str, words: type[Choice]) -> Choice:
        return _choice(column, self.text(column), words)

    def choices(self, column: str, words: type[Choice]) -> tuple[Choice, ...]:
        """The words of a list cell (JSON only), at least one."""
        if not self._lists[column]:
            raise CellError(column, "is empty; at least one value is needed")
        return tuple(_choice(column, value, words) for value in self._lists[column])

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        """One of a few words."""
        value = self.required(column)
        if value not in allowed:
            raise CellError(column, f"'{value}' is not one of {', '.join(allowed)}")
        return value

    def reference(self, column: str, known: Collection[str], what: str) -> str:
        """A key that another file must know."""
        value = self.text(column)
        if value not in known:
            raise CellError(column, f"'{value}' is not {what}")
        return value

    def parts(self, column: str, separator: str = ";") -> tuple[str, ...]:
        """The pieces of a cell, without empty ones."""
        pieces = (piece.strip() for piece in self.text(column).split(separator))
        return tuple(piece for piece in pieces if piece)

    def link(self, column: str) -> str:
        value = self.text(column)
        if value and not _LINK.fullmatch(value):
            raise CellError(column, f"'{value}' is not a link that begins with http:// or https://")
        return value


def _choice(column: str, value: str, words: type[Choice]) -> Choice:
    try:
        return words(value)
    except ValueError:
        allowed = ", ".join(word.value for word in words)
        raise CellError(column, f"'{value}' is not one of {allowed}") from None


def _shown(key: Hashable) -> str:
    """A key of one or several cells: 'CN-HK' or 'CN-HK, fr'."""
    return f"'{', '.join(map(str, key))}'" if isinstance(key, tuple) else repr(key)


class Table:
    """One file; ``build`` turns its rows into records and notes what is wrong with them."""

    def __init__(self, file: str, rows: list[Row], problems: Problems) -> None:
        self.file = file
        self._rows = rows
        self._problems = problems

    def build(
        self, make: Callable[[Row], Built], key: Callable[[Built], Hashable] | None = None
    ) -> list[Built]:
        """One record per row; ``key`` must not repeat."""
        built: list[Built] = []
        seen: dict[Hashable, int] = {}
        for row in self._rows:
            try:
                record = make(row)
            except CellError as error:
                self.problem(row.number, error.column, str(error))
                continue
            mark = key(record) if key else row.number
            if mark in seen:
                self.problem(
                    row.number, "", f"repeats {_shown(mark)}, already given in row {seen[mark]}"
                )
                continue
            seen[mark] = row.number
            built.append(record)
        return built

    def problem(self, row: int, column: str, message: str) -> None:
        self._problems.add(SeedProblem(self.file, row, column, message))


def read_csv(path: Path, columns: tuple[str, ...], problems: Problems) -> Table:
    """A CSV file in UTF-8 with exactly these columns, in this order."""
    text = _text(path, problems)
    rows = [] if text is None else _csv_rows(path.name, text, columns, problems)
    return Table(path.name, rows, problems)


def _text(path: Path, problems: Problems) -> str | None:
    """The file's text, None (and a problem) when it is missing or not UTF-8."""
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.add(SeedProblem(path.name, 0, "", f"cannot be read ({error.strerror})"))
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        message = f"byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        problems.add(SeedProblem(path.name, row, "", message))
        return None


def _csv_rows(file: str, text: str, columns: tuple[str, ...], problems: Problems) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = tuple(next(reader, ()))
        if header != columns:
            message = f"the columns must be {', '.join(columns)}"
            problems.add(SeedProblem(file, 1, _first_wrong(header, columns), message))
            return []
        for number, cells in enumerate(reader, start=2):
            if len(cells) == len(columns):
                rows.append(Row(number, dict(zip(columns, cells, strict=True)), {}))
            else:
                message = f"has {len(cells)} cells, {len(columns)} are needed"
                problems.add(SeedProblem(file, number, "", message))
    except csv.Error as error:
        problems.add(SeedProblem(file, len(rows) + 2, "", f"is not CSV ({error})"))
    return rows


def _first_wrong(header: tuple[str, ...], columns: tuple[str, ...]) -> str:
    wrong = [given for given, wanted in zip(header, columns, strict=False) if given != wanted]
    return wrong[0] if wrong else ""


def read_json(
    path: Path, texts: tuple[str, ...], lists: tuple[str, ...], problems: Problems
) -> Table:
    """A JSON list of objects with exactly these fields: texts, and lists of texts.

    Rows are counted from 1: the first object of the list.
    """
    rows: list[Row] = []
    for number, item in enumerate(_json_items(path, problems), start=1):
        wrong = _wrong_field(item, texts, lists)
        if wrong is None:
            plain = {name: item[name] for name in texts}
            rows.append(Row(number, plain, {name: item[name] for name in lists}))
        else:
            problems.add(SeedProblem(path.name, number, *wrong))
    return Table(path.name, rows, problems)


def _json_items(path: Path, problems: Problems) -> list[Any]:
    text = _text(path, problems)
    if text is None:
        return []
    try:
        items = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        row = getattr(error, "lineno", 0)
        problems.add(SeedProblem(path.name, row, "", f"is not JSON ({error})"))
        return []
    if not isinstance(items, list):
        problems.add(SeedProblem(path.name, 0, "", "must be a JSON list of objects"))
        return []
    return items


def _wrong_field(
    item: Any, texts: tuple[str, ...], lists: tuple[str, ...]
) -> tuple[str, str] | None:
    """The first field that is missing, unknown or of the wrong type, and what it must be."""
    if not isinstance(item, dict):
        return "", "must be an object"
    for name in texts:
        if not isinstance(item.get(name), str):
            return name, "must be a text ('' when unknown)"
    for name in lists:
        value = item.get(name)
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            return name, "must be a list of texts"
    unknown = sorted(set(item) - set(texts) - set(lists))
    return (unknown[0], "is not a known field") if unknown else None
