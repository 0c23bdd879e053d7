"""The question to the counterpart finder: read from an address, and shown as a form again."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from directory.domain.answer import Question
from directory.domain.contacts import only_zone
from directory.domain.hours import is_zone
from directory.domain.marks import N_
from directory.domain.reference import State
from directory.domain.vocabulary import CooperationType
from directory.errors import Invalid, Problem
from directory.web.context import actor, now
from directory.web.formats import Choices, alphabetical, by_name, listed, semicolon
from directory.web.i18n import PARAMETER
from directory.web.presentation import (
    ProblemLine,
    book,
    instrument_title,
    isolated,
    problem_text,
    state_name,
    territory_name,
    type_name,
)

#: The browser's IANA zone; set by ``app.js``, so that an officer abroad sees their own clock.
ZONE_COOKIE = "directory_zone"
#: The fields a reader has to open to see.
_DETAILS = frozenset({"instrument", "territory", "on", "as_known"})
#: The fields that the form of the urgent page is without.
_OF_OTHER_MOMENTS = frozenset({"urgent", "on", "as_known"})

#: Field -> what it is called on the form.
TITLES: dict[str, LazyString] = {
    "requesting": _("Requesting State"),
    "requested": _("Requested State"),
    "type": _("Kind of help"),
    "urgent": _("Urgent: it cannot wait for office hours"),
    "instrument": _("Instrument, when you know it"),
    "territory": _("Territory of the requested State"),
    "on": _("On the day"),
    "as_known": _("As known on the day"),
}
#: Field -> what one of its codes is called.
_NAMES: dict[str, Callable[[str], str]] = {
    "type": lambda code: type_name(CooperationType(code)),
    "instrument": instrument_title,
    "territory": territory_name,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FinderForm:
    """What was typed, what is wrong with it, and what can be chosen."""

    values: dict[str, str]
    states: Choices
    types: Choices
    instruments: Choices
    #: Name of a State -> its territories.
    territories: list[tuple[str, Choices]]
    #: Field -> what is wrong with it.
    problems: dict[str, str] = field(default_factory=dict)
    #: Is it asked for the urgent page, which is always about this moment?
    is_for_urgent: bool = False

    @property
    def titles(self) -> dict[str, LazyString]:
        """Field -> what it is called, of those that stand on the form."""
        left_out = _OF_OTHER_MOMENTS if self.is_for_urgent else ()
        return {name: title for name, title in TITLES.items() if name not in left_out}

    @property
    def is_detailed(self) -> bool:
        """Has a field been filled, or refused, that is folded away at first?"""
        return any(self.values.get(name) or name in self.problems for name in _DETAILS)


def finder_form(
    values: Mapping[str, str], problems: Iterable[Problem] = (), *, is_for_urgent: bool = False
) -> FinderForm:
    """The form with these values; the requesting State is the reader's own by default."""
    return FinderForm(
        values={"requesting": actor().state, **values},
        problems={problem.path: _text(problem) for problem in problems},
        states=by_name((code, state_name(code)) for code in book().states),
        types=[(kind.value, type_name(kind)) for kind in book().types],
        instruments=by_name((code, instrument_title(code)) for code in book().instruments),
        territories=_territories(),
        is_for_urgent=is_for_urgent,
    )


def problem_lines(problems: Iterable[Problem]) -> list[ProblemLine]:
    """What is wrong with a question, what may be chosen by the names it has on the form."""
    return [ProblemLine(one.path, _text(one)) for one in problems]


def _text(problem: Problem) -> str:
    """What is wrong; what may be chosen is told by name, not by code."""
    allowed = str(problem.params.get("allowed", ""))
    if not allowed:
        return problem_text(problem)
    codes = [code for code in allowed.split(", ") if code != PARAMETER]
    if problem.path in _NAMES:
        names = listed(map(_NAMES[problem.path], codes))
    else:
        names = semicolon().join(map(_parameter, codes))
    return problem_text(replace(problem, params={**problem.params, "allowed": names}))


def _parameter(name: str) -> str:
    """A parameter that is allowed where another is unknown: as the form and as addresses call it.

    What the form has no name for, such as a language, is told by its code.
    """
    return isolated(f"{TITLES[name]} ({name})") if name in TITLES else name


def _territories() -> list[tuple[str, Choices]]:
    groups = [
        (state_name(state.code), [(one.key, territory_name(one.key)) for one in state.territories])
        for state in book().states.values()
        if state.territories
    ]
    return sorted(groups, key=lambda group: alphabetical(group[0]))


def read_question(asked: dict[str, Any]) -> Question:
    """The question of a form that was read; the requesting State is the reader's own by default.

    A day other than today is asked about at noon in UTC. Raises ``Invalid`` when the reader has no
    State and names none.
    """
    requesting = asked.get("requesting") or actor().state
    if not requesting:
        raise Invalid([Problem("requesting", N_("is required"))])
    return Question(
        requesting=requesting,
        requested=asked["requested"],
        cooperation_type=asked["type"],
        at=_moment(asked.get("on")),
        urgent=asked["urgent"],
        instrument=asked.get("instrument", ""),
        territory=asked.get("territory", ""),
        viewer_zone=reader_zone(book().states.get(requesting)),
    )


def _moment(on: dt.date | None) -> dt.datetime:
    moment = now()
    if on is None or on == moment.date():
        return moment
    return dt.datetime.combine(on, dt.time(12), tzinfo=dt.UTC)


def reader_zone(state: State | None) -> str:
    """The zone of the reader's own clock where the browser told it, else that of the State."""
    told = request.cookies.get(ZONE_COOKIE, "")
    return told if told and is_zone(told) else only_zone(state)
