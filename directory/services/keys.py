"""The inventory of keys, and the steps in which one is replaced.

A step is a set of settings to write: whoever writes them (``directory keys``) starts the processes
anew. What is written is checked as a whole by ``Settings`` before it replaces anything.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.key_ring import KeyRing, key_name
from directory.domain.marks import N_
from directory.domain.notes import Signer
from directory.errors import InvalidState
from directory.models.account import Account
from directory.services.packs import signer_of
from directory.services.passwords import pepper_name
from directory.services.second_factors import secrets_by_tag, tag_of
from directory.settings import Settings

#: Settings to write; None takes one out.
Step = Mapping[str, str | list[str] | None]
SEED_BYTES = 32
#: Keys of which the public half is shown to others.
SIGNING = frozenset({"checkpoint", "pack"})


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the inventory: what it is for, what its loss costs, what its renewal costs."""

    name: str
    setting: str
    #: Setting with the earlier keys that are still taken.
    earlier: str
    use: str
    algorithm: str
    if_stolen: str


#: Every secret of the settings that can be replaced in steps. Others are in ``OTHERS``.
KEYS: dict[str, Key] = {
    one.name: one
    for one in (
        Key(
            "session",
            "session_key",
            "session_keys_earlier",
            N_(
                "signs session cookies, form tokens, invitations, links and codes of mails, and "
                "passkey challenges"
            ),
            "HMAC (itsdangerous; SHA-256 for links)",
            N_("forms and links can be forged; a session still needs its secret of 256 bits"),
        ),
        Key(
            "pepper",
            "password_pepper",
            "password_peppers_earlier",
            N_("keys password hashes, beside their salt"),
            "HMAC-SHA-512, then argon2id",
            N_("with a copy of the database, passwords can be guessed at the cost of argon2id"),
        ),
        Key(
            "field",
            "field_key",
            "field_keys_earlier",
            N_("encrypts second-factor secrets and recent look-ups in the database"),
            "AES-256-CTR, key by PBKDF2 (libpass)",
            N_(
                "with a copy of the database, one-time codes can be computed and recent "
                "look-ups read"
            ),
        ),
        Key(
            "checkpoint",
            "checkpoint_key",
            "checkpoint_public_keys",
            N_("signs checkpoints of the change log and sealed extracts"),
            "Ed25519",
            N_("a rewritten log can be signed; who holds earlier checkpoints still finds out"),
        ),
        Key(
            "pack",
            "pack_key",
            "pack_public_keys",
            N_("signs duty packs"),
            "Ed25519",
            N_("a desk can be given a false pack until it trusts the next key alone"),
        ),
    )
}
#: Secrets that others give out or that lie in the database -> where, and how they are replaced.
OTHERS: dict[str, str] = {
    "smime_key": N_("signs mails; a PEM file: replace both files, start the worker anew"),
    "smtp_password": N_("opens the mail server; given out by its operator"),
    "database_url": N_("may hold the database's password; change it there and here"),
    "person_key": N_("a table: seals each person's data in the log; destroyed to erase a person"),
    "api_token": N_("a table: only hashes; revoke with 'directory token revoke'"),
}


def ring_of(settings: Settings, key: Key) -> KeyRing:
    """The key with the others that are taken; of the checkpoint key the earlier ones are public."""
    earlier = () if _signs(key) else getattr(settings, key.earlier)
    return KeyRing(
        getattr(settings, key.setting), getattr(settings, f"{key.setting}_next"), earlier
    )


def _signs(key: Key) -> bool:
    """Is it a key pair, of which the public half is kept?"""
    return key.name in SIGNING


def _signer(settings: Settings, key: Key, secret: str) -> Signer | None:
    if not secret:
        return None
    if key.name == "pack":
        return signer_of(settings, secret)
    return Signer.from_seed(settings.log_name, secret)


def name_of(settings: Settings, key: Key, secret: str) -> str:
    """What the inventory calls a secret: never anything it could be guessed from."""
    if not _signs(key):
        return key_name(secret)
    signing = _signer(settings, key, secret)
    return signing.verifier.id.hex() if signing else "not set"


def new_key(settings: Settings, key: Key) -> Step:
    """Step 1: the next key, which every process takes from its next start on."""
    if ring_of(settings, key).coming:
        raise InvalidState(f"a next {key.name} key is there already: 'directory keys use'")
    made = base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode()
    return {f"{key.setting}_next": made}


def use_key(settings: Settings, key: Key) -> Step:
    """Step 2: the next key is used, the one before is still taken."""
    ring = ring_of(settings, key)
    if not ring.coming:
        raise InvalidState(f"there is no next {key.name} key: run 'directory keys new' first")
    before: list[str] = list(getattr(settings, key.earlier))
    return {
        key.setting: ring.coming,
        f"{key.setting}_next": None,
        key.earlier: [*_kept(settings, key, ring.current), *before] or None,
    }


def _kept(settings: Settings, key: Key, secret: str) -> list[str]:
    """What stays of a key that is replaced: of a key pair the public half; of none, nothing."""
    if not _signs(key):
        return [secret]
    signing = _signer(settings, key, secret)
    return [str(signing.verifier)] if signing else []


def drop_keys(session: Session, settings: Settings, key: Key) -> Step:
    """Step 3: the earlier keys are taken no more; raises ``InvalidState`` while one is needed."""
    if key.name == "checkpoint":
        raise InvalidState("public keys of earlier checkpoints stay: old checkpoints need them")
    needed = waits_for(session, settings, key)
    if needed:
        raise InvalidState(needed)
    return {key.earlier: None}


def waits_for(session: Session, settings: Settings, key: Key) -> str:
    """What still needs an earlier key, and what to do; '' when nothing does."""
    if key.name == "pepper" and (count := accounts_behind(session, settings.peppers)):
        return (
            f"{count} passwords were set under an earlier pepper and not used since: wait, or "
            "invite these accounts anew"
        )
    if key.name == "field" and (count := secrets_behind(session, settings.field_keys)):
        return f"{count} second factors need an earlier key: run 'directory keys renew'"
    return ""


def accounts_behind(session: Session, peppers: KeyRing) -> int:
    """How many passwords of open accounts were set under another pepper than the current one."""
    is_set = Account.password_hash != ""  # nosec B105 - the empty one is nobody's
    kept = select(Account.password_hash).where(Account.active, is_set)
    return sum(peppers.named(pepper_name(one)) != peppers.current for one in session.scalars(kept))


def secrets_behind(session: Session, keys: KeyRing) -> int:
    """How many second-factor secrets are encrypted under another key than the current one."""
    kept = select(Account.tf_totp_secret).where(Account.tf_totp_secret.is_not(None))
    tags = secrets_by_tag(keys)
    return sum(tags.get(tag_of(one or "")) != keys.current for one in session.scalars(kept))
