"""What is proposed, read strictly: one schema for the forms of pages, the API and imports.

``read_record`` takes a record in JSON types (``domain.record.to_dict``), refuses every field it
does not know, and gives the record, or all problems at once with their paths ('channels.0.value').
What the rules of a record say of its values (``domain.record_rules``) is for the services.
"""

import dataclasses
import datetime as dt
import re
import types
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from marshmallow import RAISE, Schema, ValidationError, fields, post_load
from marshmallow.fields import Field

from directory.domain.marks import N_
from directory.domain.record import RECORD_CLASSES, Record
from directory.domain.record_rules import LINES, LONGEST, LONGEST_BY_FIELD, MOST_PARTS
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, Problem
from directory.schemas.fields import Day, Word, refusal

#: Characters that no text of a record holds, and that PostgreSQL cannot store.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
#: Beyond this a text is refused before its rules are looked at.
MOST_CHARACTERS = 10_000
#: Most characters of a path shown in a problem.
_LONGEST_PATH = 80
_WHOLE_NUMBERS: Mapping[str, tuple[int, int]] = {"weekday": (1, 7), "year": (1800, 2199)}

Options = dict[str, Any]


def read_record(kind: EntryKind, plain: object) -> Record:
    """The record of that kind; raises ``Invalid`` with every problem and its path."""
    try:
        record: Record = schema_for(RECORD_CLASSES[kind])().load(plain)  # type: ignore[arg-type]
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error
    return record


def flattened(messages: object, path: str = "") -> Iterator[Problem]:
    """marshmallow's nested messages as problems with dotted paths."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            below = "" if name == "_schema" else str(name)
            yield from flattened(inner, ".".join(filter(None, (path, below))))
    elif isinstance(messages, list):
        for one in messages:
            yield from flattened(one, path)
    elif isinstance(messages, Problem):
        yield Problem(path[:_LONGEST_PATH], messages.message, messages.params)
    else:
        yield Problem(path[:_LONGEST_PATH], N_("This is not what belongs here."))


class Part(Schema):
    """A record or a part of one: no field but its own, and the dataclass as result."""

    class Meta:
        unknown = RAISE

    record_class: ClassVar[type]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        unknown = Problem("", N_("There is no such field."))
        self.error_messages["unknown"] = unknown  # type: ignore[assignment]
        for field in self.fields.values():
            field.error_messages["required"] = [Problem("", N_("is required"))]

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> Any:
        return self.record_class(**data)


@cache
def schema_for(record_class: type) -> type[Part]:
    """The schema of a record class, made from its fields and their types."""
    hints = get_type_hints(record_class)
    declared: dict[str, Any] = {
        one.name: _of_type(one.name, hints[one.name], **_required(one))
        for one in dataclasses.fields(record_class)
    }
    name = f"{record_class.__name__}Form"
    return type(name, (Part,), {**declared, "record_class": record_class})


def _required(one: "dataclasses.Field[Any]") -> Options:
    has_default = one.default is not dataclasses.MISSING
    return {} if has_default else {"required": True}


def _of_type(name: str, hint: Any, **options: Any) -> Field[Any]:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple:
        return Several(_of_type(name, inner[0]), **options)
    if origin in (types.UnionType, Union):
        kept = next(one for one in inner if one is not types.NoneType)
        return _of_type(name, kept, allow_none=True, **options)
    if dataclasses.is_dataclass(hint):
        return fields.Nested(schema_for(hint), **options)  # type: ignore[arg-type]
    if issubclass(hint, StrEnum):
        return Word(hint, **options)
    return _PLAIN[hint](name, options)


class Text(fields.String):
    """A text without characters that cannot be kept; blanks around it are taken away."""

    def __init__(self, name: str, **options: Any) -> None:
        longest = LONGEST_BY_FIELD.get(name, LONGEST)
        super().__init__(metadata={"maxLength": longest}, **options)
        self.has_lines = name in LINES

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> str:
        if not isinstance(value, str):
            raise refusal(N_("give a text"))
        if len(value) > MOST_CHARACTERS:
            longest = self.metadata["maxLength"]
            raise refusal(N_("Give at most %(most)s characters."), most=longest)
        text = value.replace("\r\n", "\n").strip()
        if _CONTROL.search(text) or (not self.has_lines and re.search(r"[\r\n]", text)):
            raise refusal(N_("It holds control characters or line breaks; type it anew."))
        return text


class Several(fields.List[Any]):
    """A list of parts, as a tuple; a list that is far too long is not even read."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise refusal(N_("give a list"))
        if len(value) > MOST_PARTS:
            raise refusal(N_("Give at most %(most)s of these."), most=MOST_PARTS)
        return tuple(super()._deserialize(list(value), attr, data, **options))


class WholeNumber(fields.Integer):
    """A whole number between two bounds, in plain digits."""

    def __init__(self, name: str, **options: Any) -> None:
        self.least, self.most = _WHOLE_NUMBERS[name]
        metadata = {"minimum": self.least, "maximum": self.most}
        super().__init__(metadata=metadata, **options)

    def _validated(self, value: Any) -> int:
        text = "" if isinstance(value, bool) else str(value)
        if re.fullmatch("[0-9]{1,9}", text) and self.least <= int(text) <= self.most:
            return int(text)
        message = N_("give a whole number from %(least)s to %(most)s")
        raise refusal(message, least=self.least, most=self.most)


class Yes(fields.Boolean):
    """true or false; spreadsheets and forms may write the words."""

    def __init__(self, **options: Any) -> None:
        super().__init__(truthy={True, "true"}, falsy={False, "false"}, **options)
        self.error_messages["invalid"] = [Problem("", N_("give true or false"))]


def _text(name: str, options: Options) -> Field[Any]:
    return Text(name, **options)


def _whole(name: str, options: Options) -> Field[Any]:
    return WholeNumber(name, **options)


def _yes(_name: str, options: Options) -> Field[Any]:
    return Yes(**options)


def _day(_name: str, options: Options) -> Field[Any]:
    return Day(description="", **options)


_PLAIN: dict[type, Callable[[str, Options], Field[Any]]] = {
    str: _text,
    int: _whole,
    bool: _yes,
    dt.date: _day,
}
