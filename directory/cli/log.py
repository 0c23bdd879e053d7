"""``directory log``: check, sign and hand on the change log, and prove what stands in it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from directory.cli.frame import as_json, emit, fail, parts_from_environment, progress
from directory.composition import refuse_unfit_schema
from directory.exchange.log_export import consistency_json, export_log, inclusion_json
from directory.parts import Parts
from directory.queries.change_log import get_consistency, get_inclusion, read_size
from directory.queries.log_check import check_log
from directory.services.checkpoints import known_keys, make_checkpoint, signer


@click.group()
def log() -> None:
    """Check the change log, sign it, hand it on, prove what stands in it."""


@contextmanager
def _ready_parts() -> Iterator[Parts]:
    parts = parts_from_environment()
    try:
        refuse_unfit_schema(parts)
        yield parts
    finally:
        parts.engine.dispose()


@log.command()
@as_json
def verify(as_json: bool) -> None:
    """Check every event, hash, tree node and checkpoint where they lie; names what is wrong."""
    with (
        _ready_parts() as parts,
        parts.reading() as session,
        progress("Events", quiet=as_json) as told,
    ):
        size = read_size(session)
        report = check_log(session, known_keys(parts.settings), lambda done: told(done, size))
    facts: dict[str, Any] = {
        "events": report.events,
        "checkpoints": report.checkpoints,
        "signed_up_to": report.vouched,
        "faults": [str(fault) for fault in report.faults],
    }
    counts = f"{report.events} events, {report.checkpoints} checkpoints"
    summary = f"{counts}, signed up to event {report.vouched}"
    emit(facts, [*facts["faults"], summary], as_json=as_json)
    if report.faults:
        fail(f"{len(report.faults)} faults: the log was altered")


@log.command()
def checkpoint() -> None:
    """Sign the log as it stands, and print the signed note; keep it elsewhere as a witness."""
    with _ready_parts() as parts, parts.unit_of_work() as uow:
        settings = parts.settings
        made = make_checkpoint(uow, signer(settings), known_keys(settings), parts.clock())
    if made is None:
        click.echo("nothing was recorded since the last checkpoint", err=True)
        return
    click.echo(made.note, nl=False)


@log.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the whole log with its checkpoints to FILE, for tools/verify_log.py."""
    unfinished = file.with_name(f"{file.name}.part")
    # The log names persons by seals only, but who may read it is for its holder to decide.
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "w", encoding="utf-8") as out,
        _ready_parts() as parts,
        parts.reading() as session,
    ):
        keys = known_keys(parts.settings)
        out.writelines(export_log(session, parts.settings.log_name, keys))
    unfinished.replace(file)
    click.echo(f"wrote {file}; check it with: verify_log.py log {file} --key '{keys[0]}'")


@log.command()
@click.argument("sequence", type=click.IntRange(min=1), required=False)
@click.option("--size", type=click.IntRange(min=1), help="Under the checkpoint of that size.")
@click.option("--from", "old", type=click.IntRange(min=1), help="Size of an older checkpoint.")
@click.option("--to", "new", type=click.IntRange(min=1), help="Size of a newer checkpoint.")
def prove(sequence: int | None, size: int | None, old: int | None, new: int | None) -> None:
    """Print a proof that event SEQUENCE is in the log, or that the log only grew (--from --to)."""
    if (sequence is None) == (old is None) or (old is None) != (new is None):
        raise click.UsageError("give either SEQUENCE, or --from and --to")
    with _ready_parts() as parts, parts.reading() as session:
        if sequence is not None:
            proof = inclusion_json(get_inclusion(session, sequence, size))
        else:
            proof = consistency_json(get_consistency(session, old or 0, new or 0))
    click.echo(json.dumps(proof, ensure_ascii=False, indent=2))


@log.command()
def key() -> None:
    """Print the public key; hand it on to those who check, by another way than the log."""
    click.echo(str(signer(parts_from_environment().settings).verifier))
