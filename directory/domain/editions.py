"""Printed editions of the directory: how far one is, and what changed since an earlier one."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EditionState(StrEnum):
    """How far an edition is."""

    #: Asked for; the worker takes it next.
    WAITING = "waiting"
    #: Entries are read and set.
    SETTING = "setting"
    #: Indexes are set and the parts bound to one file.
    BINDING = "binding"
    MADE = "made"
    FAILED = "failed"


#: While it is being made.
UNDER_WAY = frozenset({EditionState.SETTING, EditionState.BINDING})


class Change(StrEnum):
    """What became of an entry since an earlier edition."""

    NEW = "new"
    CHANGED = "changed"


#: Entry -> its State and revision, as an edition holds it.
Contents = Mapping[str, tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFacts:
    """What an edition is: its number and day, what it is compared with, what it vouches for."""

    number: int
    on: dt.date
    #: Entries it will hold, as counted at the beginning.
    entries: int
    #: Number and contents of the earlier edition; None and empty where there is none.
    since: int | None = None
    before: Contents = field(default_factory=dict)
    #: Checkpoint of the change log; 0 and '' before the first.
    log_size: int = 0
    log_root: str = ""


def change_of(facts: EditionFacts, entry: str, revision: int) -> Change | None:
    """What became of an entry since the earlier edition; None where it is as it was."""
    if facts.since is None:
        return None
    if entry not in facts.before:
        return Change.NEW
    return Change.CHANGED if facts.before[entry][1] != revision else None


def gone_since(facts: EditionFacts, now: Contents) -> tuple[str, ...]:
    """Entries of the earlier edition that are no longer in this one, in the order of codes."""
    return tuple(sorted(facts.before.keys() - now.keys()))
