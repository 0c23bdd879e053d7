"""Line tests as they run: mails sent by the worker, calls made by a person, answers and ends.

What a test found is kept with the entry for every reader, and a failed one opens a report, which
stands on the entry until its State or the secretariat answers it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import SYSTEM_DOER, Doer, Event
from directory.domain.line_tests import (
    NOTED,
    REPORTED,
    LineMethod,
    LineOutcome,
    LineProof,
    LineResult,
    line_to_test,
)
from directory.domain.marks import N_
from directory.domain.record import Channel, ContactPointRecord
from directory.domain.vocabulary import EntryStatus
from directory.errors import Invalid, InvalidState, NotFound, Problem
from directory.models.line_test import LineTest, LineTestRound
from directory.models.notice import Notice as NoticeRow
from directory.policy import Actor, require
from directory.queries.current import read_entry
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.line_codes import is_code, link_of
from directory.services.line_test_rounds import RUN
from directory.services.notices import Notice, queue
from directory.services.publishing import set_line_test
from directory.services.reports import ReportForm, report_failed_test

#: A mail that would leave later than this would ask at another time than was drawn.
LATEST = dt.timedelta(hours=1)
#: How long a call stays on the list of those to make.
CALL_WITHIN = dt.timedelta(hours=12)
#: How long after it was begun a call can be noted.
NOTE_WITHIN = dt.timedelta(hours=1)
#: Wrong codes after which a code counts no more.
MOST_WRONG = 5
#: Tests looked at in one transaction.
AT_ONCE = 50
#: A language as people are asked for it: a code of ISO 639, in two or three letters.
_CODE_LENGTHS = (2, 3)
#: Codes for several languages, an unknown one, and none.
_NO_LANGUAGES = frozenset({"mul", "und", "zxx"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNote:
    """What an officer notes after ringing; ``code`` is what the desk read out, '' for none."""

    outcome: LineOutcome
    #: Seconds until somebody answered.
    seconds: int | None = None
    language: str = ""
    code: str = ""


def notice_key(test_id: int) -> str:
    """The key of the mail of a test in the outbox."""
    return f"line_test:{test_id}"


# --- the worker


def send_due(uow: UnitOfWork, at: dt.datetime) -> int:
    """Ask the points whose moment has come by mail; gives how many tests were looked at."""
    change_log.lock(uow.session)
    due = _waiting(uow.session, LineTest.method == LineMethod.MAIL, LineTest.due_at <= at)
    for test, asked in due:
        channel = _line(uow.session, test)
        if asked.closed_at is not None or at - test.due_at > LATEST or channel is None:
            _end(uow, test, LineOutcome.NOT_RUN, at)
        else:
            _begin(uow, test, channel, at, at + dt.timedelta(minutes=asked.minutes), SYSTEM_DOER)
            queue(uow, [_mail(test, asked.minutes)], at)
    return len(due)


def end_overdue(uow: UnitOfWork, at: dt.datetime) -> int:
    """End the tests whose time is over; gives how many."""
    change_log.lock(uow.session)
    late = or_(
        and_(LineTest.ends_at.is_not(None), LineTest.ends_at <= at),
        and_(
            LineTest.method == LineMethod.TELEPHONE,
            LineTest.started_at.is_(None),
            or_(LineTest.due_at <= at - CALL_WITHIN, _is_called_off()),
        ),
    )
    found = uow.session.scalars(
        select(LineTest)
        .where(LineTest.outcome.is_(None), late)
        .order_by(LineTest.due_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for test in found:
        _end(uow, test, _overdue_outcome(uow.session, test), at)
    return len(found)


def _is_called_off() -> Any:
    return exists().where(
        LineTestRound.id == LineTest.round_id, LineTestRound.closed_at.is_not(None)
    )


def _overdue_outcome(session: Session, test: LineTest) -> LineOutcome:
    """Nobody answered, unless it was the directory that did not ask."""
    if test.method is LineMethod.TELEPHONE:
        return LineOutcome.NOT_RUN
    mail = session.execute(
        select(NoticeRow.sent_at, NoticeRow.given_up_at).where(NoticeRow.key == notice_key(test.id))
    ).one_or_none()
    if mail is not None and mail.given_up_at is not None:
        return LineOutcome.BOUNCED
    is_sent = mail is not None and mail.sent_at is not None
    return LineOutcome.NO_ANSWER if is_sent else LineOutcome.NOT_RUN


def _waiting(session: Session, *which: Any) -> Sequence[Any]:
    statement = (
        select(LineTest, LineTestRound)
        .join(LineTestRound, LineTestRound.id == LineTest.round_id)
        .where(LineTest.outcome.is_(None), LineTest.started_at.is_(None), *which)
        .order_by(LineTest.due_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=LineTest)
    )
    return session.execute(statement).all()


def _line(session: Session, test: LineTest) -> Channel | None:
    """The line to try, by the entry as it is now; None when it can no longer be tried."""
    entry = read_entry(session, test.entry_id)
    if entry is None or entry.status is not EntryStatus.PUBLISHED:
        return None
    if not isinstance(entry.record, ContactPointRecord):
        return None
    return line_to_test(entry.record.channels, test.method)


def _begin(
    uow: UnitOfWork,
    test: LineTest,
    channel: Channel,
    at: dt.datetime,
    until: dt.datetime,
    doer: Doer,
) -> None:
    test.channel_kind, test.channel_value = channel.kind, channel.value
    test.started_at, test.ends_at = at, until
    uow.session.flush()
    change_log.record(uow, _event("line_test.begun", doer, test, at))


def _mail(test: LineTest, minutes: int) -> Notice:
    return Notice(
        kind="line_test",
        key=notice_key(test.id),
        address=test.channel_value,
        params={"entry": test.entry_id, "minutes": minutes, "line_test_link": test.link_id},
    )


# --- a person rings


def begin_call(uow: UnitOfWork, actor: Actor, test_id: int, at: dt.datetime) -> None:
    """'I ring now': names the number, and sends the desk the code to read out, if it has mail.

    Raises ``NotFound``, and ``InvalidState`` when it is not due, or another officer rings.
    """
    require(actor, RUN)
    change_log.lock(uow.session)
    test = _get(uow, test_id)
    if test.method is not LineMethod.TELEPHONE or test.due_at > at:
        raise NotFound("line test", str(test_id))
    _refuse_ended(test, at)
    if test.started_at is not None:
        message = N_("An officer rings this desk already.")
        raise InvalidState(reasons=[Problem("", message)], overtaken=True)
    channel = _line(uow.session, test)
    if channel is None:
        raise InvalidState(reasons=[Problem("", N_("The point has no line to ring any more."))])
    test.noted_by = actor.account_id
    _begin(uow, test, channel, at, at + NOTE_WITHIN, doer_of(actor))
    queue(uow, _code_by_mail(uow.session, test), at)


def _code_by_mail(session: Session, test: LineTest) -> list[Notice]:
    entry = read_entry(session, test.entry_id)
    record = entry.record if entry else None
    channels = record.channels if isinstance(record, ContactPointRecord) else ()
    mailbox = line_to_test(channels, LineMethod.MAIL)
    if mailbox is None:
        return []
    params = {"entry": test.entry_id, "line_test_link": test.link_id}
    return [
        Notice(
            kind="line_test_call",
            key=notice_key(test.id),
            address=mailbox.value,
            params=params,
        )
    ]


def note_call(
    uow: UnitOfWork, actor: Actor, test_id: int, note: CallNote, at: dt.datetime, key: str
) -> int | None:
    """Note how a call ended; None, or how often the code may still be tried when it was wrong.

    A wrong code is counted and not raised, because a refusal would undo the counting. Raises
    ``NotFound``, ``Invalid``, ``InvalidState``.
    """
    require(actor, RUN)
    change_log.lock(uow.session)
    test = _get(uow, test_id)
    _refuse_ended(test, at)
    problems = _note_problems(test, note)
    if problems:
        raise Invalid(problems)
    if note.code and not is_code(note.code, test.link_id, key):
        test.wrong_codes += 1
        change_log.record(uow, _event("line_test.code_refused", doer_of(actor), test, at))
        return MOST_WRONG - test.wrong_codes
    is_answered = note.outcome is LineOutcome.ANSWERED
    if is_answered:
        test.seconds = note.seconds if note.seconds is not None else _seconds(uow, test, at)
        test.language = note.language
        test.proof = LineProof.CODE if note.code else LineProof.WORD
    test.noted_by = actor.account_id
    _end(uow, test, note.outcome, at, doer_of(actor))
    return None


def _note_problems(test: LineTest, note: CallNote) -> list[Problem]:
    found = []
    is_answered = note.outcome is LineOutcome.ANSWERED
    if note.outcome not in NOTED:
        found.append(Problem("outcome", N_("Choose how the call ended.")))
    if test.started_at is None:
        found.append(Problem("", N_("Say first that you ring; the time counts from then.")))
    if is_answered and note.language not in known_languages():
        found.append(Problem("language", N_("Choose the language you were answered in.")))
    if note.code and test.wrong_codes >= MOST_WRONG:
        found.append(Problem("code", N_("Too many wrong codes: the code counts no more.")))
    if test.method is LineMethod.MAIL and is_answered and not note.code:
        found.append(Problem("code", N_("Note the code that the desk read out.")))
    if test.method is LineMethod.MAIL and not is_answered:
        found.append(Problem("outcome", N_("A mail ends by itself when nobody answers it.")))
    if note.seconds is not None and not 0 <= note.seconds <= NOTE_WITHIN.total_seconds():
        found.append(Problem("seconds", N_("Give the seconds until somebody answered.")))
    return found


# --- the desk answers by its link


def answer_by_link(uow: UnitOfWork, token: str, language: str, at: dt.datetime, key: str) -> None:
    """The desk says that it is there; raises ``NotFound``, ``Invalid``, ``InvalidState``."""
    change_log.lock(uow.session)
    link_id = link_of(token, key)
    statement = select(LineTest).where(LineTest.link_id == link_id).with_for_update()
    test = uow.session.scalar(statement) if link_id else None
    if test is None or test.started_at is None or test.method is not LineMethod.MAIL:
        raise NotFound("line test", "")
    _refuse_ended(test, at)
    if language not in known_languages():
        raise Invalid([Problem("language", N_("Choose the language you answer in."))])
    test.seconds = _seconds(uow, test, at)
    test.language, test.proof = language, LineProof.LINK
    _end(uow, test, LineOutcome.ANSWERED, at, Doer(name="holder of a line test link"))


@cache
def known_languages() -> frozenset[str]:
    """The codes of ISO 639 that CLDR has names for."""
    named = (str(code) for code in Locale("en").languages)
    return frozenset(code for code in named if len(code) in _CODE_LENGTHS) - _NO_LANGUAGES


# --- shared


def _get(uow: UnitOfWork, test_id: int) -> LineTest:
    found = uow.session.get(LineTest, test_id, with_for_update=True)
    if found is None:
        raise NotFound("line test", str(test_id))
    return found


def _refuse_ended(test: LineTest, at: dt.datetime) -> None:
    if test.outcome is not None:
        raise InvalidState(reasons=[Problem("", N_("This test has ended."))], overtaken=True)
    if test.ends_at is not None and test.ends_at <= at:
        raise InvalidState(reasons=[Problem("", N_("The time to answer is over."))])


def _seconds(uow: UnitOfWork, test: LineTest, at: dt.datetime) -> int:
    """Since the mail left, or the officer began to ring; a slow mail server is not the desk's."""
    sent = None
    if test.method is LineMethod.MAIL:
        which = NoticeRow.key == notice_key(test.id)
        sent = uow.session.scalar(select(NoticeRow.sent_at).where(which))
    return int((at - (sent or test.started_at or at)).total_seconds())


