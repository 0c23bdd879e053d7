"""The rules that hold always: each hostile variant is refused with its reason."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.domain.fields import FieldClass
from directory.domain.lifecycle import CallBackResult, ProposalKind, ProposalState
from directory.domain.record import Record
from directory.domain.vocabulary import ChannelKind, ChannelPurpose, EntryStatus, SourceKind
from directory.errors import Denied, Invalid, InvalidState, StaleRevision
from directory.models.proposal import Proposal
from directory.queries.proposals import get_proposal
from directory.queries.reported import reported_channels
from directory.services import acting, proposals, reviews
from tests.support import factories as make
from tests.workflow.place import (
    AT,
    AUTHORITY,
    DAY,
    FRENCH,
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
    with_languages,
    with_ministry,
    with_new_number,
    with_note,
)


def reasons(refused: Any) -> str:
    return " ".join(str(one) for one in getattr(refused, "reasons", ())) or str(refused)


# --- rule 1: the call-back


@pytest.mark.parametrize("value", [NEW, OLD, "+40213333333", "+40210000000"])
def test_no_other_number_is_called_than_one_the_directory_names(place: Place, value: str) -> None:
    """Neither the new number, nor the one that changes, nor one of elsewhere."""
    proposal_id = place.submitted(with_new_number(an_authority()))
    place.act("take", "vera", proposal_id)
    with pytest.raises(Invalid, match="that the directory names"):
        place.call("vera", proposal_id, channel_value=value)


def test_an_email_is_no_call(place: Place) -> None:
    proposal_id = place.submitted(with_new_number(an_authority()))
    place.act("take", "vera", proposal_id)
    with pytest.raises(Invalid, match="that the directory names"):
        place.call("vera", proposal_id, channel_kind=ChannelKind.EMAIL, channel_value=MAILBOX)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"question": " "}, "not in the proposal"),
        ({"question": f"Is your number {NEW}?"}, "gives away"),
        ({"answered": False}, "not answered rightly"),
        ({"function": ""}, "function"),
        ({"note": "hidden \u202e text"}, "cannot be seen"),
    ],
)
def test_a_call_without_a_control_question_confirms_nothing(
    place: Place, fields: dict[str, Any], says: str
) -> None:
    proposal_id = place.submitted(with_new_number(an_authority()))
    place.act("take", "vera", proposal_id)
    with pytest.raises(Invalid, match=says):
        place.call("vera", proposal_id, **fields)


def test_without_a_call_nothing_is_verified(place: Place) -> None:
    proposal_id = place.submitted(with_new_number(an_authority()))
    place.act("take", "vera", proposal_id)
    with pytest.raises(InvalidState) as refused:
        place.act("verify", "vera", proposal_id)
    assert "No call-back" in reasons(refused.value)


def test_the_caller_does_not_approve(place: Place) -> None:
    proposal_id = place.submitted(with_new_number(an_authority()))
    place.act("take", "vera", proposal_id)
    place.call("vera", proposal_id)
    place.act("take", "victor", proposal_id)
    place.act("verify", "victor", proposal_id)
    with pytest.raises(Denied) as refused:
        place.act("approve", "vera", proposal_id, WORKFLOW)
    assert "call-back" in reasons(refused.value)
    place.act("approve", "viola", proposal_id, WORKFLOW)


def test_a_number_younger_than_thirty_days_is_not_called(place: Place) -> None:
    """The number that was changed last protects nothing yet; that of another entry does."""
    first = place.held(with_new_number(an_authority(), SECOND, "+40218888888"), call_on=OLD)
    place.later(HOLD)
    place.publish_due()
    assert place.state(first) is ProposalState.PUBLISHED
    place.later(29 * DAY)
    second = place.submitted(with_new_number(place_record(place)), who="bogdan")
    assert place.proposal(second).call_back_entry_id == OTHER


def test_a_number_this_person_changed_in_ninety_days_is_not_called(place: Place) -> None:
    place.held(with_new_number(an_authority(), SECOND, "+40218888888"), call_on=OLD)
    place.later(HOLD)
    place.publish_due()
    place.later(40 * DAY)
    record = with_new_number(place_record(place))
    own = place.submitted(record, who="ana")
    assert place.proposal(own).call_back_entry_id == OTHER
    place.do(proposals.withdraw, person("ana"), own, place.version(own), place.at)
    others = place.submitted(record, who="bogdan")
    assert place.proposal(others).call_back_entry_id == AUTHORITY


def place_record(place: Place) -> Record:
    return place.entry().record


def test_a_published_number_is_as_old_as_its_source(place: Place) -> None:
    """An entry loaded today from a book of 2014 has numbers of 2014."""
    old = make.source("book", SourceKind.TREATY_COLLECTION, year=2014)
    new = make.source("note", SourceKind.NOTE_VERBALE, date=AT.date() - 10 * DAY)
    channels = (telephone(OLD, source="note"), telephone(SECOND, source="book"))
    record = make.authority("New", channels=channels, sources=(old, new))
    make.publish_all(place.engine, make.publication("RO-CCCCCC", record, at=AT))
    proposal_id = place.submitted(replace(record, ministry="X"), entry_id="RO-CCCCCC")
    with Session(place.engine) as session:
        advice = get_proposal(person("vera"), session, proposal_id, AT).call_back
    assert advice is not None
    assert [one.value for one in advice.candidates] == [SECOND]


def test_a_note_stands_in_only_when_nobody_answered(place: Place) -> None:
    proposal_id = place.submitted(with_new_number(an_authority()))
    place.act("take", "vera", proposal_id)
    note = {"result": CallBackResult.NOTE_VERBALE, "note": "Note 12/2026 of 1 March"}
    with pytest.raises(Invalid, match="first"):
        place.call("vera", proposal_id, **note)
    place.call("vera", proposal_id, result=CallBackResult.NOT_REACHED)
    with pytest.raises(Invalid, match="reference"):
        place.call("vera", proposal_id, **(note | {"note": " "}))
    place.call("vera", proposal_id, **note)
    place.act("verify", "vera", proposal_id)


# --- rule 2: the emergency lane


def test_a_new_channel_is_shown_beside_the_old_and_never_instead(place: Place) -> None:
    proposal_id = place.submitted(with_new_number(an_authority()), emergency=True)
    assert shown(place) == [NEW]
    assert [one.value for one in place_record(place).channels] == [OLD, SECOND, MAILBOX]  # type: ignore[union-attr]
    place.act("take", "vera", proposal_id)
    place.act("reject", "vera", proposal_id, "not_confirmed", "Nobody knows of it.")
    assert shown(place) == []


def test_an_objection_hides_a_reported_channel(place: Place) -> None:
    proposal_id = place.held(with_new_number(an_authority()), emergency=True)
    assert shown(place) == [NEW]
    place.act("object_by_focal_point", "bogdan", proposal_id, "This is not ours.")
    assert shown(place) == []


def test_without_the_emergency_nothing_is_shown(place: Place) -> None:
    place.submitted(with_new_number(an_authority()))
    assert shown(place) == []


def shown(place: Place) -> list[str]:
    with Session(place.engine) as session:
        found = reported_channels(person("rita"), session, [AUTHORITY])
    return [one.channel.value for one in found.get(AUTHORITY, ())]


# --- rule 3: suspension


def test_a_suspension_works_at_once_and_names_the_alternative(place: Place) -> None:
    place.submitted(None, kind=ProposalKind.SUSPEND, alternative_id=OTHER)
    entry = place.entry()
    assert (entry.status, entry.alternative_id) == (EntryStatus.SUSPENDED, OTHER)
    # The mailboxes and the other focal points, and every officer: nobody looked at it before.
    assert {one.account_id for one in place.notices("suspended")} == {None, 2, 10, 4, 5, 6, 11}


def test_a_suspension_takes_a_person_who_has_just_shown_a_factor(place: Place) -> None:
    """A stolen session or token alone would empty the answers about a State."""
    proposal_id = place.draft(None, kind=ProposalKind.SUSPEND)
    thief = replace(person("ana"), is_fresh=False)
    with pytest.raises(Denied, match="fresh"):
        place.do(proposals.submit, thief, proposal_id, 1, place.at, WORKFLOW)
    assert place.entry().status is EntryStatus.PUBLISHED
    assert place.notices("suspended") == []


@pytest.mark.parametrize("alternative", [FRENCH, AUTHORITY, "RO-ZZZZZZ"])
def test_a_suspension_leads_nowhere_new(place: Place, alternative: str) -> None:
    with pytest.raises(Invalid, match="alternative"):
        place.submitted(None, kind=ProposalKind.SUSPEND, alternative_id=alternative)
    assert place.entry().status is EntryStatus.PUBLISHED


def test_what_is_suspended_comes_back_only_by_two_officers(place: Place) -> None:
    place.submitted(None, kind=ProposalKind.SUSPEND)
    proposal_id = place.held(None, kind=ProposalKind.RESTORE, call_on="+40213333333")
    assert place.entry().status is EntryStatus.SUSPENDED
    place.later(HOLD)
    assert place.publish_due() == [proposal_id]
    assert place.entry().status is EntryStatus.PUBLISHED


# --- rule 4: a contact point is never without a working line


@pytest.mark.parametrize(
    "channels",
    [
        (),
        (make.channel("duty@police.example"),),
        (telephone("+40217654322"),),
        (telephone("none", purpose=ChannelPurpose.URGENT),),
    ],
    ids=["none", "only e-mail", "the urgent one removed", "no number"],
)
def test_the_last_urgent_line_cannot_be_removed(place: Place, channels: tuple[Any, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        place.submitted(a_point(channels=channels), entry_id=POINT)
    assert any(one.path.startswith("channels") for one in refused.value.problems)


def test_the_last_urgent_line_can_be_replaced(place: Place) -> None:
    channels = (telephone(NEW, purpose=ChannelPurpose.URGENT), telephone("+40217654322"))
    place.submitted(a_point(channels=channels), entry_id=POINT)


# --- rule 5: stale bases and two officers at once


def test_a_change_of_the_same_field_is_refused_with_both_versions(place: Place) -> None:
    mine = place.draft(with_note("Mine."))
    theirs = place.submitted(with_note("Theirs."), who="bogdan")
    place.act("take", "vera", theirs)
    place.act("verify", "vera", theirs)
    with pytest.raises(StaleRevision) as refused:
        place.submit(mine)
    (clash,) = refused.value.clashes
    assert (clash.path, clash.base, clash.ours, clash.theirs) == (  # type: ignore[attr-defined]
        "note",
        None,
        "Mine.",
        "Theirs.",
    )


def test_a_change_of_another_field_is_merged(place: Place) -> None:
    mine = place.draft(with_languages())
    theirs = place.submitted(with_note("Theirs."), who="bogdan")
    place.act("take", "vera", theirs)
    place.act("verify", "vera", theirs)
    place.submit(mine)
    place.act("take", "vera", mine)
    place.act("verify", "vera", mine)
    record = place_record(place)
    assert (record.note, record.languages_accepted) == ("Theirs.", ("en", "fr"))  # type: ignore[union-attr]


def test_a_rival_on_the_same_field_is_superseded(place: Place) -> None:
    mine, theirs = place.submitted(with_note("Mine.")), place.submitted(with_note("T."), "bogdan")
    other = place.submitted(with_languages())
    place.act("take", "vera", theirs)
    place.act("verify", "vera", theirs)
    assert place.state(mine) is ProposalState.SUPERSEDED
    assert place.state(other) is ProposalState.SUBMITTED
    assert [one.account_id for one in place.notices("superseded")] == [1]


@pytest.mark.parametrize("second", ["take", "reject"])
def test_the_second_officer_sees_what_happened(place: Place, second: str) -> None:
    proposal_id = place.submitted(with_note())
    seen = place.version(proposal_id)
    place.act("take", "vera", proposal_id)
    given = ("other", "No.") if second == "reject" else ()
    act = getattr(reviews, second)
    with pytest.raises(InvalidState) as refused:
        place.do(act, person("victor"), proposal_id, seen, place.at, *given)
    assert refused.value.overtaken
    assert "in_review" in reasons(refused.value)


def test_a_proposal_another_officer_took_is_not_verified(place: Place) -> None:
    proposal_id = place.submitted(with_note())
    place.act("take", "vera", proposal_id)
    with pytest.raises(InvalidState, match="taken"):
        place.act("verify", "victor", proposal_id)


# --- rule 6: all or nothing


def test_a_failure_at_the_end_leaves_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal_id = place.submitted(with_note())
    place.act("take", "vera", proposal_id)
    before, version = place.actions(), place.version(proposal_id)

    def fail(*_given: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("directory.services.decisions.queue", fail)
    place.told.clear()
    with pytest.raises(RuntimeError, match="disk"):
        place.act("verify", "vera", proposal_id)
    assert (place.actions(), place.version(proposal_id)) == (before, version)
    assert place.entry().revision == 1
    assert place.told == []


def test_a_refusal_leaves_one_event_and_nothing_else(place: Place) -> None:
    proposal_id = place.submitted(with_note(), who="dora")
    version, before = place.version(proposal_id), place.actions()
    act = acting.Act("proposal.take", "proposal", proposal_id)
    with pytest.raises(Denied):
        acting.attempt(
            place.work,
            person("dora"),
            act,
            place.at,
            lambda uow: reviews.take(uow, person("dora"), proposal_id, version, place.at),
        )
    assert place.actions() == [*before, "proposal.take.refused"]
    assert place.version(proposal_id) == version


# --- rule 8: what protects a change does not change with it


def test_all_lines_and_another_field_do_not_change_together(place: Place) -> None:
    channels = (telephone(NEW), make.channel("new@justice.example"))
    with pytest.raises(Invalid, match="channels"):
        place.submitted(an_authority(channels=channels, ministry="Elsewhere"))


def test_a_change_of_channels_waits_for_the_change_they_protect(place: Place) -> None:
    place.submitted(with_ministry())
    with pytest.raises(InvalidState) as refused:
        place.submitted(with_new_number(an_authority()), who="bogdan")
    assert "protect" in reasons(refused.value)


def test_a_change_waits_while_the_channels_that_protect_it_change(place: Place) -> None:
    place.submitted(with_new_number(an_authority()))
    with pytest.raises(InvalidState) as refused:
        place.submitted(with_ministry(), who="bogdan")
    assert "protect" in reasons(refused.value)


def test_the_channels_of_another_entry_that_are_relied_on_wait_too(place: Place) -> None:
    channels = (telephone(NEW), make.channel(MAILBOX))
    proposal_id = place.submitted(an_authority(channels=channels))
    assert place.proposal(proposal_id).call_back_entry_id == OTHER
    court = make.authority("Court", channels=(telephone("+40214444444"),))
    with pytest.raises(InvalidState):
        place.submitted(court, who="bogdan", entry_id=OTHER)


def test_a_descriptive_change_waits_for_nobody(place: Place) -> None:
    place.submitted(with_new_number(an_authority()))
    place.submitted(with_note(), who="bogdan")


def test_nobody_decides_on_what_they_proposed_whatever_roles_they_hold(place: Place) -> None:
    proposal_id = place.submitted(with_note(), who="dora")
    for act in ("take", "verify", "approve", "reject"):
        more: tuple[object, ...] = ("other", "No.") if act == "reject" else ()
        more = (WORKFLOW,) if act == "approve" else more
        with pytest.raises((Denied, InvalidState)):
            place.act(act, "dora", proposal_id, *more)
    place.act("take", "vera", proposal_id)


def test_nobody_of_the_proposing_state_verifies(place: Place) -> None:
    proposal_id = place.submitted(with_note())
    with pytest.raises(Denied) as refused:
        place.act("take", "vasile", proposal_id)
    assert "State" in reasons(refused.value)


# --- the class of a change is looked at again at each step


def weighs_more_now(place: Place, proposal_id: str) -> None:
    """It was submitted when what it changes asked for less than it does now."""
    with place.work() as uow:
        uow.session.get_one(Proposal, proposal_id).field_class = FieldClass.SUBSTANTIVE


@pytest.mark.parametrize("step", ["verify", "approve"])
def test_a_change_that_outgrew_its_class_goes_no_further(place: Place, step: str) -> None:
    if step == "verify":
        proposal_id = place.submitted(with_new_number(an_authority()))
        place.act("take", "vera", proposal_id)
    else:
        proposal_id = place.verified(with_new_number(an_authority()))
    before = (place.state(proposal_id), place.entry().revision)
    weighs_more_now(place, proposal_id)
    more, who = ([], "vera") if step == "verify" else ([WORKFLOW], "victor")
    with pytest.raises(InvalidState, match="submit it anew"):
        place.act(step, who, proposal_id, *more)
    assert (place.state(proposal_id), place.entry().revision) == before


def test_a_change_that_outgrew_its_class_in_the_hold_is_not_published(place: Place) -> None:
    proposal_id = place.held(with_new_number(an_authority()))
    revision = place.entry().revision
    weighs_more_now(place, proposal_id)
    place.later(HOLD)
    place.publish_due()
    assert place.state(proposal_id) is ProposalState.SUPERSEDED
    assert "submit it anew" in place.proposal(proposal_id).decision_text
    assert place.entry().revision == revision


def test_two_officers_are_two(place: Place) -> None:
    proposal_id = place.verified(with_new_number(an_authority()))
    with pytest.raises(Denied) as refused:
        place.act("approve", "vera", proposal_id, WORKFLOW)
    assert "second officer" in reasons(refused.value)
