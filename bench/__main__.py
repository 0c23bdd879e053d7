"""``python -m bench``: measure, print a table, and write it to bench/results/."""

import argparse
import datetime as dt
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import fmean

from sqlalchemy import event

from bench.load import Measured, measure
from bench.servers import BARE, DIRECTORY, PROGRAM, Running, serving
from bench.sign_in import cookie_of, sign_in
from bench.targets import Target, targets
from directory.cli.local import prepare, write_settings
from directory.composition import build_parts, create_app
from directory.parts import Parts
from directory.policy import SYSTEM
from directory.services.demo_entries import add_synthetic
from directory.services.indexing import mend
from directory.services.tokens import create_token
from directory.settings import FILE_VARIABLE, Settings

#: Loads of each kind, each with connections of its own: eight spread by chance over two processes,
#: often six to two, which is told by the slowest hundredth. What is given is the mean of all.
ROUNDS = 4
READER = "reader.fr@demo.example"
RESULTS = Path(__file__).parent / "results"
HEADER = (
    "| what | requests/s | p50 ms | p99 ms | bare/s | ratio | goal | statements |\n"
    "|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Trial:
    """A directory with that many entries, and who asks it."""

    parts: Parts
    token: str
    password: str
    size: int


def main() -> None:
    """Measure each size with each server asked for."""
    options = _options()
    lines = [f"# Bench of {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC", ""]
    loads = f"8 connections; means of {ROUNDS} loads of {options.seconds // ROUNDS} s"
    lines += [f"{os.cpu_count()} cores; two serving processes, {loads}"]
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            trial = make_trial(Path(folder), size)
            counts = statements(trial)
            for server in options.servers:
                lines += ["", f"## {size} entries, {server}", "", HEADER]
                lines += list(rows(trial, server, options, counts))
    text = "\n".join(lines) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.md").write_text(text, "utf-8")
    print(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[6000, 20000])
    parser.add_argument("--servers", nargs="+", default=["granian"])
    parser.add_argument(
        "--seconds", type=int, default=12, help=f"of each kind, in {ROUNDS} loads of whole seconds"
    )
    parser.add_argument(
        "--program",
        type=Path,
        default=PROGRAM,
        help="The directory's command that serves, such as one installed without what tests need.",
    )
    options = parser.parse_args()
    if options.seconds < ROUNDS:
        parser.error(f"--seconds must be {ROUNDS} at least: a second for each load")
    if options.program != PROGRAM and options.servers != ["granian"]:
        parser.error("--program serves itself, by granian: leave --servers out")
    return options


def make_trial(folder: Path, size: int) -> Trial:
    """A directory of real, showcase and synthetic entries in ``folder``, with a token."""
    path = folder / "settings.toml"
    write_settings(path)
    os.environ[FILE_VARIABLE] = str(path)
    # One reader asks for everything; the quotas are counted all the same.
    os.environ |= {"DIRECTORY_VIEWS_HARD_DAILY": "0", "DIRECTORY_STATE_VIEWS_HARD_DAILY": "0"}
    parts = build_parts(Settings.from_env())
    prepare(parts, folder / "accounts.txt")
    with parts.unit_of_work() as uow:
        add_synthetic(uow, size - _count(parts), 1, parts.clock())
    with parts.unit_of_work() as uow:
        token = create_token(uow, SYSTEM, READER, "bench", parts.clock())
    mend(parts.engine, parts.index)
    accounts = dict(
        line.split("\t") for line in (folder / "accounts.txt").read_text("utf-8").splitlines()
    )
    return Trial(parts, token, accounts[READER], size)


def _count(parts: Parts) -> int:
    with parts.engine.connect() as connection:
        counted: int = connection.exec_driver_sql("select count(*) from entry").scalar_one()
    return counted


def statements(trial: Trial) -> dict[str, int]:
    """SQL statements of one warm request of each kind, counted in this process."""
    app = create_app(trial.parts.settings, trial.parts)
    counted: list[str] = []
    event.listen(
        trial.parts.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_more: counted.append(statement),
    )
    found: dict[str, int] = {}
    program, browser = app.test_client(), app.test_client()
    sign_in(browser, READER, trial.password)
    for target in targets(trial.parts.engine, trial.size):
        for path in target.paths[:2]:
            counted.clear()
            if target.page:
                browser.get(path)
            else:
                program.get(path, headers={"Authorization": f"Bearer {trial.token}"})
        found[target.name] = len(counted)
    return found


def rows(
    trial: Trial, server: str, options: argparse.Namespace, counts: dict[str, int]
) -> Iterator[str]:
    """One line of the table for each kind, measured in turn with the bare route."""
    with serving(server, DIRECTORY, options.program) as here, serving(server, BARE) as bare:
        cookie = cookie_of(here.url, READER, trial.password)
        for target in targets(trial.parts.engine, trial.size):
            yield row(target, here, bare, trial, cookie, options.seconds, counts)
        answering, first = here.memory()
        yield (
            f"\nMemory of the two serving processes: {answering} MiB, and {first} of the one that "
            "looks after them (each shared page counted in equal parts)"
        )


def row(
    target: Target,
    here: Running,
    bare: Running,
    trial: Trial,
    cookie: str,
    seconds: int,
    counts: dict[str, int],
) -> str:
    """Warm up, then the bare route and the target by turns."""
    ours = _headers(target, trial, cookie)
    measure(here.url, target.paths, ours, 1)
    rounds = [
        (
            measure(bare.url, ["/bare"], {}, seconds // ROUNDS),
            measure(here.url, _turned(target.paths, number), ours, seconds // ROUNDS),
        )
        for number in range(1, ROUNDS + 1)
    ]
    bare_found, found = (_mean(each) for each in zip(*rounds, strict=True))
    return _line(target, found, bare_found.per_second, counts)


def _turned(paths: Sequence[str], number: int) -> Sequence[str]:
    """The same addresses from another place on, so that no round begins with those just asked."""
    begin = number * len(paths) // (ROUNDS + 1)
    return [*paths[begin:], *paths[:begin]]


def _mean(rounds: Sequence[Measured]) -> Measured:
    names = [one.name for one in fields(Measured)]
    return Measured(**{name: fmean(getattr(one, name) for one in rounds) for name in names})


def _headers(target: Target, trial: Trial, cookie: str) -> dict[str, str]:
    return {"Cookie": cookie} if target.page else {"Authorization": f"Bearer {trial.token}"}


def _line(target: Target, found: Measured, bare: float, counts: dict[str, int]) -> str:
    goal = f"{target.goal:.2f}" if target.goal else "-"
    return (
        f"| {target.name} | {found.per_second:.0f} | {found.p50:.1f} | {found.p99:.1f} "
        f"| {bare:.0f} | {found.per_second / bare:.3f} | {goal} | {counts.get(target.name, '-')} |"
    )


if __name__ == "__main__":
    main()
