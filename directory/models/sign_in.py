"""What people sign in with beside a password and a code: passkeys, recovery codes, providers.

Nothing here opens a door by itself: public keys are public, codes are kept as keyed hashes.
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type


class Passkey(Base):
    """A key pair of which the owner's device keeps the private half (WebAuthn)."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    #: Of the device's choosing, in base64url; at most 1023 bytes.
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    #: COSE key.
    public_key: Mapped[bytes]
    #: Random name of the account, the same for all its passkeys; says nothing about a person.
    user_handle: Mapped[str] = mapped_column(String(64))
    #: Grows with each use; 0 for ever where the device keeps no count.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    #: What the owner calls it.
    name: Mapped[str] = mapped_column(String(80))
    #: How the browser reaches it, e.g. 'internal', 'usb'.
    transports: Mapped[list[str]]
    #: Copied to the owner's other devices by their maker.
    synced: Mapped[bool]
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None]


class UsedChallenge(Base):
    """A challenge that was answered; no answer is taken twice."""

    __tablename__ = "used_challenge"

    #: SHA-256, in hexadecimal.
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)


class RecoveryCode(Base):
    """One of the codes on paper that stand in once for the authenticator application."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    #: Keyed hash, in hexadecimal.
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class RecoveryOutcome(StrEnum):
    """How a recovery ended."""

    APPROVED = "approved"
    REFUSED = "refused"


class Recovery(Base):
    """Somebody lost every way in: proofed anew by one officer, and then by another."""

    __tablename__ = "recovery"
    __table_args__ = (
        CheckConstraint("(outcome is null) = (closed_at is null)", name="closed_with_an_outcome"),
        CheckConstraint(
            "outcome <> 'approved' or closed_by <> opened_by", name="approved_by_another"
        ),
        CheckConstraint("opened_by <> account_id", name="opened_by_another"),
        Index(
            "uq_recovery_open",
            "account_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    opened_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[dt.datetime]
    #: How the first officer made sure of the person.
    proof: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[dt.datetime]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[dt.datetime | None]
    outcome: Mapped[RecoveryOutcome | None] = mapped_column(
        enum_type(RecoveryOutcome, "recovery_outcome")
    )
    #: How the second officer made sure, or why it was refused.
    second_proof: Mapped[str] = mapped_column(Text, default="", server_default="")


class KnownDevice(Base):
    """A browser an account has signed in from; a new one is told to its owner."""

    __tablename__ = "known_device"

    #: SHA-256 of the random value in the browser's cookie, in hexadecimal.
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    first_seen_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime] = mapped_column(index=True)


class ProviderIdentity(Base):
    """An account as the sign-in of its State (OpenID Connect) knows it."""

    __tablename__ = "provider_identity"
    __table_args__ = (
        Index("uq_provider_identity_issuer_subject", "issuer", "subject", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None]
