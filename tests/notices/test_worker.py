"""The worker: no chore stops another, a signal ends it cleanly, a local run takes it along."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from directory.cli import cli
from directory.cli import worker as command
from directory.cli.doctor import look_at_mail
from directory.cli.worker import chores, is_child_of, make_post, make_worker, worker_beside
from directory.models.change_log import LogCheckpoint
from directory.services.worker import Chore, Worker
from directory.setting_values import SECRETS
from directory.settings import PREFIX, Settings, SettingsError
from tests.notices.certificates import write_pair
from tests.notices.conftest import BASE_URL, SENDER, Office
from tests.notices.postbox import Postbox
from tests.support.factories import authority, publication, publish_all

#: Seconds within which anything here has happened, or never will.
LONG = 60
DAY = dt.timedelta(days=1)


@pytest.fixture
def environment(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a real worker, with the mail server of the trial, also in the environment."""
    settings = replace(
        office.parts.settings,
        index_dir=tmp_path / "index",
        smtp_host="127.0.0.1",
        smtp_port=office.port,
        smtp_tls="none",
        mail_from=SENDER,
        base_url=BASE_URL,
    )
    names = ("database_url", "index_dir", "smtp_host", "smtp_port", "smtp_tls", "mail_from")
    for name in (*names, "base_url", *SECRETS):
        monkeypatch.setenv(PREFIX + name.upper(), str(getattr(settings, name)))
    monkeypatch.chdir(tmp_path)
    return settings


def once() -> Result:
    return CliRunner().invoke(cli, ["worker", "--once"])


# --- refused, broken, stopped


def test_chore_that_fails_stops_no_other(office: Office) -> None:
    done = []

    def fails(_at: dt.datetime) -> dict[str, object]:
        raise RuntimeError("broken")

    def works(at: dt.datetime) -> dict[str, object]:
        done.append(at)
        return {}

    worker = Worker([Chore("bad", DAY, fails), Chore("good", DAY, works)], office.clock)
    assert worker.round() == ["bad"]
    assert done == [office.clock()]


def test_chore_is_done_as_often_as_it_says(office: Office) -> None:
    done = []

    def note(at: dt.datetime) -> dict[str, object]:
        done.append(at)
        return {}

    worker = Worker([Chore("hourly", dt.timedelta(hours=1), note)], office.clock)
    for _ in range(13):
        worker.round()
        office.clock.move(minutes=15)
    assert len(done) == 4


def test_worker_told_to_stop_begins_no_further_chore(office: Office) -> None:
    stopping = threading.Event()
    begun = []

    def stop(_at: dt.datetime) -> dict[str, object]:
        begun.append("first")
        stopping.set()
        return {}

    def never(_at: dt.datetime) -> dict[str, object]:
        begun.append("second")
        return {}

    made = [Chore("first", DAY, stop), Chore("second", DAY, never)]
    Worker(made, office.clock, stopping).run()
    assert begun == ["first"]


def test_worker_nobody_wants_ends(office: Office) -> None:
    Worker([], office.clock, is_wanted=lambda: False).run()


def test_without_a_server_mail_waits_unless_it_is_a_demonstration(office: Office) -> None:
    assert make_post(office.parts.settings) is None
    assert "deliver" not in [one.name for one in chores(office.parts)]
    post = make_post(replace(office.parts.settings, demo=True))
    assert post is not None
    assert post.server is None


def test_signing_key_that_cannot_be_read_stops_the_start(
    environment: Settings, tmp_path: Path
) -> None:
    key, _ = write_pair(tmp_path)
    wrong = replace(environment, smime_key=key, smime_certificate=tmp_path / "missing.pem")
    with pytest.raises(SettingsError, match="mend the files"):
        make_post(wrong)


def test_failing_chore_is_told_by_the_exit_code(
    environment: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> dict[str, object]:
        raise RuntimeError("broken")

    monkeypatch.setattr(command, "expire", fails)
    answer = once()
    assert answer.exit_code == 1
    assert "failed: expire" in answer.stderr


def test_doctor_says_when_notices_do_not_leave(office: Office, environment: Settings) -> None:
    parts = replace(office.parts, settings=environment)
    assert [one.level for one in look_at_mail(parts)] == ["ok"]
    office.tell("no address")
    office.tell("desk@justice.example")
    office.deliver()
    office.clock.move(hours=1)
    given_up, waiting = look_at_mail(parts)
    assert "given up: 1 notices" in given_up.text
    assert "waiting: 1 notices, the oldest of 2026-11-23 12:00 UTC" in waiting.text
    (without, *_) = look_at_mail(office.parts)
    assert "set smtp_host" in without.text


# --- what it does


def test_once_delivers_signs_the_log_and_makes_the_index(
    office: Office, environment: Settings, postbox: Postbox
) -> None:
    office.tell()
    answer = once()
    assert answer.exit_code == 0, answer.output
    assert len(postbox.received) == 1
    assert (environment.index_dir).exists()
    with office.parts.reading() as session:
        assert session.scalar(select(func.count()).select_from(LogCheckpoint)) == 1
    assert once().exit_code == 0
    assert len(postbox.received) == 1


def test_log_is_signed_every_quarter_of_an_hour_when_it_grew(office: Office) -> None:
    (signing,) = [one for one in chores(office.parts) if one.name == "checkpoint"]
    assert signing.every <= dt.timedelta(minutes=15)
    assert signing.do(office.clock())["checkpoint"] == 1
    assert signing.do(office.clock()) == {}


def test_log_is_signed_at_each_publication_however_it_came(office: Office) -> None:
    (signing,) = [one for one in chores(office.parts) if one.name == "publications"]
    assert signing.every <= dt.timedelta(seconds=5)
    assert signing.do(office.clock())["checkpoint"] == 1
    office.tell()
    assert signing.do(office.clock()) == {}, "nothing was published"
    publish_all(office.parts.engine, publication("RO-ZZZZZZ", authority("Court")))
    assert signing.do(office.clock())["checkpoint"] == 2


@contextmanager
def started() -> Iterator[subprocess.Popen[str]]:
    """``directory worker`` in a process of its own, once it has begun."""
    program = "from directory.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "worker"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "worker_started" in line:
                break
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_worker_cleanly(environment: Settings, number: signal.Signals) -> None:
    with started() as process:
        process.send_signal(number)
        output, _ = process.communicate(timeout=LONG)
        assert process.returncode == 0
    assert "worker_stopped" in output
    assert "Traceback" not in output


@pytest.mark.slow
def test_worker_beside_a_server_delivers_and_ends_with_it(
    office: Office, environment: Settings, postbox: Postbox
) -> None:
    office.tell()
    arrived = threading.Event()
    receive = postbox.received

    class Telling(list[object]):
        def append(self, one: object) -> None:
            super().append(one)
            arrived.set()

    postbox.received = Telling(receive)  # type: ignore[assignment]
    with worker_beside(environment) as child:
        assert arrived.wait(LONG)
        assert child.is_alive()
    assert not child.is_alive()
    assert child.exitcode == 0


def test_child_knows_who_started_it() -> None:
    assert is_child_of(os.getppid())
    assert not is_child_of(os.getpid())


def test_worker_takes_its_chores_from_the_settings(environment: Settings, office: Office) -> None:
    parts = replace(office.parts, settings=environment)
    names = [one.name for one in make_worker(parts).chores]
    assert names[0] == "publish"
    assert names[-2:] == ["deliver", "editions"]
