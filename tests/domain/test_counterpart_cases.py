"""The golden cases of the counterpart finder, read from ``counterpart_cases.toml``."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from directory.domain.counterpart import find
from directory.domain.reasons import render
from directory.errors import Invalid
from tests.domain.expectations import holds
from tests.domain.sentences import given_facts, read_question

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "counterpart_cases.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['no']}-{case['rule']}" for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    question = read_question(case["asks"])
    facts = given_facts(case.get("given", []), question)
    if "refused" in case:
        with pytest.raises(Invalid) as refusal:
            find(question, facts)
        assert [problem.path for problem in refusal.value.problems] == [case["refused"]]
        return
    answer = find(question, facts)
    wrong = [sentence for sentence in case["expect"] if not holds(answer, sentence)]
    steps = "\n".join(f"{step.entry} {render(step.reason)}" for step in answer.steps)
    assert not wrong, f"{wrong}\n{steps}"


def test_there_are_sixty_cases_or_more_each_with_its_rule() -> None:
    assert len(CASES) >= 60
    assert len({case["no"] for case in CASES}) == len(CASES)
    assert all(case["rule"] and (case.get("expect") or case.get("refused")) for case in CASES)
