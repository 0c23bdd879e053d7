"""The way of a focal point: look, propose, follow, confirm, answer; and what readers see of it."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.domain.record import AuthorityRecord, from_dict
from directory.domain.vocabulary import EntryKind
from directory.models.account import Account
from directory.models.entry import Entry, EntryRevision
from directory.models.proposal import ObjectionLink, Proposal
from directory.queries.current import read_entry
from directory.schemas.record_forms import read_record
from directory.services.entry_rows import Publication
from directory.services.objections import token_of
from directory.services.publishing import publish
from directory.services.workflow import workflow
from directory.web.forms.typed import plain_of, typed_of
from tests.conftest import BACKENDS
from tests.support.desk import FOCAL, PDF, complaints, fill, form_at, press, proposals, send_file
from tests.support.door import form_token
from tests.support.forms import fields_of
from tests.support.postgres import postgres_url
from tests.support.trial import READER, Trial, counted_statements, prepare_trial

#: Most statements of a page, one of them the door's.
STATEMENTS = {
    "/desk": 8,
    "/desk/confirm": 5,
    "/desk/propose/authority": 2,
    "/desk/propose/contact_point": 5,
    "/desk/entries/{entry}/propose": 5,
    "/desk/entries/{entry}/suspend": 6,
}


@pytest.fixture(params=BACKENDS, scope="module")
def desk_trial(
    request: pytest.FixtureRequest, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """A directory of these tests' own; proposals are written into it."""
    folder = tmp_path_factory.mktemp("desk")
    is_postgres = request.param == "postgresql"
    url = postgres_url(f"{worker}_desk") if is_postgres else f"sqlite:///{folder / 'd.db'}"
    trial = prepare_trial(url, folder)
    yield trial
    trial.parts.engine.dispose()


@pytest.fixture(scope="module")
def app(desk_trial: Trial) -> Flask:
    app = desk_trial.app()
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


@pytest.fixture(scope="module")
def focal(desk_trial: Trial, app: Flask) -> FlaskClient:
    return desk_trial.client(app, FOCAL)


@pytest.fixture(scope="module")
def reader(desk_trial: Trial, app: Flask) -> FlaskClient:
    return desk_trial.client(app, READER)


def named(trial: Trial, name: str) -> str:
    wanted = (Entry.state_code == "RO", Entry.name == name)
    with trial.parts.reading() as session:
        return session.execute(select(Entry.id).where(*wanted)).scalar_one()


def shown(answer: TestResponse, status: int = 200) -> str:
    """The page as text, blanks folded."""
    page = answer.get_data(as_text=True)
    assert answer.status_code == status, (answer.status_code, page[:500])
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&#39;", "'").split())


