"""Statements that go straight to the driver behave as SQLAlchemy's own do."""

import datetime as dt

import pytest
from sqlalchemy import Engine, String, bindparam, column, event, select, table
from sqlalchemy.exc import DBAPIError

from directory.db.swift import SwiftSelect
from directory.domain.vocabulary import EntryStatus
from directory.models.entry import Entry
from tests.support import factories as make

COLUMNS = (Entry.id, Entry.kind, Entry.status, Entry.changed_at, Entry.confirmed_on)
STATEMENT = select(*COLUMNS).where(Entry.id == bindparam("entry_id"))
PUBLISHED_BEFORE = select(Entry.id).where(
    Entry.status == EntryStatus.PUBLISHED, Entry.changed_at < bindparam("moment")
)


def test_a_failure_of_the_database_is_told_as_sqlalchemy_tells_it(engine: Engine) -> None:
    nowhere = SwiftSelect(select(column("id", String)).select_from(table("nowhere")))
    with engine.connect() as connection, pytest.raises(DBAPIError):
        nowhere.all(connection, {})
    with engine.connect() as connection:
        assert SwiftSelect(STATEMENT).first(connection, {"entry_id": "RO-1"}) is None


def test_who_listens_to_statements_is_told(engine: Engine) -> None:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with engine.connect() as connection:
            SwiftSelect(STATEMENT).all(connection, {"entry_id": "RO-1"})
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(sent) == 1


def test_rows_are_those_of_sqlalchemy(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    with engine.connect() as connection:
        usual = connection.execute(STATEMENT, {"entry_id": "RO-1"}).one()
        swift = SwiftSelect(STATEMENT).first(connection, {"entry_id": "RO-1"})
    assert tuple(swift) == tuple(usual)
    assert swift.changed_at.tzinfo is dt.UTC
    assert swift.status is EntryStatus.PUBLISHED


def test_values_of_the_statement_and_given_ones_are_converted(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    swift = SwiftSelect(PUBLISHED_BEFORE)
    zone = dt.timezone(dt.timedelta(hours=5))
    with engine.connect() as connection:
        for days, found in ((1, ["RO-1"]), (-1, [])):
            moment = (make.AT + dt.timedelta(days=days)).astimezone(zone)
            assert [row.id for row in swift.all(connection, {"moment": moment})] == found
