"""Objection links: one for each recipient of a notice, signed, expiring, used once.

A link holds the row's id and a keyed hash of it. The row alone opens nothing, so neither the
outbox nor a copy of the database holds a link that works.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import insert

from directory.db.unit_of_work import UnitOfWork
from directory.models.proposal import ObjectionLink

#: Sets these hashes apart from whatever else is signed with the same key.
PURPOSE = b"objection link\0"
#: An account's number, or a mailbox without an account.
Recipient = int | str


def token_of(link_id: str, key: str) -> str:
    """What the link to send holds."""
    return f"{link_id}.{_signature(link_id, key)}"


def link_of(token: str, keys: Sequence[str]) -> str | None:
    """The id of the link the token was made for; None when it was made with none of the keys."""
    link_id, dot, signature = token.partition(".")
    given = signature.encode("utf-8", "replace")
    genuine = [hmac.compare_digest(given, _signature(link_id, key).encode()) for key in keys]
    return link_id if dot and any(genuine) else None


def _signature(link_id: str, key: str) -> str:
    data = PURPOSE + link_id.encode("utf-8", "replace")
    digest = hmac.new(key.encode(), data, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def make_links(
    uow: UnitOfWork, proposal_id: str, recipients: Iterable[Recipient], until: dt.datetime
) -> Sequence[tuple[Recipient, str]]:
    """A link for each recipient; gives the recipients with the ids of their links."""
    made = [(recipient, secrets.token_urlsafe(24)) for recipient in recipients]
    rows = [
        {
            "id": link_id,
            "proposal_id": proposal_id,
            "account_id": recipient if isinstance(recipient, int) else None,
            "address": recipient if isinstance(recipient, str) else "",
            "expires_at": until,
        }
        for recipient, link_id in made
    ]
    if rows:
        uow.session.execute(insert(ObjectionLink), rows)
    return made
