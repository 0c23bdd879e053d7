"""``python -m bench.log``: what a change and a checkpoint cost in a small log and in a large one.

Each act is measured in both logs in turn, so that other work on the machine meets both alike.
"""

import argparse
import datetime as dt
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from bench.log_place import (
    AT,
    CALLED,
    FOCAL_POINT,
    OFFICERS,
    READER,
    STATE,
    Place,
    Sent,
    a_record,
    add_revisions,
    an_event,
    entry_id,
    furnish,
    grow,
    watched,
)
from bench.sign_in import sign_in
from directory.composition import build_parts, create_app
from directory.db.unit_of_work import UnitOfWork
from directory.domain.lifecycle import CallBackResult, ProposalKind
from directory.domain.notes import Signer
from directory.domain.vocabulary import ChannelKind
from directory.models.proposal import Proposal
from directory.parts import Parts
from directory.queries.change_log import read_size
from directory.queries.current import read_entry
from directory.services import holds, proposals, reviews
from directory.services.change_log import record
from directory.services.checkpoints import make_checkpoint, signer
from directory.services.confirmations import ConfirmationRequest, confirm_entries
from directory.services.proposals import Draft
from directory.services.reviews import CallBackForm
from directory.services.workflow import Workflow, workflow
from directory.setting_values import SECRETS
from directory.settings import Settings

RESULT = Path(__file__).parent / "results" / "log.md"
ENTRIES, REVISIONS = 300, 200
#: Changes before those that are measured, and between two changes of one number.
WARM = 3
APART = dt.timedelta(days=100)
SCHEMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(slots=True)
class Cost:
    """Seconds of each run in the small log and in the large one, and what was sent by one."""

    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)
    sent: Sent = field(default_factory=Sent)


Costs = dict[str, Cost]
Act = Callable[[UnitOfWork], object]


def main() -> None:
    """Measure, print the tables, and write them to bench/results/."""
    options = _options()
    begun = time.perf_counter()
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for line in _report(options, Path(folder)):
            print(line, flush=True)
            lines.append(line)
    lines += ["", f"The whole run took {time.perf_counter() - begun:.0f} s."]
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join(lines) + "\n", "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.log", description=__doc__)
    parser.add_argument("--postgres", metavar="URL", help="a server on which to make databases")
    parser.add_argument("--sizes", type=int, nargs=2, default=[200, 200_000])
    parser.add_argument("--checkpoint-sizes", type=int, nargs=2, default=[1000, 1_000_000])
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=150)
    return parser.parse_args()


