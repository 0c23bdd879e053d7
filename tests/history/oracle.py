"""A slow and simple answer to 'what held on day D, as known at K', to hold the quick one against.

It plays the life of an entry day by day on plain values, knows nothing of the code under test, and
keeps to the four rules as ARCHITECTURE.md states them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

Plain = dict[str, Any]
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Entered:
    """A revision as it was entered: its moment and its record in plain form."""

    at: dt.datetime
    status: str
    record: Plain


@dataclass(frozen=True)
class Held:
    """What held that day."""

    number: int
    status: str
    channels: list[str]
    #: Keys of the designations that held.
    designations: set[str]
    posted: tuple[str, str]


def held(history: list[Entered], day: dt.date, known: dt.datetime) -> Held | None:
    """Walk from the day of the first revision to the day asked for."""
    seen = [one for one in history if not one.at > known]
    if not seen:
        return None
    number = 1
    today = seen[0].at.date()
    while today < day:
        today += ONE_DAY
        while number < len(seen) and not seen[number].at.date() > today:
            number += 1
    if day >= seen[0].at.date():
        # Several revisions of the first day itself.
        while number < len(seen) and not seen[number].at.date() > day:
            number += 1
    said, last = seen[number - 1], seen[-1]
    return Held(
        number=number,
        status=said.status,
        channels=[one["value"] for one in said.record.get("channels", [])],
        designations=_designated(said.record, last.record, day),
        posted=(last.record.get("posted_from", ""), last.record.get("posted_to", "")),
    )


def _designated(said: Plain, last: Plain, day: dt.date) -> set[str]:
    then = {one["key"]: one for one in said.get("designations", [])}
    now = {one["key"]: one for one in last.get("designations", [])}
    found = set()
    for key in then.keys() | now.keys():
        if key not in then and "valid_from" not in now[key]:
            continue
        dates = now.get(key) or then[key]
        if _holds(dates, day):
            found.add(key)
    return found


def _holds(dates: Plain, day: dt.date) -> bool:
    text = day.isoformat()
    if "valid_from" in dates and text < dates["valid_from"]:
        return False
    if "valid_to" in dates:
        return bool(text <= dates["valid_to"])
    return not dates.get("superseded_by")
