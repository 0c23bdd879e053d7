"""A backup is private and whole, and a bare database filled from it proves the same history."""

import json
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, Text, cast, func, select, text

from directory.cli.backup import KEYS_FILE, LEFT_OUT
from directory.db import backup as form
from directory.db.migration import upgrade
from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer
from directory.exchange.sealed_file import PIECE, SealRefused, reading, writing
from directory.models import Base
from directory.queries.change_log import read_size
from directory.services.erasure import erase_officer
from tests.conftest import empty_postgres
from tests.security.operator import Operator
from tests.support.door import START
from tests.support.factories import officer, publication, publish_all
from tests.support.secretariat import FIRST, PROPOSER, Office, open_office

PASSPHRASE = "seven wooden boats beneath the bridge"


@pytest.fixture
def office(operator: Operator) -> Office:
    """A directory with entries, proposals, evidence, call-backs, notices and a signed log."""
    made = open_office(operator.engine)
    made.held()
    made.described()
    publish_all(operator.engine, publication("RO-CCCCCC", officer()))
    operator.done("log", "checkpoint")
    return made


@pytest.fixture
def bare(operator: Operator, tmp_path: Path) -> Callable[[], Engine]:
    """Puts an empty database in the place of the one that was backed up."""

    def make() -> Engine:
        if operator.engine.dialect.name == "postgresql":
            empty_postgres(operator.engine)
            return operator.engine
        path = tmp_path / "bare" / "directory.db"
        lines = operator.file.read_text("utf-8").splitlines()
        kept = [one for one in lines if not one.startswith("database_url")]
        kept.append(f'database_url = "sqlite:///{path}"')
        operator.file.write_text("\n".join(kept) + "\n", encoding="utf-8")
        return make_engine(f"sqlite:///{path}")

    return make


def made(operator: Operator, *more: str) -> Path:
    told = json.loads(operator.done("backup", "backups", "--json", *more))
    return operator.file.parent / str(told["file"])


def content(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table that is kept, JSON as text."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                str(tuple(row))
                for row in connection.execute(
                    select(
                        *(
                            cast(one, Text) if str(one.type) == "JSON" else one
                            for one in table.columns
                        )
                    )
                )
            )
            for table in Base.metadata.sorted_tables
            if table.name not in LEFT_OUT
        }


# --- refused


def test_a_database_that_holds_something_is_not_filled(operator: Operator, office: Office) -> None:
    file = made(operator)
    before = content(operator.engine)
    assert "not empty" in operator.refused("restore", str(file))
    assert content(operator.engine) == before


@pytest.mark.parametrize("spoil", ["cut", "flip", "empty", "other", "no end"])
def test_a_spoiled_backup_fills_nothing(
    operator: Operator, office: Office, bare: Callable[[], Engine], spoil: str
) -> None:
    file = made(operator)
    whole = file.read_bytes()
    with reading(file, "") as lines:
        kept = list(lines)
    spoiled = {
        "cut": whole[: len(whole) // 2],
        "flip": whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:],
        "empty": b"",
        "other": b"%PDF-1.7\n%%EOF\n",
    }
    if spoil == "no end":
        with writing(file, "") as out:
            out.writelines(kept[:-1])
    else:
        file.write_bytes(spoiled[spoil])
    engine = bare()
    assert str(file) in operator.refused("restore", str(file))
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            assert form.is_empty(connection)
    engine.dispose()


@pytest.mark.parametrize("place", [1, 40, 200])
def test_a_row_that_was_changed_is_found(
    operator: Operator, office: Office, bare: Callable[[], Engine], place: int
) -> None:
    file = made(operator)
    with reading(file, "") as lines:
        kept = list(lines)
    place = min(place, len(kept) - 2)
    kept[place] = kept[place].replace("a", "b", 1).replace("1", "2", 1)
    with writing(file, "") as out:
        out.writelines(kept)
    bare().dispose()
    assert "altered or damaged" in operator.refused("restore", str(file))


