"""``directory worker``: everything that is done without anybody asking for it."""

import datetime as dt
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.context import SpawnProcess
from types import FrameType

import click
import structlog

from directory.cli.edition_job import EditionJobs
from directory.cli.frame import Exit, fail, parts_from_environment
from directory.composition import build_parts, refuse_unfit_schema
from directory.db.unit_of_work import UnitOfWork
from directory.domain.scraping import Thresholds
from directory.errors import Invalid
from directory.exchange.evidence import is_clean, refusal_of
from directory.exchange.mail import MailSigner, load_signer
from directory.exchange.smtp import SmtpServer
from directory.parts import Parts
from directory.queries.change_log import has_unsigned
from directory.services import campaigns
from directory.services.account_reminders import close_what_is_over, queue_account_reminders
from directory.services.campaigns import escalation
from directory.services.checkpoints import known_keys, make_checkpoint, signer
from directory.services.coverage import keep_day
from directory.services.delivery import Post, deliver_due
from directory.services.erasure import scrub
from directory.services.holds import expire_due, publish_due
from directory.services.indexing import is_behind, mend
from directory.services.invitations import account_rules
from directory.services.line_tests import end_overdue, send_due
from directory.services.looking import limits_of
from directory.services.mail_secrets import secrets_of
from directory.services.publication_events import PUBLISHED
from directory.services.quarantine import Waiting, keep_back, let_out, waiting
from directory.services.read_alerts import forget_look_ups, raise_alerts
from directory.services.reminders import queue_reminders
from directory.services.retention import erase_after_posting
from directory.services.watch_digests import queue_watch_digests
from directory.services.worker import Chore, Worker
from directory.services.workflow import workflow
from directory.settings import Settings, SettingsError

#: The log is signed at least this often when something was appended.
CHECKPOINT_EVERY = dt.timedelta(minutes=15)
#: For what people wait for.
SOON = dt.timedelta(seconds=5)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
#: Seconds the child of ``run-local`` has to end its chore.
ENDING_SECONDS = 20

Did = dict[str, object]
log = structlog.get_logger()


@click.command()
@click.option("--once", is_flag=True, help="Do every chore once and end; 1 when one failed.")
def worker(once: bool) -> None:
    """Publish what is due, remind, sign the log, mend the index, deliver notices.

    Any number of workers may run at once. Stop one with SIGTERM or Ctrl-C: it ends its chore first.
    """
    parts = parts_from_environment()
    click.get_current_context().call_on_close(parts.engine.dispose)
    refuse_unfit_schema(parts)
    editions = EditionJobs(parts)
    made = make_worker(parts, editions)
    if once:
        failed = made.round()
        editions.wait()
        if failed:
            fail(f"failed: {', '.join(failed)}; the log says why", Exit.REFUSED)
        return
    with stopped_by_signals(made):
        made.run()


def make_worker(parts: Parts, editions: EditionJobs | None = None) -> Worker:
    """A worker with all chores; raises ``SettingsError`` for a signing key that cannot be read."""
    making = editions or EditionJobs(parts)
    edition = Chore("editions", SOON, making.look)
    return Worker(
        [*chores(parts), edition], parts.clock, may_change=lambda: parts.read_only() is None
    )


def chores(parts: Parts) -> list[Chore]:
    """In the order in which one makes work for the next."""
    made = [
        Chore("publish", SOON, partial(publish, parts), changes=True),
        Chore("expire", HOUR, partial(expire, parts), changes=True),
        Chore("remind", HOUR, partial(remind, parts)),
        Chore("accounts", HOUR, partial(look_after_accounts, parts)),
        Chore("campaigns", MINUTE, partial(remind_of_campaigns, parts)),
        Chore("watches", HOUR, partial(tell_watchers, parts)),
        Chore("retention", HOUR, partial(erase_officers, parts), changes=True),
        Chore("coverage", HOUR, partial(keep_coverage, parts)),
        Chore("line_tests", MINUTE, partial(run_line_tests, parts)),
        Chore("checkpoint", CHECKPOINT_EVERY, partial(checkpoint, parts)),
        Chore("publications", SOON, partial(sign_publications, parts)),
        Chore("index", MINUTE, partial(mend_index, parts)),
        Chore("look-ups", MINUTE, partial(watch_look_ups, parts)),
        Chore("forget", HOUR, partial(forget, parts)),
        Chore("quarantine", MINUTE, partial(look_at_files, parts)),
    ]
    post = make_post(parts.settings)
    if post is None:
        log.warning("no_mail_server", mend="set smtp_host; notices wait until then")
        return made
    return [*made, Chore("deliver", SOON, partial(deliver, parts, post))]


