"""Delivering what the outbox holds: claimed by one worker, sent, marked; retried until it is done.

A notice is claimed in a transaction of its own, which also keeps its words, and is marked in
another one after it was sent. Who dies in between leaves a claim that runs out: the notice is then
sent once more with the same Message-ID, and never more often than that for one death.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.exchange import mail as mails
from directory.exchange.mail import Mail, MailRefused, MailSigner
from directory.exchange.notice_rendering import as_html, as_text, compose, spoken
from directory.exchange.notice_texts import LIST_NAME
from directory.exchange.smtp import SendFailed, SendRefused, ServerUnreachable
from directory.models.account import Account
from directory.models.notice import Notice
from directory.queries.notices import read_facts, read_languages

#: How long a claim holds; longer than any one mail takes (six answers of half a minute).
CLAIM_LASTS = dt.timedelta(minutes=10)
#: Before the second attempt; doubled before each one after it.
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=6)
#: Attempts before a notice is given up, which is after about two days.
MOST_ATTEMPTS = 16
#: What of a server's words is kept.
LONGEST_ERROR = 500

log = structlog.get_logger()


class Server(Protocol):
    """What takes mails; raises ``SendFailed``."""

    def send(self, sender: str, to: str, content: bytes) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How mail is sent from here. Without a server it is kept for the mailbox of a demonstration.

    ``secrets_of`` makes, of a notice's params, what stands in the mail only when it leaves: the
    text that holds its place -> objection token, or the link and the code of a line test.
    """

    sender: str
    base_url: str
    secrets_of: Callable[[Mapping[str, Any]], Mapping[str, str]]
    contact: str = ""
    #: Accounts of a demonstration count.
    demo: bool = False
    server: Server | None = None
    signer: MailSigner | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice that is this worker's to send until ``CLAIM_LASTS`` is over."""

    id: int
    attempts: int
    mail: Mail
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What one round did."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0


class Undeliverable(Exception):
    """A notice that no attempt can deliver; the text says why."""


def deliver_due(
    open_uow: Callable[[], UnitOfWork], post: Post, clock: Callable[[], dt.datetime]
) -> Deliveries:
    """Deliver what is due, one by one; stops when the server cannot be reached."""
    done = Deliveries()
    while True:
        with open_uow() as uow:
            claim = _claim(uow.session, post, clock())
        if claim is None:
            return done
        if isinstance(claim, Undeliverable):
            done = replace(done, given_up=done.given_up + 1)
            continue
        done, go_on = _deliver(open_uow, post, claim, clock, done)
        if not go_on:
            return done


def _deliver(
    open_uow: Callable[[], UnitOfWork],
    post: Post,
    claim: Claim,
    clock: Callable[[], dt.datetime],
    done: Deliveries,
) -> tuple[Deliveries, bool]:
    """One attempt, and whether the next notice may be tried now."""
    try:
        _send(post, claim)
    except (SendFailed, MailRefused) as error:
        final = isinstance(error, SendRefused | MailRefused) or claim.attempts >= MOST_ATTEMPTS
        with open_uow() as uow:
            _mark_failed(uow.session, claim, str(error), clock(), final=final)
        go_on = not isinstance(error, ServerUnreachable)
        if final:
            return replace(done, given_up=done.given_up + 1), go_on
        return replace(done, postponed=done.postponed + 1), go_on
    with open_uow() as uow:
        _mark_sent(uow.session, claim, "smtp" if post.server else "local", clock())
    return replace(done, sent=done.sent + 1), True


def _send(post: Post, claim: Claim) -> None:
    if post.server is None:
        return
    mail = claim.mail
    for place, secret in post.secrets_of(claim.params).items():
        mail = replace(
            mail, text=mail.text.replace(place, secret), html=mail.html.replace(place, secret)
        )
    # The address as the envelope takes it; 'wire' writes the same into the head.
    to = mails.checked_address(mail.to)
    post.server.send(mail.sender, to, mails.wire(mail, post.signer))