def follow(client: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303, (answer.status_code, complaints(answer))
    return shown(client.get(answer.headers["Location"]))


def test_every_entry_comes_back_from_its_form_as_it_was(desk_trial: Trial) -> None:
    """Only what is typed anew changes: no other difference can slip into a proposal."""
    joined = (EntryRevision.entry_id == Entry.id) & (EntryRevision.number == Entry.revision)
    statement = select(Entry.kind, EntryRevision.record).join(EntryRevision, joined)
    with desk_trial.parts.reading() as session:
        rows = session.execute(statement).all()
    assert len(rows) > 300
    for kind, plain in rows:
        made = read_record(kind, plain_of(typed_of(from_dict(kind, plain))).plain)
        for part in plain.get("channels", ()):
            part.pop("as_given", None)
            part.pop("warning", None)
        assert made == from_dict(kind, plain)


def test_unchanged_form_changes_nothing(desk_trial: Trial, focal: FlaskClient) -> None:
    with desk_trial.parts.reading() as session:
        entries = session.scalars(select(Entry.id).where(Entry.state_code == "RO")).all()
    for entry in entries:
        address = f"/desk/entries/{entry}/propose"
        page = press(focal, address, form_at(focal, address), "check")
        assert "Nothing is different from what is published." in shown(page)


@pytest.mark.parametrize("address", STATEMENTS)
def test_page_asks_the_database_little(desk_trial: Trial, focal: FlaskClient, address: str) -> None:
    address = address.format(entry=named(desk_trial, "Ministry of Justice"))
    shown(focal.get(address))
    with counted_statements(desk_trial.parts.engine) as sent:
        shown(focal.get(address))
    print(f"{address}: {len(sent)} statements")
    allowed = STATEMENTS[re.sub(r"RO-\w+", "{entry}", address)]
    assert len(sent) <= allowed, "\n".join(sent)


def test_rows_are_added_moved_and_removed_with_everything_kept(
    desk_trial: Trial, focal: FlaskClient
) -> None:
    address = f"/desk/entries/{named(desk_trial, 'Ministry of Justice')}/propose"
    sent = form_at(focal, address)
    fill(sent, {"reason": "Typed before.", "unit": "Typed too"})
    sent = fields_of(press(focal, address, sent, "channels:add"))
    assert sent["channels.2.kind"] == "telephone"
    fill(sent, {"channels.2.value": "press@example.org", "channels.2.kind": "email"})
    sent = fields_of(press(focal, address, sent, "channels:up:2"))
    assert sent["channels.1.value"] == "press@example.org"
    sent = fields_of(press(focal, address, sent, "channels:remove:0"))
    assert sent["channels.0.value"] == "press@example.org"
    assert "channels.2.value" not in sent
    assert (sent["reason"], sent["unit"]) == ("Typed before.", "Typed too")
    sent = fields_of(press(focal, address, sent, "hours.intervals:add"))
    assert sent["hours.intervals.0.opens"] == ""


@pytest.mark.parametrize("button", ["evil:add", "channels:remove:999", "channels:up:0", "names:up"])
def test_buttons_there_are_not_change_nothing(
    desk_trial: Trial, focal: FlaskClient, button: str
) -> None:
    address = f"/desk/entries/{named(desk_trial, 'Ministry of Justice')}/propose"
    sent = form_at(focal, address)
    again = fields_of(press(focal, address, sent, button))
    assert {name: text for name, text in again.items() if name != "csrf_token"} == {
        name: text for name, text in sent.items() if name not in {"csrf_token", "do"}
    }


def test_check_says_class_and_what_happens_next(desk_trial: Trial, focal: FlaskClient) -> None:
    address = f"/desk/entries/{named(desk_trial, 'Ministry of Justice')}/propose"
    sent = form_at(focal, address)
    fill(sent, {"channels.0.value": "+40 21 200 0000", "languages_spoken": "ro, fr"})
    text = shown(press(focal, address, sent, "check"))
    assert "2 differences from what is published." in text
    assert "The change as a whole is: Routing-critical" in text
    assert "Two officers of the secretariat must agree" in text
    assert "+40 21 200 0000" in text.split("As readers will see it")[1]
    fragment = press(focal, address, sent, "outlook").get_data(as_text=True)
    assert "Routing-critical" in fragment
    assert "<html" not in fragment


def test_descriptive_change_needs_one_officer(desk_trial: Trial, focal: FlaskClient) -> None:
    address = f"/desk/entries/{named(desk_trial, 'Ministry of Justice')}/propose"
    sent = form_at(focal, address)
    fill(sent, {"languages_spoken": "ro, fr"})
    text = shown(press(focal, address, sent, "check"))
    assert "The change as a whole is: Descriptive" in text
    assert "One officer of the secretariat looks at it; then it is published." in text


def test_draft_is_saved_edited_supported_submitted_and_withdrawn(
    desk_trial: Trial, app: Flask, focal: FlaskClient, reader: FlaskClient
) -> None:
    entry = named(desk_trial, "Ministry of Justice")
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    fill(sent, {"channels.0.value": "+40 21 200 0000", "do": "save"})
    answer = send_file(focal, address, sent, "../../note verbale.pdf", PDF)
    assert "Draft saved." in follow(focal, answer)
    edit = answer.headers["Location"]
    proposal = edit.split("/")[2]
    assert proposal in focal.get("/desk").get_data(as_text=True)
    sent = form_at(focal, edit)
    assert sent["channels.0.value"] == "+40212000000"
    stale = sent.copy()
    fill(sent, {"reason": "The switchboard was renumbered.", "emergency": "true"})
    text = follow(focal, press(focal, edit, sent, "submit"))
    assert "Submitted. Below is what happens next." in text
    assert "note verbale.pdf" in text
    assert "The switchboard was renumbered." in text
    assert press(focal, edit, stale, "save").status_code == 409
    assert_reported_beside(reader, entry)
    assert_evidence_is_for_its_state(desk_trial, app, focal, proposal)
    page = focal.get(f"/proposals/{proposal}")
    acted = {"csrf_token": form_token(page), "version": _version(page), "text": ""}
    refused = focal.post(f"/proposals/{proposal}/comments", data=acted)
    assert "Write something here." in shown(refused, 422)
    comment = focal.post(f"/proposals/{proposal}/comments", data={**acted, "text": "Urgent."})
    assert "Urgent." in follow(focal, comment)
    gone = focal.post(f"/proposals/{proposal}/withdraw", data={**acted, "version": "1"})
    assert "Somebody acted on this proposal" in shown(gone, 409)
    done = focal.post(f"/proposals/{proposal}/withdraw", data=acted)
    assert "The State took it back." in follow(focal, done)


def _version(page: TestResponse) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.get_data(as_text=True))
    assert found
    return found.group(1)