def make_post(settings: Settings) -> Post | None:
    """How mail is sent; None where it can only wait, because there is no server for it."""
    if not settings.smtp_host and not settings.demo:
        return None
    rules = workflow(settings)
    post = Post(
        sender=settings.mail_from,
        base_url=settings.base_url,
        secrets_of=partial(secrets_of, key=rules.link_key, earlier=rules.link_keys_earlier),
        contact=settings.secretariat_contact,
        demo=settings.demo,
    )
    if not settings.smtp_host:
        return post
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )
    return replace(post, server=server, signer=_mail_signer(settings))


def _mail_signer(settings: Settings) -> MailSigner | None:
    if settings.smime_key is None or settings.smime_certificate is None:
        return None
    try:
        return load_signer(settings.smime_key, settings.smime_certificate)
    except (OSError, ValueError) as error:
        problem = f"smime_key, smime_certificate: {error}; mend the files or unset both"
        raise SettingsError([problem]) from error


def publish(parts: Parts, at: dt.datetime) -> Did:
    """Publish what nobody objected to in time, and sign the log with it."""
    count = sum(len(ids) for ids in _until_none(parts, lambda uow: publish_due(uow, at)))
    return {"dealt_with": count, **checkpoint(parts, at)} if count else {}


def _until_none(
    parts: Parts, work: Callable[[UnitOfWork], Sequence[str]]
) -> Iterator[Sequence[str]]:
    """What each call of ``work`` gives, each in a transaction of its own, until it gives none."""
    while True:
        with parts.unit_of_work() as uow:
            done = work(uow)
        if not done:
            return
        yield done


def expire(parts: Parts, at: dt.datetime) -> Did:
    """End proposals that nobody touched for too long."""
    rules = workflow(parts.settings)
    count = sum(len(ids) for ids in _until_none(parts, lambda uow: expire_due(uow, at, rules)))
    return {"expired": count} if count else {}


def remind(parts: Parts, at: dt.datetime) -> Did:
    """Queue the digests of the day."""
    whom = escalation(parts.settings)
    with parts.unit_of_work() as uow:
        count = queue_reminders(uow, at, whom.missions, whom.secretariat)
    return {"digests": count} if count else {}


def look_after_accounts(parts: Parts, at: dt.datetime) -> Did:
    """Close what is over; queue the digests of what is to be confirmed or ends soon."""
    with parts.unit_of_work() as uow:
        closed = close_what_is_over(uow, at)
        digests = queue_account_reminders(uow, account_rules(parts.settings), at)
    done: Did = {"closed": closed, "digests": digests}
    return done if closed or digests else {}


def remind_of_campaigns(parts: Parts, at: dt.datetime) -> Did:
    """Queue the reminders of campaigns."""
    with parts.unit_of_work() as uow:
        count = campaigns.remind(uow, at, escalation(parts.settings))
    return {"campaigns": count} if count else {}


def tell_watchers(parts: Parts, at: dt.datetime) -> Did:
    """Queue the digests of what changed among the things people watch."""
    demo = parts.settings.demo
    batches = _until_none(parts, lambda uow: queue_watch_digests(uow, at, demo=demo))
    count = sum(len(accounts) for accounts in batches)
    return {"watchers": count} if count else {}


def erase_officers(parts: Parts, at: dt.datetime) -> Did:
    """Erase officers whose posting ended longer ago than they are kept."""
    kept_for = dt.timedelta(days=parts.settings.officer_retention_days)
    batches = _until_none(parts, lambda uow: erase_after_posting(uow, at, kept_for))
    count = sum(len(entries) for entries in batches)
    if not count:
        return {}
    scrub(parts.engine)
    return {"erased": count}


def keep_coverage(parts: Parts, at: dt.datetime) -> Did:
    """Note once a day how coverage stands."""
    with parts.unit_of_work() as uow:
        count = keep_day(uow, at)
    return {"coverage_of_states": count} if count else {}


