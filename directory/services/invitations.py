"""Links that invite somebody: sent by mail to nobody else, single-use, expiring, replaced, voided.

A secret is a keyed hash of a random text that the notice keeps, and the database knows the secret
by its hash. So neither the outbox nor a copy of the database holds a link that works, and a link
that was made under one key is sent right when the keys were replaced meanwhile.
"""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from directory.db.unit_of_work import UnitOfWork
from directory.domain.accounts import AccountAct, AccountStatus
from directory.domain.marks import N_
from directory.errors import InvalidState, Problem
from directory.models.account import Account
from directory.policy import Actor
from directory.queries.account_files import load_file, require_act
from directory.services.accounts import (
    INVITATION_LASTS,
    add_invitation,
    record_act,
    void_invitations,
)
from directory.services.change_log import lock
from directory.services.notices import Notice, queue
from directory.services.secrets import hash_secret, new_secret
from directory.settings import Settings

#: Sets these hashes apart from whatever else is signed with the same key.
PURPOSE = b"invitation link\0"
NOT_WAITING = N_("The account is not waiting for its owner, so it needs no link.")


@dataclass(frozen=True, slots=True)
class AccountRules:
    """``link_key`` makes invitations; accounts of a demonstration count where it is one."""

    link_key: str
    demo: bool = False


def account_rules(settings: Settings) -> AccountRules:
    """As the settings ask for it."""
    return AccountRules(settings.session_key, settings.demo)


def secret_of(link: str, keys: Sequence[str]) -> str:
    """The secret of the invitation that a notice is about; '' when none of the keys made it."""
    nonce, _, invitation = link.partition(".")
    secrets = (_secret(nonce, key) for key in keys)
    return next((one for one in secrets if hash_secret(one) == invitation), "")


def _secret(nonce: str, key: str) -> str:
    digest = hmac.new(key.encode(), PURPOSE + nonce.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def send_invitation(
    uow: UnitOfWork, account: Account, rules: AccountRules, at: dt.datetime
) -> None:
    """Send the account a new link; earlier ones are void."""
    void_invitations(uow, account.id, at)
    nonce = new_secret()
    secret = add_invitation(uow, account.id, _secret(nonce, rules.link_key), at)
    notice = Notice(
        kind="account_invited",
        key=f"account_invited:{hash_secret(nonce)}",
        account_id=account.id,
        params={
            "invitation_link": f"{nonce}.{hash_secret(secret)}",
            "ends": (at + INVITATION_LASTS).isoformat(),
            "state": account.state_code or "",
        },
    )
    queue(uow, [notice], at)


def renew(
    uow: UnitOfWork, actor: Actor, account_id: int, rules: AccountRules, at: dt.datetime
) -> None:
    """Send a new link to who did not use the last one; raises ``Denied``, ``InvalidState``."""
    account = _waiting(uow, actor, account_id, at)
    send_invitation(uow, account, rules, at)
    record_act(uow, actor, "account.renew_link", account, at)


def revoke(uow: UnitOfWork, actor: Actor, account_id: int, at: dt.datetime) -> None:
    """Make the link void that was sent; raises ``Denied``, ``InvalidState``."""
    account = _waiting(uow, actor, account_id, at)
    void_invitations(uow, account.id, at)
    record_act(uow, actor, "account.revoke_link", account, at)


def _waiting(uow: UnitOfWork, actor: Actor, account_id: int, at: dt.datetime) -> Account:
    lock(uow.session)
    file = load_file(uow.session, account_id, at.date())
    require_act(actor, AccountAct.RENEW, file)
    if file.status is not AccountStatus.INVITED:
        raise InvalidState(reasons=[Problem("", NOT_WAITING)])
    return uow.session.get_one(Account, account_id)
