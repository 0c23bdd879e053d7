"""Random lives of an entry: amended, redated, suspended, several times a day or never."""

import datetime as dt
import random
from typing import Any

from directory.domain.as_of import Recorded
from directory.domain.record import from_dict
from directory.domain.vocabulary import EntryKind, EntryStatus
from tests.history.oracle import Entered

FIRST = dt.date(2026, 1, 10)
#: Days in which everything happens.
SPAN = 40
KINDS = (EntryKind.AUTHORITY, EntryKind.CONTACT_POINT, EntryKind.LIAISON_OFFICER)
KEYS = ("a", "b", "c")
Plain = dict[str, Any]


def some_day(rng: random.Random, margin: int = 15) -> dt.date:
    return FIRST + dt.timedelta(days=rng.randint(-margin, SPAN + margin))


def some_moment(rng: random.Random) -> dt.datetime:
    minutes = rng.randint(-2 * 1440, (SPAN + 2) * 1440)
    return dt.datetime.combine(FIRST, dt.time(), tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)


def some_history(rng: random.Random, kind: EntryKind) -> list[Entered]:
    """One to six revisions in the order of time."""
    moments = sorted({some_moment(rng) for _ in range(rng.randint(1, 6))})
    return [
        Entered(at, rng.choice(("published", "published", "suspended", "retired")), record)
        for at, record in zip(moments, _records(rng, kind, len(moments)), strict=True)
    ]


def _records(rng: random.Random, kind: EntryKind, count: int) -> list[Plain]:
    return [_record(rng, kind, number) for number in range(1, count + 1)]


def _record(rng: random.Random, kind: EntryKind, number: int) -> Plain:
    channel = {"kind": "telephone", "value": f"+4021555{number:04}"}
    plain: Plain = {"names": [{"text": f"Office {number}"}], "channels": [channel]}
    if kind is EntryKind.LIAISON_OFFICER:
        return plain | {"host_state": "FR"} | _period(rng, "posted_from", "posted_to")
    keys = [key for key in KEYS if rng.random() < 0.6]
    acts = [{"key": key, "kind": "note_verbale", "reference": f"Note {number}"} for key in keys]
    return plain | {"designations": [_designation(rng, key) for key in keys], "sources": acts}


def _designation(rng: random.Random, key: str) -> Plain:
    plain = {"key": key, "cooperation_type": "mla", "source": key}
    if rng.random() < 0.15:
        plain["superseded_by"] = ["x"]  # type: ignore[assignment]
    return plain | _period(rng, "valid_from", "valid_to")


def _period(rng: random.Random, first: str, last: str) -> Plain:
    begin, end = sorted((some_day(rng), some_day(rng)))
    period = {first: begin.isoformat(), last: end.isoformat()}
    return {name: day for name, day in period.items() if rng.random() < 0.5}


def recorded(history: list[Entered], kind: EntryKind) -> list[Recorded]:
    """The same for the code under test."""
    return [
        Recorded(
            number=number,
            at=one.at,
            status=EntryStatus(one.status),
            record=from_dict(kind, one.record),
        )
        for number, one in enumerate(history, 1)
    ]
