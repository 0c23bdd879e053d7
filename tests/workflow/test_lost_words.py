"""What an account brought under way does not go through once its word does not count any more."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update

from directory.domain.lifecycle import ProposalState
from directory.domain.verification import Anew
from directory.domain.vocabulary import Role
from directory.models.account import Account, AccountRequest, AccountRole
from directory.queries.reported import reported_channels
from directory.services import account_acts, account_requests, recovery
from directory.services.accounts import hand_over
from directory.services.invitations import AccountRules
from directory.services.lost_words import Loss, lose_word
from tests.workflow.place import (
    AUTHORITY,
    DAY,
    HOLD,
    WORKFLOW,
    Place,
    an_authority,
    person,
    with_new_number,
)

S = ProposalState
RULES = AccountRules(link_key="k" * 32)
PROOF = "Came to the counter with the passport of office."
HOUR = dt.timedelta(hours=1)
ANA, BOGDAN, VERA, VICTOR = 1, 2, 4, 5


@pytest.fixture
def place(place: Place) -> Place:
    """Everybody has come in, and was confirmed today."""
    with place.work() as uow:
        at = {"accepted_at": place.at, "confirmed_on": place.at.date()}
        uow.session.execute(update(Account).values(**at))
    return place


def held(place: Place) -> str:
    """Called by viola, verified by vera, approved by victor; proposed by ana."""
    proposal_id = place.submitted(with_new_number(an_authority()))
    place.act("take", "viola", proposal_id)
    place.call("viola", proposal_id)
    place.act("take", "vera", proposal_id)
    place.act("verify", "vera", proposal_id)
    place.act("approve", "victor", proposal_id, WORKFLOW)
    place.later(HOUR)
    return proposal_id


def disable(place: Place, account_id: int) -> None:
    given = (person("adam"), account_id, "stolen", RULES, place.at)
    place.do(account_acts.disable, *given, stolen=True)


def open_again(place: Place, account_id: int, role: Role) -> None:
    """Two officers agree; the account has its role again."""
    place.do(account_requests.ask_role, person("vera"), account_id, role, None, RULES, place.at)
    with place.work() as uow:
        newest = select(AccountRequest.id).order_by(AccountRequest.id.desc()).limit(1)
        request = uow.session.scalars(newest).one()
    place.do(account_requests.approve, person("victor"), request, RULES, place.at)


def recover(place: Place, account_id: int) -> None:
    email = next(one.name for one in map(person, ("ana", "vera")) if one.account_id == account_id)
    number = place.do(recovery.open_recovery, person("viola"), email, PROOF, place.at)
    place.do(recovery.approve_recovery, person("victor"), number, PROOF, place.at)


def end_role(place: Place, account_id: int, role: Role) -> None:
    given = (account_id, role, None, RULES, place.at)
    place.do(account_acts.end_role, person("adam"), *given)


def hand_on(place: Place) -> None:
    """Bogdan takes over from ana, who leaves."""
    with place.work() as uow:
        agreed = AccountRequest(
            account_id=BOGDAN,
            kind="hand_over",
            role=Role.FOCAL_POINT,
            replaces_id=ANA,
            leaves=True,
            asked_by=BOGDAN,
            asked_at=place.at,
            needed=0,
            signs=[],
            outcome="approved",
            decided_at=place.at,
        )
        uow.session.add(agreed)
        uow.session.flush()
        hand_over(uow, uow.session.get_one(Account, BOGDAN), place.at)


def test_what_a_stolen_account_proposed_ends_though_it_is_opened_again(place: Place) -> None:
    proposal_id = held(place)
    disable(place, ANA)
    assert place.state(proposal_id) is S.SUPERSEDED
    assert "closed" in place.proposal(proposal_id).decision_text
    told = {one.account_id for one in place.notices("ended_with_account")}
    assert {BOGDAN, VERA, VICTOR} <= told
    place.later(DAY)
    open_again(place, ANA, Role.FOCAL_POINT)
    place.later(HOLD)
    assert place.publish_due() == []
    assert place.entry().revision == 1
    assert "proposal.supersede" in place.actions()


LOSSES: dict[str, tuple[Callable[[Place], None], Anew]] = {
    "caller closed": (lambda place: disable(place, 6), Anew.OFFICER_GONE),
    "verifier closed": (lambda place: disable(place, VERA), Anew.OFFICER_GONE),
    "approver closed": (lambda place: disable(place, VICTOR), Anew.OFFICER_GONE),
    "verifier recovered": (lambda place: recover(place, VERA), Anew.OFFICER_GONE),
    "caller's role": (lambda place: end_role(place, 6, Role.VERIFIER), Anew.OFFICER_GONE),
    "approver's role": (lambda place: end_role(place, VICTOR, Role.VERIFIER), Anew.OFFICER_GONE),
    "proposer's role": (lambda place: end_role(place, ANA, Role.FOCAL_POINT), Anew.PROPOSER_LEFT),
    "proposer recovered": (lambda place: recover(place, ANA), Anew.PROPOSER_RECOVERED),
    "proposer hands over": (hand_on, Anew.PROPOSER_LEFT),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_what_rested_on_a_lost_word_is_reviewed_anew(place: Place, loss: str) -> None:
    lose, why = LOSSES[loss]
    proposal_id = held(place)
    lose(place)
    found = place.proposal(proposal_id)
    assert (found.state, found.decision_code) == (S.SUBMITTED, why.value)
    assert (found.verified_by, found.approved_by, found.hold_until) == (None, None, None)
    assert {ANA, BOGDAN} <= {one.account_id for one in place.notices("reviewed_anew")}
    assert "proposal.review_anew" in place.actions()
    place.later(2 * HOLD)
    assert place.publish_due() == []
    assert place.entry().revision == 1


def test_the_work_of_who_moves_on_is_published_after_another_review(place: Place) -> None:
    proposal_id = held(place)
    hand_on(place)
    place.act("take", "vera", proposal_id)
    place.call("vera", proposal_id)
    place.act("verify", "vera", proposal_id)
    place.act("approve", "victor", proposal_id, WORKFLOW)
    place.later(HOLD)
    assert place.publish_due() == [proposal_id]
    assert place.state(proposal_id) is S.PUBLISHED


def test_an_objection_is_not_forgotten_with_the_review(place: Place) -> None:
    proposal_id = held(place)
    place.act("object_by_focal_point", "bogdan", proposal_id, "Not our number!")
    place.do(lose_word, VERA, place.at, Loss.ROLE_ENDED)
    assert place.state(proposal_id) is S.SUBMITTED
    assert place.proposal(proposal_id).decision_text == "Not our number!"


def test_a_line_that_a_recovered_account_put_before_readers_goes(place: Place) -> None:
    proposal_id = place.submitted(with_new_number(an_authority()), emergency=True)
    place.do(lose_word, BOGDAN, place.at, Loss.RECOVERED)
    assert place.proposal(proposal_id).emergency
    place.do(lose_word, ANA, place.at, Loss.RECOVERED)
    with place.work() as uow:
        assert not reported_channels(person("rita"), uow.session, [AUTHORITY])


@pytest.mark.parametrize("roles", [{Role.VERIFIER}, {Role.READER}])
def test_a_role_that_proposes_nothing_takes_no_proposal_along(
    place: Place, roles: set[Role]
) -> None:
    proposal_id = held(place)
    place.do(lose_word, ANA, place.at, Loss.ROLE_ENDED, roles)
    assert place.state(proposal_id) is S.ON_HOLD


def test_what_an_officer_of_an_earlier_review_said_does_not_matter(place: Place) -> None:
    proposal_id = held(place)
    place.do(lose_word, VICTOR, place.at, Loss.ROLE_ENDED)
    version = place.version(proposal_id)
    place.do(lose_word, 6, place.at + HOUR, Loss.CLOSED)
    assert place.version(proposal_id) == version


# --- the second line, at the end of the hold


def test_a_caller_whose_account_is_closed_carries_nothing_through(place: Place) -> None:
    proposal_id = held(place)
    with place.work() as uow:
        uow.session.execute(update(Account).where(Account.id == 6).values(active=False))
    place.later(HOLD)
    assert place.publish_due() == [proposal_id]
    assert place.state(proposal_id) is S.SUPERSEDED


@pytest.mark.parametrize("account_id", [ANA, VERA, VICTOR, 6])
@pytest.mark.parametrize("by_date", [True, False])
def test_a_role_that_has_ended_by_the_end_of_the_hold_carries_nothing_through(
    place: Place, account_id: int, by_date: bool
) -> None:
    proposal_id = held(place)
    its = AccountRole.account_id == account_id
    with place.work() as uow:
        if by_date:
            last = place.at.date() + DAY
            uow.session.execute(update(AccountRole).where(its).values(ends_on=last))
        else:
            uow.session.execute(delete(AccountRole).where(its))
    place.later(HOLD)
    assert place.publish_due() == [proposal_id]
    assert place.state(proposal_id) is S.SUBMITTED
