"""A document as terms by field, and what is kept to show of it: the same for every engine."""

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
    *("type", "instrument", "article", "until"),
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
        "instrument": document.instruments,
        "article": document.articles,
        "until": (last.isoformat(),) if last else (),
        "name": name,
        "place": place,
        "text": _words(document.texts),
        "start": {beginning for word in name | place for beginning in starts(word)},
    }


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
