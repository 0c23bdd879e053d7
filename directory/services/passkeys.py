"""Passkeys (WebAuthn): registered, used, taken away.

The ceremonies are py_webauthn's, which Flask-Security brings; its own pages are not used, because
they take the same answer again for a minute where a device keeps no count. Here every answer is
taken once, the owner's presence *and* identity (user verification) are always asked for, and every
refusal is one refusal for the caller and one reason in the operator's log.
"""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from directory.db.unit_of_work import UnitOfWork
from directory.domain.marks import N_
from directory.errors import Invalid, Problem
from directory.models.sign_in import Passkey, ProviderIdentity, RecoveryCode
from directory.services.challenges import Asking, is_ours, make_challenge, spend

#: Name of the directory on the owner's device.
PARTY_NAME = "Competent authorities"
#: Longest answer of a browser that is read; real ones have one or two thousand letters.
LONGEST_ANSWER = 20_000
LONGEST_NAME = 80
#: Passkeys of one account.
MOST_PASSKEYS = 20
#: Milliseconds a browser waits for its owner.
TIMEOUT = 240_000
REFUSED = N_("The passkey was not accepted. Try again, or sign in another way.")
#: Ways to reach a key that browsers know; others are not kept.
TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal", "cable"})
_VERIFIED = UserVerificationRequirement.REQUIRED

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Party:
    """The directory as browsers know it: its host name, and its address without a path."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Owner:
    """The account a passkey is for."""

    id: int
    email: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser sent, as far as it could be read."""

    plain: dict[str, Any]
    credential_id: str
    challenge: bytes


class _NotAccepted(Exception):
    """Why, for the operator's log."""


def request_options(asking: Asking, party: Party, at: dt.datetime) -> str:
    """What a browser is asked for one of its owner's passkeys with, as JSON.

    No account is named, so that the page tells nobody who has one.
    """
    options = generate_authentication_options(
        rp_id=party.host,
        challenge=make_challenge(asking, at),
        timeout=TIMEOUT,
        user_verification=_VERIFIED,
    )
    return str(options_to_json(options))


def creation_options(
    session: Session, account: Owner, asking: Asking, party: Party, at: dt.datetime
) -> str:
    """What a browser is asked for a new passkey with, as JSON; not on a device that has one."""
    known = session.scalars(select(Passkey).where(Passkey.account_id == account.id)).all()
    options = generate_registration_options(
        rp_id=party.host,
        rp_name=PARTY_NAME,
        user_name=account.email,
        user_id=_handle(known, account.id, asking.key).encode(),
        challenge=make_challenge(asking, at),
        timeout=TIMEOUT,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in known
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
    )
    return str(options_to_json(options))


def _handle(known: Sequence[Passkey], account_id: int, key: str) -> str:
    """The account's random name among passkeys: that of its first one."""
    if known:
        return known[0].user_handle
    return hmac.new(key.encode(), f"handle:{account_id}".encode(), hashlib.sha256).hexdigest()


def register_passkey(
    uow: UnitOfWork,
    account_id: int,
    given: str,
    name: str,
    asking: Asking,
    party: Party,
    at: dt.datetime,
) -> Passkey:
    """Keep a new passkey of the account; raises ``Invalid``."""
    known = uow.session.scalars(select(Passkey).where(Passkey.account_id == account_id)).all()
    if len(known) >= MOST_PASSKEYS:
        message = N_("There are %(limit)s passkeys already; take one away first.")
        raise Invalid([Problem("passkey", message, {"limit": MOST_PASSKEYS})])
    try:
        answer = _read(given)
        verified = _verified_registration(answer, asking, party, at)
        _refuse_known(uow.session, bytes_to_base64url(verified.credential_id))
        _take(uow, answer, at)
    except _NotAccepted as reason:
        raise _refusal(reason) from reason
    made = Passkey(
        account_id=account_id,
        credential_id=bytes_to_base64url(verified.credential_id),
        public_key=verified.credential_public_key,
        user_handle=_handle(known, account_id, asking.key),
        sign_count=verified.sign_count,
        name=plain_name(name),
        transports=_transports(answer),
        synced=verified.credential_backed_up,
        created_at=at,
    )
    uow.session.add(made)
    uow.session.flush()
    return made


def _refuse_known(session: Session, credential_id: str) -> None:
    known = select(Passkey.id).where(Passkey.credential_id == credential_id)
    if session.scalar(known) is not None:
        raise _NotAccepted("kept already")


def void_factors(uow: UnitOfWork, account_id: int) -> None:
    """Take away every passkey, recovery code and provider of an account that starts over."""
    for table in (Passkey, RecoveryCode, ProviderIdentity):
        uow.session.execute(delete(table).where(table.account_id == account_id))


