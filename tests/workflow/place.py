"""A small directory with people of three States and the secretariat, to try the workflow in."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.lifecycle import CallBackResult, ProposalKind, ProposalState
from directory.domain.record import AuthorityRecord, Record
from directory.domain.vocabulary import ChannelKind, ChannelPurpose, Role
from directory.models.account import Account, AccountRole
from directory.models.change_log import LogEvent
from directory.models.notice import Notice
from directory.models.proposal import Proposal
from directory.policy import Actor
from directory.queries.current import CurrentEntry, read_entry
from directory.services import holds, proposals, reviews
from directory.services.proposals import Draft
from directory.services.reviews import CallBackForm
from directory.services.workflow import Workflow
from tests.support import factories as make

AT = make.AT
HOLD = dt.timedelta(hours=72)
DAY = dt.timedelta(days=1)
WORKFLOW = Workflow(link_key="k" * 32, hold=HOLD)
#: When the entries were published; long before anything is proposed.
LONG_AGO = AT - 400 * DAY

OLD, SECOND, NEW = "+40211234567", "+40211234568", "+40219999999"
MAILBOX = "desk@justice.example"
AUTHORITY, POINT, OTHER, FRENCH = "RO-AAAAAA", "RO-PPPPPP", "RO-BBBBBB", "FR-AAAAAA"

#: Name -> number, State and roles of an account.
PEOPLE: dict[str, tuple[int, str, tuple[Role, ...]]] = {
    "ana": (1, "RO", (Role.FOCAL_POINT,)),
    "bogdan": (2, "RO", (Role.FOCAL_POINT,)),
    "claire": (3, "FR", (Role.FOCAL_POINT,)),
    "vera": (4, "", (Role.VERIFIER,)),
    "victor": (5, "", (Role.VERIFIER,)),
    "viola": (6, "", (Role.VERIFIER,)),
    "adam": (7, "", (Role.ADMINISTRATOR,)),
    "otto": (8, "", (Role.AUDITOR,)),
    "rita": (9, "JP", (Role.READER,)),
    # Whatever roles they hold: of the State and of the secretariat at once.
    "dora": (10, "RO", (Role.FOCAL_POINT, Role.VERIFIER)),
    "vasile": (11, "RO", (Role.VERIFIER,)),
}

Result = TypeVar("Result")


def person(name: str) -> Actor:
    number, state, roles = PEOPLE[name]
    return Actor(
        name=f"{name}@example.org",
        account_id=number,
        state=state,
        roles=frozenset(roles),
        is_fresh=True,
    )


def telephone(value: str = OLD, **fields: Any) -> Any:
    return make.channel(value, kind=ChannelKind.TELEPHONE, **fields)


def an_authority(**fields: Any) -> AuthorityRecord:
    fields.setdefault("channels", (telephone(OLD), telephone(SECOND), make.channel(MAILBOX)))
    return make.authority("Ministry of Justice", **fields)


def a_point(**fields: Any) -> Record:
    fields.setdefault(
        "channels",
        (
            telephone("+40217654321", purpose=ChannelPurpose.URGENT),
            telephone("+40217654322", purpose=ChannelPurpose.GENERAL),
        ),
    )
    return make.contact_point(**fields)


@dataclass
class Place:
    """The directory at a moment; each act is a transaction of its own."""

    engine: Engine
    at: dt.datetime = AT
    told: list[object] = field(default_factory=list)

    def work(self) -> UnitOfWork:
        return UnitOfWork(self.engine, [self.told.extend])

    def do(self, act: Callable[..., Result], *given: Any, **named: Any) -> Result:
        with self.work() as uow:
            return act(uow, *given, **named)

    def later(self, by: dt.timedelta) -> None:
        self.at += by

    def proposal(self, proposal_id: str) -> Proposal:
        with Session(self.engine) as session:
            return session.get_one(Proposal, proposal_id)

    def version(self, proposal_id: str) -> int:
        return self.proposal(proposal_id).version

    def entry(self, entry_id: str = AUTHORITY) -> CurrentEntry:
        with Session(self.engine) as session:
            found = read_entry(session, entry_id)
        assert found is not None
        return found

    def notices(self, kind: str) -> list[Notice]:
        with Session(self.engine) as session:
            wanted = select(Notice).where(Notice.kind == kind).order_by(Notice.id)
            return list(session.scalars(wanted))

    def actions(self) -> list[str]:
        with Session(self.engine) as session:
            return list(session.scalars(select(LogEvent.action).order_by(LogEvent.sequence)))

    # --- acts

    def draft(
        self, record: Record | None, who: str = "ana", entry_id: str = AUTHORITY, **fields: Any
    ) -> str:
        """Save a draft of a change of the entry, made against its current revision."""
        fields.setdefault("kind", ProposalKind.AMEND)
        fields.setdefault("reason", "The office says so.")
        if fields["kind"] is not ProposalKind.CREATE:
            fields.setdefault("base_revision", self.entry(entry_id).revision)
            fields["entry_id"] = entry_id
        return self.do(proposals.save_draft, person(who), Draft(record=record, **fields), self.at)

    def submit(self, proposal_id: str, who: str = "ana", workflow: Workflow = WORKFLOW) -> int:
        version = self.version(proposal_id)
        return self.do(proposals.submit, person(who), proposal_id, version, self.at, workflow)

    def submitted(self, record: Record | None, who: str = "ana", **fields: Any) -> str:
        proposal_id = self.draft(record, who, **fields)
        self.submit(proposal_id, who)
        return proposal_id

    def act(self, name: str, who: str, proposal_id: str, *more: Any) -> int:
        """An act of ``services.reviews`` or ``services.holds`` on the version as it is now."""
        function = getattr(reviews, name, None) or getattr(holds, name)
        version = self.version(proposal_id)
        found: int = self.do(function, person(who), proposal_id, version, self.at, *more)
        return found

    def call(self, who: str, proposal_id: str, **fields: Any) -> int:
        return self.act("record_call_back", who, proposal_id, a_call(**fields))

    def verified(
        self, record: Record | None, who: str = "ana", call_on: str = SECOND, **fields: Any
    ) -> str:
        """Submitted, taken, called back (on that number) and verified by vera."""
        proposal_id = self.submitted(record, who, **fields)
        self.act("take", "vera", proposal_id)
        self.call("vera", proposal_id, channel_value=call_on)
        self.act("verify", "vera", proposal_id)
        return proposal_id

    def held(self, record: Record | None, who: str = "ana", **fields: Any) -> str:
        """The same, and approved by victor."""
        proposal_id = self.verified(record, who, **fields)
        self.act("approve", "victor", proposal_id, WORKFLOW)
        return proposal_id

    def deliver(self) -> None:
        """The worker sends every notice at once."""
        waiting = update(Notice).where(Notice.sent_at.is_(None))
        with self.work() as uow:
            uow.session.execute(waiting.values(sent_at=Notice.created_at, next_attempt_at=None))

    def publish_due(self) -> list[str]:
        self.deliver()
        return self.do(holds.publish_due, self.at)

    def state(self, proposal_id: str) -> ProposalState:
        return self.proposal(proposal_id).state


def a_call(**fields: Any) -> CallBackForm:
    """A call to the second number, answered by somebody who knows."""
    given: dict[str, Any] = {
        "result": CallBackResult.CONFIRMED,
        "channel_kind": ChannelKind.TELEPHONE,
        "channel_value": SECOND,
        "function": "Head of the registry",
        "question": "Which floor is the registry on?",
        "answered": True,
    }
    return CallBackForm(**(given | fields))


def with_new_number(record: Record, old: str = OLD, new: str = NEW) -> Record:
    """The record with one telephone renumbered."""
    assert isinstance(record, AuthorityRecord)
    channels = tuple(
        replace(one, value=new) if one.value == old else one for one in record.channels
    )
    return replace(record, channels=channels)


def with_note(text: str = "Ring twice.") -> Record:
    return an_authority(note=text)


def with_languages() -> Record:
    """A substantive change."""
    return an_authority(languages_accepted=("en", "fr"))


def with_ministry(text: str = "Ministry of the Interior") -> Record:
    """A routing-critical change of something else than a channel."""
    return an_authority(ministry=text)


def add_people(engine: Engine) -> None:
    """The accounts of ``PEOPLE``."""
    rows: list[dict[str, Any]] = [
        {
            "id": number,
            "email": f"{name}@example.org",
            "fs_uniquifier": name,
            "state_code": state or None,
            "cooperation_types": [],
            "created_at": LONG_AGO,
        }
        for name, (number, state, _) in PEOPLE.items()
    ]
    roles = [
        {"account_id": number, "role": role}
        for number, _, roles in PEOPLE.values()
        for role in roles
    ]
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(Account), rows)
        uow.session.execute(insert(AccountRole), roles)


def add_entries(engine: Engine) -> None:
    """Two authorities and a point of Romania, an authority of France."""
    make.publish_all(
        engine,
        make.publication(AUTHORITY, an_authority(), at=LONG_AGO),
        make.publication(
            OTHER, make.authority("Court", channels=(telephone("+40213333333"),)), at=LONG_AGO
        ),
        make.publication(POINT, a_point(), at=LONG_AGO),
        make.publication(FRENCH, an_authority(), state="FR", at=LONG_AGO),
    )


def furnish(engine: Engine) -> Place:
    """The place with everything in it."""
    make.add_reference(engine)
    add_people(engine)
    add_entries(engine)
    return Place(engine)
