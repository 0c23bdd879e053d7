"""Kept results are those that would be found anew, for everybody, whatever has happened.

``twin`` is the same application with a memory of nothing; both must say the same.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, update

from directory.api.kept_results import LONGEST_PLAIN, KeptResult, KeptResults
from directory.composition import create_app
from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import EntryStatus, Role
from directory.models.reference import CooperationType, StateName
from directory.parts import Parts
from directory.queries.moments import Moment
from directory.search.index import SearchIndex
from directory.search.postgres_index import PostgresIndex
from directory.search.whoosh_index import WhooshIndex
from directory.services.indexing import KeptIndex, catch_up, rebuild
from directory.services.reference import renew_stamp
from directory.settings import Settings
from tests.api.conftest import Program, token_for
from tests.support import factories as make

EXTENSION = "directory_kept_results"
QUESTIONS = (
    "/search?q=ministry",
    "/search?q=mutual+legal+assistance+romania&limit=3",
    "/search?state=ro",
    "/suggest?q=minis",
    "/suggest?q=romania+re",
    "/suggest?q=rom&limit=2",
)


@dataclass
class House:
    """The application, its twin that keeps nothing, their index, and the clock of both."""

    app: Flask
    twin: Flask
    engine: Engine
    index: SearchIndex
    clock: list[dt.datetime]

    def ask(self, token: str, asked: str) -> Any:
        """What the application answers, twice, once it is what the twin answers."""
        first, second, fresh = (
            Program(one.test_client(), token).json(asked) for one in (self.app, self.app, self.twin)
        )
        assert first == second == fresh
        return first

    @property
    def kept(self) -> KeptResults:
        found: KeptResults = self.app.extensions[EXTENSION]
        return found


@pytest.fixture
def house(settings: Settings, reference_engine: Engine) -> House:
    """With the index of files on SQLite, with the database's own on PostgreSQL."""
    engine = reference_engine
    make.publish_all(
        engine,
        make.publication("RO-1", make.authority("Ministry of Justice")),
        make.publication("RO-2", make.requirements()),
        make.publication("RO-3", make.officer(posted_to=make.TODAY + dt.timedelta(days=3))),
        make.publication("FR-1", make.authority("Ministry of Law"), state="FR"),
    )
    own = engine.dialect.name == "postgresql"
    index: SearchIndex = PostgresIndex(engine) if own else WhooshIndex(settings.index_dir)
    rebuild(engine, index)
    clock = [make.AT]
    parts = Parts(settings=settings, engine=engine, index=index, clock=lambda: clock[0])
    app, twin = create_app(settings, parts), create_app(settings, parts)
    twin.extensions[EXTENSION] = KeptResults(0)
    return House(app, twin, engine, index, clock)


Act = Callable[[House], object]


def _published(entry_id: str, record: Any, base: int, **given: Any) -> Act:
    return lambda house: make.publish_all(
        house.engine, make.publication(entry_id, record, base=base, **given)
    )


def _learnt(house: House) -> object:
    return catch_up(house.engine, house.index)


def _named(house: House) -> object:
    name = {"state_code": "RO", "language": "en", "form": "official", "text": "Romania"}
    make.add_rows(house.engine, StateName, name)
    return rebuild(house.engine, house.index)


def _passed(days: int) -> Act:
    def pass_by(house: House) -> None:
        house.clock[0] += dt.timedelta(days=days)

    return pass_by


#: One after another: what happens, by another process or by the days passing.
HAPPENINGS: dict[str, Act] = {
    "an entry the index has not learnt is renamed": _published(
        "RO-1", make.authority("Bureau of Ministries"), 1
    ),
    "the index learns it": _learnt,
    "a State is named, and the index made anew": _named,
    "an entry the index still has is retired": _published(
        "FR-1", make.authority("Ministry of Law"), 1, state="FR", status=EntryStatus.RETIRED
    ),
    "a posting ends": _passed(4),
    "the index learns of a new entry": lambda house: (
        _published("RO-5", make.authority("Ministry of Ports"), 0)(house),
        _learnt(house),
    ),
}


