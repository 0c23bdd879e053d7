"""Where the sources of one record contradict one another, for the secretariat to settle."""

from collections.abc import Iterable
from dataclasses import dataclass

from directory.domain.record import AuthorityRecord, ContactPointRecord, Record


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources give different values for one field ('address.postal', 'telephone', ...)."""

    field: str
    #: Source key -> the values it gives, in the order of the record (newest source first).
    values: dict[str, tuple[str, ...]]


def conflicts(record: Record) -> tuple[Conflict, ...]:
    """The fields for which one source gives nothing that another one gives."""
    if not isinstance(record, AuthorityRecord | ContactPointRecord):
        return ()
    given: dict[str, dict[str, list[str]]] = {}
    for field, source, value in _sourced_values(record):
        given.setdefault(field, {}).setdefault(source, []).append(value)
    found = (
        Conflict(field, {source: tuple(values) for source, values in by_source.items()})
        for field, by_source in given.items()
    )
    return tuple(conflict for conflict in found if _contradicts(conflict.values.values()))


def _sourced_values(
    record: AuthorityRecord | ContactPointRecord,
) -> Iterable[tuple[str, str, str]]:
    for address in record.addresses:
        if address.source:
            yield f"address.{address.purpose}", address.source, address.text
    for channel in record.channels:
        if channel.source:
            yield channel.kind.value, channel.source, channel.value


def _contradicts(values: Iterable[tuple[str, ...]]) -> bool:
    """Is there a pair of sources that share no value?"""
    sets = [set(one) for one in values]
    return any(
        first.isdisjoint(second)
        for position, first in enumerate(sets)
        for second in sets[position + 1 :]
    )
