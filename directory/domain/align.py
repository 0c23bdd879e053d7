"""Naming the parts of a list so that two versions of it can be compared part by part.

Designations and sources bear keys. Names, addresses, channels and encryption keys do not: a part
keeps its name ('telephone.general') while its exact value stands in both versions, else it takes
over the name of a part of the same sort that has gone, so that a renumbered telephone is one change
and not a removal and an addition.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from directory.domain.record import Plain

#: List field -> what two parts must share to be the same part, and to be of the same sort.
_EXACT: Mapping[str, Callable[[Plain], tuple[Any, ...]]] = {
    "names": lambda part: (part["text"],),
    "addresses": lambda part: (part["text"],),
    "channels": lambda part: (part["kind"], part["value"]),
    "keys": lambda part: (part["fingerprint"],),
    "designations": lambda part: (part["key"],),
    "sources": lambda part: (part["key"],),
}
_SORT: Mapping[str, Callable[[Plain], str]] = {
    "names": lambda part: f"{part.get('form', 'original')}.{part.get('language', '')}".rstrip("."),
    "addresses": lambda part: str(part.get("purpose", "postal")),
    "channels": lambda part: f"{part['kind']}.{part.get('purpose', 'general')}",
    "keys": lambda part: str(part["scheme"]),
}

#: The fields of a record that are lists of parts.
PART_LISTS = frozenset(_EXACT)


def named(field: str, parts: Sequence[Plain]) -> dict[str, Plain]:
    """The parts of one version by name, in their order."""
    return aligned(field, {}, parts)


def aligned(field: str, before: Mapping[str, Plain], parts: Sequence[Plain]) -> dict[str, Plain]:
    """The parts by name, taking over the names of ``before`` where they are the same."""
    names: dict[int, str] = {}
    free = dict(before)
    for match in (_same, _same_sort):
        for position, part in enumerate(parts):
            if position not in names:
                name = match(field, free, part)
                if name is not None:
                    names[position] = name
                    del free[name]
    taken = set(names.values()) | set(before)
    for position, part in enumerate(parts):
        if position not in names:
            names[position] = _new_name(field, part, taken)
            taken.add(names[position])
    return {names[position]: part for position, part in enumerate(parts)}


def _same(field: str, free: Mapping[str, Plain], part: Plain) -> str | None:
    exact = _EXACT[field]
    return next((name for name, other in free.items() if exact(other) == exact(part)), None)


def _same_sort(field: str, free: Mapping[str, Plain], part: Plain) -> str | None:
    sort = _SORT.get(field)
    if sort is None:
        return None
    return next((name for name, other in free.items() if sort(other) == sort(part)), None)


def _new_name(field: str, part: Plain, taken: set[str]) -> str:
    sort = _SORT.get(field)
    stem = sort(part) if sort else str(part["key"])
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}.{number}"
    return name
