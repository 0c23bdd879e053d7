"""Entries: the list with its filters, and one in full."""

from typing import Any

from flask import Response, request
from werkzeug import Response as AnyResponse

from directory.api.operations import Operations, json_response, reads
from directory.errors import NotFound
from directory.queries.entries import (
    EntryFilters,
    EntrySummary,
    freshness_json,
    get_entry_json,
    list_entries,
)
from directory.schemas.entries import EntryDocument, EntryLineList
from directory.schemas.questions import EntriesQuestion
from directory.web.context import actor, now, reading

operations = Operations("entries", __name__, description="What States say of themselves")

#: Longer than any identifier; what is longer is not asked of the database.
LONGEST_ID = 16


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
    answers=EntryLineList,
)
def list_some_entries(asked: dict[str, Any]) -> Response:
    """Entries by identifier, narrowed by filters, page by page.

    Following `next` until it is null gives every entry once, also while others are added.
    """
    limit, cursor = asked.pop("limit"), asked.pop("cursor", "")
    page = list_entries(actor(), reading(), EntryFilters(**asked), now().date(), limit, cursor)
    items = [entry_line(one) for one in page.items]
    return json_response({"items": items, "next": page.next, "total": page.total})


@reads(
    operations,
    "/entries/<entry_id>",
    permission="entries:read",
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
def show_entry(_asked: dict[str, Any], entry_id: str) -> AnyResponse:
    """One entry in full, as you may see it."""
    if len(entry_id) > LONGEST_ID or not (entry_id.isascii() and entry_id.isprintable()):
        raise NotFound("entry", entry_id)
    body, tag = get_entry_json(actor(), reading().connection(), entry_id, now().date())
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(tag)
    return response.make_conditional(request)
