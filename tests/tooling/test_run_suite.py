"""The suite's last line counts what pytest's results say."""

from pathlib import Path

import pytest

from tests.run_suite import Outcome, read_outcome

RESULTS = """<testsuites><testsuite>
  <testcase classname="tests.a" name="test_passes"/>
  <testcase classname="tests.a" name="test_fails"><failure message="no"/></testcase>
  <testcase classname="tests.a" name="test_breaks"><error message="no"/></testcase>
  <testcase classname="tests.a" name="test_fails_twice"><failure/><error/></testcase>
  <testcase classname="tests.a" name="test_expected"><skipped type="pytest.xfail"/></testcase>
  <testcase classname="tests.b" name="test_pages">
    <skipped type="pytest.skip" message="no browser"/>
  </testcase>
</testsuite></testsuites>"""


def test_every_case_is_counted_once(tmp_path: Path) -> None:
    results = tmp_path / "results.xml"
    results.write_text(RESULTS, encoding="utf-8")
    outcome = read_outcome(results)
    assert outcome == Outcome(passed=2, failed=3, skipped=["tests.b.test_pages: no browser"])


def test_a_run_that_left_no_results_has_failed(tmp_path: Path) -> None:
    assert read_outcome(tmp_path / "results.xml").failed == 1


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (Outcome(3, 0, []), "3 passed, 0 failed"),
        (Outcome(3, 1, ["tests.b.test_pages: no browser"]), "3 passed, 1 failed, 1 skipped"),
    ],
)
def test_closing_line_is_the_plain_one(outcome: Outcome, line: str) -> None:
    assert outcome.closing_line() == line
