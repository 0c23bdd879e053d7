"""The real seed data, read once, and copies of them to spoil."""

import shutil
from pathlib import Path

import pytest

from directory.paths import seed_data_dir
from directory.seeding.entries import SeedEntry, build_entries
from directory.seeding.folder import Seed, read_seed


@pytest.fixture(scope="session")
def seed_data() -> Seed:
    return read_seed(seed_data_dir())


@pytest.fixture(scope="session")
def real_entries(seed_data: Seed) -> list[SeedEntry]:
    return build_entries(seed_data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the seed folder that a test may spoil."""
    return Path(shutil.copytree(seed_data_dir(), tmp_path / "seed_data"))
