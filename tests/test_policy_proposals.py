"""Who reads proposals: the check and the filter of one rule."""

from dataclasses import dataclass

import pytest

from directory.domain.lifecycle import ProposalState
from directory.domain.vocabulary import Role
from directory.errors import Denied
from directory.policy import READ_PROPOSAL
from tests.support import factories as make


@dataclass(frozen=True)
class Facts:
    """What the rule looks at."""

    state_code: str
    state: ProposalState


DRAFT = Facts("RO", ProposalState.DRAFT)
SENT = Facts("RO", ProposalState.SUBMITTED)


def test_a_reader_reads_no_proposal() -> None:
    reader = make.actor(Role.READER, state="RO")
    assert not READ_PROPOSAL.allows(reader, SENT)
    with pytest.raises(Denied):
        READ_PROPOSAL.filter(reader)


def test_another_state_reads_no_proposal() -> None:
    assert not READ_PROPOSAL.allows(make.actor(Role.FOCAL_POINT, state="FR"), SENT)


def test_the_secretariat_reads_what_was_handed_in_and_no_draft() -> None:
    officer = make.actor(Role.VERIFIER)
    assert READ_PROPOSAL.allows(officer, SENT)
    assert not READ_PROPOSAL.allows(officer, DRAFT)


def test_the_own_state_reads_its_drafts() -> None:
    assert READ_PROPOSAL.allows(make.actor(Role.FOCAL_POINT, state="RO"), DRAFT)
