"""Whom to try at this moment, one after another: who is there now, else who answers at night.

The order is that of the moment asked for, not of the law: a designated office that is open; a 24/7
point; a designated office on a day that is probably a holiday there; an urgent or night line of a
closed office; an office whose hours nobody knows; a closed office. INTERPOL comes after all of
them, and the diplomatic channel stays open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from directory.domain.answer import ContactLine, Source, UrgentPart, UrgentStep
from directory.domain.hours import ReachHint, ReachState
from directory.domain.reasons import Reason
from directory.domain.record import Channel, ContactPointRecord, RequirementsRecord
from directory.domain.vocabulary import ChannelKind, ChannelPurpose

_VOICE = frozenset({ChannelKind.TELEPHONE, ChannelKind.MOBILE})
#: Written ways that arrive at once.
_SWIFT = frozenset(
    {ChannelKind.EMAIL, ChannelKind.SECURE_PLATFORM, ChannelKind.WEB_FORM, ChannelKind.FAX}
)
_AT_NIGHT = frozenset({ChannelPurpose.URGENT, ChannelPurpose.OUT_OF_HOURS})
#: By day an urgent line goes first, and the night's last.
_BY_DAY = (ChannelPurpose.URGENT, ChannelPurpose.GENERAL, ChannelPurpose.OUT_OF_HOURS)


class Place(IntEnum):
    """A contact's place in the order, and what is said of it."""

    OPEN_NOW = 0
    CALL_POINT = 1
    OPEN_ON_HOLIDAY = 2
    URGENT_CHANNEL = 3
    HOURS_UNKNOWN = 4
    CLOSED_NOW = 5

    @property
    def code(self) -> str:
        """The code of the reason."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """The contacts of an answer, each list best first."""

    points: tuple[ContactLine, ...] = ()
    authorities: tuple[ContactLine, ...] = ()
    #: Authorities for a neighbouring type; tried after those for the type itself.
    nearest: tuple[ContactLine, ...] = ()

    @property
    def all(self) -> tuple[ContactLine, ...]:
        return (*self.points, *self.authorities, *self.nearest)


def escalation(contacts: Contacts) -> Iterator[UrgentStep]:
    """The contacts that can be tried, in the order of this moment, each with its lines."""
    placed = [(place_of(line), line in contacts.nearest, line) for line in contacts.all]
    for place, _is_nearest, line in sorted(placed, key=lambda one: one[:2]):
        channels = lines_now(line, place)
        if channels:
            yield UrgentStep(
                part=UrgentPart.CALL,
                reason=_reason(line, place),
                entry=line.candidate.id,
                channels=channels,
                source=Source(reference=line.source.reference) if line.source else None,
            )


def place_of(line: ContactLine) -> Place:
    """Where the contact stands in the order at the moment of its reachability."""
    reach = line.reachability
    if reach.state is ReachState.ROUND_THE_CLOCK or (
        reach.state is ReachState.OPEN and reach.hint is ReachHint.NONE
    ):
        return Place.OPEN_NOW if line.designation else Place.CALL_POINT
    if _is_point(line) and reach.state is not ReachState.CLOSED:
        return Place.CALL_POINT
    if reach.state is ReachState.OPEN:
        return Place.OPEN_ON_HOLIDAY
    if any(one.purpose in _AT_NIGHT for one in _lines(line)):
        return Place.URGENT_CHANNEL
    return Place.HOURS_UNKNOWN if reach.state is ReachState.UNKNOWN else Place.CLOSED_NOW


def lines_now(line: ContactLine, place: Place) -> tuple[Channel, ...]:
    """The lines to try, telephones first; those of a point in the order that its State gave."""
    lines = _lines(line)
    if place is Place.URGENT_CHANNEL:
        lines = [one for one in lines if one.purpose in _AT_NIGHT]
    elif not _is_point(line):
        lines.sort(key=lambda one: _BY_DAY.index(one.purpose))
    return tuple(sorted(lines, key=lambda one: one.kind not in _VOICE))


def interpol_steps(contacts: Contacts) -> Iterator[UrgentStep]:
    """Contacts that say themselves that INTERPOL reaches them."""
    for line in contacts.all:
        channels = tuple(one for one in _channels(line) if one.kind is ChannelKind.INTERPOL)
        if channels:
            yield UrgentStep(
                part=UrgentPart.CHANNEL,
                reason=Reason("interpol_channel"),
                entry=line.candidate.id,
                channels=channels,
            )


def _reason(line: ContactLine, place: Place) -> Reason:
    if place is Place.OPEN_NOW and _is_point(line):
        place = Place.CALL_POINT
    is_budapest = bool(line.designation and line.designation.instrument == "BUDAPEST")
    is_by_article = place is Place.CALL_POINT and is_budapest
    return Reason(place.code, rule="BUDAPEST 35(1)" if is_by_article else "")


def _is_point(line: ContactLine) -> bool:
    return isinstance(line.candidate.record, ContactPointRecord)


def _lines(line: ContactLine) -> list[Channel]:
    return [one for one in _channels(line) if one.kind in _VOICE | _SWIFT]


def _channels(line: ContactLine) -> tuple[Channel, ...]:
    record = line.candidate.record
    return () if isinstance(record, RequirementsRecord) else record.channels
