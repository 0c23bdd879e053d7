"""Proposing and reviewing by programs: the same rules as the pages, versions in If-Match."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from directory.domain.record import to_dict
from directory.domain.vocabulary import Role
from directory.queries.accounts import find_token
from directory.services.reviews import verify
from tests.api.conftest import Program, Programs
from tests.support import factories as make
from tests.support.factories import publication, publish_all

ENTRY = "RO-1"
SCOPES = (
    "entries:read",
    "states:read",
    "proposals:read",
    "proposals:propose",
    "proposals:review",
    "reports:make",
    "entries:confirm",
)


def send(
    program: Program, address: str, body: Any = None, method: str = "POST", **headers: str
) -> TestResponse:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    given["Authorization"] = f"Bearer {program.token}"
    return program.client.open(f"/api/v1{address}", method=method, json=body, headers=given)


@pytest.fixture
def focal(programs: Programs, reference_engine: Engine) -> Program:
    """A focal point of Romania, which has one authority."""
    publish_all(reference_engine, publication(ENTRY, make.authority()))
    return programs(Role.FOCAL_POINT, "RO", scopes=SCOPES)


@pytest.fixture
def officer(programs: Programs) -> Program:
    return programs(Role.VERIFIER, "", scopes=SCOPES)


def change(**given: Any) -> dict[str, Any]:
    """A body that amends the note of the authority, a descriptive change."""
    record = to_dict(make.authority()) | {"note": "Ring twice."}
    return {
        "kind": "amend",
        "entry_id": ENTRY,
        "entry_kind": "authority",
        "base_revision": 1,
        "record": record,
        "reason": "A new bell.",
    } | given


def drafted(focal: Program, **given: Any) -> str:
    answer = send(focal, "/proposals", change(**given))
    assert answer.status_code == 200, answer.text
    return str(answer.json["id"])  # type: ignore[index]


def verified_by_a_person(officer: Program, proposal_id: str, tag: str) -> None:
    """As on the proposal's page, which a token does not open."""
    parts = officer.client.application.extensions["directory"]
    with parts.engine.connect() as connection:
        found = find_token(connection, officer.token, parts.clock(), demo=False)
    assert found is not None
    with parts.unit_of_work() as uow:
        verify(uow, replace(found.actor, scopes=None), proposal_id, int(tag[1:-1]), parts.clock())


def test_a_reader_proposes_nothing(programs: Programs, focal: Program) -> None:
    reader = programs(scopes=SCOPES)
    assert send(reader, "/proposals", change()).status_code == 403


def test_another_state_proposes_nothing_for_this_one(programs: Programs, focal: Program) -> None:
    stranger = programs(Role.FOCAL_POINT, "FR", scopes=SCOPES)
    assert send(stranger, "/proposals", change()).status_code == 403


def test_another_state_does_not_see_the_proposal(programs: Programs, focal: Program) -> None:
    stranger = programs(Role.FOCAL_POINT, "FR", scopes=SCOPES)
    assert send(stranger, f"/proposals/{drafted(focal)}", method="GET").status_code == 404


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"status": "published"}, "status"),
        ({"kind": "rewrite"}, "kind"),
        ({"record": {"names": [{"text": "X"}], "state": "FR"}}, "record.state"),
        ({"record": {"names": "X"}}, "record.names"),
        ({"entry_kind": None}, "entry_kind"),
        ({"base_revision": "1"}, "base_revision"),
        ({"base_revision": 7}, "base_revision"),
        ({"reason": "x\u0000y"}, "reason"),
    ],
)
def test_a_wrong_field_is_named(focal: Program, given: dict[str, Any], path: str) -> None:
    answer = send(focal, "/proposals", change(**given))
    assert answer.status_code == 422, answer.text
    assert path in {one["path"] for one in answer.json["errors"]}  # type: ignore[index]


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"kind": "amend", "kind": "create"}', "application/json", 400),
        (b'{"base_revision": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"kind": ' + b"[" * 30 + b"]" * 30 + b"}", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"kind=amend", "application/x-www-form-urlencoded", 415),
        (b" " * 300_000, "application/json", 413),
    ],
)
def test_a_body_that_is_not_an_object_of_json_is_refused(
    focal: Program, body: bytes, media_type: str, status: int
) -> None:
    answer = focal.client.post(
        "/api/v1/proposals",
        data=body,
        content_type=media_type,
        headers={"Authorization": f"Bearer {focal.token}"},
    )
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_without_a_version_nothing_is_done(focal: Program) -> None:
    answer = send(focal, f"/proposals/{drafted(focal)}/submit", {})
    assert answer.status_code == 428
    assert "If-Match" in answer.json["detail"]  # type: ignore[index]


@pytest.mark.parametrize("version", ['"2"', '"99"', "*", "x", 'W/"x"'])
def test_another_version_than_the_current_one_is_refused(focal: Program, version: str) -> None:
    answer = send(focal, f"/proposals/{drafted(focal)}/submit", {}, If_Match=version)
    assert answer.status_code == 412


def test_an_unknown_act_or_proposal_is_not_found(focal: Program) -> None:
    made = drafted(focal)
    assert send(focal, f"/proposals/{made}/bless", {}, If_Match='"1"').status_code == 404
    assert send(focal, "/proposals/P-NONE/submit", {}, If_Match='"1"').status_code == 404


