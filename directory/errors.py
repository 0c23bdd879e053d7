"""What can go wrong, as facts of the domain. The fronts make pages and problem details of them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (a dotted path, '' for the whole), and what would be right.

    ``message`` is an English template marked for translation; ``params`` fills it.
    """

    path: str
    message: str
    params: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        text = self.message % self.params if self.params else self.message
        return f"{self.path}: {text}" if self.path else text


def beside(told: Iterable[Problem], others: Iterable[Problem]) -> list[Problem]:
    """What is told, then those of the others whose field nothing is told of yet."""
    problems = list(told)
    paths = {one.path for one in problems}
    return [*problems, *(one for one in others if one.path not in paths)]


class DomainError(Exception):
    """The tree of every refusal."""


class NotFound(DomainError):
    """There is no such thing, or the actor may not know of it."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"{what} {key}")
        self.what = what
        self.key = key


class Denied(DomainError):
    """The actor may not do this; ``reasons`` say why where there is more to say."""

    def __init__(self, permission: str, reasons: Iterable[Problem] = ()) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join((permission, *(str(reason) for reason in self.reasons))))
        self.permission = permission


class Invalid(DomainError):
    """What was given breaks a rule; every problem is listed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class InvalidState(DomainError):
    """The thing is not in a state that allows this; ``reasons`` say why, for people to read.

    ``overtaken`` is True where somebody else acted since the caller looked (HTTP 412).
    """

    def __init__(
        self, message: str = "", reasons: Iterable[Problem] = (), *, overtaken: bool = False
    ) -> None:
        self.reasons = tuple(reasons)
        super().__init__(message or "; ".join(str(reason) for reason in self.reasons))
        self.overtaken = overtaken


class StaleRevision(DomainError):
    """The change was made against a revision that is no longer the current one.

    ``clashes`` are the fields that both changed (``domain.diff.Clash``: base, ours, theirs), for a
    view side by side.
    """

    def __init__(
        self, entry_id: str, given: int, current: int, clashes: Iterable[object] = ()
    ) -> None:
        self.clashes = tuple(clashes)
        super().__init__(f"{entry_id}: revision {given} was given, {current} is current")
        self.entry_id = entry_id
        self.given = given
        self.current = current


class QuotaReached(DomainError):
    """The look-ups of the day are used up, of the account or of its State (``whose``).

    ``again_at`` is when the quota begins anew.
    """

    def __init__(self, whose: str, limit: int, again_at: dt.datetime) -> None:
        super().__init__(f"{limit} look-ups of the {whose} today")
        self.whose = whose
        self.limit = limit
        self.again_at = again_at


class ReportsUsedUp(QuotaReached):
    """Too many reports that the account made today wait for an answer; ``reason`` says so."""

    def __init__(self, reason: Problem, limit: int, again_at: dt.datetime) -> None:
        super().__init__("account", limit, again_at)
        self.reason = reason


class Unavailable(DomainError):
    """A part the request needs is not there now (index, database); the text says what to do."""


class ReadOnly(Unavailable):
    """Nothing is changed at present, by decision or because the database is away; reading goes on.

    ``reason`` is what the operator said, '' where nothing was said.
    """

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or "nothing can be changed at the moment; try again later")
        self.reason = reason
