"""Files of entries for programs: the file is the body, its media type says the form."""

from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from directory.api.operations import Operations, json_response, writes
from directory.domain.record import Plain
from directory.exchange.forms import MEDIA_TYPES
from directory.exchange.reading import read_entries
from directory.exchange.sheets import ReadEntry
from directory.policy import Actor
from directory.schemas.imports import ImportAnswer, ImportAsked
from directory.services.acting import Act, attempt
from directory.services.imports import ImportPlan, PlannedChange, import_entries, plan_import
from directory.services.workflow import workflow
from directory.web.access import takes_files
from directory.web.context import actor, now, parts, reading

operations = Operations("api_imports", __name__, description="Many proposals from one file")

_FORMS = {media_type: form for form, media_type in MEDIA_TYPES.items()}
_BODY = {
    "required": True,
    "content": {
        media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in _FORMS
    },
}


@writes(
    operations,
    "/imports",
    permission="proposals:propose",
    answers=ImportAnswer,
    asks=ImportAsked,
    refuses=(409, 413, 415),
    summary="Make a proposal for every entry of the file that differs, all or none",
    description=(
        "With `dry_run=true` nothing is made and every difference is answered. Start from "
        "`directory export`, or from a list of entries with `id`, `kind`, `state`, `revision` and "
        "`record`. Each error names sheet, row and column. The token needs the scopes "
        "`proposals:propose` and `proposals:read`."
    ),
    requestBody=_BODY,
)
@takes_files
def import_entries_of_file(asked: Plain) -> Response:
    """Look at the file, and make its proposals unless only looking was asked for."""
    form = _FORMS.get(request.mimetype)
    if form is None:
        raise UnsupportedMediaType
    entries = read_entries(f"body.{form}", request.get_data(cache=False))
    plan = plan_import(actor(), reading(), entries)
    if asked["dry_run"]:
        return json_response(_answer(plan, dry_run=True))
    return json_response(_made(actor(), plan, entries, asked["reason"]))


def _made(by: Actor, plan: ImportPlan, entries: tuple[ReadEntry, ...], reason: str) -> Plain:
    at, settings = now(), workflow(parts().settings)
    report = attempt(
        parts().unit_of_work,
        by,
        Act("import.make", "import", "api"),
        at,
        lambda uow: import_entries(uow, by, entries, at, reason, settings, agreed=plan.digest),
    )
    return _answer(plan, batch=report.batch, proposals=report.proposals)


def _answer(
    plan: ImportPlan,
    *,
    dry_run: bool = False,
    batch: str | None = None,
    proposals: tuple[str, ...] = (),
) -> Plain:
    return {
        "dry_run": dry_run,
        "batch": batch,
        "proposals": list(proposals),
        "changes": [_change(one) for one in plan.changes],
        "unchanged": plan.unchanged,
    }


def _change(change: PlannedChange) -> dict[str, Any]:
    return {
        "place": str(change.place),
        "entry": change.entry.entry_id or None,
        "kind": change.kind.value,
        "entry_kind": change.entry.kind.value,
        "differences": [
            {"path": one.path, "before": one.before, "after": one.after}
            for one in change.differences
        ],
    }
