"""The editable snapshot of each kind of entry, and its plain-dict form.

A record is what a State says of itself: immutable, complete, without identifiers of rows. Every
revision of an entry keeps one, so the past can be read back word for word. ``to_dict`` gives JSON
types only (dates as ISO 8601 text, enumerations as their values, defaults left out), and
``from_dict`` is its inverse.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn
from cattrs.preconf.json import make_converter

from directory.domain.vocabulary import (
    AddressPurpose,
    Audience,
    ChannelKind,
    ChannelPurpose,
    CooperationType,
    DesignationRank,
    DesignationStatus,
    EntryKind,
    NameForm,
    PointTask,
    Possible,
    ScopeKind,
    SourceKind,
    Tlp,
)

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAct:
    """The act or publication a fact comes from; ``key`` is unique inside one record."""

    key: str
    kind: SourceKind
    reference: str
    #: Day the act was made, where known; ``year`` is that of the publication.
    date: dt.date | None = None
    year: int | None = None
    link: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One form of an authority's name; ``language`` is a BCP 47 tag, empty when unknown."""

    text: str
    form: NameForm = NameForm.ORIGINAL
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as printed, with the city where it could be read."""

    text: str
    purpose: AddressPurpose = AddressPurpose.POSTAL
    city: str = ""
    #: Key of the source act that gives it.
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to reach the authority, in the order in which it should be tried.

    ``value`` is normalised (E.164 for telephones, ASCII domain for e-mail), ``as_given`` is what
    the State or the source wrote. ``warning`` is empty or a code such as ``number_not_in_plan``.
    """

    kind: ChannelKind
    value: str
    as_given: str = ""
    extension: str = ""
    purpose: ChannelPurpose = ChannelPurpose.GENERAL
    languages: tuple[str, ...] = ()
    audience: Audience = Audience.ALL_READERS
    tlp: Tlp = Tlp.GREEN
    note: str = ""
    warning: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Open from ``opens`` to ``closes`` (local time, HH:MM; '24:00' ends a day) on ``weekday``.

    ``weekday`` is ISO: 1 Monday to 7 Sunday. A lunch break makes two intervals.
    """

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Days, both included, on which the State says the office is closed."""

    first: dt.date
    last: dt.date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Weekly opening hours in an IANA zone; ``as_given`` keeps the printed text."""

    zone: str
    intervals: tuple[Interval, ...] = ()
    round_the_clock: bool = False
    closures: tuple[Closure, ...] = ()
    as_given: str = ""
    #: True where the zone was taken from the State and not from the source.
    zone_assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A limit the State wrote into a designation, in its own words."""

    text: str
    kind: ScopeKind = ScopeKind.MATTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Designation:
    """That this authority is competent for one cooperation type under one instrument and article.

    Valid from ``valid_from`` to ``valid_to``, both included; None is open. ``key`` is stable across
    revisions (the reference of the source's row, or made once).
    """

    key: str
    cooperation_type: CooperationType
    #: Code of the instrument; empty where the designation is for the type as such.
    instrument: str = ""
    article: str = ""
    #: Key of the territory of the State; empty is the whole State.
    territory: str = ""
    scope: Scope | None = None
    rank: DesignationRank = DesignationRank.PRIMARY
    function: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    status: DesignationStatus = DesignationStatus.COMMUNICATED
    #: Key of the source act.
    source: str = ""
    note: str = ""
    superseded_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionKey:
    """A public key to write to the authority with; ``scheme`` is 'openpgp' or 'smime'."""

    scheme: str
    fingerprint: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRecord:
    """A central or competent authority."""

    kind: ClassVar[EntryKind] = EntryKind.AUTHORITY

    names: tuple[Name, ...]
    unit: str = ""
    ministry: str = ""
    #: Functional post, never a person's name.
    post: str = ""
    addresses: tuple[Address, ...] = ()
    channels: tuple[Channel, ...] = ()
    hours: Hours | None = None
    #: Languages accepted for requests, in the order of preference.
    languages_accepted: tuple[str, ...] = ()
    languages_accepted_as_given: str = ""
    languages_spoken: tuple[str, ...] = ()
    website: str = ""
    keys: tuple[EncryptionKey, ...] = ()
    designations: tuple[Designation, ...] = ()
    sources: tuple[SourceAct, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPointRecord:
    """A 24/7 point; its channels are the escalation list, primary first."""

    kind: ClassVar[EntryKind] = EntryKind.CONTACT_POINT

    names: tuple[Name, ...]
    unit: str = ""
    ministry: str = ""
    post: str = ""
    #: Network or article the point belongs to, e.g. 'BUDAPEST 35'.
    network: str = ""
    tasks: tuple[PointTask, ...] = ()
    addresses: tuple[Address, ...] = ()
    channels: tuple[Channel, ...] = ()
    hours: Hours | None = None
    languages_accepted: tuple[str, ...] = ()
    languages_accepted_as_given: str = ""
    languages_spoken: tuple[str, ...] = ()
    #: Languages spoken at night.
    languages_night: tuple[str, ...] = ()
    #: Identifier of the entry that handles the formal request afterwards (Budapest 35(2)(b)).
    formal_authority: str = ""
    website: str = ""
    keys: tuple[EncryptionKey, ...] = ()
    designations: tuple[Designation, ...] = ()
    sources: tuple[SourceAct, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiaisonOfficerRecord:
    """An officer of the entry's State (the sending State) posted in ``host_state``."""

    kind: ClassVar[EntryKind] = EntryKind.LIAISON_OFFICER

    #: Name of the post ('Liaison officer, Embassy in ...'), never required to name a person.
    names: tuple[Name, ...]
    #: The person in the post, for its audience alone; '' where the State does not say.
    holder: str = ""
    holder_audience: Audience = Audience.SAME_TYPE
    holder_tlp: Tlp = Tlp.AMBER
    agency: str = ""
    host_state: str = ""
    host_city: str = ""
    covered_states: tuple[str, ...] = ()
    cooperation_types: tuple[CooperationType, ...] = ()
    themes: tuple[str, ...] = ()
    languages_spoken: tuple[str, ...] = ()
    posted_from: dt.date | None = None
    #: Last day of the posting; the entry hides itself afterwards.
    posted_to: dt.date | None = None
    #: May other States use the officer (EU Decision 2003/170/JHA)?
    common_use: bool = False
    channels: tuple[Channel, ...] = ()
    hours: Hours | None = None
    sources: tuple[SourceAct, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsRecord:
    """What the State requires for one cooperation type."""

    kind: ClassVar[EntryKind] = EntryKind.REQUIREMENTS

    cooperation_type: CooperationType
    possible: Possible = Possible.YES
    #: What can be done instead, where ``possible`` is not yes.
    alternative: str = ""
    languages_accepted: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    channels_accepted: tuple[ChannelKind, ...] = ()
    contents: tuple[str, ...] = ()
    legal_requirements: str = ""
    dual_criminality: str = ""
    limits_on_use: str = ""
    urgent_procedure: str = ""
    time_limits: str = ""
    costs: str = ""
    links: tuple[str, ...] = ()
    sources: tuple[SourceAct, ...] = ()
    note: str = ""


Record = AuthorityRecord | ContactPointRecord | LiaisonOfficerRecord | RequirementsRecord

RECORD_CLASSES: dict[EntryKind, type[Record]] = {
    record_class.kind: record_class
    for record_class in (
        AuthorityRecord,
        ContactPointRecord,
        LiaisonOfficerRecord,
        RequirementsRecord,
    )
}

_PARTS = (
    SourceAct,
    Name,
    Address,
    Channel,
    Interval,
    Closure,
    Hours,
    Scope,
    Designation,
    EncryptionKey,
)

_converter = make_converter(forbid_extra_keys=True, omit_if_default=True)
for _class in (*_PARTS, *RECORD_CLASSES.values()):
    _converter.register_unstructure_hook(
        _class, make_dict_unstructure_fn(_class, _converter, _cattrs_omit_if_default=True)
    )
    _converter.register_structure_hook(
        _class, make_dict_structure_fn(_class, _converter, _cattrs_forbid_extra_keys=True)
    )

_read_interval = _converter.get_structure_hook(Interval)


@lru_cache(maxsize=4096)
def _interval(weekday: int, opens: str, closes: str) -> Interval:
    return Interval(weekday=weekday, opens=opens, closes=closes)


def _shared_interval(plain: Any, kind: type[Interval]) -> Interval:
    """The same object for the same hours: offices keep few, and a directory tens of thousands."""
    if isinstance(plain, dict) and len(plain) == len(_TIMES):
        weekday, opens, closes = map(plain.get, _TIMES)
        # Files of strangers are read here, too: only what looks like hours is kept.
        if _is_weekday(weekday) and _is_time(opens) and _is_time(closes):
            return _interval(weekday, opens, closes)
    # It says what is wrong with it.
    read: Interval = _read_interval(plain, kind)
    return read


def _is_weekday(value: object) -> bool:
    # Not 1.0, which would be taken for the same key.
    return type(value) is int and 1 <= value <= 7


def _is_time(value: object) -> bool:
    return type(value) is str and len(value) == len("HH:MM")


_TIMES = ("weekday", "opens", "closes")
_converter.register_structure_hook(Interval, _shared_interval)


def to_dict(record: Record) -> Plain:
    """The record in JSON types; fields that hold their default are left out."""
    plain: Plain = _converter.unstructure(record)
    return plain


def from_dict(kind: EntryKind, plain: Plain) -> Record:
    """The record of that kind; raises ``cattrs.BaseValidationError`` on a form it does not know."""
    return _converter.structure(plain, RECORD_CLASSES[kind])


def part_to_dict(part: object) -> Plain:
    """One part of a record (a channel, a designation ...) in JSON types."""
    plain: Plain = _converter.unstructure(part)
    return plain


def display_name(record: Record, language: str = "en") -> str:
    """The name to show first: in the reader's language, else English, else the original.

    A requirements record bears no name; the caller names it by its cooperation type.
    """
    if isinstance(record, RequirementsRecord):
        return ""
    for wanted in (language, "en"):
        for name in record.names:
            if name.language == wanted:
                return name.text
    return record.names[0].text


def cooperation_types(record: Record) -> tuple[CooperationType, ...]:
    """The types the record is about, each once, in the order of the vocabulary."""
    if isinstance(record, RequirementsRecord):
        return (record.cooperation_type,)
    if isinstance(record, LiaisonOfficerRecord):
        found = set(record.cooperation_types)
    else:
        found = {designation.cooperation_type for designation in record.designations}
    return tuple(kind for kind in CooperationType if kind in found)
