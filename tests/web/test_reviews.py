"""The secretariat's desk: the queue, a change on its whole way, what a page asks the database."""

import hashlib
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import Engine

from directory.domain.fields import FieldClass
from directory.domain.lifecycle import ProposalKind
from directory.domain.record import AuthorityRecord, Record
from directory.domain.vocabulary import ChannelKind
from directory.queries.proposals import get_proposal
from directory.queries.review_queue import Targets, review_queue
from directory.services import holds, proposals
from directory.services.proposals import Draft
from directory.services.workflow import workflow
from tests.support.factories import authority, channel, publication, publish_all
from tests.support.reviewing import PDF, read_actor, with_another_number, with_note, with_number
from tests.support.secretariat import (
    COLLEAGUE,
    ENTRY,
    FIRST,
    NEW,
    OLD,
    OTHER,
    PROPOSER,
    SECOND,
    Office,
    open_office,
    plain,
)
from tests.support.trial import counted_statements

#: Most statements of a page, the door's among them.
QUEUE_STATEMENTS = 12
REVIEW_STATEMENTS = 24


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def test_a_change_goes_its_whole_way(office: Office) -> None:
    proposal = office.changed_number()
    assert proposal in office.get(FIRST, "/reviews")
    office.done(FIRST, proposal, "take")
    assert office.call(FIRST, proposal, channel=f"telephone:{OTHER}").status_code == 303
    office.done(FIRST, proposal, "verify")
    office.done(SECOND, proposal, "approve")
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "Hold for objections until 26 Nov 2026, 12:00 UTC" in text
    assert f"Verified by an officer done {FIRST}" in text
    assert f"Approved by a second officer, who did not call done {SECOND}" in text
    assert "No notice has been delivered yet." in text
    office.deliver()
    assert "No notice has been delivered yet." not in office.get(FIRST, f"/reviews/{proposal}")
    office.later(hours=73)
    with office.place.work() as uow:
        assert holds.publish_due(uow, office.place.clock()) == [proposal]
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "Published as revision 2 of the entry." in text
    assert NEW.replace("+40213155", "+40 21 315 5") in plain(
        office.get("reader@fr.example", f"/entries/{ENTRY}")
    )


def test_page_shows_numbers_before_and_after_whole(office: Office) -> None:
    """Half a number is no number."""
    page = office.get(FIRST, f"/reviews/{office.changed_number()}")
    assert "<del>+40 21 315 5280</del>" in page
    assert "<ins>+40 21 315 5299</ins>" in page
    assert "Routing-critical" in page


def test_the_queue_and_the_page_show_the_same_signs(office: Office, engine: Engine) -> None:
    """Also where another State lists a mobile of the proposal as its fax."""
    shared = "+40731000001"
    fax = channel(shared, kind=ChannelKind.FAX)
    publish_all(engine, publication("FR-AAAAAA", authority("Office", channels=(fax,)), state="FR"))

    def with_mobile(record: Record) -> Record:
        assert isinstance(record, AuthorityRecord)
        mobile = channel(shared, kind=ChannelKind.MOBILE)
        return replace(record, channels=(*record.channels, mobile))

    proposals_made = (
        office.desk.propose(PROPOSER, ENTRY, with_mobile, evidence=True),
        office.described("RO-BBBBBB"),
    )
    actor, at = read_actor(office.place.parts, FIRST), office.place.clock()
    with office.place.parts.reading() as session:
        rows = review_queue(actor, session, Targets(dict.fromkeys(FieldClass, 8), 1), "en", at)
        queue = {row.head.id: [one.code for one in row.risks] for row in rows}
        pages = {
            one: [sign.code for sign in get_proposal(actor, session, one, at).risks]
            for one in proposals_made
        }
    assert queue == pages
    assert pages[proposals_made[0]][0] == "several_states"
    assert "several_states" not in pages[proposals_made[1]]


def test_a_queue_that_is_cut_short_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.described()
    assert "that wait longest" not in office.get(FIRST, "/reviews")
    monkeypatch.setattr("directory.web.views.reviews.MOST", 1)
    assert "Only the 1 proposals that wait longest are listed." in plain(
        office.get(FIRST, "/reviews")
    )


def test_page_shows_texts_before_and_after_word_by_word(office: Office) -> None:
    def with_ministry(record: Record) -> Record:
        assert isinstance(record, AuthorityRecord)
        return replace(record, ministry="Ministry of Public Justice")

    proposal = office.desk.propose(PROPOSER, ENTRY, with_ministry)
    page = office.get(FIRST, f"/reviews/{proposal}")
    assert "Ministry of <ins>Public </ins>Justice" in page


