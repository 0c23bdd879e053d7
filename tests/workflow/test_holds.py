"""Whose proposals they are; the hold and its objections; evidence, time, new entries."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.domain.channel_values import normalised
from directory.domain.lifecycle import ProposalKind, ProposalState
from directory.domain.record import AuthorityRecord, SourceAct
from directory.domain.vocabulary import SourceKind
from directory.errors import Denied, Invalid, InvalidState, NotFound
from directory.models.account import Account
from directory.models.proposal import ObjectionLink
from directory.policy import SYSTEM
from directory.queries.proposals import get_proposal
from directory.services import holds, objections, proposals
from directory.services.proposals import EvidenceFile
from directory.services.workflow import Workflow
from tests.support import factories as make
from tests.workflow.place import (
    AT,
    FRENCH,
    HOLD,
    MAILBOX,
    NEW,
    OLD,
    OTHER,
    SECOND,
    WORKFLOW,
    Place,
    a_call,
    an_authority,
    person,
    telephone,
    with_ministry,
    with_new_number,
    with_note,
)

# --- whose proposals


def test_a_state_proposes_for_itself(place: Place) -> None:
    with pytest.raises(Denied):
        place.draft(with_note(), entry_id=FRENCH)


@pytest.mark.parametrize("who", ["rita", "vera", "adam", "otto"])
def test_only_focal_points_propose(place: Place, who: str) -> None:
    with pytest.raises(Denied):
        place.draft(with_note(), who=who)


def test_another_state_does_not_know_of_it(place: Place) -> None:
    proposal_id = place.submitted(with_note())
    with Session(place.engine) as session, pytest.raises(NotFound):
        get_proposal(person("claire"), session, proposal_id, AT)
    with pytest.raises(NotFound):
        place.do(proposals.withdraw, person("claire"), proposal_id, 2, place.at)


def test_a_draft_is_for_its_state_alone(place: Place) -> None:
    proposal_id = place.draft(with_note())
    with Session(place.engine) as session:
        get_proposal(person("bogdan"), session, proposal_id, AT)
        with pytest.raises(NotFound):
            get_proposal(person("vera"), session, proposal_id, AT)


def test_nothing_new_and_no_reason_is_refused(place: Place) -> None:
    with pytest.raises(Invalid) as refused:
        place.submitted(an_authority(), reason="")
    assert {one.path for one in refused.value.problems} == {"", "reason"}


# --- the hold


def token(place: Place, address: str = MAILBOX) -> str:
    (link,) = [
        one.params["objection_link"]
        for one in place.notices("change_on_hold")
        if one.address == address
    ]
    return objections.token_of(link, WORKFLOW.link_key)


def test_the_old_mailbox_and_every_other_focal_point_are_told(place: Place) -> None:
    place.held(with_new_number(an_authority()))
    told = {one.address or one.account_id for one in place.notices("change_on_hold")}
    assert told == {MAILBOX, 2, 10}


def leave_alone(place: Place) -> None:
    """The State has no other focal point than ana any more."""
    with place.work() as uow:
        uow.session.execute(update(Account).where(Account.id.in_([2, 10])).values(active=False))


def test_where_an_entry_has_nobody_to_tell_the_mailboxes_of_others_are_told(place: Place) -> None:
    leave_alone(place)
    court = make.authority("Court", channels=(telephone("+40213333333"),), ministry="Justice")
    proposal_id = place.held(court, call_on="+40213333333", entry_id=OTHER)
    assert [one.address for one in place.notices("change_on_hold")] == [MAILBOX]
    with Session(place.engine) as session:
        assert get_proposal(person("vera"), session, proposal_id, place.at).links == 1


def test_a_new_number_does_not_rest_on_the_source_of_the_old(place: Place) -> None:
    printed = replace(telephone(OLD), source="gazette")
    source = SourceAct(key="gazette", kind=SourceKind.OFFICIAL_GAZETTE, reference="Gazette 1")
    before = an_authority(channels=(printed, telephone(SECOND)), sources=(source,))
    after = normalised(with_new_number(before), before, "RO")
    assert isinstance(after, AuthorityRecord)
    assert [(one.value, one.source) for one in after.channels] == [(NEW, ""), (SECOND, "")]
    note = replace(source, key="note")
    noted = replace(before, channels=(replace(printed, value=NEW, source="note"),), sources=(note,))
    assert normalised(noted, before, "RO") == noted


def test_an_objection_freezes_until_it_is_settled(place: Place) -> None:
    proposal_id = place.held(with_new_number(an_authority()))
    link = token(place)
    assert place.do(holds.object_by_link, link, place.at, "Not ours.", WORKFLOW) == proposal_id
    place.later(10 * HOLD)
    assert place.publish_due() == []
    assert place.entry().revision == 1
    with pytest.raises(InvalidState, match="already"):
        place.do(holds.object_by_link, link, place.at, "", WORKFLOW)
    for who in ("vera", "victor"):
        with pytest.raises(Denied, match="dismiss_objection"):
            place.act("dismiss_objection", who, proposal_id, "They were asked.", WORKFLOW)
    place.act("dismiss_objection", "viola", proposal_id, "They were asked.", WORKFLOW)
    assert place.publish_due() == []
    place.later(HOLD)
    assert place.publish_due() == [proposal_id]


SPOILT = {
    "other end": lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
    "no signature": lambda token: token.split(".")[0],
    "other link": lambda token: f"x{token}",
    "no text": lambda _: "\udc80.é",
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_link_that_was_not_made_here_opens_nothing(place: Place, spoil: Any) -> None:
    place.held(with_new_number(an_authority()))
    with pytest.raises(NotFound):
        place.do(holds.object_by_link, spoil(token(place)), place.at, "", WORKFLOW)


def test_a_link_made_with_another_key_opens_nothing(place: Place) -> None:
    place.held(with_new_number(an_authority()))
    other = Workflow(link_key="o" * 32)
    with pytest.raises(NotFound):
        place.do(holds.object_by_link, token(place), place.at, "", other)


def test_a_link_is_over_with_the_hold(place: Place) -> None:
    place.held(with_new_number(an_authority()))
    place.later(HOLD)
    with pytest.raises(InvalidState, match="over"):
        place.do(holds.object_by_link, token(place), place.at, "", WORKFLOW)


def test_nothing_in_the_database_opens_a_link(place: Place) -> None:
    place.held(with_new_number(an_authority()))
    with Session(place.engine) as session:
        kept = [str(vars(one)) for one in session.scalars(select(ObjectionLink))]
    assert kept
    assert all(token(place) not in one for one in kept)


# --- evidence, drafts, time


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("note.pdf", b"MZ\x90"),
        ("note.pdf", b""),
        ("note.pdf", b"%PDF-1.7 cut off"),
        ("../note.pdf", b"%PDF-1.7\n%%EOF"),
        ("no\x00te.pdf", b"%PDF-1.7\n%%EOF"),
        ("note.pdf", b"%PDF-" + b" " * proposals.LARGEST_FILE + b"%%EOF"),
    ],
    ids=["program", "empty", "cut off", "path", "hidden", "large"],
)
def test_only_whole_pdf_files_are_evidence(place: Place, name: str, content: bytes) -> None:
    proposal_id = place.draft(with_note())
    file = EvidenceFile(file_name=name, content=content)
    with pytest.raises(Invalid):
        place.do(proposals.add_evidence, person("ana"), proposal_id, 1, place.at, file)


def test_evidence_is_kept_with_its_hash_and_stands_in_the_log(place: Place) -> None:
    proposal_id = place.draft(with_note())
    file = EvidenceFile(file_name="note.pdf", content=b"%PDF-1.7\n%%EOF\n")
    place.do(proposals.add_evidence, person("ana"), proposal_id, 1, place.at, file)
    with Session(place.engine) as session:
        (kept,) = get_proposal(person("ana"), session, proposal_id, AT).evidence
    assert kept.size == len(file.content)
    assert len(kept.sha256) == 64


def test_what_nobody_touches_expires(place: Place) -> None:
    proposal_id = place.draft(with_note())
    place.later(WORKFLOW.lasts - dt.timedelta(seconds=1))
    assert place.do(holds.expire_due, place.at, WORKFLOW) == []
    place.later(dt.timedelta(seconds=1))
    assert place.do(holds.expire_due, place.at, WORKFLOW) == [proposal_id]
    assert place.state(proposal_id) is ProposalState.EXPIRED


def test_a_new_entry_goes_the_long_way_and_is_confirmed_by_it(place: Place) -> None:
    record = make.authority("New office", channels=(telephone("+40215555555"),))
    proposal_id = place.submitted(record, kind=ProposalKind.CREATE)
    entry_id = place.proposal(proposal_id).entry_id
    place.act("take", "vera", proposal_id)
    place.call("vera", proposal_id, channel_value=OLD)
    place.act("verify", "vera", proposal_id)
    place.act("approve", "victor", proposal_id, WORKFLOW)
    place.later(HOLD)
    assert place.publish_due() == [proposal_id]
    assert place.entry(entry_id).revision == 1


def test_a_descriptive_change_is_published_at_once_where_the_setting_says_so(place: Place) -> None:
    at_once = replace(WORKFLOW, descriptive_at_once=True)
    proposal_id = place.draft(with_note())
    place.submit(proposal_id, workflow=at_once)
    assert place.entry().unreviewed
    with pytest.raises(Denied):
        place.act("acknowledge", "vasile", proposal_id)
    place.act("acknowledge", "vera", proposal_id)
    assert not place.entry().unreviewed
    critical = place.draft(with_ministry())
    place.submit(critical, workflow=at_once)
    assert place.state(critical) is ProposalState.SUBMITTED


def test_an_authority_stays_what_was_typed(place: Place) -> None:
    """What is typed becomes E.164 and an ASCII domain; a known channel keeps its print."""
    channels = (telephone("021 999 9999"), *an_authority().channels)
    proposal_id = place.draft(an_authority(channels=channels))
    record = place.proposal(proposal_id).record
    assert record["channels"][0]["value"] == NEW
    assert record["channels"][0]["as_given"] == "021 999 9999"
    assert record["channels"][1:] == [
        {"kind": "telephone", "value": OLD},
        {"kind": "telephone", "value": SECOND},
        {"kind": "email", "value": MAILBOX},
    ]


def test_the_system_is_no_focal_point(place: Place) -> None:
    assert isinstance(an_authority(), AuthorityRecord)
    with pytest.raises(Denied):
        place.do(proposals.withdraw, SYSTEM, "P-00000000", 1, place.at)
    assert a_call().answered
