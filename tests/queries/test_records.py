"""Records as objects: each the one asked for, however many are asked for at once."""

from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.domain.record import display_name
from directory.models.entry import Entry
from directory.queries.entries import HEAD
from directory.queries.records import read_records
from tests.support import factories as make


class Read(NamedTuple):
    names: dict[str, str]
    statements: int


def read(engine: Engine, wanted: set[str]) -> Read:
    with Session(engine) as session:
        heads = session.execute(select(*HEAD).where(Entry.id.in_(wanted))).all()
        with make.statement_counter(engine) as sent:
            found = read_records(session.connection(), heads)
    return Read({key: display_name(record) for key, record in found.items()}, len(sent))


def test_many_are_read_in_one_statement_and_those_that_are_kept_in_none(engine: Engine) -> None:
    names = {f"RO-{at}": f"Office {at}" for at in range(23)}
    make.publish_all(
        engine, *(make.publication(key, make.authority(name)) for key, name in names.items())
    )
    some = {key: names[key] for key in ("RO-1", "RO-4", "RO-22")}
    assert read(engine, set(some)) == (some, 1)
    assert read(engine, set(some)) == (some, 0)
    assert read(engine, set(names)) == (names, 1)
    assert read(engine, set(names)) == (names, 0)
    assert read(engine, set()) == ({}, 0)


def rename(engine: Engine, entry_id: str, name: str, base: int) -> None:
    make.publish_all(engine, make.publication(entry_id, make.authority(name), base=base))


def test_each_is_the_revision_that_stands(engine: Engine) -> None:
    both = {"RO-1", "RO-2"}
    for base, name in enumerate(("first", "second")):
        rename(engine, "RO-1", name, base)
        rename(engine, "RO-2", f"other {name}", base)
        assert read(engine, both).names == {"RO-1": name, "RO-2": f"other {name}"}
    rename(engine, "RO-1", "third", 2)
    # Both numbers are asked for, and either entry has a revision of either number but one.
    assert read(engine, both).names == {"RO-1": "third", "RO-2": "other second"}
