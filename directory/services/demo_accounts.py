"""The accounts of a demonstration: one for each role, with passwords made on the spot."""

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import select, update

from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import CooperationType as Type
from directory.domain.vocabulary import Role
from directory.errors import InvalidState
from directory.models.account import Account
from directory.services.accounts import add_account, set_password
from directory.settings import Settings

#: Bytes of randomness in a password that is copied by hand.
PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who plays which part; the authorities are invented."""

    email: str
    role: Role
    state: str = ""
    authority: str = ""
    types: frozenset[Type] = frozenset()


DEMO_ACCOUNTS = (
    DemoAccount(
        "reader.fr@demo.example",
        Role.READER,
        "FR",
        "Demonstration prosecution office, France",
        frozenset({Type.MLA, Type.EXTRADITION, Type.ASSET_RECOVERY}),
    ),
    DemoAccount(
        "reader.jp@demo.example",
        Role.READER,
        "JP",
        "Demonstration ministry of justice, Japan",
        frozenset({Type.MLA, Type.E_EVIDENCE}),
    ),
    DemoAccount(
        "focal.fr@demo.example", Role.FOCAL_POINT, "FR", "Demonstration focal point, France"
    ),
    DemoAccount(
        "focal.ro@demo.example", Role.FOCAL_POINT, "RO", "Demonstration focal point, Romania"
    ),
    DemoAccount("verifier.a@demo.example", Role.VERIFIER, authority="Secretariat"),
    DemoAccount("verifier.b@demo.example", Role.VERIFIER, authority="Secretariat"),
    DemoAccount("admin@demo.example", Role.ADMINISTRATOR, authority="Secretariat"),
    DemoAccount("auditor@demo.example", Role.AUDITOR, authority="Secretariat"),
)


def ensure_demo_accounts(uow: UnitOfWork, settings: Settings, at: dt.datetime) -> dict[str, str]:
    """Make the missing ones; address -> password of those made now, which is told only once.

    Needs the States of the seed data. Raises ``InvalidState`` where no demonstration is meant.
    """
    if not settings.demo:
        raise InvalidState("Demonstration accounts exist only where the setting demo is true.")
    addresses = [one.email for one in DEMO_ACCOUNTS]
    # Nobody confirms the accounts of a demonstration; whoever prepares it does.
    uow.session.execute(update(Account).where(Account.demo).values(confirmed_on=at.date()))
    known = set(uow.session.scalars(select(Account.email).where(Account.email.in_(addresses))))
    passwords = {
        one.email: secrets.token_urlsafe(PASSWORD_BYTES)
        for one in DEMO_ACCOUNTS
        if one.email not in known
    }
    for one in DEMO_ACCOUNTS:
        if one.email in passwords:
            account = add_account(
                uow,
                one.email,
                one.role,
                one.state,
                at,
                authority=one.authority,
                types=one.types,
                demo=True,
            )
            set_password(uow, account, passwords[one.email], settings.password_pepper, at)
    return passwords
