"""CI refuses to pass over a test that did not run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SKIPPED_TEST = "import pytest\n\ndef test_it():\n    pytest.skip('no browser here')\n"
SKIPPED_FILE = "import pytest\n\npytest.skip('no browser here', allow_module_level=True)\n"
MARKED_TEST = "import pytest\n\n@pytest.mark.skip(reason='no browser here')\ndef test_it(): ...\n"
EXPECTED_FAILURE = "import pytest\n\n@pytest.mark.xfail\ndef test_it(): assert False\n"


def run(folder: Path, content: str, ci: str) -> subprocess.CompletedProcess[str]:
    # Its own settings, whatever lies in the folders above.
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "test_one.py").write_text(content + "\ndef test_two(): ...\n", encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "CI": ci,
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.plugins.no_skips"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "--rootdir", "."],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("content", [SKIPPED_TEST, SKIPPED_FILE, MARKED_TEST])
def test_ci_fails_on_a_skip_and_says_why(tmp_path: Path, content: str) -> None:
    done = run(tmp_path, content, ci="true")
    assert done.returncode != 0
    assert "nothing may be skipped" in done.stdout
    assert "no browser here" in done.stdout


@pytest.mark.parametrize("content", [SKIPPED_TEST, SKIPPED_FILE, MARKED_TEST])
def test_elsewhere_a_skip_is_a_skip(tmp_path: Path, content: str) -> None:
    done = run(tmp_path, content, ci="")
    assert "1 skipped" in done.stdout
    assert "failed" not in done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    assert run(tmp_path, EXPECTED_FAILURE, ci="true").returncode == 0
