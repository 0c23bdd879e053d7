"""The codes that an address may hold, told to a person with the name of each beside it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

from directory.domain.coverage import Cover
from directory.domain.vocabulary import CooperationType, EntryKind, Freshness
from directory.errors import Problem
from directory.web.formats import semicolon
from directory.web.labels import label
from directory.web.presentation import instrument_title, isolated, type_name


def _labelled(vocabulary: type[StrEnum]) -> Callable[[str], str]:
    return lambda code: str(label(vocabulary(code)))


#: Parameter of an address -> what one of its codes is called.
_NAMES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "type": lambda code: type_name(CooperationType(code)),
        "cover": _labelled(Cover),
        "kind": _labelled(EntryKind),
        "freshness": _labelled(Freshness),
        "instrument": instrument_title,
    }
)


def with_names(problem: Problem) -> Problem:
    """The same problem; each allowed code has its name before it, where the codes have names."""
    allowed, name = str(problem.params.get("allowed", "")), _NAMES.get(problem.path)
    if not allowed or name is None:
        return problem
    try:
        told = [isolated(f"{name(code)} ({code})") for code in allowed.split(", ")]
    except ValueError:
        # The parameter is unknown here, and what is allowed are other parameters.
        return problem
    return replace(problem, params={**problem.params, "allowed": semicolon().join(told)})
