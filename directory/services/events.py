"""Events of proposals that do not move them to another state."""

import datetime as dt
from typing import Any

from directory.domain.events import Doer, Event
from directory.models.proposal import Proposal


def proposal_event(
    action: str, proposal: Proposal, doer: Doer, at: dt.datetime, **facts: Any
) -> Event:
    """That something was done with the proposal as it stands."""
    return Event(
        at=at,
        doer=doer,
        action=action,
        subject_kind="proposal",
        subject_id=proposal.id,
        after={"state": proposal.state.value, "version": proposal.version, **facts},
    )
