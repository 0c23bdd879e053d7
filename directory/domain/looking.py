"""Looking: what is kept of a look-up, and how much of it an account or a State may do.

A *look-up* is one answer that shows how to reach an office: a page, an answer of the finder, a
file. Hours and days are those of UTC, so that everybody can say when a quota opens again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Way(StrEnum):
    """By which way somebody looked."""

    #: The page of an entry.
    PAGE = "page"
    #: The entry for programs.
    API = "api"
    #: The counterpart finder, page or program.
    FINDER = "finder"
    #: A search; it shows names, never numbers.
    SEARCH = "search"
    #: A file of entries.
    EXPORT = "export"
    #: A sealed extract.
    EXTRACT = "extract"
    #: The past of an entry.
    HISTORY = "history"
    #: Forms and proposals, where a State and the secretariat work on an entry.
    DESK = "desk"
    #: A line that is shown on a stated reason only.
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry that was looked at, and its State."""

    entry: str
    state: str


#: What is seen in a search: names, and nobody's contact.
NOBODY = Seen("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Who looked at what; ``counts`` is False where it is not held against a quota."""

    at: dt.datetime
    account_id: int | None
    #: State of the account; '' for the secretariat.
    state: str
    way: Way
    seen: tuple[Seen, ...]
    #: A program asked, with a token.
    program: bool = False
    counts: bool = True
    #: As how many it is held against the quota: a file is as many as there are entries in it.
    held: int = 1
    #: It was beyond the day's quota, and open because it was urgent.
    beyond: bool = False


#: Whose look-ups are counted, and in which stretch of time: ('account:12', '2026-11-24T05').
Counter = tuple[str, str]


@lru_cache(maxsize=64)
def hour_of(at: dt.datetime) -> str:
    """The hour, as it is counted; each request asks for that of its moment several times."""
    return at.astimezone(dt.UTC).isoformat()[:13]


def day_of(at: dt.datetime) -> str:
    """The day, as it is counted."""
    return hour_of(at)[:10]


def account_subject(account_id: int) -> str:
    """What an account is counted under."""
    return f"account:{account_id}"


def state_subject(state: str) -> str:
    """What a State's accounts are counted under together."""
    return f"state:{state}"


def counters(account_id: int, state: str, at: dt.datetime) -> tuple[Counter, ...]:
    """Everything one look-up is counted in."""
    subjects = [account_subject(account_id), *([state_subject(state)] if state else [])]
    windows = (hour_of(at), day_of(at))
    return tuple((subject, window) for subject in subjects for window in windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Look-ups an hour from which on a notice is shown, and a day after which it ends; 0 is none.

    Those of a State are for all its accounts together.
    """

    soft_hourly: int
    hard_daily: int
    state_soft_hourly: int
    state_hard_daily: int


class Standing(StrEnum):
    """How an account stands to the quotas."""

    OPEN = "open"
    #: Above what is usual in an hour: told so, and nothing else.
    SOFT = "soft"
    #: The day's look-ups are used up: only what is urgent goes on.
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Use:
    """How an account stands, by its own count or by that of its ``whose`` ('account', 'state')."""

    standing: Standing
    whose: str = ""
    views: int = 0
    limit: int = 0


def use_of(
    counts: Mapping[Counter, int], account_id: int, state: str, at: dt.datetime, limits: Limits
) -> Use:
    """How the account stands after what was counted; the hard quotas come first."""
    whose = (
        ("account", account_subject(account_id), limits.hard_daily, limits.soft_hourly),
        ("state", state_subject(state), limits.state_hard_daily, limits.state_soft_hourly),
    )
    hour, day = hour_of(at), day_of(at)
    for name, subject, hard, _soft in whose:
        views = counts.get((subject, day), 0)
        if hard and views >= hard:
            return Use(Standing.HARD, name, views, hard)
    for name, subject, _hard, soft in whose:
        views = counts.get((subject, hour), 0)
        if soft and views >= soft:
            return Use(Standing.SOFT, name, views, soft)
    return Use(Standing.OPEN)


def room_left(
    counts: Mapping[Counter, int], account_id: int, state: str, at: dt.datetime, limits: Limits
) -> int | None:
    """Look-ups that are left today, by the narrower of the two hard quotas; None without one."""
    day = day_of(at)
    quotas = (
        (account_subject(account_id), limits.hard_daily),
        (state_subject(state), limits.state_hard_daily),
    )
    left = [hard - counts.get((subject, day), 0) for subject, hard in quotas if hard]
    return max(0, min(left)) if left else None


def opens_again(use: Use, at: dt.datetime) -> dt.datetime:
    """When the quota that was met begins anew: the next hour, or the next day."""
    hour = at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    if use.standing is Standing.HARD:
        return hour.replace(hour=0) + dt.timedelta(days=1)
    return hour + dt.timedelta(hours=1)
