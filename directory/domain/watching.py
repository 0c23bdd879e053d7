"""What readers watch, what they are told of it, and what they looked up lately."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from directory.domain.answer import Answer, Question
from directory.domain.diff import diff
from directory.domain.record import Record
from directory.domain.vocabulary import CooperationType, EntryStatus

#: Watches and saved searches of one account; who needs more watches whole States.
MOST_WATCHES = 100
MOST_SAVED = 50
#: Look-ups that are remembered for one person, and for how long.
MOST_RECENT = 20
RECENT_FOR = dt.timedelta(days=30)
#: What a digest says beside the titles of fields.
ADDED = "+"
STATUS = "status"


class WatchKind(StrEnum):
    """What is watched."""

    #: One entry.
    ENTRY = "entry"
    #: Every entry of a State.
    STATE = "state"
    #: Whom the finder names in answer to a question.
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Version:
    """One revision of an entry as somebody may see it."""

    record: Record
    status: EntryStatus


def told_fields(before: Version | None, after: Version) -> tuple[str, ...]:
    """The fields of the record that differ, each once, and 'status'; ``ADDED`` for a new entry."""
    if before is None:
        return (ADDED,)
    fields = dict.fromkeys(one.field for one in diff(before.record, after.record))
    if before.status is not after.status:
        fields[STATUS] = None
    return tuple(fields)


def named_by(answer: Answer) -> tuple[str, ...]:
    """What an answer names: instruments in force, and entries with the part they stand in."""
    instruments = (f"instrument:{one.instrument.code}" for one in answer.instruments)
    entries = (
        f"{part}:{line.candidate.id}"
        for part, lines in (
            ("authority", answer.authorities),
            ("suspended", answer.suspended),
            ("nearest", answer.nearest),
            ("contact_point", answer.contact_points),
            ("liaison_officer", [one.contact for one in answer.liaison_officers]),
        )
        for line in lines
    )
    return (*instruments, *entries)


def question_key(question: Question) -> str:
    """The parameters of a watched question, as its address has them; its day is always today."""
    given = {
        "requesting": question.requesting,
        "requested": question.requested,
        "type": question.cooperation_type.value,
        "urgent": "1" if question.urgent else "",
        "instrument": question.instrument,
        "territory": question.territory,
    }
    return urlencode({name: value for name, value in given.items() if value})


def watched_question(key: str, at: dt.datetime) -> Question:
    """The question a watch was made with, asked at this moment."""
    given = dict(parse_qsl(key))
    return Question(
        requesting=given["requesting"],
        requested=given["requested"],
        cooperation_type=CooperationType(given["type"]),
        at=at,
        urgent="urgent" in given,
        instrument=given.get("instrument", ""),
        territory=given.get("territory", ""),
    )


def entries_named(named: Iterable[str]) -> tuple[str, ...]:
    """Identifiers of the entries among what an answer named, each once."""
    pairs = (one.partition(":") for one in named)
    return tuple(dict.fromkeys(key for part, _, key in pairs if part != "instrument"))


class Front(StrEnum):
    """Where a question was asked."""

    #: The counterpart finder.
    FINDER = "finder"
    #: The search by words.
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question somebody asked: where, its parameters as an address has them, and when."""

    front: Front
    query: str
    at: dt.datetime


def with_lookup(recent: Iterable[Lookup], new: Iterable[Lookup]) -> tuple[Lookup, ...]:
    """The look-ups with the new ones, the latest first: each question once, few, not for long."""
    ordered = sorted((*recent, *new), key=lambda one: one.at, reverse=True)
    if not ordered:
        return ()
    latest = {(one.front, one.query): one for one in reversed(ordered)}
    still = ordered[0].at - RECENT_FOR
    kept = sorted(latest.values(), key=lambda one: one.at, reverse=True)
    return tuple(one for one in kept if one.at >= still)[:MOST_RECENT]
