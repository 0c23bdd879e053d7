#!/usr/bin/env python3
"""Make the key of a duty desk, and open the duty packs made for it, without a network.

    open_pack.py new-desk KEYFILE --directory KEY [--directory KEY]...
    open_pack.py trust KEYFILE KEY
    open_pack.py open PACK KEYFILE [WORD]...

It needs Python 3.9 and `cryptography`.

KEY is the public key of the directory ('name+id+base64'), from its page on duty packs; compare it
with what the directory's keeper told you by another way. KEYFILE is for you only; with a
passphrase a stolen copy of it opens nothing. WORDs narrow what is shown: the code or name of a
State, a kind of help such as e_evidence.

The age of a pack is shown before all else. A pack is refused that was altered, that is too old,
that was made for another desk, or by anybody but the directory.
Exit code 0: shown. 1: the pack is refused, nothing of it is shown. 2: the command line or a file
cannot be used.

This file shares no code with the directory, so that a mistake there cannot hide itself here.
"""

import argparse
import base64
import binascii
import datetime as dt
import getpass
import hashlib
import json
import os
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

MARK = b"DIRPACK1"
LENGTH = struct.Struct(">I")
SIGNED = b"directory duty pack 1\0"
KEY_INFO = b"directory duty pack 1 key"
NONCE = bytes(12)
SIGNATURE, KEY, TAG = 64, 32, 16
LARGEST_HEADER = 64 * 1024
LARGEST_PACK = 64 * 1024 * 1024
LARGEST_CONTENT = 256 * 1024 * 1024
#: A clock may be that much behind the directory's.
TOLERANCE = dt.timedelta(minutes=10)


class Refused(Exception):
    """The pack is not to be used; the text says why."""


class Unusable(Exception):
    """What was given is not what it should be."""


class Desk(NamedTuple):
    """A desk: its private key, and the public keys of directories it trusts, by name and id."""

    private: X25519PrivateKey
    trusted: dict[str, bytes]

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        return hashlib.sha256(b"duty desk key\0" + self.public).hexdigest()[:16]


class Opened(NamedTuple):
    """A pack that may be used."""

    header: dict[str, Any]
    content: dict[str, Any]
    age: dt.timedelta


def read_key(text: str) -> tuple[str, bytes]:
    """A directory's public key: 'name+id' and its bytes; raises ``Unusable``."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise Unusable("not a public key: 'name+id+base64' is needed")
    name, key_id, encoded = parts
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Unusable("the public key is not whole") from None
    expected = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4].hex()
    if len(data) != KEY + 1 or data[:1] != b"\x01" or expected != key_id:
        raise Unusable("the public key is not whole")
    return name + "+" + key_id, data[1:]


def open_pack(data: bytes, desk: Desk, now: dt.datetime) -> Opened:
    """Check and open a pack; raises ``Refused``."""
    header, head, sealed = check(data, desk.trusted)
    made, expires = moment(header, "made_at"), moment(header, "expires_at")
    if header.get("desk_key") != desk.id:
        raise Refused("it was made for another desk: " + str(header.get("desk", "")))
    if now < made - TOLERANCE:
        raise Refused("it was made later than this computer's clock says it is: set the clock")
    if now >= expires:
        raise Refused(
            "it is too old: made "
            + told(now - made)
            + " ago, good until "
            + expires.strftime("%Y-%m-%d %H:%M UTC")
            + ". Get a new one."
        )
    return Opened(header, unseal(header, head, sealed, desk), max(now - made, dt.timedelta()))


def check(data: bytes, trusted: dict[str, bytes]) -> tuple[dict[str, Any], bytes, bytes]:
    """Header, its bytes and the ciphertext of a pack a trusted directory signed."""
    altered = Refused("it was altered, is not whole, or is no duty pack")
    if not data.startswith(MARK) or len(data) > LARGEST_PACK:
        raise altered
    start = len(MARK) + LENGTH.size
    if len(data) < start + TAG + SIGNATURE:
        raise altered
    length = LENGTH.unpack(data[len(MARK) : start])[0]
    if length > LARGEST_HEADER or start + length + TAG + SIGNATURE > len(data):
        raise altered
    head, body = data[start : start + length], data[:-SIGNATURE]
    try:
        header = json.loads(head.decode("utf-8"))
    except ValueError:
        raise altered from None
    if not isinstance(header, dict):
        raise altered
    public = trusted.get(str(header.get("signer")))
    if public is None:
        raise Refused("no directory that this desk trusts has signed it, or it was altered")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(data[-SIGNATURE:], SIGNED + body)
    except InvalidSignature:
        raise altered from None
    return header, head, data[start + length : -SIGNATURE]


def moment(header: dict[str, Any], name: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(str(header[name]))
    except (KeyError, ValueError):
        raise Refused("it does not say when it was made") from None
    if found.tzinfo is None:
        raise Refused("it does not say when it was made")
    return found


def unseal(header: dict[str, Any], head: bytes, sealed: bytes, desk: Desk) -> dict[str, Any]:
    """The content; what was signed and still does not open was made wrong."""
    try:
        public = base64.b64decode(str(header["key"]), validate=True)
        shared = desk.private.exchange(X25519PublicKey.from_public_bytes(public))
        derive = HKDF(SHA256(), KEY, salt=public + desk.public, info=KEY_INFO)
        packed = ChaCha20Poly1305(derive.derive(shared)).decrypt(NONCE, sealed, MARK + head)
        unpacking = zlib.decompressobj()
        # What is larger is cut there, and then is no whole JSON any more.
        plain = unpacking.decompress(packed, LARGEST_CONTENT)
        content = json.loads(plain.decode("utf-8"))
    except (InvalidTag, KeyError, ValueError, zlib.error):
        raise Refused("it does not open with this desk's key") from None
    if not isinstance(content, dict):
        raise Refused("it does not open with this desk's key")
    return content


def told(age: dt.timedelta) -> str:
    """'2 days 3 hours'."""
    days, hours, minutes = age.days, age.seconds // 3600, age.seconds % 3600 // 60
    if days:
        return f"{days} days {hours} hours"
    return f"{hours} hours {minutes} minutes" if hours else f"{minutes} minutes"


def lines(opened: Opened, words: list[str]) -> Iterator[str]:
    """The pack for a person, its age first."""
    header, content = opened.header, opened.content
    yield f"THIS PACK IS {told(opened.age).upper()} OLD. Numbers may have changed since."
    yield f"Made {header['made_at']} for {header['desk']} as {header['serial']}; good until " + str(
        header["expires_at"]
    )
    for title, name in (("24/7 CONTACT POINTS", "points"), ("AUTHORITIES", "authorities")):
        found = [one for one in content.get(name, []) if fits(one, content, words)]
        yield ""
        yield f"{title}: {len(found)}"
        for one in found:
            yield ""
            yield from entry_lines(one, content)


def fits(one: dict[str, Any], content: dict[str, Any], words: list[str]) -> bool:
    """Does the entry answer to all the words?"""
    state = content["states"].get(one["state"], "")
    types = [duty["type"] for duty in one["duties"]]
    names = [content["types"].get(kind, "") for kind in types]
    about = [state, one["name"], one["id"], *types, *names]
    text = " ".join(about).casefold()
    return all(
        word == one["state"] if len(word) == 2 and word.isupper() else word.casefold() in text
        for word in words
    )


def entry_lines(one: dict[str, Any], content: dict[str, Any]) -> Iterator[str]:
    state = content["states"].get(one["state"], one["state"])
    yield f"{state}: {one['name']} ({one['id']}, revision {one['revision']})"
    for way in one["channels"]:
        yield f"  {way['kind']} ({way['purpose']}): {way['value']}"
    for title in ("hours", "languages"):
        if one.get(title):
            yield f"  {title}: {one[title]}"
    for duty in one["duties"]:
        basis = content["instruments"].get(duty["instrument"], duty["instrument"])
        limits = " ".join(filter(None, (basis, duty["article"], duty["territory"])))
        yield f"  - {content['types'].get(duty['type'], duty['type'])}: {limits}"


def printable(line: str) -> str:
    """Without control characters, which could make a terminal show something else."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)


