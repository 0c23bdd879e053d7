"""The search page: results, filters as links, what was understood, what may have been meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for

from directory.domain.looking import NOBODY, Way
from directory.domain.vocabulary import CooperationType, EntryKind
from directory.queries.search import SearchPage, search
from directory.queries.watching import is_saved
from directory.search.index import SearchQuestion
from directory.web.access import needs
from directory.web.asking import answers, is_designated, is_wordless, note_search, search_query
from directory.web.context import actor, now, parts, reading
from directory.web.links import url_with
from directory.web.looking import looked
from directory.web.parameters import Known, SearchPageAsked, read_parameters
from directory.web.presentation import (
    book,
    instrument_title,
    kind_name,
    state_name,
    territory_name,
    type_name,
)

blueprint = Blueprint("search", __name__)

#: Results of one page.
PAGE = 20
#: Most choices of one facet; the rarest are left out.
MOST_CHOICES = 12
FILTERS = ("state", "type", "kind", "instrument")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet, as a link that narrows the search to it."""

    text: str
    count: int
    address: str
    chosen: bool


def search_codes() -> Known:
    """The codes that a search may be narrowed by."""
    return {"state": book().states, "instrument": book().instruments}


@blueprint.get("/search")
@needs("search:ask")
def show() -> str:
    """What was found; without a question, how to ask one."""
    asked = read_parameters(SearchPageAsked, search_codes())
    if not asked.keys() & {"q", *FILTERS} or is_wordless(asked):
        return render_template("search_empty.html")
    question = read_question(asked)
    result = search(actor(), reading(), parts().index, question, now().date())
    looked(Way.SEARCH, [NOBODY], counts=False)
    note_search(asked, result)
    query = search_query(asked)
    return render_template(
        "search.html",
        question=question,
        result=result,
        facets=facets(result, asked),
        chosen=chosen(asked),
        way_on=way_on(asked, result),
        save_address=f"{url_for('watching.save')}?{query}",
        files=lambda form: f"{url_for('taking.file', form=form)}?{query}",
        saved=is_saved(actor(), reading(), query),
        understood=[(name, said(name, value)) for name, value in result.understood.items()],
        page=asked["page"],
        last=max(1, -(-result.total // PAGE)),
    )


def read_question(asked: dict[str, Any]) -> SearchQuestion:
    """The question to the index, for the page wanted."""
    return SearchQuestion(
        text=asked.get("q", ""),
        state=asked.get("state", ""),
        type=asked.get("type"),
        kind=asked.get("kind"),
        instrument=asked.get("instrument", ""),
        limit=PAGE,
        offset=(asked["page"] - 1) * PAGE,
    )


def facets(result: SearchPage, asked: Mapping[str, Any]) -> dict[str, list[Choice]]:
    """Facet -> its values, the most frequent first."""
    return {
        name: list(_choices(name, result.facets.get(name, {}), asked.get(name, "")))
        for name in FILTERS
    }


def _choices(name: str, counts: Mapping[str, int], given: str) -> Iterable[Choice]:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    for value, count in ordered[:MOST_CHOICES]:
        address = url_with(page=None, **{name: value})
        yield Choice(said(name, value), count, address, value == given)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOn:
    """Where to go when no entry answers; '' leads nowhere."""

    #: Words for the State and the kind of help that were understood or chosen.
    state: str
    type: str
    #: The finder with both, the State's page, everything for the kind of help, the same search
    #: without filters.
    finder: str
    state_page: str
    type_page: str
    unfiltered: str


def way_on(asked: Mapping[str, Any], result: SearchPage) -> WayOn | None:
    """How to go on; None where somebody was found who answers.

    What to send and officers do not answer for a State, unless they are asked for.
    """
    state = asked.get("state") or result.understood.get("state", "")
    kind = str(asked.get("type") or result.understood.get("type", ""))
    sought = asked.get("kind") or result.understood.get("kind", "")
    if state and kind and sought not in {EntryKind.REQUIREMENTS, EntryKind.LIAISON_OFFICER}:
        found = any(is_designated(one, state, kind) for one in result.items)
    else:
        found = any(answers(one, kind if state else "") for one in result.items)
    if asked["page"] > 1 or found:
        return None
    is_filtered = any(name in asked for name in FILTERS)
    return WayOn(
        state=said("state", state) if state else "",
        type=said("type", kind) if kind else "",
        finder=url_for("counterpart.show", requested=state, type=kind) if state and kind else "",
        state_page=url_for("states.show", code=state) if state else "",
        type_page=url_for(".show", type=kind) if kind else "",
        unfiltered=url_for(".show", q=asked["q"]) if is_filtered and "q" in asked else "",
    )


def chosen(asked: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The filters given: what each says, and the address without it."""
    return [
        (said(name, asked[name]), url_with(page=None, **{name: None}))
        for name in FILTERS
        if name in asked
    ]


def said(name: str, value: str) -> str:
    """A value of a facet in the reader's words."""
    if name == "state":
        return state_name(value)
    if name == "type":
        return type_name(CooperationType(value))
    if name == "kind":
        return kind_name(value)
    if name == "territory":
        return territory_name(value)
    return instrument_title(value) if name == "instrument" else value
