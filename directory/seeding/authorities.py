"""Rows of one authority made into records: names, addresses, channels, hours, designations."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from anyascii import anyascii

from directory.domain.record import (
    Address,
    AuthorityRecord,
    Channel,
    ContactPointRecord,
    Designation,
    Hours,
    Name,
    SourceAct,
)
from directory.domain.vocabulary import CooperationType, EntryKind, NameForm
from directory.seeding.contacts import emails, special_channels, telephones
from directory.seeding.designations import Bases, designations
from directory.seeding.places import Places, words
from directory.seeding.printed_hours import printed_hours
from directory.seeding.printed_languages import printed_languages
from directory.seeding.rows import DesignationRow, Part

Item = TypeVar("Item")

_REMARK = re.compile(r"\s*\((?:BOE|as rendered)[^)]*\)")
_LATIN = re.compile(r"[A-Za-z]")
#: Official languages not written in Latin letters: a name in Latin letters is not in them.
_OTHER_SCRIPTS = words(
    "am ar be bg dv dz el fa he hi hy ja ka kk km ko ky "
    "lo mk mn my ne ps ru si sr ta th ti uk ur zh"
)
_MINISTRY_FIRST = re.compile(
    r"(?P<ministry>(?:Federal )?(?:Ministry|Department) (?:of|for) [^,]+?(?:, [^,]+?)*?), "
    r"(?P<unit>(?:Directorate|Department|Dept|Division|Office|Section|Sub|Unit|Service|Bureau)\b.*)"
)
_MINISTRY_LAST = re.compile(r".+, (?P<ministry>(?:Federal )?Ministry (?:of|for) [^,]+)")
_NOISE = words(
    "no nr str street ul ulica boulevard bulevardi bvd blvd blv avenue av ave rue p o po box "
    "postbus postfach principality of the and"
)


@dataclass(frozen=True, slots=True)
class RowPart:
    """The types of a row that belong to one kind of entry."""

    row: DesignationRow
    types: tuple[CooperationType, ...]


def parts_for(kind: EntryKind, rows: Iterable[DesignationRow]) -> list[RowPart]:
    """The parts of the rows that make an entry of that kind, newest source first.

    Preservation of electronic evidence, and what was notified as a 24/7 point, makes a contact
    point; the same row's other types make an authority.
    """
    parts = []
    for row in rows:
        point: set[CooperationType] = {CooperationType.E_EVIDENCE} & set(row.types)
        if row.role is Part.CONTACT_POINT and not point:
            point = set(row.types)
        wanted = point if kind is EntryKind.CONTACT_POINT else set(row.types) - point
        if wanted:
            parts.append(RowPart(row, tuple(one for one in row.types if one in wanted)))
    return sorted(parts, key=lambda part: _age(part.row))


def _age(row: DesignationRow) -> tuple[int, int, str]:
    """Sorts the newest first."""
    effective = row.effective_from.toordinal() if row.effective_from else 0
    return -row.source_year, -effective, row.id


class RecordBuilder:
    """Builds records; knows the other rows, the legal bases and the places."""

    def __init__(self, rows: Sequence[DesignationRow], bases: Bases, places: Places) -> None:
        self._rows = {row.id: row for row in rows}
        self._bases = bases
        self._places = places

    def authority(self, parts: Sequence[RowPart]) -> AuthorityRecord:
        rows = [part.row for part in parts]
        unit, ministry = _unit_and_ministry(rows[0].name_en)
        accepted, spoken, as_given = _languages(rows)
        return AuthorityRecord(
            names=self._names(rows),
            unit=unit,
            ministry=ministry,
            addresses=self._addresses(rows),
            channels=self._channels(rows),
            hours=self._hours([row for row in rows if "art. 35" not in row.hours]),
            languages_accepted=accepted,
            languages_accepted_as_given=as_given,
            languages_spoken=spoken,
            website=_website(rows),
            designations=self._designations(parts),
            sources=_sources(rows),
            note=_note(rows),
        )

    def contact_point(self, parts: Sequence[RowPart], formal_authority: str) -> ContactPointRecord:
        rows = [part.row for part in parts]
        unit, ministry = _unit_and_ministry(rows[0].name_en)
        accepted, spoken, as_given = _languages(rows)
        designated = self._designations(parts)
        return ContactPointRecord(
            names=self._names(rows),
            unit=unit,
            ministry=ministry,
            network=f"{designated[0].instrument} {designated[0].article}",
            addresses=self._addresses(rows),
            channels=self._channels(rows),
            hours=self._hours(rows),
            languages_accepted=accepted,
            languages_accepted_as_given=as_given,
            languages_spoken=spoken,
            formal_authority=formal_authority,
            website=_website(rows),
            designations=designated,
            sources=_sources(rows),
            note=_note(rows),
        )

    def _names(self, rows: Sequence[DesignationRow]) -> tuple[Name, ...]:
        names = chain.from_iterable(self._row_names(row) for row in rows)
        return tuple(_first_by(names, lambda name: name.text.casefold()))

    def _row_names(self, row: DesignationRow) -> Iterable[Name]:
        languages = self._places.state(row.state).languages
        english = _REMARK.sub("", row.name_en)
        if row.name_original and row.name_original != row.name_en:
            rendered = "rendered" in row.note
            language = _only_language(row.name_original, languages)
            form = NameForm.RENDERING if rendered else NameForm.ORIGINAL
            yield Name(text=row.name_original, form=form, language=language)
            yield Name(text=english, form=NameForm.RENDERING, language="en")
        elif row.name_original:
            form = NameForm.ORIGINAL if "en" in languages else NameForm.TRANSLATION
            yield Name(text=english, form=form, language="en")
        else:
            yield Name(text=english, form=NameForm.RENDERING, language="en")

    def _addresses(self, rows: Sequence[DesignationRow]) -> tuple[Address, ...]:
        found: list[Address] = []
        seen: list[frozenset[str]] = []
        for row in rows:
            telling = self._address_words(row)
            if not row.address or any(telling <= other or other <= telling for other in seen):
                continue
            seen.append(telling)
            city = self._places.city(row.state, row.address)
            found.append(Address(text=row.address, city=city, source=row.source))
        return tuple(found)

    def _address_words(self, row: DesignationRow) -> frozenset[str]:
        """What distinguishes an address: without street words, postcode letters and the State."""
        found = words(anyascii(row.address).casefold())
        short = {word for word in found if len(word) <= 2 and not word.isdigit()}
        return found - _NOISE - short - self._places.state_words(row.state)

    def _channels(self, rows: Sequence[DesignationRow]) -> tuple[Channel, ...]:
        channels = chain.from_iterable(self._row_channels(row) for row in rows)
        return tuple(_first_by(channels, lambda one: (one.kind, one.value, one.extension)))

    def _row_channels(self, row: DesignationRow) -> Iterable[Channel]:
        region = self._places.phone_region(row)
        yield from telephones(row.telephone, region, row.source)
        yield from telephones(row.telephone_other, region, row.source)
        yield from telephones(row.fax, region, row.source, fax=True)
        yield from emails(row.email, row.source)
        yield from special_channels(row.urgent_channel, row.source)

    def _hours(self, rows: Iterable[DesignationRow]) -> Hours | None:
        row = next((row for row in rows if row.hours), None)
        if row is None:
            return None
        weekend = self._places.state(row.state).weekend
        return printed_hours(row.hours, row.zone, self._places.zones(row), weekend)

    def _designations(self, parts: Iterable[RowPart]) -> tuple[Designation, ...]:
        return tuple(
            one
            for part in parts
            for one in designations(part.row, part.types, self._bases, self._rows, self._places)
        )


def _first_by(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[Item]:
    """The items without those whose key came before, so that the newest source stands."""
    found: dict[Hashable, Item] = {}
    for item in items:
        found.setdefault(key(item), item)
    return list(found.values())


def _only_language(name: str, languages: Sequence[str]) -> str:
    """The State's language where it has but one and the name is written in its script."""
    if len(languages) != 1:
        return ""
    latin = _LATIN.search(name) is not None
    return languages[0] if latin != (languages[0] in _OTHER_SCRIPTS) else ""


