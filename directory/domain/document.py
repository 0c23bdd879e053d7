"""The JSON form of an entry, as the API shows it and as it is stored with its revision.

Everything that depends on the day of reading (freshness, reachability) is left out here and added
when it is read.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from directory.domain.record import Record, to_dict
from directory.domain.vocabulary import EntryKind, EntryStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHead:
    """What is known of an entry beside its record."""

    id: str
    kind: EntryKind
    state: str
    status: EntryStatus
    revision: int
    name: str
    synthetic: bool
    conflict: bool
    as_published: str
    changed_at: dt.datetime


def entry_document(head: EntryHead, record: Record) -> dict[str, Any]:
    """The entry in JSON types: its head, then the record's fields under ``record``."""
    return {
        "id": head.id,
        "kind": head.kind.value,
        "state": head.state,
        "status": head.status.value,
        "name": head.name,
        "revision": head.revision,
        "changed_on": head.changed_at.date().isoformat(),
        "synthetic": head.synthetic,
        "conflict": head.conflict,
        "as_published": head.as_published or None,
        "record": to_dict(record),
    }
