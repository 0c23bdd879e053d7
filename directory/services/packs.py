"""Duty packs: what one desk needs at night without a network, made for its key, for a few days.

A pack holds what its maker may see of 24/7 points and authorities, without lines that are shown on
a stated reason only. It is counted, stands in the read audit with every entry, and its hash in the
change log.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.book import ReferenceBook
from directory.domain.events import Event
from directory.domain.looking import Seen, Way
from directory.domain.marks import N_
from directory.domain.notes import Signer
from directory.domain.packs import DeskKey, NoDeskKey, seal_pack
from directory.domain.record import AuthorityRecord, ContactPointRecord, Designation, Hours
from directory.domain.validity import is_valid
from directory.domain.vocabulary import Audience, EntryKind
from directory.errors import Invalid, Problem, Unavailable
from directory.exchange.export import ExportedEntry
from directory.policy import Actor, require
from directory.queries.change_log import newest_checkpoint
from directory.queries.exports import ExportFilters, entries_to_export
from directory.queries.reference import read_book
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.editions import refuse_too_many
from directory.services.exports import mark_export
from directory.settings import Settings

MAKE = "packs:make"
LONGEST_NAME = 80
KINDS = (EntryKind.CONTACT_POINT, EntryKind.AUTHORITY)
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack to hand over."""

    serial: str
    content: bytes
    expires_at: dt.datetime


def pack_signer(settings: Settings) -> Signer | None:
    """The key that signs packs; None where there is none."""
    return signer_of(settings, settings.pack_key) if settings.pack_key else None


def signer_of(settings: Settings, seed: str) -> Signer:
    """The key made from a seed, under the name that packs are signed by."""
    return Signer.from_seed(f"{settings.log_name}-packs", seed)


def make_pack(
    uow: UnitOfWork,
    actor: Actor,
    settings: Settings,
    desk: str,
    desk_key: str,
    language: str,
    at: dt.datetime,
) -> Pack:
    """A pack for the desk of that name and public key.

    Raises ``Invalid``, ``InvalidState`` when too many were made in a day, and ``Unavailable`` where
    no key signs packs or nobody can write down who takes it.
    """
    require(actor, MAKE)
    key, signing = _checked(desk, desk_key), pack_signer(settings)
    if signing is None:
        raise Unavailable("No key signs duty packs yet: run 'directory keys new pack'.")
    refuse_too_many(uow, actor, "pack", settings.takes_daily, at)
    today = at.date()
    wanted = ExportFilters(kinds=KINDS)
    entries = tuple(entries_to_export(actor, uow.session, wanted, today))
    seen = [Seen(one.id, one.state) for one in entries]
    serial = mark_export(uow, actor, Way.EXPORT, "pack", f"duty pack for {key.id}", seen, at)
    expires = at + dt.timedelta(days=settings.pack_days)
    header = {
        "desk": desk.strip(),
        "serial": serial,
        "made_at": at.isoformat(timespec="seconds"),
        "expires_at": expires.isoformat(timespec="seconds"),
        "recipient": actor.name,
        **_witnessed(uow.session),
    }
    book = read_book(uow.session)
    try:
        made = seal_pack(header, pack_content(entries, book, language, today), key, signing)
    except NoDeskKey as error:
        raise _no_key() from error
    _record(uow, actor, serial, key, made, len(entries), at)
    return Pack(serial, made, expires)


def _checked(desk: str, desk_key: str) -> DeskKey:
    problems, key = [], None
    if not 0 < len(desk.strip()) <= LONGEST_NAME or not desk.strip().isprintable():
        text = N_("Name the desk in 1 to %(most)s characters.")
        problems.append(Problem("desk", text, {"most": LONGEST_NAME}))
    try:
        key = DeskKey.parse(desk_key)
    except NoDeskKey:
        problems += _no_key().problems
    if problems or key is None:
        raise Invalid(problems)
    return key


def _no_key() -> Invalid:
    text = N_(
        "Not a desk's public key: copy the whole line that open_pack.py shows, from desk1: on."
    )
    return Invalid([Problem("desk_key", text)])


def _witnessed(session: Session) -> Plain:
    newest = newest_checkpoint(session)
    return {"log_size": newest.size, "log_root": newest.root.hex()} if newest else {}


def pack_content(
    entries: tuple[ExportedEntry, ...], book: ReferenceBook, language: str, today: dt.date
) -> Plain:
    """What is encrypted: names of what codes stand for, 24/7 points, and authorities."""
    found = {kind: [_entry(one, today) for one in entries if one.kind is kind] for kind in KINDS}
    used = {duty["instrument"] for ones in found.values() for one in ones for duty in one["duties"]}
    return {
        "states": {code: state.name(language) for code, state in book.states.items()},
        "types": {
            kind.value: names.names.get(language) or names.names["en"]
            for kind, names in book.types.items()
        },
        "instruments": {
            code: one.short_title_in(language)
            for code, one in book.instruments.items()
            if code in used
        },
        "points": found[EntryKind.CONTACT_POINT],
        "authorities": found[EntryKind.AUTHORITY],
    }


def _entry(one: ExportedEntry, today: dt.date) -> Plain:
    record = one.record
    if not isinstance(record, AuthorityRecord | ContactPointRecord):
        raise TypeError(f"{one.kind} is in no pack")
    return {
        "id": one.id,
        "state": one.state,
        "name": one.name,
        "revision": one.revision,
        "channels": [
            {
                "kind": way.kind.value,
                "purpose": way.purpose.value,
                "value": " ".join(filter(None, (way.value, way.extension))),
            }
            for way in record.channels
            if way.audience is not Audience.BREAK_GLASS
        ],
        "hours": _hours(record.hours),
        "languages": ", ".join(record.languages_accepted),
        "duties": [_duty(each) for each in record.designations if is_valid(each, today)],
    }


def _hours(hours: Hours | None) -> str:
    if hours is None:
        return ""
    if hours.round_the_clock:
        return "24/7"
    spans = (f"{one.weekday} {one.opens}-{one.closes}" for one in hours.intervals)
    return f"{hours.zone}: {', '.join(spans)}"


def _duty(one: Designation) -> Plain:
    return {
        "type": one.cooperation_type.value,
        "instrument": one.instrument,
        "article": one.article,
        "territory": one.territory,
    }


def _record(
    uow: UnitOfWork,
    actor: Actor,
    serial: str,
    key: DeskKey,
    made: bytes,
    entries: int,
    at: dt.datetime,
) -> None:
    digest = hashlib.sha256(made).hexdigest()
    event = Event(
        at=at,
        doer=doer_of(actor),
        action="pack.made",
        subject_kind="pack",
        subject_id=serial,
        after={"desk_key": key.id, "entries": entries, "sha256": digest},
    )
    change_log.record(uow, event)
