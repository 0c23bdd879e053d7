"""Results of a search, and suggestions while typing."""

from marshmallow import fields

from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus
from directory.schemas.entries import word
from directory.schemas.parts import Answer

_KINDS = ["state", *EntryKind]


class Found(Answer):
    """A State or an entry; ``id`` is the State's code or the entry's identifier."""

    kind = fields.String(required=True, metadata={"enum": _KINDS})
    id = fields.String(required=True)
    state = fields.String(required=True)
    name = fields.String(required=True)
    types = fields.List(word(CooperationType), required=True)


class SnippetPiece(Answer):
    """A piece of a snippet, and whether its words matched."""

    text = fields.String(required=True)
    match = fields.Boolean(required=True)


class SearchItem(Found):
    """One result, with the place that matched."""

    snippet = fields.List(fields.Nested(SnippetPiece), required=True)
    status = word(
        EntryStatus, allow_none=True, metadata={"description": "Of an entry; null for a State."}
    )
    synthetic = fields.Boolean(required=True)


class SearchAnswer(Answer):
    """Results, their number, and what the directory made of the words."""

    items = fields.List(fields.Nested(SearchItem), required=True)
    next = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
        metadata={"description": "state, type, kind, instrument: value and number of results."},
    )
    understood = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Filters taken from the words."},
    )
    did_you_mean = fields.String(required=True, allow_none=True)
    unused = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Words that stand for nothing and that no result holds."},
    )
    complete = fields.Boolean(
        required=True, metadata={"description": "False while the search is limited."}
    )


class Suggestion(Answer):
    """A State or entry that completes what is being typed."""

    kind = fields.String(required=True, metadata={"enum": _KINDS})
    id = fields.String(required=True)
    state = fields.String(required=True)
    name = fields.String(required=True)


class Suggestions(Answer):
    """What may be meant, best first."""

    items = fields.List(fields.Nested(Suggestion), required=True)
    next = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)
