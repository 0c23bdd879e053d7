"""Search, and suggestions while typing."""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response

from directory.api.kept_results import KeptResult, kept_results
from directory.api.known import refuse_unknown, unknown_beside
from directory.api.operations import Operations, json_text, reads
from directory.domain.looking import NOBODY, Way
from directory.domain.vocabulary import CooperationType
from directory.policy import sight
from directory.queries.moments import Moment
from directory.queries.search import (
    SearchItem,
    SearchPage,
    ground_of,
    search,
    still_stands,
    suggest,
)
from directory.schemas.questions import SearchAsked, SuggestAsked
from directory.schemas.search import SearchAnswer, Suggestions
from directory.search.index import SearchQuestion, Suggestion
from directory.web.asking import is_wordless, note_facts, programs_search_facts
from directory.web.context import actor, connection, moment, now, parts
from directory.web.i18n import language
from directory.web.looking import looked
from directory.web.presentation import book, type_name

#: A text in JSON, and what is noted of the question.
Made = tuple[bytes, dict[str, Any]]

operations = Operations("api_search", __name__, description="Finding by words")


@reads(
    operations,
    "/search",
    permission="search:ask",
    asks=SearchAsked,
    codes=unknown_beside,
    answers=SearchAnswer,
)
def search_all(asked: dict[str, Any]) -> Response:
    """States and entries that fit the words, best first, with counts and what was understood."""
    found = _kept("search", asked, language(), _search)
    looked(Way.SEARCH, [NOBODY], counts=False)
    note_facts(found.facts)
    return json_text(found.text)


def _kept(
    what: str,
    asked: dict[str, Any],
    spoken: str,
    make: Callable[[dict[str, Any], Moment | None], Made],
) -> KeptResult:
    """The result kept for who sees the same, else made now and kept if it is complete."""
    ground = ground_of(parts().index, moment())
    if ground is None:
        return KeptResult.of(*make(asked, None))
    key = (what, *asked.items(), spoken, now().date(), sight(actor()))
    found = kept_results().find(ground, key)
    if found is None:
        found = KeptResult.of(*make(asked, ground[1]))
        if still_stands(ground, parts().index):
            kept_results().put(ground, key, found)
    return found


def _search(asked: dict[str, Any], at: Moment | None) -> Made:
    if "state" in asked or "instrument" in asked:
        refuse_unknown(asked, book())
    filters = {name: value for name, value in asked.items() if name != "q"}
    question = SearchQuestion(text=asked.get("q", ""), **filters)
    if is_wordless(asked):
        found = SearchPage()
    else:
        found = search(actor(), connection(), parts().index, question, now().date(), at)
    return orjson.dumps(search_form(found)), programs_search_facts(asked, found)


def search_form(page: SearchPage) -> dict[str, Any]:
    """The results in JSON types. There is one page: to see more, ask for more or narrow."""
    return {
        "items": [_item(one) for one in page.items],
        "next": None,
        "total": page.total,
        "facets": {name: dict(counts) for name, counts in page.facets.items()},
        "understood": dict(page.understood),
        "did_you_mean": page.did_you_mean or None,
        "unused": list(page.unused),
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
    return json_text(_kept("suggest", asked, "", _suggest).text)


def _suggest(asked: dict[str, Any], at: Moment | None) -> Made:
    text, limit = asked.get("q", ""), asked["limit"]
    found = suggest(actor(), connection(), parts().index, text, now().date(), limit, at)
    items = [_suggestion(one) for one in found]
    return orjson.dumps({"items": items, "next": None, "total": len(items)}), {}


def _suggestion(one: Suggestion) -> dict[str, Any]:
    identifier = one.key.partition(":")[2]
    return {"kind": one.kind, "id": identifier, "state": one.state, "name": one.name}