def run_line_tests(parts: Parts, at: dt.datetime) -> Did:
    """Ask the 24/7 points whose moment has come, and end the tests whose time is over."""
    asked = ended = 0
    for work in (send_due, end_overdue):
        while True:
            with parts.unit_of_work() as uow:
                count = work(uow, at)
            asked, ended = (asked + count, ended) if work is send_due else (asked, ended + count)
            if not count:
                break
    return {"asked": asked, "ended": ended} if asked or ended else {}


def checkpoint(parts: Parts, at: dt.datetime) -> Did:
    """Sign the log as it stands, when something was appended."""
    with parts.unit_of_work() as uow:
        made = make_checkpoint(uow, signer(parts.settings), known_keys(parts.settings), at)
    return {"checkpoint": made.number, "size": made.size} if made else {}


def sign_publications(parts: Parts, at: dt.datetime) -> Did:
    """Sign the log at once when something was published, by whatever way."""
    with parts.reading() as session:
        waits = has_unsigned(session, PUBLISHED)
    return checkpoint(parts, at) if waits else {}


def watch_look_ups(parts: Parts, at: dt.datetime) -> Did:
    """Tell of copying that shows in the read audit."""
    with parts.unit_of_work() as uow:
        count = raise_alerts(uow, at, limits_of(parts.settings), Thresholds())
    return {"alerts": count} if count else {}


def forget(parts: Parts, at: dt.datetime) -> Did:
    """Let go of look-ups that are older than they are kept."""
    days = parts.settings.read_audit_days
    with parts.unit_of_work() as uow:
        count = forget_look_ups(uow, at, days)
    return {"look_ups": count} if count else {}


def mend_index(parts: Parts, _at: dt.datetime) -> Did:
    """Let the search index learn what it missed; one process at a time does."""
    if not is_behind(parts.engine, parts.index):
        return {}
    with parts.index.mending() as is_mine:
        learnt = mend(parts.engine, parts.index) if is_mine else None
    return {} if learnt is None else {"learnt": learnt}


def look_at_files(parts: Parts, at: dt.datetime) -> Did:
    """Look at files in quarantine, and let out what is fit to be given out."""
    with parts.reading() as session:
        files = waiting(session)
    released = sum(_look_at(parts, one, at) for one in files)
    return {"looked_at": len(files), "released": released} if files else {}


def _look_at(parts: Parts, file: Waiting, at: dt.datetime) -> bool:
    try:
        code = refusal_of(file.content)
        clean = not code and is_clean(file.content, parts.settings.file_scanner)
    except Invalid:
        code, clean = "malware", False
    if clean or code:
        with parts.unit_of_work() as uow:
            if clean:
                let_out(uow, file.id, at)
            else:
                keep_back(uow, file.id, at, code)
    return clean


def deliver(parts: Parts, post: Post, _at: dt.datetime) -> Did:
    """Deliver what the outbox holds."""
    try:
        done = deliver_due(parts.unit_of_work, post, parts.clock)
    finally:
        if post.server:
            post.server.close()
    if not (done.sent or done.postponed or done.given_up):
        return {}
    return {"sent": done.sent, "postponed": done.postponed, "given_up": done.given_up}


@contextmanager
def stopped_by_signals(made: Worker) -> Iterator[None]:
    """SIGTERM and Ctrl-C let the worker end what it is doing, then stop."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        made.stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def worker_beside(settings: Settings) -> Iterator[SpawnProcess]:
    """A worker in a process of its own for the length of the block, as ``run-local`` has it."""
    context = multiprocessing.get_context("spawn")
    # Not a daemon, because it has children of its own (editions); it is ended below.
    child = context.Process(target=work_for_parent, args=(settings,), name="worker")
    child.start()
    try:
        yield child
    finally:
        child.terminate()
        child.join(ENDING_SECONDS)
        if child.is_alive():
            child.kill()


def work_for_parent(settings: Settings) -> None:
    """Work until told to stop, or until the process that wanted it is gone."""
    parent = multiprocessing.parent_process()
    parts = build_parts(settings)
    made = make_worker(parts)
    if parent is not None:
        # Not ``parent.is_alive``: the server's own children hold that pipe open when it is killed.
        made.is_wanted = partial(is_child_of, parent.pid)
    with stopped_by_signals(made):
        made.run()
    parts.engine.dispose()


def is_child_of(process: int | None) -> bool:
    """Is that process still the one that started this one?"""
    return os.getppid() == process
