"""Entries as they are answered: the line of a list, and the document in full."""

from typing import Any

from marshmallow import fields

from directory.domain.line_tests import LineMethod, LineOutcome, LineProof
from directory.domain.record import RECORD_CLASSES
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus, Freshness
from directory.schemas.parts import Answer, listing


def word(vocabulary: Any, **options: Any) -> fields.Enum[Any]:
    """A field that holds one word of a vocabulary."""
    return fields.Enum(vocabulary, by_value=fields.String, **{"required": True, **options})


class FreshnessForm(Answer):
    """How far an entry may be trusted to be still true."""

    state = word(Freshness)
    confirmed_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    open_reports = fields.Integer(required=True)


class LineTestForm(Answer):
    """The latest test of a 24/7 point: asked at a moment nobody chose, did it answer?"""

    at = fields.DateTime(required=True)
    outcome = word(LineOutcome)
    method = word(LineMethod)
    seconds = fields.Integer(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    office_time = fields.Boolean(
        required=True, metadata={"description": "Was it office time at the place?"}
    )
    proof = word(
        LineProof,
        allow_none=True,
        metadata={"description": "What shows that the desk itself answered; null where unknown."},
    )


class EntryLine(Answer):
    """An entry as a line of a list."""

    id = fields.String(required=True)
    kind = word(EntryKind)
    state = fields.String(required=True)
    name = fields.String(required=True)
    status = word(EntryStatus)
    types = fields.List(word(CooperationType), required=True)
    freshness = fields.Nested(FreshnessForm, required=True)
    as_published = fields.String(required=True, allow_none=True)
    synthetic = fields.Boolean(required=True)
    conflict = fields.Boolean(required=True)
    changed_at = fields.DateTime(required=True)


EntryLineList = listing(EntryLine)


class RecordForm(fields.Raw):
    """The record of an entry: one of the four kinds."""

    classes: tuple[type, ...] = tuple(RECORD_CLASSES.values())


class PastForm(Answer):
    """That the entry is shown as it stood, and by what was known."""

    as_of = fields.Date(required=True)
    as_known = fields.DateTime(required=True, allow_none=True)
    before_first_record = fields.Boolean(required=True)
    current_revision = fields.Integer(required=True)
    erased = fields.Boolean(required=True)


class EntryDocument(Answer):
    """An entry in full, as its reader may see it."""

    id = fields.String(required=True)
    kind = word(EntryKind)
    state = fields.String(required=True)
    status = word(EntryStatus)
    name = fields.String(required=True)
    revision = fields.Integer(required=True, metadata={"minimum": 1})
    changed_on = fields.Date(required=True)
    synthetic = fields.Boolean(required=True)
    conflict = fields.Boolean(required=True)
    as_published = fields.String(required=True, allow_none=True)
    record = RecordForm(required=True)
    freshness = fields.Nested(FreshnessForm, required=True)
    line_test = fields.Nested(LineTestForm, required=True, allow_none=True)
    #: Only where `as_of` or `as_known` was asked.
    past = fields.Nested(PastForm)
