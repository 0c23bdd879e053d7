"""Loading: all or nothing, idempotent, and never over what somebody else has changed."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from directory.db.unit_of_work import UnitOfWork
from directory.domain.record import AuthorityRecord
from directory.domain.vocabulary import EntryKind
from directory.errors import InvalidState
from directory.models import entry as entries
from directory.models import reference as tables
from directory.models.change_log import LogEvent
from directory.paths import seed_data_dir
from directory.queries.reference import read_book
from directory.seeding.entries import SeedEntry, build_entries
from directory.seeding.folder import read_seed
from directory.seeding.problems import SeedRefused
from directory.seeding.showcase import showcase_line_tests
from directory.services.demo_entries import add_showcase, add_synthetic
from directory.services.entry_rows import Publication
from directory.services.publishing import publish
from directory.services.seed import SeedReport, TableReport, seed

AT = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def load(engine: Engine, folder: Path | None = None) -> SeedReport:
    with UnitOfWork(engine) as uow:
        return seed(uow, folder or seed_data_dir(), AT)


def of_table(report: SeedReport, name: str) -> list[TableReport]:
    return [table for table in report.tables if table.name == name]


def count(engine: Engine, table: type) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_malformed_file_leaves_the_database_as_it_was(engine: Engine, folder: Path) -> None:
    path = folder / "declarations.csv"
    path.write_text(path.read_text("utf-8").replace("AD,", "XX,", 1), "utf-8")
    with pytest.raises(SeedRefused, match=r"declarations.csv, row 2, column iso2: 'XX' is not"):
        load(engine, folder)
    assert count(engine, tables.State) == count(engine, entries.Entry) == 0


def test_synthetic_entries_need_the_reference_data(engine: Engine) -> None:
    with pytest.raises(InvalidState, match="directory seed"), UnitOfWork(engine) as uow:
        add_synthetic(uow, 10, 1, AT)
    with pytest.raises(InvalidState, match="directory seed"), UnitOfWork(engine) as uow:
        add_showcase(uow, AT)


def test_second_loading_writes_nothing(engine: Engine) -> None:
    first = load(engine)
    assert not first.wrote_nothing
    stamp = stamp_of(engine)
    second = load(engine)
    assert second.wrote_nothing
    assert [table.unchanged for table in second.tables] == [table.added for table in first.tables]
    assert count(engine, entries.EntryRevision) == of_table(first, "entry")[0].added
    assert stamp_of(engine) == stamp


def stamp_of(engine: Engine) -> str:
    with engine.connect() as connection:
        return connection.execute(select(tables.ReferenceEdition.stamp)).scalar_one()


def test_loaded_records_read_back_as_they_were(engine: Engine) -> None:
    load(engine)
    data = read_seed(seed_data_dir())
    with engine.connect() as connection:
        book = read_book(connection)
    assert dict(book.states) == {one.state.code: one.state for one in data.states}
    assert dict(book.instruments) == {one.code: one for one in data.instruments}
    assert set(book.participations) == set(data.participations)
    assert set(book.declarations) == set(data.declarations)
    assert set(book.legal_bases) == set(data.legal_bases)


def test_real_entry_is_as_published_and_never_confirmed(engine: Engine) -> None:
    load(engine)
    with engine.connect() as connection:
        rows = connection.execute(
            select(entries.Entry.as_published, entries.Entry.confirmed_on, entries.Entry.synthetic)
        ).all()
    assert all(row.as_published >= "2010" and row.confirmed_on is None for row in rows)
    assert not any(row.synthetic for row in rows)


def test_changed_reference_row_is_updated_and_readers_are_told(
    engine: Engine, folder: Path
) -> None:
    load(engine, folder)
    stamp = stamp_of(engine)
    path = folder / "names_un.csv"
    path.write_text(path.read_text("utf-8").replace(",Albanie,", ",Shqipëri,", 1), "utf-8")
    report = load(engine, folder)
    assert [one.changed for one in of_table(report, "state_name")] == [1]
    assert stamp_of(engine) != stamp
    with engine.connect() as connection:
        assert read_book(connection).states["AL"].name("fr") == "Shqipëri"


def change_seeded_entry(folder: Path) -> SeedEntry:
    """Give Romania's ministry another address in the seed; returns the entry as it becomes."""
    path = folder / "authorities.json"
    items = json.loads(path.read_text("utf-8"))
    row = next(item for item in items if item["id"] == "RO-CETS185-01")
    row["address"] = "Example Street 1, Bucharest"
    path.write_text(json.dumps(items, ensure_ascii=False), "utf-8")
    built = build_entries(read_seed(folder))
    return next(one for one in built if "RO-CETS185-01" in one.rows)


