"""Is a file fit to be evidence? Looked at before it is kept, and before anybody is given it.

Three looks: its size and name, its structure in a bounded child (``pdf_child``), and, where the
operator has named one, a scanner for malware. What the scanner cannot say now stays in quarantine:
it is kept and shown by name, and given to nobody until the worker's next look lets it out.
"""

import subprocess  # nosec B404: the operator's own scanner, by its full path
from collections.abc import Sequence
from dataclasses import replace

import structlog

from directory.domain.marks import N_
from directory.errors import Invalid, Problem
from directory.exchange.bounded import Exhausted, child, told_by
from directory.services.proposals import EvidenceFile, file_problems

#: Seconds a look at the structure may take: three more than the child allows itself to work.
PATIENCE = 5
#: Seconds a scanner may take.
SCANNER_SECONDS = 30
#: What scanners answer: 0 is clean, 1 is found; anything else is no answer.
CLEAN, FOUND = 0, 1

#: Refusal of the child -> what is said.
SAID = {
    "no_pdf": N_("Only whole PDF files are taken as evidence."),
    "damaged": N_("The PDF is damaged or cut off; make it again and send that."),
    "encrypted": N_("The PDF is protected by a password; send it without one."),
    "active": N_("The PDF holds scripts or forms that act by themselves; print it to a new PDF."),
    "embedded": N_("The PDF has other files inside; print it to a new PDF, or send them singly."),
    "polyglot": N_("The file is a PDF and something else at once; print it to a new PDF."),
    "malware": N_("A scanner takes this file for malware; it is not kept."),
    "too_much": N_("Reading the PDF needs more memory or time than any letter."),
}

log = structlog.get_logger()


def checked(file: EvidenceFile, scanner: Sequence[str] = ()) -> EvidenceFile:
    """The file with what was found: ``released`` when it may be given out.

    Raises ``Invalid`` with what is wrong, and what to do. Call it outside a transaction: it may
    take seconds.
    """
    problems = file_problems(file)
    if not problems:
        problems = [Problem("file", SAID[one]) for one in (refusal_of(file.content),) if one]
    if problems:
        raise Invalid(problems)
    return replace(file, released=is_clean(file.content, scanner))


def refusal_of(content: bytes) -> str:
    """The code of the refusal by structure; '' for a plain PDF."""
    try:
        (said,) = told_by(child("pdf"), content, PATIENCE)
    except (Exhausted, ValueError):
        return "too_much"
    return str(said["refused"])


def is_clean(content: bytes, scanner: Sequence[str]) -> bool:
    """Does the scanner find nothing? False without an answer; raises ``Invalid`` for a find."""
    if not scanner:
        return True
    try:
        done = subprocess.run(  # nosec B603
            list(scanner), input=content, capture_output=True, timeout=SCANNER_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("scanner_gave_no_answer", error=type(error).__name__)  # noqa: TRY400
        return False
    if done.returncode == FOUND:
        raise Invalid([Problem("file", SAID["malware"])])
    if done.returncode != CLEAN:
        log.error("scanner_gave_no_answer", code=done.returncode)
    return done.returncode == CLEAN
