"""Two times of an entry: what was valid on a day, by what was on record at a moment.

*Valid time* is when something was so in the world, *recorded time* when the directory learned it.
The rules:

1. Known at a moment is what was recorded at or before it; nothing recorded later plays a part.
2. What a State dates itself counts by those dates, as last known: from when to when a designation
   holds, and a posting.
3. Everything else (channels, names, status ...) counts from the UTC day on which it was recorded,
   for nobody says since when it was so.
4. The first revision also speaks for the days before it, since it loads what was true already.
5. What a State requires is dated by nobody and often changed: it counts from the day it was
   recorded, or from the day of the oldest source it names.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from directory.domain.record import (
    AuthorityRecord,
    ContactPointRecord,
    Designation,
    LiaisonOfficerRecord,
    Record,
    RequirementsRecord,
    SourceAct,
)
from directory.domain.vocabulary import EntryStatus

#: The records that hold designations.
Designated = AuthorityRecord | ContactPointRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A revision: what it says, and when the directory learned it."""

    number: int
    at: dt.datetime
    status: EntryStatus
    record: Record

    @property
    def day(self) -> dt.date:
        """The UTC day from which it counts."""
        return self.at.astimezone(dt.UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """An entry as it stood on a day, by what was known."""

    #: The revision in force that day.
    revision: Recorded
    #: The last one known, whose dates count.
    latest: Recorded
    #: What ``revision`` says, with the dates that ``latest`` gives.
    record: Record
    #: The day lies before the directory first recorded the entry.
    is_before_record: bool

    @property
    def is_redated(self) -> bool:
        """Did a later revision give dates that change what ``revision`` said itself?"""
        return self.record != self.revision.record


def known_at(revisions: Sequence[Recorded], moment: dt.datetime | None) -> list[Recorded]:
    """The revisions recorded at or before the moment (None: all of them), in their order."""
    return [one for one in revisions if moment is None or one.at <= moment]


def as_of(
    revisions: Sequence[Recorded], on: dt.date | None, known: dt.datetime | None = None
) -> AsOf | None:
    """The entry on ``on`` (None: by its last known revision) as known at ``known`` (None: now).

    ``revisions`` are in the order of their numbers. None when nothing was known yet.
    """
    there = known_at(revisions, known)
    if not there:
        return None
    latest = there[-1]
    if on is None:
        return AsOf(revision=latest, latest=latest, record=latest.record, is_before_record=False)
    begun = [one for one in there if one.day <= on]
    revision = begun[-1] if begun else there[0]
    return AsOf(
        revision=revision,
        latest=latest,
        record=_dated(revision.record, latest.record, latest.number),
        is_before_record=not begun,
    )


def is_required(then: AsOf, on: dt.date) -> bool:
    """Does the record, if it is of requirements, speak for that day? By rule 5."""
    record = then.record
    if not isinstance(record, RequirementsRecord) or not then.is_before_record:
        return True
    return any(day <= on for day in map(_day_of, record.sources) if day)


def _day_of(act: SourceAct) -> dt.date | None:
    """The day of a source act, the last of its year where only that is known."""
    return act.date or (dt.date(act.year, 12, 31) if act.year else None)


def _dated(then: Record, last: Record, number: int) -> Record:
    """What was said then, with the dates that were said last."""
    if then == last:
        return then
    if isinstance(then, LiaisonOfficerRecord) and isinstance(last, LiaisonOfficerRecord):
        return replace(then, posted_from=last.posted_from, posted_to=last.posted_to)
    if isinstance(then, Designated) and isinstance(last, Designated):
        return _designated(then, last, number)
    # What a State requires is not dated by the State itself.
    return then


def _designated(then: Designated, last: Designated, number: int) -> Designated:
    added = list(_dated_later(then.designations, last.designations))
    acts = _acts(then.sources, last.sources, [one.source for one in added], number)
    return replace(
        then,
        designations=(
            *_redated(then.designations, last.designations),
            *(_with_act(one, acts) for one in added),
        ),
        sources=(*then.sources, *(act for act in acts.values() if act not in then.sources)),
    )


def _with_act(one: Designation, acts: Mapping[str, SourceAct]) -> Designation:
    return replace(one, source=acts[one.source].key) if one.source in acts else one


def _redated(then: Sequence[Designation], last: Sequence[Designation]) -> Iterator[Designation]:
    """Those said then; the dates are those said last, where they are still on record."""
    dates = {one.key: one for one in last}
    for one in then:
        newer = dates.get(one.key, one)
        yield replace(
            one,
            valid_from=newer.valid_from,
            valid_to=newer.valid_to,
            superseded_by=newer.superseded_by,
        )


def _dated_later(then: Sequence[Designation], last: Sequence[Designation]) -> Iterator[Designation]:
    """Those recorded later that name the day since when they hold."""
    known = {one.key for one in then}
    return (one for one in last if one.key not in known and one.valid_from)


def _acts(
    then: Sequence[SourceAct], last: Sequence[SourceAct], keys: Sequence[str], number: int
) -> dict[str, SourceAct]:
    """Key in the last revision -> its source act, under another key where that one is taken."""
    taken = {act.key: act for act in then}
    found: dict[str, SourceAct] = {}
    for act in last:
        if act.key in keys:
            is_other = act.key in taken and taken[act.key] != act
            found[act.key] = replace(act, key=f"{act.key}@{number}") if is_other else act
    return found
