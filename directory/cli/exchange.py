"""``directory import`` and ``directory export``: files of entries, in and out."""

import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from directory.cli.frame import Exit, as_json, emit, fail, parts_from_environment, progress
from directory.composition import refuse_unfit_schema, texts_of_sheets
from directory.domain.looking import Seen, Way
from directory.domain.record import cooperation_types
from directory.domain.vocabulary import LANGUAGES, EntryKind, EntryStatus, Role
from directory.errors import NotFound
from directory.exchange.export import ExportedEntry, Mark, write_export
from directory.exchange.forms import Form
from directory.exchange.reading import read_entries
from directory.exchange.sheet_pdf import Paper, set_sheet
from directory.exchange.sheets import FileRefused
from directory.exchange.vcard import (
    CardWords,
    Version,
    further_ways,
    has_card,
    write_card,
)
from directory.parts import Parts
from directory.policy import Actor
from directory.queries.exports import (
    ExportFilters,
    actor_by_email,
    entries_to_export,
    export_mark,
    listed_to_export,
)
from directory.queries.reference import read_book
from directory.services.acting import Act, attempt
from directory.services.exports import mark_export
from directory.services.imports import ImportPlan, PlannedChange, import_entries, plan_import
from directory.services.workflow import workflow

#: Cards and paper go out and never come in, so they are no forms of the import.
CARDS, PAPER = "vcard", "pdf"
FORMS = (*(one.value for one in Form), CARDS, PAPER)
#: Without an account, what every reader may see and no more.
EVERY_READER = Actor(name="directory export", roles=frozenset({Role.READER}))
as_account = click.option("--as", "email", metavar="EMAIL", help="The account to act for.")


def _ready_parts() -> Parts:
    parts = parts_from_environment()
    click.get_current_context().call_on_close(parts.engine.dispose)
    refuse_unfit_schema(parts)
    return parts


def _actor(parts: Parts, email: str) -> Actor:
    try:
        with parts.reading() as session:
            return actor_by_email(session, email, parts.today())
    except NotFound:
        fail(f"there is no account {email} that counts: 'directory user list' shows all")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, metavar="EMAIL", help="The focal point to act for.")
@click.option("--reason", default="", help="Why, in a sentence; stands on every proposal.")
@click.option("--dry-run", is_flag=True, help="Show every difference and make nothing.")
@as_json
def import_file(file: Path, email: str, reason: str, dry_run: bool, as_json: bool) -> None:
    """Make a proposal for every entry of FILE (.xlsx, .csv, .json) that differs, all or none."""
    if not (dry_run or reason.strip()):
        raise click.UsageError("say why with --reason, or look first with --dry-run")
    parts = _ready_parts()
    actor = _actor(parts, email)
    try:
        if dry_run:
            _show(parts, actor, file, as_json=as_json)
        else:
            _make(parts, actor, file, reason, as_json=as_json)
    except FileRefused as refused:
        _tell_refusal(refused, as_json=as_json)


def _show(parts: Parts, actor: Actor, file: Path, *, as_json: bool) -> None:
    entries = read_entries(file.name, file.read_bytes())
    with progress("Rows", quiet=as_json) as told, parts.reading() as session:
        plan = plan_import(actor, session, entries, told)
    facts = {"changes": [_change_json(one) for one in plan.changes], "unchanged": plan.unchanged}
    emit(facts, _plan_lines(plan), as_json=as_json)


def _make(parts: Parts, actor: Actor, file: Path, reason: str, *, as_json: bool) -> None:
    entries = read_entries(file.name, file.read_bytes())
    at, settings = parts.clock(), workflow(parts.settings)
    with progress("Proposals", quiet=as_json) as told:
        report = attempt(
            parts.unit_of_work,
            actor,
            Act("import.make", "import", file.name),
            at,
            lambda uow: import_entries(uow, actor, entries, at, reason, settings, tell=told),
        )
    facts = {
        "batch": report.batch,
        "proposals": list(report.proposals),
        "unchanged": report.unchanged,
    }
    made = f"{len(report.proposals)} proposals made, {report.unchanged} rows unchanged"
    emit(facts, [f"{made}; batch {report.batch}"], as_json=as_json)


def _plan_lines(plan: ImportPlan) -> Iterator[str]:
    for change in plan.changes:
        title = change.entry.entry_id or "new entry"
        yield f"{change.place}  {title}  {change.name}"
        for one in change.differences:
            yield f"    {one.path}: {_told(one.before)} -> {_told(one.after)}"
    yield f"{len(plan.changes)} entries would change, {plan.unchanged} rows unchanged; nothing made"


def _told(value: Any) -> str:
    return "nothing" if value is None else repr(value)


