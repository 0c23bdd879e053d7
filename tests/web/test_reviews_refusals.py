"""What officers may not do is refused with a reason on the page, and nothing typed is lost."""

import pytest
from sqlalchemy import Engine

from directory.services import holds
from tests.support.factories import publication, publish_all
from tests.support.reviewing import with_note, with_number
from tests.support.secretariat import (
    BOTH,
    COLLEAGUE,
    ENTRY,
    FIRST,
    NEW,
    OLD,
    OTHER,
    PROPOSER,
    SECOND,
    THIRD,
    Office,
    open_office,
    plain,
)


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


@pytest.mark.parametrize("who", ["reader@fr.example", PROPOSER, "auditor@secretariat.example"])
def test_only_the_secretariat_sees_reviews(office: Office, who: str) -> None:
    proposal = office.changed_number()
    office.get(who, "/reviews", 403)
    office.get(who, f"/reviews/{proposal}", 403)
    assert office.post(who, f"/reviews/{proposal}/verify", version=2).status_code == 403


def test_administrator_reads_and_does_not_decide(office: Office) -> None:
    proposal = office.changed_number()
    page = office.get("admin@secretariat.example", f"/reviews/{proposal}")
    assert "/verify" not in page
    assert office.act("admin@secretariat.example", proposal, "take").status_code == 403
    assert office.state(proposal) == "submitted"


def test_nobody_decides_on_their_own_proposal(office: Office) -> None:
    proposal = office.changed_number(BOTH)
    text = plain(office.get(BOTH, f"/reviews/{proposal}"))
    assert "You proposed this yourself; somebody else must decide on it." in text
    for act in ("take", "verify", "approve"):
        answer = office.act(BOTH, proposal, act)
        assert answer.status_code in {403, 409}
    answer = office.act(BOTH, proposal, "take")
    assert answer.status_code == 403
    assert "You proposed this yourself" in plain(answer)


def test_own_approval_is_refused(office: Office) -> None:
    proposal = office.changed_number(BOTH)
    office.done(FIRST, proposal, "take")
    office.call(FIRST, proposal, channel=f"telephone:{OTHER}")
    office.done(FIRST, proposal, "verify")
    answer = office.act(BOTH, proposal, "approve")
    assert answer.status_code == 403
    assert "You proposed this yourself; somebody else must decide on it." in plain(answer)
    assert office.state(proposal) == "verified"


def test_nobody_of_the_proposing_state_verifies(office: Office) -> None:
    proposal = office.changed_number()
    answer = office.act(BOTH, proposal, "take")
    assert answer.status_code == 403
    assert "You belong to the State that proposed this" in plain(answer)


def test_verifying_without_a_call_back_is_refused(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    page = office.get(FIRST, f"/reviews/{proposal}")
    assert 'aria-describedby="why-verify"' in page
    answer = office.act(FIRST, proposal, "verify")
    assert answer.status_code == 409
    assert "No call-back has confirmed this change yet." in plain(answer)
    assert office.state(proposal) == "in_review"


def test_new_number_cannot_be_chosen_nor_sent(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    page = office.get(FIRST, f"/reviews/{proposal}")
    assert f'value="telephone:{OTHER}"' in page
    assert f'value="telephone:{NEW}"' not in page
    assert f'value="telephone:{OLD}"' not in page
    answer = office.call(
        FIRST, proposal, channel=f"telephone:{NEW}", function="night desk", note="said yes at once"
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Call one of the numbers that the directory names" in plain(page)
    assert 'id="channel-problem"' in page
    assert ">night desk</textarea>" in page
    assert ">said yes at once</textarea>" in page
    assert office.act(FIRST, proposal, "verify").status_code == 409


def test_diplomatic_note_only_when_nobody_can_be_reached(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    page = office.get(FIRST, f"/reviews/{proposal}")
    assert "Only when none of the numbers was answered." in page
    answer = office.call(FIRST, proposal, channel="", result="note_verbale", note="Note 12/2026")
    assert answer.status_code == 422
    assert "Try the numbers the directory names first" in plain(answer)
    reached = office.call(FIRST, proposal, channel=f"telephone:{OTHER}", result="not_reached")
    assert reached.status_code == 303
    assert "Ask the permanent mission" in office.get(FIRST, f"/reviews/{proposal}")
    nameless = office.call(FIRST, proposal, channel="", result="note_verbale")
    assert "Give the reference and date of the diplomatic note." in plain(nameless)
    noted = office.call(FIRST, proposal, channel="", result="note_verbale", note="Note 12/2026")
    assert noted.status_code == 303
    office.done(FIRST, proposal, "verify")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"result": ""}, "Say what came of the call."),
        ({"result": "maybe"}, "Say what came of the call."),
        ({"channel": "pigeon:1"}, "Choose one of the numbers shown."),
        ({"function": ""}, "Give the function of the person reached."),
        ({"question": ""}, "Ask about a fact that is not in the proposal"),
        ({"question": f"Is it {NEW}?"}, "The question gives away what is proposed"),
        ({"answered": ""}, "The control question was not answered rightly"),
        ({"note": "x" * 5000}, "at most"),
        ({"version": "latest"}, "The form did not say which version"),
    ],
)
def test_record_of_a_call_says_what_is_missing(
    office: Office, given: dict[str, str], said: str
) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    answer = office.call(FIRST, proposal, **{"channel": f"telephone:{OTHER}", **given})
    assert answer.status_code == 422
    assert said.lower() in plain(answer).lower()
    assert office.desk.view(proposal, FIRST).call_backs == ()


