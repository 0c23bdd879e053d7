"""Challenges for passkeys: made without writing anything, answered once.

A challenge carries its own proof: random bytes, the second it was made in, and a keyed hash over
both and over what it is for. So a page that shows one changes nothing in the database; what was
answered is written down, and a second answer to it is refused.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from directory.db.unit_of_work import UnitOfWork
from directory.models.sign_in import UsedChallenge

RANDOM_BYTES = 16
TIME_BYTES = 8
#: How long a person may take to answer.
ANSWER_WITHIN = dt.timedelta(minutes=5)


class Purpose(StrEnum):
    """What the answer to a challenge is good for."""

    SIGN_IN = "sign_in"
    #: That the owner of a session is there.
    CONFIRM = "confirm"
    #: A new passkey.
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked for what: ``subject`` is the session or invitation it is bound to."""

    purpose: Purpose
    subject: str
    #: Secret the challenges are signed with.
    key: str


def make_challenge(asking: Asking, at: dt.datetime) -> bytes:
    """A new challenge; 56 bytes."""
    body = secrets.token_bytes(RANDOM_BYTES) + int(at.timestamp()).to_bytes(TIME_BYTES, "big")
    return body + _proof(asking, body)


def is_ours(asking: Asking, challenge: bytes, at: dt.datetime) -> bool:
    """Did we make this challenge for that, a short while ago?"""
    body, proof = challenge[: RANDOM_BYTES + TIME_BYTES], challenge[RANDOM_BYTES + TIME_BYTES :]
    if not hmac.compare_digest(proof, _proof(asking, body)):
        return False
    made = int.from_bytes(body[RANDOM_BYTES:], "big")
    return 0 <= at.timestamp() - made < ANSWER_WITHIN.total_seconds()


def spend(uow: UnitOfWork, challenge: bytes, at: dt.datetime) -> bool:
    """Take the challenge as answered; False when it was before."""
    forgotten = UsedChallenge.at < at - 2 * ANSWER_WITHIN
    uow.session.execute(delete(UsedChallenge).where(forgotten))
    insert = sqlite.insert if _dialect(uow) == "sqlite" else postgresql.insert
    taken = uow.session.execute(
        insert(UsedChallenge)
        .values(id=hashlib.sha256(challenge).hexdigest(), at=at)
        .on_conflict_do_nothing()
        .returning(UsedChallenge.id)
    )
    return taken.scalar_one_or_none() is not None


def _dialect(uow: UnitOfWork) -> str:
    return uow.session.get_bind().dialect.name


def _proof(asking: Asking, body: bytes) -> bytes:
    said = b"\0".join([b"passkey", asking.purpose.encode(), asking.subject.encode(), body])
    return hmac.new(asking.key.encode(), said, hashlib.sha256).digest()
