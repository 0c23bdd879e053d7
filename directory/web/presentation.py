"""How values look on a page: dates, times, numbers of telephones, reasons, names by code."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from flask import g, request, url_for
from flask_babel import gettext
from markupsafe import Markup

from directory.domain.book import ReferenceBook
from directory.domain.reasons import Reason, render
from directory.domain.record import Channel, Hours, Interval, Record, display_name
from directory.domain.reference import LegalBasis
from directory.domain.vocabulary import (
    AddressPurpose,
    ChannelKind,
    CooperationType,
    EntryKind,
)
from directory.errors import Problem
from directory.queries.reference import get_book
from directory.queries.search import SearchItem
from directory.web import i18n
from directory.web.context import actor, parts, reading
from directory.web.labels import DUTIES, REGIONAL_GROUPS, WEEKDAYS, channel_warning, label

_TELEPHONES = frozenset({ChannelKind.TELEPHONE, ChannelKind.MOBILE, ChannelKind.FAX})
_CALLABLE = frozenset({ChannelKind.TELEPHONE, ChannelKind.MOBILE})
#: Kind of a search result that is a State and no entry.
STATE_HIT = "state"
_ISO_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_MAILBOX = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")


# --- dates and times ---------------------------------------------------------------------------


def day(value: dt.date) -> str:
    """'23 Nov 2026'."""
    return str(format_date(value, "d MMM yyyy", locale=i18n.locale()))


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


def city(zone_name: str) -> str:
    """'Bucharest' of 'Europe/Bucharest'."""
    return zone_name.rpartition("/")[2].replace("_", " ")


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


def _openings(intervals: tuple[Interval, ...], weekday: int) -> str:
    own = sorted(one.opens + "–" + one.closes for one in intervals if one.weekday == weekday)
    return ", ".join(own)


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return str(gettext("%(first)s to %(last)s", first=WEEKDAYS[first], last=WEEKDAYS[last]))


# --- channels ----------------------------------------------------------------------------------


def channel_text(channel: Channel) -> str:
    """A telephone in the international form, anything else as kept."""
    if channel.kind not in _TELEPHONES or not channel.value.startswith("+"):
        return channel.value
    try:
        number = phonenumbers.parse(channel.value)
    except phonenumbers.NumberParseException:
        return channel.value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def channel_link(channel: Channel) -> str:
    """'tel:', 'mailto:' or a web address; '' where there is nothing to click."""
    value = channel.value
    if channel.kind in _CALLABLE and re.fullmatch(r"\+\d{4,15}", value):
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


# --- names by code -----------------------------------------------------------------------------


def book() -> ReferenceBook:
    """The reference data, read once for the request."""
    if "book" not in g:
        g.book = get_book(actor(), reading())
    found: ReferenceBook = g.book
    return found


def state_name(code: str) -> str:
    """The State's official name in the language of the page, else its code."""
    state = book().states.get(code)
    return state.name(i18n.language()) if state else code


def type_name(kind: CooperationType) -> str:
    """What a cooperation type is called in the language of the page."""
    names = book().types[kind].names
    return names.get(i18n.language()) or names["en"]


def instrument_title(code: str) -> str:
    """The short title by which practitioners know a treaty."""
    instrument = book().instruments.get(code)
    return instrument.short_title if instrument else code


def territory_name(key: str) -> str:
    """The name of a territory."""
    return book().territory_names.get(key, key)


def region_name(name: str) -> str:
    """The name of a regional group; '' is what stands in none."""
    return str(REGIONAL_GROUPS.get(name, name)) if name else gettext("In no regional group")


def duty(basis: LegalBasis) -> str:
    """Whether an article obliges a State to designate, in words."""
    word = basis.must_designate.partition(" ")[0]
    return str(DUTIES.get(word, basis.must_designate))


def field_name(field: str) -> str:
    """What a field that sources contradict one another on is called."""
    group, _, purpose = field.partition(".")
    return str(label(AddressPurpose(purpose)) if group == "address" else label(ChannelKind(field)))


def language_name(code: str) -> str:
    """'French' for 'fr', in the language of the page."""
    try:
        return Locale.parse(code, sep="-").get_display_name(i18n.locale()) or code
    except (UnknownLocaleError, ValueError):
        return code