def _claim(session: Session, post: Post, at: dt.datetime) -> Claim | Undeliverable | None:
    """Take the notice that is due longest; None when nothing is. Nobody else gets it meanwhile.

    On PostgreSQL rows that another worker holds are passed over; on SQLite the transaction has the
    only write lock.
    """
    query = (
        select(Notice)
        .where(Notice.next_attempt_at <= at)
        .order_by(Notice.next_attempt_at, Notice.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    notice = session.scalar(query)
    if notice is None:
        return None
    notice.attempts += 1
    notice.next_attempt_at = at + CLAIM_LASTS
    try:
        return _prepared(session, notice, post, at)
    except Undeliverable as error:
        _give_up(notice, str(error), at)
        return error


def _prepared(session: Session, notice: Notice, post: Post, at: dt.datetime) -> Claim:
    """The claim with the mail to send; raises ``Undeliverable``."""
    to, language = _recipient(session, notice, post, at)
    if not notice.message_id:
        notice.message_id = mails.message_id(notice.key, notice.created_at, post.sender)
        notice.language = language
        _render(session, notice, post)
    mail = Mail(
        sender=post.sender,
        to=to,
        subject=notice.subject,
        text=notice.text,
        html=notice.html,
        language=notice.language,
        at=max(notice.created_at, notice.not_before),
        message_id=notice.message_id,
        list_name=LIST_NAME,
    )
    return Claim(notice.id, notice.attempts, mail, dict(notice.params))


def _recipient(session: Session, notice: Notice, post: Post, at: dt.datetime) -> tuple[str, str]:
    """Address and language; raises ``Undeliverable`` for an account that no longer counts.

    A mailbox without an account is written to in a language of its State, where one is spoken.
    """
    if notice.account_id is None:
        languages = read_languages(session, str(notice.params.get("state", "")))
        return notice.address, spoken(notice.language, *languages)
    account = session.get_one(Account, notice.account_id)
    ended = account.ends_on is not None and account.ends_on < at.date()
    if not account.active or ended or (account.demo and not post.demo):
        raise Undeliverable("the account is closed")
    return account.email, spoken(notice.language, account.language)


def _render(session: Session, notice: Notice, post: Post) -> None:
    """Put the notice into words; raises ``Undeliverable`` when it has none."""
    facts = read_facts(session, [notice.params], post.base_url, post.contact)
    try:
        message = compose(notice.kind, notice.params, facts, notice.language)
    except (KeyError, ValueError) as error:
        log.exception("notice_without_words", notice=notice.id, kind=notice.kind)
        raise Undeliverable(f"no words for it: {error!r}") from error
    notice.subject = message.subject
    notice.text = as_text(message)
    notice.html = as_html(message)


def _give_up(notice: Notice, reason: str, at: dt.datetime) -> None:
    notice.given_up_at = at
    notice.next_attempt_at = None
    notice.last_error = reason[:LONGEST_ERROR]
    notice.text = notice.html = ""
    log.warning("notice_given_up", notice=notice.id, kind=notice.kind, reason=reason)


def _mark_sent(session: Session, claim: Claim, delivery: str, at: dt.datetime) -> None:
    values = {
        "sent_at": at,
        "next_attempt_at": None,
        "delivery": delivery,
        "last_error": "",
        "text": "",
        "html": "",
    }
    session.execute(update(Notice).where(*_still(claim)).values(values))
    log.info("notice_sent", notice=claim.id, attempts=claim.attempts, delivery=delivery)


def _mark_failed(
    session: Session, claim: Claim, reason: str, at: dt.datetime, *, final: bool
) -> None:
    notice = session.scalar(select(Notice).where(*_still(claim)))
    if notice is None:
        return
    if final:
        _give_up(notice, reason, at)
        return
    notice.next_attempt_at = at + wait_after(claim.attempts)
    notice.last_error = reason[:LONGEST_ERROR]
    log.warning("notice_postponed", notice=claim.id, attempts=claim.attempts, reason=reason)


def _still(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    """Only while no later attempt has begun: a claim that ran out marks nothing."""
    return (Notice.id == claim.id, Notice.attempts == claim.attempts)


def wait_after(attempts: int) -> dt.timedelta:
    """How long to wait after that many attempts."""
    doublings: int = 2 ** (attempts - 1)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
