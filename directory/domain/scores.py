"""How fresh and how complete a State's entries are: two shares in per cent, by a plain rule.

Freshness: the entries confirmed within their cycle and not reported as wrong, of all entries.
Quality: the mean of four shares of its authorities and contact points: a telephone without a
warning, an e-mail or secure platform, opening hours, sources that do not contradict one another.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFacts:
    """Counts over a State's published entries; ``offices`` are authorities and contact points."""

    state: str
    entries: int
    #: Confirmed, the cycle not over, no report open.
    current: int
    offices: int
    with_telephone: int
    with_mail: int
    with_hours: int
    without_conflict: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Whole per cent, from 0 to 100; None where there is nothing to judge."""

    freshness: int | None
    quality: int | None


def score(facts: StateFacts) -> Score:
    """The two shares of one State."""
    parts = (facts.with_telephone, facts.with_mail, facts.with_hours, facts.without_conflict)
    return Score(
        freshness=_share(facts.current, facts.entries),
        quality=_share(sum(parts), len(parts) * facts.offices),
    )


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
