"""Words that are one or two typing errors away from a word."""

from collections import defaultdict
from collections.abc import Container, Iterator
from functools import cached_property, lru_cache

from directory.search.text import LONGEST_WORD

#: Shorter words have too many neighbours ('mla', 'ofj').
SHORTEST_MENDED = 5
#: Longer words are taken as they are: the neighbours of one letter more grow with the length.
LONGEST_MENDED = 30
#: Typing errors in a word that is only proposed ('did you mean').
MOST_ERRORS = 2

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "αβγδεζηθικλμνξοπρστυφχψως",
)


def is_mendable(word: str) -> bool:
    """Is the word long enough for one typing error to be told from another word?"""
    return SHORTEST_MENDED <= len(word) <= min(LONGEST_MENDED, LONGEST_WORD) and word.isalpha()


@lru_cache(maxsize=1024)
def neighbours(word: str) -> frozenset[str]:
    """Every string one insertion, deletion, replacement or swap of neighbours away."""
    letters = next((known for known in _ALPHABETS if word[:1] in known), _ALPHABETS[0])
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    deleted = (left + right[1:] for left, right in splits if right)
    swapped = (left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1)
    replaced = (left + new + right[1:] for left, right in splits if right for new in letters)
    inserted = (left + new + right for left, right in splits for new in letters)
    return frozenset({*deleted, *swapped, *replaced, *inserted} - {word})


def mended(word: str, known: Container[str]) -> list[str]:
    """The known words one typing error away, in alphabetical order; none for short words."""
    if not is_mendable(word):
        return []
    return sorted(near for near in neighbours(word) if near in known)


class Vocabulary(frozenset[str]):
    """The words of an index."""

    def closest(self, word: str) -> str:
        """The word at most two typing errors away with the same first letter, '' without one."""
        if not is_mendable(word):
            return ""
        near = mended(word, self)
        if near:
            return near[0]
        measured = ((distance(word, one), one) for one in self._alike(word))
        return min((pair for pair in measured if pair[0] <= MOST_ERRORS), default=(0, ""))[1]

    @cached_property
    def _by_shape(self) -> dict[tuple[str, int], list[str]]:
        """First letter and length -> words."""
        shapes: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self:
            shapes[word[0], len(word)].append(word)
        return shapes

    def _alike(self, word: str) -> Iterator[str]:
        """Words that may be near enough: same beginning, about the same length and letters."""
        letters = set(word)
        for length in range(len(word) - MOST_ERRORS, len(word) + MOST_ERRORS + 1):
            for one in self._by_shape.get((word[0], length), ()):
                if len(letters.symmetric_difference(one)) <= 2 * MOST_ERRORS:
                    yield one


def distance(first: str, second: str) -> int:
    """Insertions, deletions and replacements that lead from one word to the other."""
    row = list(range(len(second) + 1))
    for number, letter in enumerate(first, start=1):
        above, row[0] = row[0], number
        for at, other in enumerate(second, start=1):
            changed = above if letter == other else 1 + min(above, row[at], row[at - 1])
            above, row[at] = row[at], changed
    return row[-1]
