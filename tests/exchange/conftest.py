"""A small directory of both databases with a focal point of Romania, who may import."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, MetaData, select
from sqlalchemy.orm import Session

from directory.composition import create_app
from directory.domain.vocabulary import ChannelKind, ChannelPurpose, Role
from directory.exchange.export import ExportedEntry
from directory.models.proposal import Proposal
from directory.parts import Parts
from directory.policy import SYSTEM, Actor
from directory.queries.exports import ExportFilters, actor_by_email, entries_to_export
from directory.services.accounts import add_account, set_password
from directory.services.tokens import create_token
from directory.services.workflow import Workflow, workflow
from tests.exchange.files import an_authority
from tests.support import factories as make
from tests.support.door import PASSWORD, PEPPER, Clock, sign_in, trial_settings
from tests.support.null_index import NullIndex

FOCAL, FRENCH, READER = "focal@ro.example", "focal@fr.example", "reader@ro.example"
AUTHORITY, POINT, OFFICER, REQUIREMENTS, ABROAD = "RO-A", "RO-P", "RO-L", "RO-R", "FR-A"


@dataclass
class Desk:
    """The directory and its people."""

    parts: Parts
    app: Flask

    @property
    def workflow(self) -> Workflow:
        return workflow(self.parts.settings)

    def actor(self, email: str = FOCAL) -> Actor:
        with self.parts.reading() as session:
            return actor_by_email(session, email, self.parts.today())

    def client(self, email: str = FOCAL) -> FlaskClient:
        client = self.app.test_client()
        assert sign_in(client, email).status_code == 302
        return client

    def token(self, *scopes: str, email: str = FOCAL) -> str:
        with self.parts.unit_of_work() as uow:
            return create_token(uow, SYSTEM, email, "trial", self.parts.clock(), scopes=scopes)

    def exported(self, actor: Actor | None = None) -> tuple[ExportedEntry, ...]:
        with self.parts.reading() as session:
            filters = ExportFilters(states=("RO",))
            who = actor or self.actor()
            found = entries_to_export(who, session, filters, self.parts.today())
            return tuple(found)

    def proposals(self) -> list[Proposal]:
        with Session(self.parts.engine) as session:
            return list(session.scalars(select(Proposal).order_by(Proposal.entry_id)))

    def rows(self) -> dict[str, list[Any]]:
        """Everything the database holds, but the refusals that the log keeps."""
        known = MetaData()
        known.reflect(self.parts.engine)
        left_out = {"change_log", "log_node", "person_key", "login_session", "api_token"}
        with self.parts.engine.connect() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(select(table))))
                for table in known.sorted_tables
                if table.name not in left_out
            }


@pytest.fixture
def desk(engine: Engine) -> Desk:
    make.add_reference(engine)
    clock = Clock()
    settings = trial_settings(engine, demo=True)
    parts = Parts(settings=settings, engine=engine, index=NullIndex(), clock=clock)
    people = (
        (FOCAL, Role.FOCAL_POINT, "RO"),
        (FRENCH, Role.FOCAL_POINT, "FR"),
        (READER, Role.READER, "RO"),
    )
    with parts.unit_of_work() as uow:
        for email, role, state in people:
            made = add_account(uow, email, role, state, clock(), demo=True)
            set_password(uow, made, PASSWORD, PEPPER, clock())
    urgent = make.channel("+40217654321", kind=ChannelKind.TELEPHONE, purpose=ChannelPurpose.URGENT)
    make.publish_all(
        engine,
        make.publication(AUTHORITY, an_authority()),
        make.publication(POINT, make.contact_point(channels=(urgent,))),
        make.publication(OFFICER, make.officer()),
        make.publication(REQUIREMENTS, make.requirements(contents=("a", "b"))),
        make.publication(ABROAD, an_authority(), state="FR"),
    )
    return Desk(parts, create_app(settings, parts))
