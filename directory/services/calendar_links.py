"""The private address of one's calendar: made, renewed, taken back; kept as a hash."""

import datetime as dt

from directory.db.unit_of_work import UnitOfWork
from directory.errors import NotFound
from directory.models.calendar_link import CalendarLink
from directory.policy import Actor, require
from directory.services.factors import note_change, own_account
from directory.services.secrets import hash_secret, new_secret


def renew_link(uow: UnitOfWork, actor: Actor, at: dt.datetime) -> str:
    """The new secret, to be shown once; the one before opens nothing any more."""
    require(actor, "entries:confirm")
    account = own_account(uow, actor)
    secret = new_secret()
    uow.session.merge(
        CalendarLink(account_id=account.id, secret_hash=hash_secret(secret), created_at=at)
    )
    note_change(uow, actor, account.id, "calendar_renewed", at)
    return secret


def revoke_link(uow: UnitOfWork, actor: Actor, at: dt.datetime) -> None:
    """Close the address; raises ``NotFound`` where there is none."""
    account = own_account(uow, actor)
    found = uow.session.get(CalendarLink, account.id)
    if found is None:
        raise NotFound("calendar", "own")
    uow.session.delete(found)
    note_change(uow, actor, account.id, "calendar_revoked", at)
