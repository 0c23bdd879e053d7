"""Second-factor secrets in the database: encrypted under the field key, whichever was current."""

import json
from typing import Any

from passlib.totp import TOTP, AppWallet
from sqlalchemy import select, update

from directory.db.unit_of_work import UnitOfWork
from directory.domain.key_ring import KeyRing, key_name
from directory.models.account import Account

#: Tag of the key that was used before keys had names.
FIRST_TAG = "1"


def secrets_by_tag(keys: KeyRing) -> dict[str, str]:
    """Tag -> key, the current one first; a secret says under which tag it was encrypted."""
    return {**{key_name(one): one for one in keys.all}, FIRST_TAG: keys.oldest}


def make_totp(secrets: dict[Any, str], issuer: str) -> Any:
    """The library's factory, which encrypts under the first of the secrets."""
    wallet = AppWallet(secrets, default_tag=next(iter(secrets)))
    return TOTP.using(issuer=issuer, wallet=wallet)


def tag_of(kept: str) -> str:
    """The tag of the key that a kept secret is encrypted under."""
    return str(json.loads(kept).get("enckey", {}).get("t", ""))


def renew_secrets(uow: UnitOfWork, keys: KeyRing) -> int:
    """Encrypt every secret under the current key; gives how many were not.

    Raises ``ValueError`` when one was encrypted under a key that was dropped.
    """
    totp = make_totp(secrets_by_tag(keys), "renewal")
    renewed = 0
    kept = select(Account.id, Account.tf_totp_secret).where(Account.tf_totp_secret.is_not(None))
    for account_id, before in uow.session.execute(kept).all():
        opened = totp.from_source(before)
        if not opened.changed:
            continue
        unchanged = (Account.id == account_id, Account.tf_totp_secret == before)
        after = opened.to_json(encrypt=True)
        uow.session.execute(update(Account).where(*unchanged).values(tf_totp_secret=after))
        renewed += 1
    return renewed
