"""Run every test, hold the coverage to its floors, and name what did not run.

`make test` calls it: `python -m tests.run_suite --jobs N`. The exit code is 0 only when every test
passed and every floor held.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(".cache")
RESULTS = CACHE / "results.xml"
# Rules about law and access: every branch is tried. Least percentage by the files it is held to.
FLOORS = {
    "directory/*": 90,
    "directory/domain/*,directory/policy.py": 100,
}
#: A folder in memory, where databases that live for one test need not wait for a disk.
IN_MEMORY = Path("/dev/shm")
#: Bytes that must be free there.
ROOM = 8 * 1024**3


@dataclass(frozen=True)
class Outcome:
    """What a run's results file says; `skipped` are lines of test and reason."""

    passed: int
    failed: int
    skipped: list[str]

    def closing_line(self) -> str:
        line = f"{self.passed} passed, {self.failed} failed"
        return f"{line}, {len(self.skipped)} skipped" if self.skipped else line


def run_tests(jobs: int) -> int:
    """Pytest's exit code."""
    (CACHE / "coverage").mkdir(parents=True, exist_ok=True)
    RESULTS.unlink(missing_ok=True)
    spread = [f"--numprocesses={jobs}", "--dist=loadgroup"]
    measured = ["--cov", "--cov-report=", f"--junitxml={RESULTS}"]
    command = [sys.executable, "-m", "pytest", *spread, *measured]
    with tempfile.TemporaryDirectory(dir=quick_folder(), prefix="tests-") as folder:
        # The database server, which may run as somebody else, passes through it.
        Path(folder).chmod(0o711)
        return subprocess.call(command, env={**os.environ, "TMPDIR": folder})


def quick_folder() -> Path | None:
    """Where temporary files stand in memory, if there is room; None for the usual place."""
    if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free >= ROOM:
        return IN_MEMORY
    return None


def floors_that_broke() -> list[str]:
    """The files whose coverage is under their floor; prints the lines that were not reached."""
    broken = []
    for files, floor in FLOORS.items():
        print(f"\nCoverage of {files}, at least {floor} %:", flush=True)
        report = ["report", f"--include={files}", f"--fail-under={floor}"]
        if subprocess.call([sys.executable, "-m", "coverage", *report]):
            broken.append(files)
    return broken


def read_outcome(results: Path) -> Outcome:
    """Count the results file; without one nothing passed and the run itself failed."""
    if not results.exists():
        return Outcome(passed=0, failed=1, skipped=[])
    cases = list(ElementTree.parse(results).iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None]
    failed += [case for case in cases if case.find("error") is not None and case not in failed]
    skipped = [line for case in cases if (line := _why_skipped(case))]
    passed = len(cases) - len(failed) - len(skipped)
    return Outcome(passed=passed, failed=len(failed), skipped=skipped)


def _why_skipped(case: ElementTree.Element) -> str | None:
    """A line for a skipped case; an expected failure did run."""
    skip = case.find("skipped")
    if skip is None or skip.get("type") == "pytest.xfail":
        return None
    return f"{case.get('classname')}.{case.get('name')}: {skip.get('message')}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    code = run_tests(parser.parse_args().jobs)
    broken = floors_that_broke()
    outcome = read_outcome(RESULTS)
    print()
    for line in outcome.skipped:
        print(f"Could not run: {line}")
    for files in broken:
        print(f"Coverage is under its floor: {files}")
    print(outcome.closing_line())
    return code or int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
