"""An office with officers, focal points and readers, and what they ask of one another."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import Role
from directory.models.account import Account, AccountRequest, AccountRole, Invitation
from directory.models.change_log import LogEvent
from directory.models.notice import Notice
from directory.policy import SYSTEM, Actor
from directory.queries.account_files import AccountFile, load_file
from directory.services import account_requests as requests
from directory.services.account_domains import add_domain, agree_domain
from directory.services.account_requests import Wanted
from directory.services.accounts import accept_invitation, add_invitation, prepare_invited
from directory.services.invitations import AccountRules, account_rules, secret_of
from directory.services.secrets import new_secret
from directory.services.workflow import workflow
from tests.support.door import PASSWORD, PEPPER, Place, open_place

NEW = "new@mj.fr.example"


def invite(uow: UnitOfWork, email: str, role: Role, state: str, at: dt.datetime) -> str:
    """The secret of a link, as the operator's command makes one."""
    account = prepare_invited(uow, SYSTEM, email, role, state, at)
    return add_invitation(uow, account.id, new_secret(), at)


@dataclass
class Office:
    """The place, and the people by name."""

    place: Place
    people: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    def id(self, name: str) -> int:
        account_id = self[name].account_id
        assert account_id is not None
        return account_id

    @property
    def rules(self) -> AccountRules:
        return account_rules(self.place.parts.settings)

    @property
    def now(self) -> dt.datetime:
        return self.place.clock()

    def add(self, name: str, role: Role, state: str = "") -> None:
        """Somebody who has come in."""
        email = f"{name}@{state.lower() or 'secretariat'}.example"
        account = self.place.account(email, role, state, demo=False)
        self.people[name] = Actor(
            email, account, state=state, roles=frozenset({role}), is_fresh=True
        )

    def do(self, act: Callable[..., Any], *given: object, **options: object) -> Any:
        """One act in a transaction of its own, at the moment of the clock."""
        with self.place.work() as uow:
            return act(uow, *given, at=self.now, **options)

    def ask(self, asker: str, email: str = NEW, role: Role = Role.READER, **given: Any) -> int:
        """Ask for a new account; gives its number."""
        wanted = {"state": "FR", "authority": "Ministry of Justice"} | given
        with self.place.work() as uow:
            made = requests.ask_account(
                uow,
                self[asker],
                Wanted(email=email, role=role, **wanted),
                self.rules,
                self.now,
            )
            return made.account_id

    def request_of(self, account_id: int) -> int:
        with self.place.parts.reading() as session:
            query = select(AccountRequest.id).where(AccountRequest.account_id == account_id)
            return session.scalars(query.order_by(AccountRequest.id.desc())).first() or 0

    def approve(self, officer: str, account_id: int) -> None:
        """The officer agrees to what was asked for last."""
        self.do(requests.approve, self[officer], self.request_of(account_id), self.rules)

    def file(self, account_id: int) -> AccountFile:
        with self.place.parts.reading() as session:
            return load_file(session, account_id, self.now.date())

    def link(self, account_id: int) -> str:
        """The secret in the last invitation's mail."""
        params = [one.params for one in self.notices("account_invited", account_id)]
        return secret_of(
            params[-1]["invitation_link"], workflow(self.place.parts.settings).link_keys
        )

    def accept(self, account_id: int) -> None:
        """The owner chooses a password."""
        self.do(_accept, self.link(account_id))

    def notices(self, kind: str, account_id: int | None = None) -> list[Notice]:
        with self.place.parts.reading() as session:
            query = select(Notice).where(Notice.kind == kind).order_by(Notice.id)
            if account_id is not None:
                query = query.where(Notice.account_id == account_id)
            return list(session.scalars(query))

    def told(self, kind: str) -> set[str]:
        """Names of those who got such a notice."""
        ids = {one.account_id for one in self.notices(kind)}
        return {name for name, actor in self.people.items() if actor.account_id in ids}

    def actions(self) -> list[str]:
        """What the change log says was done."""
        with self.place.parts.reading() as session:
            return list(session.scalars(select(LogEvent.action).order_by(LogEvent.sequence)))

    def set(self, account_id: int, **values: object) -> None:
        """Change the row itself, as time would."""
        with self.place.work() as uow:
            account = uow.session.get_one(Account, account_id)
            for name, value in values.items():
                setattr(account, name, value)

    def roles(self, account_id: int) -> dict[Role, dt.date | None]:
        with self.place.parts.reading() as session:
            rows = session.scalars(select(AccountRole).where(AccountRole.account_id == account_id))
            return {row.role: row.ends_on for row in rows}

    def open_links(self, account_id: int) -> int:
        with self.place.parts.reading() as session:
            open_ = (Invitation.account_id == account_id, Invitation.used_at.is_(None))
            return len(session.scalars(select(Invitation.id).where(*open_)).all())


def _accept(uow: UnitOfWork, secret: str, at: dt.datetime) -> None:
    accept_invitation(uow, secret, PASSWORD, PEPPER, at)


def open_office(engine: Engine) -> Office:
    """Two verifiers, two administrators, focal points and a reader; FR has agreed a domain."""
    office = Office(open_place(engine))
    for name, role, state in (
        ("vera", Role.VERIFIER, ""),
        ("vito", Role.VERIFIER, ""),
        ("ada", Role.ADMINISTRATOR, ""),
        ("otto", Role.AUDITOR, ""),
        ("fay", Role.FOCAL_POINT, "FR"),
        ("rob", Role.FOCAL_POINT, "RO"),
        ("lea", Role.READER, "FR"),
    ):
        office.add(name, role, state)
    office.do(add_domain, office["ada"], "FR", "mj.fr.example", office.rules)
    office.do(agree_domain, office["vera"], "mj.fr.example")
    return office
