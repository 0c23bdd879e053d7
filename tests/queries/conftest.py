"""Every query is asked of a database with States, types, one treaty and a stamp."""

import pytest
from sqlalchemy import Engine

from tests.support import factories as make


@pytest.fixture(autouse=True)
def reference(engine: Engine) -> None:
    make.add_reference(engine)
