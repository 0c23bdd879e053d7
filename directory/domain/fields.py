"""Every editable field: its title, and the class that decides what a change of it needs.

Forms, differences, mails and spreadsheets take titles from here. The classes, from the lightest:
descriptive, substantive, routing-critical (``FieldClass``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from directory.domain.marks import N_
from directory.domain.vocabulary import EntryKind


class FieldClass(IntEnum):
    """How much depends on a field; a change takes the highest class among its differences."""

    #: Hours, languages spoken, links, notes, how-to texts.
    DESCRIPTIVE = 1
    #: Requirements, languages accepted, formats, notes of designations.
    SUBSTANTIVE = 2
    #: Whatever decides where a request goes.
    ROUTING_CRITICAL = 3


@dataclass(frozen=True, slots=True)
class Field:
    """A field's title (English, marked for translation) and class."""

    title: str
    field_class: FieldClass


D, S, R = FieldClass.DESCRIPTIVE, FieldClass.SUBSTANTIVE, FieldClass.ROUTING_CRITICAL

#: Fields of a record, whatever its kind.
RECORD_FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "names": Field(N_("Name"), R),
        "unit": Field(N_("Unit"), R),
        "ministry": Field(N_("Parent ministry"), R),
        "post": Field(N_("Functional post"), R),
        "addresses": Field(N_("Address"), R),
        "channels": Field(N_("Channel"), R),
        "website": Field(N_("Website"), R),
        "keys": Field(N_("Encryption key"), R),
        "designations": Field(N_("Designation"), R),
        "sources": Field(N_("Source"), R),
        "network": Field(N_("Network"), R),
        "formal_authority": Field(N_("Authority for the formal request"), R),
        "holder": Field(N_("Person in the post"), S),
        "holder_audience": Field(N_("Audience of the person's name"), S),
        "holder_tlp": Field(N_("TLP label of the person's name"), S),
        "agency": Field(N_("Agency"), R),
        "host_state": Field(N_("Host State"), R),
        "host_city": Field(N_("Host city"), R),
        "covered_states": Field(N_("Further States covered"), R),
        "cooperation_types": Field(N_("Cooperation types"), R),
        "posted_from": Field(N_("Posted from"), R),
        "posted_to": Field(N_("Posted until"), R),
        "common_use": Field(N_("Other States may use the officer"), R),
        "tasks": Field(N_("Tasks the point may do itself"), S),
        "languages_accepted": Field(N_("Languages accepted for requests"), S),
        "languages_accepted_as_given": Field(N_("Languages accepted, as given"), S),
        "cooperation_type": Field(N_("Cooperation type"), R),
        "possible": Field(N_("Is the measure possible?"), S),
        "alternative": Field(N_("Alternative"), S),
        "formats": Field(N_("Formats accepted"), S),
        "channels_accepted": Field(N_("Channels accepted for requests"), S),
        "contents": Field(N_("Contents of the request"), S),
        "legal_requirements": Field(N_("Legal and procedural requirements"), S),
        "dual_criminality": Field(N_("Dual criminality"), S),
        "limits_on_use": Field(N_("Limits on use"), S),
        "urgent_procedure": Field(N_("Urgent procedure"), S),
        "time_limits": Field(N_("Time limits"), S),
        "costs": Field(N_("Costs"), S),
        "themes": Field(N_("Themes"), D),
        "hours": Field(N_("Opening hours"), D),
        "languages_spoken": Field(N_("Languages spoken"), D),
        "languages_night": Field(N_("Languages spoken at night"), D),
        "links": Field(N_("Links"), D),
        "note": Field(N_("Note"), D),
    }
)

#: Fields of the parts that repeat, where their class is not that of the part.
PART_FIELDS: Mapping[str, Mapping[str, Field]] = MappingProxyType(
    {
        "names": {
            "text": Field(N_("Text"), R),
            "form": Field(N_("Form"), R),
            "language": Field(N_("Language"), R),
        },
        "addresses": {
            "text": Field(N_("Address"), R),
            "purpose": Field(N_("Purpose"), R),
            "city": Field(N_("City"), R),
            "source": Field(N_("Source"), R),
        },
        "channels": {
            "kind": Field(N_("Kind"), R),
            "value": Field(N_("Value"), R),
            "as_given": Field(N_("As given"), R),
            "extension": Field(N_("Extension"), R),
            "purpose": Field(N_("Purpose"), R),
            "audience": Field(N_("Audience"), R),
            "tlp": Field(N_("TLP label"), R),
            "languages": Field(N_("Languages"), D),
            "note": Field(N_("Note"), D),
            "warning": Field(N_("Warning"), D),
            "source": Field(N_("Source"), R),
        },
        "keys": {
            "scheme": Field(N_("Scheme"), R),
            "fingerprint": Field(N_("Fingerprint"), R),
            "link": Field(N_("Link"), R),
        },
        "designations": {
            "key": Field(N_("Reference"), R),
            "cooperation_type": Field(N_("Cooperation type"), R),
            "instrument": Field(N_("Instrument"), R),
            "article": Field(N_("Article"), R),
            "territory": Field(N_("Territory"), R),
            "scope": Field(N_("Scope"), R),
            "rank": Field(N_("Rank"), R),
            "function": Field(N_("Specific function"), R),
            "valid_from": Field(N_("Valid from"), R),
            "valid_to": Field(N_("Valid to"), R),
            "status": Field(N_("Status"), R),
            "source": Field(N_("Source"), R),
            "note": Field(N_("Note"), S),
            "superseded_by": Field(N_("Superseded by"), R),
        },
        "sources": {
            "key": Field(N_("Reference"), R),
            "kind": Field(N_("Kind"), R),
            "reference": Field(N_("Reference"), R),
            "date": Field(N_("Date"), R),
            "year": Field(N_("Year"), R),
            "link": Field(N_("Link"), D),
            "note": Field(N_("Note"), D),
        },
    }
)

#: The order of the channels of a contact point is its escalation list.
CHANNEL_ORDER = Field(N_("Order of the channels"), R)

#: Titles of the kinds of entries.
KIND_TITLES: Mapping[EntryKind, str] = MappingProxyType(
    {
        EntryKind.AUTHORITY: N_("Authority"),
        EntryKind.CONTACT_POINT: N_("24/7 contact point"),
        EntryKind.LIAISON_OFFICER: N_("Liaison officer"),
        EntryKind.REQUIREMENTS: N_("Requirements"),
    }
)
