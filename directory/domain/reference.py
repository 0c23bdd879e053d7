"""Reference records: States, treaties, who is bound by what, and which article obliges whom.

Kept by the secretariat, shipped as seed data. Each carries the source it was read from.
"""

import datetime as dt
from dataclasses import dataclass, field

from directory.domain.vocabulary import (
    CooperationType,
    DeclarationKind,
    ParticipationStatus,
    StateKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """A part of a State with its own authority (UNTOC 18(13)); ``key`` is e.g. 'GB-SCT'."""

    key: str
    state: str
    name: str
    #: Language -> name, beside the English one.
    names: dict[str, str] = field(default_factory=dict)

    def name_in(self, language: str) -> str:
        """Its name, in English where the language has none on file."""
        return self.names.get(language, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A State; ``code`` is ISO 3166-1 alpha-2, ``names`` maps a language to the official name."""

    code: str
    kind: StateKind
    names: dict[str, str] = field(default_factory=dict)
    regional_group: str = ""
    #: Official languages (CLDR); not the languages accepted for requests.
    languages: tuple[str, ...] = ()
    time_zones: tuple[str, ...] = ()
    #: ISO weekdays (1 Monday .. 7 Sunday) on which offices are closed.
    weekend: tuple[int, ...] = (6, 7)
    calling_code: str = ""
    capital: str = ""
    territories: tuple[Territory, ...] = ()

    def name(self, language: str = "en") -> str:
        """The official name, in English where the language has none on file."""
        return self.names.get(language) or self.names.get("en") or self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A treaty. ``parent`` is the convention a protocol supplements and cannot do without."""

    code: str
    short_title: str
    title: str
    place: str = ""
    adopted: dt.date | None = None
    #: Entry into force of the treaty itself; None: not in force.
    entry_into_force: dt.date | None = None
    depositary: str = ""
    number: str = ""
    text_url: str = ""
    status_url: str = ""
    parent: str = ""
    #: Rule for a State that joins later: 'day+30', 'day+90', 'month+3', 'as recorded' ...
    entry_into_force_rule: str = ""
    #: Language -> short title and title, beside the English ones.
    short_titles: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def short_title_in(self, language: str) -> str:
        """The title practitioners know it by, in English where the language has none on file."""
        return self.short_titles.get(language, self.short_title)

    def title_in(self, language: str) -> str:
        """The full title, in English where the language has none on file."""
        return self.titles.get(language, self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """What the record says of one State and one instrument.

    No participation at all means 'nothing on record', never 'not a party'.
    """

    state: str
    instrument: str
    status: ParticipationStatus
    signature: dt.date | None = None
    consent: dt.date | None = None
    action: str = ""
    #: As recorded, else computed by the instrument's rule (then ``computed``); None: date unknown.
    entry_into_force: dt.date | None = None
    computed: bool = False
    #: Day on which the State ceased to be bound.
    ended: dt.date | None = None
    source: str = ""
    #: Date (or words) of the copy of the source.
    source_copy: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A declaration, notification or reservation of a State under an instrument."""

    state: str
    instrument: str
    article: str
    kind: DeclarationKind
    value: str
    date: dt.date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """An article that covers a cooperation type, and the duty to designate behind it."""

    cooperation_type: CooperationType
    instrument: str
    article: str
    #: 'yes', 'no', 'inform', 'by declaration', 'channel by declaration', 'through art. 18' ...
    must_designate: str = ""
    notify: str = ""
    time_limit: str = ""
    keep_current: str = ""
    note: str = ""
