"""The rules of the house, read from the source by ``ast``; each gives the places that break it.

A place is 'module:line what', relative to the folder that is looked at, so that the same rules can
be turned on a copy with a planted fault.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

PACKAGE = "directory"

#: Layers from the top down; a module imports from its own layer and from those below it.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"composition"}),
    frozenset({"cli", "web", "api"}),
    frozenset({"parts"}),
    frozenset({"exchange", "services", "queries", "schemas", "seeding"}),
    frozenset({"policy", "search", "settings", "setting_values"}),
    frozenset({"models"}),
    frozenset({"db", "domain"}),
    frozenset({"errors", "later", "paths"}),
)
#: The command starts the app, so it goes up to where the app is put together.
UPWARD = frozenset({("cli", "composition")})
#: Side by side, without knowing one another.
APART = frozenset({("web", "api"), ("web", "cli"), ("api", "cli"), ("domain", "db")})
#: What the web front keeps for both: the door, the request's parts, the language and its words.
SHARED_BY_FRONTS = ("access", "asking", "context", "i18n", "looking", "presentation")

FRONTS = ("directory/web/", "directory/api/", "directory/cli/", "directory/composition.py")
IMPURE = ("alembic", "flask", "marshmallow", "sqlalchemy", "whoosh")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
COMMITTERS = frozenset({"directory/db/unit_of_work.py"})
WHOOSH = frozenset({"directory/search/whoosh_index.py"})
ENTRY_WRITERS = frozenset({"directory/services/publishing.py"})
ENTRY_TABLES = "directory.models.entry"
#: What of the entry tables others may write: the index forgets the work it has done.
NOT_ENTRIES = frozenset({"IndexWork"})
#: Lines of the longest function that is still read at one glance.
LONGEST_FUNCTION = 60
WRITES = frozenset({"insert", "update", "delete"})


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @property
    def room(self) -> str:
        """'web' of directory/web/door.py, 'policy' of directory/policy.py, '' of the package."""
        name = self.path.split("/")[1].removesuffix(".py")
        return "" if name == "__init__" else name

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full dotted name of everything imported, wherever it stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def at(self, line: int, what: str) -> str:
        return f"{self.path}:{line} {what}"


@lru_cache(maxsize=1)
def modules(root: Path) -> tuple[Module, ...]:
    """Every module of the package under ``root``."""
    return tuple(
        Module(path.relative_to(root).as_posix(), path.read_text("utf-8"))
        for path in sorted((root / PACKAGE).rglob("*.py"))
        if "_data" not in path.parts
    )


def _is_of(name: str, packages: Iterable[str]) -> bool:
    """Is the dotted name one of the packages, an extension of it (flask_login), or inside one?"""
    top = name.split(".", maxsplit=1)[0]
    return any(top == package or top.startswith(f"{package}_") for package in packages)


def _layer(room: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if room in layer)


def unknown_rooms(root: Path) -> list[str]:
    """Modules that stand in no layer."""
    known = frozenset[str]().union(*LAYERS)
    return [one.path for one in modules(root) if one.room and one.room not in known]


def upward_imports(root: Path) -> list[str]:
    """Imports from a layer above, or from a front by another front."""
    return [
        one.at(line, name)
        for one in modules(root)
        for line, name in one.imports()
        if name.startswith(f"{PACKAGE}.") and _goes_up(one.room, *name.split(".")[1:3])
    ]


def _goes_up(room: str, other: str, module: str = "") -> bool:
    if not room or room == other or (room, other) in UPWARD:
        return False
    if (room, other) == ("api", "web") and module in SHARED_BY_FRONTS:
        return False
    apart = (room, other) in APART or (other, room) in APART
    return apart or _layer(other) < _layer(room)


def impure_domain(root: Path) -> list[str]:
    """Frameworks below ``domain``."""
    return [
        one.at(line, name)
        for one in modules(root)
        if one.room == "domain"
        for line, name in one.imports()
        if _is_of(name, IMPURE)
    ]


def flask_below_the_fronts(root: Path) -> list[str]:
    """Flask, Werkzeug or an extension outside fronts and composition."""
    return [
        one.at(line, name)
        for one in modules(root)
        if not one.path.startswith(FRONTS)
        for line, name in one.imports()
        if _is_of(name, ("flask", "werkzeug"))
    ]


def other_importers_of_whoosh(root: Path) -> list[str]:
    """Whoosh is unmaintained and stands behind one file."""
    return [
        one.at(line, name)
        for one in modules(root)
        if one.path not in WHOOSH
        for line, name in one.imports()
        if _is_of(name, ("whoosh",))
    ]


def other_committers(root: Path) -> list[str]:
    """``commit()`` outside the unit of work, whatever it is called on."""
    return [
        one.at(call.lineno, "commit()")
        for one in modules(root)
        if one.path not in COMMITTERS
        for call in one.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
        # The search index has a commit of its own.
        if one.path not in WHOOSH
    ]


def imports_inside_functions(root: Path) -> list[str]:
    """An import that runs late hides a direction."""
    return [
        one.at(inner.lineno, outer.name)
        for one in modules(root)
        for outer in ast.walk(one.tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def long_functions(root: Path) -> list[str]:
    """Functions that do too much to be read at one glance."""
    return [
        one.at(node.lineno, node.name)
        for one in modules(root)
        for node in ast.walk(one.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]


def unfinished(root: Path) -> list[str]:
    """What says of itself that it is not done."""
    return [
        one.at(number, line.strip())
        for one in modules(root)
        for number, line in enumerate(one.source.splitlines(), start=1)
        if UNFINISHED.search(line)
    ]


def prints_outside_cli(root: Path) -> list[str]:
    """Only the command speaks to a terminal."""
    return [
        one.at(call.lineno, "print()")
        for one in modules(root)
        if one.room != "cli"
        for call in one.calls()
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]


def other_writers_of_entries(root: Path) -> list[str]:
    """Statements that write, or rows that are made, for an entry table outside publishing."""
    return [
        place
        for one in modules(root)
        if one.path not in ENTRY_WRITERS
        for place in _entry_writes(one)
    ]


def _entry_writes(one: Module) -> Iterator[str]:
    tables = _entry_names(one)
    for call in one.calls():
        for node in _written(call):
            table = _entry_table(node, tables)
            if table:
                yield one.at(call.lineno, table)


def _written(call: ast.Call) -> Iterator[ast.AST]:
    """Where a written table would stand: ``insert(X)``, ``X.__table__.insert()``, ``X(...)``."""
    yield call.func
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in WRITES:
        yield from call.args[:1]
        if isinstance(call.func, ast.Attribute):
            yield call.func.value


def _entry_names(one: Module) -> dict[str, str]:
    """Local name -> table class, or '' for the module of the tables itself."""
    found: dict[str, str] = {}
    for node in ast.walk(one.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full == ENTRY_TABLES:
                    found[alias.asname or alias.name] = ""
                elif node.module == ENTRY_TABLES:
                    found[alias.asname or alias.name] = alias.name
    return found


def _entry_table(node: ast.AST, tables: dict[str, str]) -> str:
    """The entry table that an expression names directly; '' for none."""
    if isinstance(node, ast.Attribute) and node.attr == "__table__":
        return _entry_table(node.value, tables)
    found = ""
    if isinstance(node, ast.Name):
        found = tables.get(node.id, "")
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        found = node.attr if tables.get(node.value.id) == "" else ""
    return "" if found in NOT_ENTRIES else found
