"""The reference data as one immutable book, small enough to be kept in memory."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from directory.domain.closures import AnnouncedClosure
from directory.domain.marks import N_
from directory.domain.reference import (
    Declaration,
    Instrument,
    LegalBasis,
    Participation,
    State,
    Territory,
)
from directory.domain.vocabulary import CooperationType
from directory.errors import Problem

#: Rows of one source that can be a whole list of parties.
_SHORTEST_LIST = 3

One = TypeVar("One", Participation, Declaration)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeNames:
    """A cooperation type's names by language, and what else people call it."""

    code: CooperationType
    names: Mapping[str, str]
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownState(Problem):
    """A code that no State has, ``params["code"]``; each front says where those there are stand."""

    message: str = N_("no State has the code %(code)s")


@dataclass(frozen=True, kw_only=True)
class ReferenceBook:
    """All reference records, by their keys; made once for each edition of the data."""

    states: Mapping[str, State]
    instruments: Mapping[str, Instrument]
    types: Mapping[CooperationType, TypeNames]
    participations: tuple[Participation, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()
    #: State -> names it can be found by, beside the official ones.
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Territory key -> names it can be found by.
    territory_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: State -> days on which it announced that its offices are closed.
    closures: Mapping[str, tuple[AnnouncedClosure, ...]] = field(default_factory=dict)

    @cached_property
    def participations_by_state(self) -> Mapping[str, tuple[Participation, ...]]:
        """Each State's participations, by instrument code."""
        return _by_state(self.participations)

    @cached_property
    def declarations_by_state(self) -> Mapping[str, tuple[Declaration, ...]]:
        """Each State's declarations, by instrument code."""
        return _by_state(self.declarations)

    @cached_property
    def copies(self) -> Mapping[str, str]:
        """Instrument -> date of the copy that most of its list of parties was read from.

        A single newer row does not make the list newer, so the commonest date is the honest one.
        Single finds are no list, and have no date at which anything was missing from one.
        """
        dates: dict[str, Counter[str]] = {}
        for one in filter(lambda one: one.source_copy, self.participations):
            dates.setdefault(one.instrument, Counter())[one.source_copy] += 1
        listed = dates.keys() - self.single_finds
        return {code: dates[code].most_common(1)[0][0] for code in sorted(listed)}

    @cached_property
    def single_finds(self) -> frozenset[str]:
        """Instruments of which single States were found and no list of the parties was read.

        The data do not say so by instrument. Where a list was read it is the source of most rows,
        beside which later finds stand ('list + gazette' names both); where most rows have a source
        each, they were found one by one. Two rows are no list either: these treaties bind nobody
        before three States have consented.
        """
        sources: dict[str, Counter[str]] = {}
        for one in self.participations:
            sources.setdefault(one.instrument, Counter()).update({*one.source.split(" + ")})
        rows = Counter(one.instrument for one in self.participations)
        return frozenset(
            code
            for code, named in sources.items()
            if named.most_common(1)[0][1] < max(_SHORTEST_LIST, rows[code] // 2 + 1)
        )

    @cached_property
    def territories(self) -> Mapping[str, Territory]:
        """The territories of all States, by key."""
        return {
            territory.key: territory
            for state in self.states.values()
            for territory in state.territories
        }

    @cached_property
    def instruments_by_title(self) -> Mapping[str, Instrument]:
        """The instruments by their full titles in English, by which sources name them."""
        return {instrument.title: instrument for instrument in self.instruments.values()}


def _by_state(records: tuple[One, ...]) -> Mapping[str, tuple[One, ...]]:
    found: dict[str, list[One]] = {}
    for record in sorted(records, key=lambda one: one.instrument):
        found.setdefault(record.state, []).append(record)
    return {state: tuple(of_state) for state, of_state in found.items()}
