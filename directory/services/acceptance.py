"""An invitation accepted with a passkey: the newcomer is inside at once."""

import datetime as dt

from directory.db.unit_of_work import UnitOfWork
from directory.policy import Actor
from directory.queries.accounts import invited_email
from directory.services.accounts import get_account, mark_accepted
from directory.services.challenges import Asking
from directory.services.factors import note_change
from directory.services.passkeys import Party, register_passkey


def accept_with_passkey(
    uow: UnitOfWork,
    secret: str,
    given: str,
    asking: Asking,
    party: Party,
    at: dt.datetime,
) -> int:
    """Keep the newcomer's passkey; gives the account. Raises ``NotFound`` or ``Invalid``."""
    account = get_account(uow.session, invited_email(uow.session, secret, at))
    made = register_passkey(uow, account.id, given, "", asking, party, at)
    mark_accepted(uow, account, at)
    owner = Actor(name=account.email, account_id=account.id, state=account.state_code or "")
    note_change(uow, owner, account.id, "passkey_added", at, f"passkey:{made.id}")
    return account.id
