"""A test marked `browser` or `postgres` is skipped, with the reason, where that is missing."""

from collections.abc import Callable

import pytest

from tests.support.chromium import BrowserMissing, chromium
from tests.support.postgres import PostgresMissing, postgres_programs

NEEDS: dict[str, Callable[[], object]] = {"browser": chromium, "postgres": postgres_programs}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, find in NEEDS.items():
        if item.get_closest_marker(marker):
            try:
                find()
            except (BrowserMissing, PostgresMissing) as missing:
                pytest.skip(str(missing))
