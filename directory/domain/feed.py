"""The feed of changes: what happened to an entry, and the cursor at which a copy goes on.

The order is that of the change log, whose sequence numbers are given one after the other by whoever
commits. So a cursor that names a number stands behind everything that was told, and before
everything that was not, whoever publishes meanwhile.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from directory.domain.events import Plain
from directory.domain.vocabulary import EntryStatus


class What(StrEnum):
    """What happened to an entry last."""

    PUBLISHED = "published"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    SUSPENDED = "suspended"
    RESTORED = "restored"
    RETIRED = "retired"
    #: Somebody said that it did not work, or that was answered: the freshness is another one.
    REPORTED = "reported"
    #: The posting of an officer is over.
    HIDDEN = "hidden"
    #: What was about a person is gone; erase it in every copy.
    ERASED = "erased"


#: Actions of the change log after which an entry is told again.
ENTRY_ACTIONS = ("entry.published", "entry.confirmed", "report.made", "report.answered")
#: And the one whose subject is the person that an entry is about.
ERASURE = "person.erased"

_BY_ACTION = {
    "entry.confirmed": What.CONFIRMED,
    "report.made": What.REPORTED,
    "report.answered": What.REPORTED,
    ERASURE: What.ERASED,
}
_BY_STATUS = {EntryStatus.SUSPENDED: What.SUSPENDED, EntryStatus.RETIRED: What.RETIRED}


def what_happened(action: str, before: Plain | None, after: Plain | None) -> What:
    """The word for an event of the change log."""
    if action in _BY_ACTION:
        return _BY_ACTION[action]
    if before is None or after is None:
        return What.PUBLISHED
    old, new = EntryStatus(before["status"]), EntryStatus(after["status"])
    if old is new:
        return What.CHANGED
    return _BY_STATUS.get(new, What.RESTORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a copy stands in the feed."""

    #: Everything up to this number of the change log is told.
    sequence: int
    #: The log's end when the copy was begun: what was gone by then was never in it.
    begun: int
    #: The day on which it was last asked; postings that ended since are told.
    day: dt.date
    #: Of what its reader may see; see ``view_mark``.
    view: str


_PLACE = re.compile(r"(\d{1,15})\.(\d{1,15})\.(\d{4}-\d{2}-\d{2})\.([0-9a-f]{12})", re.ASCII)


def write_place(place: Place) -> str:
    """The place as a cursor, ASCII."""
    return f"{place.sequence}.{place.begun}.{place.day.isoformat()}.{place.view}"


def read_place(cursor: str) -> Place | None:
    """The place of a cursor; None for a text that is none."""
    found = _PLACE.fullmatch(cursor)
    if found is None:
        return None
    try:
        day = dt.date.fromisoformat(found[3])
    except ValueError:
        return None
    return Place(sequence=int(found[1]), begun=int(found[2]), day=day, view=found[4])


def view_mark(state: str, roles: Iterable[str], types: Iterable[str]) -> str:
    """A short mark of what an account may see: another one means that the copy holds too much or
    too little, and has to be made anew."""
    told = "|".join((state, ",".join(sorted(roles)), ",".join(sorted(types))))
    return hashlib.sha256(told.encode()).hexdigest()[:12]
