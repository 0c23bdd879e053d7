"""The forms of the desk refuse what does not fit, say where, and lose nothing that was typed."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.models.entry import Entry
from tests.conftest import BACKENDS
from tests.support.desk import FOCAL, PDF, complaints, fill, form_at, press, proposals, send_file
from tests.support.door import form_token
from tests.support.forms import fields_of
from tests.support.postgres import postgres_url
from tests.support.trial import Trial, prepare_trial


@pytest.fixture(scope="module", params=BACKENDS)
def desk_trial(
    request: pytest.FixtureRequest, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """A directory of these tests' own; proposals are written into it."""
    folder = tmp_path_factory.mktemp("desk")
    is_postgres = request.param == "postgresql"
    url = postgres_url(f"{worker}_desk_refusals") if is_postgres else f"sqlite:///{folder / 'd.db'}"
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
    """The focal point of Romania."""
    return desk_trial.client(app, FOCAL)


@pytest.fixture(scope="module")
def entry(desk_trial: Trial) -> str:
    """The Ministry of Justice of Romania, which has a telephone and a fax."""
    wanted = (Entry.state_code == "RO", Entry.name == "Ministry of Justice")
    with desk_trial.parts.reading() as session:
        return session.execute(select(Entry.id).where(*wanted)).scalar_one()


@pytest.mark.parametrize("email", ["reader.fr@demo.example", "verifier.a@demo.example"])
@pytest.mark.parametrize("address", ["/desk", "/desk/confirm", "/desk/propose/authority"])
def test_desk_is_for_focal_points(desk_trial: Trial, app: Flask, email: str, address: str) -> None:
    assert desk_trial.client(app, email).get(address).status_code == 403


def test_entry_of_another_state_is_refused(
    desk_trial: Trial, app: Flask, entry: str, focal: FlaskClient
) -> None:
    other = desk_trial.client(app, "focal.fr@demo.example")
    for address in (f"/desk/entries/{entry}/propose", f"/desk/entries/{entry}/suspend"):
        assert other.get(address).status_code == 403
        token = form_token(other.get("/desk"))
        assert other.post(address, data={"csrf_token": token}).status_code == 403


def test_form_without_its_token_is_refused(focal: FlaskClient, entry: str) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    sent.pop("csrf_token")
    assert press(focal, address, sent, "save").status_code == 400


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "right-to-left override": "Ministry \u202eecitsuJ fo",
    "zero width": "Min\u200bistry",
    "null": "Ministry\x00of Justice",
    "line break": "Ministry\r\nBcc: all@example.org",
    "long": "x" * 5000,
    "surrogate": "\ud800",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "field", ["names.0.text", "unit", "channels.0.value", "designations.0.key"]
)
def test_hostile_text_never_fails_and_is_never_run(
    focal: FlaskClient, entry: str, field: str, text: str
) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    sent[field] = text.encode("utf-8", "replace").decode()
    page = press(focal, address, sent, "check")
    assert page.status_code in {200, 422}
    assert "<script>alert" not in page.get_data(as_text=True)
    kept = fields_of(page)
    assert kept[field] == sent[field].replace("\r\n", "\n") or "\x00" in text or "\r" in text
    assert kept["channels.1.value"] == sent["channels.1.value"]


def test_a_million_characters_are_refused_and_kept(focal: FlaskClient, entry: str) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    sent["note"] = "n" * 1_000_000
    page = press(focal, address, sent, "submit")
    assert page.status_code == 422
    assert "Note: Give at most 4000 characters." in complaints(page)
    assert fields_of(page)["note"] == sent["note"]


WRONG = [
    ("channels.0.value", "no number", "Channel 1, Number or address", "is no telephone number"),
    ("channels.0.value", "", "Channel 1", ""),
    ("channels.0.kind", "telepathy", "Channel 1, Kind", "give one of"),
    ("designations.0.valid_from", "0001-01-01", "Designation 1, Valid from", "from 1900-01-01"),
    ("designations.0.valid_from", "9999-12-31", "Designation 1, Valid from", "from 1900-01-01"),
    ("designations.0.instrument", "NOWHERE", "Designation 1, Instrument", "NOWHERE"),
    ("designations.0.cooperation_type", "spying", "Designation 1, Cooperation type", "give one of"),
    ("designations.0.territory", "XX-1", "Designation 1, Territory", "XX-1"),
    ("sources.0.year", "twenty", "Source 1, Year", "whole number"),
    ("languages_spoken", "fr, klingon!", "Languages spoken", "klingon!"),
    ("website", "javascript:alert(1)", "Website", "https"),
    ("names.0.text", "", "Name", ""),
]


@pytest.mark.parametrize(("field", "text", "place", "says"), WRONG)
def test_what_does_not_fit_is_named_beside_its_field(
    focal: FlaskClient, entry: str, field: str, text: str, place: str, says: str
) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    sent[field] = text
    sent["reason"] = "A trial."
    page = press(focal, address, sent, "submit")
    assert page.status_code == 422, complaints(page)
    assert place in complaints(page)
    assert says in complaints(page)
    assert fields_of(page)[field] == text
    assert fields_of(page)["reason"] == "A trial."
    anchors = re.findall(r'<a href="#([^"]+)">', page.get_data(as_text=True))
    for anchor in anchors:
        assert f'id="{anchor}"' in page.get_data(as_text=True), anchor


