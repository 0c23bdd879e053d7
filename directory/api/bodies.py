"""Reading a JSON body strictly, and the version that a change was made against."""

import json
import re
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import (
    BadRequest,
    PreconditionFailed,
    PreconditionRequired,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from directory.errors import Invalid
from directory.schemas.record_forms import flattened

#: Most bytes of a JSON body, and levels of nesting in it.
LARGEST = 256 * 1024
DEEPEST = 20
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})"')


def read_body(schema: Schema) -> dict[str, Any]:
    """The body as the schema reads it; an empty body is an empty object.

    Raises ``Invalid`` with every problem and its path, or what HTTP has for the body as a whole.
    """
    try:
        loaded: dict[str, Any] = schema.load(_json())
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error
    return loaded


def _json() -> Any:
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    data = request.get_data(cache=False)
    if not data:
        return {}
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        plain = json.loads(data, object_pairs_hook=_without_duplicates, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    if _depth(plain) > DEEPEST:
        raise BadRequest
    return plain


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values for one name contradict one another; neither is taken silently."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(_constant: str) -> None:
    raise ValueError("not a number of JSON")


def _depth(plain: Any) -> int:
    level, deepest = [plain], 0
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [inner for one in level for inner in _inside(one)]
    return deepest


def _inside(plain: Any) -> list[Any]:
    if isinstance(plain, dict):
        return list(plain.values())
    return plain if isinstance(plain, list) else []


def json_body(*schemas: type[Schema]) -> dict[str, Any]:
    """How the describer is told of a body that has one of these forms."""
    forms = [{"$ref": f"#/components/schemas/{schema.__name__}"} for schema in schemas]
    schema = forms[0] if len(forms) == 1 else {"anyOf": forms}
    return {"required": False, "content": {"application/json": {"schema": schema}}}


def expected_version() -> int:
    """The version in If-Match; 428 without it, 412 for one that no proposal ever had."""
    given = request.headers.get("If-Match", "")
    if not given:
        raise PreconditionRequired
    found = _VERSION.fullmatch(given.strip())
    if found is None:
        raise PreconditionFailed
    return int(found[1])
