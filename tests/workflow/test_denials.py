"""A call-back that was denied stays denied, whoever hands the same in again."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.domain.lifecycle import CallBackResult, ProposalKind, ProposalState
from directory.domain.record import AuthorityRecord
from directory.domain.vocabulary import ChannelPurpose
from directory.errors import Invalid, InvalidState
from directory.queries.proposals import get_proposal
from directory.queries.reported import reported_channels
from directory.services import proposals
from directory.services.lost_words import Loss, lose_word
from directory.services.proposals import Draft
from tests.workflow.place import (
    AUTHORITY,
    WORKFLOW,
    Place,
    an_authority,
    person,
    telephone,
    with_new_number,
)

NOBODYS, RIGHT = "+40219999999", "+40218888888"
MINUTE = dt.timedelta(minutes=1)


def proposed() -> AuthorityRecord:
    record = with_new_number(an_authority())
    assert isinstance(record, AuthorityRecord)
    return record


def denied(place: Place, record: AuthorityRecord, **fields: Any) -> str:
    """Victor is told on the telephone that it is wrong; vera asks for changes."""
    proposal_id = place.submitted(record, **fields)
    place.act("take", "victor", proposal_id)
    place.call("victor", proposal_id, result=CallBackResult.DENIED)
    place.act("take", "vera", proposal_id)
    place.act("request_changes", "vera", proposal_id, "Again, please.")
    place.later(MINUTE)
    return proposal_id


def revise(place: Place, proposal_id: str, record: AuthorityRecord, *, emergency: bool) -> None:
    draft = Draft(
        kind=ProposalKind.AMEND,
        entry_id=AUTHORITY,
        base_revision=1,
        record=record,
        reason="The office says so.",
        emergency=emergency,
    )
    version = place.version(proposal_id)
    place.do(proposals.revise_draft, person("ana"), proposal_id, version, place.at, draft)


def moved() -> AuthorityRecord:
    """The same number, as one that is added for urgent cases beside a new note."""
    lines = an_authority().channels
    urgent = telephone(NOBODYS, purpose=ChannelPurpose.URGENT, note="Ring twice")
    return an_authority(channels=(urgent, *lines))


@pytest.mark.parametrize(
    "again",
    [proposed(), replace(proposed(), note="A word more."), moved()],
    ids=["the same", "with another note", "elsewhere in the entry"],
)
def test_what_was_denied_is_not_handed_in_again(place: Place, again: AuthorityRecord) -> None:
    proposal_id = denied(place, proposed(), emergency=True)
    revise(place, proposal_id, again, emergency=True)
    with pytest.raises(Invalid, match="denied"):
        place.submit(proposal_id)
    assert place.state(proposal_id) is ProposalState.CHANGES_REQUESTED
    with Session(place.engine) as session:
        assert not reported_channels(person("rita"), session, [AUTHORITY])


def test_what_was_denied_can_be_put_right(place: Place) -> None:
    proposal_id = denied(place, proposed())
    right = with_new_number(an_authority(), new=RIGHT)
    assert isinstance(right, AuthorityRecord)
    revise(place, proposal_id, right, emergency=False)
    place.submit(proposal_id)
    place.act("take", "vera", proposal_id)
    with pytest.raises(InvalidState, match="No call-back"):
        place.act("verify", "vera", proposal_id)
    place.call("vera", proposal_id)
    place.act("verify", "vera", proposal_id)
    place.act("approve", "victor", proposal_id, WORKFLOW)


def test_a_denial_outlives_a_review_that_begins_anew(place: Place) -> None:
    proposal_id = place.submitted(proposed())
    place.act("take", "victor", proposal_id)
    place.call("victor", proposal_id, result=CallBackResult.DENIED)
    place.later(MINUTE)
    place.do(lose_word, 1, place.at, Loss.ROLE_ENDED)
    place.later(MINUTE)
    place.act("take", "vera", proposal_id)
    place.call("vera", proposal_id)
    with pytest.raises(InvalidState, match="did not confirm"):
        place.act("verify", "vera", proposal_id)
    with Session(place.engine) as session:
        view = get_proposal(person("vera"), session, proposal_id, place.at)
    assert [one.counts for one in view.call_backs] == [True, True]