def assert_reported_beside(reader: FlaskClient, entry: str) -> None:
    """The emergency lane: beside the old number, never instead."""
    text = shown(reader.get(f"/entries/{entry}"))
    assert "314 15 14" in text
    assert "Reported by the State, not confirmed, since 24 Nov 2026, 12:00 UTC" in text
    assert "+40 21 200 0000" in text


def assert_evidence_is_for_its_state(
    trial: Trial, app: Flask, focal: FlaskClient, proposal: str
) -> None:
    page = focal.get(f"/proposals/{proposal}").get_data(as_text=True)
    found = re.search(rf"/proposals/{proposal}/evidence/[^\"]+", page)
    assert found
    file = focal.get(found.group(0))
    assert file.data == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    other = trial.client(app, "focal.fr@demo.example")
    assert other.get(found.group(0)).status_code == 404
    assert other.get(f"/proposals/{proposal}").status_code == 404


def test_new_entry_of_each_kind_is_proposed(desk_trial: Trial, focal: FlaskClient) -> None:
    office = {
        "names.0.text": "Office for trials",
        "channels.0.value": "+40 21 200 0009",
        "channels.0.purpose": "urgent",
        "designations.0.cooperation_type": "mla",
    }
    officer = {
        "names.0.text": "Liaison officer, Embassy in Tokyo",
        "host_state": "JP",
        "host_city": "Tokyo",
        "channels.0.value": "trial@example.org",
        "channels.0.kind": "email",
    }
    typed: dict[EntryKind, dict[str, str]] = {
        EntryKind.AUTHORITY: office,
        EntryKind.CONTACT_POINT: office,
        EntryKind.LIAISON_OFFICER: officer,
        EntryKind.REQUIREMENTS: {"cooperation_type": "prevention"},
    }
    for kind, fields in typed.items():
        address = f"/desk/propose/{kind.value}"
        sent = form_at(focal, address)
        fill(sent, {**fields, "reason": "It is new."})
        assert "Submitted." in follow(focal, press(focal, address, sent, "submit"))


#: Kind of entry and its field for the kind of help, as the form sends it.
FOR_TYPE = {
    EntryKind.AUTHORITY: "designations.0.cooperation_type",
    EntryKind.CONTACT_POINT: "designations.0.cooperation_type",
    EntryKind.LIAISON_OFFICER: "cooperation_types",
    EntryKind.REQUIREMENTS: "cooperation_type",
}


def test_the_form_opens_with_the_kind_of_help_that_it_was_asked_for(focal: FlaskClient) -> None:
    for kind, name in FOR_TYPE.items():
        address = f"/desk/propose/{kind.value}"
        given = form_at(focal, f"{address}?type=extradition")
        empty = form_at(focal, address)
        changed = {key for key in given if given[key] != empty.get(key)}
        # A row's key and the token are drawn anew for each form.
        assert {one for one in changed if not one.endswith((".key", "_token"))} == {name}, kind
        assert given[name] in ("extradition", ["extradition"])


