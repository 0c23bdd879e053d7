"""A notice in its recipient's language: as plain text and as HTML, each from one template."""

import datetime as dt
import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from directory.domain.fields import RECORD_FIELDS
from directory.domain.punctuation import listed
from directory.domain.reference import State
from directory.domain.verification import DECISION_TEXTS
from directory.domain.watching import ADDED, STATUS
from directory.domain.writing import direction
from directory.exchange import notice_texts as texts
from directory.exchange.mail import one_line
from directory.paths import PACKAGE

#: Stands for the token of an objection link until the mail leaves: a kept mail opens nothing.
OBJECTION = "objection-token"
#: The same for the link and the code of a line test.
LINE_TEST = "line-test-token"
LINE_TEST_CODE = "line-test-code"
#: The same for the secret of an invitation.
INVITATION = "invitation-secret"
SOURCE_LANGUAGE = "en"
#: Most entries that a digest lists; the desk has all of them.
MOST_ENTRIES = 50
_PLACES = re.compile(r"%\((\w+)\)s")

Translate = Callable[[str], str]
Known = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What notices are filled in with beside their own params."""

    base_url: str
    #: Entry -> its name now.
    names: Mapping[str, str] = field(default_factory=dict)
    #: Entry -> its State.
    homes: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    #: Cooperation type -> language -> its name.
    types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a notice says, in one language; ``items`` is the list of a digest."""

    subject: str
    lines: tuple[str, ...]
    items: tuple[str, ...]
    #: (text, address)
    links: tuple[tuple[str, str], ...]
    foot: tuple[str, ...]
    language: str
    direction: str


@lru_cache
def translation(language: str) -> gettext.NullTranslations:
    """The texts in that language; as they are where there is no catalogue."""
    folder = PACKAGE / "web" / "translations"
    return gettext.translation("messages", folder, [language], fallback=True)


def spoken(*wanted: str) -> str:
    """The first of the languages that there is a catalogue of, else the source's."""
    for language in wanted:
        if language and (language == SOURCE_LANGUAGE or _has_catalogue(language)):
            return language
    return SOURCE_LANGUAGE


def _has_catalogue(language: str) -> bool:
    return isinstance(translation(language), gettext.GNUTranslations)


def compose(kind: str, params: Mapping[str, Any], facts: Facts, language: str) -> Message:
    """What the notice says; raises ``KeyError`` for an unknown kind."""
    table = texts.TEXTS[kind]
    say = translation(language).gettext
    known = _known(params, facts, say, language)
    return Message(
        subject=one_line(_filled(say(table.subject), known)),
        lines=tuple(_lines(table.lines, known, say)),
        items=tuple(_items(params, facts, say, language)),
        links=tuple(_links(table.links, known, facts.base_url, say)),
        foot=tuple(_lines((texts.FOOT, texts.CONTACT), {"contact": facts.contact}, say)),
        language=language,
        direction=direction(language),
    )


def _known(params: Mapping[str, Any], facts: Facts, say: Translate, language: str) -> Known:
    """Everything a template may ask for; '' is not known."""
    given = {key: str(value) for key, value in params.items() if isinstance(value, str | int)}
    return given | {
        "name": facts.names.get(given.get("entry", ""), "") or given.get("entry", ""),
        "state": _state(_state_of(given, facts), facts, say, language),
        "alternative": _entry(given.get("alternative", ""), facts),
        "code": _said(DECISION_TEXTS, given.get("code", ""), say),
        "report_kind": _said(texts.REPORTS, given.get("report_kind", ""), say),
        "pattern": _said(texts.PATTERNS, given.get("pattern", ""), say),
        "way": _said(texts.WAYS_IN, given.get("what", ""), say),
        "moment": _moment(given.get("moment", ""), language),
        "hold_until": _moment(given.get("hold_until", ""), language),
        "deadline": _day(given.get("deadline", ""), language),
        "unconfirmed": _unless_none(given.get("unconfirmed", "")),
        "to_confirm": _unless_none(given.get("to_confirm", "")),
        "ending": _unless_none(given.get("ending", "")),
        "objection": OBJECTION if given.get("objection_link") else "",
        "line_test": LINE_TEST if given.get("line_test_link") else "",
        "line_test_code": LINE_TEST_CODE if given.get("line_test_link") else "",
        "invitation": INVITATION if given.get("invitation_link") else "",
        "ends": _moment(given.get("ends", ""), language),
        "first_day": _day(given.get("first_day", ""), language),
        "last_day": _day(given.get("last_day", ""), language),
    }


def _unless_none(number: str) -> str:
    """'' for nought, so that the line that counts it is left out."""
    return "" if number == "0" else number


def _said(table: Mapping[str, str], code: str, say: Translate) -> str:
    return say(table[code]) if code in table else ""


def _state_of(given: Known, facts: Facts) -> str:
    return given.get("state") or facts.homes.get(given.get("entry", ""), "")


def _state(code: str, facts: Facts, say: Translate, language: str) -> str:
    found = facts.states.get(code)
    return found.name(language) if found else code or say(texts.SEVERAL_STATES)


def _entry(entry_id: str, facts: Facts) -> str:
    name = facts.names.get(entry_id)
    return f"{name} ({entry_id})" if name else entry_id


def _moment(iso: str, language: str) -> str:
    """In UTC, and said so: the recipients live in all zones."""
    if not iso:
        return ""
    moment = dt.datetime.fromisoformat(iso).astimezone(dt.UTC)
    return str(format_datetime(moment, "d MMMM yyyy, HH:mm 'UTC'", locale=language))


