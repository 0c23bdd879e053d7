"""Schemas made from the domain's own record classes, so that a field has one definition.

``domain.record.to_dict`` and ``part_to_dict`` leave out what holds its default; a schema made here
therefore requires only the fields without one, names the defaults, and knows no other fields.
"""

import dataclasses
import datetime as dt
import types
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from marshmallow import RAISE, Schema, fields
from marshmallow.fields import Field


class Answer(Schema):
    """The form of something answered; it holds nothing that is not declared."""

    class Meta:
        unknown = RAISE


@cache
def schema_of(record_class: type) -> type[Schema]:
    """The schema of a frozen dataclass in JSON types, under the class's name."""
    return extended(record_class, record_class.__name__)


def extended(record_class: type, name: str, **more: Field[Any]) -> type[Schema]:
    """The schema of a frozen dataclass with further fields, under a name of its own."""
    hints = get_type_hints(record_class)
    declared = {one.name: _field(hints[one.name], one) for one in dataclasses.fields(record_class)}
    return Answer.from_dict({**declared, **more}, name=name)


def nested(record_class: type, **options: Any) -> fields.Nested:
    """A field that holds such a record."""
    return fields.Nested(schema_of(record_class), **options)


def listing(item: type[Schema]) -> type[Schema]:
    """The schema of one page of a list."""
    following = "Cursor of the next page; null at the end."
    declared: dict[str, Field[Any]] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next": fields.String(required=True, allow_none=True, metadata={"description": following}),
        "total": fields.Integer(required=True, metadata={"minimum": 0}),
    }
    return Answer.from_dict(declared, name=f"{item.__name__}List")


def _field(hint: Any, one: "dataclasses.Field[Any]") -> Field[Any]:
    if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
        return _of_type(hint, required=True)
    # 'Nothing' (None, '', no items) as default goes without saying.
    default = one.default if one.default and one.default is not dataclasses.MISSING else None
    return _of_type(hint, metadata={"default": _plain(default)} if default else {})


def _plain(default: Any) -> Any:
    return list(default) if isinstance(default, tuple) else default


def _of_type(hint: Any, **options: Any) -> Field[Any]:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple:
        return fields.List(_of_type(inner[0]), **options)
    if origin is dict:
        return fields.Dict(keys=_of_type(inner[0]), values=_of_type(inner[1]), **options)
    if origin in (types.UnionType, Union):
        return _of_type(next(one for one in inner if one is not types.NoneType), **options)
    if dataclasses.is_dataclass(hint):
        return fields.Nested(schema_of(hint), **options)  # type: ignore[arg-type]
    if issubclass(hint, StrEnum):
        return fields.Enum(hint, by_value=fields.String, **options)
    return _PLAIN[hint](**options)


_PLAIN: dict[type, type[Field[Any]]] = {
    str: fields.String,
    int: fields.Integer,
    bool: fields.Boolean,
    dt.date: fields.Date,
}
