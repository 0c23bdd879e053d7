"""What a desk is sent with a line test: a link, and a code to read out on the telephone.

Both are made of the test's random id with a key that the database does not hold, so neither the
outbox nor a copy of the database answers a test.
"""

import base64
import hashlib
import hmac

#: Sets these hashes apart from whatever else is signed with the same key.
_LINK = b"line test link\0"
_CODE = b"line test code\0"
#: Digits of a code: said in any language, and heard over a bad line.
DIGITS = 8


def _digest(purpose: bytes, link_id: str, key: str) -> bytes:
    data = purpose + link_id.encode("utf-8", "replace")
    return hmac.new(key.encode(), data, hashlib.sha256).digest()


def token_of(link_id: str, key: str) -> str:
    """What the link holds."""
    signature = base64.urlsafe_b64encode(_digest(_LINK, link_id, key)).decode().rstrip("=")
    return f"{link_id}.{signature}"


def link_of(token: str, key: str) -> str | None:
    """The id of the test the token was made for; None when it was not made with the key."""
    link_id, dot, _signature = token.partition(".")
    expected = token_of(link_id, key)
    genuine = hmac.compare_digest(token.encode("utf-8", "replace"), expected.encode())
    return link_id if dot and genuine else None


def code_of(link_id: str, key: str) -> str:
    """The one-time code, as it is written: '4821 7730'."""
    number = int.from_bytes(_digest(_CODE, link_id, key)[:8], "big") % 10**DIGITS
    digits = f"{number:0{DIGITS}}"
    return f"{digits[:4]} {digits[4:]}"


def is_code(typed: str, link_id: str, key: str) -> bool:
    """Is that the code? Spaces and hyphens are no part of it."""
    digits = "".join(one for one in typed if one not in " -\u00a0")
    expected = code_of(link_id, key).replace(" ", "")
    return hmac.compare_digest(digits.encode("utf-8", "replace"), expected.encode())
