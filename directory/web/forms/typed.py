"""What was typed into a form, and its two ways: from a record, and to a record in JSON types.

What was typed is flat: path of the input -> text, or a list of texts. Rows are numbered from 0
without gaps. Nothing typed is ever dropped or mended here; only the plain record leaves out rows
that were added and left blank, and says where the others stood.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.domain.marks import N_
from directory.domain.record import Plain, Record, to_dict
from directory.domain.record_rules import MOST_PARTS
from directory.domain.vocabulary import CooperationType, EntryKind
from directory.errors import Problem
from directory.web.forms.layout import Control, Input, Repeated, inputs_of, repeated_of
from directory.web.parameters import shortened

Value = str | list[str]
Values = dict[str, Value]
_SEPARATORS = re.compile(r"[\s,;]+")
#: Parts that are left out where what makes them is not given, and what that is.
_MADE_BY: Mapping[str, tuple[str, ...]] = {
    "hours": ("intervals", "closures", "round_the_clock", "as_given"),
    "scope": ("text",),
}
UNKNOWN = N_("There is no such field.")
TWICE = N_("is given more than once")


@dataclass(frozen=True, slots=True)
class Typed:
    """``values`` by path; ``rows`` how many of each repeated part; ``problems`` of the form."""

    kind: EntryKind
    values: Values
    rows: dict[str, int]
    problems: tuple[Problem, ...] = ()

    def text(self, path: str) -> str:
        value = self.values.get(path, "")
        return value if isinstance(value, str) else "\n".join(value)


@dataclass(frozen=True, slots=True)
class PlainRecord:
    """The record in JSON types, and for each repeated part the rows its items were typed in."""

    plain: Plain
    places: dict[str, list[int]] = field(default_factory=dict)

    def typed_path(self, path: str) -> str:
        """The path in the form of a path in the record."""
        for part, rows in self.places.items():
            found = re.match(rf"{re.escape(part)}\.(\d+)(?=\.|$)", path)
            if found and int(found.group(1)) < len(rows):
                return f"{part}.{rows[int(found.group(1))]}{path[found.end() :]}"
        return path


def blank(kind: EntryKind) -> Typed:
    """An empty form: one row of each part that nothing can do without."""
    values: Values = {one.name: one.default for one in inputs_of(kind) if one.default}
    typed = Typed(kind, values, {part.path: 0 for part in repeated_of(kind)})
    for part in repeated_of(kind):
        if part.path in {"names", "channels", "designations"}:
            typed = with_row_added(typed, part)
    return typed


def with_type(typed: Typed, wanted: CooperationType) -> Typed:
    """The form with the kind of help filled in, wherever its kind of entry has a place for it."""
    values = dict(typed.values)
    if typed.rows.get("designations"):
        values["designations.0.cooperation_type"] = wanted.value
    names = {one.name for one in inputs_of(typed.kind)}
    if "cooperation_type" in names:
        values["cooperation_type"] = wanted.value
    if "cooperation_types" in names:
        values["cooperation_types"] = [wanted.value]
    return replace(typed, values=values)


def typed_of(record: Record) -> Typed:
    """The form filled from a record."""
    plain = to_dict(record)
    values: Values = {}
    rows: dict[str, int] = {}
    for one in inputs_of(record.kind):
        _fill(values, one, one.name, _dig(plain, one.name))
    for part in repeated_of(record.kind):
        items = _dig(plain, part.path) or []
        rows[part.path] = len(items)
        for place, item in enumerate(items):
            for one in part.inputs:
                _fill(values, one, f"{part.path}.{place}.{one.name}", _dig(item, one.name))
    if values.get("hours.zone_assumed"):
        values["hours.zone_assumed"] = values.get("hours.zone", "")
    return Typed(record.kind, values, rows)


def _dig(plain: Any, path: str) -> Any:
    """What stands at a dotted path, None where nothing does."""
    for name in path.split("."):
        plain = plain.get(name) if isinstance(plain, dict) else None
    return plain


def _fill(values: Values, one: Input, path: str, value: Any) -> None:
    if value is None:
        values[path] = [] if one.control is Control.CHECKS else one.default
    elif one.control is Control.CHECKS:
        values[path] = list(value)
    elif one.control is Control.ITEMS:
        values[path] = "\n".join(value)
    elif one.is_many:
        values[path] = ", ".join(value)
    elif isinstance(value, bool):
        values[path] = "true" if value else ""
    else:
        values[path] = str(value)


def read_typed(kind: EntryKind, form: MultiDict[str, str], known: Iterable[str]) -> Typed:
    """What a form sent; ``known`` are the names that are no fields of the record."""
    values: Values = {}
    rows: dict[str, int] = {}
    taken = set(known)
    for one in inputs_of(kind):
        _take(values, taken, form, one, one.name, one.name)
    for part in repeated_of(kind):
        numbers = _row_numbers(form, part.path)
        rows[part.path] = len(numbers)
        for place, number in enumerate(numbers):
            for one in part.inputs:
                old, new = (f"{part.path}.{row}.{one.name}" for row in (number, place))
                _take(values, taken, form, one, old, new)
    return Typed(kind, values, rows, tuple(_strange(kind, form, taken)))


def _row_numbers(form: MultiDict[str, str], path: str) -> list[int]:
    prefix = f"{path}."
    found = (
        re.match(r"(\d{1,4})\.", name[len(prefix) :]) for name in form if name.startswith(prefix)
    )
    numbers = sorted({int(match.group(1)) for match in found if match})
    # One more than is allowed, so that the refusal can be seen.
    return numbers[: MOST_PARTS + 1]


def _take(
    values: Values, taken: set[str], form: MultiDict[str, str], one: Input, old: str, new: str
) -> None:
    taken.add(old)
    if one.control is Control.CHECKS:
        values[new] = form.getlist(old)
        return
    text = form.get(old, "")
    values[new] = _plain_digits(text) if one.has_digits else text


def _plain_digits(text: str) -> str:
    """Digits of any script as 0 to 9."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def _strange(kind: EntryKind, form: MultiDict[str, str], taken: set[str]) -> Iterable[Problem]:
    """Fields nobody asked for, and fields sent twice: neither is taken silently."""
    several = {one.name for one in inputs_of(kind) if one.control is Control.CHECKS}
    for name in form:
        if name not in taken:
            yield Problem(shortened(name), UNKNOWN)
        elif name not in several and len(form.getlist(name)) > 1:
            yield Problem(shortened(name), TWICE)


