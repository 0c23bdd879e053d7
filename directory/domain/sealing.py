"""Personal data under a key of the person's own: what is left when the key is destroyed is noise.

A seal stands in the hashed body of an event: which key, a commitment to the data (HMAC-SHA-256
under the key, so that nobody without the key can test a guess, and nobody with it can open the seal
to other data), and the hash of the ciphertext, so that an altered ciphertext is found without keys.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Plain = dict[str, Any]

KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(ValueError):
    """The ciphertext or the key is not the one the seal was made with."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ciphertext (nonce first) with its seal: key id, commitment and ciphertext hash, in hex."""

    key_id: str
    commitment: str
    ciphertext_sha256: str
    ciphertext: bytes

    @property
    def seal(self) -> dict[str, str]:
        """The part that is hashed."""
        return {
            "key": self.key_id,
            "commitment": self.commitment,
            "ciphertext_sha256": self.ciphertext_sha256,
        }

    @property
    def is_whole(self) -> bool:
        """Is the ciphertext the one that was sealed?"""
        return hashlib.sha256(self.ciphertext).hexdigest() == self.ciphertext_sha256


def new_key() -> bytes:
    """A key for one person."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key_id: str, key: bytes, fields: Plain) -> Sealed:
    """The fields under the key; twice the same fields make two different seals."""
    plain = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    nonce = secrets.token_bytes(NONCE_BYTES)
    ciphertext = nonce + AESGCM(_derived(key, b"encrypt")).encrypt(nonce, plain, key_id.encode())
    commitment = _commitment(key, nonce, plain)
    return Sealed(key_id, commitment, hashlib.sha256(ciphertext).hexdigest(), ciphertext)


def unseal(key: bytes, sealed: Sealed) -> Plain:
    """The fields; raises ``SealBroken`` when anything of it was altered."""
    nonce, encrypted = sealed.ciphertext[:NONCE_BYTES], sealed.ciphertext[NONCE_BYTES:]
    cipher = AESGCM(_derived(key, b"encrypt"))
    try:
        plain = cipher.decrypt(nonce, encrypted, sealed.key_id.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the ciphertext does not open with this key") from error
    if not hmac.compare_digest(_commitment(key, nonce, plain), sealed.commitment):
        raise SealBroken("the data are not those that were committed to")
    fields: Plain = json.loads(plain)
    return fields


def _commitment(key: bytes, nonce: bytes, plain: bytes) -> str:
    return hmac.new(_derived(key, b"commit"), nonce + plain, hashlib.sha256).hexdigest()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, purpose, hashlib.sha256).digest()