def _report(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    with ExitStack() as stack:
        parts = [stack.enter_context(made(folder, n, options.postgres)) for n in range(3)]
        yield from _heading(parts[0].engine)
        small, large = (furnish(one.engine, one.settings, 1) for one in parts[:2])
        places = (small, large)
        _grow_to(places, options.sizes)
        yield from _table(options.sizes, changes(places, options.changes, parts[0].settings))
        _grow_to(places, options.checkpoint_sizes)
        sign = signer(parts[0].settings)
        yield from _table(options.checkpoint_sizes, appends(places, options.rounds, sign))
        yield from _single(parts[2])


def _heading(engine: Engine) -> Iterator[str]:
    database = SCHEMES[engine.dialect.name]
    busy = os.getloadavg()[0]
    yield f"# Bench of the change log, {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC"
    yield ""
    yield f"{database}; {os.cpu_count()} cores, load {busy:.1f} from other work when it began."
    yield "Times are medians; a ratio is the median over runs made in turn, large log to small."


@contextmanager
def made(folder: Path, number: int, server: str | None) -> Iterator[Parts]:
    """The parts of an empty directory, with a database that goes when the block ends."""
    name = f"bench_log_{os.getpid()}_{number}"
    here = folder / name
    url = f"sqlite:///{here / 'directory.db'}"
    if server:
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        _on_server(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
    drawn = {secret: secrets.token_urlsafe(32) for secret in SECRETS}
    given = {"database_url": url, "index_dir": here / "index", "demo": True}
    parts = build_parts(Settings.from_values({**given, "secure_cookies": False, **drawn}))
    try:
        yield parts
    finally:
        parts.engine.dispose()
        if server:
            _on_server(server, f'DROP DATABASE "{name}"')


def _on_server(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _grow_to(places: Sequence[Place], sizes: Sequence[int]) -> None:
    for place, size in zip(places, sizes, strict=True):
        with Session(place.engine) as session:
            have = read_size(session)
        grow(place.engine, have, size)


def _timed(engine: Engine, act: Act) -> tuple[float, Sent]:
    with watched(engine) as sent:
        begun = time.perf_counter()
        with UnitOfWork(engine) as uow:
            act(uow)
        return time.perf_counter() - begun, sent


def changes(places: Sequence[Place], count: int, settings: Settings) -> Costs:
    """A telephone number changed again and again, in one log and the other in turn."""
    costs: Costs = {}
    rules = workflow(settings)
    for number in range(1, count + WARM + 1):
        runs = [dict(_change(place, number, rules)) for place in places]
        if number > WARM:
            _note(costs, runs)
    return costs


def _note(costs: Costs, runs: Sequence[dict[str, tuple[float, Sent]]]) -> None:
    small, large = runs
    for name, (seconds, sent) in large.items():
        cost = costs.setdefault(name, Cost())
        cost.small.append(small[name][0])
        cost.large.append(seconds)
        cost.sent = sent


def _change(place: Place, number: int, rules: Workflow) -> Iterator[tuple[str, tuple[float, Sent]]]:
    """The whole way of one change; name of each act -> seconds and what it sent."""
    at = AT + number * APART
    who = place.people[FOCAL_POINT]
    with Session(place.engine) as session:
        entry = read_entry(session, entry_id(0))
    if entry is None:
        raise LookupError(entry_id(0))
    draft = Draft(
        kind=ProposalKind.AMEND,
        record=a_record(number),
        reason="The office says so.",
        entry_id=entry.id,
        base_revision=entry.revision,
    )
    with UnitOfWork(place.engine) as uow:
        id_ = proposals.save_draft(uow, who, draft, at)
    for name, act in _acts(place, id_, at, rules):
        yield name, _timed(place.engine, act)
    with Session(place.engine) as session:
        if session.get_one(Proposal, id_).published_revision != entry.revision + 1:
            raise RuntimeError(f"the change {number} was not published")


def _acts(place: Place, id_: str, at: dt.datetime, rules: Workflow) -> Iterator[tuple[str, Act]]:
    who, (vera, victor) = place.people[FOCAL_POINT], (place.people[one] for one in OFFICERS)

    def version() -> int:
        with Session(place.engine) as session:
            return session.get_one(Proposal, id_).version

    seen = version()
    yield "submit", lambda uow: proposals.submit(uow, who, id_, seen, at, rules)
    seen = version()
    yield "take", lambda uow: reviews.take(uow, vera, id_, seen, at)
    seen = version()
    yield "call back", lambda uow: reviews.record_call_back(uow, vera, id_, seen, at, _a_call())
    seen = version()
    yield "verify", lambda uow: reviews.verify(uow, vera, id_, seen, at)
    seen = version()
    yield "approve", lambda uow: reviews.approve(uow, victor, id_, seen, at, rules)
    yield "publish", lambda uow: holds.publish_due(uow, at + rules.hold)


def _a_call() -> CallBackForm:
    return CallBackForm(
        result=CallBackResult.CONFIRMED,
        channel_kind=ChannelKind.TELEPHONE,
        channel_value=CALLED,
        function="Head of the registry",
        question="Which floor is the registry on?",
        answered=True,
    )


def appends(places: Sequence[Place], rounds: int, sign: Signer) -> Costs:
    """One more event and a checkpoint over it, in one log and the other in turn."""
    costs: Costs = {}
    known = (sign.verifier,)
    for number in range(rounds):
        at = AT + dt.timedelta(minutes=number)
        acts: dict[str, Act] = {
            "append one event": partial(record, event=an_event(number)),
            "checkpoint": partial(make_checkpoint, signing=sign, known=known, at=at),
        }
        runs = [{name: _timed(one.engine, act) for name, act in acts.items()} for one in places]
        if number >= WARM:
            _note(costs, runs)
    return costs


def _table(sizes: Sequence[int], costs: Costs) -> Iterator[str]:
    small, large = sizes
    yield ""
    yield (
        f"| act | {small:,} events, ms | {large:,} events, ms | ratio | statements | transactions |"
    )
    yield "|---|---|---|---|---|---|"
    for name, cost in costs.items():
        pairs = zip(cost.small, cost.large, strict=True)
        ratio = median(large / small for small, large in pairs)
        times = f"{median(cost.small) * 1000:.1f} | {median(cost.large) * 1000:.1f}"
        yield f"| {name} | {times} | {ratio:.2f} | {cost.sent.statements} | {cost.sent.commits} |"


def _single(parts: Parts) -> Iterator[str]:
    """A whole State confirmed at once, and the history page of an entry often changed."""
    place = furnish(parts.engine, parts.settings, ENTRIES)
    request = ConfirmationRequest(state=STATE)
    focal = place.people[FOCAL_POINT]
    seconds, sent = _timed(place.engine, lambda uow: confirm_entries(uow, focal, request, AT))
    yield from ("", "| what | seconds | statements | transactions |", "|---|---|---|---|")
    confirmed = f"a State's {ENTRIES} entries confirmed"
    yield f"| {confirmed} | {seconds:.2f} | {sent.statements} | {sent.commits} |"
    add_revisions(place, entry_id(0), REVISIONS)
    seconds, sent = history_page(parts, place)
    page = f"history page of an entry with {REVISIONS} revisions"
    yield f"| {page} | {seconds:.2f} | {sent.statements} | - |"


def history_page(parts: Parts, place: Place) -> tuple[float, Sent]:
    """The page as a reader opens it, the second time."""
    client = create_app(parts.settings, parts).test_client()
    sign_in(client, READER, place.passwords[READER])
    path = f"/entries/{entry_id(0)}/history"
    client.get(path)
    with watched(place.engine) as sent:
        begun = time.perf_counter()
        page = client.get(path)
        seconds = time.perf_counter() - begun
    if f"{REVISIONS} revisions" not in page.text:
        raise RuntimeError(f"not the history of {REVISIONS} revisions: {page.status}")
    return seconds, sent


if __name__ == "__main__":
    main()
