"""A program's view of its owner's tokens: listed, and revoked when one has leaked.

None is made here: a token that made tokens would outlive itself; the page asks a person for a fresh
factor.
"""

from typing import Any

from flask import Response

from directory.api.operations import Operations, json_response, reads, writes
from directory.queries.accounts import TokenSummary, list_tokens
from directory.schemas.tokens import TokenList, TokenRevoked
from directory.services.acting import Act, attempt
from directory.services.tokens import revoke_token
from directory.web.context import actor, now, parts, reading

operations = Operations("api_tokens", __name__, description="Tokens of programs")

Plain = dict[str, Any]


@reads(operations, "/tokens", permission="account:own", answers=TokenList)
def list_own_tokens(_asked: Plain) -> Response:
    """The owner's tokens, the newest first; making one needs a person, on the page of tokens."""
    return json_response({"items": [_plain(one) for one in list_tokens(actor(), reading())]})


def _plain(one: TokenSummary) -> Plain:
    return {
        "id": one.id,
        "prefix": one.prefix,
        "name": one.name,
        "scopes": list(one.scopes),
        "created_at": one.created_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
        "last_used_at": one.last_used_at.isoformat() if one.last_used_at else None,
        "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
    }


@writes(
    operations,
    "/tokens/<int:number>/revoke",
    permission="account:own",
    answers=TokenRevoked,
    refuses=(404,),
    summary="Make one of the owner's tokens open nothing",
)
def revoke_own_token(_asked: Plain, number: int) -> Response:
    """Also the token that asks, so that a program can end what has leaked."""
    attempt(
        parts().unit_of_work,
        actor(),
        Act("token.revoke", "account", str(actor().account_id)),
        now(),
        lambda uow: revoke_token(uow, actor(), number, now()),
    )
    return json_response({"id": number})