def test_a_backup_without_the_keys_of_persons_is_refused(
    operator: Operator, office: Office, bare: Callable[[], Engine]
) -> None:
    file = made(operator)
    (file.parent / KEYS_FILE).unlink()
    bare().dispose()
    assert "newest copy" in operator.refused("restore", str(file))


def test_a_backup_of_another_schema_names_it(
    operator: Operator, office: Office, bare: Callable[[], Engine]
) -> None:
    file = made(operator)
    with reading(file, "") as lines:
        kept = list(lines)
    head = json.loads(kept[0]) | {"revision": "0003"}
    body = [json.dumps(head) + "\n", *kept[1:-1]]
    end = json.loads(kept[-1]) | {"sha256": form.digest_of(body)}
    with writing(file, "") as out:
        out.writelines([*body, json.dumps(end) + "\n"])
    bare().dispose()
    assert "0003" in operator.refused("restore", str(file))


@pytest.mark.parametrize(("words", "mode", "said"), [
    ("too short", 0o600, "longer passphrase"),
    (PASSPHRASE, 0o644, "chmod 600"),
])  # fmt: skip
def test_a_weak_or_open_passphrase_is_refused(
    operator: Operator, tmp_path: Path, words: str, mode: int, said: str
) -> None:
    file = tmp_path / "passphrase"
    file.write_text(words)
    file.chmod(mode)
    assert said in operator.refused("backup", "backups", "--passphrase-file", str(file))


# --- what works


def test_what_is_restored_is_what_was_kept_with_the_same_signed_root(
    operator: Operator, office: Office, bare: Callable[[], Engine]
) -> None:
    before = content(operator.engine)
    file = made(operator)
    engine = bare()
    told = json.loads(operator.done("restore", str(file), "--json"))
    after = content(engine)
    differing = [name for name in before if before[name] != after[name] and name != "index_work"]
    assert differing == []
    assert told["faults"] == []
    assert told["checkpoint"]
    assert told["events"] == len(before["change_log"])
    assert "faults" not in operator.done("log", "verify")
    engine.dispose()


def test_people_go_on_working_with_what_was_restored(
    operator: Operator, office: Office, bare: Callable[[], Engine]
) -> None:
    file = made(operator)
    engine = bare()
    operator.done("restore", str(file))
    # Served from its new place, where everybody signs in again.
    office = _served(engine, office)
    proposal = office.described(text="Closed in September.")
    office.done(FIRST, proposal, "take")
    with office.place.parts.reading() as session:
        assert read_size(session) > 3
    engine.dispose()


def _served(engine: Engine, office: Office) -> Office:
    from_before = office.place.parts
    parts = type(from_before)(
        settings=from_before.settings,
        engine=engine,
        index=from_before.index,
        clock=from_before.clock,
    )
    place = type(office.place)(parts, office.place.clock)
    return Office(place, type(office.desk)(parts, FIRST))


def test_a_backup_is_its_owners_alone(operator: Operator, office: Office) -> None:
    file = made(operator)
    for one in (file, file.parent / KEYS_FILE):
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not list(file.parent.glob(".*"))


def test_sessions_are_not_kept(operator: Operator, office: Office) -> None:
    office.client(PROPOSER)
    file = made(operator)
    with reading(file, "") as lines:
        names = {json.loads(one)["table"] for one in lines if one.startswith('{"table"')}
    assert names.isdisjoint(LEFT_OUT)
    assert {"entry", "change_log", "evidence", "account"} <= names


def test_an_encrypted_backup_shows_nothing_and_opens_with_its_passphrase_only(
    operator: Operator, office: Office, bare: Callable[[], Engine], tmp_path: Path
) -> None:
    good, other = tmp_path / "good", tmp_path / "other"
    for path, words in ((good, PASSPHRASE), (other, PASSPHRASE + "!")):
        path.write_text(words + "\n")
        path.chmod(0o600)
    file = made(operator, "--passphrase-file", str(good))
    assert b"justice" not in file.read_bytes()
    assert file.read_bytes().startswith(b"DIRSEAL1")
    engine = bare()
    assert "encrypted" in operator.refused("restore", str(file))
    assert "another" in operator.refused("restore", str(file), "--passphrase-file", str(other))
    operator.done("restore", str(file), "--passphrase-file", str(good))
    engine.dispose()