def test_the_form_refuses_a_kind_of_help_there_is_not(focal: FlaskClient) -> None:
    answer = focal.get("/desk/propose/authority?type=telepathy")
    assert answer.status_code == 422
    assert "extradition" in answer.get_data(as_text=True)


#: Page -> a way from it to the form, the kind of entry being that which treaties ask for.
WAYS = {
    "/desk": "/desk/propose/authority?type=firearms",
    "/states/RO": "/desk/propose/authority?type=firearms",
    "/coverage/RO/firearms": "/desk/propose/authority?type=firearms",
    "/coverage/RO/e_evidence": "/desk/propose/contact_point?type=e_evidence",
}


@pytest.mark.parametrize("address", WAYS)
def test_a_gap_leads_to_the_form_filled_for_it(focal: FlaskClient, address: str) -> None:
    assert f'href="{WAYS[address]}"' in focal.get(address).get_data(as_text=True)


@pytest.mark.parametrize("address", ["/states/FR", "/coverage/FR/firearms"])
def test_the_gaps_of_another_state_lead_to_no_form(focal: FlaskClient, address: str) -> None:
    assert "/desk/propose/" not in focal.get(address).get_data(as_text=True)


def test_who_proposes_nothing_is_led_to_no_form(reader: FlaskClient) -> None:
    assert "/desk/propose/" not in reader.get("/states/FR").get_data(as_text=True)


def test_suspension_works_at_once_and_shows_the_alternative(
    desk_trial: Trial, focal: FlaskClient, reader: FlaskClient
) -> None:
    entry = named(desk_trial, "National Office for Prevention and Control of Money Laundering")
    other = named(desk_trial, "Ministry of Justice")
    address = f"/desk/entries/{entry}/suspend"
    assert "Every officer of the secretariat is told, too." in shown(focal.get(address))
    sent = form_at(focal, address)
    assert "Say why, in a sentence." in complaints(focal.post(address, data=sent))
    fill(sent, {"reason": "The mailbox is no longer safe.", "alternative_id": "FR-000000"})
    assert "Choose a published entry" in complaints(focal.post(address, data=sent))
    fill(sent, {"alternative_id": other})
    assert "Published" in follow(focal, focal.post(address, data=sent))
    page = reader.get(f"/entries/{entry}")
    assert "Suspended: do not use it." in shown(page)
    assert f'href="/entries/{other}"' in page.get_data(as_text=True)


def test_whole_state_is_confirmed_in_two_clicks(desk_trial: Trial, focal: FlaskClient) -> None:
    page = focal.get("/desk/confirm")
    entries = re.findall(r'name="entry" value="([^"]+)" checked', page.get_data(as_text=True))
    assert len(entries) > 10
    sent = {"csrf_token": form_token(page), "entry": entries}
    text = follow(focal, focal.post("/desk/confirm", data=sent))
    assert f"{len(entries)} entries confirmed." in text
    assert "confirmed on 24 Nov 2026" in text


def test_confirming_the_entry_of_another_state_is_refused(
    desk_trial: Trial, focal: FlaskClient
) -> None:
    with desk_trial.parts.reading() as session:
        other = session.scalars(select(Entry.id).where(Entry.state_code == "FR")).first()
    sent = {"csrf_token": form_token(focal.get("/desk")), "entry": other}
    assert focal.post("/desk/confirm", data=sent).status_code == 404


def test_report_stands_on_the_entry_until_it_is_answered(
    desk_trial: Trial, focal: FlaskClient, reader: FlaskClient
) -> None:
    entry = named(desk_trial, "Ministry of Justice")
    token = form_token(reader.get(f"/entries/{entry}"))
    sent = {"csrf_token": token, "kind": "no_answer", "note": "<b>Rang</b> for ten minutes."}
    done = reader.post(f"/entries/{entry}/reports", data=sent)
    assert "1 open report" in follow(reader, done)
    again = reader.post(f"/entries/{entry}/reports", data=sent)
    assert "You have reported this already" in shown(again, 409)
    assert "\n&lt;b&gt;Rang&lt;/b&gt; for ten minutes.</textarea>" in again.get_data(as_text=True)
    page = focal.get("/desk")
    assert "&lt;b&gt;Rang&lt;/b&gt; for ten minutes." in page.get_data(as_text=True)
    found = re.search(r"/desk/reports/(\d+)/answer", page.get_data(as_text=True))
    assert found
    answer = {"csrf_token": form_token(page), "text": " "}
    assert "Write something here." in shown(focal.post(found.group(0), data=answer), 422)
    answered = focal.post(found.group(0), data={**answer, "text": "The line is mended."})
    assert "Answered." in follow(focal, answered)
    assert "open report" not in shown(reader.get(f"/entries/{entry}"))


