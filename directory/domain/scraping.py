"""Patterns of copying in what was looked at: a person at work looks differently from a program.

Pure rules over the look-ups of one account, or of one State's accounts, in a stretch of time. They
find what is hurried or orderly; honest slow copying inside the quotas stays unseen, and
SECURITY.md says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Pattern(StrEnum):
    """What was found."""

    #: Entries one after the other in the order of their identifiers.
    ENTRIES_IN_ORDER = "entries_in_order"
    #: States one after the other in the order of their codes.
    STATES_IN_ORDER = "states_in_order"
    #: Very many States in a day.
    BREADTH = "breadth"
    #: More in an hour than people look up.
    RATE = "rate"
    #: The same entries by several accounts of one State.
    SHARED = "shared"
    #: The day's quota is used up.
    QUOTA = "quota"
    #: Urgent look-ups went on beyond the day's quota.
    BEYOND_QUOTA = "beyond_quota"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From when on it is a pattern; numbers of look-ups, entries or States."""

    entries_in_order: int = 15
    states_in_order: int = 12
    states_a_day: int = 40
    #: Accounts of one State that looked at the same entry, and entries for which that is so.
    accounts_sharing: int = 3
    entries_shared: int = 15


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern with the number that shows it."""

    pattern: Pattern
    number: int


def longest_in_order(keys: Iterable[str]) -> int:
    """Length of the longest run that goes up or down, the same twice in a row counted once."""
    best = up = down = 0
    before: str | None = None
    for key in keys:
        if before is None:
            up = down = 1
        elif key > before:
            up, down = up + 1, 1
        elif key < before:
            up, down = 1, down + 1
        before = key
        best = max(best, up, down)
    return best


def patterns_of_account(looked: Sequence[tuple[str, str]], limits: Thresholds) -> list[Found]:
    """Runs in (entry, State) pairs, in the order in which one account asked for them.

    '' stands where it was not asked for one entry, or for one of a State.
    """
    entries = [entry for entry, _state in looked if entry]
    states = [state for _entry, state in looked if state]
    numbers = (
        (Pattern.ENTRIES_IN_ORDER, longest_in_order(entries), limits.entries_in_order),
        (Pattern.STATES_IN_ORDER, longest_in_order(states), limits.states_in_order),
    )
    return [Found(pattern, number) for pattern, number, least in numbers if number >= least]
