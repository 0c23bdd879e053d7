"""An erased officer is nowhere; what is proven stays proven, and the pages say what happened."""

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.cli import cli
from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer
from directory.domain.notes import Signer
from directory.domain.personal import ERASED
from directory.domain.record import display_name
from directory.domain.vocabulary import ChannelKind
from directory.errors import InvalidState, NotFound
from directory.exchange.log_export import export_log
from directory.models import Base
from directory.models.entry import Entry, EntryRevision
from directory.queries.as_of import get_entry_as_of
from directory.queries.entries import get_entry, get_entry_json
from directory.queries.history import get_history
from directory.queries.log_check import check_log
from directory.queries.reference import get_book
from directory.services.erasure import erase_officer, scrub
from directory.services.retention import erase_after_posting
from tests.history.conftest import ENTRY, LONG_AGO, TODAY, YESTERDAY, Past, Verify
from tests.support import factories as make

OFFICER = "RO-ATTACHE"
CANARIES = ("Canary Attaché", "+40215550321", "canary@embassy.example", "canary remark")
LATER = make.AT + dt.timedelta(hours=2)


def officer(number: str) -> object:
    name, telephone, email, note = CANARIES
    return make.officer(
        name,
        channels=(make.channel(telephone, kind=ChannelKind.TELEPHONE), make.channel(email)),
        note=note,
        host_city=number,
    )


@pytest.fixture
def posted(past: Past) -> Past:
    past.publish(OFFICER, officer("Paris"), officer("Lyon"), at=LONG_AGO)  # type: ignore[arg-type]
    past.sign()
    return past


def erase(engine: Engine, entry_id: str = OFFICER) -> None:
    with UnitOfWork(engine) as uow:
        erase_officer(uow, Doer(name="operator"), entry_id, LATER, "asked for")
    scrub(engine)


def retain(engine: Engine, at: dt.datetime, days: int = 365) -> list[str]:
    with UnitOfWork(engine) as uow:
        done = erase_after_posting(uow, at, dt.timedelta(days=days))
    scrub(engine)
    return done


def traces(engine: Engine) -> list[str]:
    """Tables in which something of the officer stands."""
    with engine.connect() as connection:
        found = {
            table.name: str(connection.execute(select(table)).all())
            for table in Base.metadata.sorted_tables
        }
    return [name for name, text in found.items() if any(canary in text for canary in CANARIES)]


def on_disk(engine: Engine) -> bool:
    """Does the file of an SQLite database hold a trace?"""
    path = Path(engine.url.database or "")
    files = [path, path.with_name(f"{path.name}-wal")]
    data = b"".join(file.read_bytes() for file in files if file.exists())
    return any(canary.encode() in data for canary in CANARIES)


# --- refused


def test_an_office_is_not_erased(past: Past) -> None:
    with pytest.raises(InvalidState):
        erase(past.engine, ENTRY)
    assert numbers_of_revisions(past.engine, ENTRY) == [1, 2]


def test_what_is_not_there_is_not_erased(past: Past) -> None:
    with pytest.raises(NotFound):
        erase(past.engine, "RO-NOTHERE")


def numbers_of_revisions(engine: Engine, entry_id: str) -> list[int]:
    with Session(engine) as session:
        query = select(EntryRevision.number).where(EntryRevision.entry_id == entry_id)
        return sorted(session.scalars(query))


@pytest.mark.parametrize(
    ("again", "answer"), [("RO-OTHER", "y\n"), (OFFICER, "n\n"), (OFFICER, "")]
)
def test_command_erases_nothing_without_both_steps(again: str, answer: str) -> None:
    given = ["person", "erase", OFFICER, "--reason", "asked for", "--confirm", again]
    assert CliRunner().invoke(cli, given, input=answer).exit_code != 0


# --- allowed


def test_planted_officer_is_found_before(posted: Past) -> None:
    assert {"entry", "entry_revision", "channel"} <= set(traces(posted.engine))


def test_nothing_of_the_officer_is_left(posted: Past) -> None:
    erase(posted.engine)
    assert traces(posted.engine) == []
    if posted.engine.dialect.name == "sqlite":
        assert not on_disk(posted.engine)


def test_log_and_extracts_still_hold(
    posted: Past, signing: Signer, verify: Verify, tmp_path: Path
) -> None:
    before = posted.extract(TODAY, entry_id=OFFICER)
    erase(posted.engine)
    posted.sign()
    with Session(posted.engine) as session:
        assert check_log(session, (signing.verifier,)).faults == ()
        exported = "".join(export_log(session, signing.name, [signing.verifier]))
    assert not any(canary in exported for canary in CANARIES)
    after = posted.extract(TODAY, entry_id=OFFICER)
    assert after["statement"]["erased"] is True
    assert not any(canary in str(after) for canary in CANARIES)
    # What somebody holds from before is theirs; it is as true as it was.
    assert verify(before) == verify(after) == []


def test_pages_say_that_the_officer_was_erased(posted: Past) -> None:
    erase(posted.engine)
    who = make.reader()
    with Session(posted.engine) as session:
        assert display_name(get_entry(who, session, OFFICER, TODAY).record) == ERASED
        history = get_history(who, session, get_book(who, session), OFFICER, TODAY)
        assert [one.is_erased for one in history.items] == [True, True]
        assert history.items[0].differences
        then = get_entry_as_of(who, session, OFFICER, YESTERDAY, None, TODAY)
        assert then.is_erased
        document = get_entry_json(who, session.connection(), OFFICER, TODAY).body
    assert ERASED in document.decode()


def test_entry_moves_so_that_copies_are_asked_again(posted: Past) -> None:
    erase(posted.engine)
    with Session(posted.engine) as session:
        assert session.scalar(select(Entry.changed_at).where(Entry.id == OFFICER)) == LATER


# --- after the retention


def test_an_officer_is_erased_when_the_retention_after_the_posting_is_over(
    past: Past, engine: Engine, signing: Signer
) -> None:
    name, telephone, email, note = CANARIES
    left = make.officer(
        name,
        channels=(make.channel(telephone, kind=ChannelKind.TELEPHONE), make.channel(email)),
        note=note,
        posted_to=LATER.date(),
    )
    past.publish(OFFICER, left, at=LONG_AGO)
    past.sign()
    last_kept = LATER + dt.timedelta(days=365)
    assert retain(engine, last_kept) == []
    assert traces(engine)
    assert retain(engine, last_kept + dt.timedelta(days=1)) == [OFFICER]
    assert traces(engine) == []
    # Done once, and the log still verifies.
    assert retain(engine, last_kept + dt.timedelta(days=2)) == []
    past.sign()
    with Session(engine) as session:
        assert check_log(session, (signing.verifier,)).faults == ()


def test_an_officer_without_an_end_of_the_posting_is_kept(posted: Past, engine: Engine) -> None:
    assert retain(engine, LATER + dt.timedelta(days=4000)) == []
    assert traces(engine)
