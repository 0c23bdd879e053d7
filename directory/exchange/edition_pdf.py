"""The printed edition: set by Typst in parts of bounded size, then bound to one tagged file.

Memory: one part is set at a time, in a process of its own. Page numbers are known from the parts
that are set already; the front, with the contents, is set last.
"""

import json
import subprocess  # nosec B404: a script of our own, by its full path
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from directory.domain.punctuation import between
from directory.exchange.bounded import child
from directory.later import Later

if TYPE_CHECKING:
    import typst

    from directory.exchange import edition_binding
else:
    typst = Later("typst")
    edition_binding = Later("directory.exchange.edition_binding")

Plain = dict[str, Any]
#: Told how many entries are set.
Told = Callable[[int], None]

TEMPLATES = Path(__file__).parent / "typst"
#: Entries set at once; each costs some 80 KB while it is set.
AT_ONCE = 600
#: Lines of an index set at once, each page number counted as one.
LINES_AT_ONCE = 3000
#: Seconds after which a part is given up: with a busy machine far more than it takes.
PATIENCE = 900


class SettingFailed(Exception):
    """A part could not be set; the text is what Typst said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry for the edition: what is printed of it, and under what the indexes list it."""

    id: str
    state: str
    name: str
    #: Names of its cooperation types.
    types: tuple[str, ...]
    #: 'New', 'Changed' in words; '' where it is the same.
    change: str
    #: What the template prints.
    block: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionSheet:
    """All texts of an edition, in its language; entries come in the order of States and names."""

    language: str
    title: str
    author: str
    footer: str
    #: Subtitle, notes and facts of the first page.
    front: Plain
    #: Keys: entries, by_state, by_type, changes, contents.
    headings: Mapping[str, str]
    #: Names of all cooperation types, in their order.
    types: tuple[str, ...]
    entries: Iterable[Line]
    #: Told before the list of changes; empty where there is no earlier edition.
    changes: tuple[str, ...] = ()
    gone_title: str = ""
    #: Asked when all entries are read.
    gone: Callable[[], tuple[str, ...]] = tuple


@dataclass(slots=True)
class _Bound:
    """What is set so far: the parts, and on which page each entry stands."""

    sheet: EditionSheet
    folder: Path
    parts: list[Path] = field(default_factory=list)
    pages: int = 0
    lines: list[tuple[Line, int]] = field(default_factory=list)
    outline: list["edition_binding.Mark"] = field(default_factory=list)

    def set(self, part: str, **facts: Any) -> Path:
        """Set one part behind the others."""
        sheet = self.sheet
        whole = {
            "part": part,
            "language": sheet.language,
            "title": sheet.title,
            "author": sheet.author,
            "footer": sheet.footer,
            "between": between(sheet.language),
            "first": self.pages + 1,
            **facts,
        }
        number = len(self.parts)
        given, made = self.folder / f"{number}.json", self.folder / f"{number}.pdf"
        given.write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
        # Typst wants every PDF/UA file to begin with the first heading of all; a part that goes on
        # where the last one ended does so in the bound file only.
        _run(given, made, "1.7" if facts.get("opens") is False else "ua-1")
        given.unlink()
        return made


