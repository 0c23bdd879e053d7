"""States, instruments and cooperation types."""

from typing import Any

from flask import Response

from directory.api.entries import entry_line
from directory.api.operations import Operations, json_response, reads
from directory.api.sources import row_form
from directory.domain.record import part_to_dict
from directory.domain.reference import State
from directory.queries.reference import get_book
from directory.queries.states import Missing, get_state, list_states
from directory.schemas.reference import (
    CooperationTypeList,
    InstrumentList,
    StateDocument,
    StateLineList,
)
from directory.web.context import actor, now, reading

operations = Operations("api_reference", __name__, description="States, treaties, kinds of help")


def whole(items: list[dict[str, Any]]) -> Response:
    """A list that has one page."""
    return json_response({"items": items, "next": None, "total": len(items)})


def state_form(state: State) -> dict[str, Any]:
    """A State in JSON types; the weekend is always told."""
    return {**part_to_dict(state), "weekend": list(state.weekend)}


@reads(operations, "/states", permission="states:read", answers=StateLineList)
def list_all_states(_asked: dict[str, Any]) -> Response:
    """All States, with the number of entries you may see."""
    found = list_states(actor(), reading(), now().date())
    return whole([{**state_form(one.state), "entry_count": one.entries} for one in found])


@reads(
    operations,
    "/states/<code>",
    permission="states:read",
    answers=StateDocument,
    refuses=(404,),
)
def show_state(_asked: dict[str, Any], code: str) -> Response:
    """One State: what it is bound by, its entries, and what is missing.

    `code` is the ISO 3166-1 alpha-2 code, in capitals or not.
    """
    view = get_state(actor(), reading(), code, now().date())
    return json_response(
        {
            **state_form(view.state),
            "participations": [row_form(one) for one in view.participations],
            "declarations": [row_form(one) for one in view.declarations],
            "entries": [entry_line(one) for one in view.entries],
            "missing": [_missing(one) for one in view.missing],
        }
    )


def _missing(one: Missing) -> dict[str, Any]:
    return {
        "type": one.cooperation_type,
        "is_duty": one.is_duty,
        "legal_bases": [part_to_dict(basis) for basis in one.legal_bases],
    }


@reads(operations, "/instruments", permission="states:read", answers=InstrumentList)
def list_instruments(_asked: dict[str, Any]) -> Response:
    """All treaties the directory knows."""
    book = get_book(actor(), reading())
    return whole([part_to_dict(one) for one in book.instruments.values()])


@reads(operations, "/cooperation-types", permission="states:read", answers=CooperationTypeList)
def list_cooperation_types(_asked: dict[str, Any]) -> Response:
    """All kinds of help, with their names in six languages and what else people call them."""
    book = get_book(actor(), reading())
    return whole(
        [
            {"code": one.code, "names": dict(one.names), "synonyms": list(one.synonyms)}
            for one in book.types.values()
        ]
    )