def _change_json(change: PlannedChange) -> dict[str, Any]:
    return {
        "place": str(change.place),
        "entry": change.entry.entry_id or None,
        "kind": change.kind.value,
        "differences": [
            {"path": one.path, "before": one.before, "after": one.after}
            for one in change.differences
        ],
    }


def _tell_refusal(refused: FileRefused, *, as_json: bool) -> None:
    """Every fault, a line each; exit code 1."""
    lines = [str(fault.problem) for fault in refused.faults]
    facts = {
        "errors": [
            {
                "sheet": fault.place.sheet,
                "row": fault.place.row or None,
                "column": fault.place.column,
                "heading": fault.heading,
                "message": fault.message % fault.params if fault.params else fault.message,
            }
            for fault in refused.faults
        ],
        "more": refused.more,
    }
    if as_json:
        emit(facts, [], as_json=True)
        sys.exit(Exit.REFUSED)
    more = [f"and {refused.more} more"] if refused.more else []
    fail("\n".join([*lines, *more, "nothing was imported"]))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    required=True,
)
@click.option("--state", "states", multiple=True, metavar="XX", help="Only of this State.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([one.value for one in EntryKind]))
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Of a PDF.")
@click.option(
    "--paper",
    type=click.Choice([one.value for one in Paper]),
    default=Paper.A4.value,
    help="Of a PDF.",
)
@as_account
def export(
    file: str,
    form: str,
    states: tuple[str, ...],
    kinds: tuple[str, ...],
    language: str,
    paper: str,
    email: str | None,
) -> None:
    """Write the entries to FILE ('-' is standard output), as the account may see them.

    Without --as: what every reader may see. A PDF is the sheet of one State.
    """
    if form == PAPER and len(states) != 1:
        whole = "the whole directory on paper is 'directory edition make'"
        raise click.UsageError(f"a PDF is about one State: name it with --state; {whole}")
    parts = _ready_parts()
    actor = _actor(parts, email) if email else EVERY_READER
    wanted = ExportFilters(
        states=tuple(one.upper() for one in states), kinds=tuple(EntryKind(one) for one in kinds)
    )
    with parts.reading() as session:
        listed = listed_to_export(actor, session, wanted, parts.today())
        if form == PAPER and not listed:
            fail(f"there is no entry of {wanted.states[0]} to print: 'directory export --help'")
        seen = [Seen(one.id, one.state) for one in listed]
        subject = f"entries of {', '.join(wanted.states) or 'all States'}"
        with parts.unit_of_work() as uow:
            serial = mark_export(uow, actor, Way.EXPORT, form, subject, seen, parts.clock())
        mark = export_mark(actor, session, parts.clock(), serial)
        ids = {one.id for one in listed}
        found = entries_to_export(actor, session, wanted, parts.today())
        entries = (one for one in found if one.id in ids)
        kinds_found = {one.kind for one in listed}
        with _opened(file) as out:
            if form == PAPER:
                out.write(_sheet(parts, wanted.states[0], entries, mark, language, Paper(paper)))
            else:
                found_kinds = tuple(one for one in EntryKind if one in kinds_found)
                _write(out, form, entries, found_kinds, mark)
    if file != "-":
        click.echo(f"{len(listed)} entries in {file}", err=True)


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    """The file; '-' is standard output, which a workbook cannot be written to bit by bit."""
    if file != "-":
        with Path(file).open("wb") as out:
            yield out
        return
    with tempfile.TemporaryFile() as made:
        yield made
        made.seek(0)
        shutil.copyfileobj(made, sys.stdout.buffer)


def _write(
    out: IO[bytes],
    form: str,
    entries: Iterable[ExportedEntry],
    kinds: tuple[EntryKind, ...],
    mark: Mark,
) -> None:
    if form != CARDS:
        write_export(out, Form(form), entries, kinds, mark)
        return
    for entry in entries:
        if has_card(entry.record):
            out.write(write_card(entry, Version.V4, _card_words(entry, mark), "en").encode())


def _sheet(
    parts: Parts,
    state: str,
    entries: Iterable[ExportedEntry],
    mark: Mark,
    language: str,
    paper: Paper,
) -> bytes:
    """The State on paper, as the pages hand it out."""
    with parts.reading() as session:
        book = read_book(session)
    with texts_of_sheets(parts, language, book) as state_sheet:
        return set_sheet(state_sheet(state, entries, mark, paper))


def _card_words(entry: ExportedEntry, mark: Mark) -> CardWords:
    """In the codes of the directory, as every output for programs."""
    notes = [f"{kind}: {value}" for kind, value in further_ways(entry.record, str)]
    if entry.status is not EntryStatus.PUBLISHED:
        notes.insert(0, entry.status.value)
    return CardWords(
        state=entry.state,
        types=tuple(kind.value for kind in cooperation_types(entry.record)),
        notes=(*notes, mark.text(str)),
        source="",
    )
