"""A calendar of days (RFC 5545): each event lasts a day and keeps nobody busy."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from directory.exchange.content_lines import content_line, escaped

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//directory of competent national authorities//EN"
#: How often a calendar program shall ask again.
ASK_AGAIN = "PT12H"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEvent:
    """Something that is due on a day."""

    #: Stays the same when the day moves, so that programs move the event.
    uid: str
    day: dt.date
    summary: str
    description: str
    address: str
    changed_at: dt.datetime


def write_calendar(name: str, events: Iterable[DayEvent], at: dt.datetime) -> str:
    """The calendar, with CRLF."""
    lines = [
        content_line("BEGIN", "VCALENDAR"),
        content_line("VERSION", "2.0"),
        content_line("PRODID", escaped(PRODUCT)),
        content_line("CALSCALE", "GREGORIAN"),
        content_line("METHOD", "PUBLISH"),
        content_line("X-WR-CALNAME", escaped(name)),
        content_line("REFRESH-INTERVAL", ASK_AGAIN, [("VALUE", "DURATION")]),
        *(line for one in events for line in _event(one, at)),
        content_line("END", "VCALENDAR"),
    ]
    return "".join(lines)


def _event(one: DayEvent, at: dt.datetime) -> list[str]:
    following = one.day + dt.timedelta(days=1)
    return [
        content_line("BEGIN", "VEVENT"),
        content_line("UID", escaped(one.uid)),
        content_line("DTSTAMP", _moment(at)),
        content_line("LAST-MODIFIED", _moment(one.changed_at)),
        content_line("DTSTART", f"{one.day:%Y%m%d}", [("VALUE", "DATE")]),
        content_line("DTEND", f"{following:%Y%m%d}", [("VALUE", "DATE")]),
        content_line("SUMMARY", escaped(one.summary)),
        content_line("DESCRIPTION", escaped(one.description)),
        content_line("URL", one.address),
        content_line("TRANSP", "TRANSPARENT"),
        content_line("END", "VEVENT"),
    ]


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
