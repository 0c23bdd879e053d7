"""What the finder is given: the facts of both States, from what this actor may see."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.domain.answer import Answer, Question
from directory.domain.counterpart import types_answering, types_nearest
from directory.domain.reference import LegalBasis
from directory.domain.vocabulary import CooperationType, EntryStatus, Role
from directory.errors import Denied, Invalid
from directory.models import reference as tables
from directory.policy import ANONYMOUS, Actor
from directory.queries.counterparts import (
    _TYPES,
    _heads,
    _rows,
    answer,
)
from tests.support import factories as make

QUESTION = Question(
    requesting="FR", requested="RO", cooperation_type=CooperationType.MLA, at=make.AT
)
READER = make.reader()


def ask(engine: Engine, who: Actor = READER, **changes: Any) -> Answer:
    with Session(engine) as session:
        return answer(who, session, replace(QUESTION, **changes), make.TODAY)


def candidates(engine: Engine, who: Actor = READER) -> set[str]:
    with Session(engine) as session:
        types = (CooperationType.MLA,)
        rows = _rows(session, QUESTION, types)
        return {row.id for row in _heads(who, session, rows, make.TODAY)}


def wrong_fields(engine: Engine, **changes: Any) -> set[str]:
    with pytest.raises(Invalid) as refused:
        ask(engine, **changes)
    assert all(str(problem) for problem in refused.value.problems)
    return {problem.path for problem in refused.value.problems}


# --- refused


@pytest.mark.parametrize(
    "actor",
    [
        ANONYMOUS,
        make.actor(),
        make.actor(Role.READER, scopes=["counterparts:ask"]),
        make.actor(Role.READER, scopes=["counterparts:ask", "states:read"]),
        make.actor(Role.READER, scopes=["entries:read", "states:read"]),
    ],
)
def test_who_may_not_see_all_that_it_rests_on_gets_no_answer(engine: Engine, actor: Actor) -> None:
    with pytest.raises(Denied):
        ask(engine, who=actor)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"requested": "XX"}, {"requested"}),
        ({"requesting": "XX"}, {"requesting"}),
        ({"requesting": "", "requested": ""}, {"requesting", "requested"}),
        ({"requested": "R\0"}, {"requested"}),
        ({"requested": "FR"}, {"requested"}),
        ({"instrument": "NONE"}, {"instrument"}),
        ({"territory": "RO-B"}, {"territory"}),
        ({"requested": "XX", "territory": "RO-B"}, {"requested"}),
        (
            {"requesting": "XX", "instrument": "NONE", "territory": "NONE"},
            {"requesting", "instrument", "territory"},
        ),
    ],
)
def test_a_question_names_only_what_there_is(
    engine: Engine, changes: dict[str, Any], fields: set[str]
) -> None:
    assert wrong_fields(engine, **changes) == fields


def test_a_territory_is_one_of_the_requested_state(engine: Engine) -> None:
    make.add_rows(
        engine,
        tables.Territory,
        {"key": "FR-GP", "state_code": "FR", "name": "G", "aliases": []},
        {"key": "RO-B", "state_code": "RO", "name": "B", "aliases": []},
    )
    assert wrong_fields(engine, territory="FR-GP") == {"territory"}
    ask(engine, territory="RO-B")


# --- gathered


def test_an_answer_costs_two_statements(engine: Engine) -> None:
    make.publish_all(engine, *(make.publication(f"RO-{number}") for number in range(30)))
    ask(engine)
    with make.statement_counter(engine) as statements:
        ask(engine)
    assert len(statements) == 2


def for_type(kind: CooperationType) -> Any:
    return make.authority(designations=(make.designation(kind),))


def test_entries_for_another_type_are_not_looked_at(engine: Engine) -> None:
    make.publish_all(
        engine,
        make.publication("RO-1", for_type(CooperationType.MLA)),
        make.publication("RO-2", for_type(CooperationType.EXTRADITION)),
        make.publication("RO-3", make.requirements(CooperationType.EXTRADITION)),
    )
    assert candidates(engine) == {"RO-1"}


def test_where_nobody_answers_the_authorities_for_the_nearest_type_are_shown(
    engine: Engine,
) -> None:
    make.publish_all(
        engine,
        make.publication("RO-1", for_type(CooperationType.EXTRADITION)),
        make.publication("RO-2", for_type(CooperationType.FIREARMS)),
    )
    found = ask(engine)
    assert not found.authorities
    assert [line.candidate.id for line in found.nearest] == ["RO-1"]


def test_where_an_article_goes_through_legal_assistance_its_authorities_answer(
    engine: Engine,
) -> None:
    basis = {
        "cooperation_type": CooperationType.ASSET_RECOVERY,
        "instrument_code": "UNTOC",
        "article": "13(1)",
        "must_designate": "through art. 18",
    }
    make.add_rows(engine, tables.LegalBasis, basis)
    under = make.designation(instrument="UNTOC", article="18(13)")
    make.publish_all(engine, make.publication("RO-1", make.authority(designations=(under,))))
    found = ask(engine, cooperation_type=CooperationType.ASSET_RECOVERY)
    assert [line.candidate.id for line in found.authorities] == ["RO-1"]


def test_when_it_presses_all_contact_points_are_looked_at(engine: Engine) -> None:
    other = make.contact_point(designations=(make.designation(CooperationType.FIREARMS),))
    make.publish_all(engine, make.publication("RO-1", other))
    assert not ask(engine).contact_points
    assert [one.candidate.id for one in ask(engine, urgent=True).contact_points] == ["RO-1"]


def test_where_nothing_is_known_there_is_an_answer(engine: Engine) -> None:
    assert ask(engine) is not None


def test_the_requested_states_entries_and_the_officers_between_the_two_are_looked_at(
    engine: Engine,
) -> None:
    officer = make.officer
    make.publish_all(
        engine,
        make.publication("RO-1"),
        make.publication("RO-2", make.requirements()),
        make.publication("FR-1", state="FR"),
        make.publication("JP-1", state="JP"),
        # Theirs here, and ours there; others only when any State may use them.
        make.publication("RO-3", officer(host_state="FR", covered_states=())),
        make.publication("RO-4", officer(host_state="JP", covered_states=())),
        make.publication("FR-2", officer(host_state="RO", covered_states=()), state="FR"),
        make.publication("FR-3", officer(host_state="JP", covered_states=("RO",)), state="FR"),
        make.publication("FR-4", officer(host_state="JP", covered_states=()), state="FR"),
        make.publication("JP-2", officer(host_state="RO", covered_states=()), state="JP"),
        make.publication("JP-3", officer(host_state="FR", covered_states=()), state="JP"),
        make.publication(
            "JP-4", officer(host_state="RO", covered_states=(), common_use=True), state="JP"
        ),
    )
    assert candidates(engine) == {"RO-1", "RO-2", "RO-3", "FR-2", "FR-3", "JP-4"}


def test_every_type_considered_has_its_place_in_the_statement() -> None:
    for kind in CooperationType:
        through = LegalBasis(
            cooperation_type=kind,
            instrument="UNTOC",
            article="13(1)",
            must_designate="through art. 18",
        )
        assert len(types_answering(kind, [through]) + types_nearest(kind)) <= len(_TYPES)


def test_what_the_actor_may_not_see_is_not_looked_at(engine: Engine) -> None:
    yesterday = make.TODAY - dt.timedelta(days=1)
    make.publish_all(
        engine,
        make.publication("RO-1", status=EntryStatus.RETIRED),
        make.publication("RO-2", make.officer(posted_to=yesterday)),
        make.publication("RO-3"),
    )
    assert candidates(engine) == {"RO-3"}
    assert candidates(engine, make.reader("RO")) == {"RO-1", "RO-2", "RO-3"}
