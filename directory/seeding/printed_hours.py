"""Office hours as sources print them, made into weekly intervals where they can be read."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from directory.domain.record import Hours, Interval

_RANGE = r"(\d\d):(\d\d)-(\d\d):(\d\d)"
_ROUND_THE_CLOCK = re.compile(r"24/7|24 hours\b")
_WEEK = re.compile(
    rf"(?:working days )?{_RANGE}(?: direct line;.*)?(?: \((?P<extra>[^)]*)\))?", re.IGNORECASE
)
_LUNCH = re.compile(rf"lunch(?: break)? {_RANGE}")
_FRIDAY = re.compile(r"(\d\d):(\d\d) on Fridays")
_OFFSET = re.compile(r"(?:GMT|UTC)([+-])(\d{1,2})(?::(\d\d))?\b.*")

#: Days on which the offset of a zone is tried: winter and summer.
_DAYS = tuple(dt.datetime(2026, month, 15, 12, tzinfo=dt.UTC) for month in (1, 7))


def printed_hours(
    text: str, printed_zone: str, zones: tuple[str, ...], weekend: tuple[int, ...]
) -> Hours | None:
    """The hours, None when nothing is printed; what cannot be read stays in ``as_given`` alone.

    ``zones`` are those of the State or territory, the capital's first. A printed offset such as
    'GMT+8' picks the first zone that has it; without one the first zone is assumed, and marked.
    """
    if not text or not zones:
        return None
    zone = zone_with_offset(printed_zone, zones)
    as_given = f"{text} ({printed_zone})" if printed_zone else text
    round_the_clock = _ROUND_THE_CLOCK.search(text) is not None
    return Hours(
        zone=zone or zones[0],
        zone_assumed=not zone,
        round_the_clock=round_the_clock,
        intervals=() if round_the_clock else _intervals(text, weekend),
        as_given=as_given,
    )


def zone_with_offset(printed: str, zones: tuple[str, ...]) -> str:
    """The first of the zones that has the printed offset in winter or summer, '' when none has."""
    match = _OFFSET.fullmatch(printed)
    if match is None:
        return ""
    size = dt.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    offset = -size if match[1] == "-" else size
    for zone in zones:
        if any(day.astimezone(ZoneInfo(zone)).utcoffset() == offset for day in _DAYS):
            return zone
    return ""


def _intervals(text: str, weekend: tuple[int, ...]) -> tuple[Interval, ...]:
    match = _WEEK.fullmatch(text)
    if match is None:
        return ()
    extra = match["extra"] or ""
    opens, closes = _clock(match.groups()[0:2]), _clock(match.groups()[2:4])
    lunch = _LUNCH.fullmatch(extra)
    friday = _FRIDAY.fullmatch(extra)
    if extra and lunch is None and friday is None:
        return ()
    pauses = (_clock(lunch.groups()[0:2]), _clock(lunch.groups()[2:4])) if lunch else None
    found: list[Interval] = []
    for weekday in range(1, 8):
        if weekday not in weekend:
            end = _clock(friday.groups()) if friday and weekday == 5 else closes
            found += _day(weekday, opens, end, pauses)
    return tuple(found) if all(one.opens < one.closes for one in found) else ()


def _clock(parts: tuple[str, ...]) -> str:
    return f"{parts[0]}:{parts[1]}"


def _day(weekday: int, opens: str, closes: str, pause: tuple[str, str] | None) -> list[Interval]:
    if pause is None:
        return [Interval(weekday=weekday, opens=opens, closes=closes)]
    return [
        Interval(weekday=weekday, opens=opens, closes=pause[0]),
        Interval(weekday=weekday, opens=pause[1], closes=closes),
    ]
