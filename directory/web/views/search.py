"""The search page: results, filters as links, what was understood, what may have been meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template

from directory.domain.vocabulary import CooperationType, EntryKind
from directory.search.index import SearchQuestion, SearchResult
from directory.web.access import needs
from directory.web.context import now, parts
from directory.web.parameters import Parameters
from directory.web.presentation import (
    book,
    instrument_title,
    kind_name,
    state_name,
    type_name,
    url_with,
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


@blueprint.get("/search")
@needs("search:ask")
def show() -> str:
    """What was found; without a question, how to ask one."""
    parameters = Parameters("q", *FILTERS, "page")
    question, page = read_question(parameters)
    if not question.text and not any(parameters.text(name) for name in FILTERS):
        return render_template("search_empty.html")
    result = parts().index.search(question)
    return render_template(
        "search.html",
        question=question,
        result=result,
        facets=facets(result, parameters),
        chosen=chosen(parameters),
        understood=[(name, said(name, value)) for name, value in result.understood.items()],
        page=page,
        last=max(1, -(-result.total // PAGE)),
    )


def read_question(parameters: Parameters) -> tuple[SearchQuestion, int]:
    """The question in the address and the page wanted; raises ``Invalid``."""
    page = parameters.page()
    question = SearchQuestion(
        text=parameters.text("q"),
        state=parameters.state("state", book().states),
        type=parameters.word("type", CooperationType),
        kind=parameters.word("kind", EntryKind),
        instrument=parameters.one_of("instrument", book().instruments),
        limit=PAGE,
        offset=(page - 1) * PAGE,
        today=now().date(),
    )
    parameters.refuse()
    return question, page


def facets(result: SearchResult, parameters: Parameters) -> dict[str, list[Choice]]:
    """Facet -> its values, the most frequent first."""
    return {
        name: list(_choices(name, result.facets.get(name, {}), parameters.text(name)))
        for name in FILTERS
    }


def _choices(name: str, counts: Mapping[str, int], given: str) -> Iterable[Choice]:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    for value, count in ordered[:MOST_CHOICES]:
        address = url_with(page=None, **{name: value})
        yield Choice(said(name, value), count, address, value == given)


def chosen(parameters: Parameters) -> list[tuple[str, str]]:
    """The filters given: what each says, and the address without it."""
    return [
        (said(name, parameters.text(name)), url_with(page=None, **{name: None}))
        for name in FILTERS
        if parameters.text(name)
    ]


def said(name: str, value: str) -> str:
    """A value of a facet in the reader's words."""
    if name == "state":
        return state_name(value)
    if name == "type":
        return type_name(CooperationType(value))
    if name == "kind":
        return kind_name(value)
    return instrument_title(value) if name == "instrument" else value
