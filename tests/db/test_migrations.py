"""Migrations go up and down with data in the tables, and end where the models are."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, text

from directory.composition import refuse_unfit_schema
from directory.db import migration
from directory.db.base import NAMING_CONVENTION
from directory.db.migration import differences, downgrade, schema_state, upgrade
from directory.db.unit_of_work import UnitOfWork
from directory.models import Base
from directory.parts import Parts
from directory.settings import Settings, SettingsError
from tests.db.sample_rows import ROWS
from tests.support.null_index import NullIndex
from tests.test_settings import GOOD

SCRIPTS = ScriptDirectory.from_config(migration._config())
#: Every revision, the first one first.
REVISIONS = [one.revision for one in reversed(list(SCRIPTS.walk_revisions()))]

Content = dict[str, list[dict[str, Any]]]
Facts = dict[str, dict[str, Any]]


def tables_of(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def columns_of(engine: Engine, table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(engine).get_columns(table)}


def fill(engine: Engine, tables: Iterable[str]) -> None:
    """Put the sample rows in, as far as the schema of the moment has columns for them."""
    wanted = set(tables)
    with UnitOfWork(engine) as uow:
        for name in (name for name in ROWS if name in wanted):
            there = columns_of(engine, name)
            model = Base.metadata.tables[name]
            target = sa.table(name, *(sa.column(c.name, c.type) for c in model.c))
            rows = [{key: row[key] for key in row if key in there} for row in ROWS[name]]
            uow.session.execute(sa.insert(target), rows)


def content(engine: Engine) -> Content:
    """Every row of every table, as text, by table."""
    with engine.connect() as connection:
        return {
            name: sorted(
                (
                    {key: str(value) for key, value in row.items()}
                    for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
                ),
                key=str,
            )
            for name in sorted(tables_of(engine))
        }


def kept(before: Content, after: Content) -> None:
    """What both schemas have is the same before and after."""
    for name in before.keys() & after.keys():
        assert len(before[name]) == len(after[name]), name
        for old, new in zip(before[name], after[name], strict=True):
            common = old.keys() & new.keys()
            assert {key: old[key] for key in common} == {key: new[key] for key in common}, name


# --- up and down


def test_there_is_one_line_of_migrations() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert len(SCRIPTS.get_bases()) == 1
    assert not any(one.is_merge_point for one in SCRIPTS.walk_revisions())


def test_every_table_has_sample_rows() -> None:
    assert set(ROWS) == set(Base.metadata.tables)
    assert all(ROWS.values())


def test_each_migration_keeps_the_data_up_and_down_and_up_again(bare_engine: Engine) -> None:
    steps: list[Content] = []
    for revision in REVISIONS:
        before = content(bare_engine)
        upgrade(bare_engine, revision)
        kept(before, content(bare_engine))
        fill(bare_engine, tables_of(bare_engine) - before.keys())
        steps.append(content(bare_engine))
    full = steps[-1]
    assert all(full.values())

    for revision, expected in zip([*REVISIONS[-2::-1], "base"], [*steps[-2::-1], {}], strict=True):
        before = content(bare_engine)
        downgrade(bare_engine, revision)
        after = content(bare_engine)
        kept(before, after)
        assert after.keys() == expected.keys()
    assert tables_of(bare_engine) == set()

    upgrade(bare_engine)
    fill(bare_engine, tables_of(bare_engine))
    assert content(bare_engine) == full


def test_the_last_migration_is_undone_and_done_again_with_data(bare_engine: Engine) -> None:
    upgrade(bare_engine)
    fill(bare_engine, tables_of(bare_engine))
    full = content(bare_engine)
    downgrade(bare_engine, "-1")
    assert schema_state(bare_engine).database == REVISIONS[-2]
    upgrade(bare_engine)
    kept(full | {name: [] for name in tables_added_last()}, content(bare_engine))
    assert differences(bare_engine) == []


def tables_added_last() -> set[str]:
    """Tables whose rows the last downgrade rightly drops."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    upgrade(engine, REVISIONS[-2])
    before = tables_of(engine)
    engine.dispose()
    return set(Base.metadata.tables) - before