def plain_of(typed: Typed) -> PlainRecord:
    """The record in JSON types; blank rows and what is not given left out."""
    plain: Plain = {}
    places: dict[str, list[int]] = {}
    for one in inputs_of(typed.kind):
        _put(plain, one, typed.values.get(one.name, ""))
    for part in repeated_of(typed.kind):
        kept = [row for row in range(typed.rows[part.path]) if not _is_blank(typed, part, row)]
        places[part.path] = kept
        items = [_item(typed, part, row) for row in kept]
        if items:
            _set(plain, part.path, items)
    _settle_zone(plain)
    _leave_out(plain)
    for item in plain.get("designations", []):
        _leave_out(item)
    return PlainRecord(plain, places)


def _is_blank(typed: Typed, part: Repeated, row: int) -> bool:
    return all(
        one.is_hidden or typed.text(f"{part.path}.{row}.{one.name}").strip() in {"", one.default}
        for one in part.inputs
    )


def _item(typed: Typed, part: Repeated, row: int) -> Plain:
    item: Plain = {}
    for one in part.inputs:
        _put(item, one, typed.values.get(f"{part.path}.{row}.{one.name}", ""))
    if "key" in {one.name for one in part.inputs}:
        item.setdefault("key", new_key(part))
    return item


def new_key(part: Repeated) -> str:
    """A key that no other row of the part has had before."""
    return f"{part.path[0]}-{secrets.token_hex(4)}"


def _put(plain: Plain, one: Input, value: Value) -> None:
    """Set a field of the plain record from what was typed; nothing for nothing."""
    if isinstance(value, list):
        given: Any = [text for text in value if text]
    elif one.control is Control.ITEMS:
        given = [line.strip() for line in value.splitlines() if line.strip()]
    elif one.is_many:
        given = [code for code in _SEPARATORS.split(value) if code]
    elif one.control is Control.CHECK:
        given = _checked(value)
    else:
        given = value.strip()
    if given not in ("", [], False):
        _set(plain, one.name, given)


def _checked(value: str) -> bool | str:
    """A box that is ticked, or what else was sent for it, for the schema to refuse."""
    return {"": False, "true": True}.get(value, value)


def _set(plain: Plain, path: str, value: Any) -> None:
    *outer, last = path.split(".")
    for name in outer:
        plain = plain.setdefault(name, {})
    plain[last] = value


def _settle_zone(plain: Plain) -> None:
    """The zone is still the one that was taken from the State, unless another was chosen."""
    hours = plain.get("hours")
    if isinstance(hours, dict) and hours.pop("zone_assumed", None) == hours.get("zone", ""):
        hours["zone_assumed"] = True


def _leave_out(plain: Plain) -> None:
    for name, makers in _MADE_BY.items():
        inner = plain.get(name)
        if isinstance(inner, dict) and not any(maker in inner for maker in makers):
            del plain[name]


def with_row_added(typed: Typed, part: Repeated) -> Typed:
    """One more row, with what a new row holds."""
    row = typed.rows[part.path]
    values = dict(typed.values)
    for one in part.inputs:
        value = new_key(part) if one.name == "key" else one.default
        values[f"{part.path}.{row}.{one.name}"] = value
    return Typed(typed.kind, values, {**typed.rows, part.path: row + 1}, typed.problems)


def with_row_removed(typed: Typed, part: Repeated, row: int) -> Typed:
    """The rows without one of them."""
    order = [place for place in range(typed.rows[part.path]) if place != row]
    return _reordered(typed, part, order)


def with_row_up(typed: Typed, part: Repeated, row: int) -> Typed:
    """The rows with one of them moved before the one above it."""
    order = list(range(typed.rows[part.path]))
    if 0 < row < len(order):
        order[row - 1], order[row] = order[row], order[row - 1]
    return _reordered(typed, part, order)


def _reordered(typed: Typed, part: Repeated, order: list[int]) -> Typed:
    prefix = f"{part.path}."
    values = {path: value for path, value in typed.values.items() if not path.startswith(prefix)}
    for place, row in enumerate(order):
        for one in part.inputs:
            value = typed.values.get(f"{prefix}{row}.{one.name}", "")
            values[f"{prefix}{place}.{one.name}"] = value
    return Typed(typed.kind, values, {**typed.rows, part.path: len(order)}, typed.problems)
