"""A kept answer of the finder is the one that would be found anew, for everybody, at any moment.

``twin`` is the same application with a memory of nothing; whatever changes, both must say the same.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from directory.api.kept_answers import KeptAnswer, KeptAnswers, Key, kept_answers, key_of
from directory.composition import create_app
from directory.db.commits import last_commit
from directory.db.unit_of_work import UnitOfWork
from directory.domain.answer import Question
from directory.domain.line_tests import LineMethod, LineOutcome, LineResult
from directory.domain.vocabulary import (
    Audience,
    ChannelKind,
    CooperationType,
    DeclarationKind,
    EntryKind,
    EntryStatus,
    Role,
)
from directory.models.read_audit import ReadView
from directory.models.reference import Declaration, LegalBasis, State
from directory.parts import Parts
from directory.policy import ANONYMOUS, Actor, sight
from directory.services.publishing import confirm, set_line_test, set_open_reports
from directory.settings import Settings
from directory.web.looking import read_audit
from tests.api.conftest import Program, token_for
from tests.support import factories as make
from tests.support.null_index import NullIndex

ASKED = "/counterparts?requesting=FR&requested=RO&type="
QUESTIONS = (f"{ASKED}mla", f"{ASKED}e_evidence&urgent=true", f"{ASKED}extradition")
OWN = "own@justice.example"
NIGHT = "+40215550100"


@dataclass
class House:
    """The application, its twin that keeps nothing, and the clock of both."""

    app: Flask
    twin: Flask
    engine: Engine
    clock: list[dt.datetime]

    def ask(self, token: str, asked: str) -> Any:
        """What the application answers, once it is what the twin answers."""
        kept, fresh = (
            Program(one.test_client(), token).json(asked) for one in (self.app, self.twin)
        )
        assert kept == fresh
        return kept

    def statements(self, token: str, asked: str) -> int:
        with make.statement_counter(self.engine) as sent:
            Program(self.app.test_client(), token).json(asked)
        # What is written meanwhile, by threads of their own, is none of the answer's.
        return sum(one.startswith("SELECT") for one in sent)


@pytest.fixture
def house(settings: Settings, reference_engine: Engine) -> House:
    make.add_rows(
        reference_engine,
        LegalBasis,
        {
            "cooperation_type": CooperationType.MLA,
            "instrument_code": "UNTOC",
            "article": "18(13)",
            "must_designate": "yes",
        },
    )
    make.publish_all(
        reference_engine,
        make.publication("RO-1", _office()),
        make.publication("RO-2", make.requirements(languages_accepted=("ro",))),
        make.publication("RO-3", make.officer(posted_to=make.TODAY + dt.timedelta(days=3))),
        make.publication("RO-4", make.contact_point(hours=make.office_hours())),
    )
    return _house(settings, reference_engine)


def _house(settings: Settings, engine: Engine) -> House:
    clock = [make.AT]
    parts = Parts(settings=settings, engine=engine, index=NullIndex(), clock=lambda: clock[0])
    app, twin = create_app(settings, parts), create_app(settings, parts)
    twin.extensions["directory_kept_answers"] = KeptAnswers(0)
    return House(app, twin, engine, clock)


def _tokens(engine: Engine) -> dict[str, str]:
    return {
        "of another State": token_for(engine, Role.READER, "FR"),
        "of the State asked": token_for(engine, Role.READER, "RO"),
        "of the secretariat": token_for(engine, Role.VERIFIER, ""),
    }


def _office(name: str = "Ministry of Justice", **given: Any) -> Any:
    given.setdefault("channels", (make.channel(), make.channel(OWN, Audience.OWN_STATE)))
    return make.authority(name, hours=make.office_hours(), **given)


Act = Callable[[Engine], None]


def _published(entry_id: str, record: Any, base: int, **given: Any) -> Act:
    return lambda engine: make.publish_all(
        engine, make.publication(entry_id, record, base=base, **given)
    )


def _written(act: Callable[[UnitOfWork], None]) -> Act:
    def write(engine: Engine) -> None:
        with UnitOfWork(engine) as uow:
            act(uow)
            make.something_happened(uow)

    return write


def _declared(engine: Engine) -> None:
    row = {
        "state_code": "RO",
        "instrument_code": "UNTOC",
        "article": "18(14)",
        "kind": DeclarationKind.LANGUAGE,
        "value": "fr",
    }
    make.add_rows(engine, Declaration, row)


_TESTED = LineResult(at=make.AT, outcome=LineOutcome.ANSWERED, method=LineMethod.MAIL, seconds=90)
_NIGHT = make.channel(NIGHT, kind=ChannelKind.TELEPHONE)
_MOVED = _office("Ministry of Law", channels=(make.channel("new@justice.example"),))

#: One after another: what happens, by another process or by the hours passing.
HAPPENINGS: dict[str, Act | dt.timedelta] = {
    "it closes for lunch": dt.timedelta(minutes=45),
    "it opens again": dt.timedelta(minutes=60),
    "an entry is published": _published("RO-5", _office("Court"), 0),
    "an entry is changed": _published("RO-1", _MOVED, 1),
    "a line is closed to others": _published(
        "RO-5", _office("Court", channels=(make.channel(audience=Audience.OWN_STATE),)), 1
    ),
    "a report is made": _written(lambda uow: set_open_reports(uow, "RO-1", 2)),
    "a State confirms": _written(
        lambda uow: confirm(uow, {"RO-5": EntryKind.AUTHORITY}, make.confirmed())
    ),
    "a line is tested": _written(lambda uow: set_line_test(uow, "RO-4", _TESTED)),
    "a point changes its lines": _published("RO-4", make.contact_point(channels=(_NIGHT,)), 1),
    "a State declares": _declared,
    "an entry is suspended": _published(
        "RO-5", _office("Court"), 2, status=EntryStatus.SUSPENDED, alternative="RO-1"
    ),
    "midnight passes": dt.timedelta(days=1),
    "a posting ends": dt.timedelta(days=4),
    "a change is told no longer": dt.timedelta(days=60),
    "an entry is retired": _published("RO-1", _MOVED, 2, status=EntryStatus.RETIRED),
}


def _still(told: Any) -> Any:
    """An answer without the clocks, which run on at every moment."""
    if isinstance(told, list):
        return [_still(one) for one in told]
    if not isinstance(told, dict):
        return told
    clocks = {"at", "local_time", "viewer_time", "changes_in_minutes"}
    return {name: _still(one) for name, one in told.items() if name not in clocks}


def test_whatever_happens_everybody_is_told_what_would_be_found_anew(house: House) -> None:
    tokens = _tokens(house.engine)
    asked = [(who, question) for who in tokens for question in QUESTIONS]
    again = asked[: len(QUESTIONS)]
    before = {one: _still(house.ask(tokens[one[0]], one[1])) for one in asked}
    for name, happening in HAPPENINGS.items():
        if isinstance(happening, dt.timedelta):
            house.clock[0] += happening
        else:
            happening(house.engine)
        after = {one: _still(house.ask(tokens[one[0]], one[1])) for one in asked}
        # What changes nothing would prove nothing.
        assert after != before, name
        before = after
        house.clock[0] += dt.timedelta(seconds=70)
        for who, question in again:
            assert _still(house.ask(tokens[who], question)) == before[who, question], name


def test_what_is_asked_again_costs_one_statement_at_most_and_one_more_after_each_event(
    house: House,
) -> None:
    token = token_for(house.engine, Role.READER, "FR")
    for question in QUESTIONS:
        house.ask(token, question)
        house.clock[0] += dt.timedelta(seconds=7)
        # Whose the token is, and whether anything happened; none while nobody committed, where
        # commits are counted.
        fewest = 1 if last_commit(house.engine) is None else 0
        assert fewest <= house.statements(token, question) <= 1
        with UnitOfWork(house.engine) as uow:
            make.something_happened(uow)
        assert house.statements(token, question) == 2
        assert fewest <= house.statements(token, question) <= 1
        # Both made now, of which the first is kept.
        house.ask(token, question)


def test_moments_and_days_asked_for_are_those_answered(house: House) -> None:
    token = token_for(house.engine, Role.READER, "FR")
    moments: tuple[str, ...] = (
        "",
        "&on=2026-03-02",
        "&on=2026-03-03",
        "&on=2026-02-27",
        "&as_known=2026-03-01",
    )
    moments += tuple(f"&at=2026-03-02T{hour:02}:20:00Z" for hour in (23, 9, 10, 11, 6, 12, 0))
    for _ in range(2):
        for moment in moments:
            house.ask(token, QUESTIONS[0] + moment)
        house.clock[0] += dt.timedelta(minutes=50)


def test_nobody_is_given_what_was_kept_for_another_audience(house: House) -> None:
    tokens = _tokens(house.engine)
    for _ in range(2):
        for who, sees in (("of the State asked", True), ("of another State", False)):
            for language in ("en", "fr"):
                answer = Program(house.app.test_client(), tokens[who]).get(
                    QUESTIONS[0], Accept_Language=language
                )
                assert (OWN in answer.text) is sees


def test_a_token_for_less_is_refused_what_is_kept(house: House) -> None:
    house.ask(token_for(house.engine, Role.READER, "FR"), QUESTIONS[0])
    scopes = ("counterparts:ask", "states:read")
    token = token_for(house.engine, Role.READER, "RO", scopes=scopes)
    assert Program(house.app.test_client(), token).get(QUESTIONS[0]).status_code == 403


def test_while_nobody_can_write_down_who_looks_restricted_lines_are_not_in_it(
    house: House,
) -> None:
    token = token_for(house.engine, Role.READER, "RO")
    assert OWN in str(house.ask(token, QUESTIONS[0]))
    with house.app.app_context():
        read_audit().is_failing = True
    assert OWN not in Program(house.app.test_client(), token).get(QUESTIONS[0]).text


def test_officer_keeps_the_clock_of_the_state_of_the_posting_in_kept_answers_too(
    house: House,
) -> None:
    with Session(house.engine) as session, session.begin():
        session.execute(update(State).where(State.code == "JP").values(time_zones=["Asia/Tokyo"]))
    officer = make.officer(host_state="JP", covered_states=("FR",))
    make.publish_all(house.engine, make.publication("RO-5", officer))
    token = token_for(house.engine, Role.READER, "FR")
    for house.clock[0] in (make.AT, make.AT + dt.timedelta(minutes=1)):
        lines = house.ask(token, QUESTIONS[0])["liaison_officers"]
        told = {one["id"]: one["reachable"]["local_time"][-6:] for one in lines}
        assert told["RO-5"] == "+09:00"


def test_every_answer_is_written_down_and_held_against_the_quota(
    settings: Settings, house: House
) -> None:
    house = _house(replace(settings, views_hard_daily=3), house.engine)
    program = Program(house.app.test_client(), token_for(house.engine, Role.READER, "FR"))
    assert [program.get(QUESTIONS[0]).status_code for _ in range(4)] == [200, 200, 200, 429]
    with house.app.app_context():
        assert read_audit().flush()
    with Session(house.engine) as session:
        shown = session.scalar(select(func.count()).select_from(ReadView))
    # The office and the officer, three times.
    assert shown == 6


def test_sight_leaves_out_who_somebody_is_and_nothing_else() -> None:
    other = Actor(name="b@example.org", account_id=2, is_fresh=True)
    assert sight(other) == sight(ANONYMOUS)
    apart: dict[str, Any] = {
        "state": "RO",
        "roles": frozenset({Role.READER}),
        "cooperation_types": frozenset({CooperationType.MLA}),
        "scopes": frozenset({"entries:read"}),
        "narrow": True,
    }
    assert {one.name for one in fields(Actor)} == {
        *apart,
        "name",
        "account_id",
        "authentication",
        "is_fresh",
    }
    for name, value in apart.items():
        assert sight(replace(other, **{name: value})) != sight(other), name


def test_no_more_is_kept_than_the_bound_and_the_latest_used_stay(house: House) -> None:
    token = token_for(house.engine, Role.READER, "FR")
    for question in QUESTIONS[:2]:
        house.ask(token, question)
    with house.app.app_context():
        first, second = kept_answers()._answers.values()
    small = KeptAnswers(2 * max(first.size, second.size))
    keys = [_key(str(number)) for number in range(3)]
    small.put(keys[0], first)
    small.put(keys[1], second)
    assert _got(small, keys[0]) is first
    small.put(keys[2], second)
    assert [_got(small, key) for key in keys] == [first, None, second]
    small.put(keys[0], second)
    assert _got(small, keys[0]) is second


def _got(answers: KeptAnswers, key: Key) -> KeptAnswer | None:
    """What is kept under the key, whatever happened since."""
    kept = answers._answers.get(key)
    return answers.get(key, kept.log if kept else None, lambda _ground: False)


def _key(territory: str) -> tuple[object, ...]:
    question = Question(
        requesting="FR",
        requested="RO",
        cooperation_type=CooperationType.MLA,
        at=make.AT,
        territory=territory,
    )
    return key_of(ANONYMOUS, question, make.TODAY, "en")
