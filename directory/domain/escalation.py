"""Whom to try at this moment, one after another: who is there now, else who answers at night.

The order is that of the moment asked for, not of the law: a designated office that is open; a 24/7
point; a designated office on a day that is probably a holiday there; an urgent or night line of a
closed office, or of one whose hours nobody knows; an office whose hours nobody knows; a closed
office. One for a part of the State, or for a special function only, comes after all others. Where a
territory was asked for, its own go first among those that are as likely to answer. INTERPOL comes
after all of them, and the diplomatic channel stays open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import islice

from directory.domain.answer import Candidate, ContactLine, Source, UrgentPart, UrgentStep
from directory.domain.hours import ReachHint, ReachState
from directory.domain.reasons import Reason
from directory.domain.record import Channel, ContactPointRecord, Record, RequirementsRecord
from directory.domain.vocabulary import SPOKEN, URGENT, ChannelKind, ChannelPurpose

#: Written ways that arrive at once.
_SWIFT = frozenset(
    {ChannelKind.EMAIL, ChannelKind.SECURE_PLATFORM, ChannelKind.WEB_FORM, ChannelKind.FAX}
)
#: By day an urgent line goes first, and the night's last.
_BY_DAY = (ChannelPurpose.URGENT, ChannelPurpose.GENERAL, ChannelPurpose.OUT_OF_HOURS)


class Place(IntEnum):
    """A contact's place in the order, and what is said of it."""

    OPEN_NOW = 0
    CALL_POINT = 1
    OPEN_ON_HOLIDAY = 2
    URGENT_CHANNEL = 3
    URGENT_HOURS_UNKNOWN = 4
    HOURS_UNKNOWN = 5
    CLOSED_NOW = 6

    @property
    def code(self) -> str:
        """The code of the reason."""
        return self.name.lower()


