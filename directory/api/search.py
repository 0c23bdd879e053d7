"""Search, and suggestions while typing."""

from typing import Any

from flask import Response

from directory.api.known import refuse_unknown
from directory.api.operations import Operations, json_response, reads
from directory.domain.looking import NOBODY, Way
from directory.domain.vocabulary import CooperationType
from directory.queries.reference import get_book
from directory.queries.search import SearchItem, SearchPage, search, suggest
from directory.schemas.questions import SearchAsked, SuggestAsked
from directory.schemas.search import SearchAnswer, Suggestions
from directory.search.index import SearchQuestion, Suggestion
from directory.web.asking import note_programs_search
from directory.web.context import actor, connection, now, parts
from directory.web.looking import looked
from directory.web.presentation import type_name

operations = Operations("api_search", __name__, description="Finding by words")


@reads(operations, "/search", permission="search:ask", asks=SearchAsked, answers=SearchAnswer)
def search_all(asked: dict[str, Any]) -> Response:
    """States and entries that fit the words, best first, with counts and what was understood."""
    if "state" in asked or "instrument" in asked:
        refuse_unknown(asked, get_book(actor(), connection()))
    question = SearchQuestion(text=asked.pop("q", ""), **asked)
    found = search(actor(), connection(), parts().index, question, now().date())
    looked(Way.SEARCH, [NOBODY], counts=False)
    note_programs_search({"q": question.text, **asked}, found)
    return json_response(search_form(found))


def search_form(page: SearchPage) -> dict[str, Any]:
    """The results in JSON types. There is one page: to see more, ask for more or narrow."""
    return {
        "items": [_item(one) for one in page.items],
        "next": None,
        "total": page.total,
        "facets": {name: dict(counts) for name, counts in page.facets.items()},
        "understood": dict(page.understood),
        "did_you_mean": page.did_you_mean or None,
        "complete": page.complete,
    }


def _item(one: SearchItem) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "id": one.id,
        "state": one.state,
        "name": one.name or _named_by(one.types),
        "snippet": [{"text": text, "match": match} for text, match in one.snippet],
        "types": one.types,
        "status": one.status,
        "synthetic": one.synthetic,
    }


def _named_by(types: tuple[CooperationType, ...]) -> str:
    """Requirements bear no name; they are named by their type."""
    return ", ".join(type_name(kind) for kind in types)


@reads(operations, "/suggest", permission="search:ask", asks=SuggestAsked, answers=Suggestions)
def suggest_some(asked: dict[str, Any]) -> Response:
    """States and entries that complete what is being typed, best first."""
    text, limit = asked.get("q", ""), asked["limit"]
    found = suggest(actor(), connection(), parts().index, text, now().date(), limit)
    items = [_suggestion(one) for one in found]
    return json_response({"items": items, "next": None, "total": len(items)})


def _suggestion(one: Suggestion) -> dict[str, Any]:
    identifier = one.key.partition(":")[2]
    return {"kind": one.kind, "id": identifier, "state": one.state, "name": one.name}
