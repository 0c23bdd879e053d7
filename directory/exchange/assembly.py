"""From the rows of sheets to entries: every row is read, and every fault of the file is told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from directory.domain.marks import N_
from directory.domain.record import RECORD_CLASSES, Hours, Interval, Record, Scope
from directory.exchange.columns import (
    ENTRY,
    ONLY_TO_READ,
    PART,
    REVISION,
    STATE,
    Table,
    csv_columns,
    has_part,
    part_tables,
    tables,
)
from directory.exchange.sheets import (
    FILE,
    MOST_ENTRIES,
    Cell,
    Fault,
    FileRefused,
    Place,
    ReadEntry,
    Row,
    Sheet,
    letters,
)
from directory.exchange.values import Wrong, clock_text, from_cell, is_empty

#: Sheets of a template that hold no entries.
INSTRUCTIONS, LISTS = "instructions", "lists"
#: Rows above the headings: marks of the export and titles.
MOST_ROWS_ABOVE = 12
_EMPTY = N_("This cell must not be empty.")


def is_new(entry: str) -> bool:
    """Does the first column stand for an entry that is not there yet?"""
    return not entry or entry.casefold().startswith("new")


@dataclass(slots=True)
class _Line:
    """A row of a table, its cells by the name of their columns."""

    table: Table
    place: Place
    cells: dict[str, Cell]
    columns: dict[str, str]

    @property
    def entry(self) -> str:
        given = self.cells.get(ENTRY)
        return str(given).strip() if not is_empty(given) else ""

    def at(self, column: str) -> Place:
        return Place(self.place.sheet, self.place.row, self.columns.get(column, ""))

    def fault(self, column: str, message: str, **params: object) -> Fault:
        return Fault(self.at(column), message, params, column)


@dataclass(slots=True)
class _Collected:
    """What was read so far."""

    faults: list[Fault] = field(default_factory=list)
    heads: list[_Line] = field(default_factory=list)
    #: Entry -> its rows in tables of parts.
    parts: dict[str, list[_Line]] = field(default_factory=lambda: defaultdict(list))
    tables: set[str] = field(default_factory=set)
    #: Path of a column -> its letters.
    columns: dict[str, str] = field(default_factory=dict)


def entries_of(sheets: Sequence[Sheet]) -> tuple[ReadEntry, ...]:
    """The entries that the sheets hold; raises ``FileRefused`` with every fault."""
    found = _Collected()
    for sheet in sheets:
        _collect(sheet, found)
    found.faults += _missing_tables(found)
    found.faults += _stray_parts(found)
    entries = list(_entries(found))
    if not entries and not found.faults:
        found.faults.append(Fault(FILE, N_("There is no entry in the file.")))
    if len(entries) > MOST_ENTRIES:
        message = N_("There are more than %(most)s entries; import the file in pieces.")
        found.faults.append(Fault(FILE, message, {"most": MOST_ENTRIES}))
    if found.faults:
        raise FileRefused(found.faults)
    return tuple(entries)


def _collect(sheet: Sheet, found: _Collected) -> None:
    name = sheet.name.strip().casefold()
    is_csv = not name
    if name in {INSTRUCTIONS, LISTS}:
        return
    if not is_csv and name not in tables():
        message = N_("There is no table of this name; the sheets are: %(known)s.")
        found.faults.append(Fault(Place(sheet.name[:60]), message, {"known": ", ".join(tables())}))
        return
    heading = _heading(sheet, PART if is_csv else ENTRY)
    if heading is None:
        found.faults.append(_no_heading(sheet, PART if is_csv else ENTRY))
        return
    wanted = csv_columns() if is_csv else [one.name for one in tables()[name].all_columns]
    columns, faults = _columns(sheet, heading, wanted)
    found.faults += faults
    if faults:
        return
    for row in sheet.rows:
        if row.number > heading.number and not all(map(is_empty, row.cells)):
            _keep(sheet, row, columns, "" if is_csv else name, found)
    if not is_csv:
        found.tables.add(name)
        _note_columns(tables()[name], columns, found)


def _heading(sheet: Sheet, first: str) -> Row | None:
    for row in sheet.rows[:MOST_ROWS_ABOVE]:
        if row.cells and isinstance(row.cells[0], str) and row.cells[0].strip() == first:
            return row
    return None


def _no_heading(sheet: Sheet, first: str) -> Fault:
    message = N_(
        "The row with the names of the columns, which begins with '%(first)s', is missing; start "
        "from an export or a template."
    )
    return Fault(Place(sheet.name, 1, "A"), message, {"first": first})


def _columns(
    sheet: Sheet, heading: Row, wanted: Iterable[str]
) -> tuple[dict[int, str], list[Fault]]:
    """Position -> name of the column; every name once, none unknown, none missing."""
    known = tuple(wanted)
    found: dict[int, str] = {}
    faults = []
    for position, cell in enumerate(heading.cells):
        name = cell.strip() if isinstance(cell, str) else cell
        place = Place(sheet.name, heading.number, letters(position))
        if is_empty(name):
            continue
        if name not in known:
            message = N_("There is no column '%(name)s' here; take it away.")
            faults.append(Fault(place, message, {"name": str(name)[:60]}))
        elif name in found.values():
            message = N_("The column '%(name)s' stands there twice.")
            faults.append(Fault(place, message, {"name": name}))
        else:
            found[position] = str(name)
    place = Place(sheet.name, heading.number)
    message = N_("The column '%(name)s' is missing; without it its values would be lost.")
    missing = [name for name in known if name not in {*found.values(), *ONLY_TO_READ}]
    faults += [Fault(place, message, {"name": name}) for name in missing]
    return found, faults


def _keep(
    sheet: Sheet, row: Row, columns: dict[int, str], table_name: str, found: _Collected
) -> None:
    cells: dict[str, Cell] = {}
    for position, cell in enumerate(row.cells):
        if is_empty(cell):
            continue
        if position not in columns:
            place = Place(sheet.name, row.number, letters(position))
            message = N_("This value stands under no heading; take it away.")
            found.faults.append(Fault(place, message))
        else:
            cells[columns[position]] = cell
    by_name = {name: letters(position) for position, name in columns.items()}
    part = table_name or str(cells.pop(PART, "")).strip()
    place = Place(sheet.name, row.number)
    table = tables().get(part)
    if table is None:
        message = N_("'%(part)s' is no table; the tables are: %(known)s.")
        params: dict[str, object] = {"part": part[:60], "known": ", ".join(tables())}
        found.faults.append(Fault(Place(sheet.name, row.number, "A"), message, params))
        return
    line = _Line(table, place, cells, by_name)
    if not table_name:
        found.faults += _misplaced(line)
        found.tables.update(one.name for one in part_tables())
        _note_columns(table, columns, found)
    _sort_in(line, found)


def _misplaced(line: _Line) -> list[Fault]:
    own = {one.name for one in line.table.all_columns}
    message = N_("A row of '%(part)s' has no such column; leave it empty.")
    return [
        line.fault(name, message, part=line.table.name) for name in line.cells if name not in own
    ]


def _note_columns(table: Table, columns: dict[int, str], found: _Collected) -> None:
    own = {one.name for one in table.columns}
    for position, name in columns.items():
        if name in own:
            path = table.path if table.part_class is str else f"{table.path}.{name}".lstrip(".")
            found.columns[path] = letters(position)


def _sort_in(line: _Line, found: _Collected) -> None:
    if isinstance(line.cells.get(ENTRY), tuple | float | bool):
        message = N_("Write the entry's identifier as text, such as RO-3F7K2Q.")
        found.faults.append(line.fault(ENTRY, message))
    elif line.table.kind is not None:
        found.heads.append(line)
    elif line.entry:
        found.parts[line.entry].append(line)
    else:
        found.faults.append(line.fault(ENTRY, N_("Say which entry this row belongs to.")))


def _missing_tables(found: _Collected) -> Iterator[Fault]:
    """Without its sheet, every part of the kind would seem to be taken away."""
    kinds = {line.table.kind for line in found.heads if line.table.kind}
    for table in part_tables():
        if table.name not in found.tables and any(has_part(kind, table) for kind in kinds):
            message = N_("The sheet '%(name)s' is missing; without it its rows would be lost.")
            yield Fault(FILE, message, {"name": table.name})


def _stray_parts(found: _Collected) -> Iterator[Fault]:
    known = {line.entry for line in found.heads}
    message = N_("No row of a kind of entry is for %(entry)s.")
    for entry, lines in found.parts.items():
        if entry not in known:
            yield from (line.fault(ENTRY, message, entry=entry[:60]) for line in lines)


def _entries(found: _Collected) -> Iterator[ReadEntry]:
    seen: dict[str, _Line] = {}
    for line in found.heads:
        if line.entry and line.entry in seen:
            message = N_("Entry %(entry)s stands in %(other)s already; two rows contradict.")
            other = str(seen[line.entry].at(ENTRY))
            found.faults.append(line.fault(ENTRY, message, entry=line.entry[:60], other=other))
            continue
        seen[line.entry] = line
        before = len(found.faults)
        entry = _entry(line, found.parts.get(line.entry, []) if line.entry else [], found)
        if len(found.faults) == before and entry is not None:
            yield entry


def _entry(line: _Line, parts: list[_Line], found: _Collected) -> ReadEntry | None:
    kind = line.table.kind
    if kind is None:
        return None
    values = _values(line, found.faults)
    state = str(values.pop(STATE, "")).strip().upper()
    revision = _revision(line, values, found.faults)
    if not state:
        found.faults.append(line.fault(STATE, N_("Give the code of the State, such as RO.")))
    places = {"": line.place}
    grouped = _parts(line, parts, places, found)
    record = _record(line, values, grouped, found)
    if record is None:
        return None
    return ReadEntry(
        entry_id="" if is_new(line.entry) else line.entry,
        kind=kind,
        state=state,
        revision=revision,
        record=record,
        places=places,
        columns=found.columns,
    )


def _revision(line: _Line, values: dict[str, Any], faults: list[Fault]) -> int:
    revision = int(values.pop(REVISION, 0))
    if is_new(line.entry) and revision:
        faults.append(line.fault(REVISION, N_("A new entry has no revision; leave it empty.")))
    if not is_new(line.entry) and revision < 1:
        message = N_("Give the revision the row was exported from; export the entry again.")
        faults.append(line.fault(REVISION, message))
    return revision


def _values(line: _Line, faults: list[Fault]) -> dict[str, Any]:
    """The cells as values; empty ones are left out."""
    values: dict[str, Any] = {}
    is_interval = line.table.part_class is Interval
    for column in line.table.all_columns:
        cell = line.cells.get(column.name)
        if column.name in {ENTRY, *ONLY_TO_READ} or is_empty(cell):
            continue
        try:
            given = clock_text(cell) if is_interval else cell
            values[column.name] = from_cell(given, column.hint)
        except Wrong as wrong:
            faults.append(Fault(line.at(column.name), wrong.message, wrong.params, column.name))
    return values


def _parts(
    head: _Line, lines: list[_Line], places: dict[str, Place], found: _Collected
) -> dict[str, list[Any]]:
    """Path -> the parts of the entry, in the order of their rows."""
    grouped: dict[str, list[Any]] = defaultdict(list)
    for line in lines:
        if head.table.kind is None or not has_part(head.table.kind, line.table):
            message = N_("Entries of the kind %(kind)s have no such rows.")
            found.faults.append(line.fault(ENTRY, message, kind=head.table.name))
            continue
        part = _part(line, found.faults)
        if part is not None:
            path = line.table.path
            places[f"{path}.{len(grouped[path])}"] = line.place
            places.setdefault(path, line.place)
            grouped[path].append(part)
    return grouped


def _part(line: _Line, faults: list[Fault]) -> Any:
    before = len(faults)
    values = _values(line, faults)
    if line.table.part_class is str:
        if "text" not in values and len(faults) == before:
            faults.append(line.fault("text", _EMPTY))
        return values.get("text")
    scope = {name: values.pop(name) for name in list(values) if name.startswith("scope.")}
    if scope:
        values["scope"] = _inner(line, Scope, scope, "scope.", faults)
    made = _made(line, line.table.part_class, values, "", faults)
    return made if len(faults) == before else None


def _inner(
    line: _Line, part_class: type[Any], values: dict[str, Any], prefix: str, faults: list[Fault]
) -> Any:
    plain = {name.removeprefix(prefix): value for name, value in values.items()}
    return _made(line, part_class, plain, prefix, faults)


def _made(
    line: _Line, part_class: Any, values: dict[str, Any], prefix: str, faults: list[Fault]
) -> Any:
    """The part, or None and a fault for every cell that must not be empty."""
    missing = [
        one.name for one in fields(part_class) if one.default is MISSING and one.name not in values
    ]
    faults += [line.fault(f"{prefix}{name}", _EMPTY) for name in missing]
    return None if missing else part_class(**values)


def _record(
    line: _Line, values: dict[str, Any], grouped: dict[str, list[Any]], found: _Collected
) -> Record | None:
    faults = found.faults
    before = len(faults)
    hours = {name: values.pop(name) for name in list(values) if name.startswith("hours.")}
    for name in ("hours.intervals", "hours.closures"):
        if name in grouped:
            hours[name] = tuple(grouped.pop(name))
    if hours:
        values["hours"] = _inner(line, Hours, hours, "hours.", faults)
    for path, parts in grouped.items():
        values[path] = tuple(parts)
    kind = line.table.kind
    if kind is None:
        return None
    record_class = RECORD_CLASSES[kind]
    if any(one.name == "names" for one in fields(record_class)):
        # That the name is missing is told by the rules of the record.
        values.setdefault("names", ())
    record: Record | None = _made(line, record_class, values, "", faults)
    return record if len(faults) == before else None
