"""What closes and what stays open when a part fails: docs/manual/operator/fail-modes.md, tried."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session

from directory.cli.worker import make_worker
from directory.composition import build_parts
from directory.models.change_log import LogEvent
from directory.models.entry import Entry, EntryRevision
from directory.queries.log_check import check_log
from directory.services.checkpoints import known_keys
from directory.services.indexing import rebuild
from tests.conftest import BACKENDS
from tests.support.door import sign_in
from tests.support.reviewing import Desk
from tests.support.secretariat import ENTRY, FIRST, PROPOSER, SECOND, Office, Whole, open_office

SQLITE = pytest.mark.parametrize("engine", BACKENDS[:1], indirect=True)
POSTGRES = pytest.mark.parametrize("engine", BACKENDS[1:], indirect=True)
#: Ends every other connection to the database, as a restart does.
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)
LOOK_UPS = ("/", f"/entries/{ENTRY}", "/states/RO", "/help")


@pytest.fixture
def office(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(tmp_path)
    made = open_office(engine)
    for email in (PROPOSER, FIRST, SECOND):
        made.client(email)
    return made


def counts(engine: Engine) -> tuple[int, int]:
    """Revisions and events: whole or nothing, so neither without the other."""
    with Session(engine) as session:
        return (
            session.scalars(select(func.count()).select_from(EntryRevision)).one(),
            session.scalars(select(func.count()).select_from(LogEvent)).one(),
        )


def is_whole(office: Office) -> bool:
    with office.place.parts.reading() as session:
        return check_log(session, known_keys(office.place.parts.settings)).faults == ()


# --- the database


@SQLITE
def test_without_the_database_everything_is_closed_calmly_and_opens_by_itself(
    office: Office, engine: Engine
) -> None:
    path = Path(str(engine.url.database))
    engine.dispose()
    hidden = path.with_name("hidden")
    hidden.mkdir()
    for one in path.parent.glob(f"{path.name}*"):
        shutil.move(one, hidden / one.name)
    path.mkdir()
    client = office.client(PROPOSER)
    for address in (*LOOK_UPS, "/api/v1/states"):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert answer.headers["Retry-After"] == "30"
        assert "sqlite" not in answer.get_data(as_text=True).lower()
    assert office.place.client().get("/healthz").status_code == 200
    assert office.place.client().get("/readyz").status_code == 503
    path.rmdir()
    for one in hidden.iterdir():
        shutil.move(one, path.parent / one.name)
    assert office.place.client().get("/readyz").status_code == 200
    assert [client.get(address).status_code for address in LOOK_UPS] == [200] * len(LOOK_UPS)


@POSTGRES
def test_a_restart_of_the_database_under_requests_costs_nobody_a_new_start(
    office: Office, engine: Engine
) -> None:
    """Every connection is cut, as a restart cuts them, fifty times between requests."""
    client = office.client(PROPOSER)
    met = []
    for _ in range(50):
        with engine.connect() as connection:
            connection.execute(text(CUT))
        met += [client.get(address).status_code for address in LOOK_UPS]
    assert set(met) <= {200, 503}
    assert met.count(200) >= len(met) - 50
    assert client.get("/").status_code == 200
    assert is_whole(office)


# --- the disk


@pytest.fixture
def full(engine: Engine) -> Iterator[None]:
    """The database may grow no more: SQLite's own 'database or disk is full'."""
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = f"PRAGMA max_page_count = {pages}"

    def bound(connection: object, *_more: object) -> None:
        connection.execute(limit)  # type: ignore[attr-defined]

    engine.dispose()
    event.listen(engine, "connect", bound)
    yield
    event.remove(engine, "connect", bound)
    engine.dispose()


@pytest.fixture
def proposal(office: Office) -> str:
    """One under way, to be commented on."""
    return office.described()


@SQLITE
def test_on_a_full_disk_reading_goes_on_and_no_act_is_half_done(
    office: Office, engine: Engine, proposal: str, full: None
) -> None:
    before = counts(engine)
    refused = 0
    for number in range(40):
        answer = office.post(
            PROPOSER,
            f"/proposals/{proposal}/comments",
            text=f"{number} " + "x" * 1500,
        )
        assert answer.status_code in {302, 303, 503}, answer.status_code
        refused += answer.status_code == 503
        assert office.client(FIRST).get(f"/entries/{ENTRY}").status_code == 200
    assert refused > 0
    revisions, _events = counts(engine)
    assert revisions == before[0]
    assert is_whole(office)


@SQLITE
def test_after_the_disk_has_room_again_work_goes_on_without_tools(
    office: Office, engine: Engine
) -> None:
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    proposal = office.described()
    office.done(FIRST, proposal, "take")
    assert is_whole(office)


# --- the index


@SQLITE
@pytest.mark.parametrize("harm", ["deleted", "truncated", "flipped", "locked"])
def test_search_goes_on_without_its_index(office: Office, tmp_path: Path, harm: str) -> None:
    parts = build_parts(office.place.parts.settings, clock=office.place.clock)
    rebuild(parts.engine, parts.index)
    place = Whole(parts, office.place.clock)
    served = Office(place, Desk(parts, FIRST))
    client = served.client(PROPOSER)
    assert client.get("/search?q=authority").status_code == 200
    files = [one for one in parts.settings.index_dir.rglob("*") if one.is_file()]
    assert files
    spoil(parts.settings.index_dir, files, harm)
    answers = [client.get(f"/search?q=authority+{n}").status_code for n in range(10)]
    assert set(answers) == {200}
    assert client.get(f"/entries/{ENTRY}").status_code == 200
    for one in files:
        if one.exists():
            one.chmod(0o600)
    parts.engine.dispose()


def spoil(folder: Path, files: list[Path], harm: str) -> None:
    if harm == "deleted":
        shutil.rmtree(folder)
    for one in files if harm != "deleted" else ():
        content = one.read_bytes()
        if harm == "truncated":
            one.write_bytes(content[: len(content) // 2])
        elif harm == "flipped":
            one.write_bytes(bytes(byte ^ 0x55 for byte in content))
        else:
            one.chmod(0)


# --- the clock


@pytest.mark.parametrize("days", [1, 400, -1, -400])
def test_a_clock_that_jumps_lets_nobody_in_and_breaks_nothing(office: Office, days: int) -> None:
    proposal = office.described()
    jump = dt.timedelta(days=days)
    office.place.clock.moment += jump
    client = office.client(PROPOSER)
    met = {client.get(address).status_code for address in LOOK_UPS}
    # Forward, the session is over; backward, it lives as before.
    assert met <= ({302} if days > 0 else {200, 302})
    fresh = office.place.client()
    # After more than a year accounts that nobody confirmed have ended: closed, and said plainly.
    if sign_in(fresh, PROPOSER).status_code == 302:
        assert [fresh.get(address).status_code for address in LOOK_UPS] == [200] * len(LOOK_UPS)
    else:
        assert days == 400
    assert make_worker(office.place.parts).round() == []
    assert is_whole(office)
    office.place.clock.moment -= jump
    assert proposal
    with office.place.parts.reading() as session:
        assert session.scalars(select(func.count()).select_from(Entry)).one() > 0
