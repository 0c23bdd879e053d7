"""What stands on the form of each kind of entry, as tables.

The path of an input ('channels.0.value') is its name in the form, its id on the page and the path
of the problems that schema and rules find, so one word leads from the error to the field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from directory.domain.fields import PART_FIELDS, RECORD_FIELDS
from directory.domain.marks import N_
from directory.domain.vocabulary import EntryKind


class Control(StrEnum):
    """How a field is typed."""

    LINE = "line"
    LINES = "lines"
    DAY = "day"
    SELECT = "select"
    #: One box to tick.
    CHECK = "check"
    #: Several boxes of one field.
    CHECKS = "checks"
    #: Several codes in one line, the order kept.
    CODES = "codes"
    #: Several texts, one a line.
    ITEMS = "items"
    #: Kept unseen (keys that hold revisions together).
    HIDDEN = "hidden"
    HIDDEN_CODES = "hidden_codes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field: its place inside the record or row, and how it is typed."""

    name: str
    control: Control = Control.LINE
    title: str = ""
    hint: str = ""
    #: Name of the choices (``forms.choices``).
    choices: str = ""
    #: What an empty choice says; '' offers none.
    empty: str = ""
    #: Value in a new row.
    default: str = ""
    #: Folded away while it holds its default.
    is_more: bool = False
    #: Runs from left to right in every language (numbers, addresses, codes).
    is_ltr: bool = False
    #: Digits of any script are read as 0 to 9.
    has_digits: bool = False
    #: Of twelve columns.
    width: int = 6

    @property
    def is_many(self) -> bool:
        return self.control in MANY

    @property
    def is_hidden(self) -> bool:
        return self.control in {Control.HIDDEN, Control.HIDDEN_CODES}


