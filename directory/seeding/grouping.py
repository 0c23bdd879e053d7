"""Which rows name the same authority.

Rows of one State belong together when their names say the same, in the original language or in
English, after folding what sources print differently: case, accents, word order, 'of the', the
State's own name, the source's remarks in brackets. A unit named in one row and not in the other
makes two authorities: a reader must not be sent to the wrong desk. Rows for different territories
stay apart, and so do rows of one body in different cities for different kinds of help (a national
crime agency's financial intelligence unit in one city, its police desk in another). Where a person
found that different names mean one authority, ``same_authority.csv`` says so, with the reason.
"""

import re
from collections.abc import Iterable, Sequence

from anyascii import anyascii

from directory.seeding.places import Places, words
from directory.seeding.rows import DesignationRow

_BRACKETS = re.compile(r"\([^)]*\)")
_SEGMENTS = re.compile(r",| - | / |;")
#: Words that sources add or leave out without meaning another body.
_FILLERS = words(
    "a and d de del der die for het in l la le of on s the to office secretary royal government "
    "kingdom republic principality grand duchy federation people state"
)

NameKey = frozenset[frozenset[str]]


def name_key(name: str, state_words: frozenset[str]) -> NameKey:
    """The parts of a name as sets of meaningful words; empty when nothing is left."""
    plain = anyascii(_BRACKETS.sub("", name)).casefold()
    parts = (words(part) - _FILLERS - state_words for part in _SEGMENTS.split(plain))
    return frozenset(part for part in parts if part)


def group(
    rows: Sequence[DesignationRow], same: Iterable[tuple[str, str]], places: Places
) -> list[list[DesignationRow]]:
    """The rows of each authority, groups and rows in the order of ``rows``."""
    leader = {row.id: row.id for row in rows}

    def find(row_id: str) -> str:
        while leader[row_id] != row_id:
            row_id = leader[row_id]
        return row_id

    for first, second in _pairs(rows, places):
        leader[find(second)] = find(first)
    for first, second in same:
        if first in leader and second in leader:
            leader[find(second)] = find(first)
    groups: dict[str, list[DesignationRow]] = {}
    for row in rows:
        groups.setdefault(find(row.id), []).append(row)
    return list(groups.values())


def _pairs(rows: Sequence[DesignationRow], places: Places) -> Iterable[tuple[str, str]]:
    """Rows that name the same authority, each with an earlier one."""
    by_state: dict[str, list[DesignationRow]] = {}
    for row in rows:
        earlier = by_state.setdefault(row.state, [])
        for other in earlier:
            if _same_name(row, other, places) and _same_place(row, other, places):
                yield other.id, row.id
        earlier.append(row)


def _same_name(one: DesignationRow, other: DesignationRow, places: Places) -> bool:
    own = places.state_words(one.state)
    english = name_key(one.name_en, own)
    if english and english == name_key(other.name_en, own):
        return True
    original = name_key(one.name_original, own)
    return bool(original) and original == name_key(other.name_original, own)


def _same_place(one: DesignationRow, other: DesignationRow, places: Places) -> bool:
    here, there = set(places.territories(one)), set(places.territories(other))
    if here and there and here.isdisjoint(there):
        return False
    cities = {places.city(one.state, one.address), places.city(one.state, other.address)} - {""}
    return len(cities) < 2 or not set(one.types).isdisjoint(other.types)
