"""The ASVS table is whole and claims nothing without a test or a reason; its page is as it says."""

import ast
from functools import cache
from pathlib import Path

from tests.security.asvs import LEVELS, PAGE, STATUSES, Row, as_markdown, read_rows, required

ROOT = Path(__file__).parents[2]


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def missing_tests(rows: list[Row]) -> list[str]:
    """Rows that name a test there is not."""
    found = []
    for row in rows:
        file, _, function = row.test.partition("::")
        path = ROOT / file
        if row.test and not (path.is_file() and (not function or function in functions_of(path))):
            found.append(f"{row.id}: {row.test}")
    return found


def test_the_standard_has_as_many_requirements_as_it_says() -> None:
    every = "".join(LEVELS.values())
    assert (every.count("1"), every.count("2"), every.count("3")) == (70, 183, 92)


def test_every_requirement_has_a_row_and_no_row_is_made_up() -> None:
    rows = [(one.id, one.level) for one in read_rows()]
    assert sorted(set(rows)) == sorted(required())
    assert len(rows) == len(set(rows))


def test_every_test_that_is_named_exists() -> None:
    assert missing_tests(read_rows()) == []


def test_a_test_there_is_not_is_noticed() -> None:
    row = read_rows()[0]
    made_up = Row(row.id, row.level, row.requirement, "met", row.how, f"{row.test}::test_nothing")
    assert missing_tests([made_up]) != []


def test_nothing_is_claimed_without_a_test_and_nothing_left_without_a_reason() -> None:
    for row in read_rows():
        assert row.status in STATUSES, row.id
        assert row.how.strip(), row.id
        assert row.test or row.status in {"not met", "operator", "not applicable"}, row.id


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == as_markdown(read_rows()), "run: python -m tests.security.asvs"
