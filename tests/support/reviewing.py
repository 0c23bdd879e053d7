"""Proposals made through the services, for the pages of officers to be tried on."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from directory.domain.lifecycle import ProposalKind
from directory.domain.record import Channel, Record, RequirementsRecord
from directory.domain.vocabulary import ChannelKind, Role
from directory.models.account import Account, AccountRole
from directory.parts import Parts
from directory.policy import Actor
from directory.queries.current import CurrentEntry, read_entry
from directory.queries.proposals import ProposalView, get_proposal
from directory.services import proposals
from directory.services.proposals import Draft, EvidenceFile
from directory.services.workflow import workflow
from tests.support.pdf import PLAIN_PDF

#: A number of the kind that is reserved for stories.
NEW_NUMBER = "+40 21 000 0199"
PDF = EvidenceFile(file_name="note verbale.pdf", content=PLAIN_PDF, released=True)

Change = Callable[[Record], Record]


@dataclass
class Desk:
    """People of the demonstration who act on one directory."""

    parts: Parts
    #: Who looks when nobody is named.
    officer: str = "verifier.a@demo.example"
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, email: str) -> Actor:
        """The person with that address."""
        if email not in self._actors:
            self._actors[email] = read_actor(self.parts, email)
        return self._actors[email]

    def do(self, email: str, act: Callable[..., Any], *given: Any) -> Any:
        """One act of that person now, in a transaction: ``act(uow, actor, *given)``."""
        with self.parts.unit_of_work() as uow:
            return act(uow, self.actor(email), *given)

    def view(self, proposal_id: str, email: str = "") -> ProposalView:
        """The proposal as that person sees it."""
        email = email or self.officer
        with self.parts.reading() as session:
            return get_proposal(self.actor(email), session, proposal_id, self.parts.clock())

    def version(self, proposal_id: str) -> int:
        return self.view(proposal_id).head.version

    def entry(self, entry_id: str) -> CurrentEntry:
        """The entry as it stands."""
        with self.parts.reading() as session:
            found = read_entry(session, entry_id)
        assert found is not None
        return found

    def propose(
        self,
        email: str,
        entry_id: str,
        change: Change,
        *,
        evidence: bool = False,
        submit: bool = True,
        **given: Any,
    ) -> str:
        """A proposal of that person to change the entry, submitted unless told; gives its id."""
        current, at = self.entry(entry_id), self.parts.clock()
        given.setdefault("reason", "The office has moved to another exchange.")
        draft = Draft(
            kind=ProposalKind.AMEND,
            record=change(current.record),
            entry_id=entry_id,
            base_revision=current.revision,
            **given,
        )
        proposal_id: str = self.do(email, proposals.save_draft, draft, at)
        version = 1
        if evidence:
            version = self.do(email, proposals.add_evidence, proposal_id, version, at, PDF)
        if submit:
            settings = workflow(self.parts.settings)
            self.do(email, proposals.submit, proposal_id, version, at, settings)
        return proposal_id


def read_actor(parts: Parts, email: str) -> Actor:
    """The account with that address, as it acts."""
    with parts.reading() as session:
        account = session.scalars(select(Account).where(Account.email == email)).one()
        roles = session.scalars(
            select(AccountRole.role).where(AccountRole.account_id == account.id)
        ).all()
    return Actor(
        name=email,
        account_id=account.id,
        state=account.state_code or "",
        roles=frozenset(Role(role) for role in roles),
        is_fresh=True,
    )


def with_number(value: str = NEW_NUMBER) -> Change:
    """The first telephone gets another number; everything else stays."""

    def change(record: Record) -> Record:
        assert not isinstance(record, RequirementsRecord)
        channels = list(record.channels)
        place = next(at for at, one in enumerate(channels) if one.kind is ChannelKind.TELEPHONE)
        channels[place] = replace(channels[place], value=value, as_given="", warning="")
        return replace(record, channels=tuple(channels))

    return change


def with_another_number(value: str = NEW_NUMBER) -> Change:
    """A further telephone beside those on record."""

    def change(record: Record) -> Record:
        assert not isinstance(record, RequirementsRecord)
        added = Channel(kind=ChannelKind.TELEPHONE, value=value)
        return replace(record, channels=(*record.channels, added))

    return change


def with_note(text: str) -> Change:
    """Another note: a descriptive change."""
    return lambda record: replace(record, note=text)
