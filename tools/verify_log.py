#!/usr/bin/env python3
"""Check an exported change log, a proof from it, or a sealed extract, offline.

    verify_log.py log FILE     [--key KEY]... [--known NOTE_FILE]... [--attachments FOLDER]
    verify_log.py proof FILE   --key KEY... [--known NOTE_FILE]...
    verify_log.py extract FILE --key KEY... [--known NOTE_FILE]...

It needs Python 3.11 and `cryptography`.

KEY is a public key as the directory's keeper handed it on ('name+id+base64'); without one the keys
in the export are used, which proves only that the file agrees with itself. NOTE_FILE holds a
checkpoint kept elsewhere: a log that no longer leads to it was cut, rolled back or rewritten.

This file shares no code with the directory, so that a mistake there cannot hide itself here.
Exit code 0: everything holds. 1: something does not, each fault on a line of its own, naming the
event or checkpoint. 2: the command line or a file cannot be used.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG_FORMAT = "directory-log/1"
PROOF_FORMAT = "directory-proof/1"
EXTRACT_FORMAT = "directory-extract/1"
#: Fields of a record that are a person's: they are sealed beside the event, not hashed in it.
PERSONAL = {"liaison_officer": {"names", "holder", "channels", "note"}}
SEAL = re.compile(
    r"([^\n]+)/extract\nsha256 ([^\n]+)\ntime ([^\n]+)Z\ncheckpoint ([1-9][0-9]{0,8})\n"
    r"subject ([ -~]+)\n"
)
NO_HASH = "0" * 64
#: Of a stretch of missing events, so many are named one by one.
MOST_NAMED = 1000
FIELDS = {
    "version", "sequence", "at", "actor", "actor_account", "actor_state", "authentication",
    "action", "subject_kind", "subject_id", "before", "after", "reason", "evidence", "sealed",
    "previous_hash",
}  # fmt: skip
CHECKPOINT = re.compile(
    r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\ntime ([^\n]+)Z\nnumber ([1-9][0-9]{0,15})\n"
)


class Unusable(Exception):
    """What was given is not what it should be."""


class Fault(NamedTuple):
    """What is wrong: 'event', 'checkpoint', 'attachment', 'proof' ...; which; how."""

    kind: str
    which: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind} {self.which}: {self.what}".replace(" :", ":")


class Signed(NamedTuple):
    """What a checkpoint's note says."""

    origin: str
    size: int
    root: bytes
    time: str
    number: int


# --- hashes


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hash_leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def hash_pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Tree:
    """The Merkle tree of RFC 6962, of which only the right edge is kept."""

    def __init__(self) -> None:
        self.size = 0
        self.stack: list[bytes] = []

    def add(self, leaf: bytes) -> list[bytes]:
        """Append a leaf; the nodes above it that became complete, lowest first."""
        made, count = [], self.size
        while count % 2:
            leaf = hash_pair(self.stack.pop(), leaf)
            made.append(leaf)
            count //= 2
        self.stack.append(leaf)
        self.size += 1
        return made

    def root(self) -> bytes:
        if not self.stack:
            return hashlib.sha256(b"").digest()
        result = self.stack[-1]
        for left in reversed(self.stack[:-1]):
            result = hash_pair(left, result)
        return result


