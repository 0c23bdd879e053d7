"""How plain values look on a page: dates, times, opening hours, channels, links."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from flask_babel import gettext, ngettext

from directory.domain import punctuation
from directory.domain.channel_values import DIALLED
from directory.domain.hours import zone_of
from directory.domain.record import Channel, Hours, Interval
from directory.domain.vocabulary import SPOKEN, ChannelKind
from directory.search.text import fold
from directory.web import i18n
from directory.web.labels import WEEKDAYS

#: Value and text of what can be chosen.
Choices = list[tuple[str, str]]

_ISO_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_MAILBOX = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")


def day(value: dt.date) -> str:
    """'23 Nov 2026', in the order of the language of the page."""
    if i18n.language() == i18n.SOURCE_LANGUAGE:
        return str(format_date(value, "d MMM yyyy", locale=i18n.locale()))
    return str(format_skeleton("yMMMd", value, locale=i18n.locale()))


@lru_cache(maxsize=4000)
def alphabetical(name: str) -> str:
    """What a name is sorted by: 'Égypte' stands before 'El Salvador', not after 'Zimbabwe'."""
    return fold(name)


def by_name(choices: Iterable[tuple[str, str]]) -> Choices:
    """What can be chosen, by what it is called."""
    return sorted(choices, key=lambda choice: alphabetical(choice[1]))


def published_day(value: str) -> str:
    """A day written '2014-05-01' as the page writes days; a year or words as they are."""
    return day(dt.date.fromisoformat(value)) if _ISO_DAY.fullmatch(value) else value


def clock(moment: dt.datetime) -> str:
    """'14:05' on the clock the moment is given in."""
    return str(format_time(moment, "HH:mm", locale=i18n.locale()))


def zone(moment: dt.datetime) -> str:
    """'EET, UTC+2': the zone's abbreviation where it has letters, and its distance from UTC."""
    offset = moment.utcoffset() or dt.timedelta()
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    distance = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    name = moment.tzname() or ""
    if not minutes:
        return "UTC"
    return f"{name}, {distance}" if name.isalpha() else distance


def weekday_clock(moment: dt.datetime) -> str:
    """'Tue 14:05'."""
    weekday = format_skeleton("E", moment, locale=i18n.locale())
    return f"{weekday} {clock(moment)}"


