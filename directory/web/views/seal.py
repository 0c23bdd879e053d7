"""Where anybody checks a sealed extract, by its code or by its text; nothing of it is kept.

Open to everybody: whoever holds a print-out or a file may know whether the directory sealed it. The
pages say so and name the checkpoint; they never show what the extract says.
"""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from directory.domain.extracts import (
    ExtractRefused,
    Seal,
    check_extract,
    open_reference,
    read_extract,
)
from directory.domain.marks import N_
from directory.domain.notes import NoteRefused
from directory.services.checkpoints import known_keys
from directory.web.access import public
from directory.web.context import parts

blueprint = Blueprint("seal", __name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a check; ``refusal`` (N_) is '' where the seal holds."""

    seal: Seal | None = None
    refusal: str = ""
    #: Was the whole extract held against its seal, or only its reference?
    is_whole: bool = False


@blueprint.get("/seal")
@public
def ask() -> str:
    """The form to paste or upload an extract."""
    return render_template("history/seal.html", finding=None)


@blueprint.get("/seal/<word>")
@public
def show(word: str) -> ResponseReturnValue:
    """Is this the reference of a seal of ours? The form to check the whole stands beside it."""
    try:
        found = Finding(open_reference(word, known_keys(parts().settings)))
    except NoteRefused:
        found = Finding(refusal=N_("This is not a seal of this directory."))
    return _page(found)


@blueprint.post("/seal")
@public
def check() -> ResponseReturnValue:
    """Check an extract that was pasted or uploaded."""
    file = request.files.get("file")
    text = file.read().decode("utf-8", "replace") if file and file.filename else ""
    try:
        extract = read_extract(text or request.form.get("extract", ""))
        found = Finding(check_extract(extract, known_keys(parts().settings)).seal, is_whole=True)
    except ExtractRefused as refused:
        found = Finding(refusal=str(refused))
    return _page(found)


def _page(found: Finding) -> ResponseReturnValue:
    return render_template("history/seal.html", finding=found), 422 if found.refusal else 200
