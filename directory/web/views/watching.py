"""Watches, saved searches and recent look-ups: everybody's own, read by nobody else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.db.unit_of_work import UnitOfWork
from directory.domain.marks import N_
from directory.domain.vocabulary import CooperationType
from directory.domain.watching import RECENT_FOR, Front, Lookup, WatchKind, question_key
from directory.errors import Invalid, InvalidState, Problem
from directory.queries.watching import (
    SavedView,
    WatchView,
    list_recent,
    list_saved,
    list_watches,
)
from directory.services.acting import Act, attempt
from directory.services.asked import forget_lookups
from directory.services.watching import (
    end_watch,
    end_watch_of,
    remove_search,
    save_search,
    watch,
)
from directory.web.access import needs
from directory.web.asking import search_query
from directory.web.context import actor, now, parts, reading
from directory.web.finder_form import read_question
from directory.web.formats import listed
from directory.web.links import entry_url
from directory.web.parameters import FinderAsked, SearchPageAsked, read_parameters
from directory.web.presentation import (
    instrument_title,
    kind_name,
    problems_text,
    state_name,
    type_name,
)

blueprint = Blueprint("watching", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: what it is, where it leads ('' nowhere any more), and more about it."""

    item: WatchView | SavedView | Lookup
    title: str
    address: str
    about: str = ""


@blueprint.get("/account/watches")
@needs("account:own")
def show_watches() -> str:
    """What the reader watches."""
    read_parameters()
    watches = list_watches(actor(), reading(), now().date())
    return render_template("watching/watches.html", lines=[watch_line(one) for one in watches])


def watch_line(one: WatchView) -> Line:
    """A watch in the words of the page."""
    if one.kind is WatchKind.STATE:
        return Line(
            one, state_name(one.key), url_for("states.show", code=one.key), gettext("State")
        )
    if one.kind is WatchKind.QUESTION:
        return Line(one, *question_line(one.key), gettext("Question to the finder: whom it names"))
    if not one.state:
        return Line(one, one.key, "", gettext("Not in the directory for you any more."))
    title = one.name or gettext("Requirements")
    return Line(one, title, entry_url(one.key), state_name(one.state))


def question_line(query: str) -> tuple[str, str]:
    """A question's words and its address."""
    given = dict(parse_qsl(query))
    kind = given.get("type", "")
    words = {
        "requesting": state_name(given.get("requesting", "") or actor().state),
        "requested": state_name(given.get("requested", "")),
        "type": type_name(CooperationType(kind)) if kind in set(CooperationType) else kind,
    }
    title = gettext("%(requesting)s asks %(requested)s: %(type)s", **words)
    return title, f"{url_for('counterpart.show')}?{query}"


@blueprint.get("/account/searches")
@needs("account:own")
def show_searches() -> str:
    """What the reader saved, and looked up lately."""
    read_parameters()
    asked = parts().asked
    recent = list_recent(actor(), reading(), asked.box.open) if asked else ()
    return render_template(
        "watching/searches.html",
        saved=[saved_line(one) for one in list_saved(actor(), reading())],
        recent=[lookup_line(one) for one in recent],
        days=RECENT_FOR.days,
    )


def saved_line(one: SavedView) -> Line:
    """A saved search in the words of the page."""
    return Line(one, *search_line(one.query))


def lookup_line(one: Lookup) -> Line:
    """A look-up in the words of the page."""
    if one.front is Front.FINDER:
        return Line(one, *question_line(one.query))
    return Line(one, *search_line(one.query))


def search_line(query: str) -> tuple[str, str, str]:
    """A search's words, its address and its filters."""
    given = dict(parse_qsl(query))
    text = given.pop("q", "")
    filters = listed(filter_words(given.items()))
    address = f"{url_for('search.show')}?{query}"
    return text or filters, address, filters if text else ""


def filter_words(given: Iterable[tuple[str, str]]) -> Iterable[str]:
    """The filters of a search in the words of the page."""
    says: dict[str, Callable[[str], str]] = {
        "state": state_name,
        "kind": kind_name,
        "instrument": instrument_title,
    }
    for name, value in given:
        if name == "type":
            yield type_name(CooperationType(value)) if value in set(CooperationType) else value
        elif name in says:
            yield says[name](value)


def do(act: Act, work: Callable[[UnitOfWork], None], done: str, then: str) -> ResponseReturnValue:
    """Do it, say what came of it, and go on to the address ``then``."""
    try:
        attempt(parts().unit_of_work, actor(), act, now(), work)
    except InvalidState as error:
        flash(problems_text(error.reasons), "error")
    else:
        flash(done, "success")
    return redirect(then, 303)


def own(action: str) -> Act:
    """An act on what is one's own; what it is about is nobody else's business."""
    return Act(action, "account", str(actor().account_id))


def change_watch(kind: WatchKind, key: str, then: str) -> ResponseReturnValue:
    """Begin or end to watch, as the button pressed says."""
    if request.form.get("watch") == "0":
        return do(
            own("watch.end"),
            lambda uow: end_watch_of(uow, actor(), kind, key, now()),
            gettext("You do not watch this any more."),
            then,
        )
    return do(
        own("watch.begin"),
        lambda uow: watch(uow, actor(), kind, key, now()),
        gettext("You watch this. What changes is told to you once a day."),
        then,
    )


@blueprint.post("/entries/<entry_id>/watch")
@needs("account:own")
def watch_entry(entry_id: str) -> ResponseReturnValue:
    """Watch an entry, or no longer."""
    return change_watch(WatchKind.ENTRY, entry_id, entry_url(entry_id))


@blueprint.post("/states/<code>/watch")
@needs("account:own")
def watch_state(code: str) -> ResponseReturnValue:
    """Watch every entry of a State, or no longer."""
    return change_watch(WatchKind.STATE, code, url_for("states.show", code=code))


@blueprint.post("/counterpart/watch")
@needs("account:own")
def watch_question() -> ResponseReturnValue:
    """Watch whom the finder names, or no longer."""
    question = read_question(read_parameters(FinderAsked))
    key = question_key(question)
    return change_watch(WatchKind.QUESTION, key, f"{url_for('counterpart.show')}?{key}")


@blueprint.post("/account/watches/<int:number>/end")
@needs("account:own")
def end(number: int) -> ResponseReturnValue:
    """Watch no longer, from the list."""
    return do(
        own("watch.end"),
        lambda uow: end_watch(uow, actor(), number, now()),
        gettext("You do not watch this any more."),
        url_for(".show_watches"),
    )


@blueprint.post("/search/save")
@needs("account:own")
def save() -> ResponseReturnValue:
    """Save the search whose parameters the address has."""
    asked = read_parameters(SearchPageAsked)
    query = search_query(asked)
    if not query:
        raise Invalid([Problem("q", N_("is required"))])
    return do(
        own("search.save"),
        lambda uow: save_search(uow, actor(), query, now()),
        gettext("The search is saved; you find it under your account."),
        f"{url_for('search.show')}?{query}",
    )


@blueprint.post("/account/searches/<int:number>/remove")
@needs("account:own")
def remove(number: int) -> ResponseReturnValue:
    """Keep a search no longer."""
    return do(
        own("search.remove"),
        lambda uow: remove_search(uow, actor(), number, now()),
        gettext("The search is removed."),
        url_for(".show_searches"),
    )


@blueprint.post("/account/lookups/clear")
@needs("account:own")
def clear() -> ResponseReturnValue:
    """Forget what was looked up."""
    return do(
        own("lookups.clear"),
        lambda uow: forget_lookups(uow, actor()),
        gettext("Your recent look-ups are cleared."),
        url_for(".show_searches"),
    )
