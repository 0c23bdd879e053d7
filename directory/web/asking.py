"""What is noted of a question that was answered on a page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from directory.domain.answer import Answer, Question
from directory.domain.asking import Outcome, outcome_of
from directory.domain.vocabulary import EntryKind
from directory.domain.watching import Front, Lookup
from directory.queries.search import SearchItem, SearchPage
from directory.search.text import holds_words
from directory.services.asked import Asked
from directory.web.context import actor, now, parts

#: Parameters of a search that make it another search.
SEARCHED = ("q", "state", "type", "kind", "instrument")


def is_wordless(asked: Mapping[str, Any]) -> bool:
    """Was something typed that holds no word, without any filter? It would find everything."""
    filters = (asked.get(name) for name in SEARCHED if name != "q")
    return "q" in asked and not holds_words(asked["q"]) and not any(filters)


def search_query(asked: Mapping[str, Any]) -> str:
    """The parameters of a search in one order, as an address has them."""
    return urlencode({name: str(asked[name]) for name in SEARCHED if asked.get(name)})


def note_search(asked: Mapping[str, Any], page: SearchPage) -> None:
    """Note that words were searched for, on the first page of results."""
    if asked.get("q") and asked.get("page", 1) == 1:
        lookup = Lookup(Front.SEARCH, search_query(asked), now())
        note_facts(
            _search_facts(asked, page) | {"lookup": lookup, "account_id": actor().account_id}
        )


def programs_search_facts(asked: Mapping[str, Any], page: SearchPage) -> dict[str, Any]:
    """What ``note_facts`` notes of a program's search: it is remembered for nobody."""
    return _search_facts(asked, page) if asked.get("q") else {}


def _search_facts(asked: Mapping[str, Any], page: SearchPage) -> dict[str, Any]:
    understood = page.understood
    return {
        "front": Front.SEARCH,
        "outcome": searched_outcome(page, str(asked.get("type") or understood.get("type", ""))),
        "state": asked.get("state") or understood.get("state", ""),
        "type": str(asked.get("type") or understood.get("type", "")),
    }


def searched_outcome(page: SearchPage, kind: str) -> Outcome:
    """How a search was answered: with entries (for the kind of help, where one was understood),
    with a State or other entries of it alone, or not at all.
    """
    if any(answers(item, kind) for item in page.items):
        return Outcome.FOUND
    return Outcome.NEAR if page.items else Outcome.NOTHING


def note_question(answer: Answer, query: str = "") -> None:
    """Note that the finder was asked; ``query`` is its address, '' for a program."""
    note_answered(answer.question, outcome_of(answer), query)


def note_answered(question: Question, outcome: Outcome, query: str = "") -> None:
    """The same, of an answer that is known by how it came out."""
    facts: dict[str, Any] = {
        "front": Front.FINDER,
        "outcome": outcome,
        "state": question.requested,
        "type": question.cooperation_type.value,
    }
    if query:
        lookup = Lookup(Front.FINDER, query, now())
        facts |= {"lookup": lookup, "account_id": actor().account_id}
    note_facts(facts)


def is_designated(item: SearchItem, state: str, kind: str) -> bool:
    """Is it an authority or a contact point of the State for that kind of help?"""
    addressed = item.kind in {EntryKind.AUTHORITY, EntryKind.CONTACT_POINT}
    return addressed and item.state == state and kind in item.types


def answers(item: SearchItem, kind: str) -> bool:
    """Is it an entry, and for that kind of help?"""
    return item.kind != "state" and (not kind or kind in item.types)


def note_facts(facts: Mapping[str, Any]) -> None:
    """Note what is to be counted of a question; nothing without facts."""
    book = parts().asked
    if book is not None and facts:
        book.note(Asked(at=now(), **facts))
