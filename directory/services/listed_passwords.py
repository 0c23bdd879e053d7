"""Passwords that guessers try first: a list that is shipped, and one of the operator's.

Both are sorted lines that begin with a SHA-1 hash in capitals, or with its beginning; what follows
a colon is left alone. That is how the collection of Have I Been Pwned is given out ('HASH:COUNT',
ordered by hash). A file is searched where it lies, so it may have any size.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from directory.domain.marks import N_
from directory.domain.sign_in import password_problems
from directory.errors import Invalid, Problem, Unavailable

#: The 5,000 most used that are long enough; ``tools/common_passwords.py`` says where from.
COMMON = Path(__file__).with_name("common_passwords.txt")
LISTED = N_("Others have used this password, and guessers try it first; choose another one.")
UNREADABLE = "The list of known passwords cannot be read now; tell the secretariat."


def require_good(password: str, email: str, breached: Path | None) -> None:
    """Raise ``Invalid`` for a new password that is easy to guess.

    ``breached`` is the operator's list; ``Unavailable`` where it cannot be read.
    """
    problems = password_problems(password, email)
    if not problems and any(_stands_in(path, password) for path in (COMMON, breached) if path):
        problems = [Problem("password", LISTED)]
    if problems:
        raise Invalid(problems)


def _stands_in(path: Path, password: str) -> bool:
    try:
        with path.open("rb") as file:
            return any(_finds(file, wanted) for wanted in _hashes(password))
    except OSError as error:
        raise Unavailable(UNREADABLE) from error


def _hashes(password: str) -> Iterator[bytes]:
    """As typed, and without capitals: to change those is the first thing guessers do."""
    for text in dict.fromkeys((password, password.lower())):
        digest = hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False)
        yield digest.hexdigest().upper().encode()


def _finds(file: BinaryIO, wanted: bytes) -> bool:
    """Is there a line for that hash? Halves the file until one line is left."""
    low, high = 0, os.fstat(file.fileno()).st_size
    while low < high:
        middle = (low + high) // 2
        known, end = _line_from(file, middle)
        if known and wanted.startswith(known):
            return True
        if not known or wanted < known:
            high = middle
        else:
            low = end
    return False


def _line_from(file: BinaryIO, at: int) -> tuple[bytes, int]:
    """The hash of the first line that begins at or after a place, and where that line ends."""
    file.seek(max(0, at - 1))
    if at:
        file.readline()
    return file.readline().partition(b":")[0].strip(), file.tell()