def test_page_tells_since_when_the_old_number_stood(office: Office) -> None:
    text = plain(office.get(FIRST, f"/reviews/{office.changed_number()}"))
    past = text.partition("History of the channels that change")[2]
    assert "goes Telephone +40 21 315 5280" in past
    assert "Since revision 1, 2 Mar 2026, 09:30 UTC : a trial" in past
    assert "comes Telephone +40 21 315 5299 Never on record in this entry before." in past


def test_channel_that_comes_back_shows_when_it_stood(office: Office, engine: Engine) -> None:
    record = office.desk.entry(ENTRY).record
    publish_all(engine, publication(ENTRY, with_number(NEW)(record), base=1))
    proposal = office.desk.propose(PROPOSER, ENTRY, with_number(OLD))
    assert "Revisions 1 to 1, 2 Mar 2026" in plain(office.get(FIRST, f"/reviews/{proposal}"))


def test_evidence_is_a_download_with_its_hash(office: Office) -> None:
    proposal = office.changed_number()
    page = office.get(FIRST, f"/reviews/{proposal}")
    assert hashlib.sha256(PDF.content).hexdigest() in page
    name = office.desk.view(proposal).evidence[0].name
    answer = office.client(FIRST).get(f"/reviews/evidence/{name}")
    assert answer.data == PDF.content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="note verbale.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert office.client(PROPOSER).get(f"/reviews/evidence/{name}").status_code == 403


