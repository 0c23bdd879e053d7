"""Five thousand rows in one file: under twenty seconds, and people see how far it is."""

import resource
from dataclasses import replace

import pytest

from directory.domain.record import AuthorityRecord
from directory.exchange.forms import Form
from directory.exchange.reading import read_entries
from directory.services.imports import import_entries
from tests.exchange.conftest import Desk
from tests.exchange.files import an_authority, written
from tests.support import factories as make

#: Entries with their channels, designations, sources and hours: a row each.
ENTRIES, LEAST_ROWS = 650, 5000
MOST_SECONDS = 20.0


def seconds_of_work() -> float:
    """Of the processor, for this process and its children: other work on the machine counts not."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@pytest.mark.slow
def test_five_thousand_rows_take_less_than_twenty_seconds(desk: Desk) -> None:
    many = [
        make.publication(f"RO-N{number:05}", an_authority(note=f"Note {number}."))
        for number in range(ENTRIES)
    ]
    make.publish_all(desk.parts.engine, *many)
    entries = [
        replace(one, record=replace(one.record, note=f"{one.record.note} Ring twice."))
        for one in desk.exported()
        if isinstance(one.record, AuthorityRecord) and one.id.startswith("RO-N")
    ]
    content = written(Form.XLSX, *entries)
    assert written(Form.CSV, *entries).count(b"\r\n") > LEAST_ROWS
    told: list[tuple[int, int]] = []
    actor, at = desk.actor(), desk.parts.clock()
    before = seconds_of_work()
    read = read_entries("many.xlsx", content)
    with desk.parts.unit_of_work() as uow:
        report = import_entries(
            uow,
            actor,
            read,
            at,
            "The yearly review.",
            desk.workflow,
            tell=lambda done, of: told.append((done, of)),
        )
    taken = seconds_of_work() - before
    assert len(report.proposals) == ENTRIES
    assert told[0] == (1, ENTRIES)
    assert told[-1] == (ENTRIES, ENTRIES)
    assert taken < MOST_SECONDS