def text_direction(language: str) -> str:
    """'rtl' or 'ltr' for a language tag, 'auto' where it is unknown."""
    try:
        return str(Locale.parse(language, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "auto"


def languages_text(codes: tuple[str, ...]) -> str:
    """'French, English', in the order given."""
    return ", ".join(language_name(code) for code in codes)


# --- reasons -----------------------------------------------------------------------------------


def say(reason: Reason) -> str:
    """The sentence of a reason in the language of the page, its codes replaced by names."""
    return render(reason, gettext, said)


def rule_text(rule: str) -> str:
    """'DRUGS-1988 7(10)' as '1988 Drug Convention, article 7(10)'."""
    code, _, article = rule.partition(" ")
    if not article:
        return isolated(rule)
    title = isolated(instrument_title(code))
    words = gettext("%(instrument)s, article %(article)s")
    return str(words % {"instrument": title, "article": isolated(article)})


def isolated(text: str) -> str:
    """The text kept together on a page that runs the other way; '27(2)' would fall apart."""
    return f"\u2068{text}\u2069" if i18n.direction() == "rtl" else text


_NAMED: dict[str, Callable[[str], str]] = {
    "state": state_name,
    "other": state_name,
    "instrument": instrument_title,
    "parent": instrument_title,
    "territory": territory_name,
    "published": published_day,
}


def said(name: str, value: object) -> str:
    """A parameter of a reason in the reader's words."""
    if isinstance(value, CooperationType):
        return type_name(value)
    if isinstance(value, dt.date):
        return day(value)
    if name == "treaties":
        return isolated(", ".join(instrument_title(code) for code in str(value).split(", ")))
    return isolated(_NAMED[name](str(value)) if name in _NAMED else str(value))


# --- problems ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem in the language of the page."""

    path: str
    text: str


def problem_text(problem: Problem) -> str:
    """What is wrong and what would be right."""
    words = str(gettext(problem.message))
    return words % problem.params if problem.params else words


def problem_lines(problems: Iterable[Problem]) -> list[ProblemLine]:
    """Problems, ready for the page."""
    return [ProblemLine(problem.path, problem_text(problem)) for problem in problems]


# --- addresses of pages ------------------------------------------------------------------------


def url_with(**changes: object) -> str:
    """The address of this page with parameters changed; None takes one away, and so does ''."""
    kept: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {}), **changes}
    kept = {name: value for name, value in kept.items() if value not in {None, ""}}
    return url_for(request.endpoint or "home.show", **kept)


def entry_url(entry_id: str) -> str:
    """The address of an entry's page."""
    return url_for("entries.show", entry_id=entry_id)


def hit_url(hit: SearchItem) -> str:
    """The address of the page a search result leads to."""
    return url_for("states.show", code=hit.id) if hit.kind == STATE_HIT else entry_url(hit.id)


def kind_name(kind: str) -> str:
    """What a search result is: a State or a kind of entry."""
    return gettext("State") if kind == STATE_HIT else str(label(EntryKind(kind)))


def is_name_marked(hit: SearchItem) -> bool:
    """Is the snippet the name itself? Then it stands in the name's place."""
    return "".join(text for text, _ in hit.snippet) == hit.name


def marked(pieces: tuple[tuple[str, bool], ...]) -> Markup:
    """A snippet with the matching words marked; every piece is escaped."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(text) if is_match else Markup("{}").format(text)
        for text, is_match in pieces
    )


def suggest_url() -> str:
    """Where the search box asks for completions."""
    return "/api/v1/suggest"


def name_of(record: Record) -> str:
    """The name to show first, in the language of the page where the record has it."""
    return display_name(record, i18n.language())


def demo() -> bool:
    """Is this a demonstration? Every page says so."""
    return parts().settings.demo


FILTERS: dict[str, Callable[..., object]] = {
    "day": day,
    "published_day": published_day,
    "clock": clock,
    "zone": zone,
    "weekday_clock": weekday_clock,
    "city": city,
    "week": week,
    "label": label,
    "channel_text": channel_text,
    "channel_link": channel_link,
    "channel_warning": channel_warning,
    "web_link": web_link,
    "state_name": state_name,
    "type_name": type_name,
    "instrument_title": instrument_title,
    "territory_name": territory_name,
    "region_name": region_name,
    "duty": duty,
    "field_name": field_name,
    "language_name": language_name,
    "languages_text": languages_text,
    "text_direction": text_direction,
    "isolated": isolated,
    "say": say,
    "rule_text": rule_text,
    "marked": marked,
    "hit_url": hit_url,
    "is_name_marked": is_name_marked,
    "kind_name": kind_name,
    "name_of": name_of,
    "entry_url": entry_url,
}

FUNCTIONS: dict[str, Callable[..., object]] = {
    "actor": actor,
    "book": book,
    "suggest_url": suggest_url,
    "demo": demo,
    "url_with": url_with,
    "is_written_otherwise": is_written_otherwise,
}
