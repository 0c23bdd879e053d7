"""What is installed is what was locked: every file by hash, from one registry, nothing loose.

Whether a release was yanked or has a known weakness only an outside service can say: SECURITY.md
says when to ask ``pip-audit``. This runs offline.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCK = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OURS = PROJECT["project"]["name"]
Package = dict[str, Any]


def faults(packages: list[Package]) -> list[str]:
    """Packages that are not one exact release with a hash for every file from the registry."""
    found = []
    for one in packages:
        if one["name"] == OURS:
            continue
        files = [*one.get("wheels", ()), *([one["sdist"]] if "sdist" in one else [])]
        if list(one["source"]) != ["registry"]:
            found.append(f"{one['name']}: not from a registry")
        if not re.fullmatch(r"[0-9][0-9A-Za-z.+!-]*", one.get("version", "")):
            found.append(f"{one['name']}: no exact version")
        if not files:
            found.append(f"{one['name']}: no file")
        found += [
            f"{one['name']}: a file without a hash"
            for file in files
            if not re.fullmatch(r"sha256:[0-9a-f]{64}", file.get("hash", ""))
        ]
    return found


def test_every_file_of_every_package_has_its_hash() -> None:
    assert len(LOCK["package"]) > 50
    assert faults(LOCK["package"]) == []


@pytest.mark.parametrize(
    "spoil",
    [
        {"source": {"git": "https://git.example/x"}},
        {"version": ""},
        {"wheels": [{"url": "https://files.example/x.whl"}], "sdist": {"hash": "md5:0"}},
    ],
)
def test_a_loose_package_is_noticed(spoil: Package) -> None:
    package = next(one for one in LOCK["package"] if one["name"] == "alembic")
    assert faults([package | spoil]) != []


def test_one_registry_serves_all() -> None:
    sources = {one["source"].get("registry") for one in LOCK["package"] if one["name"] != OURS}
    assert len(sources) == 1


def test_everything_that_is_asked_for_is_locked() -> None:
    locked = {one["name"] for one in LOCK["package"]}
    for asked in PROJECT["project"]["dependencies"]:
        name = re.split(r"[\[<>=~! ]", asked, maxsplit=1)[0].lower().replace("_", "-")
        assert name in locked, asked


def test_what_pip_installs_first_is_by_hash_too() -> None:
    text = (ROOT / ".ci" / "uv.txt").read_text("utf-8")
    assert "--hash=sha256:" in text
    assert re.search(r"^uv==[0-9.]+", text, re.MULTILINE)
