"""``python -m bench.coverage``: what the pages on coverage cost with very many entries.

The real and showcase entries are copied inside the database until there are as many as asked for;
a copy has its own identifier, and designations, channels and hours like the first.
"""

import argparse
import datetime as dt
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import CTE, Engine, Insert, String, cast, func, insert, literal, select

from bench.log_place import watched
from bench.sign_in import sign_in
from directory.cli.local import prepare, write_settings
from directory.composition import build_parts, create_app
from directory.db.base import Base
from directory.models.entry import Channel, Designation, Entry, Hours
from directory.parts import Parts
from directory.settings import FILE_VARIABLE, Settings

RESULT = Path(__file__).parent / "results" / "coverage.md"
READER = "reader.fr@demo.example"
OFFICER = "verifier.a@demo.example"
#: Pages by who opens them.
PAGES = {
    READER: (
        "/coverage",
        "/coverage?type=mla",
        "/coverage/matrix.csv",
        "/coverage/RO/mla",
        "/coverage/tiles",
        "/coverage/scores",
        "/coverage/trends",
    ),
    OFFICER: ("/coverage/gaps",),
}
ROUNDS = 5
NOTE = (
    "The entries are copies of a few hundred, so that one State has hundreds for one kind of\n"
    "help: a cell's page lists them all, which no State of this world has."
)


def main() -> None:
    """Measure each size, print the tables, and write them to bench/results/."""
    options = _options()
    lines = [f"# Bench of coverage, {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC", ""]
    busy = os.getloadavg()[0]
    lines.append(f"SQLite; {os.cpu_count()} cores, load {busy:.1f} from other work when it began.")
    lines.append(f"Processor time of this process, median of {ROUNDS} requests of a warm page.")
    with tempfile.TemporaryDirectory() as folder:
        parts, passwords = _prepared(Path(folder))
        for size in options.sizes:
            copies(parts.engine, size)
            lines += _table(parts, passwords)
    lines += ["", NOTE]
    text = "\n".join(lines) + "\n"
    RESULT.write_text(text, "utf-8")
    print(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.coverage", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[6000, 200_000])
    return parser.parse_args()


def _prepared(folder: Path) -> tuple[Parts, dict[str, str]]:
    """A directory as ``make run`` makes it, and the passwords of its accounts."""
    path, accounts = folder / "settings.toml", folder / "accounts.txt"
    write_settings(path)
    os.environ[FILE_VARIABLE] = str(path)
    parts = build_parts(Settings.from_env())
    prepare(parts, accounts)
    return parts, dict(line.split("\t") for line in accounts.read_text("utf-8").splitlines())


_PARTS = (Designation, Channel, Hours)


def copies(engine: Engine, size: int) -> None:
    """Copy the first entries until there are at least ``size``; only where there are fewer."""
    with engine.begin() as connection:
        first = connection.scalar(select(func.count()).where(~Entry.id.contains("."))) or 1
        # Of each entry one is there already; an earlier size may have made some copies.
        have = connection.scalar(select(func.count()).select_from(Entry)) or first
        numbers = _numbers(have // first, -(-size // first))
        connection.execute(_copied(Entry, "id", numbers))
        for part in _PARTS:
            connection.execute(_copied(part, "entry_id", numbers))


def _numbers(first: int, end: int) -> CTE:
    """The whole numbers from the first to before the end."""
    begun = select(literal(first).label("n")).cte("numbers", recursive=True)
    return begun.union_all(select(begun.c.n + 1).where(begun.c.n + 1 < end))


def _copied(model: type[Base], key: str, numbers: CTE) -> Insert:
    """The statement that copies every first entry once for each number."""
    table = model.__table__
    names = [one.name for one in table.c if one.name == key or not one.primary_key]
    # The document is long, and no page on coverage reads it.
    own = {key: table.c[key].concat(".").concat(cast(numbers.c.n, String)), "document": literal("")}
    wanted = select(*(own.get(name, table.c[name]) for name in names)).where(
        ~table.c[key].contains(".")
    )
    return insert(model).from_select(names, wanted.join_from(table, numbers, literal(1) == 1))


def _table(parts: Parts, passwords: dict[str, str]) -> Iterator[str]:
    with parts.engine.connect() as connection:
        entries = connection.scalar(select(func.count()).select_from(Entry))
        designations = connection.scalar(select(func.count()).select_from(Designation))
    yield ""
    yield f"## {entries:,} entries, {designations:,} designations"
    yield ""
    yield "| page | statements | kB | ms |"
    yield "|---|---|---|---|"
    app = create_app(parts.settings, parts)
    for email, pages in PAGES.items():
        client = app.test_client()
        sign_in(client, email, passwords[email])
        for page in pages:
            yield _row(parts, client, page)


def _row(parts: Parts, client: FlaskClient, page: str) -> str:
    client.get(page)
    spent: list[float] = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        with watched(parts.engine) as sent:
            answer = client.get(page)
        spent.append(time.process_time() - begun)
    if answer.status_code != 200:
        raise RuntimeError(f"{page}: {answer.status}")
    kilobytes = len(answer.get_data()) / 1000
    return f"| {page} | {sent.statements} | {kilobytes:.0f} | {median(spent) * 1000:.0f} |"


if __name__ == "__main__":
    main()
