"""Signed notes and checkpoints, in the formats of the transparency-log community.

C2SP signed-note: a text, an empty line, and one line for each signature, '— name base64(key id ||
signature)'. C2SP tlog-checkpoint: the text's first three lines are origin, size and root. The key
id binds name, algorithm and public key: a signature says by which algorithm it was made.
"""

import base64
import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from directory.domain.merkle import HASH_BYTES

#: Signature type of the signed-note format.
ED25519 = b"\x01"
#: Bytes of an Ed25519 seed and of a public key.
KEY_BYTES = 32
SIGNATURE_MARK = "\N{EM DASH} "
#: Beyond these a note is refused unread.
MOST_BYTES = 1_000_000
MOST_SIGNATURES = 100


class NoteRefused(ValueError):
    """The note or key is not well formed, or no known key signed it."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        refuse_name(self.name)
        if len(self.public) != KEY_BYTES:
            raise NoteRefused(f"a public key has {KEY_BYTES} bytes")

    @property
    def id(self) -> bytes:
        """First four bytes of SHA-256(name || newline || algorithm || public key)."""
        data = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(data).digest()[:4]

    def __str__(self) -> str:
        """The text it is handed on as: name+id+base64(algorithm || public key)."""
        return f"{self.name}+{self.id.hex()}+{_encode(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of ``str``; raises ``NoteRefused``."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        data = _decode(encoded)
        if data[:1] != ED25519:
            raise NoteRefused("not an Ed25519 key")
        key = cls(name, data[1:])
        if key.id.hex() != key_id:
            raise NoteRefused("the key's id does not belong to it")
        return key

    def signed(self, text: str, signature: bytes) -> bool:
        """Is this the key's signature of the text?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, with the name it signs under."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, name: str, seed: str) -> Self:
        """From 32 bytes in base64 (either alphabet, padded or not); raises ``NoteRefused``."""
        refuse_name(name)
        return cls(name, Ed25519PrivateKey.from_private_bytes(decode_seed(seed)))

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note: the text with this key's signature; raises ``NoteRefused`` on an unfit text."""
        _refuse_text(text)
        signature = self.verifier.id + self.key.sign(text.encode())
        return f"{text}\n{SIGNATURE_MARK}{self.name} {_encode(signature)}\n"


def decode_seed(seed: str) -> bytes:
    """32 bytes from base64 (either alphabet, padded or not); raises ``NoteRefused``."""
    plain = seed.strip().rstrip("=").replace("-", "+").replace("_", "/")
    data = _decode(plain + "=" * (-len(plain) % 4))
    if len(data) != KEY_BYTES:
        raise NoteRefused(f"{len(data)} bytes in base64, {KEY_BYTES} are needed")
    return data


def open_note(note: str, keys: Iterable[VerifierKey]) -> str:
    """The text of a note that one of the keys signed; raises ``NoteRefused``.

    Signatures of unknown keys are passed over; a false one of a known key refuses the note.
    """
    if len(note.encode("utf-8", "replace")) > MOST_BYTES:
        raise NoteRefused("the note is too long")
    head, separator, tail = note.rpartition("\n\n")
    text = head + "\n"
    if not separator or not tail.endswith("\n"):
        raise NoteRefused("not a signed note")
    _refuse_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteRefused("too many signatures")
    known = {(key.name, key.id): key for key in keys}
    signatures = [_signature(line) for line in lines]
    ours = [(known[name, id_], signed) for name, id_, signed in signatures if (name, id_) in known]
    if not ours:
        raise NoteRefused("no known key signed the note")
    if not all(key.signed(text, signature) for key, signature in ours):
        raise NoteRefused("the signature is false")
    return text


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """That the log of that origin had, at that time, that size and that root.

    Checkpoints are numbered without a gap, so that a missing one is seen.
    """

    origin: str
    number: int
    size: int
    root: bytes
    at: dt.datetime

    @property
    def text(self) -> str:
        """The note's text; time and number stand in extension lines, signed too."""
        at = self.at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="seconds")
        head = f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"
        return f"{head}time {at}Z\nnumber {self.number}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of ``text``; raises ``NoteRefused``."""
        found = _CHECKPOINT.fullmatch(text)
        if not found:
            raise NoteRefused("not a checkpoint")
        root = _decode(found["root"])
        if len(root) != HASH_BYTES:
            raise NoteRefused("not a checkpoint: the third line is not a root")
        return cls(
            origin=found["origin"],
            number=int(found["number"]),
            size=int(found["size"]),
            root=root,
            at=_moment(found["time"]),
        )


_CHECKPOINT = re.compile(
    r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[^\n]+)\n"
    r"time (?P<time>[^\n]+)\nnumber (?P<number>[1-9][0-9]{0,15})\n(?:[^\n]+\n)*"
)


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise NoteRefused("not a checkpoint: the fourth line is not a time") from error


def _signature(line: str) -> tuple[str, bytes, bytes]:
    """Name, key id and signature of a signature line."""
    name, _, encoded = line.removeprefix(SIGNATURE_MARK).partition(" ")
    data = _decode(encoded)
    if not line.startswith(SIGNATURE_MARK) or not name or len(data) < 5:
        raise NoteRefused("a signature line is not well formed")
    return name, data[:4], data[4:]


def refuse_name(name: str) -> None:
    """Raise ``NoteRefused`` when the format has no room for such a name."""
    if not name or "+" in name or any(one.isspace() or not one.isprintable() for one in name):
        raise NoteRefused("a key's name is one word without '+'")


def _refuse_text(text: str) -> None:
    if not text.strip("\n") or not text.endswith("\n"):
        raise NoteRefused("a note's text is whole lines")
    if any(ord(one) < 32 and one != "\n" for one in text):
        raise NoteRefused("a note's text holds no control characters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoteRefused("a note's text is Unicode") from error


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decode(text: str) -> bytes:
    """Strict base64; also refuses what does not encode back to itself."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteRefused("not base64") from error
    if _encode(data) != text:
        raise NoteRefused("not base64")
    return data
