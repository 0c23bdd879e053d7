"""Tokens of programs as they are answered; the token itself is known to nobody any more."""

from marshmallow import fields

from directory.schemas.parts import Answer


class TokenForm(Answer):
    """One token."""

    id = fields.Integer(required=True)
    prefix = fields.String(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_at = fields.String(required=True)
    expires_at = fields.String(required=True)
    last_used_at = fields.String(required=True, allow_none=True)
    revoked_at = fields.String(required=True, allow_none=True)


class TokenList(Answer):
    """The owner's tokens."""

    items = fields.List(fields.Nested(TokenForm), required=True)


class TokenRevoked(Answer):
    """The token that opens nothing any more."""

    id = fields.Integer(required=True)