def test_who_was_erased_since_an_older_backup_is_named(
    operator: Operator, office: Office, bare: Callable[[], Engine]
) -> None:
    file = made(operator)
    with UnitOfWork(operator.engine) as uow:
        erase_officer(uow, Doer(name="operator"), "RO-CCCCCC", START, "asked for")
    newest = made(operator)
    assert newest.parent == file.parent
    engine = bare()
    told = json.loads(operator.done("restore", str(file), "--json"))
    assert told["erased_since"] == ["officer:RO-CCCCCC"]
    engine.dispose()


def one_moment(engine: Engine) -> Connection:
    is_postgres = engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if is_postgres else {}
    return engine.connect().execution_options(**options)


def test_a_backup_sees_one_moment_while_people_write(operator: Operator, office: Office) -> None:
    # What is published after the transaction began is in none of the tables.
    with one_moment(operator.engine) as connection, connection.begin():
        lines = form.dump(connection, "x", {}, form.tables(LEFT_OUT))
        kept = [next(lines), next(lines)]
        connection.execute(text("SELECT count(*) FROM change_log")).scalar()
        with operator.engine.connect() as other:
            before = other.execute(text("SELECT count(*) FROM change_log")).scalar_one()
        publish_all(operator.engine, publication("RO-DDDDDD"))
        kept += list(lines)
    assert json.loads(kept[-1])["rows"]["change_log"] == before


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_every_length_comes_back(tmp_path: Path, length: int, passphrase: str) -> None:
    path = tmp_path / "file"
    # Random letters do not shrink, so that more than one piece is written.
    line = secrets.token_hex(length)[:length]
    with writing(path, passphrase) as out:
        out.write(line)
    with reading(path, passphrase) as lines:
        assert "".join(lines) == line


@pytest.mark.parametrize("spoil", ["swap", "drop last", "flip", "cut"])
def test_no_piece_of_an_encrypted_file_can_be_moved_or_left_out(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "file"
    with writing(path, PASSPHRASE) as out:
        out.write(secrets.token_hex(2 * PIECE))
    whole = path.read_bytes()
    head, piece = 8 + 16 + 7, 4 + PIECE + 16
    first, second, rest = (
        whole[head : head + piece],
        whole[head + piece : head + 2 * piece],
        whole[head + 2 * piece :],
    )
    spoiled = {
        "swap": second + first + rest,
        "drop last": first + second,
        "flip": first[:100] + bytes([first[100] ^ 1]) + first[101:] + second + rest,
        "cut": first + second + rest[:-1],
    }
    path.write_bytes(whole[:head] + spoiled[spoil])
    with pytest.raises(SealRefused), reading(path, PASSPHRASE) as lines:
        "".join(lines)


def test_an_empty_directory_is_kept_and_restored_too(operator: Operator) -> None:
    file = made(operator)
    if operator.engine.dialect.name == "postgresql":
        operator.done("restore", str(file))
        return
    path = operator.file.parent / "new.db"
    lines = operator.file.read_text("utf-8").splitlines()
    kept = [one for one in lines if not one.startswith("database_url")]
    operator.file.write_text("\n".join([*kept, f'database_url = "sqlite:///{path}"']) + "\n")
    operator.done("restore", str(file))
    fresh = make_engine(f"sqlite:///{path}")
    upgrade(fresh)
    with fresh.connect() as connection:
        assert (
            connection.execute(
                select(func.count()).select_from(Base.metadata.tables["entry"])
            ).scalar()
            == 0
        )
    fresh.dispose()
