"""``directory seed`` and ``directory demo``: real reference data, and synthetic entries."""

from pathlib import Path

import click

from directory.cli.frame import as_json, emit, parts_from_environment, progress
from directory.composition import refuse_unfit_schema
from directory.paths import seed_data_dir
from directory.services.demo_entries import add_synthetic
from directory.services.indexing import rebuild_if_stale
from directory.services.seed import seed_folder


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
    report = seed_folder(parts, folder or seed_data_dir())
    rebuild_if_stale(parts)
    emit(report.facts(), [report.summary()], as_json=as_json)


@click.command()
@click.option("--entries", required=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", "number", default=1, show_default=True, help="Same seed, same entries.")
@as_json
def demo(entries: int, number: int, as_json: bool) -> None:
    """Make synthetic entries for trials and benchmarks; they are marked so everywhere."""
    parts = parts_from_environment()
    refuse_unfit_schema(parts)
    with progress("Synthetic entries", quiet=as_json) as told:
        added = add_synthetic(parts, entries, number, told)
    rebuild_if_stale(parts)
    emit({"added": added}, [f"{added} synthetic entries added"], as_json=as_json)
