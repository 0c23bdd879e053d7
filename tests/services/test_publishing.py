"""The one writer of entries: refusals, then what a publication leaves behind."""

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.db.base import Base
from directory.db.unit_of_work import UnitOfWork
from directory.domain.record import (
    Address,
    Record,
    Scope,
    from_dict,
    part_to_dict,
    to_dict,
)
from directory.domain.vocabulary import (
    Audience,
    ChannelKind,
    CooperationType,
    DesignationStatus,
    EntryKind,
    EntryStatus,
    SourceKind,
)
from directory.errors import StaleRevision
from directory.models import entry as tables
from directory.services import publishing
from directory.services.entry_rows import Publication
from directory.services.publishing import (
    BATCH,
    PROJECTIONS,
    REBUILD_ABOVE,
    EntriesPublished,
    publish,
)
from tests.support import factories as make

WRITTEN: tuple[type[Base], ...] = (
    tables.Entry,
    tables.EntryRevision,
    tables.IndexWork,
    *PROJECTIONS,
)


@pytest.fixture(autouse=True)
def reference(engine: Engine) -> None:
    make.add_reference(engine)


def rows(engine: Engine, table: type[Base], **where: Any) -> list[dict[str, Any]]:
    """In the order in which they were written, where the table keeps one."""
    columns = table.__table__.c
    order = columns.id if "id" in columns else columns.entry_id
    statement = select(table.__table__).filter_by(**where).order_by(order)
    with Session(engine) as session:
        return [dict(row) for row in session.execute(statement).mappings()]


