"""Liaison officers: who of mine is posted where, who is posted here, whom I may use in State X."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from marshmallow import fields

from directory.domain.answer import Relation
from directory.domain.postings import Posting, by_state, towards
from directory.queries.liaison import list_postings
from directory.schemas.liaison import LiaisonAsked
from directory.web.access import needs
from directory.web.choices import state_choices
from directory.web.context import actor, now, reading
from directory.web.formats import alphabetical
from directory.web.parameters import read_parameters
from directory.web.presentation import book, state_name, type_name

blueprint = Blueprint("liaison", __name__)

_HERE = frozenset({Relation.THEIRS_HERE, Relation.THEIRS_COVERING})


class LiaisonPageAsked(LiaisonAsked):
    """The form of the page."""

    lang = fields.String()


@dataclass(frozen=True, slots=True)
class Row:
    """One State of the matrix: how many officers stand how towards it."""

    code: str
    name: str
    counts: dict[Relation, int]


@blueprint.get("/liaison")
@needs("entries:read")
def show() -> str:
    """The officers that concern one State, as lists and as a matrix."""
    states = book().states
    asked = read_parameters(LiaisonPageAsked, {"requesting": states, "state": states})
    mine = asked.get("requesting") or actor().state
    if asked.get("state") == mine:
        # Between a State and itself stands nobody; its own lists are on the page anyway.
        asked.pop("state")
    postings = list_postings(actor(), reading(), mine, now().date(), asked.get("type"))
    return render_template("liaison/show.html", mine=mine, **_shown(mine, postings, asked))


def _shown(mine: str, postings: tuple[Posting, ...], asked: dict[str, Any]) -> dict[str, Any]:
    other = asked.get("state", "")
    return {
        "other": other,
        "kind": asked.get("type"),
        "usable": usable(mine, other, postings),
        "abroad": [one for one in postings if one.sender == mine],
        "here": [one for one in postings if towards(mine, one.sender, one) in _HERE],
        "rows": rows(mine, postings),
        "relations": tuple(Relation),
        "states": state_choices(),
        "types": [(one.value, type_name(one)) for one in book().types],
    }


def usable(mine: str, other: str, postings: Iterable[Posting]) -> list[tuple[Relation, Posting]]:
    """Who stands between the two States, mine first, those open to all last."""
    found = [
        (relation, one) for one in postings if other and (relation := towards(mine, other, one))
    ]
    order = tuple(Relation)
    return sorted(found, key=lambda pair: (pair[1].synthetic, order.index(pair[0]), pair[1].id))


def rows(mine: str, postings: Iterable[Posting]) -> list[Row]:
    """The matrix, by the names of the States."""
    counted = by_state(mine, postings)
    found = [Row(code, state_name(code), dict(counts)) for code, counts in counted.items()]
    return sorted(found, key=lambda row: alphabetical(row.name))