def test_changed_seed_entry_becomes_its_next_revision(engine: Engine, folder: Path) -> None:
    load(engine, folder)
    changed = change_seeded_entry(folder)
    (report,) = of_table(load(engine, folder), "entry")
    assert (report.added, report.changed, report.left_alone) == (0, 1, ())
    with engine.connect() as connection:
        entry = entries.Entry
        number = connection.execute(
            select(entry.revision).where(entry.id == changed.id)
        ).scalar_one()
    assert number == 2


def test_entry_edited_since_is_left_alone_and_named(engine: Engine, folder: Path) -> None:
    load(engine, folder)
    changed = change_seeded_entry(folder)
    assert isinstance(changed.record, AuthorityRecord)
    edited = replace(changed.record, unit="Unit named by the State")
    with UnitOfWork(engine) as uow:
        publish(uow, [publication(changed, edited)])
    (report,) = of_table(load(engine, folder), "entry")
    assert (report.added, report.changed, report.left_alone) == (0, 0, (changed.id,))
    with engine.connect() as connection:
        revision = entries.EntryRevision
        records = connection.execute(
            select(revision.record)
            .where(revision.entry_id == changed.id)
            .order_by(revision.number.desc())
        ).scalars()
        assert next(iter(records))["unit"] == "Unit named by the State"


def publication(entry: SeedEntry, record: AuthorityRecord) -> Publication:
    return Publication(
        entry_id=entry.id,
        state=entry.state,
        record=record,
        by="focal point of Romania",
        at=AT,
        reason="new unit",
        base=1,
    )


def test_synthetic_entries_are_added_once_and_more_of_them_later(engine: Engine) -> None:
    load(engine)
    told: list[tuple[int, int]] = []
    with UnitOfWork(engine) as uow:
        first = add_synthetic(uow, 200, 1, AT, lambda done, total: told.append((done, total)))
    with UnitOfWork(engine) as uow:
        more = add_synthetic(uow, 260, 1, AT)
    assert (first.added, more.added, more.unchanged) == (200, 60, 200)
    assert told == [(200, 200)]


def test_showcase_and_synthetic_requirements_do_not_overwrite_one_another(
    engine: Engine,
) -> None:
    load(engine)
    with UnitOfWork(engine) as uow:
        shown = add_showcase(uow, AT)
    with UnitOfWork(engine) as uow:
        made = add_synthetic(uow, 1500, 1, AT)
    assert made.left_alone
    with UnitOfWork(engine) as uow:
        again = add_showcase(uow, AT)
    assert (again.added, again.changed, again.unchanged) == (0, 0, shown.added)


def test_showcase_is_marked_and_its_points_name_a_line_test_and_a_known_authority(
    engine: Engine,
) -> None:
    load(engine)
    with UnitOfWork(engine) as uow:
        report = add_showcase(uow, AT)
    with engine.connect() as connection:
        entry = entries.Entry
        rows = connection.execute(select(entry.kind).where(entry.synthetic)).scalars().all()
    assert len(rows) == report.added
    assert set(rows) == set(EntryKind) - {EntryKind.AUTHORITY}
    assert formal_authorities(engine) <= set(ids(engine))
    # Made again a day later, it overwrites no line test.
    rung = line_tests(engine)
    assert len(rung) == len(showcase_line_tests(AT)) > 0
    with UnitOfWork(engine) as uow:
        add_showcase(uow, AT + dt.timedelta(days=1))
    assert line_tests(engine) == rung
    # What an older release made without any is given them, and the log says so.
    with engine.begin() as connection:
        connection.execute(update(entries.Entry).values(line_test=None))
    with UnitOfWork(engine) as uow:
        add_showcase(uow, AT)
    assert line_tests(engine) == rung
    with engine.connect() as connection:
        made_up = select(LogEvent.subject_id).where(LogEvent.action == "line_test.made_up")
        assert sorted(connection.scalars(made_up)) == sorted([*rung, *rung])


def ids(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(entries.Entry.id)))


def formal_authorities(engine: Engine) -> set[str]:
    """Those that the synthetic points name."""
    revision, entry = entries.EntryRevision, entries.Entry
    statement = (
        select(revision.record)
        .join(entry, entry.id == revision.entry_id)
        .where(entry.synthetic, entry.kind == EntryKind.CONTACT_POINT)
    )
    with engine.connect() as connection:
        named = {record.get("formal_authority", "") for record in connection.scalars(statement)}
    return named - {""}


def line_tests(engine: Engine) -> dict[str, object]:
    with engine.connect() as connection:
        rows = connection.execute(select(entries.Entry.id, entries.Entry.line_test))
        return {entry_id: found for entry_id, found in rows if found}


def test_progress_is_told(engine: Engine) -> None:
    told: list[str] = []
    with UnitOfWork(engine) as uow:
        seed(uow, seed_data_dir(), AT, told.append)
    assert told[0] == "reading the seed data"
    assert told[-1].startswith("publishing ")
