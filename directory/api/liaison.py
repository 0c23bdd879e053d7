"""Liaison officers for programs."""

from typing import Any

from flask import Response

from directory.api.known import refuse_unknown, unknown_beside
from directory.api.operations import Operations, json_response, reads
from directory.domain.postings import Posting, relations
from directory.domain.record import display_name
from directory.queries.liaison import list_postings
from directory.queries.reference import get_book
from directory.schemas.liaison import LiaisonAnswer, LiaisonAsked
from directory.web.context import actor, now, reading

operations = Operations("api_liaison", __name__, description="Liaison officers")


@reads(
    operations,
    "/liaison",
    permission="entries:read",
    asks=LiaisonAsked,
    codes=unknown_beside,
    answers=LiaisonAnswer,
)
def show_liaison(asked: dict[str, Any]) -> Response:
    """Officers in post that concern your State: yours abroad, those posted with you or covering
    you, and those of other States that any State may use.
    """
    refuse_unknown(asked, get_book(actor(), reading()))
    mine = asked.get("requesting") or actor().state
    # An officer of the secretariat has no State, and names one or is concerned by nobody.
    found = list_postings(actor(), reading(), mine, now().date(), asked.get("type")) if mine else ()
    items = [_item(mine, one) for one in found]
    if "state" in asked:
        items = [one for one in items if _is_towards(one, asked["state"])]
    return json_response({"items": items, "next": None, "total": len(items)})


def _is_towards(item: dict[str, Any], state: str) -> bool:
    return any(one["state"] == state for one in item["relations"])


def _item(mine: str, posting: Posting) -> dict[str, Any]:
    record = posting.record
    return {
        "id": posting.id,
        "name": display_name(record),
        "state": posting.sender,
        "agency": record.agency,
        "host_state": record.host_state,
        "host_city": record.host_city,
        "covered_states": list(record.covered_states),
        "cooperation_types": list(record.cooperation_types),
        "themes": list(record.themes),
        "common_use": record.common_use,
        "posted_from": record.posted_from,
        "posted_to": record.posted_to,
        "freshness": posting.freshness.state,
        "synthetic": posting.synthetic,
        "relations": [
            {"state": state, "relation": relation} for state, relation in relations(mine, posting)
        ],
    }