def root_of_inclusion(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that the path leads to, walking the tree of RFC 6962 2.1.1 from the top."""
    if size == 1:
        if path:
            raise Unusable("the path is too long")
        return leaf
    if not path:
        raise Unusable("the path is too short")
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return hash_pair(root_of_inclusion(leaf, index, split, path[:-1]), path[-1])
    return hash_pair(path[-1], root_of_inclusion(leaf, index - split, size - split, path[:-1]))


def roots_of_consistency(
    old: int, new: int, path: list[bytes], old_root: bytes, whole: bool = True
) -> tuple[bytes, bytes]:
    """The old and the new root that the path leads to, walking as RFC 6962 2.1.2 does."""
    if old == new:
        if len(path) != (0 if whole else 1):
            raise Unusable("the path has the wrong length")
        return (old_root, old_root) if whole else (path[0], path[0])
    if not path:
        raise Unusable("the path is too short")
    split = 1 << (new - 1).bit_length() - 1
    if old <= split:
        left_old, left_new = roots_of_consistency(old, split, path[:-1], old_root, whole)
        return left_old, hash_pair(left_new, path[-1])
    below_old, below_new = roots_of_consistency(
        old - split, new - split, path[:-1], old_root, whole=False
    )
    return hash_pair(path[-1], below_old), hash_pair(path[-1], below_new)


# --- signatures


def decode(text: Any) -> bytes:
    """Strict base64."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise Unusable("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise Unusable("not base64")
    return data


def read_key(text: str) -> tuple[str, bytes, bytes]:
    """Name, id and public key of a key in text form."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    data = decode(encoded)
    computed = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if not name or data[:1] != b"\x01" or len(data) != 33 or computed.hex() != key_id:
        raise Unusable(f"not a public key: {text}")
    return name, computed, data[1:]


Keys = list[tuple[str, bytes, bytes]]


def open_note(note: Any, keys: Keys) -> str:
    """The note's text, when a known key signed it and no known key's signature is false."""
    if not isinstance(note, str) or not note.endswith("\n"):
        raise Unusable("not a signed note")
    head, separator, tail = note.rpartition("\n\n")
    text = head + "\n"
    if not separator:
        raise Unusable("not a signed note")
    good = [check_signature(line, text, keys) for line in tail[:-1].split("\n")]
    if not any(good):
        raise Unusable("no known key signed it")
    return text


def open_checkpoint(note: Any, keys: Keys) -> Signed:
    """What a checkpoint's note says."""
    found = CHECKPOINT.fullmatch(open_note(note, keys))
    if not found or len(decode(found[3])) != 32:
        raise Unusable("not a checkpoint")
    return Signed(found[1], int(found[2]), decode(found[3]), found[4], int(found[5]))


def check_signature(line: str, text: str, keys: Keys) -> bool:
    """True when a known key signed, False for an unknown one; ``Unusable`` for a false one."""
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    data = decode(encoded)
    if mark != "\N{EM DASH}" or len(data) < 5:
        raise Unusable("a signature line is not well formed")
    for known, key_id, public in keys:
        if (known, key_id) == (name, data[:4]):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(data[4:], text.encode())
            except InvalidSignature as error:
                raise Unusable("its signature is false") from error
            return True
    return False


# --- reading


def strict(text: str) -> Any:
    """JSON without doubled keys, floats or other things that two readers read differently."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice")
        return found

    def never(text: str) -> Any:
        raise ValueError(f"{text} is not a whole number")

    return json.loads(text, object_pairs_hook=once, parse_float=never, parse_constant=never)


def read_lines(path: Path) -> Iterator[Any]:
    """The objects of a file of JSON lines; what cannot be read comes as the error."""
    with path.open("rb") as file:
        for line in file:
            try:
                yield strict(line.decode())
            except (ValueError, RecursionError) as error:
                yield error


# --- the log


class LogCheck:
    """Takes the lines of an export one by one and gathers faults."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.origin = ""
        self.faults: list[Fault] = []
        self.checkpoints: dict[int, Signed] = {}
        self.last_number = 0
        self.tree = Tree()
        self.at_fault: set[int] = set()
        #: Sequence number of the last event; hash of its body, '' when it is not known.
        self.sequence = 0
        self.hash = NO_HASH
        #: (event, the one after it) where the chain broke and it is not yet known who did it.
        self.doubt: tuple[int, int] | None = None
        #: Size of the last tree that a signature vouches for.
        self.vouched = 0
        #: Number of the newest checkpoint kept elsewhere.
        self.known_number = 0
        self.evidence: dict[str, int] = {}
        self.ended = False

    def fault(self, kind: str, which: int | str, what: str) -> None:
        self.faults.append(Fault(kind, str(which), what))
        if kind == "event":
            self.at_fault.add(int(which))

    def header(self, line: Any) -> None:
        if not isinstance(line, dict) or line.get("format") != LOG_FORMAT:
            raise Unusable(f"the file does not begin as a {LOG_FORMAT} export")
        self.origin = str(line.get("origin"))
        if not self.keys:
            self.keys = [read_key(text) for text in line.get("keys", [])]

    def line(self, line: Any) -> None:
        if self.ended:
            self.fault("file", "", "something stands behind its end")
        elif isinstance(line, dict) and "checkpoint" in line:
            self.checkpoint(line["checkpoint"])
        elif isinstance(line, dict) and "event" in line:
            self.event(line)
        elif isinstance(line, dict) and "end" in line:
            self.end(line["end"])
        else:
            self.unreadable(line)

    def unreadable(self, line: Any) -> None:
        self.sequence += 1
        self.fault("event", self.sequence, f"its line cannot be read ({line})")
        self.hash = ""
        self.tree.add(b"")

    # checkpoints

    def checkpoint(self, row: Any) -> None:
        number = row.get("number") if isinstance(row, dict) else None
        if number != self.last_number + 1:
            self.fault("checkpoint", self.last_number + 1, "missing, or not in its place")
        self.last_number = number if isinstance(number, int) else self.last_number + 1
        try:
            signed = open_checkpoint(row.get("note"), self.keys)
        except (Unusable, AttributeError) as error:
            self.fault("checkpoint", self.last_number, str(error))
            return
        said = {
            "number": signed.number,
            "size": signed.size,
            "root": signed.root.hex(),
            "at": signed.time + ".000000Z",
            "note": row.get("note"),
        }
        if row != said:
            self.fault("checkpoint", self.last_number, "its columns do not say what was signed")
        self.expect(signed)

    def remember(self, signed: Signed) -> None:
        """Take in a checkpoint that was kept elsewhere."""
        self.known_number = max(self.known_number, signed.number)
        self.expect(signed)

    def expect(self, signed: Signed) -> None:
        """Remember what the tree must be at that size."""
        if signed.origin != self.origin:
            self.fault("checkpoint", signed.number, f"it is of another log ({signed.origin})")
            return
        other = self.checkpoints.setdefault(signed.size, signed)
        if other.root != signed.root:
            self.fault("checkpoint", signed.number, "two were signed for this size: the log forked")

    # events

    def event(self, line: dict[str, Any]) -> None:
        body = line["event"]
        number = body.get("sequence") if isinstance(body, dict) else None
        if not isinstance(number, int):
            self.unreadable("it has no sequence number")
            return
        number, follows = self.place(number, body.get("previous_hash"))
        if not follows:
            return
        try:
            data = canonical(body)
        except ValueError as error:
            self.unreadable(error)
            return
        found = [self.own(line, body, data), *self.sealed(line, body)]
        for what in filter(None, found):
            self.fault("event", number, what)
        self.link(number, str(body.get("previous_hash")))
        self.sequence, self.hash = number, sha256(data)
        self.nodes(number, line, self.tree.add(hash_leaf(data)))
        for hash_ in body.get("evidence") or []:
            self.evidence.setdefault(str(hash_), number)
        self.compare_root()

    def place(self, number: int, previous: Any) -> tuple[int, bool]:
        """The event's true number, and whether it is one that follows the last."""
        expected = self.sequence + 1
        if number != expected and self.hash and previous == self.hash:
            self.fault("event", expected, f"altered: it says that it is event {number}")
        elif number < expected:
            self.fault("event", number, "out of its place, or twice")
            return number, False
        elif number > expected:
            for missing in range(expected, min(number, expected + MOST_NAMED)):
                self.fault("event", missing, "missing")
            self.hash = ""
            return number, True
        return expected, True

    def own(self, line: dict[str, Any], body: dict[str, Any], data: bytes) -> str:
        """What is wrong with the event by itself."""
        if set(body) != FIELDS or body["version"] != 1:
            return "it is not an event of this format"
        if line.get("hash") != sha256(data):
            return "altered: its hash is another"
        if line.get("leaf") != hash_leaf(data).hex():
            return "its leaf hash is another"
        return ""

    def sealed(self, line: dict[str, Any], body: dict[str, Any]) -> Iterator[str]:
        seals, ciphertexts = body.get("sealed") or [], line.get("ciphertexts")
        if not isinstance(ciphertexts, list) or len(ciphertexts) != len(seals):
            yield "its sealed data are not complete"
            return
        for seal, ciphertext in zip(seals, ciphertexts, strict=True):
            try:
                whole = sha256(decode(ciphertext)) == seal["ciphertext_sha256"]
            except (Unusable, KeyError, TypeError):
                whole = False
            if not whole:
                yield "its sealed data were altered"

    def link(self, number: int, previous: str) -> None:
        """Does it follow the event before it? Decide an earlier doubt by the way."""
        broken = bool(self.hash) and previous != self.hash
        if self.doubt and self.doubt[1] == self.sequence:
            # Is the event in doubt vouched for by its successor?
            self.resolve(vouched=not broken)
            broken = False
        if broken and not {number, self.sequence} & self.at_fault:
            self.doubt = (self.sequence, number)

    def resolve(self, vouched: bool) -> None:
        """Name the one at fault; ``vouched`` says whether anything speaks for the later one."""
        before, after = self.doubt or (0, 0)
        number = before if vouched and self.vouched < before else after
        self.doubt = None
        what = "rewritten: the events around it were chained to another one in its place"
        self.fault("event", number, what)

    def nodes(self, number: int, line: dict[str, Any], made: list[bytes]) -> None:
        stored = line.get("nodes")
        right = [[level, hash_.hex()] for level, hash_ in enumerate(made, start=1)]
        if stored != right and not self.at_fault:
            self.fault("event", number, "the tree's nodes above it are not those stored")

    def compare_root(self) -> None:
        signed = self.checkpoints.get(self.tree.size)
        if signed is None or self.at_fault or self.doubt:
            return
        if signed.root == self.tree.root():
            self.vouched = signed.size
            return
        what = f"rewritten, or one after it up to {signed.size}: the signed root is another"
        self.fault("event", self.vouched + 1, what)

    # the end

    def end(self, said: Any) -> None:
        self.ended = True
        self.last_doubt()
        right = {
            "events": self.sequence,
            "checkpoints": self.last_number,
            "evidence": sorted(self.evidence),
        }
        if said != right and not self.faults:
            self.fault("file", "", "its end does not list what stands in it")

    def last_doubt(self) -> None:
        """Nothing follows the later event: only a signed root can clear the one before it."""
        if self.doubt:
            self.resolve(vouched=True)

    def finish(self) -> list[Fault]:
        if not self.ended:
            self.last_doubt()
            self.fault("file", "", "it has no end: it was cut")
        for number in range(self.last_number + 1, self.known_number + 1):
            self.fault("checkpoint", number, "missing: one as new as this was kept elsewhere")
        furthest = max(self.checkpoints, default=0)
        if furthest > self.sequence:
            number = self.checkpoints[furthest].number
            what = f"missing up to event {furthest}, which checkpoint {number} signed"
            self.fault("event", self.sequence + 1, what)
        return self.faults

    def attachments(self, folder: Path) -> None:
        """Is every file that an event names there, byte for byte?"""
        files = (path for path in folder.rglob("*") if path.is_file())
        there = {sha256(path.read_bytes()) for path in files}
        for hash_, number in self.evidence.items():
            if hash_ not in there:
                self.fault("attachment", hash_, f"of event {number}: missing or altered")


def check_log(
    path: Path, keys: Keys, known: list[str], attachments: Path | None = None
) -> tuple[LogCheck, list[Fault]]:
    """Check an export; the check with what it counted, and the faults."""
    lines = read_lines(path)
    check = LogCheck(keys)
    check.header(next(lines, None))
    for note in known:
        check.remember(open_checkpoint(note, check.keys))
    for line in lines:
        check.line(line)
    faults = check.finish()
    if attachments:
        check.attachments(attachments)
    return check, faults


# --- proofs


def check_proof(path: Path, keys: Keys, known: list[str]) -> tuple[str, list[Fault]]:
    """Check a proof of inclusion or of consistency; what it proves, and the faults."""
    try:
        return check_proof_object(strict(path.read_text("utf-8")), keys, known)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        return "", [Fault("proof", "", f"it cannot be read ({error})")]
    except Unusable as error:
        return "", [Fault("proof", "", str(error))]


def check_proof_object(proof: Any, keys: Keys, known: list[str]) -> tuple[str, list[Fault]]:
    if proof["format"] != PROOF_FORMAT:
        raise Unusable(f"not a {PROOF_FORMAT} file")
    hashes = [decode(text) for text in proof["path"]]
    if proof["kind"] == "inclusion":
        return check_inclusion(proof, hashes, keys, known)
    return check_consistency(proof, hashes, keys)


def check_inclusion(
    proof: Any, path: list[bytes], keys: Keys, known: list[str]
) -> tuple[str, list[Fault]]:
    signed, body = open_checkpoint(proof["checkpoint"], keys), proof["event"]
    number = body["sequence"]
    data = canonical(body)
    refuse_other(signed, known, keys)
    if not 1 <= number <= signed.size:
        raise Unusable(f"event {number} is not under a checkpoint of {signed.size}")
    if root_of_inclusion(hash_leaf(data), number - 1, signed.size, path) != signed.root:
        return "", [Fault("event", str(number), "it is not what the checkpoint signed")]
    what = f"event {number} ({body['action']} {body['subject_kind']} {body['subject_id']})"
    return f"{what} stands in the log that checkpoint {signed.number} signed", []


def check_consistency(proof: Any, path: list[bytes], keys: Keys) -> tuple[str, list[Fault]]:
    old, new = open_checkpoint(proof["old"], keys), open_checkpoint(proof["new"], keys)
    if old.origin != new.origin:
        raise Unusable("the checkpoints are of two logs")
    if not 0 < old.size <= new.size:
        raise Unusable("the second checkpoint is not the later one")
    if roots_of_consistency(old.size, new.size, path, old.root) != (old.root, new.root):
        return "", [Fault("checkpoint", str(new.number), "its log does not extend the older one")]
    return f"the log of {new.size} events extends that of {old.size}: nothing was rewritten", []


def refuse_other(signed: Signed, known: list[str], keys: Keys) -> None:
    for note in known:
        other = open_checkpoint(note, keys)
        if other.size == signed.size and other.root != signed.root:
            raise Unusable("a checkpoint kept elsewhere has another root for this size")


# --- extracts


def check_extract(path: Path, keys: Keys, known: list[str]) -> tuple[str, list[Fault]]:
    """Check a sealed extract; what it says, and the faults."""
    try:
        return check_extract_object(strict(path.read_text("utf-8")), keys, known)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        return "", [Fault("extract", "", f"it cannot be read ({error})")]
    except Unusable as error:
        return "", [Fault("extract", "", str(error))]


def check_extract_object(extract: Any, keys: Keys, known: list[str]) -> tuple[str, list[Fault]]:
    if extract["format"] != EXTRACT_FORMAT or set(extract) != {"format", "statement", "seal"}:
        raise Unusable(f"not a {EXTRACT_FORMAT} file")
    found, statement = SEAL.fullmatch(open_note(extract["seal"], keys)), extract["statement"]
    if not found:
        raise Unusable("not the seal of an extract")
    origin, digest, time, number, subject = found.groups()
    if decode(digest).hex() != sha256(canonical(statement)):
        return "", [Fault("extract", "", "altered: it does not say what was sealed")]
    signed = open_checkpoint(statement["checkpoint"], keys)
    refuse_other(signed, known, keys)
    if (signed.origin, str(signed.number)) != (origin, number):
        raise Unusable("its checkpoint is not the one it was sealed after")
    revisions = statement["revisions"]
    faults = [fault for one in revisions for fault in revision_faults(one, signed)]
    partly = sum(not one["complete"] for one in revisions)
    vouched = f"; {partly} with lines withheld, vouched for by the seal alone" if partly else ""
    rests = f"rests on {len(revisions)} revisions under checkpoint {number}{vouched}"
    return f"{subject}: sealed {time}Z, {rests}", faults


def revision_faults(one: Any, signed: Signed) -> Iterator[Fault]:
    """Does the event stand under the checkpoint, and say what the extract says?"""
    number, body = one["sequence"], one["event"]
    leaf = hash_leaf(canonical(body)) if body else bytes.fromhex(one["leaf"])
    path = [decode(text) for text in one["path"]]
    if not 1 <= number <= signed.size:
        raise Unusable(f"event {number} is not under a checkpoint of {signed.size}")
    if root_of_inclusion(leaf, number - 1, signed.size, path) != signed.root:
        yield Fault("event", str(number), "it is not what the checkpoint signed")
    if one["complete"] and (body["sequence"], body["after"]) != (number, said_of(one)):
        yield Fault("event", str(number), "the record of the extract is another")
    if body and (body["subject_kind"], body["subject_id"]) != ("entry", one["entry"]):
        yield Fault("event", str(number), "it is about something else")


def said_of(one: Any) -> dict[str, Any]:
    """What the event of such a revision says."""
    personal = PERSONAL.get(one["kind"], set())
    facts = {name: value for name, value in one["record"].items() if name not in personal}
    said = {name: one[name] for name in ("kind", "revision", "status")}
    return said | {"record": sha256(canonical(facts))}


# --- the command


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("log", "proof", "extract"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", action="append", default=[], metavar="KEY")
    parser.add_argument("--known", action="append", default=[], type=Path, metavar="NOTE_FILE")
    parser.add_argument("--attachments", type=Path, metavar="FOLDER")
    given = parser.parse_args(argv)
    if given.what != "log" and not given.key:
        parser.error(f"checking a {given.what} needs the public key: --key")
    return given


def run(given: argparse.Namespace) -> tuple[str, list[Fault]]:
    keys = [read_key(text) for text in given.key]
    known = [path.read_text("utf-8") for path in given.known]
    if given.what == "proof":
        return check_proof(given.file, keys, known)
    if given.what == "extract":
        return check_extract(given.file, keys, known)
    check, faults = check_log(given.file, keys, known, given.attachments)
    signed = f"signed up to event {check.vouched}"
    trust = "" if keys else "; the keys are the file's own claim: give --key to trust them"
    counts = f"{check.sequence} events, {check.last_number} checkpoints"
    return f"{counts}, {signed}{trust}", faults


def main(argv: list[str] | None = None) -> int:
    given = arguments(argv)
    try:
        summary, faults = run(given)
    except (OSError, UnicodeDecodeError, Unusable) as error:
        print(f"verify_log: {error}", file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else f"holds: {summary}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