def test_control_question_is_suggested_with_its_answer(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "Which ministry is above your office? Ministry of Justice" in text


def test_a_call_that_was_refused_is_told_as_not_done(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    assert office.act(FIRST, proposal, "verify").status_code == 409
    assert office.call(FIRST, proposal, channel=f"telephone:{NEW}").status_code == 422
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "No call-back is on record yet." in text
    assert "Refused, not done: “Call-back recorded”" in text
    assert "Refused, not done: “Verified”" in text


def test_entry_without_lines_of_its_own_names_those_of_another(office: Office) -> None:
    def change(record: Record) -> Record:
        assert isinstance(record, AuthorityRecord)
        lines = (channel(NEW, kind=ChannelKind.TELEPHONE), channel("desk@justice.example"))
        return replace(record, channels=lines)

    proposal = office.desk.propose(PROPOSER, ENTRY, change)
    office.done(FIRST, proposal, "take")
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "whoever answers speaks for that office: Second Authority ( RO-BBBBBB )" in text
    assert "not about the entry of the proposal: Second Authority" in text
    assert "Every reader of the directory can see these answers." in text
    assert "on record without a source, never verified" in text
    assert office.call(FIRST, proposal, channel=f"telephone:{OLD}").status_code == 303


def test_changes_elsewhere_are_merged_and_said(office: Office, engine: Engine) -> None:
    proposal = office.described()
    record = with_another_number(NEW)(office.desk.entry(ENTRY).record)
    publish_all(engine, publication(ENTRY, record, base=1))
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "both changes are merged below" in text
    office.done(FIRST, proposal, "take")
    office.done(FIRST, proposal, "verify")
    assert office.state(proposal) == "published"


def test_changes_requested_come_back_with_the_text(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    office.done(FIRST, proposal, "request-changes", text="Add the note verbale, please.")
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "Changes requested: Add the note verbale, please." in text


def test_rejection_says_why(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    office.done(FIRST, proposal, "reject", code="suspicious", text="The ministry knows nothing.")
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "Rejected: The ministry knows nothing." in text


def test_comment_and_release(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    office.done(FIRST, proposal, "comment", text="<b>Bold</b> move")
    page = office.get(FIRST, f"/reviews/{proposal}")
    assert "&lt;b&gt;Bold&lt;/b&gt; move" in page
    office.done(FIRST, proposal, "release")
    assert office.state(proposal) == "submitted"


def test_officer_adds_a_file(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    file = (BytesIO(PDF.content), "note 12.pdf")
    office.done(FIRST, proposal, "evidence", file=file)
    assert "note 12.pdf" in office.get(FIRST, f"/reviews/{proposal}")


@pytest.mark.parametrize("kind", [ProposalKind.SUSPEND, ProposalKind.RETIRE])
def test_every_kind_has_a_page(office: Office, kind: ProposalKind) -> None:
    draft = Draft(kind=kind, entry_id=ENTRY, base_revision=1, reason="It moves.")
    at = office.place.clock()
    proposal = office.desk.do(PROPOSER, proposals.save_draft, draft, at)
    settings = workflow(office.place.parts.settings)
    office.desk.do(PROPOSER, proposals.submit, proposal, 1, at, settings)
    assert proposal in office.get(FIRST, f"/reviews/{proposal}")


def test_new_entry_has_a_page(office: Office) -> None:
    lines = (channel("+40213155300", kind=ChannelKind.TELEPHONE),)
    record = authority("Third Authority", channels=lines)
    draft = Draft(kind=ProposalKind.CREATE, record=record, reason="A new office.")
    at = office.place.clock()
    proposal = office.desk.do(PROPOSER, proposals.save_draft, draft, at)
    settings = workflow(office.place.parts.settings)
    office.desk.do(PROPOSER, proposals.submit, proposal, 1, at, settings)
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "A new entry: everything in it is new." in text
    assert "Third Authority" in plain(office.get(FIRST, "/reviews"))


def test_queue_says_how_long_and_what_is_overdue(office: Office) -> None:
    proposal = office.changed_number()
    assert "decide by" in plain(office.get(FIRST, "/reviews"))
    office.later(hours=49)
    text = plain(office.get(FIRST, "/reviews"))
    assert "1 is overdue." in text
    assert "waits 2 days" in text
    assert proposal in office.get(FIRST, "/reviews?overdue=1")


def test_emergency_comes_first_and_is_due_sooner(office: Office) -> None:
    light = office.described("RO-BBBBBB")
    pressing = office.desk.propose(PROPOSER, ENTRY, with_another_number(NEW), emergency=True)
    page = office.get(FIRST, "/reviews")
    assert page.index(pressing) < page.index(light)
    office.later(hours=5)
    assert pressing in office.get(FIRST, "/reviews?overdue=1")
    assert light not in office.get(FIRST, "/reviews?overdue=1")


def test_queue_is_narrowed_by_links(office: Office) -> None:
    light, heavy = office.described("RO-BBBBBB"), office.changed_number()
    office.done(FIRST, heavy, "take")
    for address, has, lacks in (
        ("?class=descriptive", light, heavy),
        ("?class=routing_critical", heavy, light),
        ("?status=in_review", heavy, light),
        ("?assigned=me", heavy, light),
        ("?assigned=nobody", light, heavy),
        ("?flag=first_change", heavy, "P-00000000"),
        ("?state=RO", light, "P-00000000"),
    ):
        page = office.get(FIRST, f"/reviews{address}")
        assert f"/reviews/{has}" in page, address
        assert f"/reviews/{lacks}" not in page, address
    assert "No proposal fits these filters." in office.get(FIRST, "/reviews?state=FR")


def test_flags_say_what_looks_odd(office: Office, engine: Engine) -> None:
    shared = authority("Ministry", channels=(channel(NEW, kind=ChannelKind.TELEPHONE),))
    publish_all(engine, publication("JP-AAAAAA", shared, state="JP"))

    def change(record: Record) -> Record:
        changed = with_number(NEW)(record)
        assert isinstance(changed, AuthorityRecord)
        # A Cyrillic letter stands in the domain.
        return replace(changed, channels=(*changed.channels, channel("desk@justic\u0435.example")))

    proposal = office.desk.propose(PROPOSER, ENTRY, change)
    text = plain(office.get(FIRST, "/reviews"))
    for flag in ("Several States", "Look-alike letters", "New domain", "First change"):
        assert flag in text
    page = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "The same channel is used or proposed for other States: JP" in page
    assert "Letters that look like others" in page


def test_several_descriptive_changes_are_verified_at_once(office: Office) -> None:
    chosen = [office.described(ENTRY), office.described("RO-BBBBBB")]
    versions = [f"{one}:{office.desk.version(one)}" for one in chosen]
    answer = office.post(FIRST, "/reviews/verify", proposal=versions)
    assert answer.status_code == 303
    assert [office.state(one) for one in chosen] == ["published", "published"]
    assert "2 proposals are verified and published." in plain(office.get(FIRST, "/reviews"))


def test_queue_asks_the_database_little_however_long_it_is(office: Office, engine: Engine) -> None:
    for number in range(6):
        entry = f"RO-CCCCC{number}"
        publish_all(engine, publication(entry, authority(f"Authority {number}")))
        office.desk.propose(PROPOSER, entry, with_note("Closed in August."))
    office.get(FIRST, "/reviews")
    with counted_statements(engine) as few:
        office.get(FIRST, "/reviews")
    office.changed_number()
    office.desk.propose(COLLEAGUE, "RO-BBBBBB", with_number(NEW))
    with counted_statements(engine) as more:
        office.get(FIRST, "/reviews")
    print(f"queue: {len(few)} and {len(more)} statements")
    assert len(few) <= len(more) <= QUEUE_STATEMENTS, "\n".join(more)


def test_review_asks_the_database_little(office: Office, engine: Engine) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    for _ in range(3):
        office.call(FIRST, proposal, channel=f"telephone:{OTHER}", result="not_reached")
        office.done(FIRST, proposal, "comment", text="Nobody there.")
    office.get(FIRST, f"/reviews/{proposal}")
    with counted_statements(engine) as sent:
        office.get(FIRST, f"/reviews/{proposal}")
    print(f"review: {len(sent)} statements")
    assert len(sent) <= REVIEW_STATEMENTS, "\n".join(sent)