def test_denied_call_stops_the_change(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    told = office.call(FIRST, proposal, channel=f"telephone:{OTHER}", result="denied")
    assert told.status_code == 303
    answer = office.act(FIRST, proposal, "verify")
    assert answer.status_code == 409
    assert "The person called back did not confirm this" in plain(answer)


def test_verifier_does_not_approve_too(office: Office) -> None:
    proposal = office.verified()
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "You verified this proposal; a second officer must approve it." in text
    answer = office.act(FIRST, proposal, "approve")
    assert answer.status_code == 403
    assert "a second officer must approve it" in plain(answer)


def test_caller_does_not_approve(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    assert office.call(FIRST, proposal, channel=f"telephone:{OTHER}").status_code == 303
    office.done(SECOND, proposal, "take")
    office.done(SECOND, proposal, "verify")
    answer = office.act(FIRST, proposal, "approve")
    assert answer.status_code == 403
    assert "You made the call-back; another officer must approve the change." in plain(answer)
    office.done(THIRD, proposal, "approve")


def test_two_officers_do_not_collide(office: Office) -> None:
    proposal = office.changed_number()
    seen = office.desk.version(proposal)
    office.done(FIRST, proposal, "take")
    answer = office.act(SECOND, proposal, "take", version=seen)
    assert answer.status_code == 409
    text = plain(answer)
    assert "Somebody was faster; nothing of yours was done." in text
    assert f"Taken for review, {FIRST}" in text
    assert office.desk.view(proposal, FIRST).head.assignee_id == office.desk.actor(FIRST).account_id


def test_what_was_typed_stays_when_somebody_was_faster(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    seen = office.desk.version(proposal)
    office.call(FIRST, proposal, channel=f"telephone:{OTHER}")
    answer = office.act(
        FIRST, proposal, "reject", version=seen, code="wrong_data", text="Not what the note says."
    )
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert ">Not what the note says.</textarea>" in page
    assert '<option value="wrong_data" selected>' in page
    assert "Call-back recorded" in plain(page)


def test_other_officers_proposal_must_be_taken_first(office: Office) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    answer = office.act(SECOND, proposal, "request-changes", text="Please add the note.")
    assert answer.status_code == 409
    assert "Another officer has taken this proposal; take it first." in plain(answer)
    assert "Please add the note." in plain(answer)


def test_stale_revision_shows_both_versions(office: Office, engine: Engine) -> None:
    proposal = office.described(text="Closed in August.")
    record = with_note("Closed in July.")(office.desk.entry(ENTRY).record)
    publish_all(engine, publication(ENTRY, record, base=1))
    office.done(FIRST, proposal, "take")
    text = plain(office.get(FIRST, f"/reviews/{proposal}"))
    assert "Changed on both sides" in text
    assert "Closed in August." in text
    assert "Closed in July." in text
    answer = office.act(FIRST, proposal, "verify")
    assert answer.status_code == 409
    assert "The entry was changed meanwhile (revision 1 is now 2)." in plain(answer)
    assert office.state(proposal) == "in_review"


def test_objection_freezes_and_the_approver_does_not_judge_it(office: Office) -> None:
    proposal = office.held()
    version, at = office.desk.version(proposal), office.place.clock()
    text = "Nobody of our ministry asked for this."
    office.desk.do(COLLEAGUE, holds.object_by_focal_point, proposal, version, at, text)
    page = plain(office.get(SECOND, f"/reviews/{proposal}"))
    assert "Frozen by an objection" in page
    assert text in page
    assert "another officer must judge the objection" in page
    answer = office.act(SECOND, proposal, "dismiss-objection", text="It is fine.")
    assert answer.status_code == 403
    assert "You called back, verified or approved this change" in plain(answer)
    assert "It is fine." in answer.get_data(as_text=True)
    office.later(days=30)
    with office.place.work() as uow:
        assert holds.publish_due(uow, office.place.clock()) == []
    office.done(THIRD, proposal, "dismiss-objection", text="The ministry confirmed it in writing.")
    assert office.state(proposal) == "on_hold"


@pytest.mark.parametrize(
    ("act", "data", "field"),
    [
        ("reject", {"code": "", "text": "No."}, "code"),
        ("reject", {"code": "whim", "text": "No."}, "code"),
        ("reject", {"code": "wrong_data", "text": " "}, "text"),
        ("request-changes", {"text": ""}, "text"),
        ("comment", {"text": ""}, "text"),
        ("evidence", {}, "file"),
    ],
)
def test_act_without_its_reason_is_a_422(
    office: Office, act: str, data: dict[str, str], field: str
) -> None:
    proposal = office.changed_number()
    office.done(FIRST, proposal, "take")
    answer = office.act(FIRST, proposal, act, **data)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'{act}-{field}-problem"' in page
    if data.get("text", "").strip():
        assert f">{data['text']}</textarea>" in page


def test_act_without_the_token_of_a_form_is_refused(office: Office) -> None:
    proposal = office.changed_number()
    answer = office.client(FIRST).post(f"/reviews/{proposal}/take", data={"version": 2})
    assert answer.status_code == 400
    assert office.state(proposal) == "submitted"


@pytest.mark.parametrize(
    "address", ["/reviews/P-00000000", "/reviews/%00", "/reviews/evidence/none", "/campaigns/C-0"]
)
def test_what_is_not_there_is_a_404(office: Office, address: str) -> None:
    office.get(FIRST, address, 404)


def test_act_nobody_knows_is_refused(office: Office) -> None:
    proposal = office.changed_number()
    assert office.post(FIRST, f"/reviews/{proposal}/bribe").status_code in {404, 405}
    assert office.post(FIRST, "/reviews/P-00000000/take", version=1).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/reviews?status=draft",
        "/reviews?class=4",
        "/reviews?flag=x",
        "/reviews?assigned=you",
        "/reviews?overdue=2",
        "/reviews?state=Romania",
        "/reviews?page=0",
        "/reviews?colour=red",
    ],
)
def test_filter_that_does_not_exist_is_named(office: Office, address: str) -> None:
    name = address.partition("?")[2].partition("=")[0]
    assert name in plain(office.get(FIRST, address, 422))


def test_several_are_verified_all_or_none(office: Office) -> None:
    light = office.described()
    heavy = office.desk.propose(COLLEAGUE, "RO-BBBBBB", with_number(NEW))
    page = office.get(FIRST, "/reviews")
    assert f'value="{light}:2"' in page
    assert f'value="{heavy}:' not in page
    answer = office.post(FIRST, "/reviews/verify", proposal=[f"{light}:2", f"{heavy}:2"])
    assert answer.status_code == 409
    text = plain(answer)
    assert "Nothing was verified:" in text
    assert f"{heavy} is no descriptive change" in text
    assert f'value="{light}:2" checked' in answer.get_data(as_text=True)
    assert office.state(light) == "submitted"


@pytest.mark.parametrize(
    ("chosen", "status"),
    [([], 422), (["P-1"], 422), (["P-00000000:1"], 409), (["P-00000000:99999999999"], 422)],
)
def test_choice_that_does_not_fit_verifies_nothing(
    office: Office, chosen: list[str], status: int
) -> None:
    assert office.post(FIRST, "/reviews/verify", proposal=chosen).status_code == status
