"""The folder of an index: generations, the pointer to the one in use, and who may write.

The index is a cache: it can be deleted at any time and is made again from the database. Files of
an index engine are not to be trusted blindly (Whoosh unpickles its own), so the folder belongs to
this account alone (0700) and every file is read against the digest noted when it was written.
"""

import fcntl
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from directory.errors import Unavailable

#: Raised whenever documents, folding or fields change: an index of another format is made anew.
FORMAT = 6
POINTER = "current.json"
WRITING = "writing.lock"
MENDING = "mending.lock"
SCRATCH = "scratch"
#: A generation may be switched away while it is being read.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation is in use, what it has learnt, and the digest of each of its files."""

    format: int
    generation: str
    position: int
    documents: int
    digests: dict[str, str]


#: Changes whenever the pointer is replaced.
Stamp = tuple[int, int, int]


class Store:
    """A folder that holds an index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pointer = folder / POINTER

    def prepare(self) -> None:
        """Make the folder for this account alone; raises ``Unavailable`` where that fails."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if stat.S_IMODE(self.folder.stat().st_mode) != 0o700:
                self.folder.chmod(0o700)
        except OSError as error:
            raise Unavailable(
                f"index folder {self.folder}: {error}; give it to this account"
            ) from error

    def stamp(self) -> Stamp | None:
        """A cheap sign of which generation is in use; None without any."""
        try:
            found = self._pointer.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def pointer(self) -> Pointer | None:
        """The pointer, None when there is none or it cannot be used."""
        try:
            pointer = Pointer(**json.loads((self.folder / POINTER).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        is_plain = Path(str(pointer.generation)).name == pointer.generation
        return pointer if pointer.format == FORMAT and is_plain else None

    def read(self) -> tuple[Pointer, dict[str, bytes]]:
        """Pointer and files of the generation in use, digests checked; raises ``Unavailable``."""
        for _ in range(ATTEMPTS):
            pointer = self.pointer()
            if pointer is None:
                break
            try:
                self._refuse_others()
                return pointer, self._checked(pointer)
            except OSError as error:
                reason = str(error)
        else:
            raise Unavailable(f"search index damaged: {reason}; run 'directory index rebuild'")
        raise Unavailable("no search index; run 'directory index rebuild'")

    def _refuse_others(self) -> None:
        found = self.folder.stat()
        if found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise OSError(f"{self.folder} can be written by others")

    def _checked(self, pointer: Pointer) -> dict[str, bytes]:
        folder = self.folder / pointer.generation
        files = {name: (folder / Path(name).name).read_bytes() for name in pointer.digests}
        for name, content in files.items():
            if _digest(content) != pointer.digests[name]:
                raise OSError(f"{name} is not what was written")
        return files

    def switch(self, files: Mapping[str, bytes], position: int, documents: int) -> None:
        """Write these files as a new generation and use it from now on; the others are deleted."""
        self.prepare()
        number = 1 + max((int(one.name) for one in self._generations()), default=0)
        folder = self.folder / f"{number:08}"
        folder.mkdir(mode=0o700)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        digests = {name: _digest(content) for name, content in files.items()}
        pointer = Pointer(FORMAT, folder.name, position, documents, digests)
        fresh = self.folder / f"{POINTER}.new"
        fresh.write_text(json.dumps(asdict(pointer)), "utf-8")
        fresh.replace(self.folder / POINTER)
        self._sweep(folder.name)

    def _generations(self) -> Iterator[Path]:
        return (one for one in self.folder.iterdir() if one.is_dir() and one.name.isdigit())

    def _sweep(self, kept: str) -> None:
        for folder in self._generations():
            if folder.name != kept:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """The right to write, waited for; of one process and thread at a time.

        Gives a private folder for what the engine cannot keep in memory meanwhile.
        """
        self.prepare()
        with (self.folder / WRITING).open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # One that is still there was left by a writer that died.
            shutil.rmtree(self.folder / SCRATCH, ignore_errors=True)
            scratch = self.folder / SCRATCH
            scratch.mkdir(mode=0o700)
            try:
                yield scratch
            finally:
                shutil.rmtree(scratch, ignore_errors=True)

    @contextmanager
    def mending(self) -> Iterator[bool]:
        """Whether this process may mend; the system takes the right back when its holder dies."""
        self.prepare()
        with (self.folder / MENDING).open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
