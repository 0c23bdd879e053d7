"""The furnished place, on both databases."""

import pytest
from sqlalchemy import Engine

from tests.workflow.place import Place, furnish


@pytest.fixture
def place(engine: Engine) -> Place:
    return furnish(engine)
