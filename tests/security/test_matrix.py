"""Every route x method x role x own or other State x state of the thing, against one table.

A route without a line of the table fails here and in ``tests/web/test_door_routes.py``, which says
which line to add.
"""

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, true

from directory import policy
from directory.domain.vocabulary import Role
from directory.policy import ProposalRule
from directory.web import authorization
from directory.web.access import public
from directory.web.authorization import (
    SUBJECTS,
    Line,
    Outcome,
    Tie,
    address_of,
    as_markdown,
    read_line,
    read_table,
)
from tests.conftest import BACKENDS
from tests.security.matrix import ASKING, Matrix, open_matrix, outcome_of

MANUAL = Path(__file__).parents[2] / "docs" / "manual" / "authorization.md"
SQLITE = pytest.mark.parametrize("engine", BACKENDS[:1], indirect=True)
#: Addresses that say nothing of the thing but whether there is one by that name: '404' may also
#: mean that the name which the test gives is nothing here.
NAMES_NOTHING_HERE = frozenset({Outcome.OPEN, Outcome.HIDDEN})


def by_route(lines: tuple[Line, ...]) -> dict[tuple[str, str], Line]:
    return {(one.method, one.address): one for one in lines}


def faults(matrix: Matrix, name: str, only: str = "") -> tuple[list[str], Counter[str]]:
    """Cells in which somebody meets another thing than the table says; what was met how often."""
    role, _state, tie = ASKING[name]
    lines, found, met = by_route(read_table()), list[str](), Counter[str]()
    for rule, plain, method in matrix.routes():
        line = lines[method, address_of(rule.rule)]
        if only and line.address != only:
            continue
        for state in line.subject.states:
            answer = matrix.ask(name, method, matrix.url(name, line, state, plain))
            outcome, expected = outcome_of(answer), line.outcome(role, tie, state)
            met[f"{expected.value} {answer.status_code // 100}xx"] += 1
            # 409 tells who may read the thing that it is closed to everybody: nothing was done.
            closed = expected is Outcome.REFUSED and answer.status_code == 409
            fits = closed or outcome is expected or outcome in _also(line, expected)
            if not fits:
                cell = f"{method} {line.address} {state} as {name}"
                found.append(f"{cell}: {answer.status_code}, expected {expected.value}")
    return found, met


def _also(line: Line, expected: Outcome) -> frozenset[Outcome]:
    """What else may be met: refusing may hide, and where only the role decides, the name that the
    test gives may name nothing."""
    if expected is Outcome.REFUSED:
        return frozenset({Outcome.HIDDEN})
    if expected is not Outcome.OPEN:
        return frozenset()
    if line.roles is None and line.address.startswith("/sign-"):
        # The way in leads to its beginning.
        return NAMES_NOTHING_HERE | {Outcome.SIGN_IN}
    return NAMES_NOTHING_HERE if line.about == "-" else frozenset()


# --- refused


@pytest.mark.slow
@SQLITE
@pytest.mark.parametrize("name", ASKING)
def test_every_cell_is_as_the_table_says(engine: Engine, name: str) -> None:
    found, met = faults(open_matrix(engine), name)
    assert found == []
    assert sum(met.values()) > 100
    # Nobody who is to be refused gets as much as a redirect to the thing.
    unexpected = [cell for cell in met if cell.endswith("2xx") and not cell.startswith("open")]
    assert unexpected == []


@SQLITE
def test_a_route_that_forgot_its_check_is_caught(engine: Engine) -> None:
    def forget(app: Flask) -> None:
        # The queries behind the page ask again; a page without either check is what is planted.
        def forgetful() -> str:
            return "the log"

        app.view_functions["log.show"] = public(forgetful)

    found, _met = faults(open_matrix(engine, forget), "reader of another State", only="/log")
    assert len(found) == 1
    assert "expected refused" in found[0]


@SQLITE
def test_a_rule_that_lets_other_states_see_proposals_is_caught(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = open_matrix(engine)
    assert faults(matrix, "focal point of another State", only="/proposals/<proposal_id>")[0] == []
    rule = ProposalRule(allows=lambda _actor, _proposal: True, filter=lambda _actor: true())
    monkeypatch.setattr("directory.queries.proposals.READ_PROPOSAL", rule)
    found, _met = faults(matrix, "focal point of another State", only="/proposals/<proposal_id>")
    assert found != []


@SQLITE
def test_a_grant_to_one_role_more_is_caught(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = open_matrix(engine)
    monkeypatch.setitem(policy.GRANTS, "log:read", frozenset(Role))
    assert len(faults(matrix, "reader of the State", only="/log")[0]) == 1


@pytest.mark.parametrize(
    "line",
    [
        "GET /x",
        "GET x inside -",
        "get /x inside -",
        "GET /x everyone -",
        "GET /x reader,stranger -",
        "GET /x inside thing",
        "GET /x inside - -",
    ],
)
def test_a_line_that_says_nothing_clear_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"lines above|is none of|is not a valid"):
        read_line(line)


def test_no_line_stands_twice() -> None:
    routes = [(one.method, one.address) for one in read_table()]
    assert [one for one, count in Counter(routes).items() if count > 1] == []


def test_every_word_of_what_a_route_is_about_is_used() -> None:
    assert {one.about for one in read_table()} == set(SUBJECTS)


def test_undefined_means_denied() -> None:
    line = read_line("GET /x verifier -")
    for role in Role:
        expected = Outcome.OPEN if role is Role.VERIFIER else Outcome.REFUSED
        assert line.outcome(role, Tie.OTHER, "") is expected
    assert line.outcome(None, Tie.OTHER, "") is Outcome.SIGN_IN


# --- the manual


def test_the_manual_is_up_to_date() -> None:
    made = as_markdown(read_table())
    assert MANUAL.read_text("utf-8") == made, "run: python -m directory.web.authorization"


def test_the_manual_notices_a_line_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = (read_line("GET /x everybody -"), *read_table()[1:])
    assert as_markdown(changed) != MANUAL.read_text("utf-8")
    assert authorization.TABLE.exists()
