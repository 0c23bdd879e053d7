"""Entries: the list with its filters, and one in full."""

from typing import Any

from flask import Response

from directory.api.known import refuse_unknown, unknown_beside
from directory.api.operations import Operations, json_response, reads, tagged_response
from directory.domain.document import entry_document
from directory.domain.freshness import freshness_json
from directory.domain.looking import Seen, Way
from directory.domain.vocabulary import EntryKind
from directory.queries.as_of import get_entry_as_of
from directory.queries.entries import get_entry_json
from directory.queries.entry_lists import EntryFilters, EntrySummary, list_entries
from directory.queries.reference import get_book
from directory.queries.search import search
from directory.schemas.entries import EntryDocument, EntryLineList
from directory.schemas.history import EntryAsked
from directory.schemas.questions import MOST_FOUND, EntriesQuestion
from directory.search.index import SearchQuestion
from directory.web.context import actor, moment, now, parts, reader, reading
from directory.web.looking import looked, looked_at

operations = Operations("api_entries", __name__, description="What States say of themselves")


def entry_line(one: EntrySummary) -> dict[str, Any]:
    """A line of a list in JSON types."""
    return {
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "name": one.name,
        "status": one.status,
        "types": one.types,
        "freshness": freshness_json(one.freshness),
        "as_published": one.as_published or None,
        "synthetic": one.synthetic,
        "conflict": one.conflict,
        "changed_at": one.changed_at.isoformat(),
    }


@reads(
    operations,
    "/entries",
    permission="entries:read",
    asks=EntriesQuestion,
    codes=unknown_beside,
    answers=EntryLineList,
)
def list_some_entries(asked: dict[str, Any]) -> Response:
    """Entries by identifier, narrowed by filters, page by page.

    Following `next` until it is null gives every entry once, also while others are added.
    """
    refuse_unknown(asked, get_book(actor(), reading()))
    limit, cursor = asked.pop("limit"), asked.pop("cursor", "")
    if "q" in asked:
        asked["ids"] = _found(asked.pop("q"))
    page = list_entries(actor(), reading(), EntryFilters(**asked), now().date(), limit, cursor)
    items = [entry_line(one) for one in page.items]
    return json_response({"items": items, "next": page.next, "total": page.total})


def _found(text: str) -> tuple[str, ...]:
    """Identifiers of the entries that a search for the words finds."""
    question = SearchQuestion(text=text, limit=MOST_FOUND)
    found = search(actor(), reading(), parts().index, question, now().date())
    return tuple(one.id for one in found.items if one.kind != "state")


@reads(
    operations,
    "/entries/<entry_id>",
    permission="entries:read",
    asks=EntryAsked,
    answers=EntryDocument,
    refuses=(404,),
    parameters=[
        {
            "in": "header",
            "name": "If-None-Match",
            "schema": {"type": "string"},
            "description": "The entity tag known; the answer is 304 while it is current.",
        }
    ],
    responses={
        200: {"headers": {"ETag": {"schema": {"type": "string"}}}},
        304: {"description": "What you have is current."},
    },
)
def show_entry(asked: dict[str, Any], entry_id: str) -> Response:
    """One entry in full, as you may see it; with `as_of` or `as_known` as it stood."""
    if asked:
        return _past_entry(asked, entry_id)
    found = get_entry_json(actor(), reader(), entry_id, now().date(), moment())
    urgent = found.kind is EntryKind.CONTACT_POINT
    looked(Way.API, [Seen(entry_id, found.state)], urgent=urgent)
    return tagged_response(found.body, found.tag)


def _past_entry(asked: dict[str, Any], entry_id: str) -> Response:
    today = now().date()
    on, known = asked.get("as_of", today), asked.get("as_known")
    view = get_entry_as_of(actor(), reading(), entry_id, on, known, today)
    looked_at(Way.HISTORY, view.head)
    past = {
        "as_of": on.isoformat(),
        "as_known": known.isoformat() if known else None,
        "before_first_record": view.as_of.is_before_record,
        "current_revision": view.current,
        "erased": view.is_erased,
    }
    fresh = freshness_json(view.freshness)
    return json_response(
        {
            **entry_document(view.head, view.record),
            "freshness": fresh,
            "line_test": None,
            "past": past,
        }
    )
