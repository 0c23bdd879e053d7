"""What is wrong with a seed file, told by file, row and column."""

from collections.abc import Iterable
from dataclasses import dataclass

#: More problems than this in one reading are counted, not listed.
LISTED = 50


@dataclass(frozen=True, slots=True)
class SeedProblem:
    """One malformed cell: ``row`` counts the header as 1 (0: the whole file), ``message`` mends."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f", row {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{place}{column}: {self.message}"


class CellError(ValueError):
    """A cell cannot be read; raised while one row is built."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class SeedRefused(ValueError):
    """The seed data are malformed; nothing of them was used."""

    def __init__(self, problems: Iterable[SeedProblem], unlisted: int = 0) -> None:
        self.problems = tuple(problems)
        self.unlisted = unlisted
        lines = [str(problem) for problem in self.problems]
        if unlisted:
            lines.append(f"and {unlisted} more")
        super().__init__("\n".join(lines))


class Problems:
    """Collects problems, so that one reading names them all."""

    def __init__(self) -> None:
        self._listed: list[SeedProblem] = []
        self._unlisted = 0

    def add(self, problem: SeedProblem) -> None:
        if len(self._listed) < LISTED:
            self._listed.append(problem)
        else:
            self._unlisted += 1

    def refuse_if_any(self) -> None:
        """Raise ``SeedRefused`` when something was added."""
        if self._listed:
            raise SeedRefused(self._listed, self._unlisted)
