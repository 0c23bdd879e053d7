"""What is published, as the rows of its tables: pure, nothing is read or written here."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from directory.db.base import Base
from directory.domain import vocabulary as words
from directory.domain.caveats import as_published
from directory.domain.conflicts import conflicts
from directory.domain.document import EntryHead, entry_document
from directory.domain.events import Doer
from directory.domain.freshness import freshness
from directory.domain.record import (
    Designation,
    LiaisonOfficerRecord,
    Record,
    RequirementsRecord,
    cooperation_types,
    display_name,
    from_dict,
    to_dict,
)
from directory.domain.validity import days_of
from directory.models import entry as tables
from directory.policy import is_restricted, visible_to_all_readers
from directory.services.publication_events import Revision

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """That somebody said, on that day, that all of the entry is true."""

    on: dt.date
    by: str
    how: words.ConfirmationMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A record to be published as the next revision of an entry.

    ``base`` is the number of the revision it was made against, 0 for a new entry.
    """

    entry_id: str
    state: str
    record: Record
    by: str
    at: dt.datetime
    reason: str
    base: int = 0
    status: words.EntryStatus = words.EntryStatus.PUBLISHED
    synthetic: bool = False
    #: None leaves the confirmation as it was: a change confirms nothing.
    confirmation: Confirmation | None = None
    #: Who acted, for the change log; None is the directory itself, under the name ``by``.
    doer: Doer | None = None
    #: SHA-256 of the evidence files, in hexadecimal.
    evidence: tuple[str, ...] = ()
    #: While suspended: the entry to use instead; '' when there is none.
    alternative: str = ""
    #: Published at once by the secretariat's setting, without an officer's look.
    unreviewed: bool = False


Rows = dict[type[Base], list[Row]]


def rows_before(one: Publication, old: Revision) -> Rows:
    """The rows that the revision before gave."""
    return rows_of(replace(one, record=from_dict(old.kind, old.record)))


def rows_of(one: Publication) -> Rows:
    """The rows of each projection, as the record gives them."""
    return {table: made(one) for table, made in _ROWS.items()}


def _head(one: Publication) -> EntryHead:
    return EntryHead(
        id=one.entry_id,
        kind=one.record.kind,
        state=one.state,
        status=one.status,
        revision=one.base + 1,
        name=display_name(one.record),
        synthetic=one.synthetic,
        conflict=bool(conflicts(one.record)),
        as_published=as_published(one.record),
        changed_at=one.at,
    )


def entry_row(one: Publication) -> Row:
    """The row of the entry itself, with the confirmation it is published with, if any."""
    head = _head(one)
    document = entry_document(head, visible_to_all_readers(one.record))
    officer = one.record if isinstance(one.record, LiaisonOfficerRecord) else None
    return {
        "id": head.id,
        "kind": head.kind,
        "state_code": head.state,
        "status": head.status,
        "revision": head.revision,
        "name": head.name,
        "synthetic": head.synthetic,
        "conflict": head.conflict,
        "restricted": is_restricted(one.record),
        "as_published": head.as_published,
        "changed_at": one.at,
        "visible_until": officer.posted_to if officer else None,
        "alternative_id": one.alternative,
        "unreviewed": one.unreviewed,
        "document": json.dumps(document, ensure_ascii=False, separators=(",", ":")),
    } | _confirmation_row(one)


_UNCONFIRMED: Row = {
    "confirmed_on": None,
    "confirmed_by": "",
    "confirmed_how": None,
    "due_on": None,
}


def _confirmation_row(one: Publication) -> Row:
    if one.confirmation is None:
        return {} if one.base else dict(_UNCONFIRMED)
    kind = one.record.kind
    return {
        "confirmed_on": one.confirmation.on,
        "confirmed_by": one.confirmation.by,
        "confirmed_how": one.confirmation.how,
        "due_on": freshness(kind, one.confirmation.on, one.at.date()).due_on,
    }


def revision_row(one: Publication) -> Row:
    """The row of the revision that is made."""
    return {
        "entry_id": one.entry_id,
        "number": one.base + 1,
        "status": one.status,
        "record": to_dict(one.record),
        "recorded_at": one.at,
        "recorded_by": one.by,
        "reason": one.reason,
    }


def _source_rows(one: Publication) -> list[Row]:
    return [
        {
            "entry_id": one.entry_id,
            "key": act.key,
            "kind": act.kind,
            "reference": act.reference,
            "date": act.date,
            "year": act.year,
            "link": act.link,
        }
        for act in one.record.sources
    ]


def _designations(record: Record) -> tuple[Designation, ...]:
    """The record's designations; kinds without any get one bare designation per type."""
    if isinstance(record, LiaisonOfficerRecord | RequirementsRecord):
        return tuple(
            Designation(key=kind.value, cooperation_type=kind, status=_OPERATIONAL)
            for kind in cooperation_types(record)
        )
    return record.designations


_OPERATIONAL = words.DesignationStatus.OPERATIONAL


def _designation_rows(one: Publication) -> list[Row]:
    return [_designation_row(one, designation) for designation in _designations(one.record)]


def _designation_row(one: Publication, designation: Designation) -> Row:
    valid_from, valid_to = days_of(designation)
    return {
        "entry_id": one.entry_id,
        "state_code": one.state,
        "key": designation.key,
        "cooperation_type": designation.cooperation_type,
        "instrument_code": designation.instrument or None,
        "article": designation.article,
        "territory_key": designation.territory or None,
        "scope_kind": designation.scope.kind if designation.scope else None,
        "scope": designation.scope.text if designation.scope else "",
        "rank": designation.rank,
        "function": designation.function,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "status": designation.status,
        "source_key": designation.source,
    }


def _channel_rows(one: Publication) -> list[Row]:
    if isinstance(one.record, RequirementsRecord):
        return []
    return [
        {
            "entry_id": one.entry_id,
            "position": position,
            "kind": channel.kind,
            "value": channel.value,
            "purpose": channel.purpose,
            "audience": channel.audience,
            "tlp": channel.tlp,
            "languages": list(channel.languages),
            "warning": channel.warning,
            "source_key": channel.source,
        }
        for position, channel in enumerate(one.record.channels)
    ]


def _liaison_rows(one: Publication) -> list[Row]:
    record = one.record
    if not isinstance(record, LiaisonOfficerRecord):
        return []
    relations = {(record.host_state, "host")} | {
        (code, "covered") for code in record.covered_states
    }
    return [
        {
            "entry_id": one.entry_id,
            "state_code": code,
            "relation": relation,
            "common_use": record.common_use,
        }
        for code, relation in sorted(relations)
        if code
    ]


def _hours_rows(one: Publication) -> list[Row]:
    hours = None if isinstance(one.record, RequirementsRecord) else one.record.hours
    if hours is None:
        return []
    return [
        {"entry_id": one.entry_id, "zone": hours.zone, "round_the_clock": hours.round_the_clock}
    ]


def _interval_rows(one: Publication) -> list[Row]:
    hours = None if isinstance(one.record, RequirementsRecord) else one.record.hours
    return [
        {
            "entry_id": one.entry_id,
            "weekday": interval.weekday,
            "opens": interval.opens,
            "closes": interval.closes,
        }
        for interval in (hours.intervals if hours else ())
    ]


_ROWS: Mapping[type[Base], Callable[[Publication], list[Row]]] = {
    tables.OpeningInterval: _interval_rows,
    tables.Hours: _hours_rows,
    tables.LiaisonState: _liaison_rows,
    tables.Channel: _channel_rows,
    tables.Designation: _designation_rows,
    tables.EntrySource: _source_rows,
}
