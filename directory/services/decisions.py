"""Publishing a proposal: the revision, its event, the rivals it supersedes, what must be told."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.diff import merge
from directory.domain.events import SYSTEM_DOER, Doer, Event
from directory.domain.lifecycle import Action, ProposalKind, ProposalState, transition
from directory.domain.record import Record
from directory.domain.vocabulary import ConfirmationMethod, EntryStatus
from directory.models.proposal import Evidence, Proposal
from directory.queries.current import CurrentEntry, read_revisions
from directory.queries.proposal_facts import UNCHANGED, proposed_of
from directory.queries.reference import read_book
from directory.services.cases import content_facts, move
from directory.services.confirmations import confirm_as
from directory.services.entry_rows import Confirmation, Publication
from directory.services.notices import Notice, queue
from directory.services.publishing import publish

#: Open proposals that a publication can make void.
RIVALS = tuple(state for state in ProposalState if transition(state, Action.SUPERSEDE))


def read_evidence_hashes(session: Session, proposal_id: str) -> tuple[str, ...]:
    """SHA-256 of the files given with the proposal, in hexadecimal."""
    statement = select(Evidence.sha256).where(Evidence.proposal_id == proposal_id)
    return tuple(session.scalars(statement.order_by(Evidence.id)))


def publish_proposal(
    uow: UnitOfWork,
    proposal: Proposal,
    action: Action,
    current: CurrentEntry | None,
    record: Record,
    doer: Doer,
    at: dt.datetime,
    *,
    unreviewed: bool = False,
) -> int:
    """Make the proposal a revision, or a confirmation; gives its new version.

    ``action`` is the act that led to it. All of it is one transaction with that act.
    """
    evidence = read_evidence_hashes(uow.session, proposal.id)
    facts = content_facts(proposal)
    reason = proposal.reason
    event = move(
        proposal,
        action,
        ProposalState.PUBLISHED,
        doer,
        at,
        reason=reason,
        evidence=evidence,
        **facts,
    )
    if proposal.kind is ProposalKind.CONFIRM and current is not None:
        confirm_as(uow, [current], doer, proposal.proposer_id, at, also=[event])
        return proposal.version
    base = current.revision if current else 0
    proposal.published_revision = base + 1
    rivals = _supersede_rivals(uow, proposal, record, at)
    publication = _publication(uow, proposal, current, record, doer, at, evidence, unreviewed)
    publish(uow, [publication], also=[event, *(one for _, one in rivals)])
    queue(uow, _notices(proposal, [rival for rival, _ in rivals], doer), at)
    return proposal.version


def _publication(
    uow: UnitOfWork,
    proposal: Proposal,
    current: CurrentEntry | None,
    record: Record,
    doer: Doer,
    at: dt.datetime,
    evidence: tuple[str, ...],
    unreviewed: bool,
) -> Publication:
    status = _status(proposal, current)
    return Publication(
        entry_id=proposal.entry_id,
        state=proposal.state_code,
        record=record,
        # Readers see this; the names of those who proposed and verified stand sealed in the log.
        by=f"proposal {proposal.id}",
        at=at,
        reason=proposal.reason,
        base=current.revision if current else 0,
        status=status,
        synthetic=current.synthetic if current else False,
        confirmation=_confirmation(uow, proposal, at),
        doer=doer,
        evidence=evidence,
        alternative=_alternative(proposal, current, status),
        unreviewed=unreviewed,
    )


def _status(proposal: Proposal, current: CurrentEntry | None) -> EntryStatus:
    by_kind = {
        ProposalKind.SUSPEND: EntryStatus.SUSPENDED,
        ProposalKind.RETIRE: EntryStatus.RETIRED,
        ProposalKind.RESTORE: EntryStatus.PUBLISHED,
        ProposalKind.CREATE: EntryStatus.PUBLISHED,
    }
    return by_kind.get(proposal.kind) or (current.status if current else EntryStatus.PUBLISHED)


def _alternative(proposal: Proposal, current: CurrentEntry | None, status: EntryStatus) -> str:
    if status is not EntryStatus.SUSPENDED:
        return ""
    if proposal.kind is ProposalKind.SUSPEND:
        return proposal.alternative_id
    return current.alternative_id if current else ""


def _confirmation(uow: UnitOfWork, proposal: Proposal, at: dt.datetime) -> Confirmation | None:
    """A new entry is all said by its State on that day; a change confirms nothing."""
    if proposal.kind is not ProposalKind.CREATE:
        return None
    state = read_book(uow.session).states[proposal.state_code]
    return Confirmation(on=at.date(), by=state.name(), how=ConfirmationMethod.STATE)


def _supersede_rivals(
    uow: UnitOfWork, winner: Proposal, record: Record, at: dt.datetime
) -> list[tuple[Proposal, Event]]:
    """End the open proposals on the same entry that cannot be merged with the new revision."""
    statement = (
        select(Proposal)
        .where(
            Proposal.entry_id == winner.entry_id,
            Proposal.id != winner.id,
            Proposal.state.in_(RIVALS),
        )
        .order_by(Proposal.id)
        .with_for_update()
    )
    rivals = uow.session.scalars(statement).all()
    found = []
    for rival in _beaten(uow.session, winner, record, rivals):
        rival.decision_code = "superseded"
        event = move(
            rival, Action.SUPERSEDE, ProposalState.SUPERSEDED, SYSTEM_DOER, at, winner=winner.id
        )
        found.append((rival, event))
    return found


def _beaten(
    session: Session, winner: Proposal, record: Record, rivals: Sequence[Proposal]
) -> list[Proposal]:
    if not rivals:
        return []
    if winner.kind in UNCHANGED:
        # The record stays; only what asks for the same kind of thing has become void.
        gone = winner.kind is ProposalKind.RETIRE
        return [one for one in rivals if gone or one.kind is winner.kind]
    wanted = [(one.entry_id, one.base_revision) for one in rivals if one.kind not in UNCHANGED]
    bases = read_revisions(session, winner.entry_kind, wanted)
    return [one for one in rivals if one.kind not in UNCHANGED and _clashes(one, bases, record)]


def _clashes(rival: Proposal, bases: dict[tuple[str, int], Record], record: Record) -> bool:
    base = bases.get((rival.entry_id, rival.base_revision))
    return base is None or merge(base, proposed_of(rival), record).record is None


def _notices(proposal: Proposal, beaten: Iterable[Proposal], doer: Doer) -> list[Notice]:
    told = [_notice("published", proposal)] if doer.account_id != proposal.proposer_id else []
    return told + [_notice("superseded", rival) for rival in beaten]


def _notice(kind: str, proposal: Proposal) -> Notice:
    return Notice(
        kind=kind,
        key=f"{kind}:{proposal.id}:{proposal.version}:{proposal.proposer_id}",
        account_id=proposal.proposer_id,
        params=told_of(proposal),
    )


def told_of(proposal: Proposal, **more: str) -> dict[str, str]:
    """What every notice about a proposal is filled with."""
    return {
        "proposal": proposal.id,
        "entry": proposal.entry_id,
        "state": proposal.state_code,
        "kind": proposal.kind.value,
        "text": proposal.decision_text,
        "code": proposal.decision_code,
        "alternative": proposal.alternative_id,
        **more,
    }
