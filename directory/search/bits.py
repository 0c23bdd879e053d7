"""Sets of document numbers as whole numbers, and sums of weights over such sets.

Bit n of a set is document n. A sum keeps one set for each binary digit of the scores (a bit-sliced
index, O'Neil and Quass 1997), so that thousands of documents are scored by a handful of operations
on long integers instead of one by one.
"""

from collections.abc import Iterable, Iterator


def from_numbers(numbers: Iterable[int], size: int) -> int:
    """The set of these document numbers, each below ``size``."""
    octets = bytearray((size >> 3) + 1)
    for number in numbers:
        octets[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(octets, "little")


def numbers(members: int) -> Iterator[int]:
    """The document numbers of a set, lowest first."""
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest


class Scores:
    """A score for each document, raised by ``add`` for a whole set at once."""

    def __init__(self) -> None:
        self._digits: list[int] = []

    def add(self, members: int, weight: int) -> None:
        """Raise the score of every member by ``weight``, a whole number not below 0."""
        if not members:
            return
        for position in range(weight.bit_length()):
            if weight >> position & 1:
                self._carry(members, position)

    def _carry(self, members: int, position: int) -> None:
        while members:
            if position >= len(self._digits):
                self._digits.extend([0] * (position - len(self._digits) + 1))
            digit = self._digits[position]
            self._digits[position] = digit ^ members
            members &= digit
            position += 1

    def best(self, among: int) -> Iterator[int]:
        """Document numbers of ``among``, highest score first, then lowest number."""
        #: Those still to come, and how many binary digits they are not yet told apart by.
        later = [(among, len(self._digits))]
        while later:
            equals, digits = later.pop()
            while digits and equals:
                digits -= 1
                high = equals & self._digits[digits]
                if high != equals:
                    later.append((equals ^ high, digits))
                equals = high
            yield from numbers(equals)
