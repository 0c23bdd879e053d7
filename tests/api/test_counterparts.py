"""The finder's answer for programs: its parts, its reasons, and the moments it may be asked for."""

from typing import Any

import pytest
from sqlalchemy import Engine

from directory.domain.vocabulary import Audience, CooperationType, Role
from directory.models.reference import LegalBasis
from tests.api.conftest import Program, Programs
from tests.support.factories import (
    add_rows,
    authority,
    channel,
    office_hours,
    officer,
    publication,
    publish_all,
    requirements,
    source,
)

ASKED = "/counterparts?requesting=FR&requested=RO&type=mla"
PARTS = {
    "question",
    "instruments",
    "not_on_record",
    "authorities",
    "suspended",
    "nearest",
    "contact_points",
    "urgent_steps",
    "liaison_officers",
    "requirements",
    "gaps",
    "steps",
}


@pytest.fixture
def basis(reference_engine: Engine) -> None:
    """UNTOC 18(13) covers mutual legal assistance."""
    add_rows(
        reference_engine,
        LegalBasis,
        {
            "cooperation_type": CooperationType.MLA,
            "instrument_code": "UNTOC",
            "article": "18(13)",
            "must_designate": "yes",
        },
    )


def codes(reasons: list[dict[str, Any]]) -> set[str]:
    return {one["code"] for one in reasons}


def test_nothing_designated_is_said_plainly(program: Program, basis: None) -> None:
    body = program.json(ASKED)
    assert body["authorities"] == []
    assert "no_designation" in codes(body["gaps"])


def test_channel_of_a_narrow_audience_stays_out_of_the_answer(
    program: Program, programs: Programs, reference_engine: Engine, basis: None
) -> None:
    record = authority(channels=(channel("own@justice.example", Audience.OWN_STATE),))
    publish_all(reference_engine, publication("RO-1", record))
    assert "own@justice.example" not in program.get(ASKED).text
    assert "own@justice.example" in programs(Role.READER, "RO").get(ASKED).text


def test_answer_has_its_parts_each_with_reason_and_source(
    program: Program, reference_engine: Engine, basis: None
) -> None:
    record = authority(
        channels=(channel(),), hours=office_hours(), sources=(source(),), note="by post only"
    )
    publish_all(
        reference_engine,
        publication("RO-1", record),
        publication("RO-2", requirements(languages_accepted=("ro", "en"))),
        publication("RO-3", officer()),
    )
    body = program.json(ASKED)
    assert body.keys() == PARTS
    assert [one["code"] for one in body["instruments"]] == ["UNTOC"]
    assert body["instruments"][0]["articles"] == ["18(13)"]
    assert body["instruments"][0]["in_force_since"] == "2004-01-01"
    found = body["authorities"][0]
    assert found["id"] == "RO-1"
    assert found["reason"]
    assert found["channels"][0]["value"] == "desk@justice.example"
    assert found["reachable"]["state"] == "open"
    assert found["freshness"]["state"] == "lapsed"
    assert body["requirements"]["entry"] == "RO-2"
    assert body["liaison_officers"][0]["id"] == "RO-3"
    assert all(step["reason"]["text"] for step in body["steps"])


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("", "2026-03-02T09:30:00+00:00"),
        ("&on=2010-05-06", "2010-05-06T09:30:00+00:00"),
        ("&on=1900-01-01", "1900-01-01T09:30:00+00:00"),
        ("&on=2199-12-31", "2199-12-31T09:30:00+00:00"),
        ("&at=2026-01-31T08:00:00%2B01:00", "2026-01-31T07:00:00+00:00"),
        ("&at=2199-12-31T23:59:59-13:59", "2200-01-01T13:58:59+00:00"),
    ],
)
def test_moment_asked_for_is_the_one_answered(
    program: Program, reference_engine: Engine, basis: None, given: str, at: str
) -> None:
    publish_all(reference_engine, publication("RO-1", authority(hours=office_hours())))
    body = program.json(ASKED + given)
    assert body["question"]["at"] == at
    # Before UNTOC bound the two States it is no basis.
    assert bool(body["instruments"]) is not at.startswith("1900")


def test_states_are_taken_in_small_letters(program: Program) -> None:
    body = program.json("/counterparts?requesting=fr&requested=ro&type=extradition&urgent=true")
    assert body["question"]["requesting"] == "FR"
    assert body["question"]["urgent"] is True
