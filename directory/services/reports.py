"""'It did not work': readers say so in one tap, the State or the secretariat answers."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import func, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.contact_texts import unchecked_problems
from directory.domain.events import Event
from directory.domain.lifecycle import ReportKind
from directory.domain.marks import N_
from directory.domain.plain_text import required_problems, text_problems
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem
from directory.models.entry import Entry
from directory.models.proposal import Report
from directory.policy import READ_ENTRY, SYSTEM, Actor, EntryFacts, answers_report, require
from directory.queries.reports import is_by_line_test
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.notices import Notice, queue
from directory.services.publishing import set_open_reports
from directory.services.recipients import focal_points

#: Most characters of a note or an answer.
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What a reader met; ``channel`` is the value of the channel that was tried, or ''."""

    kind: ReportKind
    channel: str = ""
    note: str = ""


def report(uow: UnitOfWork, actor: Actor, entry_id: str, form: ReportForm, at: dt.datetime) -> int:
    """Keep a reader's report and show it on the entry; gives its number.

    Raises ``NotFound``, ``Invalid``, and ``InvalidState`` when the reader said the same already.
    """
    require(actor, "reports:make")
    change_log.lock(uow.session)
    entry = _entry(uow, actor, entry_id, at)
    problems = [*text_problems("note", form.note, LONGEST_NOTE, lines=True)]
    problems += text_problems("channel", form.channel, 320)
    if problems:
        raise Invalid(problems)
    if _stands(uow, actor.account_id, entry_id, form):
        message = N_("You have reported this already; it stands until it is answered.")
        raise InvalidState(reasons=[Problem("", message)])
    return _keep(uow, actor, entry_id, entry, form, actor.account_id, at)


def report_failed_test(
    uow: UnitOfWork, entry_id: str, form: ReportForm, by: int, at: dt.datetime
) -> None:
    """Keep that a line test failed, in the name of the officer ``by`` who ran it.

    What stands already is not said again. The system acts: the test itself decided.
    """
    which = select(Entry.state_code, Entry.revision).where(Entry.id == entry_id)
    entry = uow.session.execute(which).one()
    if not _stands(uow, by, entry_id, form):
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
    points = focal_points(uow.session, entry.state_code, at.date(), by)
    told = (
        _notice("line_test_failed", row, one) if is_test else _notice("report_made", row, one)
        for one in points
    )
    queue(uow, list(told), at)
    return row.id


def _entry(uow: UnitOfWork, actor: Actor, entry_id: str, at: dt.datetime) -> Any:
    columns = (Entry.state_code, Entry.status, Entry.visible_until, Entry.revision)
    found = None
    if entry_id.isprintable():
        statement = select(*columns).where(Entry.id == entry_id).with_for_update()
        found = uow.session.execute(statement).one_or_none()
    if found is None or not READ_ENTRY.allows(actor, cast("EntryFacts", found), at.date()):
        raise NotFound("entry", entry_id)
    return found


def _stands(uow: UnitOfWork, by: int | None, entry_id: str, form: ReportForm) -> bool:
    """Has the same account said the same, and has nobody answered it yet?"""
    same = select(Report.id).where(
        Report.entry_id == entry_id,
        Report.by == by,
        Report.kind == form.kind,
        Report.channel == form.channel.strip(),
        Report.answered_at.is_(None),
    )
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
            _notice("line_test_answered", found, found.by)
            if is_by_line_test(uow.session, found.id)
            else _notice("report_answered", found, found.by)
        )
        queue(uow, [told], at)


def _count(uow: UnitOfWork, entry_id: str) -> None:
    unanswered = (Report.entry_id == entry_id, Report.answered_at.is_(None))
    number = uow.session.scalars(select(func.count(Report.id)).where(*unanswered)).one()
    set_open_reports(uow, entry_id, number)


def _event(action: str, actor: Actor, row: Report, at: dt.datetime) -> Event:
    return Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="entry",
        subject_id=row.entry_id,
        after={"report": row.id, "kind": row.kind.value, "revision": row.revision},
    )


def _notice(kind: str, row: Report, account_id: int) -> Notice:
    return Notice(
        kind=kind,
        key=f"{kind}:{row.id}:{account_id}",
        account_id=account_id,
        params={
            "entry": row.entry_id,
            "report": row.id,
            "report_kind": row.kind.value,
            "text": row.answer or row.note,
        },
    )
