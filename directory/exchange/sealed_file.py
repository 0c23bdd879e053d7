"""A private file, compressed and, with a passphrase, encrypted while it is written.

Encrypted: the mark, a salt and a prefix, then pieces of up to ``PIECE`` bytes, each behind its
length, under AES-256-GCM. The number of a piece and whether it is the last are part of its nonce,
so that pieces cannot be left out, put in another order or cut off. The key is made from the
passphrase by scrypt. In the clear it is plain gzip.
"""

import gzip
import io
import os
import secrets
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MARK = b"DIRSEAL1"
PIECE = 1024 * 1024
SALT, PREFIX = 16, 7
#: Length of a piece's ciphertext, and of its authentication tag, in bytes.
_LENGTH = struct.Struct(">I")
_TAG = 16
_NUMBER = struct.Struct(">IB")


class SealRefused(Exception):
    """The file cannot be opened; the text says why."""


def _key(passphrase: str, salt: bytes) -> AESGCM:
    # 64 MiB and about a tenth of a second for each guess.
    return AESGCM(Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode()))


class _Sealing(io.RawIOBase):
    """Encrypts what is written to it."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt = secrets.token_bytes(SALT)
        self._file, self._key = file, _key(passphrase, salt)
        self._prefix = secrets.token_bytes(PREFIX)
        self._number, self._waiting = 0, bytearray()
        file.write(MARK + salt + self._prefix)

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Take the bytes; a piece is written when one is full and more follows."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._piece(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Write the last piece."""
        self._piece(bytes(self._waiting), last=True)

    def _piece(self, plain: bytes, *, last: bool) -> None:
        nonce = self._prefix + _NUMBER.pack(self._number, last)
        sealed = self._key.encrypt(nonce, plain, None)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


class _Opening(io.RawIOBase):
    """Decrypts what is read from it; raises ``SealRefused`` for what was altered."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, self._prefix = file.read(SALT), file.read(PREFIX)
        self._file, self._key = file, _key(passphrase, salt)
        self._number, self._ready, self._last = 0, b"", False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill the buffer with what comes next."""
        if not self._ready and not self._last:
            self._ready = self._next()
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def _next(self) -> bytes:
        length = self._file.read(_LENGTH.size)
        if len(length) < _LENGTH.size:
            raise SealRefused("the file breaks off before its end")
        size: int = _LENGTH.unpack(length)[0]
        if not _TAG <= size <= PIECE + _TAG:
            raise SealRefused("the file is damaged")
        sealed = self._file.read(size)
        position = self._file.tell()
        self._last = not self._file.read(1)
        self._file.seek(position)
        nonce = self._prefix + _NUMBER.pack(self._number, self._last)
        self._number += 1
        try:
            return self._key.decrypt(nonce, sealed, None)
        except InvalidTag:
            raise SealRefused("the passphrase is another, or the file was altered") from None


@contextmanager
def writing(path: Path, passphrase: str) -> Iterator[io.TextIOWrapper]:
    """Write text to a file for its owner only, which is there as a whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            sealing = _Sealing(file, passphrase) if passphrase else None
            packed = gzip.GzipFile("", "wb", 6, cast("BinaryIO", sealing or file), mtime=0)
            with io.TextIOWrapper(cast("BinaryIO", packed), encoding="utf-8") as out:
                yield out
            if sealing:
                sealing.finish()
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _keep_name(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    """Have the file's name reach the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def reading(path: Path, passphrase: str) -> Iterator[Iterator[str]]:
    """The lines of such a file; raises ``SealRefused``."""
    with path.open("rb") as file:
        raw = _opened(file, passphrase)
        with io.TextIOWrapper(gzip.GzipFile("", "rb", 6, raw), encoding="utf-8") as text:
            yield _lines(text)


def _opened(file: BinaryIO, passphrase: str) -> BinaryIO:
    sealed = file.read(len(MARK)) == MARK
    if not sealed:
        file.seek(0)
        return file
    if not passphrase:
        raise SealRefused("the file is encrypted: give --passphrase-file")
    return cast("BinaryIO", io.BufferedReader(_Opening(file, passphrase)))


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    try:
        yield from text
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise SealRefused(f"the file is damaged or breaks off ({error})") from error
