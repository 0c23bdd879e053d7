"""The switch 'reading only': nobody changes anything, everybody reads, every page says so."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select

from directory.cli.worker import make_worker
from directory.models.change_log import LogEvent
from directory.settings import Settings
from directory.web.access import PUBLIC, SAFE_METHODS, need_of
from directory.web.sign_in import NOBODY
from tests.security.operator import Operator
from tests.support.door import bearer, form_token, sign_in
from tests.support.secretariat import ENTRY, FIRST, PROPOSER, Office, open_office, plain
from tests.web.test_door_routes import routes

#: Blueprints by which people sign in, also while nothing may be changed; written a second time.
WAY_IN = {"security", "passkeys"}
REASON = "The server moves until 18:00 UTC."


@pytest.fixture
def office(engine: Engine, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(str(tmp_path))
    return open_office(engine)


@pytest.fixture
def frozen(office: Office) -> Iterator[Office]:
    """Signed in before, then only reading."""
    for email in (PROPOSER, FIRST):
        office.client(email)
    switch = office.place.parts.settings.read_only_file
    switch.parent.mkdir(parents=True, exist_ok=True)
    switch.write_text(REASON)
    yield office
    switch.unlink(missing_ok=True)


def events(office: Office) -> int:
    with office.place.parts.reading() as session:
        return session.scalars(select(func.count()).select_from(LogEvent)).one()


@pytest.mark.parametrize("email", [PROPOSER, FIRST])
def test_every_route_that_changes_something_is_refused(frozen: Office, email: str) -> None:
    client = frozen.client(email)
    token = form_token(client.get("/help"))
    before = events(frozen)
    refused = []
    for rule, url, method in routes(frozen.place.app):
        need = need_of(frozen.place.app, rule.endpoint)
        way_in = rule.endpoint.split(".")[0] in WAY_IN
        if method in SAFE_METHODS or way_in or need == NOBODY:
            continue
        answer = client.open(url, method=method, data={"csrf_token": token}, buffered=True)
        expected = {503} if need == PUBLIC else {503, 403}
        assert answer.status_code in expected, (method, url, answer.status_code)
        refused.append(answer.status_code)
    assert refused.count(503) > 5
    assert events(frozen) == before


def test_the_refusal_says_what_is_the_case_and_keeps_a_place_for_trying_again(
    frozen: Office,
) -> None:
    answer = frozen.post(PROPOSER, f"/desk/entries/{ENTRY}/propose", do="save")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Reading only at the moment" in plain(answer)
    assert REASON in plain(answer)


def test_programs_are_refused_with_a_type_of_its_own(frozen: Office) -> None:
    scopes = ["proposals:propose", "entries:read"]
    headers = bearer(frozen.place.token(PROPOSER, scopes=scopes))
    answer = frozen.place.client().post("/api/v1/proposals", json={}, headers=headers)
    assert answer.status_code == 503
    assert answer.get_json()["type"].endswith("#read-only")
    assert answer.get_json()["detail"] == REASON
    found = frozen.place.client().get(f"/api/v1/entries/{ENTRY}", headers=headers)
    assert found.status_code == 200


@pytest.mark.parametrize("address", ["/", "/help", f"/entries/{ENTRY}", "/states/RO", "/no-such"])
def test_pages_are_read_and_say_so(frozen: Office, address: str) -> None:
    page = frozen.client(FIRST).get(address)
    assert page.status_code in {200, 404}
    assert REASON in plain(page)


def test_people_go_on_signing_in_and_out(frozen: Office) -> None:
    client = frozen.place.client()
    assert sign_in(client, PROPOSER).status_code == 302
    page = client.get("/help")
    assert page.status_code == 200
    assert client.post("/sign-out", data={"csrf_token": form_token(page)}).status_code == 302
    assert client.get("/help").status_code == 302
    token = form_token(client.get("/sign-in"))
    # A passkey that answers nothing is refused as such, and not because nothing may be changed.
    answer = client.post("/sign-in/passkey", data={"csrf_token": token, "passkey": "{}"})
    assert answer.status_code == 422


def test_what_is_behind_glass_stays_closed_while_nothing_can_be_written(frozen: Office) -> None:
    """Nobody is shown it without a trace; what is not behind glass stays open."""
    answer = frozen.post(PROPOSER, f"/entries/{ENTRY}/break-glass", reason="A child is missing.")
    assert answer.status_code == 503
    assert REASON in plain(answer)
    assert frozen.get(PROPOSER, f"/entries/{ENTRY}")


def test_the_worker_publishes_nothing_meanwhile_and_makes_good_for_it(frozen: Office) -> None:
    worker = make_worker(frozen.place.parts)
    assert worker.round() == []
    assert "publish" not in worker._done_at
    assert "checkpoint" in worker._done_at
    frozen.place.parts.settings.read_only_file.unlink()
    assert worker.round() == []
    assert "publish" in worker._done_at


def test_the_setting_does_what_the_switch_does(office: Office) -> None:
    assert office.place.parts.read_only() is None
    settings = Settings.from_values(
        {
            name: getattr(office.place.parts.settings, name)
            for name in ("database_url", "session_key", "field_key", "password_pepper")
        }
        | {"checkpoint_key": office.place.parts.settings.checkpoint_key, "read_only": "true"}
    )
    assert settings.read_only


def test_a_switch_that_cannot_be_read_counts_as_set(office: Office) -> None:
    switch = office.place.parts.settings.read_only_file
    switch.mkdir(parents=True)
    assert office.place.parts.read_only() == ""
    switch.rmdir()
    switch.write_bytes(b"\xff\xfe")
    assert office.place.parts.read_only() == ""


def test_the_command_sets_the_switch_and_takes_it_back(operator: Operator) -> None:
    operator.done("read-only", "on", "--reason", "  the disk\nis full ")
    assert operator.parts().read_only() == "the disk is full"
    facts = json.loads(operator.done("read-only", "status", "--json"))
    assert facts == {"read_only": True, "reason": "the disk is full"}
    assert "reading only" in operator.run("doctor")[1]
    operator.done("read-only", "off")
    assert operator.parts().read_only() is None
    operator.done("read-only", "off")
    assert operator.done("read-only", "status") == "changes are allowed\n"


def test_the_switch_does_not_take_back_the_setting(operator: Operator) -> None:
    operator.file.write_text(operator.file.read_text("utf-8") + "read_only = true\n")
    assert "take it out of the settings" in operator.refused("read-only", "off")
    assert operator.parts().read_only() == ""
