"""What is asked before the first reader asks: nobody is told, nothing is written down."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select

from directory.api.rehearsal import rehearse
from directory.composition import create_app
from directory.models.change_log import LogEvent
from directory.models.read_audit import ReadView
from directory.parts import Parts
from directory.services.looking import end_all
from directory.settings import Settings
from tests.support import factories as make
from tests.support.null_index import NullIndex


def _nothing(_engine: Engine) -> None:
    """An empty directory."""


def _one_state(engine: Engine) -> None:
    make.add_reference(engine, ["RO"])
    make.publish_all(engine, make.publication("RO-1"))


def _two_states(engine: Engine) -> None:
    make.add_reference(engine)
    make.publish_all(engine, make.publication("RO-1"), make.publication("FR-1", state="FR"))


@pytest.mark.parametrize("fill", [_nothing, _one_state, _two_states])
def test_whatever_there_is_the_application_is_ready_and_nothing_is_written(
    settings: Settings, engine: Engine, fill: Callable[[Engine], None]
) -> None:
    fill(engine)
    parts = Parts(settings=settings, engine=engine, index=NullIndex(), clock=lambda: make.AT)
    app = create_app(settings, parts)
    events = _count(engine, LogEvent)
    with make.statement_counter(engine) as statements:
        rehearse(app, parts)
    end_all()
    assert {one.split(maxsplit=1)[0] for one in statements} == {"SELECT"}
    assert _count(engine, ReadView) == 0
    assert _count(engine, LogEvent) == events


def _count(engine: Engine, table: type[object]) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0
