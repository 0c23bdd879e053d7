"""How far an entry may be trusted to be still true: confirmation apart from change."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from directory.domain.vocabulary import EntryKind, Freshness

#: Days for which a confirmation holds, by kind of entry; a setting may replace the table.
DEFAULT_CYCLES: Mapping[EntryKind, int] = MappingProxyType(
    {
        EntryKind.AUTHORITY: 365,
        EntryKind.CONTACT_POINT: 90,
        EntryKind.LIAISON_OFFICER: 180,
        EntryKind.REQUIREMENTS: 365,
    }
)

#: Days before the end of a cycle from which the confirmation is called due.
NOTICE_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshnessView:
    """``due_on`` is the last day on which the confirmation holds; None when never confirmed."""

    state: Freshness
    confirmed_on: dt.date | None = None
    due_on: dt.date | None = None
    open_reports: int = 0


def freshness_json(view: FreshnessView) -> dict[str, Any]:
    """A freshness in JSON types."""
    return {
        "state": view.state.value,
        "confirmed_on": view.confirmed_on.isoformat() if view.confirmed_on else None,
        "due_on": view.due_on.isoformat() if view.due_on else None,
        "open_reports": view.open_reports,
    }


def freshness(
    kind: EntryKind,
    confirmed_on: dt.date | None,
    today: dt.date,
    open_reports: int = 0,
    cycles: Mapping[EntryKind, int] = DEFAULT_CYCLES,
) -> FreshnessView:
    """The freshness of an entry of that kind on ``today``.

    An open report ('It did not work') outweighs any confirmation until the State answers it.
    """
    due_on = confirmed_on + dt.timedelta(days=cycles[kind]) if confirmed_on else None
    state = Freshness.DISPUTED if open_reports else _by_date(due_on, today)
    return FreshnessView(
        state=state, confirmed_on=confirmed_on, due_on=due_on, open_reports=open_reports
    )


def _by_date(due_on: dt.date | None, today: dt.date) -> Freshness:
    if due_on is None or today > due_on:
        return Freshness.LAPSED
    if today >= due_on - dt.timedelta(days=NOTICE_DAYS):
        return Freshness.DUE
    return Freshness.CONFIRMED
