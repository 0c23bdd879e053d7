"""Sealed extracts: what the directory said on a day, signed, with its place in the change log.

An extract is a JSON object: its ``format``, its ``statement`` and its ``seal``, a signed note over
the statement's digest. The statement names the revisions it rests on, each with its event and the
path to the root of the checkpoint it holds too. So whoever has the public key can check offline
that nothing was altered and that the revision stood in the log.

A *reference* is a seal as one word, for the QR code of a print-out.
"""

import base64
import binascii
import datetime as dt
import hashlib
import json
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from directory.domain import merkle
from directory.domain.events import Plain, canonical, digest
from directory.domain.marks import N_
from directory.domain.notes import (
    SIGNATURE_MARK,
    Checkpoint,
    NoteRefused,
    Signer,
    VerifierKey,
    open_note,
)
from directory.domain.personal import split
from directory.domain.vocabulary import EntryKind

FORMAT = "directory-extract/1"
#: First byte of a reference.
_VERSION = 1
_HEAD = struct.Struct(">BII32s68s")
#: Longest reference that is looked at.
LONGEST_REFERENCE = 400


class ExtractRefused(ValueError):
    """It is no extract of this directory, or it was altered; the text (N_) says which."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What is signed: the statement's SHA-256, when, after which checkpoint, about what.

    ``subject`` holds codes and days only ('entry RO-3F7K2Q 2 2026-11-23'), never contact data.
    """

    origin: str
    digest: bytes
    at: dt.datetime
    checkpoint: int
    subject: str

    @property
    def text(self) -> str:
        """The note's text; its first line keeps it apart from a checkpoint."""
        at = self.at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="seconds")
        fingerprint = base64.b64encode(self.digest).decode()
        return (
            f"{self.origin}/extract\nsha256 {fingerprint}\ntime {at}Z\n"
            f"checkpoint {self.checkpoint}\nsubject {self.subject}\n"
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of ``text``; raises ``NoteRefused``."""
        found = _SEAL.fullmatch(text)
        if not found:
            raise NoteRefused("not the seal of an extract")
        try:
            at = dt.datetime.strptime(found["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
            fingerprint = base64.b64decode(found["digest"], validate=True)
        except ValueError as error:
            raise NoteRefused("not the seal of an extract") from error
        return cls(found["origin"], fingerprint, at, int(found["number"]), found["subject"])


_SEAL = re.compile(
    r"(?P<origin>[^\n]+)/extract\nsha256 (?P<digest>[A-Za-z0-9+/]{43}=)\ntime (?P<time>[^\n]+)\n"
    r"checkpoint (?P<number>[1-9][0-9]{0,8})\nsubject (?P<subject>[ -~]+)\n"
)


def seal(statement: Plain, signing: Signer, at: dt.datetime, number: int, subject: str) -> Plain:
    """The extract that says ``statement``; ``number`` is that of the checkpoint it holds."""
    fingerprint = hashlib.sha256(canonical(statement)).digest()
    signed = Seal(signing.name, fingerprint, at, number, subject)
    return {"format": FORMAT, "statement": statement, "seal": signing.sign(signed.text)}


def open_seal(note: str, keys: Iterable[VerifierKey]) -> Seal:
    """What a known key sealed; raises ``NoteRefused``."""
    return Seal.parse(open_note(note, keys))


def reference(note: str) -> str:
    """The seal as one word without spaces; ``open_reference`` reads it again."""
    text, _, signature = note.rpartition("\n\n")
    sealed = Seal.parse(text + "\n")
    encoded = base64.b64decode(signature.rstrip("\n").rpartition(" ")[2])
    head = (_VERSION, int(sealed.at.timestamp()), sealed.checkpoint, sealed.digest, encoded)
    data = _HEAD.pack(*head) + sealed.subject.encode("ascii")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def open_reference(word: str, keys: Iterable[VerifierKey]) -> Seal:
    """The seal that a reference stands for; raises ``NoteRefused``."""
    version, seconds, number, fingerprint, signature, subject = _read_reference(word)
    key = next((one for one in keys if one.id == signature[:4]), None)
    if version != _VERSION or key is None:
        raise NoteRefused("no known key signed it")
    at = dt.datetime.fromtimestamp(seconds, dt.UTC)
    sealed = Seal(key.name, fingerprint, at, number, subject)
    encoded = base64.b64encode(signature).decode()
    return open_seal(f"{sealed.text}\n{SIGNATURE_MARK}{key.name} {encoded}\n", [key])


def _read_reference(word: str) -> tuple[int, int, int, bytes, bytes, str]:
    try:
        padded = word + "=" * (-len(word) % 4)
        data = base64.b64decode(padded, altchars=b"-_", validate=True)
        subject = data[_HEAD.size :].decode("ascii")
        fields = _HEAD.unpack(data[: _HEAD.size])
    except (binascii.Error, ValueError, struct.error) as error:
        raise NoteRefused("not the reference of an extract") from error
    if len(word) > LONGEST_REFERENCE or not subject.isprintable():
        raise NoteRefused("not the reference of an extract")
    return (*fields, subject)


@dataclass(frozen=True, slots=True)
class Checked:
    """An extract that holds: its seal, and the checkpoint over the revisions it rests on."""

    seal: Seal
    checkpoint: Checkpoint


def check_extract(extract: Any, keys: tuple[VerifierKey, ...]) -> Checked:
    """What the extract is, when all of it holds; raises ``ExtractRefused``."""
    try:
        return _check(extract, keys)
    except NoteRefused as error:
        raise ExtractRefused(N_("It is not signed by this directory.")) from error
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        if isinstance(error, ExtractRefused):
            raise
        raise ExtractRefused(N_("It is not an extract of this directory.")) from error


def _check(extract: Any, keys: tuple[VerifierKey, ...]) -> Checked:
    if extract.keys() != {"format", "statement", "seal"} or extract["format"] != FORMAT:
        raise ExtractRefused(N_("It is not an extract of this directory."))
    sealed, statement = open_seal(extract["seal"], keys), extract["statement"]
    if hashlib.sha256(canonical(statement)).digest() != sealed.digest:
        raise ExtractRefused(N_("It was altered: it does not say what was sealed."))
    checkpoint = Checkpoint.parse(open_note(statement["checkpoint"], keys))
    for one in statement["revisions"]:
        _refuse_unproven(one, checkpoint)
    return Checked(sealed, checkpoint)


def _refuse_unproven(one: Plain, checkpoint: Checkpoint) -> None:
    """Raise unless the revision's event stands in the log and says what the extract says."""
    path = [base64.b64decode(hash_, validate=True) for hash_ in one["path"]]
    index = one["sequence"] - 1
    if not merkle.includes(_leaf(one), index, checkpoint.size, path, checkpoint.root):
        raise ExtractRefused(N_("A revision it rests on does not stand in the change log."))
    if one["complete"] and not _is_event_of(one):
        raise ExtractRefused(N_("A revision it rests on is not the one in the change log."))


def _leaf(one: Plain) -> bytes:
    """Of the event, where it is given: it is withheld with what a reader may not see."""
    return merkle.leaf_hash(canonical(one["event"])) if one["event"] else bytes.fromhex(one["leaf"])


def _is_event_of(one: Plain) -> bool:
    body, facts = one["event"], split(EntryKind(one["kind"]), one["record"])[0]
    said = {name: one[name] for name in ("kind", "revision", "status")} | {"record": digest(facts)}
    named = (body["sequence"], body["subject_kind"], body["subject_id"], body["after"])
    return bool(named == (one["sequence"], "entry", one["entry"], said))


def read_extract(text: str) -> Any:
    """The JSON of an extract, without what two readers read differently; ``ExtractRefused``."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=_never, parse_constant=_never)
    except (ValueError, RecursionError) as error:
        raise ExtractRefused(N_("It is not an extract of this directory.")) from error


def _once(pairs: list[tuple[str, Any]]) -> Plain:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _never(text: str) -> Any:
    raise ValueError(f"{text} is not a whole number")
