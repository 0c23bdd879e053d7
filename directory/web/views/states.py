"""All States by region, and one State in full."""

from collections import defaultdict
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.validity import Binding, bind
from directory.domain.vocabulary import EntryKind
from directory.domain.watching import WatchKind
from directory.queries.entry_lists import EntrySummary
from directory.queries.states import StateSummary, StateView, get_state, list_states
from directory.queries.watching import is_watched
from directory.web.access import needs
from directory.web.context import actor, now, reading
from directory.web.finder_form import finder_form
from directory.web.formats import alphabetical
from directory.web.labels import REGIONAL_GROUPS
from directory.web.parameters import read_parameters
from directory.web.presentation import state_name, type_name

blueprint = Blueprint("states", __name__)


@blueprint.get("/states")
@needs("states:read")
def list_all() -> str:
    """All States by regional group, with the number of entries of each."""
    read_parameters()
    states = list_states(actor(), reading(), now().date())
    return render_template(
        "states.html",
        groups=by_region(states),
        total=len(states),
        with_entries=sum(1 for one in states if one.entries),
    )


def by_region(states: tuple[StateSummary, ...]) -> list[tuple[str, list[StateSummary]]]:
    """Regional groups in their order, those in none last; States by name."""
    found: dict[str, list[StateSummary]] = defaultdict(list)
    for one in sorted(states, key=lambda one: alphabetical(state_name(one.state.code))):
        found[one.state.regional_group].append(one)
    known = [name for name in REGIONAL_GROUPS if name in found]
    others = sorted(name for name in found if name not in REGIONAL_GROUPS)
    return [(name, found[name]) for name in (*known, *others)]


@blueprint.get("/states/<code>")
@needs("states:read")
def show(code: str) -> ResponseReturnValue:
    """One State: treaties, declarations, entries by type, what is missing."""
    read_parameters()
    view = get_state(actor(), reading(), code, now().date())
    if code != view.state.code:
        return redirect(url_for(".show", code=view.state.code))
    return render_template(
        "state.html",
        view=view,
        bindings=bindings(view),
        by_kind=by_kind(view.entries),
        by_type=by_type(view.entries),
        form=finder_form({"requested": view.state.code}),
        files=lambda form: url_for("taking.file", form=form, state=view.state.code),
        sheets=sheets(view.state.code),
        watched=is_watched(actor(), reading(), WatchKind.STATE, view.state.code),
    )


def sheets(code: str) -> list[tuple[str, str]]:
    """What can be printed of the State: (text, address)."""
    return [
        (gettext("Sheet, A4 (PDF)"), url_for("taking.sheet_of_state", code=code, paper="a4")),
        (gettext("Sheet, A5 (PDF)"), url_for("taking.sheet_of_state", code=code, paper="a5")),
    ]


def bindings(view: StateView) -> list[Binding]:
    """How the State stands today to each instrument on record for it."""
    today = now().date()
    return [
        bind(view.state.code, view.book.instruments[one.instrument], one, today)
        for one in view.participations
    ]


@dataclass(frozen=True, slots=True)
class TypeGroup:
    """A cooperation type and the entries that answer for it."""

    title: str
    entries: tuple[EntrySummary, ...]


def by_type(entries: tuple[EntrySummary, ...]) -> list[TypeGroup]:
    """Authorities and contact points under each type they are designated for."""
    offices = [one for one in entries if one.kind in {EntryKind.AUTHORITY, EntryKind.CONTACT_POINT}]
    kinds = dict.fromkeys(kind for one in offices for kind in one.types)
    groups = (
        TypeGroup(type_name(kind), tuple(one for one in offices if kind in one.types))
        for kind in kinds
    )
    return sorted(groups, key=lambda group: alphabetical(str(group.title)))


def by_kind(entries: tuple[EntrySummary, ...]) -> dict[EntryKind, list[EntrySummary]]:
    """The entries of each kind, in the order of the vocabulary."""
    return {kind: [one for one in entries if one.kind is kind] for kind in EntryKind}
