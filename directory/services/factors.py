"""What an account signs in with: told to its owner and logged whenever it changes."""

import datetime as dt
import hashlib
import hmac
import secrets
from pathlib import Path

from sqlalchemy import delete, select, update

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Event
from directory.domain.key_ring import KeyRing
from directory.domain.marks import N_
from directory.domain.sign_in import (
    RECOVERY_CODE_LENGTH,
    RECOVERY_CODES,
    RECOVERY_LETTERS,
    plain_recovery_code,
)
from directory.errors import InvalidState, NotFound, Problem
from directory.models.account import Account
from directory.models.sign_in import Passkey, RecoveryCode
from directory.policy import Actor
from directory.services import change_log
from directory.services.accounts import set_password
from directory.services.acting import doer_of
from directory.services.challenges import Asking
from directory.services.listed_passwords import require_good
from directory.services.notices import Notice, queue
from directory.services.passkeys import Party, register_passkey

LAST_WAY_IN = N_("This is the only way in that is left; set up another one first.")


def note_change(
    uow: UnitOfWork, actor: Actor, account_id: int, what: str, at: dt.datetime, detail: str = ""
) -> None:
    """Log that a way in changed and tell the owner, who may know nothing of it.

    ``what`` is e.g. 'passkey_added'; the texts of the notice bear the same names.
    """
    change_log.record(
        uow,
        Event(
            at=at,
            doer=doer_of(actor),
            action=f"account.{what}",
            subject_kind="account",
            subject_id=str(account_id),
            after={"detail": detail} if detail else None,
        ),
    )
    queue(uow, [way_in_notice(account_id, what, at)], at)


def way_in_notice(account_id: int, what: str, at: dt.datetime) -> Notice:
    """What the owner is told; ``what`` is a word of the notice's texts."""
    return Notice(
        kind="ways_in_changed",
        key=f"ways_in_changed:{account_id}:{what}:{at.isoformat()}",
        account_id=account_id,
        params={"what": what, "moment": at.isoformat()},
    )


def own_account(uow: UnitOfWork, actor: Actor) -> Account:
    """The actor's account row; raises ``NotFound`` for who has none."""
    account = uow.session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise NotFound("account", actor.name)
    return account


def add_passkey(
    uow: UnitOfWork,
    actor: Actor,
    given: str,
    name: str,
    asking: Asking,
    party: Party,
    at: dt.datetime,
) -> None:
    """One more passkey of one's own account; raises ``Invalid``."""
    account = own_account(uow, actor)
    made = register_passkey(uow, account.id, given, name, asking, party, at)
    note_change(uow, actor, account.id, "passkey_added", at, f"passkey:{made.id}")


def remove_passkey(uow: UnitOfWork, actor: Actor, passkey_id: int, at: dt.datetime) -> None:
    """Take one's own passkey away; raises ``NotFound``, ``InvalidState`` for the last way in."""
    account = own_account(uow, actor)
    found = uow.session.get(Passkey, passkey_id)
    if found is None or found.account_id != account.id:
        raise NotFound("passkey", str(passkey_id))
    uow.session.delete(found)
    uow.session.flush()
    if not has_way_in(uow, account):
        raise InvalidState(reasons=[Problem("", LAST_WAY_IN)])
    note_change(uow, actor, account.id, "passkey_removed", at, f"passkey:{passkey_id}")


def has_way_in(uow: UnitOfWork, account: Account) -> bool:
    """Can the owner come in by themselves?"""
    if account.password_hash and (account.tf_totp_secret or account.demo):
        return True
    mine = select(Passkey.id).where(Passkey.account_id == account.id).limit(1)
    return uow.session.scalar(mine) is not None


def change_password(
    uow: UnitOfWork,
    actor: Actor,
    password: str,
    pepper: str,
    at: dt.datetime,
    breached: Path | None = None,
) -> None:
    """A new password of one's own; every session ends. Raises ``Invalid``, ``InvalidState``."""
    account = own_account(uow, actor)
    if not (account.tf_totp_secret or account.demo):
        # A password without a second factor would let its first finder set that up.
        message = N_("Set up an authenticator application first.")
        raise InvalidState(reasons=[Problem("password", message)])
    require_good(password, account.email, breached)
    set_password(uow, account, password, pepper, at)
    note_change(uow, actor, account.id, "password_changed", at)


def set_application(
    uow: UnitOfWork, actor: Actor, totp_secret: str, step: int, at: dt.datetime
) -> None:
    """Keep the (encrypted) secret of an application that was just shown to work."""
    account = own_account(uow, actor)
    account.tf_primary_method, account.tf_totp_secret = "authenticator", totp_secret
    account.tf_last_step = step
    note_change(uow, actor, account.id, "application_set", at)


def make_recovery_codes(
    uow: UnitOfWork, actor: Actor, pepper: str, at: dt.datetime
) -> tuple[str, ...]:
    """New codes in place of all earlier ones, to be shown once; raises ``InvalidState``."""
    account = own_account(uow, actor)
    if not account.tf_totp_secret:
        message = N_("Recovery codes stand in for an authenticator application; set one up first.")
        raise InvalidState(reasons=[Problem("", message)])
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = tuple(_new_code() for _number in range(RECOVERY_CODES))
    uow.session.add_all(
        RecoveryCode(account_id=account.id, code_hash=_code_hash(one, pepper), created_at=at)
        for one in codes
    )
    note_change(uow, actor, account.id, "codes_made", at)
    return codes


def _new_code() -> str:
    """Eighty random bits in four groups of four."""
    letters = [secrets.choice(RECOVERY_LETTERS) for _place in range(RECOVERY_CODE_LENGTH)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, RECOVERY_CODE_LENGTH, 4))


def _code_hash(code: str, pepper: str) -> str:
    plain = plain_recovery_code(code).encode()
    return hmac.new(pepper.encode(), b"recovery:" + plain, hashlib.sha256).hexdigest()


def use_recovery_code(
    uow: UnitOfWork, account_id: int, typed: str, peppers: KeyRing, at: dt.datetime
) -> bool:
    """Take a recovery code of the account; False when it is none, or was taken before.

    One conditional statement, so that of two at the same moment one is refused.
    """
    taken = uow.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash.in_([_code_hash(typed, one) for one in peppers.all]),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
    )
    return taken.scalar_one_or_none() is not None
