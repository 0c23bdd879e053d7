"""'It did not work': readers say so in one tap, the State or the secretariat answers."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, func, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.call_backs import record_channels
from directory.domain.contact_texts import unchecked_problems
from directory.domain.events import Event
from directory.domain.lifecycle import ReportKind
from directory.domain.marks import N_
from directory.domain.plain_text import required_problems, text_problems
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem, ReportsUsedUp
from directory.models.entry import Entry
from directory.models.proposal import Report
from directory.policy import (
    READ_ENTRY,
    SYSTEM,
    Actor,
    EntryFacts,
    answers_report,
    require,
    visible,
)
from directory.queries.current import read_entries
from directory.queries.reports import BY_LINE_TEST, is_by_line_test
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.notices import Notice, queue
from directory.services.publishing import set_open_reports
from directory.services.recipients import focal_points

#: Most characters of a note or an answer.
LONGEST_NOTE = 2000
#: Most characters of the value of a line.
LONGEST_CHANNEL = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What a reader met; ``channel`` is the value of the channel that was tried, or ''."""

    kind: ReportKind
    channel: str = ""
    note: str = ""


def report(
    uow: UnitOfWork, actor: Actor, entry_id: str, form: ReportForm, at: dt.datetime, most: int
) -> int:
    """Keep a reader's report and show it on the entry; gives its number.

    ``most`` is how many of the account's reports of a day may wait for an answer; 0 is no limit.
    Raises ``NotFound``, ``Invalid``, ``InvalidState`` when the reader said the same already, and
    ``ReportsUsedUp``.
    """
    require(actor, "reports:make")
    change_log.lock(uow.session)
    entry = _entry(uow, actor, entry_id, at)
    problems = [*text_problems("note", form.note, LONGEST_NOTE, lines=True)]
    problems += text_problems("channel", form.channel, LONGEST_CHANNEL)
    problems += [] if problems else _channel_problems(uow, actor, entry_id, form)
    if problems:
        raise Invalid(problems)
    if _stands(uow, actor.account_id, entry_id, Report.kind == form.kind):
        message = N_("You have reported this already; it stands until it is answered.")
        raise InvalidState(reasons=[Problem("", message)])
    _refuse_too_many(uow, actor, most, at)
    return _keep(uow, actor, entry_id, entry, form, actor.account_id, at)


def _channel_problems(
    uow: UnitOfWork, actor: Actor, entry_id: str, form: ReportForm
) -> list[Problem]:
    """What was tried is a line that this reader sees, and nothing made up: the State answers it."""
    tried = form.channel.strip()
    if not tried:
        return []
    entry = read_entries(uow.session, [entry_id])[entry_id]
    seen = visible(actor, entry.state, entry.record)
    if tried in {one.value for one in record_channels(seen)}:
        return []
    message = N_("%(channel)s is no line of this entry; choose one of its lines, or none.")
    return [Problem("channel", message, {"channel": tried})]


def _refuse_too_many(uow: UnitOfWork, actor: Actor, most: int, at: dt.datetime) -> None:
    """By the account's own reports alone: those of others never close the way to a reader."""
    day = at.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    made = (Report.by == actor.account_id, Report.at >= day, Report.answered_at.is_(None))
    # A failed line test is reported in an officer's name, and is nothing the officer typed.
    waiting = select(func.count(Report.id)).where(*made, ~BY_LINE_TEST)
    if most and uow.session.scalars(waiting).one() >= most:
        message = N_(
            "As many reports of your account as a day allows (%(most)s) wait for an answer. "
            "Nothing was sent; tell the secretariat, or report it tomorrow (UTC)."
        )
        reason = Problem("", message, {"most": most})
        raise ReportsUsedUp(reason, most, day + dt.timedelta(days=1))


def report_failed_test(
    uow: UnitOfWork, entry_id: str, form: ReportForm, by: int, at: dt.datetime
) -> None:
    """Keep that a line test failed, in the name of the officer ``by`` who ran it.

    What stands already is not said again. The system acts: the test itself decided.
    """
    which = select(Entry.state_code, Entry.revision).where(Entry.id == entry_id)
    entry = uow.session.execute(which).one()
    same = (Report.kind == form.kind, Report.channel == form.channel.strip())
    if not _stands(uow, by, entry_id, *same):
        _keep(uow, SYSTEM, entry_id, entry, form, by, at, is_test=True)


