"""Officers that concern a State: who is listed, who is not, what it costs."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.domain.vocabulary import CooperationType
from directory.errors import Denied
from directory.policy import ANONYMOUS
from directory.queries.liaison import list_postings
from tests.support import factories as make

DAY = dt.timedelta(days=1)
READER = make.reader()


def officers(
    engine: Engine,
    mine: str = "FR",
    today: dt.date = make.TODAY,
    kind: CooperationType | None = None,
) -> list[str]:
    with Session(engine) as session:
        return [one.id for one in list_postings(READER, session, mine, today, kind)]


def add(engine: Engine, entry_id: str, state: str, **fields: Any) -> None:
    make.publish_all(engine, make.publication(entry_id, make.officer(**fields), state=state))


def test_nobody_is_told_who_may_not_read_entries(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(Denied):
        list_postings(ANONYMOUS, session, "FR", make.TODAY)


def test_strangers_between_third_states_are_not_listed(engine: Engine) -> None:
    add(engine, "RO-1", "RO", host_state="JP")
    assert officers(engine) == []


def test_mine_theirs_and_those_open_to_all_are_listed(engine: Engine) -> None:
    add(engine, "FR-1", "FR", host_state="RO")
    add(engine, "RO-1", "RO", host_state="FR")
    add(engine, "RO-2", "RO", host_state="JP", covered_states=("FR",))
    add(engine, "RO-3", "RO", host_state="JP", common_use=True)
    assert officers(engine) == ["FR-1", "RO-1", "RO-2", "RO-3"]


def test_a_posting_hides_itself_after_its_last_day_and_before_its_first(engine: Engine) -> None:
    add(engine, "FR-1", "FR", host_state="RO", posted_from=make.TODAY, posted_to=make.TODAY + DAY)
    found = [len(officers(engine, today=make.TODAY + days * DAY)) for days in (-1, 0, 1, 2)]
    assert found == [0, 1, 1, 0]


def test_only_those_for_the_type_asked(engine: Engine) -> None:
    drugs = (CooperationType.DRUGS_AT_SEA,)
    add(engine, "FR-1", "FR", host_state="RO", cooperation_types=drugs)
    assert officers(engine, kind=CooperationType.DRUGS_AT_SEA) == ["FR-1"]
    assert officers(engine, kind=CooperationType.MLA) == []


def test_the_list_costs_two_statements_and_one_when_the_records_are_known(engine: Engine) -> None:
    for number in range(10):
        add(engine, f"FR-{number}", "FR", host_state="RO")
    counts = []
    for _time in range(2):
        with make.statement_counter(engine) as statements:
            assert len(officers(engine)) == 10
        counts.append(len(statements))
    assert counts == [2, 1]
