"""Duty packs: an offline file for one desk, signed by the directory, open to nobody else, expiring.

Layout: the mark, the length of the header, the header in JSON, the ciphertext, an Ed25519 signature
over all of it. The content is packed, then encrypted with ChaCha20-Poly1305 under a key of its own:
X25519 between a key made for this pack and the desk's key, HKDF-SHA-256 over both public keys (the
way of age's X25519 recipients). The header is authenticated with it. A key is used once, so the
nonce is constant. Made of primitives that old releases of ``cryptography`` have, too, because a
desk's machine may be old. ``tools/open_pack.py`` opens packs and shares no code with this file.
"""

import base64
import binascii
import hashlib
import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from directory.domain.notes import Signer

Plain = dict[str, Any]

MARK = b"DIRPACK1"
LENGTH = struct.Struct(">I")
#: What is signed begins with this, so that the signature is of no other use.
SIGNED = b"directory duty pack 1\0"
KEY_INFO = b"directory duty pack 1 key"
NONCE = bytes(12)
#: How a desk's public key begins where people copy it.
DESK_PREFIX = "desk1:"
KEY_BYTES = 32


class NoDeskKey(ValueError):
    """The text is no public key of a desk."""


@dataclass(frozen=True, slots=True)
class DeskKey:
    """The public key of a desk."""

    public: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """From the line the tool prints; raises ``NoDeskKey``."""
        prefix, _, encoded = text.strip().partition(":")
        try:
            public = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise NoDeskKey(text) from None
        if f"{prefix}:" != DESK_PREFIX or len(public) != KEY_BYTES or not any(public):
            raise NoDeskKey(text)
        return cls(public)

    @property
    def id(self) -> str:
        """Sixteen digits by which a desk knows its own packs."""
        return hashlib.sha256(b"duty desk key\0" + self.public).hexdigest()[:16]

    def __str__(self) -> str:
        return DESK_PREFIX + base64.b64encode(self.public).decode()


def seal_pack(header: Plain, content: Plain, desk: DeskKey, signing: Signer) -> bytes:
    """The file. Raises ``NoDeskKey`` for a key that shares no secret with anybody."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    whole = header | {
        "desk_key": desk.id,
        "key": base64.b64encode(public).decode(),
        "signer": f"{signing.name}+{signing.verifier.id.hex()}",
    }
    head = json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()
    packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode(), 9)
    key = _derived(own, desk.public, public)
    sealed = ChaCha20Poly1305(key).encrypt(NONCE, packed, MARK + head)
    body = MARK + LENGTH.pack(len(head)) + head + sealed
    return body + signing.key.sign(SIGNED + body)


def _derived(own: X25519PrivateKey, desk: bytes, public: bytes) -> bytes:
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(desk))
    except ValueError as error:
        raise NoDeskKey("of low order") from error
    return HKDF(SHA256(), KEY_BYTES, salt=public + desk, info=KEY_INFO).derive(shared)
