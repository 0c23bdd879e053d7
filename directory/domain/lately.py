"""What a reader is told of an entry beside its record: what changed lately, what is only reported.

A routing-critical change is told for sixty days; a channel of the emergency
lane is shown beside the old ones while its proposal stands, never instead of them.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from directory.domain.diff import Difference, diff
from directory.domain.record import Channel, Record

#: How long readers are told of a routing-critical change.
TOLD_FOR = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class RecentChange:
    """What one revision changed of what decides where requests go."""

    on: dt.date
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedChannel:
    """Reported by its State and not confirmed; shown beside the old channels, never instead."""

    channel: Channel
    since: dt.datetime
    proposal_id: str


def told_until(changes: Iterable[RecentChange], at: dt.datetime) -> dt.datetime:
    """Until when at least what is told at ``at`` goes on being told; the days are those of UTC."""
    days = [one.on for one in changes]
    if not days:
        return at + TOLD_FOR
    return dt.datetime.combine(min(days), dt.time(), dt.UTC) + TOLD_FOR


def may_be_told(revision: int, changed_at: dt.datetime, at: dt.datetime) -> bool:
    """Can the entry have a change to tell of? The first revision of an entry changes nothing."""
    return revision > 1 and at - changed_at <= TOLD_FOR


def told_changes(
    revisions: Iterable[tuple[dt.datetime, Record]], at: dt.datetime
) -> tuple[RecentChange, ...]:
    """The routing-critical changes told at ``at``, newest first, as are the revisions given."""
    found = []
    for (recorded_at, record), (_earlier, before) in pairwise(revisions):
        critical = tuple(one for one in diff(before, record) if one.is_critical)
        if critical and at - recorded_at <= TOLD_FOR:
            found.append(RecentChange(recorded_at.date(), critical))
    return tuple(found)
