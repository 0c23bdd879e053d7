"""The feed of changes: nothing missed, nothing told twice, nothing shown that is for others."""

import datetime as dt
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.serving import make_server

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer
from directory.domain.vocabulary import Audience, EntryStatus, Role
from directory.errors import Unavailable
from directory.queries import changes
from directory.queries.changes import changes_since
from directory.services.erasure import erase_officer
from tests.api.conftest import Program, Programs
from tests.support import factories as make
from tests.support.factories import AT, TODAY, publication, publish_all, statement_counter

CLIENT = Path(__file__).parents[2] / "docs" / "examples" / "keep_copy.py"
FOLLOWER = make.actor(Role.FOCAL_POINT, state="FR")
SCOPES = ("changes:follow", "entries:read")
Entries = dict[str, dict[str, Any]]


@pytest.fixture
def follower(programs: Programs) -> Program:
    """The case system of France."""
    return programs(Role.FOCAL_POINT, scopes=SCOPES)


class Copy:
    """A copy kept by the rules of the manual; ``told`` are all ids in the order they came."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.cursor = engine, ""
        self.entries: Entries = {}
        self.told: list[str] = []

    def page(self, limit: int, today: dt.date = TODAY) -> bool:
        with UnitOfWork(self.engine) as uow:
            page = changes_since(FOLLOWER, uow.session, self.cursor, limit, today)
        for one in page.items:
            self.told.append(one.id)
            self.entries.pop(one.id, None)
            if one.entry is not None:
                self.entries[one.id] = one.entry
        self.cursor = page.next
        return page.more

    def follow(self, limit: int = 500, today: dt.date = TODAY) -> list[str]:
        """Up to the end; gives what was told."""
        before = len(self.told)
        while self.page(limit, today):
            pass
        return self.told[before:]


# --- refused


def test_who_only_looks_up_keeps_no_copy(program: Program, stranger: Program) -> None:
    assert program.get("/changes").status_code == 403
    assert stranger.get("/changes").status_code == 401


@pytest.mark.parametrize(
    "cursor", ["x", "99.0.2026-03-02.0123456789ab", "0.99.2026-03-02.0123456789ab"]
)
def test_a_cursor_of_no_answer_is_refused(follower: Program, cursor: str) -> None:
    answer = follower.get(f"/changes?cursor={cursor}")
    assert answer.status_code == 422
    assert '"path": "cursor"' in answer.text


def test_who_sees_otherwise_than_before_begins_anew(programs: Programs, follower: Program) -> None:
    cursor = follower.json("/changes")["next"]
    other = programs(Role.FOCAL_POINT, "RO", scopes=SCOPES)
    answer = other.get(f"/changes?cursor={cursor}")
    assert answer.status_code == 422
    assert "begin a new copy" in answer.text


def test_no_copy_is_narrowed_silently(reference_engine: Engine) -> None:
    with UnitOfWork(reference_engine) as uow, pytest.raises(Unavailable):
        changes_since(replace(FOLLOWER, narrow=True), uow.session, "", 10, TODAY)


def test_a_line_for_others_is_in_nobodys_copy(follower: Program, reference_engine: Engine) -> None:
    lines = (make.channel("own@justice.example", Audience.OWN_STATE), make.channel())
    publish_all(reference_engine, publication("RO-1", make.authority(channels=lines)))
    answer = follower.get("/changes")
    assert "own@justice.example" not in answer.text
    (one,) = follower.json("/changes")["items"]
    assert [each["value"] for each in one["entry"]["record"]["channels"]] == [
        "desk@justice.example"
    ]


def test_a_token_that_may_not_read_entries_takes_nothing_out_of_a_copy(
    programs: Programs,
) -> None:
    assert programs(Role.FOCAL_POINT, scopes=["changes:follow"]).get("/changes").status_code == 403


# --- told


def test_each_entry_is_told_once_at_what_happened_last(reference_engine: Engine) -> None:
    publish_all(reference_engine, *(publication(f"RO-{number}") for number in range(7)))
    publish_all(reference_engine, publication("RO-2", base=1))
    copy = Copy(reference_engine)
    told = copy.follow(limit=3)
    assert told == ["RO-0", "RO-1", "RO-3", "RO-4", "RO-5", "RO-6", "RO-2"]
    assert copy.follow() == []


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_what_changes_between_two_pages_is_told_at_its_new_place_alone(
    reference_engine: Engine, limit: int
) -> None:
    publish_all(reference_engine, *(publication(f"RO-{number}") for number in range(5)))
    copy = Copy(reference_engine)
    copy.page(limit)
    publish_all(reference_engine, publication("RO-4", base=1), publication("RO-9"))
    told = copy.follow(limit)
    assert sorted(copy.told) == ["RO-0", "RO-1", "RO-2", "RO-3", "RO-4", "RO-9"]
    assert told[-2:] == ["RO-4", "RO-9"]
    assert copy.entries["RO-4"]["revision"] == 2


def test_a_life_is_told_in_its_words(follower: Program, reference_engine: Engine) -> None:
    cursor = follower.json("/changes")["next"]
    words = []
    steps = (EntryStatus.PUBLISHED, EntryStatus.SUSPENDED, EntryStatus.PUBLISHED)
    for base, status in enumerate((*steps, EntryStatus.PUBLISHED, EntryStatus.RETIRED)):
        publish_all(reference_engine, publication("RO-1", base=base, status=status))
        page = follower.json(f"/changes?cursor={cursor}")
        cursor = page["next"]
        words += [(one["what"], one["entry"] is None) for one in page["items"]]
    assert words == [
        ("published", False),
        ("suspended", False),
        ("restored", False),
        ("changed", False),
        ("retired", True),
    ]


def test_what_was_gone_before_the_copy_began_is_not_told(reference_engine: Engine) -> None:
    publish_all(reference_engine, publication("RO-1", status=EntryStatus.RETIRED))
    assert Copy(reference_engine).follow() == []


def test_what_goes_while_the_copy_is_begun_is_taken_out_again(reference_engine: Engine) -> None:
    publish_all(reference_engine, publication("RO-1"), publication("RO-2"))
    copy = Copy(reference_engine)
    copy.page(1)
    publish_all(reference_engine, publication("RO-1", base=1, status=EntryStatus.RETIRED))
    copy.follow()
    assert list(copy.entries) == ["RO-2"]


def test_the_end_of_a_posting_takes_the_officer_out_on_the_day_after(
    reference_engine: Engine,
) -> None:
    posted = make.officer(posted_to=TODAY)
    publish_all(reference_engine, publication("RO-1", posted))
    copy = Copy(reference_engine)
    assert copy.follow() == ["RO-1"]
    assert copy.follow() == []
    tomorrow = TODAY + dt.timedelta(days=1)
    assert copy.follow(today=tomorrow) == ["RO-1"]
    assert copy.entries == {}
    assert copy.follow(today=tomorrow) == []


def test_a_posting_made_longer_meanwhile_is_told_once(reference_engine: Engine) -> None:
    publish_all(reference_engine, publication("RO-1", make.officer(posted_to=TODAY)))
    copy = Copy(reference_engine)
    copy.follow()
    longer = make.officer(posted_to=TODAY + dt.timedelta(days=90))
    publish_all(reference_engine, publication("RO-1", longer, base=1))
    assert copy.follow(today=TODAY + dt.timedelta(days=1)) == ["RO-1"]
    assert list(copy.entries) == ["RO-1"]


def test_an_erased_officer_is_erased_in_the_copy(reference_engine: Engine) -> None:
    publish_all(reference_engine, publication("RO-1", make.officer("Canary Attaché")))
    copy = Copy(reference_engine)
    copy.follow()
    with UnitOfWork(reference_engine) as uow:
        erase_officer(uow, Doer(name="an officer"), "RO-1", AT, "asked")
    assert copy.follow() == ["RO-1"]
    assert "Canary" not in json.dumps(copy.entries)
    assert copy.entries["RO-1"]["record"]["names"] == [{"text": "[erased]"}]
    # And who begins after that is told it once.
    assert Copy(reference_engine).follow() == ["RO-1"]


def test_a_page_of_any_length_costs_the_same_statements(reference_engine: Engine) -> None:
    publish_all(reference_engine, *(publication(f"RO-{number}") for number in range(30)))
    counts = []
    for limit in (2, 30):
        with reference_engine.connect() as connection, statement_counter(reference_engine) as sent:
            with UnitOfWork(reference_engine) as uow:
                changes_since(FOLLOWER, uow.session, "", limit, TODAY)
            counts.append(len(sent))
            connection.rollback()
    assert counts == [3, 3]


# --- while others publish


def publish_on(engine: Engine, states: range, done: threading.Event) -> None:
    for number in states:
        publish_all(engine, publication(f"RO-{number}"))
        publish_all(engine, publication(f"RO-{number}", base=1))
    done.set()


def test_a_copy_kept_while_others_publish_is_the_directory(reference_engine: Engine) -> None:
    ranges = (range(12), range(100, 112))
    events = [threading.Event() for _one in ranges]
    threads = [
        threading.Thread(target=publish_on, args=(reference_engine, one, done))
        for one, done in zip(ranges, events, strict=True)
    ]
    copy = Copy(reference_engine)
    for thread in threads:
        thread.start()
    while not all(done.is_set() for done in events):
        copy.page(3)
    for thread in threads:
        thread.join()
    copy.follow(3)
    assert {one["revision"] for one in copy.entries.values()} == {2}
    assert sorted(copy.entries) == sorted(f"RO-{number}" for one in ranges for number in one)
    # Each revision at most once: two revisions an entry.
    assert max(map(copy.told.count, copy.entries)) <= 2
    assert copy.follow() == []


def test_a_feed_by_time_and_not_by_sequence_would_miss(
    reference_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a page that skips what has its newest event behind its own end."""
    publish_all(reference_engine, *(publication(f"RO-{number}") for number in range(4)))
    right = changes._page
    monkeypatch.setattr(
        changes,
        "_page",
        lambda place, top, limit: right(replace(place, sequence=place.sequence + 1), top, limit),
    )
    copy = Copy(reference_engine)
    copy.follow(1)
    assert sorted(copy.entries) != [f"RO-{number}" for number in range(4)]


# --- the client of the manual


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_the_client_of_the_manual_keeps_a_copy(
    address: str, follower: Program, reference_engine: Engine, tmp_path: Path
) -> None:
    kept = tmp_path / "copy.json"
    command = [sys.executable, str(CLIENT), address, str(kept)]
    given = {**os.environ, "DIRECTORY_TOKEN": follower.token}
    publish_all(reference_engine, publication("RO-1"), publication("RO-2"))
    for base, status in ((0, EntryStatus.PUBLISHED), (1, EntryStatus.RETIRED)):
        publish_all(reference_engine, publication("RO-3", base=base, status=status))
        subprocess.run(command, env=given, check=True, timeout=120)
        names = sorted(json.loads(kept.read_text("utf-8"))["entries"])
        assert names == ["RO-1", "RO-2", "RO-3"][: 3 - base]
    assert len(CLIENT.read_text("utf-8").splitlines()) <= 32
