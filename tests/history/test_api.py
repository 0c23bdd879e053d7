"""The past for programs: refusals, then what was, and proofs that the stand-alone tool accepts."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from directory.composition import create_app
from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import Audience, ChannelKind, Role
from directory.parts import Parts
from directory.services.checkpoints import known_keys, make_checkpoint, signer
from directory.settings import Settings
from tests.api.conftest import Program, Programs, programs, reference_engine, settings
from tests.history.conftest import ENTRY, LONG_AGO, NEW, NOW, OLD, TODAY, YESTERDAY, with_number
from tests.support import factories as make
from tests.support.null_index import NullIndex

__all__ = ["programs", "reference_engine", "settings"]

CLOSED = "RO-CLOSED"


@pytest.fixture
def app(settings: Settings, reference_engine: Engine) -> Flask:
    """A number changed today; an entry with a line for its own State alone; all of it signed."""
    closed = make.channel("+40215550900", Audience.OWN_STATE, ChannelKind.TELEPHONE)
    published = (
        make.publication(ENTRY, with_number(OLD), at=LONG_AGO),
        make.publication(CLOSED, make.authority(channels=(closed,)), at=LONG_AGO),
    )
    make.publish_all(reference_engine, *published)
    amended = make.publication(ENTRY, with_number(NEW), at=make.AT, base=1, reason="renumbered")
    make.publish_all(reference_engine, amended)
    sign(reference_engine, settings, LONG_AGO)
    parts = Parts(settings=settings, engine=reference_engine, index=NullIndex(), clock=lambda: NOW)
    return create_app(settings, parts)


def sign(engine: Engine, settings: Settings, at: dt.datetime) -> None:
    with UnitOfWork(engine) as uow:
        make_checkpoint(uow, signer(settings), known_keys(settings), at)


@pytest.fixture
def program(programs: Programs) -> Program:
    return programs()


def value(answer: Any) -> str:
    found: str = answer["record"]["channels"][0]["value"]
    return found


# --- refused


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/entries/{ENTRY}?as_of=yesterday", 422),
        (f"/entries/{ENTRY}?as_known=2026", 422),
        (f"/entries/{ENTRY}?as_of=2026-01-01&as_of=2026-01-02", 422),
        (f"/entries/{ENTRY}?as_known=2001-01-01", 404),
        ("/entries/RO-NOTHERE?as_of=2026-01-01", 404),
        ("/entries/RO-NOTHERE/history", 404),
        (f"/entries/{ENTRY}/history?limit=0", 422),
        ("/counterparts?requesting=FR&requested=RO&type=mla&as_known=x", 422),
        ("/counterparts/extract?requesting=FR&requested=JP&type=mla", 404),
        ("/log/proof", 422),
        ("/log/proof?from=1", 422),
        ("/log/proof?sequence=1&to=2", 422),
        ("/log/proof?sequence=99", 404),
        ("/log/proof?from=9&to=99", 404),
    ],
)
def test_what_is_not_meant_or_not_there_is_refused(
    program: Program, address: str, status: int
) -> None:
    answer = program.get(address)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_event_of_which_something_is_withheld_is_for_those_who_read_logs(
    programs: Programs,
) -> None:
    assert programs().get("/log/proof?sequence=2").status_code == 403
    assert programs(state="RO").get("/log/proof?sequence=2").status_code == 200


# --- allowed


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", NEW),
        (f"?as_of={TODAY}", NEW),
        (f"?as_of={YESTERDAY}", OLD),
        (f"?as_known={YESTERDAY}", OLD),
        (f"?as_of={TODAY}&as_known={YESTERDAY}", OLD),
        (f"?as_of={YESTERDAY}&as_known={TODAY}", OLD),
    ],
)
def test_entry_is_given_as_it_stood(program: Program, asked: str, expected: str) -> None:
    answer = program.json(f"/entries/{ENTRY}{asked}")
    assert value(answer) == expected
    assert ("past" in answer) == bool(asked)


def test_finder_answers_as_of_a_day_as_known_on_another(program: Program) -> None:
    address = "/counterparts?requesting=FR&requested=RO&type=mla"
    tried = {"": NEW, f"&on={YESTERDAY}": OLD, f"&as_known={YESTERDAY}": OLD}
    for asked, expected in tried.items():
        found = {one["id"]: one for one in program.json(address + asked)["authorities"]}
        assert found[ENTRY]["channels"][0]["value"] == expected, asked


def test_history_tells_what_changed_and_where_it_is_proven(program: Program) -> None:
    answer = program.json(f"/entries/{ENTRY}/history")
    last, first = answer["items"]
    assert answer["total"] == 2
    assert (last["reason"], last["event"]["signed"]) == ("renumbered", True)
    assert [(one["before"], one["after"]) for one in last["changes"]] == [(OLD, NEW)]
    assert first["changes"] is None
    page = program.json(f"/entries/{ENTRY}/history?limit=1")
    rest = program.json(f"/entries/{ENTRY}/history?before={page['next']}")
    assert [one["revision"] for one in page["items"] + rest["items"]] == [2, 1]


def test_proofs_and_extracts_are_accepted_by_the_tool(
    program: Program, settings: Settings, tool: Any, app: Flask
) -> None:
    engine = app.extensions["directory"].engine
    make.publish_all(engine, make.publication("RO-MORE", make.authority(), at=make.AT))
    sign(engine, settings, NOW)
    newest = program.json("/log/checkpoint")
    keys = [tool.read_key(text) for text in newest["keys"]]
    # Four revisions, and the token of the program.
    assert tool.open_checkpoint(newest["note"], keys).size == newest["size"] == 5
    for asked in ("sequence=1", "sequence=3&size=5", "from=3&to=5"):
        proof = program.json(f"/log/proof?{asked}")
        assert tool.check_proof_object(proof, keys, [])[1] == [], asked
    question = "requesting=FR&requested=RO&type=mla"
    for address in (f"/entries/{ENTRY}/extract", f"/counterparts/extract?{question}"):
        sealed = program.json(address)
        assert tool.check_extract_object(sealed, keys, [newest["note"]])[1] == []


def test_auditor_reads_proofs_of_every_event(programs: Programs) -> None:
    scopes = ("entries:read", "log:read")
    auditor = programs(Role.AUDITOR, "", scopes=scopes)
    assert auditor.get("/log/proof?sequence=2").status_code == 200
