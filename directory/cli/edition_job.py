"""Making editions: one at a time, in a process of its own, while the worker goes on.

Data are streamed from one statement; the parts are set in pieces of bounded size
(``exchange.edition_pdf``).
"""

import datetime as dt
import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from directory.composition import build_parts, texts_of_editions
from directory.domain.editions import EditionFacts, EditionState, gone_since
from directory.errors import NotFound
from directory.exchange.edition_files import keep
from directory.exchange.edition_pdf import set_edition
from directory.models.edition import Edition
from directory.parts import Parts
from directory.queries.editions import (
    PrintedEntry,
    count_printed,
    find_edition,
    printed_entries,
)
from directory.queries.reference import read_book
from directory.services.editions import (
    Made,
    claim_edition,
    end_silent,
    fail_edition,
    finish_edition,
    tell_progress,
)
from directory.settings import Settings

#: Told how far it is: state, entries set, of how many.
Told = Callable[[EditionState, int, int], None]
log = structlog.get_logger()


def make_edition(parts: Parts, number: int, told: Told) -> None:
    """Make a claimed edition and keep it; what goes wrong is noted on it and raised."""

    def tell(state: EditionState, done: int, total: int) -> None:
        with parts.unit_of_work() as uow:
            tell_progress(uow, number, state, done, total, parts.clock())
        told(state, done, total)

    try:
        made = _make(parts, number, tell)
    except BaseException:
        with parts.unit_of_work() as uow:
            fail_edition(uow, number, parts.clock())
        raise
    with parts.unit_of_work() as uow:
        finish_edition(uow, number, made, parts.clock())
    told(EditionState.MADE, len(made.contents), len(made.contents))


def _make(parts: Parts, number: int, tell: Told) -> Made:
    store = parts.settings.editions_dir
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    contents: dict[str, tuple[str, int]] = {}
    with TemporaryDirectory(dir=store) as folder, parts.reading() as session:
        edition = find_edition(session, number)
        if edition is None:
            raise NotFound("edition", str(number))
        before = find_edition(session, edition.since) if edition.since else None
        facts = _facts(edition, before, count_printed(session, parts.today()), parts.today())
        total, out = facts.entries, Path(folder) / "edition.pdf"
        tell(EditionState.SETTING, 0, total)
        with texts_of_editions(edition.language, read_book(session)) as texts:
            entries = _noting(contents, printed_entries(session, texts.ranks, facts.on))
            pages = set_edition(
                texts.sheet(facts, entries, lambda: gone_since(facts, contents)),
                Path(folder),
                out,
                lambda done: tell(EditionState.SETTING, done, total),
                lambda done: tell(EditionState.BINDING, done, total),
            )
        digest, size = keep(out, store)
    return Made(digest, size, pages, contents)


def _facts(edition: Edition, before: Edition | None, count: int, on: dt.date) -> EditionFacts:
    held = before.contents if before else {}
    return EditionFacts(
        number=edition.number,
        on=on,
        entries=count,
        since=before.number if before else None,
        before={entry: (state, revision) for entry, (state, revision) in held.items()},
        log_size=edition.log_size,
        log_root=edition.log_root,
    )


def _noting(
    contents: dict[str, tuple[str, int]], entries: Iterator[PrintedEntry]
) -> Iterator[PrintedEntry]:
    """The same entries, each noted with State and revision as it goes by."""
    for one in entries:
        contents[one.head.id] = (one.head.state, one.head.revision)
        yield one


@dataclass
class EditionJobs:
    """The worker's editions: a child makes one, while the other chores go on."""

    parts: Parts
    _child: SpawnProcess | None = field(default=None, init=False)

    def look(self, at: dt.datetime) -> dict[str, object]:
        """Begin the next one that waits, unless one is being made."""
        if self._child is not None and self._child.is_alive():
            return {}
        self._child = None
        with self.parts.unit_of_work() as uow:
            ended = end_silent(uow, at)
            number = claim_edition(uow, at)
        if number is not None:
            self._begin(number)
        facts: dict[str, object] = {"edition": number} if number is not None else {}
        return facts | ({"broken_off": ended} if ended else {})

    def _begin(self, number: int) -> None:
        context = multiprocessing.get_context("spawn")
        child = context.Process(target=make_apart, args=(self.parts.settings, number), daemon=True)
        child.start()
        self._child = child

    def wait(self) -> None:
        """Let the one that is being made be ended."""
        if self._child is not None:
            self._child.join()


def make_apart(settings: Settings, number: int) -> None:
    """Make a claimed edition in this process."""
    parts = build_parts(settings)
    try:
        make_edition(parts, number, lambda _state, _done, _total: None)
    except Exception:
        # It is noted on the edition; whoever asked sees it there.
        log.exception("edition_failed", edition=number)
    finally:
        parts.engine.dispose()