def _keep(
    uow: UnitOfWork,
    actor: Actor,
    entry_id: str,
    entry: Any,
    form: ReportForm,
    by: int | None,
    at: dt.datetime,
    *,
    is_test: bool = False,
) -> int:
    row = Report(
        entry_id=entry_id,
        revision=entry.revision,
        kind=form.kind,
        channel=form.channel.strip(),
        note=form.note.strip(),
        at=at,
        by=by,
        by_state=actor.state,
        answer="",
    )
    uow.session.add(row)
    uow.session.flush()
    _count(uow, entry_id)
    change_log.record(uow, _event("report.made", actor, row, at))
    _tell_focal_points(uow, entry.state_code, row, at, is_test=is_test)
    return row.id


def _tell_focal_points(
    uow: UnitOfWork, state: str, row: Report, at: dt.datetime, *, is_test: bool
) -> None:
    """Tell the State's focal points, of readers' reports on one entry once a day.

    They find the further ones at their desk; many reports are no way to fill their mailboxes.
    """
    points = focal_points(uow.session, state, at.date(), row.by)
    if is_test:
        told = [_notice("line_test_failed", row, one, f"{row.id}") for one in points]
    else:
        first = select(func.min(Report.id), func.min(Report.at)).where(*_unanswered(row.entry_id))
        number, since = uow.session.execute(first).one()
        # What was told before by its key is left alone.
        about = f"{number}:{(at - since).days}"
        told = [_notice("report_made", row, one, about) for one in points]
    queue(uow, told, at)


def _entry(uow: UnitOfWork, actor: Actor, entry_id: str, at: dt.datetime) -> Any:
    columns = (Entry.state_code, Entry.status, Entry.visible_until, Entry.revision)
    found = None
    if entry_id.isprintable():
        statement = select(*columns).where(Entry.id == entry_id).with_for_update()
        found = uow.session.execute(statement).one_or_none()
    if found is None or not READ_ENTRY.allows(actor, cast("EntryFacts", found), at.date()):
        raise NotFound("entry", entry_id)
    return found


def _stands(uow: UnitOfWork, by: int | None, entry_id: str, *alike: ColumnElement[bool]) -> bool:
    """Has the same account said something like it, and has nobody answered it yet?"""
    same = select(Report.id).where(*_unanswered(entry_id), Report.by == by, *alike)
    return uow.session.scalars(same.limit(1)).first() is not None


def answer(uow: UnitOfWork, actor: Actor, report_id: int, at: dt.datetime, text: str) -> None:
    """Answer a report: a focal point of the entry's State, or an officer."""
    require(actor, "reports:answer")
    change_log.lock(uow.session)
    found = uow.session.get(Report, report_id, with_for_update=True)
    if found is None:
        raise NotFound("report", str(report_id))
    state = uow.session.scalars(select(Entry.state_code).where(Entry.id == found.entry_id)).one()
    if not answers_report(actor, state):
        raise Denied("reports:answer")
    problems = required_problems("text", text, LONGEST_NOTE) + unchecked_problems("text", text)
    if problems:
        raise Invalid(problems)
    if found.answered_at is not None:
        message = N_("This report has been answered already.")
        raise InvalidState(reasons=[Problem("", message)], overtaken=True)
    found.answered_at, found.answered_by, found.answer = at, actor.account_id, text.strip()
    uow.session.flush()
    _count(uow, found.entry_id)
    change_log.record(uow, _event("report.answered", actor, found, at))
    if found.by != actor.account_id:
        told = (
            _notice("line_test_answered", found, found.by, f"{found.id}")
            if is_by_line_test(uow.session, found.id)
            else _notice("report_answered", found, found.by, f"{found.id}")
        )
        queue(uow, [told], at)


def _count(uow: UnitOfWork, entry_id: str) -> None:
    waiting = select(func.count(Report.id)).where(*_unanswered(entry_id))
    set_open_reports(uow, entry_id, uow.session.scalars(waiting).one())


def _unanswered(entry_id: str) -> tuple[ColumnElement[bool], ...]:
    return (Report.entry_id == entry_id, Report.answered_at.is_(None))


def _event(action: str, actor: Actor, row: Report, at: dt.datetime) -> Event:
    return Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="entry",
        subject_id=row.entry_id,
        after={"report": row.id, "kind": row.kind.value, "revision": row.revision},
    )


def _notice(kind: str, row: Report, account_id: int, about: str) -> Notice:
    return Notice(
        kind=kind,
        key=f"{kind}:{about}:{account_id}",
        account_id=account_id,
        params={
            "entry": row.entry_id,
            "report": row.id,
            "report_kind": row.kind.value,
            "text": row.answer or row.note,
        },
    )