def test_closed_days_of_before_count_as_verified_and_waiting_ones_close_nothing_after_a_return(
    bare_engine: Engine,
) -> None:
    upgrade(bare_engine, "0020")
    fill(bare_engine, tables_of(bare_engine))
    more = "SELECT {id}, state_code, first, last, note, announced_at, announced_by, {gone}"
    columns = "id, state_code, first, last, note, announced_at, announced_by, withdrawn_at"
    with bare_engine.begin() as connection:
        for number, gone in ((2, "announced_at"), (3, "NULL")):
            row = more.format(id=number, gone=gone)
            connection.execute(
                text(f"INSERT INTO state_closure ({columns}) {row} FROM state_closure WHERE id = 1")
            )
    upgrade(bare_engine, "0021")
    statuses = {row["id"]: row["status"] for row in content(bare_engine)["state_closure"]}
    assert statuses == {"1": "verified", "2": "withdrawn", "3": "verified"}
    with bare_engine.begin() as connection:
        connection.execute(text("UPDATE state_closure SET status = 'waiting' WHERE id = 3"))
    downgrade(bare_engine, "0020")
    shown = {
        row["id"] for row in content(bare_engine)["state_closure"] if row["withdrawn_at"] == "None"
    }
    assert shown == {"1"}


def test_a_migration_that_fails_leaves_nothing_behind(bare_engine: Engine) -> None:
    """The last table of the first migration is in the way; none of the others stays."""
    with bare_engine.begin() as connection:
        connection.execute(text("CREATE TABLE opening_interval (id INTEGER)"))
    with pytest.raises(sa.exc.DBAPIError):
        upgrade(bare_engine)
    assert tables_of(bare_engine) == {"opening_interval"}
    assert schema_state(bare_engine).database == ""


# --- the models are the schema


def test_the_models_describe_the_migrated_schema(bare_engine: Engine) -> None:
    upgrade(bare_engine)
    assert differences(bare_engine) == []


def test_a_difference_between_models_and_schema_is_found(bare_engine: Engine) -> None:
    upgrade(bare_engine)
    with bare_engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_channel_value"))
        connection.execute(text("ALTER TABLE state ADD COLUMN colour VARCHAR(10)"))
    assert len(differences(bare_engine)) == 2


def facts(engine: Engine) -> Facts:
    """What Alembic's comparison does not see: constraints by name and text, defaults, nullness."""
    inspector = sa.inspect(engine)
    return {
        name: {
            "checks": {(c["name"], c["sqltext"]) for c in inspector.get_check_constraints(name)},
            "unique": {
                (c["name"], tuple(c["column_names"]))
                for c in inspector.get_unique_constraints(name)
            },
            "indexes": {
                (index["name"], tuple(index["column_names"]), bool(index["unique"]))
                for index in inspector.get_indexes(name)
            },
            "foreign": {
                (
                    c["name"],
                    tuple(c["constrained_columns"]),
                    c["referred_table"],
                    tuple(c["referred_columns"]),
                )
                for c in inspector.get_foreign_keys(name)
            },
            "primary": (
                inspector.get_pk_constraint(name)["name"],
                tuple(inspector.get_pk_constraint(name)["constrained_columns"]),
            ),
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], c["default"])
                for c in inspector.get_columns(name)
            },
        }
        for name in sorted(tables_of(engine))
    }


def test_constraints_and_columns_are_the_same_migrated_and_made_from_the_models(
    bare_engine: Engine,
) -> None:
    upgrade(bare_engine)
    migrated = facts(bare_engine)
    downgrade(bare_engine, "base")
    with bare_engine.begin() as connection:
        Base.metadata.create_all(connection)
    made = facts(bare_engine)
    assert migrated.keys() == made.keys()
    for name in made:
        assert migrated[name] == made[name], name


def test_every_constraint_is_named_by_the_convention(bare_engine: Engine) -> None:
    upgrade(bare_engine)
    for table, found in facts(bare_engine).items():
        names = {kind: {one[0] for one in found[kind]} for kind in ("checks", "unique", "foreign")}
        assert found["primary"][0] == f"pk_{table}"
        for kind, prefix in (("checks", "ck"), ("unique", "uq"), ("foreign", "fk")):
            assert all(str(name).startswith(f"{prefix}_{table}_") for name in names[kind]), table
        for name, _, is_unique in found["indexes"]:
            allowed = {f"ix_{table}_", f"uq_{table}_" if is_unique else f"ix_{table}_"}
            assert str(name).startswith(tuple(allowed)), name
    assert set(NAMING_CONVENTION) == {"ix", "uq", "ck", "fk", "pk"}


