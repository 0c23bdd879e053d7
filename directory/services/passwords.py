"""Passwords: argon2id over a keyed hash, so that the database alone lets nobody guess.

The parameters are OWASP's (46 MiB, one pass, one lane): 30 sign-ins a second on two cores, where
the library's own would give nine.
"""

import base64
import hashlib
import hmac
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from directory.domain.key_ring import KeyRing, key_name
from directory.domain.sign_in import LONGEST_PASSWORD
from directory.errors import Unavailable

MEMORY_KIB = 46 * 1024
_HASHER = PasswordHasher(time_cost=1, memory_cost=MEMORY_KIB, parallelism=1)
#: Hashes computed at once in one process, so that a storm of sign-ins cannot starve readers.
AT_ONCE = 1
#: Sign-ins that may wait for their turn beside it. Each holds one of the process's few threads, so
#: all others are told to come back at once, and readers keep theirs.
WAITING = 1
#: Seconds a sign-in waits for its turn before it is told to come back.
PATIENCE_SECONDS = 5.0
#: How every hash of the library begins.
_BEGIN = "$argon2id$"
_COME_BACK = "Too many people are signing in at this moment; try again in a minute."
_TURNS = threading.BoundedSemaphore(AT_ONCE)
_PLACES = threading.BoundedSemaphore(AT_ONCE + WAITING)
#: Whether this thread has its turn already.
_MINE = threading.local()


def hash_password(password: str, pepper: str) -> str:
    """The argon2id hash to keep, behind the name of the pepper."""
    with turn():
        return key_name(pepper) + _HASHER.hash(_keyed(password, pepper))


def fits(password: str, password_hash: str, peppers: KeyRing) -> bool:
    """Does the password belong to the hash? Takes the same time without a usable hash."""
    name, begin, rest = password_hash.partition(_BEGIN)
    pepper = peppers.named(name)
    usable = bool(rest) and pepper is not None
    kept = begin + rest if usable else _NOBODYS_HASH
    with turn():
        try:
            _HASHER.verify(kept, _keyed(password, pepper or peppers.current))
        except (VerificationError, InvalidHashError):
            return False
    return usable


def is_outdated(password_hash: str, peppers: KeyRing) -> bool:
    """Was the hash made with another pepper than the current one?"""
    return pepper_name(password_hash) != key_name(peppers.current)


def pepper_name(password_hash: str) -> str:
    """Name of the pepper a hash was made with; '' from before peppers had names."""
    return password_hash.partition(_BEGIN)[0]


@contextmanager
def turn() -> Iterator[None]:
    """Have one's turn at hashing for the length of the block; raises ``Unavailable``.

    Who guesses takes it around counting and comparing, so that a storm that is turned away has not
    written anything either. Inside, hashing costs no second turn.
    """
    if getattr(_MINE, "held", False):
        yield
        return
    if not _PLACES.acquire(blocking=False):
        raise Unavailable(_COME_BACK)
    try:
        if not _TURNS.acquire(timeout=PATIENCE_SECONDS):
            raise Unavailable(_COME_BACK)
        _MINE.held = True
        try:
            yield
        finally:
            _MINE.held = False
            _TURNS.release()
    finally:
        _PLACES.release()


def _keyed(password: str, pepper: str) -> bytes:
    """Keyed hash of the password, the same however the keyboard composed its accents.

    What is longer than any password may be is cut: it cannot fit, and costs no more than others.
    """
    text = unicodedata.normalize("NFKC", password[: LONGEST_PASSWORD + 1])
    digest = hmac.new(pepper.encode(), text.encode("utf-8", "replace"), hashlib.sha512).digest()
    return base64.b64encode(digest)


#: Compared with when there is no account, so that the answer takes as long.
_NOBODYS_HASH = (
    "$argon2id$v=19$m=47104,t=1,p=1$bm9ib2R5bm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
