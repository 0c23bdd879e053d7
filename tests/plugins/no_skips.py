"""With CI=true a test that is skipped fails: an unrun promise must never look like a kept one."""

import os
from collections.abc import Generator

import pytest

Reports = pytest.TestReport | pytest.CollectReport


def _refuse_skip(report: Reports) -> None:
    """Make a failure of a skip; an expected failure (xfail) also counts as skipped, and stays."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"With CI=true nothing may be skipped. {reason}"


def skips_are_refused() -> bool:
    return os.environ.get("CI") == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if skips_are_refused():
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if skips_are_refused():
        _refuse_skip(report)
    return report