def test_whatever_happens_everybody_is_told_what_would_be_found_anew(house: House) -> None:
    tokens = {
        "of its State": token_for(house.engine, Role.READER, "FR"),
        "of another State": token_for(house.engine, Role.READER, "RO"),
        "of the secretariat": token_for(house.engine, Role.VERIFIER, ""),
    }
    asked = [(who, question) for who in tokens for question in QUESTIONS]
    before = {one: house.ask(tokens[one[0]], one[1]) for one in asked}
    for name, happen in HAPPENINGS.items():
        happen(house)
        after = {one: house.ask(tokens[one[0]], one[1]) for one in asked}
        # What changes nothing would prove nothing.
        assert after != before, name
        before = after
        if "retired" in name:
            assert [who for who in tokens if "FR-1" in str(after[who, QUESTIONS[0]])] == [
                "of its State",
                "of the secretariat",
            ]


def test_a_token_for_less_is_refused_what_is_kept(house: House) -> None:
    house.ask(token_for(house.engine, Role.READER, "FR"), QUESTIONS[0])
    token = token_for(house.engine, Role.READER, "RO", scopes=("states:read",))
    assert Program(house.app.test_client(), token).get(QUESTIONS[0]).status_code == 403


def test_what_is_named_by_its_type_is_kept_apart_for_each_language(house: House) -> None:
    with UnitOfWork(house.engine) as uow:
        names = {"en": "Mutual legal assistance", "fr": "Entraide judiciaire"}
        uow.session.execute(update(CooperationType).values(names=names))
        renew_stamp(uow, make.AT)
    program = Program(house.app.test_client(), token_for(house.engine, Role.READER, "RO"))
    for language in (*names, *names):
        told = program.get(QUESTIONS[2], Accept_Language=language).text
        assert [one for one in names if names[one] in told] == [language]


def test_an_unknown_state_is_refused_again_and_again(house: House) -> None:
    program = Program(house.app.test_client(), token_for(house.engine, Role.READER, "FR"))
    assert [program.get("/search?state=xx").status_code for _ in range(2)] == [422, 422]


def test_limited_and_incomplete_results_are_not_kept(
    settings: Settings, reference_engine: Engine
) -> None:
    engine = reference_engine
    make.publish_all(engine, make.publication("RO-1"))
    kept = KeptIndex(engine, WhooshIndex(settings.index_dir), look_every=0)
    parts = Parts(settings=settings, engine=engine, index=kept, clock=lambda: make.AT)
    app = create_app(settings, parts)
    program = Program(app.test_client(), token_for(engine, Role.READER, "FR"))
    with kept.mending():
        assert not program.json(QUESTIONS[0])["complete"]
        program.json(QUESTIONS[3])
        assert not app.extensions[EXTENSION].size
    rebuild(engine, kept)
    # The look that finds nothing left to learn.
    program.json(QUESTIONS[0])
    kept.settle()
    assert program.json(QUESTIONS[0])["complete"]
    assert app.extensions[EXTENSION].size


def test_no_more_is_kept_than_the_bound_and_nothing_of_other_ground() -> None:
    long, short = KeptResult.of(b"x" * (LONGEST_PLAIN + 1), {}), KeptResult.of(b"x", {})
    assert len(long.text) == LONGEST_PLAIN + 1
    assert long.size < LONGEST_PLAIN
    kept, ground = KeptResults(2 * short.size), (object(), Moment("a", "b"))
    for key in ("a", "b", "b", "c"):
        kept.put(ground, key, short)
    assert kept.size == 2 * short.size
    assert [kept.find(ground, key) is None for key in "abc"] == [True, False, False]
    for other in ((object(), ground[1]), (ground[0], Moment("c", "b"))):
        assert kept.find(other, "c") is None
    kept.put((ground[0], Moment("a", "c")), "d", short)
    assert kept.size == short.size
    assert kept.find(ground, "c") is None
