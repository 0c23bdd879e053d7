"""Where editions are kept: each file under its SHA-256, for the directory's own user only."""

import hashlib
import os
from pathlib import Path

#: Bytes read at once.
PIECE = 1024 * 1024


class FileLost(Exception):
    """The file of an edition is not there, or is no longer what was made."""


def keep(made: Path, folder: Path) -> tuple[str, int]:
    """Move a file into the store; gives its hash and size. It is there as a whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hash_of(made), made.stat().st_size
    made.chmod(0o600)
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(folder / f"{digest}.pdf")
    return digest, size


def kept(digest: str, folder: Path) -> Path:
    """The file of that hash, checked; raises ``FileLost``."""
    path = folder / f"{digest}.pdf"
    try:
        found = hash_of(path)
    except OSError as error:
        raise FileLost(f"edition file {path.name} cannot be read") from error
    if found != digest:
        raise FileLost(f"edition file {path.name} was altered")
    return path


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