def everything(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    return {table.__tablename__: rows(engine, table) for table in WRITTEN}


def entry(engine: Engine, entry_id: str) -> dict[str, Any]:
    (found,) = rows(engine, tables.Entry, id=entry_id)
    return found


def full_authority() -> Record:
    return make.authority(
        sources=(
            make.source("note", date=dt.date(2024, 5, 1), year=2024, link="https://un.example/1"),
            make.source("book", SourceKind.TREATY_COLLECTION, year=2014),
        ),
        channels=(
            make.channel("+40211234567", kind=ChannelKind.TELEPHONE, source="note"),
            make.channel(languages=("ro", "en"), warning="odd", source="note"),
        ),
        hours=make.office_hours(),
        designations=(
            make.designation(
                CooperationType.MLA,
                article="18(13)",
                scope=Scope(text="pre-trial"),
                valid_from=dt.date(2020, 1, 1),
                valid_to=dt.date(2030, 1, 1),
                source="note",
            ),
            make.designation(CooperationType.EXTRADITION, instrument="", article=""),
        ),
    )


# --- refused


@pytest.mark.parametrize("base", [1, 7])
def test_a_new_entry_cannot_have_a_base(engine: Engine, base: int) -> None:
    before = everything(engine)
    with pytest.raises(StaleRevision) as refused:
        make.publish_all(engine, make.publication("RO-1", base=base))
    assert (refused.value.given, refused.value.current) == (base, 0)
    assert everything(engine) == before


@pytest.mark.parametrize("base", [0, 2, 3])
def test_a_change_of_another_revision_than_the_current_is_refused(
    engine: Engine, base: int
) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    before = everything(engine)
    with pytest.raises(StaleRevision) as refused:
        make.publish_all(engine, make.publication("RO-1", make.authority("Other"), base=base))
    assert (refused.value.entry_id, refused.value.current) == ("RO-1", 1)
    assert everything(engine) == before


def test_one_stale_change_keeps_all_the_others_out(engine: Engine) -> None:
    """Also for a caller that goes on after the refusal, and across batches."""
    stale = make.publication("RO-LAST", base=3)
    fresh = [make.publication(f"RO-{number}") for number in range(BATCH)]
    before = everything(engine)
    with UnitOfWork(engine) as uow, pytest.raises(StaleRevision):
        publish(uow, [*fresh, stale])
    assert everything(engine) == before


@pytest.mark.parametrize("base", [0, 1])
def test_an_entry_is_given_once(engine: Engine, base: int) -> None:
    if base:
        make.publish_all(engine, make.publication("RO-1"))
    twice = [make.publication("RO-1", base=base), make.publication("RO-1", base=base)]
    before = everything(engine)
    with pytest.raises(StaleRevision):
        make.publish_all(engine, *twice)
    assert everything(engine) == before


def test_nothing_to_publish_writes_and_tells_nothing(engine: Engine) -> None:
    told: list[object] = []
    before = everything(engine)
    with UnitOfWork(engine, [told.extend]) as uow:
        publish(uow, [])
    assert told == []
    assert everything(engine) == before


@pytest.mark.parametrize("base", [0, 2])
def test_without_its_look_at_the_revision_a_stale_change_would_not_be_called_stale(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, base: int
) -> None:
    """The tests above find the fault they are for."""
    make.publish_all(engine, make.publication("RO-1"))
    monkeypatch.setattr(publishing, "_refuse_stale", lambda _uow, _batch: {})
    with pytest.raises((AssertionError, DBAPIError, pytest.fail.Exception)):
        test_a_change_of_another_revision_than_the_current_is_refused(engine, base)


# --- written


def test_a_new_entry_begins_with_revision_one(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1", full_authority(), synthetic=True))
    found = entry(engine, "RO-1")
    assert found["kind"] is EntryKind.AUTHORITY
    assert found["revision"] == 1
    assert found["status"] is EntryStatus.PUBLISHED
    assert found["name"] == "Ministry of Justice"
    assert found["synthetic"] is True
    assert found["changed_at"] == make.AT
    assert (found["confirmed_on"], found["confirmed_by"], found["due_on"]) == (None, "", None)


def test_every_revision_keeps_the_whole_record(engine: Engine) -> None:
    first, second = full_authority(), make.authority("Ministry of Law", website="https://x.example")
    make.publish_all(engine, make.publication("RO-1", first, by="A", reason="from the book"))
    later = make.AT + dt.timedelta(days=3)
    change = make.publication("RO-1", second, base=1, by="B", reason="renamed", at=later)
    make.publish_all(engine, change)

    kept = rows(engine, tables.EntryRevision, entry_id="RO-1")
    assert [(one["number"], one["recorded_by"], one["reason"]) for one in kept] == [
        (1, "A", "from the book"),
        (2, "B", "renamed"),
    ]
    assert [one["recorded_at"] for one in kept] == [make.AT, later]
    assert [from_dict(EntryKind.AUTHORITY, one["record"]) for one in kept] == [first, second]


def test_a_change_leaves_the_earlier_revision_as_it_was(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1", full_authority()))
    before = rows(engine, tables.EntryRevision)
    make.publish_all(
        engine,
        make.publication("RO-1", make.authority("X"), base=1, status=EntryStatus.RETIRED),
    )
    assert rows(engine, tables.EntryRevision)[:1] == before


def projected(engine: Engine, entry_id: str) -> dict[str, list[dict[str, Any]]]:
    """The projections without what the database numbers itself."""
    return {
        table.__tablename__: [
            {name: value for name, value in row.items() if name != "id"}
            for row in rows(engine, table, entry_id=entry_id)
        ]
        for table in PROJECTIONS
    }


def by_relation(row: dict[str, Any]) -> tuple[str, str]:
    return row["state_code"], row["relation"]


def test_projections_say_what_the_record_says(engine: Engine) -> None:
    record = full_authority()
    make.publish_all(engine, make.publication("RO-1", record))
    found = projected(engine, "RO-1")

    assert [
        part_to_dict_of(row, ("key", "kind", "reference", "date", "year", "link"))
        for row in found["entry_source"]
    ] == [
        part_to_dict_of(act, ("key", "kind", "reference", "date", "year", "link"))
        for act in record.sources
    ]
    assert [
        part_to_dict_of(row, ("kind", "value", "purpose", "audience", "tlp", "warning"))
        for row in found["channel"]
    ] == [
        part_to_dict_of(one, ("kind", "value", "purpose", "audience", "tlp", "warning"))
        for one in channels(record)
    ]
    assert [row["position"] for row in found["channel"]] == [0, 1]
    assert found["channel"][1]["languages"] == ["ro", "en"]
    mla, extradition = found["designation"]
    assert (mla["instrument_code"], mla["article"], mla["scope"]) == (
        "UNTOC",
        "18(13)",
        "pre-trial",
    )
    assert (mla["valid_from"], mla["valid_to"]) == (dt.date(2020, 1, 1), dt.date(2030, 1, 1))
    assert (extradition["instrument_code"], extradition["scope_kind"]) == (None, None)
    assert {row["state_code"] for row in found["designation"]} == {"RO"}
    assert found["hours"] == [
        {"entry_id": "RO-1", "zone": "Europe/Bucharest", "round_the_clock": False}
    ]
    assert [(row["weekday"], row["opens"], row["closes"]) for row in found["opening_interval"]] == [
        (1, "08:00", "12:00"),
        (1, "13:00", "17:00"),
        (2, "08:00", "17:00"),
    ]


def part_to_dict_of(part: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(part[name] if isinstance(part, dict) else getattr(part, name) for name in names)


def channels(record: Record) -> tuple[Any, ...]:
    return getattr(record, "channels", ())


@pytest.mark.parametrize("kind", list(EntryKind))
def test_a_changed_entry_is_projected_as_if_it_were_new(engine: Engine, kind: EntryKind) -> None:
    """Nothing of the revision before stays behind."""
    record = make.record_of(kind)
    old = full_authority() if kind is EntryKind.AUTHORITY else record
    make.publish_all(engine, make.publication("RO-1", old), make.publication("RO-2", record))
    make.publish_all(engine, make.publication("RO-1", record, base=1))
    changed, new = projected(engine, "RO-1"), projected(engine, "RO-2")
    for table_rows in (*changed.values(), *new.values()):
        for row in table_rows:
            row.pop("entry_id")
    assert changed == new
    assert entry(engine, "RO-1")["revision"] == 2


def test_a_change_touches_no_other_entry(engine: Engine) -> None:
    make.publish_all(
        engine,
        make.publication("RO-1", full_authority()),
        make.publication("RO-2", full_authority()),
    )
    before = (entry(engine, "RO-2"), projected(engine, "RO-2"))
    make.publish_all(engine, make.publication("RO-1", make.authority(), base=1))
    assert (entry(engine, "RO-2"), projected(engine, "RO-2")) == before


def test_an_officer_is_found_by_host_and_covered_states(engine: Engine) -> None:
    record = make.officer(covered_states=("FR", "JP"), posted_to=dt.date(2027, 1, 31))
    make.publish_all(engine, make.publication("RO-1", record))
    found = projected(engine, "RO-1")
    assert sorted(by_relation(row) for row in found["liaison_state"]) == [
        ("FR", "covered"),
        ("FR", "host"),
        ("JP", "covered"),
    ]
    assert entry(engine, "RO-1")["visible_until"] == dt.date(2027, 1, 31)
    (bare,) = found["designation"]
    assert bare["cooperation_type"] is CooperationType.LAW_ENFORCEMENT
    assert bare["status"] is DesignationStatus.OPERATIONAL


def test_requirements_are_found_by_their_type_and_have_no_channel(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1", make.requirements(CooperationType.TSP)))
    found = projected(engine, "RO-1")
    assert [row["cooperation_type"] for row in found["designation"]] == [CooperationType.TSP]
    assert found["channel"] == found["hours"] == found["liaison_state"] == []
    assert entry(engine, "RO-1")["name"] == ""


# --- what follows


def test_the_index_is_told_of_each_entry_and_hooks_of_all(engine: Engine) -> None:
    told: list[object] = []
    with UnitOfWork(engine, [told.extend]) as uow:
        publish(uow, [make.publication("RO-1"), make.publication("RO-2")])
    assert [(row["entry_id"], row["at"]) for row in rows(engine, tables.IndexWork)] == [
        ("RO-1", make.AT),
        ("RO-2", make.AT),
    ]
    assert told == [EntriesPublished(("RO-1", "RO-2"))]


@pytest.mark.parametrize(
    ("count", "asked"), [(REBUILD_ABOVE, REBUILD_ABOVE), (REBUILD_ABOVE + 1, 1)]
)
def test_many_entries_ask_for_one_rebuild(engine: Engine, count: int, asked: int) -> None:
    make.publish_all(engine, *(make.publication(f"RO-{number}") for number in range(count)))
    work = rows(engine, tables.IndexWork)
    assert len(work) == asked
    assert (work[0]["entry_id"] is None) is (asked == 1)


def test_a_change_confirms_nothing(engine: Engine) -> None:
    make.publish_all(
        engine, make.publication("RO-1", confirmation=make.confirmed(dt.date(2026, 1, 1)))
    )
    confirmation = ("confirmed_on", "confirmed_by", "confirmed_how", "due_on")
    before = [entry(engine, "RO-1")[name] for name in confirmation]
    assert before[0] == dt.date(2026, 1, 1)
    make.publish_all(engine, make.publication("RO-1", make.authority("Other"), base=1))
    assert [entry(engine, "RO-1")[name] for name in confirmation] == before


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (EntryKind.AUTHORITY, dt.date(2027, 3, 2)),
        (EntryKind.CONTACT_POINT, dt.date(2026, 5, 31)),
        (EntryKind.LIAISON_OFFICER, dt.date(2026, 8, 29)),
        (EntryKind.REQUIREMENTS, dt.date(2027, 3, 2)),
    ],
)
def test_a_confirmation_is_due_after_the_cycle_of_its_kind(
    engine: Engine, kind: EntryKind, due: dt.date
) -> None:
    record = make.record_of(kind)
    make.publish_all(engine, make.publication("RO-1", record))
    again = make.publication("RO-1", record, base=1, confirmation=make.confirmed())
    make.publish_all(engine, again)
    assert entry(engine, "RO-1")["due_on"] == due


# --- flags


def test_contradicting_sources_are_flagged_and_agreeing_ones_not(engine: Engine) -> None:
    sources = (make.source("a"), make.source("b"))
    contradicting = make.authority(
        sources=sources,
        addresses=(Address(text="1 Old Street", source="a"), Address(text="2 New", source="b")),
    )
    agreeing = make.authority(
        sources=sources,
        addresses=(Address(text="2 New", source="a"), Address(text="2 New", source="b")),
    )
    make.publish_all(
        engine, make.publication("RO-1", contradicting), make.publication("RO-2", agreeing)
    )
    assert [entry(engine, key)["conflict"] for key in ("RO-1", "RO-2")] == [True, False]
    assert json.loads(entry(engine, "RO-1")["document"])["conflict"] is True


@pytest.mark.parametrize("audience", list(Audience))
def test_an_entry_is_restricted_when_some_channel_is_not_for_all(
    engine: Engine, audience: Audience
) -> None:
    record = make.authority(channels=(make.channel(), make.channel("canary-7f3a", audience)))
    make.publish_all(engine, make.publication("RO-1", record))
    found = entry(engine, "RO-1")
    is_open = audience is Audience.ALL_READERS
    assert found["restricted"] is not is_open
    assert ("canary-7f3a" in found["document"]) is is_open


def test_the_stored_document_is_the_record_as_all_readers_see_it(engine: Engine) -> None:
    record = full_authority()
    make.publish_all(engine, make.publication("RO-1", record))
    document = json.loads(entry(engine, "RO-1")["document"])
    assert document["record"] == to_dict(record)
    assert (document["id"], document["revision"], document["state"]) == ("RO-1", 1, "RO")
    assert document["changed_on"] == "2026-03-02"


# --- many at once


def test_twelve_hundred_entries_take_few_statements(engine: Engine) -> None:
    many = [make.publication(f"RO-{number}", full_authority()) for number in range(1200)]
    with make.statement_counter(engine) as statements:
        make.publish_all(engine, *many)
    # Three batches of one look, entry, revision, five projections and five for the change log; one
    # for the index and one for the lock.
    assert len(statements) <= 3 * 13 + 2
    with Session(engine) as session:
        counts = {
            table: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in WRITTEN
        }
    assert counts[tables.Entry] == counts[tables.EntryRevision] == 1200
    assert counts[tables.Designation] == counts[tables.Channel] == 2400
    assert counts[tables.OpeningInterval] == 3600
    assert counts[tables.IndexWork] == 1


def test_a_mixed_batch_keeps_kinds_apart(engine: Engine) -> None:
    given: list[Publication] = [
        make.publication(f"RO-{kind.value[:8]}", make.record_of(kind)) for kind in EntryKind
    ]
    make.publish_all(engine, *given)
    for one in given:
        (kept,) = rows(engine, tables.EntryRevision, entry_id=one.entry_id)
        assert from_dict(one.record.kind, kept["record"]) == one.record


def test_a_part_is_written_like_the_record_writes_it() -> None:
    record = full_authority()
    assert [part_to_dict(one) for one in record.designations] == to_dict(record)["designations"]  # type: ignore[union-attr]