def _day(iso: str, language: str) -> str:
    day = dt.date.fromisoformat(iso) if iso else None
    return str(format_date(day, "d MMMM yyyy", locale=language)) if day else ""


def _lines(templates: tuple[str, ...], known: Known, say: Translate) -> Iterator[str]:
    for template in templates:
        if all(known.get(name) for name in _PLACES.findall(template)):
            yield _filled(say(template), known)


def _filled(template: str, known: Known) -> str:
    return _PLACES.sub(lambda place: known.get(place[1], ""), template)


def _links(
    links: tuple[texts.Link, ...], known: Known, base_url: str, say: Translate
) -> Iterator[tuple[str, str]]:
    for link in links:
        address = texts.ADDRESSES[link.address]
        if all(known.get(name) for name in _PLACES.findall(address)):
            yield say(link.text), base_url.rstrip("/") + _filled(address, known)


def _items(params: Mapping[str, Any], facts: Facts, say: Translate, language: str) -> Iterator[str]:
    """The lines of a digest, whatever it is about, and how many more there would be."""
    lines = [
        *_event_lines(params, facts, say, language),
        *_closed_lines(params, facts, say, language),
        *_due_lines(params, facts, say, language),
        *_ending_lines(params, facts, say, language),
        *_changed_lines(params, facts, say, language),
        *_question_lines(params, facts, say, language),
    ]
    yield from lines[:MOST_ENTRIES]
    if len(lines) > MOST_ENTRIES:
        yield _filled(say(texts.AND_MORE), {"number": str(len(lines) - MOST_ENTRIES)})


def _event_lines(
    params: Mapping[str, Any], facts: Facts, say: Translate, language: str
) -> Iterator[str]:
    """The gravest first; each list of ``params`` is of (entry, State, kind of report)."""
    for name, template in texts.EVENTS.items():
        for entry, state, kind in params.get(name, ()):
            said = {"report_kind": _said(texts.REPORTS, kind, say)}
            yield _filled(say(template), _of_entry(entry, state, facts, say, language) | said)


def _closed_lines(
    params: Mapping[str, Any], facts: Facts, say: Translate, language: str
) -> Iterator[str]:
    """``params['closed']`` is a list of (first day, State, last day, taken back)."""
    for first, state, last, is_taken_back in params.get("closed", ()):
        known = {
            "state": _state(state, facts, say, language),
            "first_day": _day(first, language),
            "last_day": _day(last, language),
        }
        yield _filled(say(texts.NO_CLOSED_DAYS if is_taken_back else texts.CLOSED_DAYS), known)


def _due_lines(
    params: Mapping[str, Any], facts: Facts, say: Translate, language: str
) -> Iterator[str]:
    """``params['due']`` is a list of (entry, State, day, overdue)."""
    for entry, state, day, overdue in params.get("due", ()):
        known = _of_entry(entry, state, facts, say, language) | {"day": _day(day, language)}
        yield _filled(say(texts.OVERDUE if overdue else texts.DUE), known)


def _ending_lines(
    params: Mapping[str, Any], facts: Facts, say: Translate, language: str
) -> Iterator[str]:
    """``params['postings']`` is a list of (entry, State, last day of the posting)."""
    for entry, state, day in params.get("postings", ()):
        known = _of_entry(entry, state, facts, say, language) | {"day": _day(day, language)}
        yield _filled(say(texts.ENDING), known)


def _changed_lines(
    params: Mapping[str, Any], facts: Facts, say: Translate, language: str
) -> Iterator[str]:
    """``params['changed']`` is a list of (entry, State, fields)."""
    for entry, state, fields in params.get("changed", ()):
        titles = listed((say(_field_title(one)) for one in fields), language)
        known = _of_entry(entry, state, facts, say, language) | {"fields": titles}
        yield _filled(say(texts.CHANGED), known)


def _field_title(field: str) -> str:
    if field == ADDED:
        return texts.NEW_ENTRY
    return texts.NEW_STATUS if field == STATUS else RECORD_FIELDS[field].title


def _question_lines(
    params: Mapping[str, Any], facts: Facts, say: Translate, language: str
) -> Iterator[str]:
    """``params['questions']`` is a list of (parameters, requested, requesting, type)."""
    for _, requested, requesting, kind in params.get("questions", ()):
        names = facts.types.get(kind, {})
        known = {
            "type": names.get(language) or names.get(SOURCE_LANGUAGE, kind),
            "state": _state(requested, facts, say, language),
            "requesting": _state(requesting, facts, say, language),
        }
        yield _filled(say(texts.ANSWERED_OTHERWISE), known)


def _of_entry(entry: str, state: str, facts: Facts, say: Translate, language: str) -> Known:
    return {
        "entry": entry,
        "name": facts.names.get(entry) or entry,
        "state": _state(state, facts, say, language),
    }


#: Only .html is escaped: the other one is plain text.
_TEMPLATES = Environment(
    loader=FileSystemLoader(PACKAGE / "web" / "templates" / "mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_text(message: Message) -> str:
    """The message as plain text."""
    return _TEMPLATES.get_template("notice.txt").render(message=message)


def as_html(message: Message) -> str:
    """The message as HTML: nothing outside it is loaded, nobody is followed."""
    return _TEMPLATES.get_template("notice.html").render(message=message)