MANY = frozenset({Control.CHECKS, Control.CODES, Control.ITEMS, Control.HIDDEN_CODES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A part that may stand several times."""

    path: str
    #: Title of one row.
    title: str
    add: str
    inputs: tuple[Input, ...]
    #: Does the order say something? Then rows can be moved.
    is_ordered: bool = True
    #: Are rows shown as one line until they are opened?
    is_folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the form under one heading."""

    key: str
    title: str
    hint: str = ""
    inputs: tuple[Input, ...] = ()
    repeated: tuple[Repeated, ...] = ()


LANGUAGE_HINT = N_("Codes such as fr, en, pt-BR, the preferred first.")
DAY_HINT = N_("Leave empty when it is open.")


def _field(name: str, control: Control = Control.LINE, **given: object) -> Input:
    return Input(name=name, control=control, title=RECORD_FIELDS[name].title, **given)  # type: ignore[arg-type]


def _part(group: str, name: str, control: Control = Control.LINE, **given: object) -> Input:
    title = PART_FIELDS[group][name].title
    return Input(name=name, control=control, title=title, **given)  # type: ignore[arg-type]


_C = Control

NAMES = Repeated(
    path="names",
    title=RECORD_FIELDS["names"].title,
    add=N_("Add a name"),
    inputs=(
        _part("names", "text", width=12),
        _part("names", "form", _C.SELECT, choices="name_forms", default="original"),
        _part(
            "names",
            "language",
            hint=N_("Its code, such as fr; empty when unknown."),
            is_ltr=True,
            choices="languages",
        ),
    ),
)
ADDRESSES = Repeated(
    path="addresses",
    title=RECORD_FIELDS["addresses"].title,
    add=N_("Add an address"),
    inputs=(
        _part("addresses", "text", _C.LINES, width=12),
        _part("addresses", "purpose", _C.SELECT, choices="address_purposes", default="postal"),
        _part("addresses", "city"),
        _part("addresses", "source", _C.SELECT, choices="sources", empty=N_("none"), is_more=True),
    ),
)
CHANNELS = Repeated(
    path="channels",
    title=RECORD_FIELDS["channels"].title,
    add=N_("Add a channel"),
    inputs=(
        _part("channels", "kind", _C.SELECT, choices="channel_kinds", default="telephone", width=4),
        Input(
            name="value",
            title=N_("Number or address"),
            hint=N_("Numbers with the country code, such as +40 21 …"),
            is_ltr=True,
            width=8,
        ),
        _part("channels", "purpose", _C.SELECT, choices="purposes", default="general", width=4),
        _part("channels", "extension", is_ltr=True, has_digits=True, width=4),
        _part("channels", "languages", _C.CODES, is_ltr=True, width=4),
        _part(
            "channels",
            "audience",
            _C.SELECT,
            choices="audiences",
            default="all_readers",
            is_more=True,
        ),
        _part("channels", "tlp", _C.SELECT, choices="tlp", default="green", is_more=True),
        _part("channels", "source", _C.SELECT, choices="sources", empty=N_("none"), is_more=True),
        _part("channels", "note", is_more=True),
    ),
)
KEYS = Repeated(
    path="keys",
    title=RECORD_FIELDS["keys"].title,
    add=N_("Add an encryption key"),
    is_ordered=False,
    inputs=(
        _part("keys", "scheme", _C.SELECT, choices="schemes", default="openpgp", width=4),
        _part("keys", "fingerprint", is_ltr=True, width=8),
        _part("keys", "link", is_ltr=True, width=12),
    ),
)
DESIGNATIONS = Repeated(
    path="designations",
    title=RECORD_FIELDS["designations"].title,
    add=N_("Add a designation"),
    is_ordered=False,
    is_folded=True,
    inputs=(
        _part("designations", "key", _C.HIDDEN),
        _part(
            "designations", "cooperation_type", _C.SELECT, choices="types", empty=N_("Choose one")
        ),
        _part(
            "designations",
            "instrument",
            _C.SELECT,
            choices="instruments",
            empty=N_("under no instrument"),
        ),
        _part("designations", "article", is_ltr=True, width=4),
        _part("designations", "valid_from", _C.DAY, hint=DAY_HINT, has_digits=True, width=4),
        _part("designations", "valid_to", _C.DAY, hint=DAY_HINT, has_digits=True, width=4),
        _part("designations", "rank", _C.SELECT, choices="ranks", default="primary", width=4),
        _part(
            "designations",
            "territory",
            _C.SELECT,
            choices="territories",
            empty=N_("the whole State"),
            width=4,
        ),
        _part(
            "designations",
            "status",
            _C.SELECT,
            choices="designation_statuses",
            default="communicated",
            width=4,
        ),
        Input(name="scope.text", title=N_("Limit, in the State's words"), is_more=True),
        Input(
            name="scope.kind",
            control=_C.SELECT,
            title=N_("Kind of limit"),
            choices="scopes",
            default="matter",
            is_more=True,
        ),
        _part("designations", "function", is_more=True),
        _part(
            "designations", "source", _C.SELECT, choices="sources", empty=N_("none"), is_more=True
        ),
        _part("designations", "note", _C.LINES, is_more=True, width=12),
        _part("designations", "superseded_by", _C.HIDDEN_CODES),
    ),
)
SOURCES = Repeated(
    path="sources",
    title=RECORD_FIELDS["sources"].title,
    add=N_("Add a source"),
    is_ordered=False,
    is_folded=True,
    inputs=(
        _part("sources", "key", _C.HIDDEN),
        _part(
            "sources", "kind", _C.SELECT, choices="source_kinds", default="note_verbale", width=4
        ),
        _part("sources", "reference", width=8),
        _part("sources", "date", _C.DAY, has_digits=True, width=4),
        _part(
            "sources", "year", is_ltr=True, has_digits=True, width=4, hint=N_("Of the publication.")
        ),
        _part("sources", "link", is_ltr=True, width=4),
        _part("sources", "note", is_more=True, width=12),
    ),
)
INTERVALS = Repeated(
    path="hours.intervals",
    title=N_("Opening time"),
    add=N_("Add an opening time"),
    is_ordered=False,
    inputs=(
        Input(
            name="weekday",
            control=_C.SELECT,
            title=N_("Day"),
            choices="weekdays",
            default="1",
            width=4,
        ),
        Input(name="opens", title=N_("Opens"), is_ltr=True, has_digits=True, width=4),
        Input(name="closes", title=N_("Closes"), is_ltr=True, has_digits=True, width=4),
    ),
)
CLOSURES = Repeated(
    path="hours.closures",
    title=N_("Days closed"),
    add=N_("Add days on which it is closed"),
    is_ordered=False,
    inputs=(
        Input(name="first", control=_C.DAY, title=N_("First day"), has_digits=True, width=4),
        Input(name="last", control=_C.DAY, title=N_("Last day"), has_digits=True, width=4),
        Input(name="note", title=N_("Note"), width=4),
    ),
)

SECTION_NAMES = Section(
    key="section-names",
    title=N_("Name"),
    hint=N_("The official name in the original language, and as the State gives it in others."),
    repeated=(NAMES,),
)
SECTION_OFFICE = Section(
    key="section-office",
    title=N_("Place in the administration"),
    hint=N_("Posts and units, never the name of a person."),
    inputs=(_field("unit"), _field("ministry"), _field("post")),
)
SECTION_CHANNELS = Section(
    key="section-channels",
    title=N_("How to reach it"),
    hint=N_("In the order in which they should be tried."),
    inputs=(),
    repeated=(CHANNELS,),
)
SECTION_ADDRESSES = Section(
    key="section-addresses",
    title=N_("Addresses, website, keys"),
    inputs=(_field("website", is_ltr=True, width=12),),
    repeated=(ADDRESSES, KEYS),
)
SECTION_HOURS = Section(
    key="section-hours",
    title=RECORD_FIELDS["hours"].title,
    hint=N_("Local time, as 08:30. A lunch break makes two opening times; 24:00 ends a day."),
    inputs=(
        Input(
            name="hours.zone",
            control=_C.SELECT,
            title=N_("Time zone"),
            choices="zones",
            empty=N_("Choose one"),
        ),
        Input(name="hours.round_the_clock", control=_C.CHECK, title=N_("Open round the clock")),
        Input(name="hours.as_given", title=N_("Opening hours as printed"), width=12, is_more=False),
        Input(name="hours.zone_assumed", control=_C.HIDDEN, title=N_("Zone taken from the State")),
    ),
    repeated=(INTERVALS, CLOSURES),
)
ACCEPTED = _field("languages_accepted", _C.CODES, hint=LANGUAGE_HINT, is_ltr=True)
SPOKEN = _field("languages_spoken", _C.CODES, hint=LANGUAGE_HINT, is_ltr=True)
AS_GIVEN = _field("languages_accepted_as_given", width=12)
NOTE = _field("note", _C.LINES, width=12)
SECTION_LANGUAGES = Section(
    key="section-languages",
    title=N_("Languages and note"),
    inputs=(ACCEPTED, SPOKEN, AS_GIVEN, NOTE),
)
SECTION_DESIGNATIONS = Section(
    key="section-designations",
    title=N_("Designations"),
    hint=N_("One for each kind of help, instrument and article."),
    repeated=(DESIGNATIONS,),
)
SECTION_SOURCES = Section(
    key="section-sources",
    title=N_("Sources"),
    hint=N_("The acts and publications the entry rests on."),
    repeated=(SOURCES,),
)

AUTHORITY = (
    SECTION_NAMES,
    SECTION_CHANNELS,
    SECTION_ADDRESSES,
    SECTION_HOURS,
    SECTION_OFFICE,
    SECTION_LANGUAGES,
    SECTION_DESIGNATIONS,
    SECTION_SOURCES,
)
POINT = (
    SECTION_NAMES,
    Section(
        key="section-point",
        title=N_("The point"),
        inputs=(
            _field("network"),
            _field(
                "formal_authority",
                _C.SELECT,
                choices="authorities",
                empty=N_("none"),
            ),
            _field("tasks", _C.CHECKS, choices="tasks", width=12),
        ),
    ),
    Section(
        key="section-channels",
        title=N_("Escalation list"),
        hint=N_("The first is tried first. A point is never without an urgent telephone."),
        repeated=(CHANNELS,),
    ),
    SECTION_ADDRESSES,
    SECTION_HOURS,
    SECTION_OFFICE,
    Section(
        key="section-languages",
        title=N_("Languages and note"),
        inputs=(
            ACCEPTED,
            SPOKEN,
            _field("languages_night", _C.CODES, hint=LANGUAGE_HINT, is_ltr=True),
            AS_GIVEN,
            NOTE,
        ),
    ),
    SECTION_DESIGNATIONS,
    SECTION_SOURCES,
)
OFFICER = (
    Section(
        key="section-names",
        title=N_("Name of the post"),
        hint=N_("Such as 'Liaison officer, Embassy in …'; never the name of a person."),
        repeated=(NAMES,),
    ),
    Section(
        key="section-posting",
        title=N_("Posting"),
        inputs=(
            _field("agency", width=12),
            _field("host_state", _C.SELECT, choices="states", empty=N_("Choose one")),
            _field("host_city"),
            _field("posted_from", _C.DAY, has_digits=True),
            _field(
                "posted_to",
                _C.DAY,
                has_digits=True,
                hint=N_("The entry hides itself after this day."),
            ),
            _field(
                "covered_states",
                _C.CODES,
                hint=N_("Two-letter codes such as RO, MD."),
                is_ltr=True,
            ),
            _field(
                "holder",
                hint=N_("Only if readers need it; it is shown to the audience you choose."),
            ),
            _field("holder_audience", _C.SELECT, choices="audiences", default="same_type"),
            _field("holder_tlp", _C.SELECT, choices="tlp", default="amber"),
            _field("common_use", _C.CHECK),
            _field("cooperation_types", _C.CHECKS, choices="types", width=12),
            _field("themes", _C.ITEMS, hint=N_("One a line.")),
        ),
    ),
    SECTION_CHANNELS,
    SECTION_HOURS,
    Section(key="section-languages", title=N_("Languages and note"), inputs=(SPOKEN, NOTE)),
    SECTION_SOURCES,
)
REQUIREMENTS = (
    Section(
        key="section-type",
        title=N_("Kind of help"),
        inputs=(
            _field("cooperation_type", _C.SELECT, choices="types", empty=N_("Choose one")),
            _field("possible", _C.SELECT, choices="possible", default="yes"),
            _field("alternative", _C.LINES, width=12, hint=N_("Where it is not fully possible.")),
        ),
    ),
    Section(
        key="section-form",
        title=N_("Form of the request"),
        inputs=(
            ACCEPTED,
            _field("formats", _C.ITEMS, hint=N_("One a line.")),
            _field("channels_accepted", _C.CHECKS, choices="channel_kinds", width=12),
            _field("contents", _C.ITEMS, hint=N_("One a line."), width=12),
        ),
    ),
    Section(
        key="section-law",
        title=N_("Law and procedure"),
        inputs=(
            _field("legal_requirements", _C.LINES, width=12),
            _field("dual_criminality", _C.LINES, width=12),
            _field("limits_on_use", _C.LINES, width=12),
            _field("urgent_procedure", _C.LINES, width=12),
            _field("time_limits", _C.LINES),
            _field("costs", _C.LINES),
            _field("links", _C.ITEMS, hint=N_("One a line, with https://."), is_ltr=True, width=12),
            NOTE,
        ),
    ),
    SECTION_SOURCES,
)

#: Kind of entry -> the sections of its form, in their order.
LAYOUTS: Mapping[EntryKind, tuple[Section, ...]] = MappingProxyType(
    {
        EntryKind.AUTHORITY: AUTHORITY,
        EntryKind.CONTACT_POINT: POINT,
        EntryKind.LIAISON_OFFICER: OFFICER,
        EntryKind.REQUIREMENTS: REQUIREMENTS,
    }
)


def inputs_of(kind: EntryKind) -> tuple[Input, ...]:
    """The inputs that stand once."""
    return tuple(one for section in LAYOUTS[kind] for one in section.inputs)


def repeated_of(kind: EntryKind) -> tuple[Repeated, ...]:
    """The parts that may stand several times."""
    return tuple(one for section in LAYOUTS[kind] for one in section.repeated)
