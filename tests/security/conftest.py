"""An operator at the shell, on each database."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.security.operator import Operator, make_operator


@pytest.fixture
def operator(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> Operator:
    return make_operator(engine, monkeypatch, tmp_path, capfd)
