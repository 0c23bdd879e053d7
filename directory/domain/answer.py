"""The shapes of a question to the counterpart finder, of the facts it needs and of its answer."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from directory.domain.freshness import DEFAULT_CYCLES, FreshnessView
from directory.domain.hours import Reachability
from directory.domain.lately import RecentChange, ReportedChannel
from directory.domain.line_tests import LineResult
from directory.domain.reasons import Reason
from directory.domain.record import (
    Channel,
    Closure,
    Designation,
    Record,
    RequirementsRecord,
    SourceAct,
)
from directory.domain.reference import (
    Declaration,
    Instrument,
    LegalBasis,
    Participation,
    State,
)
from directory.domain.source_words import source_links
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whom does ``requesting`` address in ``requested`` for this help, at the aware instant ``at``?

    States, instrument and territory are codes. ``languages`` are those the reader writes, beside
    the official ones of the requesting State; ``viewer_zone`` is an IANA zone, '' for none.
    """

    requesting: str
    requested: str
    cooperation_type: CooperationType
    at: dt.datetime
    urgent: bool = False
    instrument: str = ""
    territory: str = ""
    languages: tuple[str, ...] = ()
    viewer_zone: str = ""

    @property
    def on(self) -> dt.date:
        """The day asked for."""
        return self.at.date()

    @property
    def is_pressing(self) -> bool:
        """Provisional arrest is urgent by nature (UNTOC 16(9))."""
        return self.urgent or self.cooperation_type is CooperationType.PROVISIONAL_ARREST


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry that may answer, as it stood on the day asked for."""

    id: str
    state: str
    record: Record
    status: EntryStatus = EntryStatus.PUBLISHED
    revision: int = 1
    changed_on: dt.date | None = None
    confirmed_on: dt.date | None = None
    confirmed_by: str = ""
    confirmed_how: str = ""
    #: Year or day of the newest source, for 'as published on ...'.
    as_published: str = ""
    open_reports: int = 0
    synthetic: bool = False
    #: Sources of the entry contradict one another.
    conflict: bool = False
    #: Its latest change is shown as the State gave it, and no officer has looked at it yet.
    unreviewed: bool = False
    #: Of a suspended entry: the one to use instead; '' when none is named.
    alternative_id: str = ""
    #: The latest test of a 24/7 point; None when it was never tested.
    line_test: LineResult | None = None
    recent_changes: tuple[RecentChange, ...] = ()
    reported_channels: tuple[ReportedChannel, ...] = ()
    #: Lines that this reader does not see, and how many of them are kept for emergencies.
    hidden_lines: int = 0
    behind_glass: int = 0

    @property
    def kind(self) -> EntryKind:
        return self.record.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything on record that may matter; more than needed does no harm.

    ``participations`` and ``declarations`` are those of both States, ``legal_bases`` at least those
    of the type (the whole table lets declarations be told apart by article), ``candidates`` the
    requested State's entries of every kind and the liaison officers of all States concerned.
    """

    requesting: State
    requested: State
    instruments: Mapping[str, Instrument]
    participations: Collection[Participation] = ()
    declarations: Collection[Declaration] = ()
    legal_bases: Collection[LegalBasis] = ()
    candidates: Collection[Candidate] = ()
    #: Instrument -> date of the copy of its list of parties, for 'nothing on record as of ...'.
    copies: Mapping[str, str] = field(default_factory=dict)
    #: Instruments of which single States were found and no list of the parties was read.
    single_finds: Collection[str] = frozenset()
    #: Other States where offices may stand: those in which liaison officers are posted.
    states: Mapping[str, State] = field(default_factory=dict)
    #: State -> national holidays, a hint only.
    holidays: Mapping[str, Collection[dt.date]] = field(default_factory=dict)
    #: State -> days on which it announced that its offices are closed.
    closures: Mapping[str, Sequence[Closure]] = field(default_factory=dict)
    cycles: Mapping[EntryKind, int] = field(default_factory=lambda: DEFAULT_CYCLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact was read; ``copy`` is the date of the copy as recorded."""

    reference: str
    copy: str = ""
    link: str = ""

    @classmethod
    def of(cls, act: SourceAct) -> "Source":
        """The act as the source of a line or a step."""
        return cls(reference=act.reference, link=act.link)

    @property
    def links(self) -> tuple[str, ...]:
        """Where it can be read: the address on record, else those that its words name."""
        return source_links(self.reference, self.link)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLine:
    """One State's part in an instrument; ``since`` None is 'date unknown'."""

    state: str
    instrument: str
    since: dt.date | None
    computed: bool
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentLine:
    """An instrument in force between the two States that covers the type."""

    instrument: Instrument
    legal_bases: tuple[LegalBasis, ...]
    #: The later of the two dates; None when either is unknown.
    in_force_since: dt.date | None
    computed: bool
    asked: bool
    #: False: not a legal basis by itself (UNTOC 16(5)); None: not known.
    usable: bool | None
    notes: tuple[Reason, ...]
    declarations: tuple[Declaration, ...]
    parties: tuple[PartyLine, ...]

    @property
    def code(self) -> str:
        return self.instrument.code

    @property
    def articles(self) -> tuple[str, ...]:
        return tuple(basis.article for basis in self.legal_bases if basis.article)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """An instrument that covers the type and, by the record, does not bind both that day."""

    instrument: Instrument
    articles: tuple[str, ...]
    asked: bool
    reasons: tuple[Reason, ...]
    parties: tuple[PartyLine, ...]

    @property
    def code(self) -> str:
        return self.instrument.code


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """An entry of the answer, with why it stands there and whether it can be relied on now."""

    candidate: Candidate
    reasons: tuple[Reason, ...]
    freshness: FreshnessView
    reachability: Reachability
    #: What to mind: suspended, lapsed, disputed, synthetic, contradictory, changed lately.
    warnings: tuple[Reason, ...] = ()
    designation: Designation | None = None
    source: SourceAct | None = None
    #: Further designations of the entry for the type, valid that day.
    others: tuple[Designation, ...] = ()


class Relation(StrEnum):
    """How a liaison officer stands to the two States, in the order shown."""

    MINE_THERE = "mine_there"
    MINE_COVERING = "mine_covering"
    THEIRS_HERE = "theirs_here"
    THEIRS_COVERING = "theirs_covering"
    #: Of a third State, open to all (EU Decision 2003/170/JHA).
    COMMON_USE = "common_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiaisonLine:
    """A liaison officer in post that day; ``for_type`` when the officer lists the type, or none."""

    contact: ContactLine
    relation: Relation
    for_type: bool


class UrgentPart(StrEnum):
    """What an urgent step is, in the order shown."""

    #: Whom to reach, one after another.
    CALL = "call"
    #: Other ways, where nobody answers: INTERPOL, what a State declared or a treaty opens.
    CHANNEL = "channel"
    #: What to ask or to send first.
    FIRST = "first"
    #: What must follow in writing.
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentStep:
    """One thing to do when it cannot wait."""

    part: UrgentPart
    reason: Reason
    #: Entry it is done through, or goes to, and the lines to try in this order.
    entry: str = ""
    channels: tuple[Channel, ...] = ()
    source: Source | None = None
    #: Further entries of the same office, with the same lines; they have no step of their own.
    also: tuple[str, ...] = ()


class Translation(StrEnum):
    """Must the request be translated?"""

    NOT_NEEDED = "not_needed"
    NEEDED = "needed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLine:
    """Languages accepted, and who said so; ``codes`` is empty when only printed text is kept."""

    codes: tuple[str, ...]
    as_given: str
    reason: Reason
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What the requested State, and the treaties, require of the request."""

    translation: Translation
    languages: tuple[LanguageLine, ...]
    #: What the treaties in force want written in the request, each with its rule.
    contents: tuple[Reason, ...]
    time_limits: tuple[Reason, ...]
    entry: ContactLine | None = None

    @property
    def record(self) -> RequirementsRecord | None:
        """What the State itself says, or None."""
        record = self.entry.candidate.record if self.entry else None
        return record if isinstance(record, RequirementsRecord) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the finding: the part of the answer it made and, for a contact, its entry."""

    part: str
    reason: Reason
    sources: tuple[Source, ...] = ()
    entry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The seven parts of the answer and the steps that led to it."""

    question: Question
    instruments: tuple[InstrumentLine, ...]
    not_on_record: tuple[MissingLine, ...]
    authorities: tuple[ContactLine, ...]
    #: Designated for the type but suspended: never the answer.
    suspended: tuple[ContactLine, ...]
    #: Authorities for a neighbouring type, where none is designated for the type itself.
    nearest: tuple[ContactLine, ...]
    contact_points: tuple[ContactLine, ...]
    urgent_steps: tuple[UrgentStep, ...]
    liaison_officers: tuple[LiaisonLine, ...]
    requirements: Requirements
    gaps: tuple[Reason, ...]
    steps: tuple[Step, ...]
