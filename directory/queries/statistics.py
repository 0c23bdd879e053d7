"""The directory in numbers: of all States for the secretariat, of one for its focal point.

Nothing here names a person or an account. Numbers of questions that could tell who asked are left
out (``domain.asking``).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import Session

from directory.domain.asking import (
    Outcome,
    percentile,
    share,
    shown_count,
    shown_month,
    shown_total,
)
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import DECIDED
from directory.domain.vocabulary import EntryStatus
from directory.models.entry import Entry
from directory.models.proposal import EntryConfirmation, Proposal, Report
from directory.models.reference import State
from directory.models.watching import QuestionCount
from directory.policy import Actor, require

AnyRow = Any
#: Rows of a table of what was not found; the rarest are left out.
MOST_LINES = 30
#: Months shown, the present one among them.
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """Questions about one State and kind of help: how many, and how many found nobody.

    A number that is too small to be shown is None.
    """

    state: str
    type: str
    asked: int | None
    not_found: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What was asked: by month, and what was not found, most first.

    ``hidden`` lines are too small to be shown; totals are rounded down, months too, and a month
    that is too small to be shown is None.
    """

    by_month: Mapping[dt.date, int | None]
    total: int
    not_found: int
    lines: tuple[AskedLine, ...]
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Hours from submission to decision: how many decisions, the middle one, nine in ten."""

    decided: int
    median: float | None
    most: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Entries, and those whose confirmation still holds."""

    entries: int
    confirmed: int

    @property
    def percent(self) -> int:
        return share(self.confirmed, self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Everything on the page; ``own`` is the State they are about, '' for all."""

    own: str
    months: tuple[dt.date, ...]
    questions: Questions
    waits: Mapping[FieldClass, Wait]
    waits_by_month: Mapping[dt.date, Wait]
    rates: Mapping[str, Rate]
    total_rate: Rate
    confirmations: Mapping[dt.date, int]
    reports: Mapping[dt.date, int]
    open_reports: int


def get_statistics(actor: Actor, session: Session, today: dt.date) -> Statistics:
    """The numbers of the last twelve months; seven statements.

    The secretariat sees every State, a focal point the own one: what others ask of it and do not
    find, how long its proposals take, how many of its entries are confirmed, what was reported.
    """
    require(actor, "statistics:read")
    own = "" if actor.is_secretariat else actor.state
    months = last_months(today)
    rates = _rates(session, own, today)
    return Statistics(
        own=own,
        months=months,
        questions=_questions(session, own, months),
        waits=_waits(session, own, months[0], lambda row: row.field_class),
        waits_by_month=_waits(session, own, months[0], lambda row: _month(row.decided_at)),
        rates=rates,
        total_rate=Rate(
            entries=sum(one.entries for one in rates.values()),
            confirmed=sum(one.confirmed for one in rates.values()),
        ),
        confirmations=_by_month(session, own, months, EntryConfirmation),
        reports=_by_month(session, own, months, Report),
        open_reports=_open_reports(session, own),
    )


def last_months(today: dt.date) -> tuple[dt.date, ...]:
    """The first days of the last months, this one last."""
    place = today.year * 12 + today.month - 1
    return tuple(dt.date(at // 12, at % 12 + 1, 1) for at in range(place - MONTHS + 1, place + 1))


def _month(at: dt.datetime) -> dt.date:
    return at.date().replace(day=1)


def _of_state(column: Any, own: str) -> ColumnElement[bool]:
    return column == own if own else true()


def _questions(session: Session, own: str, months: Sequence[dt.date]) -> Questions:
    rows = session.execute(
        select(
            QuestionCount.month,
            QuestionCount.state_code,
            QuestionCount.cooperation_type,
            QuestionCount.outcome,
            QuestionCount.asked,
        ).where(QuestionCount.month >= months[0], _of_state(QuestionCount.state_code, own))
    ).all()
    by_month = dict.fromkeys(months, 0)
    asked: dict[tuple[str, str], int] = defaultdict(int)
    missed: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        by_month[row.month] = by_month.get(row.month, 0) + row.asked
        key = (row.state_code, row.cooperation_type)
        asked[key] += row.asked
        missed[key] += row.asked if _is_missed(row) else 0
    ranked = sorted((key for key in missed if missed[key]), key=lambda key: (-missed[key], key))
    lines = [_asked_line(key, asked[key], missed[key]) for key in ranked]
    shown = [line for line in lines if line.not_found is not None]
    return Questions(
        by_month={month: shown_month(count) for month, count in by_month.items()},
        total=shown_total(asked.values()),
        not_found=shown_total(missed.values()),
        lines=tuple(shown[:MOST_LINES]),
        hidden=len(lines) - len(shown),
    )


def _is_missed(row: AnyRow) -> bool:
    """The finder names nobody for the type; a search finds nothing, or the State alone."""
    return bool(row.outcome is not Outcome.FOUND)


def _asked_line(key: tuple[str, str], asked: int, missed: int) -> AskedLine:
    # Beside a small number of found ones the two would tell it.
    shown_missed = shown_count(missed)
    found = asked - missed
    shown_asked = asked if shown_missed is not None and (not found or shown_count(found)) else None
    return AskedLine(state=key[0], type=key[1], asked=shown_asked, not_found=shown_missed)


def _waits(session: Session, own: str, since: dt.date, key: Any) -> dict[Any, Wait]:
    rows = session.execute(
        select(Proposal.field_class, Proposal.submitted_at, Proposal.decided_at).where(
            Proposal.state.in_(sorted(DECIDED)),
            Proposal.submitted_at.is_not(None),
            Proposal.decided_at >= dt.datetime.combine(since, dt.time(), dt.UTC),
            _of_state(Proposal.state_code, own),
        )
    )
    hours: dict[Any, list[float]] = defaultdict(list)
    for row in rows:
        hours[key(row)].append((row.decided_at - row.submitted_at).total_seconds() / 3600)
    return {name: _wait(found) for name, found in sorted(hours.items())}


def _wait(hours: Sequence[float]) -> Wait:
    return Wait(decided=len(hours), median=percentile(hours, 0.5), most=percentile(hours, 0.9))


def _rates(session: Session, own: str, today: dt.date) -> dict[str, Rate]:
    """Regional group -> its entries and those confirmed; for one State its own group."""
    holds = case((Entry.due_on >= today, 1), else_=0)
    rows = session.execute(
        select(State.regional_group, func.count(Entry.id), func.sum(holds))
        .join(State, State.code == Entry.state_code)
        .where(
            Entry.status != EntryStatus.RETIRED,
            Entry.synthetic.is_(False),
            _of_state(Entry.state_code, own),
        )
        .group_by(State.regional_group)
        .order_by(State.regional_group)
    )
    return {
        group: Rate(entries=entries, confirmed=int(confirmed)) for group, entries, confirmed in rows
    }


def _by_month(
    session: Session, own: str, months: Sequence[dt.date], table: type[EntryConfirmation | Report]
) -> dict[dt.date, int]:
    since = dt.datetime.combine(months[0], dt.time(), dt.UTC)
    moments: Iterable[dt.datetime] = session.scalars(
        select(table.at)
        .join(Entry, Entry.id == table.entry_id)
        .where(table.at >= since, _of_state(Entry.state_code, own))
    )
    found = dict.fromkeys(months, 0)
    for at in moments:
        found[_month(at)] = found.get(_month(at), 0) + 1
    return found


def _open_reports(session: Session, own: str) -> int:
    counted = select(func.coalesce(func.sum(Entry.open_reports), 0))
    return int(session.scalar(counted.where(_of_state(Entry.state_code, own))) or 0)
