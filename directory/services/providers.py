"""Accounts bound to the sign-in of their State; only an invited account can be bound."""

import datetime as dt

from sqlalchemy import select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.marks import N_
from directory.domain.providers import Provider
from directory.errors import InvalidState, Problem
from directory.models.account import Account
from directory.models.sign_in import Passkey, ProviderIdentity
from directory.policy import Actor
from directory.queries.accounts import invited_email
from directory.services.accounts import get_account, mark_accepted
from directory.services.factors import note_change, own_account

ANOTHER_STATE = N_("This provider vouches for accounts of another State.")
TAKEN = N_("This sign-in belongs to another account.")
NOT_BOUND = N_("No account here is bound to this sign-in. Ask the focal point of your State.")


def bind_own(
    uow: UnitOfWork, actor: Actor, provider: Provider, subject: str, at: dt.datetime
) -> None:
    """Let the provider vouch for one's own account from now on; raises ``InvalidState``."""
    account = own_account(uow, actor)
    _bind(uow, account, provider, subject, at)
    note_change(uow, actor, account.id, "provider_linked", at, provider.issuer)


def accept_with_provider(
    uow: UnitOfWork, secret: str, provider: Provider, subject: str, at: dt.datetime
) -> None:
    """An invitation accepted by who the provider says it is; raises ``NotFound`` too."""
    account = get_account(uow.session, invited_email(uow.session, secret, at))
    _bind(uow, account, provider, subject, at)
    mark_accepted(uow, account, at)
    owner = Actor(name=account.email, account_id=account.id, state=account.state_code or "")
    note_change(uow, owner, account.id, "provider_linked", at, provider.issuer)


def _bind(
    uow: UnitOfWork, account: Account, provider: Provider, subject: str, at: dt.datetime
) -> None:
    if account.state_code != provider.state:
        raise InvalidState(reasons=[Problem("", ANOTHER_STATE)])
    known = _identity(uow, provider, subject)
    if known is not None and known.account_id != account.id:
        raise InvalidState(reasons=[Problem("", TAKEN)])
    if known is None:
        uow.session.add(
            ProviderIdentity(
                account_id=account.id, issuer=provider.issuer, subject=subject, created_at=at
            )
        )


def recognise_identity(uow: UnitOfWork, provider: Provider, subject: str, at: dt.datetime) -> int:
    """The account the provider vouches for, its use noted; raises ``InvalidState``."""
    known = _identity(uow, provider, subject)
    account = uow.session.get(Account, known.account_id) if known else None
    if known is None or account is None or account.state_code != provider.state:
        raise InvalidState(reasons=[Problem("", NOT_BOUND)])
    known.last_used_at = at
    return account.id


def has_passkey(uow: UnitOfWork, account_id: int) -> bool:
    """Does the account have a passkey?"""
    mine = select(Passkey.id).where(Passkey.account_id == account_id).limit(1)
    return uow.session.scalar(mine) is not None


def _identity(uow: UnitOfWork, provider: Provider, subject: str) -> ProviderIdentity | None:
    which = (ProviderIdentity.issuer == provider.issuer, ProviderIdentity.subject == subject)
    return uow.session.scalar(select(ProviderIdentity).where(*which))
