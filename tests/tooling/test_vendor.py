"""The vendored front-end files are what their locks say, and ask for nothing that is not there."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "directory/web/static/vendor", ROOT / "tests/vendor"]
LOCK = "vendor.lock.json"


def locked_packages(folder: Path) -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    return packages


def locked_files(folder: Path) -> dict[str, str]:
    """SHA-256 by the file's path in its folder."""
    packages = locked_packages(folder)
    return {name: entry["sha256"] for each in packages for name, entry in each["files"].items()}


def stored_files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != LOCK
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_file_is_the_locked_one(folder: Path) -> None:
    assert stored_files(folder) == locked_files(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_a_changed_byte_is_noticed(folder: Path, tmp_path: Path) -> None:
    for name in locked_files(folder):
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((folder / name).read_bytes() + b" ")
    changed, locked = stored_files(tmp_path), locked_files(folder)
    assert changed.keys() == locked.keys()
    assert all(changed[name] != locked[name] for name in locked)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_package_has_an_exact_version_and_its_licence(folder: Path) -> None:
    for package in locked_packages(folder):
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), package["name"]
        assert package["licence"], package["name"]
        assert any("LICENSE" in name for name in package["files"]), package["name"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_no_vendored_file_refers_to_a_source_map(folder: Path) -> None:
    referring = [
        path.name
        for path in folder.rglob("*")
        if path.suffix in {".js", ".css"}
        and re.search(rb"# sourceMappingURL=(?!data:)\S+\s*(?:\*/)?\s*\Z", path.read_bytes())
    ]
    assert referring == []


def test_no_style_sheet_loads_from_another_host() -> None:
    outside = re.compile(rb"""(?:url\(|@import)\s*["']?(?:https?:)?//""")
    sheets = sorted(FOLDERS[0].rglob("*.css"))
    assert sheets
    assert [sheet.name for sheet in sheets if outside.search(sheet.read_bytes())] == []
