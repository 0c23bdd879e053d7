"""What stands behind codes on a page: names, reasons, problems, addresses of other pages."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from flask import g
from flask_babel import gettext
from markupsafe import Markup

from directory.domain.answer import ContactLine, UrgentStep
from directory.domain.articles import articles_of
from directory.domain.book import ReferenceBook, UnknownState
from directory.domain.caveats import standing
from directory.domain.coverage import kind_to_name
from directory.domain.escalation import limits
from directory.domain.lifecycle import ProposalState
from directory.domain.reasons import Reason, render
from directory.domain.record import Record, SourceAct, display_name
from directory.domain.reference import Declaration, LegalBasis
from directory.domain.source_words import SYNTHETIC
from directory.domain.vocabulary import (
    AddressPurpose,
    ChannelKind,
    CooperationType,
    DeclarationKind,
    EntryKind,
    EntryStatus,
)
from directory.domain.writing import direction
from directory.errors import Problem
from directory.policy import can, is_own_state
from directory.queries.reference import book_at_hand, get_book_at
from directory.queries.search import SearchItem
from directory.web import formats, i18n
from directory.web.context import actor, moment, parts, reader
from directory.web.formats import clock, comma, day, listed, published_day, semicolon
from directory.web.labels import (
    CONSENTS,
    DUTIES,
    REGIONAL_GROUPS,
    TIME_LIMITS,
    channel_warning,
    class_label,
    function_text,
    label,
)
from directory.web.links import STATE_HIT, entry_url, hit_url, suggest_url, url_with
from directory.web.marks import mark_title

#: A declaration of languages that is a plain list of codes.
_LANGUAGE_CODES = re.compile(r"(?P<codes>[a-z]{2,3}(;[a-z]{2,3})*)(?P<part> \[[^\]]+\])?")


def book() -> ReferenceBook:
    """The reference data, read once for the request."""
    if "book" not in g:
        g.book = get_book_at(actor(), reader(), moment())
    found: ReferenceBook = g.book
    return found


def keep_book(read: ReferenceBook) -> None:
    """Use reference data that the request has read already, instead of asking for them again."""
    g.book = read


def own_state_name(code: str) -> str:
    """As ``state_name``, for the head of every page: it costs no statement."""
    known: ReferenceBook = g.get("book") or book_at_hand(reader())
    state = known.states.get(code)
    return state.name(i18n.language()) if state else code


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
    return instrument.short_title_in(i18n.language()) if instrument else code


def territory_name(key: str) -> str:
    """The name of a territory in the language of the page, else its key."""
    territory = book().territories.get(key)
    return territory.name_in(i18n.language()) if territory else key


def source_name(reference: str) -> str:
    """What a source is called: a treaty by its title in the language of the page, else as kept."""
    if reference == SYNTHETIC:
        return str(gettext(SYNTHETIC))
    treaty = book().instruments_by_title.get(reference)
    return treaty.title_in(i18n.language()) if treaty else reference


def region_name(name: str) -> str:
    """The name of a regional group; '' is what stands in none."""
    return str(REGIONAL_GROUPS.get(name, name)) if name else gettext("In no regional group")


def duty(basis: LegalBasis) -> str:
    """Whether an article obliges a State to designate, in words."""
    word = basis.must_designate.partition(" ")[0]
    return str(DUTIES.get(word, basis.must_designate))


def consent(action: str) -> str:
    """How a State consented to be bound, in words; as kept where it is none that is known."""
    return str(CONSENTS.get(action, action))


def time_limit(basis: LegalBasis) -> str:
    """By when an article wants the designation, in words; '' where it says nothing."""
    return str(TIME_LIMITS.get(basis.time_limit, basis.time_limit))


def declared(one: Declaration) -> str:
    """What a declaration says: a plain list of languages by their names, anything else as kept.

    The seed data name the part of the State, or the matters, that a list is for in brackets.
    """
    found = _LANGUAGE_CODES.fullmatch(one.value)
    if one.kind is not DeclarationKind.LANGUAGE or not found:
        return one.value
    return languages_text(tuple(found["codes"].split(";"))) + (found["part"] or "")


def field_name(field: str) -> str:
    """What a field that sources contradict one another on is called."""
    group, _, purpose = field.partition(".")
    return str(label(AddressPurpose(purpose)) if group == "address" else label(ChannelKind(field)))


def language_name(code: str) -> str:
    """'French' for 'fr', in the language of the page."""
    return _language_name(code, i18n.locale())


# To read a tag of a language takes as long as a page's statement.
@lru_cache(maxsize=2000)
def _language_name(code: str, spoken: Locale) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(spoken) or code
    except (UnknownLocaleError, ValueError):
        return code


@lru_cache(maxsize=500)
def text_direction(language: str) -> str:
    """'rtl' or 'ltr' for a language tag, 'auto' where it is unknown."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return "auto"
    return direction(locale.language, locale.script or "")


def languages_text(codes: tuple[str, ...]) -> str:
    """'French, English', in the order given."""
    return listed(language_name(code) for code in codes)


def say(reason: Reason) -> str:
    """The sentence of a reason in the language of the page, its codes replaced by names."""
    return render(reason, gettext, said)


def said_once(steps: Iterable[UrgentStep]) -> list[tuple[UrgentStep, ...]]:
    """The steps whose sentence is the same put together, each sentence where it is first said.

    Several treaties say the same of urgency, and several contacts may be reached in one way.
    """
    groups: dict[str, list[UrgentStep]] = {}
    for step in steps:
        groups.setdefault(say(step.reason), []).append(step)
    return [tuple(group) for group in groups.values()]


