"""The question to the counterpart finder: read from an address, and shown as a form again."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from directory.domain.answer import Question
from directory.domain.marks import N_
from directory.domain.reference import State
from directory.domain.vocabulary import CooperationType
from directory.errors import Invalid, Problem
from directory.web.context import actor, now
from directory.web.parameters import Parameters
from directory.web.presentation import book, instrument_title, problem_text, state_name, type_name

FIELDS = ("requesting", "requested", "type", "urgent", "instrument", "territory", "on")
#: The fields a reader has to open to see.
_DETAILS = frozenset({"instrument", "territory", "on"})

Choices = list[tuple[str, str]]


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

    @property
    def is_detailed(self) -> bool:
        """Has a field been filled, or refused, that is folded away at first?"""
        return any(self.values.get(name) or name in self.problems for name in _DETAILS)


def finder_form(values: dict[str, str], problems: Iterable[Problem] = ()) -> FinderForm:
    """The form with these values; the requesting State is the reader's own by default."""
    return FinderForm(
        values={"requesting": actor().state, **values},
        problems={problem.path: problem_text(problem) for problem in problems},
        states=_by_name((code, state_name(code)) for code in book().states),
        types=[(kind.value, type_name(kind)) for kind in book().types],
        instruments=_by_name((code, instrument_title(code)) for code in book().instruments),
        territories=_territories(),
    )


def _by_name(choices: Iterable[tuple[str, str]]) -> Choices:
    return sorted(choices, key=lambda choice: choice[1].casefold())


def _territories() -> list[tuple[str, Choices]]:
    groups = [
        (state_name(state.code), [(one.key, one.name) for one in state.territories])
        for state in book().states.values()
        if state.territories
    ]
    return sorted(groups)


def read_question(parameters: Parameters) -> Question:
    """The question asked in the address; raises ``Invalid`` with everything that does not fit.

    A day other than today is asked about at noon in UTC.
    """
    states = book().states
    requesting = parameters.state("requesting", states) or actor().state
    requested = parameters.state("requested", states)
    kind = parameters.word("type", CooperationType)
    on = parameters.date("on")
    urgent = parameters.flag("urgent")
    instrument = parameters.one_of("instrument", book().instruments)
    for name, value in (("requesting", requesting), ("requested", requested), ("type", kind)):
        if not value and not parameters.text(name):
            parameters.wrong(name, N_("Choose one."))
    if parameters.problems or kind is None:
        raise Invalid(parameters.problems)
    return Question(
        requesting=requesting,
        requested=requested,
        cooperation_type=kind,
        at=_moment(on),
        urgent=urgent,
        instrument=instrument,
        territory=parameters.text("territory"),
        viewer_zone=viewer_zone(states[requesting]),
    )


def _moment(on: dt.date | None) -> dt.datetime:
    moment = now()
    if on is None or on == moment.date():
        return moment
    return dt.datetime.combine(on, dt.time(12), tzinfo=dt.UTC)


def viewer_zone(state: State | None) -> str:
    """The zone a reader of that State sits in, '' where the State has several or none."""
    zones = state.time_zones if state else ()
    return zones[0] if len(zones) == 1 else ""