def test_objection_link_asks_first_and_is_used_once(desk_trial: Trial, app: Flask) -> None:
    token = held_change(desk_trial)
    stranger = app.test_client()
    address = f"/objections/{token}"
    page = stranger.get(address)
    assert "Someone proposes, for Romania" in shown(page)
    assert "Someone proposes" in shown(stranger.get(address))
    assert stranger.post(address, data={"text": "No."}).status_code == 400
    sent = {"csrf_token": form_token(page), "text": "We did not ask for this."}
    assert "The change is stopped." in shown(stranger.post(address, data=sent))
    assert "This link no longer does anything" in shown(stranger.get(address))
    assert "no longer does anything" in shown(stranger.post(address, data=sent), 409)


def held_change(trial: Trial) -> str:
    """A change of an entry of Romania that waits for objections; the token of a link against it."""
    at = trial.parts.clock()
    entry = named(trial, "Ministry of Justice")
    with trial.parts.unit_of_work() as uow:
        plain = uow.session.scalars(
            select(EntryRevision.record).where(EntryRevision.entry_id == entry)
        ).first()
        assert plain is not None
        made = dict(plain) | {"unit": "Unit of somebody else"}
        assert isinstance(from_dict(EntryKind.AUTHORITY, made), AuthorityRecord)
        account = uow.session.scalars(select(Account.id).where(Account.state_code == "RO")).first()
        proposal = Proposal(
            id="P-HELD0000",
            entry_id=entry,
            state_code="RO",
            entry_kind="authority",
            kind="amend",
            state="on_hold",
            base_revision=1,
            record=made,
            reason="A trial.",
            field_class=3,
            reported_channels=[],
            proposer_id=account,
            proposer_name="trial",
            created_at=at,
            updated_at=at,
            submitted_at=at,
            hold_until=at.replace(day=27),
        )
        uow.session.add(proposal)
        uow.session.flush()
        link = ObjectionLink(
            id="link-for-trials", proposal_id=proposal.id, expires_at=at.replace(day=27)
        )
        uow.session.add(link)
    return token_of("link-for-trials", workflow(trial.parts.settings).link_key)


def test_reader_is_told_of_a_recent_change_with_what_was_before(
    desk_trial: Trial, reader: FlaskClient
) -> None:
    name = "Prosecutor's Office attached to the High Court of Cassation and Justice"
    entry = named(desk_trial, name)
    assert "Recent change" not in shown(reader.get(f"/entries/{entry}"))
    change_website(desk_trial, entry)
    text = shown(reader.get(f"/entries/{entry}"))
    assert "Recent change Changed on 24 Nov 2026: Website" in text
    with counted_statements(desk_trial.parts.engine) as sent:
        shown(reader.get(f"/entries/{entry}"))
    assert len(sent) <= 6


def change_website(trial: Trial, entry: str) -> None:
    """Publish another website, which decides where requests go."""
    with trial.parts.unit_of_work() as uow:
        current = read_entry(uow.session, entry)
        assert current is not None
        assert isinstance(current.record, AuthorityRecord)
        record = replace(current.record, website="https://www.trial.example/")
        publication = Publication(
            entry_id=entry,
            state=current.state,
            record=record,
            by="trial",
            at=trial.parts.clock(),
            reason="A trial.",
            base=current.revision,
        )
        publish(uow, [publication])


def test_nothing_is_written_by_looking(desk_trial: Trial, focal: FlaskClient) -> None:
    before = proposals(desk_trial)
    address = f"/desk/entries/{named(desk_trial, 'Ministry of Justice')}/propose"
    sent = form_at(focal, address)
    fill(sent, {"unit": "Looked at only"})
    for button in ("check", "outlook", "names:add"):
        press(focal, address, sent, button)
    assert proposals(desk_trial) == before
