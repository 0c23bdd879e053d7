"""What a proposal's form holds beside the record: reason, evidence, where it was made from."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict

from directory.domain.marks import N_
from directory.errors import Invalid, Problem
from directory.exchange.evidence import checked
from directory.services.proposals import EvidenceFile
from directory.web.context import parts

REASON, EMERGENCY, FILE, ALTERNATIVE = "reason", "emergency", "file", "alternative_id"
#: Names of every field beside the record's.
NAMES = (
    *("csrf_token", "do", "base_revision", "version"),
    *(REASON, EMERGENCY, FILE, ALTERNATIVE),
)
_NUMBER = re.compile("[0-9]{1,9}")
_FOLDERS = re.compile(r"^.*[/\\]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What was typed; ``base_revision`` and ``version`` are 0 where none was sent."""

    reason: str = ""
    emergency: bool = False
    alternative_id: str = ""
    base_revision: int = 0
    version: int = 0
    file: EvidenceFile | None = None
    problems: tuple[Problem, ...] = ()


def read_aside(form: MultiDict[str, str]) -> Aside:
    """What the form of this request holds beside the record."""
    file, unfit = read_file(request.files.get(FILE)), tuple[Problem, ...]()
    if file is not None:
        try:
            file = checked(file, parts().settings.file_scanner)
        except Invalid as error:
            unfit = error.problems
    return Aside(
        reason=form.get(REASON, "").replace("\r\n", "\n"),
        emergency=form.get(EMERGENCY) == "true",
        alternative_id=form.get(ALTERNATIVE, "").strip(),
        base_revision=_number(form, "base_revision"),
        version=_number(form, "version"),
        file=file,
        problems=(*_problems(form), *unfit),
    )


def read_file(given: FileStorage | None) -> EvidenceFile | None:
    """The file that was chosen, without the folders some browsers send; None when none was."""
    if given is None or not given.filename:
        return None
    with closing(given):
        return EvidenceFile(file_name=_FOLDERS.sub("", given.filename), content=given.read())


def _problems(form: MultiDict[str, str]) -> Iterator[Problem]:
    if form.get(EMERGENCY, "true") != "true":
        yield Problem(EMERGENCY, N_("give true or false"))
    for name in ("base_revision", "version"):
        if not _NUMBER.fullmatch(form.get(name, "0")):
            yield Problem("", N_("The form is damaged; open the page again."))


def _number(form: MultiDict[str, str], name: str) -> int:
    text = form.get(name, "0")
    return int(text) if _NUMBER.fullmatch(text) else 0