def lapse(time: dt.timedelta) -> str:
    """'25 min', '2 h', '2 h 05 min', '3 days': rounded down, minutes only within a day."""
    minutes = int(time.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return str(ngettext("%(num)s day", "%(num)s days", hours // 24))
    if not hours:
        return str(gettext("%(minutes)s min", minutes=rest))
    if not rest:
        return str(gettext("%(hours)s h", hours=hours))
    return str(gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=f"{rest:02}"))


def on_clock(moment: dt.datetime, zone_name: str) -> dt.datetime:
    """The moment as the clock of that zone shows it; '' is UTC."""
    return moment.astimezone(zone_of(zone_name) if zone_name else dt.UTC)


def seconds_lapse(seconds: int) -> str:
    """'40 s' below a minute, else as ``lapse`` writes it."""
    if seconds < 60:
        return str(gettext("%(seconds)s s", seconds=seconds))
    return lapse(dt.timedelta(seconds=seconds))


def days_ago(moment: dt.datetime, at: dt.datetime) -> str:
    """'today', 'yesterday' or '14 days ago', by days in UTC."""
    days = (at.astimezone(dt.UTC).date() - moment.astimezone(dt.UTC).date()).days
    if days <= 0:
        return str(gettext("today"))
    if days == 1:
        return str(gettext("yesterday"))
    return str(ngettext("%(num)s day ago", "%(num)s days ago", days))


def sentence(text: object) -> str:
    """With a capital at its beginning; the others stay as they are ('the State')."""
    words = str(text)
    return words[:1].upper() + words[1:]


def city(zone_name: str) -> str:
    """'Bucharest' of 'Europe/Bucharest', in the language of the page where CLDR has it."""
    found = get_timezone_location(zone_name, locale=i18n.locale(), return_city=True)
    return str(found).rpartition("/")[2]


def week(hours: Hours) -> Iterator[tuple[str, str]]:
    """Days with the same openings together: ('Monday to Friday', '08:00–12:00, 13:00–16:00')."""
    by_day = [_openings(hours.intervals, weekday) for weekday in range(1, 8)]
    first = 0
    while first < len(by_day):
        last = first
        while last + 1 < len(by_day) and by_day[last + 1] == by_day[first]:
            last += 1
        yield _days(first, last), by_day[first] or gettext("closed")
        first = last + 1


def listed(items: Iterable[object]) -> str:
    """'one, two, three', with the commas of the language of the page."""
    return punctuation.listed(items, i18n.language())


def between() -> str:
    """What stands between two members of a list."""
    return punctuation.between(i18n.language())


def comma() -> str:
    """The comma of the language of the page, with its space."""
    return punctuation.comma(i18n.language())


def semicolon() -> str:
    """The semicolon of the language of the page, with its space."""
    return punctuation.semicolon(i18n.language())


def colon() -> str:
    """The colon of the language of the page, with its space."""
    return punctuation.colon(i18n.language())


def stop() -> str:
    """What ends a sentence in the language of the page."""
    return punctuation.stop(i18n.language())


def _openings(intervals: tuple[Interval, ...], weekday: int) -> str:
    own = sorted(one.opens + "–" + one.closes for one in intervals if one.weekday == weekday)
    return listed(own)


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return str(gettext("%(first)s to %(last)s", first=WEEKDAYS[first], last=WEEKDAYS[last]))


def channel_text(channel: Channel) -> str:
    """A telephone in the international form, anything else as kept."""
    if channel.kind not in DIALLED or not channel.value.startswith("+"):
        return channel.value
    return _international(channel.value)


@lru_cache(maxsize=2000)
def _international(value: str) -> str:
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def channel_link(channel: Channel) -> str:
    """'tel:', 'mailto:' or a web address; '' where there is nothing to click."""
    value = channel.value
    if channel.kind in SPOKEN and re.fullmatch(r"\+\d{4,15}", value):
        extension = f";ext={channel.extension}" if channel.extension.isdecimal() else ""
        return f"tel:{value}{extension}"
    if channel.kind is ChannelKind.EMAIL and _MAILBOX.fullmatch(value):
        return f"mailto:{value}"
    if channel.kind in {ChannelKind.WEB_FORM, ChannelKind.SECURE_PLATFORM}:
        return web_link(value)
    return ""


def web_link(address: str) -> str:
    """An http address, completed where the source left the scheme out; '' for anything else."""
    candidate = address.strip()
    if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", candidate):
        candidate = f"https://{candidate}"
    split = urlsplit(candidate)
    return candidate if split.scheme in {"http", "https"} and split.netloc else ""


def is_written_otherwise(channel: Channel) -> bool:
    """Does the source's own writing say more than the form shown?"""
    digits = re.sub(r"[^\w@.]", "", channel.as_given)
    shown = re.sub(r"[^\w@.]", "", channel_text(channel))
    return bool(channel.as_given) and digits != shown


FILTERS: dict[str, Callable[..., object]] = {
    "day": day,
    "published_day": published_day,
    "clock": clock,
    "zone": zone,
    "weekday_clock": weekday_clock,
    "lapse": lapse,
    "sentence": sentence,
    "on_clock": on_clock,
    "seconds_lapse": seconds_lapse,
    "days_ago": days_ago,
    "city": city,
    "week": week,
    "listed": listed,
    "channel_text": channel_text,
    "channel_link": channel_link,
    "web_link": web_link,
    "is_written_otherwise": is_written_otherwise,
}

FUNCTIONS: dict[str, Callable[..., object]] = {
    "between": between,
    "colon": colon,
    "comma": comma,
    "semicolon": semicolon,
    "stop": stop,
}
