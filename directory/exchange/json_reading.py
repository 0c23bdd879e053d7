"""JSON as the API and the export give entries: strict, bounded, every key once."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from cattrs import BaseValidationError

from directory.domain.marks import N_
from directory.domain.record import Record, from_dict, to_dict
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid
from directory.exchange.assembly import is_new
from directory.exchange.sheets import (
    MOST_CELLS,
    MOST_ENTRIES,
    Fault,
    FileRefused,
    Place,
    ReadEntry,
    refuse,
)
from directory.schemas.record_forms import read_record

#: Lists and objects in one file.
MOST_NODES = 400_000
#: Keys of an entry; those that the API adds are read by nobody here.
_READ = frozenset({"id", "kind", "state", "revision", "record"})
_TOLD = frozenset(
    {
        "name",
        "status",
        "changed_on",
        "synthetic",
        "conflict",
        "as_published",
        "freshness",
        "line_test",
    }
)
_SHAPE = N_("Give a list of entries, or an object with the list under 'entries'.")


class _Twice(ValueError):
    """A key stands in one object twice."""


class _NoNumber(ValueError):
    """NaN or Infinity, or a number that no field has."""


def read_json(content: bytes) -> tuple[ReadEntry, ...]:
    """The entries of a JSON file; raises ``FileRefused`` with every fault."""
    documents = _documents(_parsed(content))
    if len(documents) > MOST_ENTRIES:
        message = N_("There are more than %(most)s entries; import the file in pieces.")
        raise refuse(message, most=MOST_ENTRIES)
    faults: list[Fault] = []
    entries = [
        entry
        for position, document in enumerate(documents)
        for entry in _entry(position, document, faults)
    ]
    faults += _twice(entries)
    if faults:
        raise FileRefused(faults)
    if not entries:
        raise refuse(N_("There is no entry in the file."))
    return tuple(entries)


def _parsed(content: bytes) -> Any:
    if content.count(b"{") + content.count(b"[") > MOST_NODES or content.count(b",") > MOST_CELLS:
        raise refuse(N_("The file holds more than can be imported at once."))
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_int=_whole,
            parse_float=_fraction,
        )
    except UnicodeDecodeError:
        raise refuse(N_("JSON is written in UTF-8; this file is not.")) from None
    except RecursionError:
        raise refuse(N_("The file is nested deeper than any entry.")) from None
    except _Twice as error:
        message = N_("The key '%(key)s' stands twice in one object.")
        raise refuse(message, key=str(error)[:60]) from None
    except _NoNumber as error:
        message = N_("%(number)s is no number that a field can hold.")
        raise refuse(message, number=str(error)[:60]) from None
    except json.JSONDecodeError as error:
        message = N_("This is no JSON from here on (column %(column)s of the line): %(error)s.")
        place = Place("JSON", error.lineno)
        raise refuse(message, place, column=error.colno, error=error.msg) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for key in keys if keys.count(key) > 1))
    return made


def _no_constant(text: str) -> NoReturn:
    raise _NoNumber(text)


def _whole(text: str) -> int:
    # Converting a very long number is slow.
    if len(text) > 12:
        raise _NoNumber(text)
    return int(text)


def _fraction(text: str) -> NoReturn:
    raise _NoNumber(text)


def _documents(parsed: Any) -> list[Any]:
    if isinstance(parsed, dict) and {"entries"} <= parsed.keys() <= {"entries", "exported"}:
        parsed = parsed["entries"]
    if not isinstance(parsed, list):
        raise refuse(_SHAPE)
    return parsed


def _entry(position: int, document: Any, faults: list[Fault]) -> Iterator[ReadEntry]:
    place = Place("entries", position + 1)
    if not isinstance(document, dict):
        faults.append(Fault(place, N_("An entry is an object with id, kind, state and record.")))
        return
    found = [*_key_faults(place, document), *_head_faults(place, document)]
    if found:
        faults += found
        return
    kind = EntryKind(document["kind"])
    try:
        record = strict_record(kind, document["record"])
    except Invalid as error:
        faults += [
            Fault(Place("entries", position + 1, f"record.{one.path}"), one.message, one.params)
            for one in error.problems
        ]
        return
    given = document.get("id") or ""
    yield ReadEntry(
        entry_id="" if is_new(given) else given,
        kind=kind,
        state=document["state"],
        revision=document.get("revision") or 0,
        record=record,
        places=_Paths(place),
        columns={},
    )


class _Paths(dict[str, Place]):
    """In JSON every path is a place of its own."""

    def __init__(self, place: Place) -> None:
        super().__init__({"": place})
        self._place = place

    def get(self, path: str, _default: object = None) -> Place:
        """The place of the path."""
        return Place(self._place.sheet, self._place.row, f"record.{path}" if path else "")


def strict_record(kind: EntryKind, plain: Any) -> Record:
    """The record; raises ``Invalid``. What an export wrote is read fast and to the letter."""
    try:
        record = from_dict(kind, plain)
        if to_dict(record) == plain:
            return record
    except (BaseValidationError, TypeError, AttributeError, ValueError):
        pass
    return read_record(kind, plain)


def _key_faults(place: Place, document: dict[str, Any]) -> Iterator[Fault]:
    for key in document.keys() - _READ - _TOLD:
        yield Fault(place, N_("An entry has no field '%(key)s'."), {"key": key[:60]})
    for key in ("kind", "state", "record"):
        if key not in document:
            yield Fault(place, N_("The entry needs '%(key)s'."), {"key": key})


def _head_faults(place: Place, document: dict[str, Any]) -> Iterator[Fault]:
    kind, state = document.get("kind"), document.get("state")
    if "kind" in document and kind not in list(EntryKind):
        allowed = ", ".join(EntryKind)
        message = N_("'%(given)s' is none of: %(allowed)s.")
        params: dict[str, object] = {"given": str(kind)[:60], "allowed": allowed}
        yield Fault(_at(place, "kind"), message, params)
    if "state" in document and not (isinstance(state, str) and state):
        yield Fault(_at(place, "state"), N_("Give the code of the State, such as RO."))
    given, revision = document.get("id"), document.get("revision")
    if given is not None and not isinstance(given, str):
        message = N_("Write the entry's identifier as text, such as RO-3F7K2Q.")
        yield Fault(_at(place, "id"), message)
    if revision is not None and (not isinstance(revision, int) or isinstance(revision, bool)):
        yield Fault(_at(place, "revision"), N_("The revision is a whole number."))
    elif isinstance(given, str) and not is_new(given) and not revision:
        message = N_("Give the revision the row was exported from; export the entry again.")
        yield Fault(_at(place, "revision"), message)


def _at(place: Place, key: str) -> Place:
    return Place(place.sheet, place.row, key)


def _twice(entries: list[ReadEntry]) -> Iterator[Fault]:
    seen: dict[str, Place] = {}
    for one in entries:
        if one.entry_id in seen:
            message = N_("Entry %(entry)s stands in %(other)s already; two rows contradict.")
            params: dict[str, object] = {
                "entry": one.entry_id[:60],
                "other": str(seen[one.entry_id]),
            }
            yield Fault(one.place, message, params)
        elif one.entry_id:
            seen[one.entry_id] = one.place
