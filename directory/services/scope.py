"""Whom the secretariat asks: all States, those of a regional group, or some by name."""

from collections.abc import Collection, Iterator, Mapping

from directory.domain.marks import N_
from directory.errors import Problem


def scope_problems(
    regional_group: str, states: Collection[str], group_of: Mapping[str, str]
) -> Iterator[Problem]:
    """What does not fit; ``group_of`` gives the regional group of each State by its code."""
    if regional_group and states:
        yield Problem("states", N_("Choose a regional group or single States, not both."))
    unknown = sorted(set(states) - set(group_of))
    if unknown:
        codes = ", ".join(unknown)[:60]
        yield Problem("states", N_("No State has the code: %(codes)s"), {"codes": codes})
    if regional_group and regional_group not in group_of.values():
        yield Problem("regional_group", N_("Choose among the regional groups shown."))
