"""Browsers that an account has signed in from; its owner is told of each new one."""

import datetime as dt

from sqlalchemy import delete, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.browsers import browser_name
from directory.models.sign_in import KnownDevice
from directory.services.notices import Notice, queue
from directory.services.secrets import hash_secret
from directory.services.sessions import Browser

#: A browser not seen for so long is new again.
DEVICES_KEPT = dt.timedelta(days=400)


def recognise_device(uow: UnitOfWork, account_id: int, secret: str, at: dt.datetime) -> bool:
    """Note that the account signs in from the browser with that secret; was it known?"""
    forgotten = KnownDevice.last_seen_at < at - DEVICES_KEPT
    uow.session.execute(delete(KnownDevice).where(forgotten))
    which = (KnownDevice.id == hash_secret(secret), KnownDevice.account_id == account_id)
    known = uow.session.scalar(select(KnownDevice).where(*which))
    if known is not None:
        known.last_seen_at = at
        return True
    uow.session.add(
        KnownDevice(
            id=hash_secret(secret), account_id=account_id, first_seen_at=at, last_seen_at=at
        )
    )
    return False


def tell_of_new_device(uow: UnitOfWork, account_id: int, browser: Browser, at: dt.datetime) -> None:
    """Write to the owner that somebody signed in from a browser not seen before."""
    notice = Notice(
        kind="new_device",
        key=f"new_device:{account_id}:{browser.device_id}",
        account_id=account_id,
        params={
            "browser": browser_name(browser.user_agent),
            "network": browser.network,
            "moment": at.isoformat(),
        },
    )
    queue(uow, [notice], at)
