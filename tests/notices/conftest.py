"""A directory with people of two States, a clock that is moved by hand, and a mail server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, select

from directory.domain.vocabulary import Role
from directory.exchange.mail import MailSigner
from directory.exchange.smtp import SmtpServer
from directory.models.notice import Notice as Row
from directory.parts import Parts
from directory.services.accounts import add_account
from directory.services.delivery import Deliveries, Post, deliver_due
from directory.services.mail_secrets import secrets_of
from directory.services.notices import Notice, queue
from tests.notices.postbox import Postbox, free_port, serving
from tests.support.door import Clock, trial_settings
from tests.support.factories import add_reference, authority, publication, publish_all
from tests.support.null_index import NullIndex

SENDER = "directory@example.org"
BASE_URL = "https://directory.example.org"
LINK_KEY = "a key of trials"
ENTRY = "RO-1"


@dataclass
class Office:
    """The directory's side: its database, its clock, its way to the mail server."""

    parts: Parts
    clock: Clock
    port: int
    signer: MailSigner | None = None
    accounts: dict[str, int] = field(default_factory=dict)

    def account(self, email: str, role: Role = Role.FOCAL_POINT, state: str = "RO") -> int:
        with self.parts.unit_of_work() as uow:
            made = add_account(uow, email, role, state, self.clock())
            return made.id

    def queue(self, *notices: Notice) -> None:
        with self.parts.unit_of_work() as uow:
            queue(uow, notices, self.clock())

    def tell(self, address: str = "desk@justice.example", **fields: Any) -> None:
        """Queue a notice about the entry to a mailbox without an account."""
        given: dict[str, Any] = {
            "kind": "suspended",
            "key": f"trial:{address}",
            "address": address,
            "params": {"entry": ENTRY, "state": "RO"},
        }
        self.queue(Notice(**(given | fields)))

    def post(self, **fields: Any) -> Post:
        given: dict[str, Any] = {
            "sender": SENDER,
            "base_url": BASE_URL,
            "secrets_of": partial(secrets_of, key=LINK_KEY),
            "server": SmtpServer(host="127.0.0.1", port=self.port, tls="none"),
            "signer": self.signer,
        }
        return Post(**(given | fields))

    def deliver(self, **fields: Any) -> Deliveries:
        """One round of the worker."""
        post = self.post(**fields)
        try:
            return deliver_due(self.parts.unit_of_work, post, self.clock)
        finally:
            if post.server:
                post.server.close()

    def rows(self) -> list[Row]:
        with self.parts.reading() as session:
            return list(session.scalars(select(Row).order_by(Row.id)))

    def row(self) -> Row:
        (only,) = self.rows()
        return only


@pytest.fixture
def office(engine: Engine) -> Office:
    clock = Clock()
    parts = Parts(settings=trial_settings(engine), engine=engine, index=NullIndex(), clock=clock)
    add_reference(engine)
    publish_all(engine, publication(ENTRY, authority("Ministry of Justice")))
    return Office(parts, clock, free_port())


@pytest.fixture
def postbox(office: Office) -> Iterator[Postbox]:
    with serving(Postbox(office.port)) as box:
        yield box
