"""What of a record is about a person and must be erasable.

Officers are persons: the holder has a name, the name of the post often tells it too, the channels
are the holder's own, and the note may say anything. Authorities and contact points are offices;
their numbers stay in the history for ever, since the history is there to prove them.
"""

from typing import Any

from directory.domain.vocabulary import EntryKind

Plain = dict[str, Any]

#: Stands where the name of an erased person stood.
ERASED = "[erased]"

#: Fields of a record, by kind, that are kept under the person's own key.
PERSONAL_FIELDS: dict[EntryKind, frozenset[str]] = {
    EntryKind.LIAISON_OFFICER: frozenset({"names", "holder", "channels", "note"}),
}


def split(kind: EntryKind, record: Plain) -> tuple[Plain, Plain]:
    """The record in plain form (``domain.record.to_dict``) as (facts, personal data)."""
    personal = PERSONAL_FIELDS.get(kind)
    if not personal:
        return record, {}
    facts = {name: value for name, value in record.items() if name not in personal}
    return facts, {name: value for name, value in record.items() if name in personal}


def erased(kind: EntryKind, record: Plain) -> Plain:
    """The record without what is about a person; it names nobody and says so."""
    facts, personal = split(kind, record)
    return facts | {"names": [{"text": ERASED}]} if personal else facts


def is_erased(kind: EntryKind, record: Plain) -> bool:
    """Was the record's person erased?"""
    return kind in PERSONAL_FIELDS and record.get("names") == [{"text": ERASED}]