def _unit_and_ministry(name: str) -> tuple[str, str]:
    """Unit and parent ministry where the name prints both beyond doubt, else ('', '')."""
    name = _REMARK.sub("", name)
    first = _MINISTRY_FIRST.fullmatch(name)
    if first:
        return first["unit"], first["ministry"]
    last = _MINISTRY_LAST.fullmatch(name)
    return ("", last["ministry"]) if last else ("", "")


def _languages(
    rows: Sequence[DesignationRow],
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Accepted and spoken languages of the newest row that gives any; all rows as printed."""
    printed = list(dict.fromkeys(row.languages for row in rows if row.languages))
    if not printed:
        return (), (), ""
    newest = printed_languages(printed[0])
    return newest.accepted, newest.spoken, " | ".join(printed)


def _website(rows: Sequence[DesignationRow]) -> str:
    site = next((row.website for row in rows if row.website), "")
    return site if not site or "://" in site else f"http://{site}"


def _sources(rows: Sequence[DesignationRow]) -> tuple[SourceAct, ...]:
    acts = (
        SourceAct(
            key=row.source,
            kind=row.source_kind,
            reference=row.source,
            year=row.source_year,
            link=row.source_url,
            note=row.source_words,
        )
        for row in rows
    )
    return tuple(_first_by(acts, lambda act: act.key))


def _note(rows: Sequence[DesignationRow]) -> str:
    """Urgent channels that are no channel of their own ('fax followed by mail')."""
    own = ("interpol", "diplomatic")
    others = [
        row.urgent_channel
        for row in rows
        if row.urgent_channel and not any(word in row.urgent_channel.lower() for word in own)
    ]
    return f"In urgent cases, as printed: {'; '.join(others)}" if others else ""
