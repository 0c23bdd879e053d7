"""A document as terms by field, and what is kept to show of it: the same for every engine."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import NamedTuple

from directory.search.index import SearchDocument
from directory.search.text import acronyms, index_words, starts

#: Fields whose words a question's words are looked for in.
WORD_FIELDS = ("name", "place", "text")
#: Fields that are completed while typing.
COMPLETED_FIELDS = ("name", "place")
#: Fields with terms as they are.
CODE_FIELDS = (
    *("key", "kind", "state", "related", "territory", "language", "first_language"),
    *("type", "role", "instrument", "article", "until"),
)
TERM_FIELDS = (*CODE_FIELDS, *WORD_FIELDS, "start")
#: Lines of a document among which the one for the snippet is chosen.
MOST_LINES = 8


class Shown(NamedTuple):
    """What is kept of a document for a list of results."""

    key: str
    kind: str
    state: str
    name: str
    types: tuple[str, ...]
    lines: tuple[str, ...]


def document_terms(document: SearchDocument) -> dict[str, Collection[str]]:
    """Field -> terms of the document."""
    named = (document.name, *document.names, *document.units, *document.state_names)
    name = _words(named) | {short for text in named for short in acronyms(text)}
    place = _words(document.cities)
    last = document.visible_until
    return {
        "key": (document.key,),
        "kind": (document.kind,),
        "state": (document.state,),
        "related": document.related_states,
        "territory": document.territories,
        "language": document.languages,
        "first_language": document.languages[:1],
        "type": tuple(one.value for one in document.types),
        "role": document.roles,
        "instrument": document.instruments,
        "article": document.articles,
        "until": _periods(last) if last else (),
        "name": name,
        "place": place,
        "text": _words(document.texts),
        "start": {beginning for word in name | place for beginning in starts(word)},
    }


def _periods(day: dt.date) -> tuple[str, ...]:
    """The year, the month and the day: '2026', '2026-03', '2026-03-31'."""
    text = day.isoformat()
    return text[:4], text[:7], text


def periods_before(today: dt.date, periods: Iterable[str]) -> list[str]:
    """Of these the years that have passed, the months of this year, and the days of this month.

    A document whose last day has passed has one of them: years of days are not asked for singly.
    """
    year, month, day = _periods(today)
    of_now = {len(year): "", len(month): year, len(day): month}
    return [one for one in periods if one < day[: len(one)] and one.startswith(of_now[len(one)])]


def _words(texts: Iterable[str]) -> set[str]:
    return set().union(*(index_words(text) for text in texts))


def shown_of(document: SearchDocument) -> Shown:
    """What is kept of the document to show it."""
    lines = document.names + document.units + document.cities + document.texts
    return Shown(
        key=document.key,
        kind=document.kind,
        state=document.state,
        name=document.name,
        types=tuple(one.value for one in document.types),
        lines=lines[:MOST_LINES],
    )
