"""Events of the change log: what one says, the bytes that are hashed, and the chain.

The *body* of an event is a JSON object; its canonical form is hashed, and each body holds the hash
of the one before it. Personal data never stand in a body: they are encrypted under a key of the
person's own, and the body holds a commitment to them (``domain.sealing``), so that a destroyed key
erases a person while every hash stays as it was.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from directory.domain.merkle import leaf_hash
from directory.domain.sealing import Sealed

Plain = dict[str, Any]

#: Of the body's form; the stand-alone verifier knows it.
VERSION = 1
#: What the first event names as the hash of the one before it.
NO_HASH = "0" * 64
#: Integers beyond this are not the same in every JSON reader.
LARGEST = 2**53


class Authentication(StrEnum):
    """How surely the actor was who they said."""

    #: The directory itself.
    SYSTEM = "system"
    #: A password alone (demonstration).
    PASSWORD = "password"  # nosec B105
    #: A password and a second factor.
    SECOND_FACTOR = "second_factor"
    #: A passkey.
    PASSKEY = "passkey"
    #: A program's token.
    TOKEN = "token"  # nosec B105


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who acted, as it is kept for ever.

    With ``account_id`` the name is a person's and is kept under that person's key.
    """

    name: str
    state: str = ""
    account_id: int | None = None
    authentication: Authentication = Authentication.SYSTEM


#: What nobody did by hand: the worker, in the directory's own name.
SYSTEM_DOER = Doer(name="system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Personal data of one person; ``person`` is a pseudonym: 'account:12', 'officer:RO-3F7K2Q'."""

    person: str
    fields: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that was done, e.g. the ``action`` 'entry.published'.

    ``evidence`` are the SHA-256 of files, in hexadecimal.
    ``before`` and ``after`` hold no personal data; those go into ``personal``.
    """

    at: dt.datetime
    doer: Doer
    action: str
    subject_kind: str
    subject_id: str
    before: Plain | None = None
    after: Plain | None = None
    reason: str = ""
    evidence: tuple[str, ...] = ()
    personal: tuple[Personal, ...] = ()


def persons(event: Event) -> tuple[Personal, ...]:
    """All that must be sealed: what the event holds, and the actor's name when it is a person's."""
    if event.doer.account_id is None:
        return event.personal
    person = account_person(event.doer.account_id)
    return (Personal(person=person, fields={"actor": event.doer.name}), *event.personal)


def account_person(account_id: int) -> str:
    """The pseudonym of an account's holder."""
    return f"account:{account_id}"


#: How the pseudonyms of officers begin.
OFFICER = "officer:"


def officer_person(entry_id: str) -> str:
    """The pseudonym of the officer an entry is about."""
    return f"{OFFICER}{entry_id}"


@dataclass(frozen=True, kw_only=True)
class Logged:
    """An event as it stands in the log.

    ``hash``, ``leaf`` and ``previous_hash`` are what was stored; whether they are right is for
    ``computed_hash`` and ``computed_leaf`` to say.
    """

    sequence: int
    at: dt.datetime
    actor: str
    actor_account: int | None
    actor_state: str
    authentication: str
    action: str
    subject_kind: str
    subject_id: str
    before: Plain | None
    after: Plain | None
    reason: str
    evidence: tuple[str, ...]
    sealed: tuple[Sealed, ...]
    previous_hash: str
    hash: str = ""
    leaf: str = ""

    @property
    def body(self) -> Plain:
        """What is hashed."""
        return {
            "version": VERSION,
            "sequence": self.sequence,
            "at": moment_text(self.at),
            "actor": self.actor,
            "actor_account": self.actor_account,
            "actor_state": self.actor_state,
            "authentication": self.authentication,
            "action": self.action,
            "subject_kind": self.subject_kind,
            "subject_id": self.subject_id,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
            "evidence": list(self.evidence),
            "sealed": [one.seal for one in self.sealed],
            "previous_hash": self.previous_hash,
        }

    @cached_property
    def data(self) -> bytes:
        """The canonical bytes of the body; also the data of the leaf."""
        return canonical(self.body)

    @property
    def computed_hash(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def computed_leaf(self) -> str:
        return leaf_hash(self.data).hex()


def chain(
    events: Iterable[tuple[Event, tuple[Sealed, ...]]], sequence: int, previous_hash: str
) -> Iterator[Logged]:
    """The events as they follow the one with that sequence number and hash."""
    for event, sealed in events:
        sequence += 1
        unhashed = _unhashed(event, sealed, sequence, previous_hash)
        previous_hash = unhashed.computed_hash
        values = {name: getattr(unhashed, name) for name in _FIELDS}
        yield Logged(**values, hash=previous_hash, leaf=unhashed.computed_leaf)


_FIELDS = tuple(name for name in Logged.__dataclass_fields__ if name not in {"hash", "leaf"})


def _unhashed(
    event: Event, sealed: tuple[Sealed, ...], sequence: int, previous_hash: str
) -> Logged:
    doer = event.doer
    return Logged(
        sequence=sequence,
        at=event.at,
        actor=doer.name if doer.account_id is None else "",
        actor_account=doer.account_id,
        actor_state=doer.state,
        authentication=doer.authentication.value,
        action=event.action,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        before=event.before,
        after=event.after,
        reason=event.reason,
        evidence=event.evidence,
        sealed=sealed,
        previous_hash=previous_hash,
    )


def moment_text(at: dt.datetime) -> str:
    """A moment in UTC to the microsecond, always of the same length."""
    return at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8; only what every reader reads alike.

    Raises ``ValueError`` on floats, huge integers, keys that are no text, and what is not Unicode.
    """
    _refuse_ambiguous(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest(value: object) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _refuse_ambiguous(value: object) -> None:
    if value is None or isinstance(value, (str, bool)):
        return
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("a key that is no text cannot be hashed")
        for inner in value.values():
            _refuse_ambiguous(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_ambiguous(inner)
    elif not isinstance(value, int) or abs(value) > LARGEST:
        raise ValueError(f"{value!r} is not the same in every JSON reader and cannot be hashed")