def by_rule(reasons: Iterable[Reason]) -> Iterable[tuple[str, list[Reason]]]:
    """The reasons of each rule, in the order in which the rules first stand there."""
    found: dict[str, list[Reason]] = {}
    for one in reasons:
        found.setdefault(one.rule, []).append(one)
    return found.items()


def rule_text(rule: str) -> str:
    """'DRUGS-1988 7(10)' as '1988 Drug Convention, article 7(10)'."""
    code, _, article = rule.partition(" ")
    if not article:
        return isolated(rule)
    title = isolated(instrument_title(code))
    named = articles_of(article)
    if len(named) > 1:
        words = gettext("%(instrument)s, articles %(articles)s")
        return str(words % {"instrument": title, "articles": listed(map(isolated, named))})
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
    "function": function_text,
}


def said(name: str, value: object) -> str:
    """A parameter of a reason in the reader's words."""
    if isinstance(value, CooperationType):
        return type_name(value)
    if isinstance(value, dt.date):
        return day(value)
    if name == "treaties":
        return isolated(listed(instrument_title(code) for code in str(value).split(", ")))
    return isolated(_NAMED[name](str(value)) if name in _NAMED else str(value))


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem in the language of the page."""

    path: str
    text: str
    #: Does it speak of a code that no State has? The list of States has those there are.
    is_of_states: bool = False


def problem_text(problem: Problem) -> str:
    """What is wrong and what would be right."""
    words = str(gettext(problem.message))
    params = {name: _param(name, value) for name, value in problem.params.items()}
    return words % params if params else words


def problems_text(problems: Iterable[Problem]) -> str:
    """Several problems in one line."""
    return semicolon().join(problem_text(one) for one in problems)


#: Parameter of a problem -> the vocabulary its code belongs to.
_CODED: dict[str, type[StrEnum]] = {"state": ProposalState, "status": EntryStatus}


def _param(name: str, value: object) -> object:
    """A parameter of a problem: codes as words, days and moments (in UTC) as read."""
    if isinstance(value, dt.datetime):
        return f"{day(value)}{comma()}{clock(value)} UTC"
    if isinstance(value, dt.date):
        return day(value)
    if name in _CODED and value in set(_CODED[name]):
        return str(label(_CODED[name](str(value))))
    return value


def problem_lines(problems: Iterable[Problem]) -> list[ProblemLine]:
    """Problems, ready for the page."""
    return [
        ProblemLine(one.path, problem_text(one), is_of_states=isinstance(one, UnknownState))
        for one in problems
    ]


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


def several_sources(record: Record) -> dict[str, SourceAct]:
    """Key -> source act, where there is more than one and each line must name its own."""
    if len(record.sources) < 2:
        return {}
    return {source.key: source for source in record.sources}


def name_of(record: Record) -> str:
    """The name to show first, in the language of the page where the record has it."""
    return display_name(record, i18n.language())


def read_only() -> str | None:
    """Why nothing can be changed at present; None when it can. Every page says so."""
    return parts().read_only()


def demo() -> bool:
    """Is this a demonstration? Every page says so."""
    return parts().settings.demo


def can_propose() -> bool:
    """Does the reader have a desk?"""
    return can(actor(), "proposals:propose") and bool(actor().state)


def proposes_for(state: str) -> bool:
    """Does the reader keep the entries of this State?"""
    return can_propose() and is_own_state(actor(), state)


def can_read_audit() -> bool:
    """May the reader see who looked at what?"""
    return can(actor(), "audit:read")


def looks_after_accounts() -> bool:
    """Does the actor look after the accounts of others?"""
    return can(actor(), "accounts:read")


def can_break_glass() -> bool:
    """May the reader be shown, on a stated reason, what is kept for emergencies?"""
    return can(actor(), "glass:break")


def standing_words(line: ContactLine) -> str:
    """Who said last that a contact is true: 'As published in 2019; not confirmed by the State.'"""
    return say(standing(line.freshness, line.candidate.as_published))


FILTERS: dict[str, Callable[..., object]] = {
    **formats.FILTERS,
    "by_rule": by_rule,
    "label": label,
    "class_label": class_label,
    "channel_warning": channel_warning,
    "mark_title": mark_title,
    "own_state_name": own_state_name,
    "state_name": state_name,
    "type_name": type_name,
    "instrument_title": instrument_title,
    "territory_name": territory_name,
    "source_name": source_name,
    "limits": limits,
    "standing_words": standing_words,
    "function_text": function_text,
    "region_name": region_name,
    "duty": duty,
    "consent": consent,
    "time_limit": time_limit,
    "declared": declared,
    "field_name": field_name,
    "language_name": language_name,
    "languages_text": languages_text,
    "text_direction": text_direction,
    "isolated": isolated,
    "say": say,
    "said_once": said_once,
    "kind_to_name": kind_to_name,
    "problem_text": problem_text,
    "rule_text": rule_text,
    "marked": marked,
    "hit_url": hit_url,
    "is_name_marked": is_name_marked,
    "kind_name": kind_name,
    "name_of": name_of,
    "several_sources": several_sources,
    "entry_url": entry_url,
}

FUNCTIONS: dict[str, Callable[..., object]] = {
    **formats.FUNCTIONS,
    "actor": actor,
    "book": book,
    "can_propose": can_propose,
    "proposes_for": proposes_for,
    "can_break_glass": can_break_glass,
    "can_read_audit": can_read_audit,
    "suggest_url": suggest_url,
    "demo": demo,
    "read_only": read_only,
    "url_with": url_with,
}
