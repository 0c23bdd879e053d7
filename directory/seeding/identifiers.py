"""Public identifiers of seeded entries: short, neutral, the same on every machine and every run."""

import hashlib

#: Crockford's base 32: no I, L, O or U, so nothing is misread over the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 6


def public_id(state: str, identity: str) -> str:
    """E.g. 'RO-3F7K2Q'. ``identity`` is what makes the entry itself, and must never change."""
    number = int.from_bytes(hashlib.sha256(f"{state}:{identity}".encode()).digest()[:8], "big")
    digits = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return f"{state}-{''.join(digits)}"
