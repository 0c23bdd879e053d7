"""What an objection link is for: the page that asks before anything is done."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.diff import Difference
from directory.domain.lifecycle import ProposalState
from directory.errors import NotFound
from directory.models.proposal import ObjectionLink, Proposal
from directory.policy import visible_to_all_readers
from directory.queries.current import CurrentEntry, read_entry
from directory.queries.proposal_facts import differences_of, proposed_of
from directory.services.objections import link_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionView:
    """The held change, for the holder of a link; ``usable`` is False once it opens nothing."""

    proposal_id: str
    entry_id: str
    state_code: str
    hold_until: dt.datetime | None
    #: What all readers may see of the change, and how many differences more there are.
    differences: tuple[Difference, ...]
    withheld: int
    usable: bool


def get_objection(
    session: Session, token: str, at: dt.datetime, link_keys: Sequence[str]
) -> ObjectionView:
    """The change the link is for; changes nothing. Raises ``NotFound`` for a link not made here."""
    link_id = link_of(token, link_keys)
    statement = (
        select(Proposal, ObjectionLink.used_at, ObjectionLink.expires_at)
        .join(ObjectionLink, ObjectionLink.proposal_id == Proposal.id)
        .where(ObjectionLink.id == link_id)
    )
    found = session.execute(statement).one_or_none() if link_id else None
    if found is None:
        raise NotFound("objection", "")
    proposal, used_at, expires_at = found
    held = proposal.state is ProposalState.ON_HOLD
    current = read_entry(session, proposal.entry_id)
    differences, withheld = _told(proposal, current) if held else ((), 0)
    return ObjectionView(
        proposal_id=proposal.id,
        entry_id=proposal.entry_id,
        state_code=proposal.state_code,
        hold_until=proposal.hold_until,
        differences=differences,
        withheld=withheld,
        usable=held and used_at is None and at < expires_at,
    )


def _told(proposal: Proposal, current: CurrentEntry | None) -> tuple[tuple[Difference, ...], int]:
    """What the change is for all readers, and how many differences are not for all of them.

    Whoever reads the mailbox holds the link, and has not signed in.
    """
    proposed = proposed_of(proposal)
    seen = replace(current, record=visible_to_all_readers(current.record)) if current else None
    told = differences_of(proposal, seen, visible_to_all_readers(proposed))
    return told, len(differences_of(proposal, current, proposed)) - len(told)
