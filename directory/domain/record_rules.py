"""Rules of a record that no single field shows: each broken one gives a problem with its path.

Real entries are untidy, so a problem that the published record has already does not stop a change
elsewhere (``new_problems``); what is typed anew must be right.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from directory.domain.book import ReferenceBook
from directory.domain.channel_values import stored_value
from directory.domain.marks import N_
from directory.domain.plain_text import text_problems
from directory.domain.record import (
    Channel,
    ContactPointRecord,
    Designation,
    Hours,
    LiaisonOfficerRecord,
    Record,
    RequirementsRecord,
)
from directory.domain.vocabulary import (
    ADDRESS_NOT_VALID,
    NOT_A_NUMBER,
    SPOKEN,
    URGENT,
    Audience,
    ChannelKind,
    Possible,
)
from directory.errors import Problem

#: Most characters of a text, by the name of its field; all others have ``LONGEST``.
LONGEST = 300
LONGEST_BY_FIELD = {
    "note": 4000,
    "text": 2000,
    "as_given": 2000,
    "languages_accepted_as_given": 2000,
    "alternative": 4000,
    "contents": 2000,
    "legal_requirements": 8000,
    "dual_criminality": 4000,
    "limits_on_use": 4000,
    "urgent_procedure": 4000,
    "time_limits": 4000,
    "costs": 4000,
    "value": 320,
    "key": 60,
    "city": 120,
    "extension": 20,
    "article": 40,
    "function": 60,
    "fingerprint": 128,
    "link": 1000,
    "links": 1000,
    "website": 1000,
}
#: Most parts of one kind in a record.
MOST_PARTS = 100
#: Fields with line breaks.
LINES = frozenset(
    {"note", "text", "as_given", "legal_requirements", "dual_criminality", "limits_on_use"}
    | {"urgent_procedure", "time_limits", "costs", "alternative", "contents"}
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_LINK = re.compile(r"https?://[^\s/?#]+([/?#]\S*)?", re.IGNORECASE)
_FINGERPRINT = re.compile(r"([0-9A-Fa-f]{4}[ :]?)+")
_SCHEMES = frozenset({"openpgp", "smime"})
LAST_LINE = N_("A 24/7 point keeps at least one urgent telephone: replace it, never remove it.")


def record_problems(record: Record, state: str, book: ReferenceBook) -> list[Problem]:
    """Every broken rule of the record of an entry of ``state``."""
    found = [*_texts("", record), *_parts(record), *_codes(record, state, book)]
    if isinstance(record, RequirementsRecord):
        return [*found, *_requirements(record)]
    found += [*_names(record), *_channels(record.channels), *_hours(record.hours)]
    if isinstance(record, LiaisonOfficerRecord):
        return [*found, *_officer(record, state)]
    found += [*_designations(record.designations), *_keys(record), *_website(record.website)]
    if isinstance(record, ContactPointRecord):
        found += _point(record)
    return found


def new_problems(
    before: Record | None, after: Record, state: str, book: ReferenceBook
) -> list[Problem]:
    """The problems of ``after`` that ``before`` does not have already."""
    found = record_problems(after, state, book)
    if before is None:
        return found
    if _loses_urgent_lines(before, after):
        found.append(Problem("channels", LAST_LINE))
    old = Counter(_sameness(one) for one in record_problems(before, state, book))
    fresh = []
    for one in found:
        if old[_sameness(one)] > 0:
            old[_sameness(one)] -= 1
        else:
            fresh.append(one)
    return fresh


def _loses_urgent_lines(before: Record, after: Record) -> bool:
    """Had the point a telephone marked as urgent, and has it none any more?"""
    if not (isinstance(before, ContactPointRecord) and isinstance(after, ContactPointRecord)):
        return False
    return bool(_marked_urgent(before)) and not _marked_urgent(after) and bool(urgent_lines(after))


def _sameness(problem: Problem) -> tuple[str, str, str]:
    path = re.sub(r"\.\d+", "", problem.path)
    return path, problem.message, repr(sorted(problem.params.items()))


def _texts(path: str, value: Any, name: str = "") -> Iterator[Problem]:
    """Every text anywhere in the record: its length and its characters."""
    if isinstance(value, str):
        longest = LONGEST_BY_FIELD.get(name, LONGEST)
        yield from text_problems(path, value, longest, lines=name in LINES)
    elif isinstance(value, tuple):
        for position, part in enumerate(value):
            yield from _texts(f"{path}.{position}", part, name)
    elif is_dataclass(value):
        for one in fields(value):
            inner = f"{path}.{one.name}" if path else one.name
            yield from _texts(inner, getattr(value, one.name), one.name)


def _parts(record: Record) -> Iterator[Problem]:
    for one in fields(record):
        value = getattr(record, one.name)
        if isinstance(value, tuple) and len(value) > MOST_PARTS:
            yield Problem(one.name, N_("Give at most %(most)s of these."), {"most": MOST_PARTS})


def _names(record: Any) -> Iterator[Problem]:
    if not record.names:
        yield Problem("names", N_("Give the name, in the original language at least."))
    for position, name in enumerate(record.names):
        if not name.text.strip():
            yield Problem(f"names.{position}.text", N_("Give the name, or take the line away."))


def _channels(channels: tuple[Channel, ...]) -> Iterator[Problem]:
    seen: set[tuple[str, str, str, str]] = set()
    for position, one in enumerate(channels):
        yield from _channel(f"channels.{position}", one)
        key = (one.kind.value, one.value, one.extension, one.purpose.value)
        if key in seen:
            yield Problem(
                f"channels.{position}.value",
                N_("The same channel, %(value)s, stands there twice."),
                {"value": one.value},
            )
        seen.add(key)


def _channel(path: str, one: Channel) -> Iterator[Problem]:
    if not one.value.strip():
        yield Problem(f"{path}.value", N_("Give the number or address, or take the line away."))
        return
    warning = stored_value(one.kind, one.value, "ZZ")[1]
    if warning == NOT_A_NUMBER and not any(letter.isdigit() for letter in one.value):
        message = N_("'%(value)s' is no telephone number; write it with its country code.")
        yield Problem(f"{path}.value", message, {"value": one.value})
    if warning == ADDRESS_NOT_VALID:
        message = N_("'%(value)s' is no e-mail address.")
        yield Problem(f"{path}.value", message, {"value": one.value})
    if one.kind is ChannelKind.WEB_FORM and not _LINK.fullmatch(one.value):
        yield Problem(f"{path}.value", N_("Give the whole address, with https://."))
    yield from _languages(f"{path}.languages", one.languages)


def _languages(path: str, tags: Iterable[str]) -> Iterator[Problem]:
    for position, tag in enumerate(tags):
        if not _LANGUAGE.fullmatch(tag):
            message = N_("'%(tag)s' is no language code; write for example fr or pt-BR.")
            yield Problem(f"{path}.{position}", message, {"tag": tag})


@cache
def time_zones() -> frozenset[str]:
    """The names of the IANA zones; listing them walks through the files of all."""
    return frozenset(available_timezones())


def _hours(hours: Hours | None) -> Iterator[Problem]:
    if hours is None:
        return
    if hours.zone not in time_zones():
        message = N_("'%(zone)s' is no time zone; choose one such as Europe/Bucharest.")
        yield Problem("hours.zone", message, {"zone": hours.zone})
    for position, one in enumerate(hours.intervals):
        path = f"hours.intervals.{position}"
        if not 1 <= one.weekday <= 7:
            yield Problem(f"{path}.weekday", N_("Days run from 1 (Monday) to 7 (Sunday)."))
        if not (_TIME.fullmatch(one.opens) and _TIME.fullmatch(one.closes)):
            yield Problem(path, N_("Write times as 08:30; 24:00 ends a day."))
        elif one.opens >= one.closes:
            yield Problem(path, N_("It closes before it opens; split what runs past midnight."))
    yield from _overlaps(hours)
    for position, closure in enumerate(hours.closures):
        if closure.last < closure.first:
            yield Problem(f"hours.closures.{position}", N_("The last day is before the first."))


def _overlaps(hours: Hours) -> Iterator[Problem]:
    ordered = sorted(hours.intervals, key=lambda one: (one.weekday, one.opens))
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.opens < before.closes:
            message = N_("Two opening times of one day overlap.")
            yield Problem("hours.intervals", message, {"weekday": before.weekday})


def _designations(designations: tuple[Designation, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, one in enumerate(designations):
        path = f"designations.{position}"
        if not one.key.strip():
            yield Problem(f"{path}.key", N_("Each designation needs a reference of its own."))
        if one.key in seen:
            message = N_("Two designations have the reference %(key)s.")
            yield Problem(f"{path}.key", message, {"key": one.key})
        seen.add(one.key)
        yield from _ends_after_beginning(f"{path}.valid_to", one.valid_from, one.valid_to)
        if one.article and not one.instrument:
            yield Problem(f"{path}.instrument", N_("An article needs its instrument."))


def _ends_after_beginning(
    path: str, first: dt.date | None, last: dt.date | None
) -> Iterator[Problem]:
    if first and last and last < first:
        message = N_("It ends on %(last)s, before it begins on %(first)s.")
        yield Problem(path, message, {"first": first.isoformat(), "last": last.isoformat()})


def _keys(record: Any) -> Iterator[Problem]:
    for position, key in enumerate(record.keys):
        path = f"keys.{position}"
        if key.scheme not in _SCHEMES:
            yield Problem(f"{path}.scheme", N_("Choose openpgp or smime."))
        if not _FINGERPRINT.fullmatch(key.fingerprint):
            message = N_("Give the fingerprint in hexadecimal digits.")
            yield Problem(f"{path}.fingerprint", message)
        if key.link:
            yield from _website(key.link, f"{path}.link")


def _website(link: str, path: str = "website") -> Iterator[Problem]:
    if link and not _LINK.fullmatch(link):
        message = N_("'%(link)s' is no web address; write it with https://.")
        yield Problem(path, message, {"link": link})


def _point(record: ContactPointRecord) -> Iterator[Problem]:
    """A contact point is never without a working line."""
    if not urgent_lines(record):
        message = N_(
            "A 24/7 point keeps at least one urgent telephone; replace it, never remove it."
        )
        yield Problem("channels", message)
    elif all(one.audience is Audience.OWN_STATE for one in urgent_lines(record)):
        message = N_("At least one urgent telephone must be open to other States.")
        yield Problem("channels", message)
    yield from _languages("languages_night", record.languages_night)


def urgent_lines(record: ContactPointRecord) -> tuple[Channel, ...]:
    """The telephones of a point that can be dialled in urgency.

    Where none is marked urgent every telephone is: the whole point is there for urgent calls.
    """
    return _marked_urgent(record) or _spoken(record)


def _spoken(record: ContactPointRecord) -> tuple[Channel, ...]:
    return tuple(
        one for one in record.channels if one.kind in SPOKEN and any(c.isdigit() for c in one.value)
    )


def _marked_urgent(record: ContactPointRecord) -> tuple[Channel, ...]:
    return tuple(one for one in _spoken(record) if one.purpose in URGENT)


def _officer(record: LiaisonOfficerRecord, state: str) -> Iterator[Problem]:
    yield from _ends_after_beginning("posted_to", record.posted_from, record.posted_to)
    if not record.host_state:
        yield Problem("host_state", N_("Give the State the officer is posted in."))
    if record.host_state == state:
        yield Problem("host_state", N_("The officer is posted in another State than the own."))
    if record.host_state in record.covered_states:
        yield Problem("covered_states", N_("The host State is covered already."))


def _requirements(record: RequirementsRecord) -> Iterator[Problem]:
    if record.possible is Possible.PARTLY and not record.alternative.strip():
        yield Problem("alternative", N_("Say to what extent, or what can be done instead."))
    for position, link in enumerate(record.links):
        yield from _website(link, f"links.{position}")


def _codes(record: Record, state: str, book: ReferenceBook) -> Iterator[Problem]:
    """Codes of States, instruments and territories that the directory does not know."""
    unknown = N_("The directory does not know %(code)s.")
    territories = {one.key for one in book.states[state].territories}
    for path, code, known in _named_codes(record, territories, book):
        if code and code not in known:
            yield Problem(path, unknown, {"code": code})
    sources = {act.key for act in record.sources}
    for path, key in _named_sources(record):
        if key and key not in sources:
            yield Problem(path, N_("No source of this record is called %(key)s."), {"key": key})
    for name in ("languages_accepted", "languages_spoken"):
        yield from _languages(name, getattr(record, name, ()))


def _named_codes(
    record: Record, territories: set[str], book: ReferenceBook
) -> Iterator[tuple[str, str, Iterable[str]]]:
    if isinstance(record, LiaisonOfficerRecord):
        yield "host_state", record.host_state, book.states
        for position, code in enumerate(record.covered_states):
            yield f"covered_states.{position}", code, book.states
    elif not isinstance(record, RequirementsRecord):
        for position, one in enumerate(record.designations):
            yield f"designations.{position}.instrument", one.instrument, book.instruments
            yield f"designations.{position}.territory", one.territory, territories


def _named_sources(record: Record) -> Iterator[tuple[str, str]]:
    for name in ("addresses", "channels", "designations"):
        for position, part in enumerate(getattr(record, name, ())):
            yield f"{name}.{position}.source", part.source
