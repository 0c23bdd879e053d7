"""``directory seed`` and ``directory demo``: real reference data, and synthetic entries."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from directory.cli.frame import as_json, emit, parts_from_environment, progress
from directory.composition import refuse_unfit_schema
from directory.paths import seed_data_dir
from directory.services.demo_entries import add_synthetic
from directory.services.indexing import mend
from directory.services.seed import SeedReport, TableReport
from directory.services.seed import seed as load


@click.command()
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the seed files; the one that came with the release by default.",
)
@as_json
def seed(folder: Path | None, as_json: bool) -> None:
    """Load the reference data and the published designations; says what changed."""
    parts = parts_from_environment()
    refuse_unfit_schema(parts)
    with parts.unit_of_work() as uow:
        report = load(uow, folder or seed_data_dir(), parts.clock())
    mend(parts.engine, parts.index)
    emit(asdict(report), _lines(report), as_json=as_json)


@click.command()
@click.option("--entries", required=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", "number", default=1, show_default=True, help="Same seed, same entries.")
@as_json
def demo(entries: int, number: int, as_json: bool) -> None:
    """Make synthetic entries for trials and benchmarks; they are marked so everywhere."""
    parts = parts_from_environment()
    refuse_unfit_schema(parts)
    with progress("Synthetic entries", quiet=as_json) as told, parts.unit_of_work() as uow:
        report = add_synthetic(uow, entries, number, parts.clock(), told)
    mend(parts.engine, parts.index)
    emit(asdict(report), [_line(report)], as_json=as_json)


def totals(report: SeedReport) -> str:
    """The report in one line."""
    added = sum(table.added for table in report.tables)
    changed = sum(table.changed for table in report.tables)
    unchanged = sum(table.unchanged for table in report.tables)
    return f"seed data: {added} added, {changed} changed, {unchanged} left alone"


def _lines(report: SeedReport) -> Iterator[str]:
    yield from (_line(table) for table in report.tables)
    yield totals(report)


def _line(table: TableReport) -> str:
    kept = f"; changed by others since, kept: {', '.join(table.left_alone)}"
    return (
        f"{table.name:<20} {table.added:>6} added {table.changed:>6} changed "
        f"{table.unchanged:>6} left alone{kept if table.left_alone else ''}"
    )
