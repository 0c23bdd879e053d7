"""The feed of changes, by which a program keeps a copy of its own."""

from typing import Any

from flask import Response

from directory.api.operations import Operations, json_response, reads
from directory.domain.looking import Seen, Way
from directory.queries.changes import Told, changes_since
from directory.schemas.changes import ChangesTold
from directory.schemas.questions import ChangesQuestion
from directory.web.context import actor, now, reading
from directory.web.looking import looked

operations = Operations("api_changes", __name__, description="Keeping a copy up to date")


@reads(
    operations,
    "/changes",
    permission="changes:follow",
    asks=ChangesQuestion,
    answers=ChangesTold,
)
def list_changes(asked: dict[str, Any]) -> Response:
    """What happened to entries since the cursor: each entry once, at what happened to it last.

    Without a cursor: everything there is, to begin a copy. Put `entry` in the place of what you
    have under `id`, or take that away where it is null; keep `next`, and ask again with it while
    `more` is true, and later for what is new. Nothing is missed or told twice, whoever publishes
    meanwhile. A cursor that fits no longer (what you may see has changed) is refused: begin anew.
    """
    page = changes_since(actor(), reading(), asked.get("cursor", ""), asked["limit"], now().date())
    if seen := [Seen(one.id, one.state) for one in page.items if one.entry is not None]:
        looked(Way.API, seen)
    items = [_item(one) for one in page.items]
    return json_response({"items": items, "next": page.next, "more": page.more})


def _item(one: Told) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state,
        "what": one.what.value,
        "at": one.at.isoformat(),
        "sequence": one.sequence,
        "entry": one.entry,
    }
