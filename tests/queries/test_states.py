"""The list of States, and one State: what binds it, whom it named and for what it named nobody."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.domain.coverage import SOMEBODY_NAMED
from directory.domain.record import Record
from directory.domain.vocabulary import (
    CooperationType,
    DeclarationKind,
    EntryStatus,
    ParticipationStatus,
    Role,
)
from directory.errors import Denied, NotFound
from directory.models import reference as tables
from directory.policy import ANONYMOUS, Actor
from directory.queries.coverage import get_cell
from directory.queries.states import Missing, StateView, get_state, list_states
from tests.support import factories as make

MLA, EXTRADITION, TSP = (
    CooperationType.MLA,
    CooperationType.EXTRADITION,
    CooperationType.TSP,
)
READER = make.reader()
DAY = dt.timedelta(days=1)


def state(
    engine: Engine, code: str = "RO", who: Actor = READER, today: dt.date = make.TODAY
) -> StateView:
    with Session(engine) as session:
        return get_state(who, session, code, today)


def missing(view: StateView) -> dict[CooperationType, Missing]:
    return {one.cooperation_type: one for one in view.missing}


def add_basis(engine: Engine, kind: CooperationType, article: str, must: str, **row: Any) -> None:
    basis = {
        "cooperation_type": kind,
        "instrument_code": "UNTOC",
        "article": article,
        "must_designate": must,
    }
    make.add_rows(engine, tables.LegalBasis, basis | row)


# --- refused


@pytest.mark.parametrize(
    "actor",
    [
        ANONYMOUS,
        make.actor(),
        make.actor(Role.READER, scopes=["states:read"]),
        make.actor(Role.READER, scopes=["entries:read"]),
    ],
)
def test_a_state_with_its_entries_needs_the_right_to_both(engine: Engine, actor: Actor) -> None:
    with Session(engine) as session:
        with pytest.raises(Denied):
            list_states(actor, session, make.TODAY)
        with pytest.raises(Denied):
            get_state(actor, session, "RO", make.TODAY)


@pytest.mark.parametrize("code", ["XX", "", "R\0", "ROU"])
def test_an_unknown_state_is_not_found(engine: Engine, code: str) -> None:
    with pytest.raises(NotFound):
        state(engine, code)


# --- the list


def test_every_state_is_listed_with_what_the_reader_may_see(engine: Engine) -> None:
    make.publish_all(
        engine,
        make.publication("RO-1"),
        make.publication("RO-2"),
        make.publication("RO-3", status=EntryStatus.RETIRED),
        make.publication("RO-4", make.officer(posted_to=make.TODAY - DAY)),
        make.publication("FR-1", state="FR", status=EntryStatus.SUSPENDED),
    )
    for who, expected in (
        (READER, {"FR": 1, "JP": 0, "RO": 2}),
        (make.reader("RO"), {"FR": 1, "JP": 0, "RO": 4}),
        (make.verifier(), {"FR": 1, "JP": 0, "RO": 4}),
    ):
        with Session(engine) as session:
            found = list_states(who, session, make.TODAY)
        assert {one.state.code: one.entries for one in found} == expected


def test_the_list_costs_two_statements(engine: Engine) -> None:
    state(engine)
    with make.statement_counter(engine) as statements, Session(engine) as session:
        list_states(READER, session, make.TODAY)
    assert len(statements) == 2


def test_a_state_costs_four_statements_however_many_entries(engine: Engine) -> None:
    make.publish_all(engine, *(make.publication(f"RO-{number}") for number in range(60)))
    state(engine)
    with make.statement_counter(engine) as statements:
        found = state(engine)
    assert len(statements) == 4
    assert len(found.entries) == 60


def test_a_state_has_its_own_participations_and_declarations(engine: Engine) -> None:
    declaration = {
        "instrument_code": "UNTOC",
        "kind": DeclarationKind.LANGUAGE,
        "value": "en",
    }
    make.add_rows(
        engine,
        tables.Declaration,
        declaration | {"state_code": "RO"},
        declaration | {"state_code": "FR", "value": "fr"},
    )
    found = state(engine, "ro")
    assert found.state.code == "RO"
    assert [one.state for one in found.participations] == ["RO"]
    assert [one.value for one in found.declarations] == ["en"]


# --- what is missing


def test_every_type_is_missing_where_nothing_was_published(engine: Engine) -> None:
    assert list(missing(state(engine))) == list(CooperationType)


@pytest.mark.parametrize(
    ("valid", "is_missing"),
    [
        ({"valid_to": make.TODAY - DAY}, True),
        ({"valid_from": make.TODAY + DAY}, True),
        ({"valid_from": make.TODAY, "valid_to": make.TODAY}, False),
    ],
)
def test_a_designation_counts_on_its_days_alone_here_as_in_the_matrix(
    engine: Engine, valid: dict[str, Any], is_missing: bool
) -> None:
    named = make.authority(types=(MLA,))
    dated = tuple(replace(one, **valid) for one in named.designations)
    make.publish_all(engine, make.publication("RO-1", replace(named, designations=dated)))
    assert (MLA in missing(state(engine))) is is_missing
    with Session(engine) as session:
        cell = get_cell(READER, session, "RO", MLA, make.TODAY).cell
    assert (cell.cover not in SOMEBODY_NAMED) is is_missing


def test_an_entry_taken_out_of_use_names_nobody(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1", status=EntryStatus.SUSPENDED))
    assert MLA in missing(state(engine))


def test_a_type_with_an_authority_is_not_missing(engine: Engine) -> None:
    make.publish_all(
        engine,
        make.publication("RO-1", make.authority(types=(MLA, TSP))),
        make.publication("FR-1", make.authority(types=(EXTRADITION,)), state="FR"),
    )
    assert set(CooperationType) - set(missing(state(engine))) == {MLA, TSP}


def test_a_contact_point_answers_for_its_types(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1", make.contact_point()))
    assert CooperationType.E_EVIDENCE not in missing(state(engine))


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (make.officer(), CooperationType.LAW_ENFORCEMENT),
        (make.requirements(MLA), MLA),
    ],
)
def test_an_officer_or_requirements_are_nobody_to_address(
    engine: Engine, record: Record, kind: CooperationType
) -> None:
    make.publish_all(engine, make.publication("RO-1", record))
    assert kind in missing(state(engine))


def test_what_is_missing_does_not_depend_on_who_looks(engine: Engine) -> None:
    """Its own State sees a retired entry, and it answers for nothing all the same."""
    make.publish_all(engine, make.publication("RO-1", status=EntryStatus.RETIRED))
    for who in (READER, make.reader("RO"), make.verifier()):
        assert MLA in missing(state(engine, who=who))


def test_what_obliges_the_state_is_a_duty_and_what_does_not_is_not(engine: Engine) -> None:
    add_basis(engine, MLA, "18(13)", "yes")
    add_basis(engine, EXTRADITION, "16", "no")
    add_basis(engine, TSP, "17", "inform")
    found = missing(state(engine))
    assert [one.article for one in found[MLA].legal_bases] == ["18(13)"]
    assert found[MLA].is_duty
    assert [one.article for one in found[EXTRADITION].legal_bases] == ["16"]
    assert not found[EXTRADITION].is_duty
    assert not found[TSP].is_duty
    assert found[CooperationType.TCP].legal_bases == ()


@pytest.mark.parametrize(
    "change",
    [
        {"entry_into_force": make.TODAY + DAY},
        {"ended": make.TODAY},
        {"status": ParticipationStatus.SIGNATORY, "entry_into_force": None},
    ],
)
def test_a_treaty_that_does_not_bind_today_obliges_to_nothing(
    engine: Engine, change: dict[str, Any]
) -> None:
    make.add_rows(
        engine,
        tables.Instrument,
        {
            "code": "OTHER",
            "short_title": "Other",
            "title": "Other",
            "entry_into_force": dt.date(2000, 1, 1),
        },
    )
    add_basis(engine, MLA, "7", "yes", instrument_code="OTHER")
    row = {"action": "", "ended": None} | make.participation_row("RO", "OTHER", **change)
    make.add_rows(engine, tables.Participation, row)
    assert missing(state(engine))[MLA].legal_bases == ()


def test_a_treaty_without_a_record_obliges_to_nothing(engine: Engine) -> None:
    make.add_rows(
        engine,
        tables.Instrument,
        {
            "code": "OTHER",
            "short_title": "Other",
            "title": "Other",
            "entry_into_force": dt.date(2000, 1, 1),
        },
    )
    add_basis(engine, MLA, "7", "yes", instrument_code="OTHER")
    assert not missing(state(engine))[MLA].is_duty
