"""The feed of changes as it is answered."""

from marshmallow import fields

from directory.domain.feed import What
from directory.schemas.entries import EntryDocument, word
from directory.schemas.parts import Answer


class ToldChange(Answer):
    """What happened to one entry last, and the entry as it is now."""

    id = fields.String(required=True)
    state = fields.String(required=True)
    what = word(What)
    at = fields.DateTime(required=True)
    sequence = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "In the change log; null where the end of a posting hid it."},
    )
    entry = fields.Nested(
        EntryDocument,
        required=True,
        allow_none=True,
        metadata={"description": "As you may see it; null: take it out of your copy."},
    )


class ChangesTold(Answer):
    """A page of the feed."""

    items = fields.List(fields.Nested(ToldChange), required=True)
    next = fields.String(
        required=True,
        metadata={"description": "The cursor to go on at, now or next time; keep it."},
    )
    more = fields.Boolean(required=True, metadata={"description": "Is there more to ask for now?"})