def encryption(passphrase: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()


def new_desk(path: Path, keys: list[str], passphrase: str) -> Desk:
    """Make a desk's key and keep it for its owner only."""
    trusted = [text.strip() for text in keys if read_key(text)]
    private = X25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption(passphrase)).decode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"private": pem, "trusted": trusted}, file, indent=1)
    return Desk(private, dict(read_key(text) for text in trusted))


def trust(path: Path, key: str) -> None:
    """Trust one more key of the directory."""
    read_key(key)
    facts = read_file(path)
    facts["trusted"] = sorted({*facts["trusted"], key.strip()})
    path.write_text(json.dumps(facts, indent=1), "utf-8")


def read_file(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise Unusable(f"{path} is no key file of a desk") from None
    if not isinstance(facts, dict) or not {"private", "trusted"} <= facts.keys():
        raise Unusable(f"{path} is no key file of a desk")
    return facts


def load_desk(path: Path) -> Desk:
    """The desk of a key file; asks for its passphrase where it has one."""
    facts = read_file(path)
    pem = str(facts["private"]).encode()
    asked = getpass.getpass("Passphrase: ").encode() if b"ENCRYPTED" in pem else None
    try:
        private = load_pem_private_key(pem, asked)
    except (ValueError, TypeError):
        raise Unusable("the passphrase is another, or the key file is damaged") from None
    if not isinstance(private, X25519PrivateKey):
        raise Unusable(f"{path} is no key file of a desk")
    return Desk(private, dict(read_key(text) for text in facts["trusted"]))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description="Duty packs: make a desk's key, open a pack.")
    acts = made.add_subparsers(dest="act", required=True)
    new = acts.add_parser("new-desk", help="make a desk's key")
    new.add_argument("keyfile", type=Path)
    new.add_argument("--directory", action="append", required=True, metavar="KEY")
    more = acts.add_parser("trust", help="trust one more key of the directory")
    more.add_argument("keyfile", type=Path)
    more.add_argument("key")
    opening = acts.add_parser("open", help="show a pack")
    opening.add_argument("pack", type=Path)
    opening.add_argument("keyfile", type=Path)
    opening.add_argument("words", nargs="*")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked; gives the exit code."""
    asked = parser().parse_args(arguments)
    try:
        return act(asked)
    except Refused as refused:
        print(printable(f"REFUSED: {refused}"), file=sys.stderr)
        return 1
    except (Unusable, OSError) as error:
        print(printable(str(error)), file=sys.stderr)
        return 2


def act(asked: argparse.Namespace) -> int:
    if asked.act == "new-desk":
        typed = getpass.getpass("Passphrase for the key file (empty: none): ")
        if typed and getpass.getpass("Again: ") != typed:
            raise Unusable("these are two passphrases")
        made = new_desk(asked.keyfile, asked.directory, typed)
        print("desk1:" + base64.b64encode(made.public).decode())
        return 0
    if asked.act == "trust":
        trust(asked.keyfile, asked.key)
        return 0
    with asked.pack.open("rb") as file:
        data = file.read(LARGEST_PACK + 1)
    opened = open_pack(data, load_desk(asked.keyfile), dt.datetime.now(dt.UTC))
    for line in lines(opened, asked.words):
        print(printable(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
