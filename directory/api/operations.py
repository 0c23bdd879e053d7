"""Declaring an operation: its address, what it needs, what it asks and what it answers.

``reads`` is the one decorator of the endpoints. It keeps together what must agree: the closed
door's declaration, the parameters, and the description in the OpenAPI document.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, wraps
from typing import Any, TypeVar
from wsgiref.types import WSGIEnvironment

import flask_smorest
import orjson
from flask import Flask, Response
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import Headers

from directory.api import problems
from directory.errors import Invalid, Problem, beside
from directory.schemas.entries import RecordForm
from directory.schemas.parts import Answer, schema_of
from directory.schemas.questions import NothingAsked, Question
from directory.search.latest import Latest
from directory.web.access import needs
from directory.web.context import this_request

View = TypeVar("View", bound=Callable[..., Any])

#: Refusals any operation may answer, beside those it declares itself.
ALWAYS = (401, 403, 422, 500, 503)

#: Questions that are kept as read, and the octets of a longer one that is not: at most 1 MB.
MOST_KEPT, LONGEST_KEPT = 1000, 200
_read: Latest[tuple[Question, bytes], Mapping[str, Any]] = Latest(MOST_KEPT)

#: What among the parameters that could be read names nothing on record.
Codes = Callable[[Mapping[str, Any]], Iterable[Problem]]


def no_codes(_asked: Mapping[str, Any]) -> Iterable[Problem]:
    """Of a question that holds no codes of the reference data."""
    return ()


#: Where the library keeps what it noted of a view.
_NOTES = "_apidoc"
#: Names of the two ways to sign in.
BY_TOKEN, BY_SESSION = "token", "session"


class FieldProblem(Answer):
    """One parameter that is wrong."""

    path = fields.String(required=True)
    message = fields.String(required=True)


class ProblemDetails(Answer):
    """RFC 9457; ``type`` is stable, the texts are for people."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldProblem))


class Api(flask_smorest.Api):  # type: ignore[misc]
    """Writes the description; refusals are answered by ``api.problems``."""

    #: Refusals are described one by one (``ALWAYS``), not as a default.
    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = ProblemDetails

    def _register_error_handlers(self) -> None:
        """They would answer the errors of pages, too."""

    def _register_pagination_header(self) -> None:
        """Pages of lists are told in the body."""


class Operations(flask_smorest.Blueprint):  # type: ignore[misc]
    """Operations of one subject."""


def reads(
    blueprint: Operations,
    rule: str,
    *,
    permission: str,
    answers: type[Schema],
    asks: type[Question] = NothingAsked,
    codes: Codes = no_codes,
    refuses: tuple[int, ...] = (),
    methods: tuple[str, ...] = ("GET",),
    **described: Any,
) -> Callable[[View], View]:
    """Declare a view as GET of ``rule``; ``described`` is merged into its description.

    The view gets the parameters asked as a mapping, then those of the path, and returns a
    ``Response`` of the form of ``answers``. Describing is the library's work; what runs is the
    schema and the view alone, for these are the addresses that are asked most. ``codes`` looks up
    the rest of a question that is refused, so that every parameter that is wrong is told at once;
    of a question that fits its schema the view looks them up itself.
    """

    def declare(view: View) -> View:
        schema = asks()

        @wraps(view)
        def answer(**path: str) -> Any:
            return view(read_question(schema, codes), **path)

        described["operationId"] = view.__name__
        setattr(answer, _NOTES, _notes(blueprint, view, asks, answers, refuses, described))
        blueprint.add_url_rule(rule, view_func=needs(permission)(answer), methods=list(methods))
        return view

    return declare


#: The same for a view that changes something: a POST, unless other ``methods`` are given.
writes = partial(reads, methods=("POST",))