def _end(
    uow: UnitOfWork,
    test: LineTest,
    outcome: LineOutcome,
    at: dt.datetime,
    doer: Doer = SYSTEM_DOER,
) -> None:
    test.outcome, test.ended_at = outcome, at
    uow.session.flush()
    change_log.record(uow, _event("line_test.ended", doer, test, at))
    if outcome is LineOutcome.NOT_RUN:
        return
    result = LineResult(
        at=at,
        outcome=outcome,
        method=test.method,
        seconds=test.seconds,
        language=test.language,
        office_time=test.office_time,
        proof=test.proof,
    )
    set_line_test(uow, test.entry_id, result)
    if outcome in REPORTED:
        form = ReportForm(kind=REPORTED[outcome], channel=_shown_line(uow.session, test))
        report_failed_test(uow, test.entry_id, form, _reporter(uow.session, test), at)


def _shown_line(session: Session, test: LineTest) -> str:
    """The line, when every reader may see it: reports are shown to all of them."""
    entry = read_entry(session, test.entry_id)
    record = entry.record if entry else None
    if not isinstance(record, ContactPointRecord):
        return ""
    shown = {one.value for one in record.channels if one.audience == "all_readers"}
    return test.channel_value if test.channel_value in shown else ""


def _reporter(session: Session, test: LineTest) -> int:
    """The officer who rang, else the one who began the round."""
    if test.noted_by is not None:
        return test.noted_by
    statement = select(LineTestRound.started_by).where(LineTestRound.id == test.round_id)
    return session.scalars(statement).one()


def _event(action: str, doer: Doer, test: LineTest, at: dt.datetime) -> Event:
    """Without the line itself: it may be meant for few, and the log is for ever."""
    facts = {
        "line_test": test.id,
        "round": test.round_id,
        "method": test.method.value,
        "office_time": test.office_time,
        "outcome": test.outcome.value if test.outcome else None,
        "seconds": test.seconds,
        "language": test.language or None,
        "proof": test.proof.value if test.proof else None,
        "wrong_codes": test.wrong_codes,
    }
    return Event(
        at=at,
        doer=doer,
        action=action,
        subject_kind="entry",
        subject_id=test.entry_id,
        after={name: value for name, value in facts.items() if value is not None},
    )
