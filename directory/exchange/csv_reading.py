"""CSV as people save it: in UTF-8, UTF-16, or an old code page that can be told for certain."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from directory.domain.marks import N_
from directory.exchange.columns import PART
from directory.exchange.sheets import (
    MOST_ROWS,
    Cell,
    Place,
    Row,
    Sheet,
    refuse,
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
#: Bytes that are letters of Western European languages in cp1252, and punctuation of both pages.
_WESTERN = frozenset(range(0xC0, 0x100)) - {0xD0, 0xD7, 0xDE, 0xF0, 0xF7, 0xFE}
_MARKS = frozenset({0x82, 0x84, 0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xA0, 0xA7, 0xAB, 0xBB})
#: What makes a formula of a text at its beginning, guarded against already or not.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
#: The one table is wide and mostly empty.
MOST_CSV_CELLS = 8_000_000
#: The longest text of one field is far below this.
_LONGEST_CELL = 40_000
SEPARATORS = (",", ";", "\t")
_SAVE_AS = N_(
    "The encoding of the file cannot be told for certain; save it as 'CSV UTF-8' and try again."
)


def read_csv(content: bytes) -> tuple[Sheet, ...]:
    """The one table of a CSV file, as a sheet without a name; raises ``FileRefused``."""
    text = decoded(content)
    if "\0" in text:
        raise refuse(N_("The file holds characters that no text has; is it a CSV file?"))
    separator = _separator(text)
    return (Sheet("", tuple(_rows(text, separator))),)


def decoded(content: bytes) -> str:
    """The text; raises ``FileRefused`` where its encoding is not certain."""
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise refuse(_SAVE_AS) from None
    return _of_code_page(content)


def _of_code_page(content: bytes) -> str:
    """Text of cp1252 or cp1251, by how its words mix letters of ASCII and others."""
    words = [word for word in _WORD.findall(content) if max(word) > 0x7F]
    mixed = sum(1 for word in words if min(word) < 0x80)
    cyrillic = sum(1 for word in words if len(word) > 2 and min(word) >= 0xC0)
    try:
        if cyrillic and not mixed:
            return content.decode("cp1251")
        if mixed and not cyrillic and _is_western(content):
            return content.decode("cp1252")
    except UnicodeDecodeError:
        pass
    raise refuse(_SAVE_AS)


def _is_western(content: bytes) -> bool:
    return all(byte in _WESTERN or byte in _MARKS for byte in content if byte > 0x7F)


def _separator(text: str) -> str:
    """What stands behind the first heading."""
    for line in io.StringIO(text):
        heading = line.lstrip().lstrip('"')
        if heading.startswith(PART):
            rest = heading[len(PART) :].lstrip('"')
            found = next((one for one in SEPARATORS if rest.startswith(one)), None)
            if found:
                return found
    message = N_(
        "The row with the names of the columns, which begins with '%(first)s', is missing; start "
        "from an export or a template."
    )
    raise refuse(message, Place("", 1, "A"), first=PART)


def _rows(text: str, separator: str) -> Iterator[Row]:
    # Line ends inside quotes are kept as they are.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number, cells = 0, 0
    try:
        for number, row in enumerate(reader, start=1):
            cells += len(row)
            if number > MOST_ROWS or cells > MOST_CSV_CELLS:
                raise refuse(N_("There are more rows than can be imported at once."))
            if row and any(len(one) > _LONGEST_CELL for one in row):
                raise refuse(N_("A cell is longer than any field."), Place("", number))
            if number == 1 and row and row[0].startswith("#"):
                continue
            yield Row(number, tuple(_cell(one) for one in row))
    except csv.Error as error:
        message = N_("The row cannot be read: %(error)s.")
        raise refuse(message, Place("", number + 1), error=str(error)) from None


def _cell(text: str) -> Cell:
    return unguarded(text) or None


def guarded(text: str) -> str:
    """The text as it stands in CSV: what a spreadsheet would run as a formula gets an apostrophe.

    A number that begins with + keeps it that way, too.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The inverse of ``guarded``; what people write without the apostrophe stays as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