def plain_name(typed: str) -> str:
    """What a passkey is called: one short line, 'Passkey' where nothing was typed."""
    words = " ".join(one for one in typed.split() if one.isprintable())
    return words[:LONGEST_NAME] or "Passkey"


def _verified_registration(
    answer: Answer, asking: Asking, party: Party, at: dt.datetime
) -> VerifiedRegistration:
    _check_challenge(answer, asking, at)
    try:
        return verify_registration_response(
            credential=answer.plain,
            expected_challenge=answer.challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as error:
        # Its parsers meet a stranger's bytes and refuse them with errors of many kinds.
        raise _NotAccepted(repr(error)) from error


def use_passkey(
    uow: UnitOfWork,
    given: str,
    asking: Asking,
    party: Party,
    at: dt.datetime,
    owner: int | None = None,
) -> Passkey:
    """The passkey that answered, its use written down; raises ``Invalid``.

    Anybody's at the door; inside it must be that of the account ``owner``.
    """
    try:
        answer = _read(given)
        _check_challenge(answer, asking, at)
        found = _known(uow.session, answer)
        _check_owner(found, owner)
        count = _verified_count(answer, found, party)
        _take(uow, answer, at)
        _count_use(uow, found, count, at)
    except _NotAccepted as reason:
        raise _refusal(reason) from reason
    return found


def _check_owner(found: Passkey, owner: int | None) -> None:
    if owner not in {None, found.account_id}:
        raise _NotAccepted("another account's passkey")


def _known(session: Session, answer: Answer) -> Passkey:
    wanted = Passkey.credential_id == answer.credential_id
    found = session.scalar(select(Passkey).where(wanted))
    if found is None:
        raise _NotAccepted("unknown credential")
    handle = answer.plain["response"].get("userHandle")
    if handle and _bytes(handle) != found.user_handle.encode():
        raise _NotAccepted("the handle is another account's")
    return found


def _verified_count(answer: Answer, found: Passkey, party: Party) -> int:
    try:
        verified = verify_authentication_response(
            credential=answer.plain,
            expected_challenge=answer.challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        # As above: whatever a parser says of bytes that are wrong.
        raise _NotAccepted(repr(error)) from error
    return verified.new_sign_count


def _count_use(uow: UnitOfWork, found: Passkey, count: int, at: dt.datetime) -> None:
    """Conditional on the count that was judged, so that of two copies of a key one is refused."""
    same = (Passkey.id == found.id, Passkey.sign_count == found.sign_count)
    written = uow.session.execute(
        update(Passkey)
        .where(*same)
        .values(sign_count=count, last_used_at=at)
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    )
    if written.scalar_one_or_none() is None:
        raise _NotAccepted("used by another at the same moment")


def _read(given: str) -> Answer:
    """What the browser sent; only the parts that are looked at before the library reads it all."""
    if len(given) > LONGEST_ANSWER:
        raise _NotAccepted("too long")
    try:
        plain = json.loads(given)
        client = json.loads(_bytes(plain["response"]["clientDataJSON"]))
        credential_id, challenge = plain["id"], _bytes(client["challenge"])
        crosses = client.get("crossOrigin", False)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _NotAccepted(repr(error)) from error
    if crosses:
        raise _NotAccepted("asked from within another site's page")
    if not isinstance(credential_id, str) or not isinstance(plain["response"], dict):
        raise _NotAccepted("not of the form of an answer")
    # No id holds a NUL, and PostgreSQL takes none.
    return Answer(plain, credential_id.replace("\0", ""), challenge)


def _bytes(text: str) -> bytes:
    try:
        return base64url_to_bytes(text)
    except (ValueError, TypeError) as error:
        raise _NotAccepted(repr(error)) from error


def _check_challenge(answer: Answer, asking: Asking, at: dt.datetime) -> None:
    if not is_ours(asking, answer.challenge, at):
        raise _NotAccepted("not a challenge of ours for this, or too old")


def _take(uow: UnitOfWork, answer: Answer, at: dt.datetime) -> None:
    if not spend(uow, answer.challenge, at):
        raise _NotAccepted("answered before")


def _transports(answer: Answer) -> list[str]:
    given = answer.plain["response"].get("transports")
    known = given if isinstance(given, list) else []
    return sorted(TRANSPORTS & {one for one in known if isinstance(one, str)})


def _refusal(reason: Exception) -> Invalid:
    log.warning("passkey_refused", reason=str(reason)[:300])
    return Invalid([Problem("passkey", REFUSED)])