#: Places where it is as likely that somebody answers, most likely first.
_LIKELY = (
    {Place.OPEN_NOW, Place.CALL_POINT},
    {Place.OPEN_ON_HOLIDAY, Place.URGENT_CHANNEL},
    {Place.URGENT_HOURS_UNKNOWN, Place.HOURS_UNKNOWN},
    {Place.CLOSED_NOW},
)
_LIKELIHOOD = {place: number for number, places in enumerate(_LIKELY) for place in places}
#: How many authorities without a line are named.
_SILENT_SHOWN = 3
#: Reasons that keep a contact from being the one for any request to the State.
_PARTIAL = frozenset({"for_territory_only", "function_only", "sends_only"})
#: Reasons that say for what, or for which part of the State, a contact is there.
_LIMITS = _PARTIAL | {"for_territory_asked", "whole_state", "scope_limited", "second_rank"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """The contacts of an answer, each list best first."""

    points: tuple[ContactLine, ...] = ()
    authorities: tuple[ContactLine, ...] = ()
    #: Authorities for a neighbouring type; tried after those for the type itself.
    nearest: tuple[ContactLine, ...] = ()
    #: Never to be called.
    suspended: tuple[ContactLine, ...] = ()

    @property
    def all(self) -> tuple[ContactLine, ...]:
        return (*self.points, *self.authorities, *self.nearest)


def escalation(contacts: Contacts) -> tuple[UrgentStep, ...]:
    """The offices that can be tried, in the order of this moment, each with its lines.

    An office that stands in several entries, such as a 24/7 point and a designated authority, is
    named once, where the first of them stands; ``also`` names the others.
    """
    found: dict[object, UrgentStep] = {}
    for line, step in _contact_steps(contacts):
        office = _office(line.candidate, step.channels)
        first = found.get(office)
        found[office] = replace(first, also=(*first.also, step.entry)) if first else step
    return tuple(found.values())


def is_same_office(one: Candidate, other: Candidate) -> bool:
    """Do the two entries bear the same names and the same lines?"""
    return _office(one, _channels(one)) == _office(other, _channels(other))


def _office(candidate: Candidate, channels: tuple[Channel, ...]) -> object:
    """What the entries of one office have in common: its names, and its lines of this moment.

    What is said of a line ('ask for the duty officer') is part of it, how it was printed is not. An
    entry for which further lines were reported, or are kept for emergencies, stands alone, as these
    are told beside its lines.
    """
    is_alone = candidate.reported_channels or candidate.behind_glass
    lines = frozenset(replace(one, as_given="", source="") for one in channels)
    return _names(candidate.record), lines, candidate.synthetic, candidate.id if is_alone else ""


def _contact_steps(contacts: Contacts) -> Iterator[tuple[ContactLine, UrgentStep]]:
    """Each contact that can be tried, and the step it makes.

    One that is only the nearest on record and has no line but those given before is left out: it
    is the same office once more.
    """
    placed = [
        (_order(line, place_of(line), line in contacts.nearest), line) for line in contacts.all
    ]
    given: set[tuple[ChannelKind, str]] = set()
    for (*_, place, is_nearest), line in sorted(placed, key=lambda one: one[0]):
        channels = lines_now(line, place)
        lines = {(one.kind, one.value) for one in channels}
        if channels and not (is_nearest and lines <= given):
            given |= lines
            step = UrgentStep(
                part=UrgentPart.CALL,
                reason=_reason(line, place),
                entry=line.candidate.id,
                channels=channels,
                source=_source(line),
            )
            yield line, step


def _source(line: ContactLine) -> Source | None:
    return Source.of(line.source) if line.source else None


def limits(line: ContactLine) -> tuple[Reason, ...]:
    """For what, or for which part of the State, the contact is there; empty for no limit."""
    return tuple(reason for reason in line.reasons if reason.code in _LIMITS)


def _order(
    line: ContactLine, place: Place, is_nearest: bool
) -> tuple[bool, int, bool, Place, bool]:
    """What is smaller is tried first."""
    is_elsewhere = all(reason.code != "for_territory_asked" for reason in line.reasons)
    return _is_partial(line), _LIKELIHOOD[place], is_elsewhere, place, is_nearest


def _is_partial(line: ContactLine) -> bool:
    return any(reason.code in _PARTIAL for reason in line.reasons)


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
    has_urgent_line = any(one.purpose in URGENT for one in _lines(line))
    if reach.state is ReachState.UNKNOWN:
        return Place.URGENT_HOURS_UNKNOWN if has_urgent_line else Place.HOURS_UNKNOWN
    return Place.URGENT_CHANNEL if has_urgent_line else Place.CLOSED_NOW


def lines_now(line: ContactLine, place: Place) -> tuple[Channel, ...]:
    """The lines to try, telephones first; those of a point in the order that its State gave."""
    lines = _lines(line)
    if place is Place.URGENT_CHANNEL:
        lines = [one for one in lines if one.purpose in URGENT]
    elif place is Place.URGENT_HOURS_UNKNOWN:
        lines.sort(key=lambda one: (one.purpose not in URGENT, one.kind not in SPOKEN))
        return tuple(lines)
    elif not _is_point(line):
        lines.sort(key=lambda one: _BY_DAY.index(one.purpose))
    return tuple(sorted(lines, key=lambda one: one.kind not in SPOKEN))


def silent_contacts(contacts: Contacts) -> Iterator[UrgentStep]:
    """Who is designated and has no line on record: named, and not among those to try.

    Otherwise the first of those to try would look like the first that the State named. The points,
    and the first few authorities that are there for more than a part of the State.
    """
    points = [line for line in contacts.points if _is_notified(line)]
    offices = [line for line in contacts.authorities if not _is_partial(line)]
    for code, lines in (("point_silent", points), ("authority_silent", offices)):
        silent = (one for one in lines if not _lines(one) and not one.candidate.hidden_lines)
        for line in islice(silent, _SILENT_SHOWN):
            yield UrgentStep(
                part=UrgentPart.CHANNEL,
                reason=Reason(code),
                entry=line.candidate.id,
                source=_source(line),
            )


def suspended_points(contacts: Contacts) -> Iterator[UrgentStep]:
    """The 24/7 points that must not be called: whoever kept a number learns of it here.

    Without them a State whose points were all suspended would look like one that never had any.
    """
    for line in filter(_is_point, contacts.suspended):
        yield UrgentStep(
            part=UrgentPart.CHANNEL,
            reason=Reason("point_suspended"),
            entry=line.candidate.id,
            source=_source(line),
        )


def interpol_steps(contacts: Contacts) -> Iterator[UrgentStep]:
    """Contacts that say themselves that INTERPOL reaches them."""
    for line in contacts.all:
        channels = tuple(
            one for one in _channels(line.candidate) if one.kind is ChannelKind.INTERPOL
        )
        if channels:
            yield UrgentStep(
                part=UrgentPart.CHANNEL,
                reason=Reason("interpol_channel"),
                entry=line.candidate.id,
                channels=channels,
                source=_source(line),
            )


def _reason(line: ContactLine, place: Place) -> Reason:
    if place is Place.OPEN_NOW and _is_point(line):
        place = Place.CALL_POINT
    is_budapest = bool(line.designation and line.designation.instrument == "BUDAPEST")
    is_by_article = place is Place.CALL_POINT and is_budapest
    return Reason(place.code, rule="BUDAPEST 35(1)" if is_by_article else "")


def _is_notified(line: ContactLine) -> bool:
    record = line.candidate.record
    return isinstance(record, ContactPointRecord) and bool(record.designations)


def _is_point(line: ContactLine) -> bool:
    return isinstance(line.candidate.record, ContactPointRecord)


def _names(record: Record) -> frozenset[str]:
    """In every form; what a State requires bears none."""
    names = () if isinstance(record, RequirementsRecord) else record.names
    return frozenset(name.text for name in names)


def _lines(line: ContactLine) -> list[Channel]:
    return [one for one in _channels(line.candidate) if one.kind in SPOKEN | _SWIFT]


def _channels(candidate: Candidate) -> tuple[Channel, ...]:
    record = candidate.record
    return () if isinstance(record, RequirementsRecord) else record.channels
