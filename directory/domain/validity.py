"""What binds whom on which day: entry into force, its end, and the validity of a designation."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from directory.domain.record import Designation
from directory.domain.reference import Instrument, Participation
from directory.domain.vocabulary import ParticipationStatus

#: In the date of a copy, or in words such as 'late 2025'.
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class BindingStatus(StrEnum):
    """Where a State stands to an instrument on one day."""

    BOUND = "bound"
    #: Nothing on record, which is not 'not a party'.
    NO_RECORD = "no_record"
    SIGNED_ONLY = "signed_only"
    NOT_YET = "not_yet"
    ENDED = "ended"
    #: Bound by the record, which does not say since when; not known for that day.
    UNDATED = "undated"
    #: The treaty itself was not in force.
    TREATY_NOT_IN_FORCE = "treaty_not_in_force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One State, one instrument, one day; ``since`` None while bound is 'date unknown'."""

    state: str
    instrument: Instrument
    status: BindingStatus
    since: dt.date | None = None
    computed: bool = False
    participation: Participation | None = None

    @property
    def is_bound(self) -> bool:
        return self.status is BindingStatus.BOUND


def bind(
    state: str, instrument: Instrument, participation: Participation | None, on: dt.date
) -> Binding:
    """How ``state`` stands to ``instrument`` on ``on`` by what is on record."""
    return Binding(
        state=state,
        instrument=instrument,
        status=_status(instrument, participation, on),
        since=participation.entry_into_force if participation else None,
        computed=bool(participation and participation.computed),
        participation=participation,
    )


def _status(
    instrument: Instrument, participation: Participation | None, on: dt.date
) -> BindingStatus:
    if instrument.entry_into_force is None or on < instrument.entry_into_force:
        return BindingStatus.TREATY_NOT_IN_FORCE
    if participation is None:
        return BindingStatus.NO_RECORD
    if participation.status is ParticipationStatus.SIGNATORY:
        return BindingStatus.SIGNED_ONLY
    if _is_over(participation, on):
        return BindingStatus.ENDED
    # Without a date of entry into force nobody is bound before having signed and consented.
    known = (participation.signature, participation.consent)
    earliest = participation.entry_into_force or max((day for day in known if day), default=on)
    if on < earliest:
        return BindingStatus.NOT_YET
    return (
        BindingStatus.UNDATED if _is_before_the_record(participation, on) else BindingStatus.BOUND
    )


def _is_before_the_record(participation: Participation, on: dt.date) -> bool:
    """Without a date of being bound, the record speaks from the year of its copy on only."""
    if participation.entry_into_force or participation.consent:
        return False
    year = _YEAR.search(participation.source_copy)
    return year is not None and on.year < int(year.group())


def _is_over(participation: Participation, on: dt.date) -> bool:
    if participation.ended is None:
        return participation.status is ParticipationStatus.DENOUNCED
    return on >= participation.ended


def is_valid(designation: Designation, on: dt.date) -> bool:
    """May the designation be relied on that day?"""
    first, last = days_of(designation)
    return (first is None or first <= on) and (last is None or on <= last)


def days_of(designation: Designation) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day on which the designation may be relied on; None is open.

    One that is superseded without a known end: on no day that anybody asks about.
    """
    if designation.valid_to is None and designation.superseded_by:
        return None, dt.date.min
    return designation.valid_from, designation.valid_to
