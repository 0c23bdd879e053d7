"""Breaking the glass, in JSON."""

from marshmallow import fields

from directory.domain.record import Channel
from directory.schemas.parts import Answer, nested
from directory.schemas.proposals import Body


class GlassBody(Body):
    """Why the lines are needed now."""

    reason = fields.String(required=True)


class GlassLines(Answer):
    """How many lines are behind glass, and the lines while they are open to the account."""

    entry = fields.String(required=True)
    number = fields.Integer(required=True)
    until = fields.DateTime(required=True, allow_none=True)
    channels = fields.List(nested(Channel), required=True)