@pytest.mark.parametrize(
    ("asked", "wrong"), [("state=XX", {"state"}), ("state=XX&status=zz", {"state", "status"})]
)
def test_a_list_is_narrowed_by_what_is_on_record_alone(
    focal: Program, asked: str, wrong: set[str]
) -> None:
    answer = send(focal, f"/proposals?{asked}", method="GET")
    assert answer.status_code == 422
    assert {one["path"] for one in (answer.json or {})["errors"]} == wrong


def test_nobody_reviews_without_being_an_officer(focal: Program) -> None:
    made = drafted(focal)
    send(focal, f"/proposals/{made}/submit", {}, If_Match='"1"')
    answer = send(focal, f"/proposals/{made}/take", {}, If_Match='"2"')
    assert answer.status_code == 403


@pytest.mark.parametrize("act", ["verify", "approve", "dismiss-objection"])
def test_a_token_does_not_do_what_needs_a_person_with_a_fresh_factor(
    focal: Program, officer: Program, act: str
) -> None:
    made = drafted(focal)
    send(focal, f"/proposals/{made}/submit", {}, If_Match='"1"')
    answer = send(officer, f"/proposals/{made}/{act}", {}, If_Match='"2"')
    assert answer.status_code == 403
    assert "a token cannot do it" in answer.json["detail"]  # type: ignore[index]


def test_a_token_does_not_suspend(focal: Program) -> None:
    body = {"kind": "suspend", "entry_id": ENTRY, "base_revision": 1, "reason": "Not safe."}
    made = (send(focal, "/proposals", body).json or {})["id"]
    answer = send(focal, f"/proposals/{made}/submit", {}, If_Match='"1"')
    assert answer.status_code == 403
    assert "a token cannot do it" in (answer.json or {})["detail"]
    shown = send(focal, f"/entries/{ENTRY}", method="GET").json or {}
    assert shown["status"] == "published"


def test_a_note_goes_from_draft_to_readers(focal: Program, officer: Program) -> None:
    made = drafted(focal)
    shown = send(focal, f"/proposals/{made}", method="GET")
    assert shown.headers["ETag"] == '"1"'
    assert [one["path"] for one in shown.json["differences"]] == ["note"]  # type: ignore[index]
    tag = shown.headers["ETag"]
    for program, act in ((focal, "submit"), (officer, "take")):
        done = send(program, f"/proposals/{made}/{act}", {}, If_Match=tag)
        assert done.status_code == 200, done.text
        tag = done.headers["ETag"]
    verified_by_a_person(officer, made, tag)
    listed = send(focal, "/proposals?status=published", method="GET").json
    assert [one["id"] for one in listed["items"]] == [made]  # type: ignore[index]
    entry = send(focal, f"/entries/{ENTRY}", method="GET").json
    assert entry["record"]["note"] == "Ring twice."  # type: ignore[index]
    assert entry["revision"] == 2  # type: ignore[index]


def test_a_draft_is_replaced_and_commented(focal: Program) -> None:
    made = drafted(focal)
    revised = send(
        focal, f"/proposals/{made}", change(reason="Another."), method="PUT", If_Match='"1"'
    )
    assert revised.headers["ETag"] == '"2"'
    send(focal, f"/proposals/{made}/submit", {}, If_Match='"2"')
    said = send(focal, f"/proposals/{made}/comment", {"text": "Please hurry."})
    assert said.status_code == 200
    assert send(focal, f"/proposals/{made}/comment", {"text": " "}).status_code == 422


def test_what_did_not_work_is_reported_once(focal: Program, officer: Program) -> None:
    body = {"kind": "no_answer", "note": "Rang for an hour."}
    assert send(officer, f"/entries/{ENTRY}/reports", body).status_code == 200
    assert send(officer, f"/entries/{ENTRY}/reports", {"kind": "bad"}).status_code == 422
    assert send(officer, "/entries/RO-NONE/reports", body).status_code == 404
    made_up = send(officer, f"/entries/{ENTRY}/reports", {"kind": "bounced", "channel": "n1"})
    assert made_up.status_code == 422
    assert [one["path"] for one in made_up.json["errors"]] == ["channel"]  # type: ignore[index]
    assert send(officer, f"/entries/{ENTRY}/reports", body).status_code == 409
    entry = send(focal, f"/entries/{ENTRY}", method="GET").json
    assert entry["freshness"]["state"] == "disputed"  # type: ignore[index]


def test_a_program_reports_so_much_a_day(focal: Program, officer: Program) -> None:
    application = officer.client.application
    parts = application.extensions["directory"]
    few = replace(parts, settings=replace(parts.settings, reports_daily=1))
    application.extensions["directory"] = few
    assert send(officer, f"/entries/{ENTRY}/reports", {"kind": "no_answer"}).status_code == 200
    refused = send(officer, f"/entries/{ENTRY}/reports", {"kind": "bounced"})
    application.extensions["directory"] = parts
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    assert "as a day allows (1)" in refused.json["detail"]  # type: ignore[index]


def test_a_state_confirms_all_that_is_its_own(focal: Program, officer: Program) -> None:
    assert send(officer, "/confirmations", {}).status_code == 403
    assert send(focal, "/confirmations", {"state": "FR"}).status_code == 404
    done = send(focal, "/confirmations", {})
    assert done.json == {"entry_ids": [ENTRY]}
    entry = send(focal, f"/entries/{ENTRY}", method="GET").json
    assert entry["freshness"]["state"] == "confirmed"  # type: ignore[index]
    assert entry["revision"] == 1  # type: ignore[index]
