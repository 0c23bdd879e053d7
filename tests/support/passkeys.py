"""An authenticator in software: makes passkeys and answers, right ones and wrong ones."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
ORIGIN = "http://localhost"
HOST = "localhost"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "===")


@dataclass
class Authenticator:
    """One passkey. ``counts`` is False for those that are synced and keep no count."""

    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    count: int = 0

    def create(self, options: str, **wrong: Any) -> str:
        """The answer to a request for a new passkey; ``wrong`` changes what is said."""
        asked = json.loads(options)
        self.handle = unb64(asked["user"]["id"])
        client = self._client("webauthn.create", asked["challenge"], wrong)
        flags = wrong.get("flags", PRESENT | VERIFIED) | ATTESTED
        attested = b"\0" * 16 + len(self.id).to_bytes(2, "big") + self.id + self._cose()
        data = self._data(wrong.get("host", HOST), flags, self.count) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": b64(client),
            "attestationObject": b64(wrong.get("attestation", attestation)),
            "transports": ["internal", "teleport"],
        }
        return self._answer(response, wrong)

    def get(self, options: str, **wrong: Any) -> str:
        """The answer to a request for one of its owner's passkeys."""
        asked = json.loads(options)
        if self.counts:
            self.count = wrong.get("count", self.count + 1)
        client = self._client("webauthn.get", asked["challenge"], wrong)
        flags = wrong.get("flags", PRESENT | VERIFIED)
        data = self._data(wrong.get("host", HOST), flags, self.count)
        data = data[: wrong.get("data_length", len(data))]
        key = wrong.get("key", self.key)
        signed = key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": b64(wrong.get("sent_client", client)),
            "authenticatorData": b64(wrong.get("sent_data", data)),
            "signature": b64(wrong.get("signature", signed)),
            "userHandle": b64(wrong.get("handle", self.handle)),
        }
        return self._answer(response, wrong)

    def _client(self, kind: str, challenge: str, wrong: dict[str, Any]) -> bytes:
        said = {
            "type": wrong.get("type", kind),
            "challenge": wrong.get("challenge", challenge),
            "origin": wrong.get("origin", ORIGIN),
            "crossOrigin": wrong.get("crossOrigin", False),
        }
        return json.dumps(said).encode()

    @staticmethod
    def _data(host: str, flags: int, count: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _answer(self, response: dict[str, Any], wrong: dict[str, Any]) -> str:
        name = b64(wrong.get("id", self.id))
        plain = {
            "id": name,
            "rawId": wrong.get("rawId", name),
            "type": wrong.get("kind", "public-key"),
            "response": response,
            "clientExtensionResults": {},
        }
        return json.dumps(plain)
