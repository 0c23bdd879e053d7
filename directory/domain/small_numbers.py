"""Numbers too small to be told: a rate of one or two tests names a desk and proves nothing."""

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")

#: Fewest tests of which a rate is told.
LEAST = 5


def hidden(counts: Mapping[Key, int], least: int = LEAST) -> frozenset[Key]:
    """The keys whose numbers are not told, of parts whose sum is.

    Those below ``least``; and when the rest would give a hidden one away by subtraction (one is
    hidden, or those hidden are together below ``least``), the smallest of the others too.
    """
    small = {key for key, count in counts.items() if 0 < count < least}
    if not small:
        return frozenset()
    rest = sorted(
        (key for key, count in counts.items() if count >= least), key=lambda key: counts[key]
    )
    together = sum(counts[key] for key in small)
    if rest and (len(small) == 1 or together < least):
        small.add(rest[0])
    return frozenset(small)
