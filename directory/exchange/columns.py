"""The tables of a workbook, made from the record classes and the titles of their fields.

One table for each kind of entry, a row for each entry; one table for each part that repeats, a row
for each part, which names its entry in the first column. Export, template and import read the same
tables, so what one writes the other understands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, get_args, get_origin, get_type_hints

from directory.domain.fields import KIND_TITLES, PART_FIELDS, RECORD_FIELDS
from directory.domain.marks import N_
from directory.domain.record import (
    RECORD_CLASSES,
    Address,
    Channel,
    Closure,
    Designation,
    EncryptionKey,
    Interval,
    Name,
    SourceAct,
)
from directory.domain.vocabulary import EntryKind

#: First columns of a table of entries, and of a table of parts.
ENTRY, REVISION, STATE, ENTRY_NAME = "entry", "revision", "state", "entry_name"
STANDING = "standing"
#: Written to read by; the import needs none of them and takes nothing from them.
ONLY_TO_READ = frozenset({ENTRY_NAME, STANDING})
#: In a CSV file: which table the row belongs to.
PART = "part"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its machine name (a path in the record or part), title, and type of value."""

    name: str
    title: str
    hint: Any

    @property
    def vocabulary(self) -> type[StrEnum] | None:
        """The words a cell may hold (one, or several), where they are a closed list."""
        inner = item_of(self.hint) or self.hint
        return inner if isinstance(inner, type) and issubclass(inner, StrEnum) else None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: ``path`` is '' for entries of ``kind``, else the field that its rows make up."""

    name: str
    title: str
    path: str
    columns: tuple[Column, ...]
    kind: EntryKind | None = None
    part_class: type[Any] | None = None

    @property
    def heads(self) -> tuple[Column, ...]:
        """The columns before those of the record."""
        return ENTRY_HEADS if self.kind else PART_HEADS

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Every column, in order."""
        return (*self.heads, *self.columns)


ENTRY_HEADS = (
    Column(ENTRY, N_("Entry (new-1, new-2 … for a new one)"), str),
    Column(REVISION, N_("Revision it was exported from (leave it)"), int),
    Column(STATE, N_("State"), str),
    Column(STANDING, N_("What to mind (only to read by)"), str),
)
PART_HEADS = (
    Column(ENTRY, N_("Entry"), str),
    Column(ENTRY_NAME, N_("Name of the entry (only to read by)"), str),
)

#: Titles of what stands inside opening hours and scopes, which differences show as one.
_INNER_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "hours.zone": N_("Opening hours: time zone"),
        "hours.round_the_clock": N_("Opening hours: round the clock"),
        "hours.as_given": N_("Opening hours: as given"),
        "hours.zone_assumed": N_("Opening hours: zone taken from the State"),
        "scope.text": N_("Scope"),
        "scope.kind": N_("Kind of scope"),
        "weekday": N_("Day of the week (1 Monday to 7 Sunday)"),
        "opens": N_("Opens (HH:MM)"),
        "closes": N_("Closes (HH:MM, 24:00 ends a day)"),
        "first": N_("First day closed"),
        "last": N_("Last day closed"),
        "note": N_("Note"),
        "text": N_("Text"),
    }
)

_PART_CLASSES: Mapping[str, tuple[str, str, type[Any]]] = MappingProxyType(
    {
        "names": ("names", N_("Names"), Name),
        "addresses": ("addresses", N_("Addresses"), Address),
        "channels": ("channels", N_("Channels"), Channel),
        "hours": ("hours.intervals", N_("Opening hours"), Interval),
        "closures": ("hours.closures", N_("Closures"), Closure),
        "keys": ("keys", N_("Encryption keys"), EncryptionKey),
        "designations": ("designations", N_("Designations"), Designation),
        "sources": ("sources", N_("Sources"), SourceAct),
    }
)
#: Texts that repeat and may have several lines: one row each.
CONTENTS = "contents"


@cache
def item_of(hint: Any) -> Any:
    """The type of the items of a tuple's type; None for a single value."""
    return get_args(hint)[0] if get_origin(hint) is tuple else None


@cache
def steps(name: str) -> tuple[str, ...]:
    """The attributes that lead to the value of a column: 'hours.zone' in two."""
    return tuple(name.split("."))


def without_none(hint: Any) -> Any:
    """``X`` of ``X | None``."""
    if NoneType not in get_args(hint):
        return hint
    return next(one for one in get_args(hint) if one is not NoneType)


def hints_of(record_class: type[Any]) -> dict[str, Any]:
    """Field -> its type."""
    if record_class not in _HINTS:
        _HINTS[record_class] = get_type_hints(record_class)
    return _HINTS[record_class]


_HINTS: dict[type[Any], dict[str, Any]] = {}


def _columns_of(
    record_class: type[Any], titles: Mapping[str, Any], prefix: str
) -> Iterator[Column]:
    for one in fields(record_class):
        hint = without_none(hints_of(record_class)[one.name])
        name = f"{prefix}{one.name}"
        if is_dataclass(hint):
            yield from _columns_of(hint, {}, f"{name}.")  # type: ignore[arg-type]
        elif not _is_table(hint, one.name):
            yield Column(name, _title(name, one.name, titles), hint)


def _title(name: str, field: str, titles: Mapping[str, Any]) -> str:
    return titles[field].title if field in titles else _INNER_TITLES[name]


def _is_table(hint: Any, name: str) -> bool:
    item = item_of(hint)
    return name == CONTENTS or (item is not None and is_dataclass(item))


@cache
def kind_table(kind: EntryKind) -> Table:
    """The table of the entries of one kind."""
    columns = tuple(_columns_of(RECORD_CLASSES[kind], RECORD_FIELDS, ""))
    return Table(kind.value, KIND_TITLES[kind], "", columns, kind=kind)


@cache
def part_tables() -> tuple[Table, ...]:
    """The tables of the parts that repeat."""
    made = [
        Table(name, title, path, _part_columns(name, part_class), part_class=part_class)
        for name, (path, title, part_class) in _PART_CLASSES.items()
    ]
    text = Column("text", _INNER_TITLES["text"], str)
    contents = Table(CONTENTS, RECORD_FIELDS[CONTENTS].title, CONTENTS, (text,), part_class=str)
    return (*made, contents)


def _part_columns(name: str, part_class: type[Any]) -> tuple[Column, ...]:
    return tuple(_columns_of(part_class, PART_FIELDS.get(name, {}), ""))


@cache
def tables() -> Mapping[str, Table]:
    """Every table by the name of its sheet: kinds first, then parts."""
    kinds = [kind_table(kind) for kind in EntryKind]
    return MappingProxyType({one.name: one for one in (*kinds, *part_tables())})


def has_part(kind: EntryKind, table: Table) -> bool:
    """Do entries of that kind have such parts?"""
    return table.path.partition(".")[0] in hints_of(RECORD_CLASSES[kind])


def tables_for(kinds: tuple[EntryKind, ...]) -> tuple[Table, ...]:
    """The tables that entries of these kinds need."""
    parts = [one for one in part_tables() if any(has_part(kind, one) for kind in kinds)]
    return (*(kind_table(kind) for kind in kinds), *parts)


@cache
def csv_columns() -> tuple[str, ...]:
    """The columns of the one table of a CSV file: of all tables, each name once."""
    names = [column.name for table in tables().values() for column in table.all_columns]
    heads = (PART, ENTRY, REVISION, STATE, ENTRY_NAME)
    return tuple(dict.fromkeys((*heads, *names)))