def read_question(schema: Question, codes: Codes = no_codes) -> dict[str, Any]:
    """The parameters of the address; raises ``Invalid`` naming every one that is wrong.

    What an address asks follows from its text alone, so that of those asked last it is kept.
    """
    asked = this_request()
    text = asked.query_string
    if schema.asks_nothing and not text:
        return {}
    known = _read.find((schema, text))
    if known is None:
        known = _read_anew(schema, asked.args, codes)
        if len(text) <= LONGEST_KEPT:
            _read.put((schema, text), known)
    return dict(known)


def _read_anew(schema: Question, args: Mapping[str, str], codes: Codes) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = schema.load(args)
    except ValidationError as error:
        read: Any = error.valid_data
        raise Invalid(beside(_problems(error.messages_dict), codes(read))) from error
    return found


def _problems(messages: Mapping[str, Iterable[object]]) -> Iterator[Problem]:
    for name, found in messages.items():
        for one in found:
            if isinstance(one, Problem):
                yield Problem(name, one.message, one.params)
            else:
                yield Problem(name, str(one))


def _notes(
    blueprint: Operations,
    view: View,
    asks: type[Question],
    answers: type[Schema],
    refuses: tuple[int, ...],
    described: Mapping[str, Any],
) -> Any:
    """What the library notes of a view that its decorators were put on."""
    noted: Any = blueprint.response(200, answers)(view)
    noted = blueprint.doc(**_description(refuses, described))(noted)
    return getattr(blueprint.arguments(asks, location="query")(noted), _NOTES)


def _description(refuses: tuple[int, ...], described: Mapping[str, Any]) -> dict[str, Any]:
    responses = {status: _refusal(status) for status in sorted((*ALWAYS, *refuses))}
    given = dict(described)
    return {**given, "responses": {**responses, **given.pop("responses", {})}}


def _refusal(status: int) -> dict[str, Any]:
    titles = [f"`{name}`" for name, one in problems.TYPES.items() if one.status == status]
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        "description": ", ".join(titles),
        "content": {problems.MIMETYPE: {"schema": schema}},
    }


def make_api(app: Flask) -> Api:
    """The describer of this application's API, with the ways to sign in."""
    api = Api(
        app,
        spec_kwargs={
            "title": "Directory of competent national authorities",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": _INTRODUCTION},
            "security": [{BY_TOKEN: []}, {BY_SESSION: []}],
        },
    )
    api.spec.components.security_scheme(BY_TOKEN, {"type": "http", "scheme": "bearer"})
    api.spec.components.security_scheme(
        BY_SESSION, {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
    )
    api.ma_plugin.converter.add_attribute_function(_kinds_of_record)
    return api


def _kinds_of_record(converter: Any, field: Any, **_options: Any) -> dict[str, Any]:
    """How the describer tells a field that holds a record: one of the four kinds."""
    if not isinstance(field, RecordForm):
        return {}
    return {"anyOf": [converter.resolve_nested_schema(schema_of(one)) for one in field.classes]}


_INTRODUCTION = (
    "Reading the directory: whom to address in which State, for which kind of help, under which "
    "treaty. Ask with a token (`Authorization: Bearer ...`, made with `directory token create`). "
    "Names are those of the directory in snake case; days are ISO 8601, moments RFC 3339. Fields "
    "of a record that hold nothing are left out. Lists go on at `next` until it is null. Refusals "
    "are `application/problem+json`; their types are explained at `/api/v1/problems`."
)


def json_response(body: object) -> Response:
    """A body of plain values, compact, in UTF-8."""
    return json_text(orjson.dumps(body))


class Text(Response):
    """A whole answer that leads nowhere: its headers are complete as they stand."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:  # noqa: ARG002
        """As they are; the library would look once more whether any is missing."""
        return self.headers


def json_text(text: bytes | str) -> Response:
    """A body that is JSON already."""
    return Text(text, content_type="application/json")


def tagged_response(text: bytes, tag: str) -> Response:
    """A JSON text with its entity tag; 304 without it for who has it already."""
    asked = this_request()
    known = "HTTP_IF_NONE_MATCH" in asked.environ and asked.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else json_text(text)
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response