def test_no_name_is_too_long_for_postgresql() -> None:
    names = [
        str(name)
        for table in Base.metadata.tables.values()
        for name in (
            *(constraint.name for constraint in table.constraints),
            *(index.name for index in table.indexes),
        )
    ]
    assert all(len(name) <= 63 for name in names)


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("state", {"kind": "planet"}, "ck_state_kind"),
        ("state_name", {"form": "nickname"}, "ck_state_name_form"),
        ("participation", {"ended": "1990-01-01", "entry_into_force": "2000-01-01"}, "ends_after"),
        ("designation", {"valid_to": "1990-01-01"}, "ends_after"),
        ("designation", {"cooperation_type": "gossip"}, "cooperation_type"),
        ("opening_interval", {"weekday": 8}, "weekday"),
        ("liaison_state", {"relation": "friend"}, "relation"),
        ("channel", {"audience": "everybody"}, "audience"),
        ("entry", {"revision": 0}, "revision_is_positive"),
        ("entry_revision", {"number": 0}, "number_is_positive"),
        ("reference_edition", {"id": 2}, "one_row"),
        ("account", {"email": "Reader@Justice.example"}, "email_is_folded"),
        ("entry", {"state_code": "XX"}, "foreign key"),
        ("designation", {"instrument_code": "NONE"}, "foreign key"),
        ("index_work", {"entry_id": "RO-9"}, "foreign key"),
    ],
)
def test_the_database_itself_refuses_what_cannot_be(
    engine: Engine, table: str, change: dict[str, Any], constraint: str
) -> None:
    fill(engine, tables_of(engine))
    before = content(engine)
    values = ", ".join(f"{column} = :{column}" for column in change)
    with (
        pytest.raises(sa.exc.IntegrityError, match=re.compile(constraint, re.IGNORECASE)),
        UnitOfWork(engine) as uow,
    ):
        uow.session.execute(text(f"UPDATE {table} SET {values}"), change)
    assert content(engine) == before


# --- which schema for which code


def test_an_empty_database_is_neither_current_nor_newer(bare_engine: Engine) -> None:
    state = schema_state(bare_engine)
    assert (state.database, state.is_current, state.is_newer) == ("", False, False)
    assert "'directory db upgrade'" in state.fault


def test_a_migrated_database_is_current(bare_engine: Engine) -> None:
    upgrade(bare_engine)
    state = schema_state(bare_engine)
    assert (state.is_current, state.is_newer) == (True, False)
    assert (state.database, state.code, state.fault) == (REVISIONS[-1], REVISIONS[-1], "")


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_older_database_is_known_but_not_current(bare_engine: Engine, revision: str) -> None:
    upgrade(bare_engine, revision)
    state = schema_state(bare_engine)
    assert (state.database, state.is_current, state.is_newer) == (revision, False, False)
    assert "run 'directory db upgrade'" in state.fault


def test_a_newer_database_is_known_as_such(bare_engine: Engine) -> None:
    upgrade(bare_engine)
    with bare_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    state = schema_state(bare_engine)
    assert (state.database, state.is_current, state.is_newer) == ("9999", False, True)
    assert "install the newer release" in state.fault


@pytest.mark.parametrize("direction", [upgrade, lambda engine: downgrade(engine, "base")])
def test_a_newer_database_is_not_touched(
    bare_engine: Engine, direction: Callable[[Engine], None]
) -> None:
    upgrade(bare_engine)
    fill(bare_engine, tables_of(bare_engine))
    before = content(bare_engine)
    with bare_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandError):
        direction(bare_engine)
    assert content(bare_engine) == before


def test_the_app_does_not_start_on_a_schema_it_does_not_fit(bare_engine: Engine) -> None:
    settings = Settings.from_values(GOOD)
    parts = Parts(settings=settings, engine=bare_engine, index=NullIndex())
    # An SQLite database is there once somebody has opened it.
    bare_engine.connect().close()
    with pytest.raises(SettingsError, match="run 'directory db upgrade'"):
        refuse_unfit_schema(parts)
    upgrade(bare_engine)
    refuse_unfit_schema(parts)
    with bare_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="install the newer release") as refused:
        refuse_unfit_schema(parts)
    assert len(refused.value.problems) == 1