def test_end_before_beginning_is_refused(focal: FlaskClient, entry: str) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    fill(sent, {"designations.0.valid_from": "2020-01-02", "designations.0.valid_to": "2020-01-01"})
    page = press(focal, address, sent, "check")
    assert page.status_code == 422
    assert "It ends on 2020-01-01, before it begins on 2020-01-02." in complaints(page)


@pytest.mark.parametrize("name", ["role", "state", "status", "channels.0.warning", "hours.evil"])
def test_fields_nobody_asked_for_are_refused(focal: FlaskClient, entry: str, name: str) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    sent[name] = "administrator"
    page = press(focal, address, sent, "save")
    assert page.status_code == 422
    assert "There is no such field." in complaints(page)


def test_field_given_twice_is_refused(focal: FlaskClient, entry: str) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    sent.add("channels.0.value", "+40 21 000 0000")
    page = press(focal, address, sent, "save")
    assert page.status_code == 422
    assert "is given more than once" in complaints(page)


@pytest.mark.parametrize("revision", ["99", "-1", "x", "9" * 40, "٣"])
def test_revision_there_is_not_is_refused(focal: FlaskClient, entry: str, revision: str) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    fill(sent, {"base_revision": revision, "unit": "Another unit"})
    assert press(focal, address, sent, "save").status_code == 422


FILES = {
    "no PDF": ("note.pdf", b"MZ\x90\x00", "Only whole PDF files"),
    "cut off": ("note.pdf", b"%PDF-1.7\n", "Only whole PDF files"),
    "too large": ("note.pdf", PDF + b" " * 10 * 2**20 + b"%%EOF", "larger than 10 MB"),
    "empty": ("note.pdf", b"", "Only whole PDF files"),
    "hidden name": ("no\u202etexe.pdf", PDF, "cannot be seen"),
}


@pytest.mark.parametrize(("name", "content", "says"), FILES.values(), ids=FILES)
def test_file_that_is_no_evidence_is_refused(
    desk_trial: Trial, focal: FlaskClient, entry: str, name: str, content: bytes, says: str
) -> None:
    address = f"/desk/entries/{entry}/propose"
    before = proposals(desk_trial)
    sent = form_at(focal, address)
    fill(sent, {"unit": "Another unit", "do": "save"})
    page = send_file(focal, address, sent, name, content)
    assert page.status_code == 422
    assert says in complaints(page)
    assert "Choose the file again" in complaints(page)
    assert proposals(desk_trial) == before


def test_larger_than_any_file_is_refused_unread(focal: FlaskClient, entry: str) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    content = b"x" * (17 * 2**20)
    assert send_file(focal, address, sent, "note.pdf", content).status_code == 413


def test_submission_without_reason_is_refused_and_nothing_is_kept(
    desk_trial: Trial, focal: FlaskClient, entry: str
) -> None:
    address = f"/desk/entries/{entry}/propose"
    before = proposals(desk_trial)
    sent = form_at(focal, address)
    sent["unit"] = "Another unit"
    page = press(focal, address, sent, "submit")
    assert page.status_code == 422
    assert "Reason: Say why, in a sentence." in complaints(page)
    assert proposals(desk_trial) == before


def test_submission_of_nothing_is_refused(focal: FlaskClient, entry: str) -> None:
    address = f"/desk/entries/{entry}/propose"
    sent = form_at(focal, address)
    sent["reason"] = "A trial."
    page = press(focal, address, sent, "submit")
    assert page.status_code == 422
    assert "Nothing is different from what is published." in complaints(page)


def test_kinds_there_are_not_are_nowhere(focal: FlaskClient) -> None:
    assert focal.get("/desk/propose/embassy").status_code == 404
    assert focal.get("/desk/entries/RO-000000/propose").status_code == 404
    assert focal.get("/proposals/P-00000000").status_code == 404
    assert focal.get("/desk/entries/a%00b/propose").status_code == 404


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "é.é", "x" * 2000])
def test_objection_link_that_was_not_made_here_is_nowhere(app: Flask, token: str) -> None:
    assert app.test_client().get(f"/objections/{token}").status_code == 404


def test_report_without_a_kind_or_with_too_much_is_refused_and_kept(
    focal: FlaskClient, entry: str
) -> None:
    token = form_token(focal.get(f"/entries/{entry}"))
    address = f"/entries/{entry}/reports"
    page = focal.post(address, data={"csrf_token": token, "kind": "boredom", "note": "kept"})
    assert page.status_code == 422
    assert "Choose what did not work." in page.get_data(as_text=True)
    assert "\nkept</textarea>" in page.get_data(as_text=True)
    long = {"csrf_token": token, "kind": "bounced", "note": "n" * 3000}
    assert focal.post(address, data=long).status_code == 422
