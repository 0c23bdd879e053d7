"""Random secrets that are given away once and kept only as a hash."""

import hashlib
import secrets

#: Bytes of randomness; far beyond guessing, so a plain hash keeps it well.
RANDOM_BYTES = 32


def new_secret(prefix: str = "") -> str:
    """256 random bits in URL-safe letters, behind ``prefix``."""
    return prefix + secrets.token_urlsafe(RANDOM_BYTES)


def hash_secret(secret: str) -> str:
    """What is kept of it: SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
