"""Ways by which one person could lead requests elsewhere, each closed."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.domain.fields import FieldClass
from directory.domain.lifecycle import CallBackResult, ProposalKind, ProposalState, ReportKind
from directory.domain.vocabulary import Audience, ChannelPurpose, EntryStatus
from directory.errors import Invalid, InvalidState, StaleRevision
from directory.models.account import Account
from directory.models.notice import Notice
from directory.queries.objections import get_objection
from directory.queries.reported import reported_channels
from directory.services import holds, objections, reviews
from directory.services.confirmations import ConfirmationRequest, confirm_entries
from directory.services.reports import ReportForm, answer, report
from directory.services.workflow import Workflow
from tests.support import factories as make
from tests.workflow.place import (
    AUTHORITY,
    DAY,
    HOLD,
    MAILBOX,
    NEW,
    OLD,
    OTHER,
    POINT,
    SECOND,
    WORKFLOW,
    Place,
    a_point,
    an_authority,
    person,
    telephone,
    with_new_number,
    with_note,
)

COURT = "+40213333333"
AT_ONCE = Workflow(link_key="k" * 32, hold=HOLD, descriptive_at_once=True)
DIVERTING = "Our number has changed, call +40 21 999 99 99."
#: A page shows many spaces as one.
HIDDEN = "Out of service, dial +33 142    685    399"


# --- a number that is no channel


@pytest.mark.parametrize("text", [DIVERTING, HIDDEN])
def test_a_number_in_a_note_is_not_published_at_once(place: Place, text: str) -> None:
    proposal_id = place.draft(with_note(text))
    place.submit(proposal_id, workflow=AT_ONCE)
    assert place.state(proposal_id) is ProposalState.SUBMITTED
    assert place.proposal(proposal_id).field_class == FieldClass.ROUTING_CRITICAL


def test_a_web_address_is_not_published_at_once(place: Place) -> None:
    proposal_id = place.draft(with_note("Send requests by https://evil.example/requests"))
    place.submit(proposal_id, workflow=AT_ONCE)
    assert place.state(proposal_id) is ProposalState.SUBMITTED
    plain = place.draft(with_note("Ring twice."))
    place.submit(plain, workflow=AT_ONCE)
    assert place.state(plain) is ProposalState.PUBLISHED


@pytest.mark.parametrize("text", [DIVERTING, HIDDEN])
def test_a_number_in_a_note_is_not_verified_with_many(place: Place, text: str) -> None:
    proposal_id = place.submitted(with_note(text))
    with pytest.raises(InvalidState):
        place.do(reviews.verify_many, person("vera"), [(proposal_id, 2)], place.at)


def test_the_note_of_a_channel_or_designation_leads_nowhere_either(place: Place) -> None:
    first = telephone(OLD, note="Moved to desk@evil.example")
    record = an_authority(channels=(first, telephone(SECOND), make.channel(MAILBOX)))
    proposal_id = place.submitted(record)
    assert place.proposal(proposal_id).field_class == FieldClass.ROUTING_CRITICAL


@pytest.mark.parametrize(
    "reason", [DIVERTING, HIDDEN, "Write to x@evil.example", "https://evil.example"]
)
def test_the_reason_of_what_works_at_once_leads_nowhere(place: Place, reason: str) -> None:
    with pytest.raises(Invalid, match="before anybody has checked"):
        place.submitted(None, kind=ProposalKind.SUSPEND, reason=reason)
    assert place.entry().status is EntryStatus.PUBLISHED
    proposal_id = place.draft(with_note(), reason=reason)
    with pytest.raises(Invalid, match="before anybody has checked"):
        place.submit(proposal_id, workflow=AT_ONCE)


def test_the_answer_to_a_report_leads_nowhere(place: Place) -> None:
    form = ReportForm(kind=ReportKind.NO_ANSWER)
    number = place.do(report, person("rita"), AUTHORITY, form, place.at, 20)
    with pytest.raises(Invalid, match="before anybody has checked"):
        place.do(answer, person("ana"), number, place.at, DIVERTING)
    place.do(answer, person("ana"), number, place.at, "The line was cut; it works again.")


# --- the call-back of what is not in use


def test_a_number_given_up_with_its_entry_does_not_bring_the_entry_back(place: Place) -> None:
    """Whoever was given the number since would answer the call."""
    place.held(None, kind=ProposalKind.RETIRE)
    place.later(HOLD)
    place.publish_due()
    place.later(100 * DAY)
    proposal_id = place.submitted(None, kind=ProposalKind.RESTORE)
    assert place.proposal(proposal_id).call_back_entry_id == OTHER
    place.act("take", "vera", proposal_id)
    with pytest.raises(Invalid, match="that the directory names"):
        place.call("vera", proposal_id, channel_value=SECOND)
    place.call("vera", proposal_id, channel_value=COURT)


def test_a_suspended_entry_is_not_changed_by_its_own_lines(place: Place) -> None:
    """It was suspended because its lines are not safe."""
    place.submitted(None, kind=ProposalKind.SUSPEND)
    proposal_id = place.submitted(with_new_number(an_authority()))
    assert place.proposal(proposal_id).call_back_entry_id == OTHER


def test_of_a_suspended_entry_the_mailboxes_of_others_are_told_too(place: Place) -> None:
    make.publish_all(
        place.engine,
        make.publication(
            "RO-CCCCCC", make.authority("Police", channels=(make.channel("p@police.example"),))
        ),
    )
    place.submitted(None, kind=ProposalKind.SUSPEND)
    place.held(None, kind=ProposalKind.RESTORE, call_on=COURT)
    told = {one.address for one in place.notices("change_on_hold")}
    assert {MAILBOX, "p@police.example"} <= told


# --- confirmations


def test_nobody_confirms_a_revision_they_have_not_seen(place: Place) -> None:
    seen = place.draft(None, who="bogdan", kind=ProposalKind.CONFIRM)
    hostile = place.submitted(with_note("Theirs."))
    place.act("take", "vera", hostile)
    place.act("verify", "vera", hostile)
    with pytest.raises(StaleRevision):
        place.submit(seen, who="bogdan")
    wanted = ConfirmationRequest(state="RO", entry_ids=(AUTHORITY,), seen={AUTHORITY: 1})
    with pytest.raises(InvalidState, match="changed since you looked"):
        place.do(confirm_entries, person("bogdan"), wanted, place.at)
    now = replace(wanted, seen={AUTHORITY: 2})
    assert place.do(confirm_entries, person("bogdan"), now, place.at) == (AUTHORITY,)


def test_a_proposal_to_confirm_does_not_pass_over_a_report(place: Place) -> None:
    form = ReportForm(kind=ReportKind.WRONG_NUMBER)
    place.do(report, person("rita"), AUTHORITY, form, place.at, 20)
    with pytest.raises(InvalidState, match="answer the report first"):
        place.submitted(None, kind=ProposalKind.CONFIRM)


# --- the emergency lane


def shown(place: Place) -> list[str]:
    with Session(place.engine) as session:
        found = reported_channels(person("rita"), session, [AUTHORITY])
    return [one.channel.value for one in found.get(AUTHORITY, ())]


def test_who_would_know_hears_of_a_line_that_is_shown_at_once(place: Place) -> None:
    place.submitted(with_new_number(an_authority()), emergency=True)
    assert shown(place) == [NEW]
    told = {one.address or one.account_id for one in place.notices("lines_reported")}
    assert told == {MAILBOX, 2, 10}


def test_a_line_that_the_office_denies_is_shown_no_longer(place: Place) -> None:
    proposal_id = place.submitted(with_new_number(an_authority()), emergency=True)
    place.act("take", "vera", proposal_id)
    place.call("vera", proposal_id, result=CallBackResult.DENIED)
    assert shown(place) == []


# --- suspensions and contact points


def test_the_alternative_can_be_reached(place: Place) -> None:
    mute = make.authority("Archive", channels=())
    hidden = make.authority(
        "Vault", channels=(telephone("+40215550002", audience=Audience.OWN_STATE),)
    )
    for entry_id, record in (("RO-DDDDDD", mute), ("RO-EEEEEE", hidden)):
        make.publish_all(place.engine, make.publication(entry_id, record))
        with pytest.raises(Invalid, match="alternative"):
            place.submitted(None, kind=ProposalKind.SUSPEND, alternative_id=entry_id)


def test_the_urgent_lines_of_a_point_are_not_all_hidden_from_other_states(place: Place) -> None:
    lines = (
        telephone("+40217654321", purpose=ChannelPurpose.URGENT, audience=Audience.OWN_STATE),
        telephone("+40217654322", purpose=ChannelPurpose.GENERAL),
    )
    with pytest.raises(Invalid, match="open to other States"):
        place.submitted(a_point(channels=lines), entry_id=POINT)


# --- the hold


def test_a_hold_that_nobody_heard_of_goes_on(place: Place) -> None:
    """No mail went out for three days: nobody could have objected."""
    proposal_id = place.held(with_new_number(an_authority()))
    place.later(HOLD)
    assert place.do(holds.publish_due, place.at) == [proposal_id]
    assert place.state(proposal_id) is ProposalState.ON_HOLD
    assert place.actions()[-1] == "proposal.hold_longer"
    assert place.do(holds.publish_due, place.at) == []
    mailed(place)
    place.later(holds.HEARD_FOR)
    assert place.do(holds.publish_due, place.at) == [proposal_id]
    assert place.state(proposal_id) is ProposalState.PUBLISHED


def test_a_hold_that_is_heard_of_at_its_end_leaves_time_to_object(place: Place) -> None:
    proposal_id = place.held(with_new_number(an_authority()))
    place.later(HOLD - dt.timedelta(minutes=5))
    mailed(place)
    place.later(dt.timedelta(minutes=5))
    place.do(holds.publish_due, place.at)
    assert place.state(proposal_id) is ProposalState.ON_HOLD
    link = next(one for one in place.notices("change_on_hold") if one.address == MAILBOX)
    token = objections.token_of(link.params["objection_link"], WORKFLOW.link_key)
    place.later(dt.timedelta(hours=1))
    place.do(holds.object_by_link, token, place.at, "Not ours.", WORKFLOW)
    assert place.state(proposal_id) is ProposalState.FROZEN


@pytest.mark.parametrize("number", [1, 4, 5], ids=["proposer", "verifier", "approver"])
def test_what_a_stolen_account_brought_through_ends_when_it_is_closed(
    place: Place, number: int
) -> None:
    proposal_id = place.held(with_new_number(an_authority()))
    with place.work() as uow:
        uow.session.execute(update(Account).where(Account.id == number).values(active=False))
    place.later(HOLD)
    assert place.publish_due() == [proposal_id]
    assert place.state(proposal_id) is ProposalState.SUPERSEDED
    assert "closed" in place.proposal(proposal_id).decision_text
    assert place.entry().revision == 1


def mailed(place: Place) -> None:
    with place.work() as uow:
        uow.session.execute(update(Notice).values(sent_at=place.at, next_attempt_at=None))


def test_objections_do_not_go_elsewhere_because_another_entry_changed(place: Place) -> None:
    """Where the mailboxes of others are told, those of the day it was submitted are too."""
    with place.work() as uow:
        uow.session.execute(update(Account).where(Account.id.in_([2, 10])).values(active=False))
    court = make.authority("Court", channels=(telephone(COURT),), ministry="Justice")
    proposal_id = place.verified(court, call_on=COURT, entry_id=OTHER)
    moved = an_authority(
        channels=(telephone(OLD), telephone(SECOND), make.channel("x@evil.example"))
    )
    make.publish_all(
        place.engine,
        make.publication(AUTHORITY, moved, at=place.at + dt.timedelta(hours=1), base=1),
    )
    place.later(DAY)
    place.act("approve", "victor", proposal_id, WORKFLOW)
    told = {one.address for one in place.notices("change_on_hold")}
    assert told == {MAILBOX, "x@evil.example"}


def test_an_objection_link_shows_its_holder_only_what_all_readers_may_see(place: Place) -> None:
    """Whoever reads the mailbox holds it, without an account and without a reason."""
    glass = telephone("+40217777777", audience=Audience.BREAK_GLASS)
    own = telephone("+40218888888", audience=Audience.OWN_STATE)
    open_line = telephone(NEW)
    before = an_authority()
    changed = replace(before, channels=(*before.channels, glass, own, open_line))
    place.held(changed)
    link = next(one for one in place.notices("change_on_hold") if one.address == MAILBOX)
    token = objections.token_of(link.params["objection_link"], WORKFLOW.link_key)
    with Session(place.engine) as session:
        view = get_objection(session, token, place.at, [WORKFLOW.link_key])
    shown = repr(view.differences)
    assert NEW in shown
    assert "+40217777777" not in shown
    assert "+40218888888" not in shown
    assert (len(view.differences), view.withheld) == (1, 2)
