"""What is counted of questions: how they were answered, never who asked or in which words."""

from collections.abc import Iterable
from enum import StrEnum

from directory.domain.answer import Answer

#: A smaller number is not shown: it could tell who asked.
LEAST_SHOWN = 5
#: Totals are rounded down to a multiple, or a hidden number could be found by subtraction.
ROUNDED_TO = 10


class Outcome(StrEnum):
    """How a question was answered."""

    #: An authority or contact point for the type asked; for a search, an entry.
    FOUND = "found"
    #: Nobody for the type itself, but somebody for a type near it; for a search, the State alone.
    NEAR = "near"
    #: Nothing on record.
    NOTHING = "nothing"


def outcome_of(answer: Answer) -> Outcome:
    """How the finder answered."""
    if answer.authorities or (answer.question.is_pressing and answer.contact_points):
        return Outcome.FOUND
    return Outcome.NEAR if answer.nearest or answer.contact_points else Outcome.NOTHING


def shown_count(count: int) -> int | None:
    """The count as it may be shown; None where it is too small."""
    return count if count >= LEAST_SHOWN else None


def shown_total(counts: Iterable[int]) -> int:
    """The sum as it may be shown beside its parts, rounded down."""
    return sum(counts) // ROUNDED_TO * ROUNDED_TO


def shown_month(count: int) -> int | None:
    """The questions of one month, rounded as the total is; None for fewer than can be told.

    None says as much of a month without any: that nobody asked is told no more than that few did.
    """
    return shown_total([count]) or None


def percentile(values: Iterable[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of the values do not exceed; None for none."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = max(0, -(-int(share * 100) * len(ordered) // 100) - 1)
    return ordered[min(place, len(ordered) - 1)]


def share(part: int, whole: int) -> int:
    """Percent, rounded down, so that 100 means all of them; 0 of nothing."""
    return 100 * part // whole if whole else 0