def _run(given: Path, made: Path, standard: str) -> None:
    template = str(TEMPLATES / "edition.typ")
    command = [sys.executable, "-I", "-X", "utf8", child("typst"), template]
    done = subprocess.run(  # nosec B603
        [*command, str(given), str(made), standard],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise SettingFailed(done.stderr.decode("utf-8", "replace")[-2000:])


def set_edition(sheet: EditionSheet, folder: Path, out: Path, told: Told, binding: Told) -> int:
    """Set and bind the edition with ``folder`` for its parts; gives the number of pages.

    ``told`` gets the number of entries set, ``binding`` the same when the entries are done.
    Raises ``SettingFailed``.
    """
    made = _Bound(sheet, folder)
    for entries in _batched(sheet.entries):
        _set_entries(made, entries)
        told(len(made.lines))
    binding(len(made.lines))
    if sheet.changes:
        _set_list(made, "changes", _changed(made), sheet.changes)
    _set_list(made, "by_state", _by_state(made))
    _set_list(made, "by_type", _by_type(made))
    front = made.set("front", first=1, contents=list(_contents(made)), **_front(sheet))
    length, _ = edition_binding.entry_pages(front)
    return edition_binding.bind([front, *made.parts], length, made.outline, out)


def _batched(entries: Iterable[Line]) -> Iterator[list[Line]]:
    source = iter(entries)
    while batch := list(islice(source, AT_ONCE)):
        yield batch


def _set_entries(made: _Bound, entries: Sequence[Line]) -> None:
    last = made.lines[-1][0].state if made.lines else ""
    blocks = []
    for one in entries:
        blocks.append({**one.block, "state": "" if one.state == last else one.state})
        last = one.state
    is_first = not made.parts
    heading = made.sheet.headings["entries"]
    path = made.set("body", opens=is_first, heading=heading, entries=blocks)
    length, found = edition_binding.entry_pages(path)
    if len(found) != len(entries):
        raise SettingFailed(f"{len(entries)} entries were given and {len(found)} are tagged")
    if is_first:
        made.outline.append(edition_binding.Mark(heading, 1))
    before = made.lines[-1][0].state if made.lines else ""
    for one, place in zip(entries, found, strict=True):
        if one.state != before:
            made.outline.append(edition_binding.Mark(one.state, made.pages + place + 1))
        before = one.state
        # What is printed is no longer needed; for thousands of entries it is most of the memory.
        one.block.clear()
        made.lines.append((one, made.pages + place + 1))
    made.parts.append(path)
    made.pages += length


def _set_list(made: _Bound, part: str, groups: list[Plain], notes: tuple[str, ...] = ()) -> None:
    heading = made.sheet.headings[part]
    made.outline.append(edition_binding.Mark(heading, made.pages + 1))
    for number, batch in enumerate(_split(groups)):
        opens = not number
        told = list(notes) if opens else []
        path = made.set(part, opens=opens, heading=heading, notes=told, groups=batch)
        length, _ = edition_binding.entry_pages(path)
        made.parts.append(path)
        made.pages += length


def _split(groups: list[Plain]) -> Iterator[list[Plain]]:
    """The groups in batches of bounded size; a group that is cut in two goes on without a title."""
    batch: list[Plain] = []
    size = 0
    for group in groups:
        title = group["title"]
        for line in group["lines"]:
            if size >= LINES_AT_ONCE:
                yield batch
                batch, size = [], 0
            if title or not batch:
                batch.append({"title": title, "lines": []})
                title = ""
            batch[-1]["lines"].append(line)
            size += 1 + len(line["pages"])
    yield batch


def _front(sheet: EditionSheet) -> Plain:
    return {**sheet.front, "contents_title": sheet.headings["contents"]}


def _contents(made: _Bound) -> Iterator[Plain]:
    return ({"title": one.title, "page": one.page} for one in made.outline)


def _by_state(made: _Bound) -> list[Plain]:
    found: dict[str, list[Plain]] = {}
    for line, page in made.lines:
        found.setdefault(line.state, []).append({"title": line.name, "pages": [page]})
    return [{"title": state, "lines": lines} for state, lines in found.items()]


def _by_type(made: _Bound) -> list[Plain]:
    """Type -> State -> pages, each once."""
    found: dict[str, dict[str, dict[int, None]]] = {kind: {} for kind in made.sheet.types}
    for line, page in made.lines:
        for kind in line.types:
            found[kind].setdefault(line.state, {})[page] = None
    return [
        {
            "title": kind,
            "lines": [{"title": state, "pages": list(pages)} for state, pages in states.items()],
        }
        for kind, states in found.items()
        if states
    ]


def _changed(made: _Bound) -> list[Plain]:
    found: dict[str, list[Plain]] = {}
    for line, page in made.lines:
        if line.change:
            title = f"{line.state}: {line.name}"
            found.setdefault(line.change, []).append({"title": title, "pages": [page]})
    if gone := made.sheet.gone():
        found[made.sheet.gone_title] = [{"title": one, "pages": []} for one in gone]
    return [{"title": change, "lines": lines} for change, lines in found.items()]


def marked_copy(edition: Path, mark: str, language: str, out: Path) -> None:
    """A copy of an edition with a line on every page: for whom, when, under which number."""
    given = json.dumps({"mark": mark, "language": language})
    stamp: bytes = typst.compile(
        str(TEMPLATES / "mark.typ"), root=str(TEMPLATES), sys_inputs={"sheet": given}
    )
    edition_binding.marked(edition, stamp, out)
