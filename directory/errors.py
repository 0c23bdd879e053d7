"""What can go wrong, as facts of the domain. The fronts make pages and problem details of them."""

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


class DomainError(Exception):
    """The tree of every refusal."""


class NotFound(DomainError):
    """There is no such thing, or the actor may not know of it."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"{what} {key}")
        self.what = what
        self.key = key


class Denied(DomainError):
    """The actor may not do this."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class Invalid(DomainError):
    """What was given breaks a rule; every problem is listed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class InvalidState(DomainError):
    """The thing is not in a state that allows this."""


class StaleRevision(DomainError):
    """The change was made against a revision that is no longer the current one."""

    def __init__(self, entry_id: str, given: int, current: int) -> None:
        super().__init__(f"{entry_id}: revision {given} was given, {current} is current")
        self.entry_id = entry_id
        self.given = given
        self.current = current


class Unavailable(DomainError):
    """A part the request needs is not there now (index, database); the text says what to do."""
