"""The wheel carries all that the directory needs to run without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*command, "--directory", str(folder)], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def files_of(folder: str) -> set[str]:
    """Paths below a folder of the checkout, less what Python and people leave behind."""
    return {
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


@pytest.mark.parametrize("folder", ["migrations", "seed_data"])
def test_wheel_carries_migrations_and_seed_data_whole(folder: str, names: set[str]) -> None:
    expected = {f"directory/_data/{folder}/{name}" for name in files_of(folder)}
    assert expected
    assert expected - names == set()


@pytest.mark.parametrize("folder", ["directory/web/templates", "directory/web/static"])
def test_wheel_carries_templates_and_static_files_whole(folder: str, names: set[str]) -> None:
    expected = {f"{folder}/{name}" for name in files_of(folder)}
    assert expected
    assert expected - names == set()


def test_wheel_carries_every_module_and_catalogue(names: set[str]) -> None:
    wanted = {".py", ".po", ".mo", ".typed"}
    expected = {name for name in files_of("directory") if PurePosixPath(name).suffix in wanted}
    assert {f"directory/{name}" for name in expected} - names == set()


def test_wheel_carries_nothing_but_the_directory(names: set[str]) -> None:
    tops = {PurePosixPath(name).parts[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"directory"}
    assert [name for name in names if "__pycache__" in name or name.endswith(".sqlite3")] == []


def test_wheel_gives_the_directory_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (points,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "directory = directory.cli:main" in archive.read(points).decode()


@pytest.mark.parametrize("function", ["migrations_dir", "seed_data_dir"])
def test_unpacked_wheel_finds_its_own_copy(function: str, wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", f"from directory import paths; print(paths.{function}())"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip().startswith(str(tmp_path / "directory" / "_data"))
