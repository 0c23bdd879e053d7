"""Accounts, their roles, how they sign in, and the tokens that act for them.

No secret is kept as given: passwords as argon2id, session ids, invitations and API tokens as
SHA-256 of 256 random bits, second-factor secrets encrypted.
"""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type
from directory.domain import vocabulary as words
from directory.domain.accounts import RequestKind, RequestOutcome
from directory.domain.events import Authentication
from directory.domain.sign_in import Factor


class Account(Base):
    """A person of one authority of one State, or of the secretariat (no State)."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_folded"),
        CheckConstraint(
            "(tf_primary_method is null) = (tf_totp_secret is null)",
            name="second_factor_is_whole",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Folded (trimmed, lower case); the name to sign in by.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    #: argon2id; '' until an invitation is accepted, and then no password fits.
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    #: Random; changes with the password, so that what was signed for it before is void.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    state_code: Mapped[str | None] = mapped_column(ForeignKey("state.code"), index=True)
    #: The person's authority, in words.
    authority: Mapped[str] = mapped_column(Text, default="")
    #: What that authority deals with; decides which audiences the account belongs to.
    cooperation_types: Mapped[list[str]]
    language: Mapped[str] = mapped_column(String(12), default="")
    #: Last day on which the account counts.
    ends_on: Mapped[dt.date | None]
    #: 'authenticator' once the second factor is set up.
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    #: The TOTP secret, encrypted under ``field_key``.
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)
    #: Time step of the last code used; no code is taken twice (RFC 6238 5.2).
    tf_last_step: Mapped[int | None]
    created_at: Mapped[dt.datetime]
    #: Made for a demonstration; lets nobody in elsewhere.
    demo: Mapped[bool] = mapped_column(default=False)
    #: Day on which somebody else last said that this person still belongs here. Whoever writes a
    #: row without it has not said so, and the account does not work.
    confirmed_on: Mapped[dt.date] = mapped_column(server_default="2000-01-01")
    #: When its owner first got a way to sign in; None while the invitation waits.
    accepted_at: Mapped[dt.datetime | None]


class AccountRole(Base):
    """A role an account has."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[words.Role] = mapped_column(enum_type(words.Role, "role"), primary_key=True)
    #: Last day of the role.
    ends_on: Mapped[dt.date | None]


class AccountRequest(Base):
    """What was asked for: an account, a role of one, a hand-over; and what officers said."""

    __tablename__ = "account_request"
    __table_args__ = (
        CheckConstraint("(outcome is null) = (decided_at is null)", name="decided_with_an_outcome"),
        CheckConstraint("needed between 0 and 2", name="needs_two_at_most"),
        CheckConstraint("replaces_id <> account_id", name="replaces_another"),
        Index(
            "uq_account_request_open",
            "account_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        Index("ix_account_request_outcome", "outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(enum_type(RequestKind, "request_kind"))
    role: Mapped[words.Role] = mapped_column(enum_type(words.Role, "role"))
    #: Last day of the role asked for.
    role_ends_on: Mapped[dt.date | None]
    #: A hand-over: whose role ends with it, and whether that account closes too.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    leaves: Mapped[bool] = mapped_column(default=False)
    #: None: the operator, at the command line.
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[dt.datetime]
    #: Officers who must agree beside the one who asked.
    needed: Mapped[int]
    #: Why the address deserves a harder look: [{"code": ..., "text": ...}].
    signs: Mapped[list[dict[str, Any]]]
    decided_at: Mapped[dt.datetime | None]
    outcome: Mapped[RequestOutcome | None] = mapped_column(
        enum_type(RequestOutcome, "request_outcome")
    )
    #: A hand-over takes effect when the successor has come in.
    handed_over_at: Mapped[dt.datetime | None]


class AccountApproval(Base):
    """One officer's word for a request; nobody gives two."""

    __tablename__ = "account_approval"

    request_id: Mapped[int] = mapped_column(ForeignKey("account_request.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    at: Mapped[dt.datetime]


class StateDomain(Base):
    """A domain that the e-mail addresses of a State's accounts lie in.

    It counts once a second officer has agreed, so that one stolen session opens no way in.
    """

    __tablename__ = "state_domain"
    __table_args__ = (CheckConstraint("agreed_by <> added_by", name="agreed_by_another"),)

    #: Folded; addresses below it count too. No two States share one.
    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"), index=True)
    #: None: the operator, at the command line.
    added_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[dt.datetime]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    agreed_at: Mapped[dt.datetime | None]


class Invitation(Base):
    """A single-use link with which an account chooses its password."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("ends_at > created_at", name="ends_after_it_began"),)

    #: SHA-256 of what the link holds, in hexadecimal.
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class LoginSession(Base):
    """A browser that is signed in, until it signs out, idles too long or the time is over."""

    __tablename__ = "login_session"
    __table_args__ = (CheckConstraint("ends_at > created_at", name="ends_after_it_began"),)

    #: SHA-256 of the id in the cookie, in hexadecimal.
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime] = mapped_column(index=True)
    revoked_at: Mapped[dt.datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    #: Address it began from: IPv4 whole, IPv6 as its /64.
    network: Mapped[str] = mapped_column(String(45), default="")
    #: How its owner signed in.
    method: Mapped[Authentication] = mapped_column(
        enum_type(Authentication, "method"), server_default="second_factor"
    )
    #: When its owner last showed a factor; grave acts need that to be minutes ago.
    factor_at: Mapped[dt.datetime | None]
    #: Minutes without use after which it ends.
    idle_minutes: Mapped[int] = mapped_column(default=60, server_default="60")
    #: Stays open for the night and only reads.
    duty_desk: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: SHA-256 of the value in the browser's device cookie; '' where that is not known.
    device_id: Mapped[str] = mapped_column(String(64), default="", server_default="")


class SignInFailure(Base):
    """A password or code that did not fit; counted to make the next guess wait."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_account_key_at", "account_key", "at"),
        Index("ix_sign_in_failure_network_at", "network", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    factor: Mapped[Factor] = mapped_column(enum_type(Factor, "factor"))
    #: Keyed hash of the address typed, whether or not there is such an account.
    account_key: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(45))
    at: Mapped[dt.datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A named key for programs; carries its owner's rights, narrowed to its scopes."""

    __tablename__ = "api_token"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="ends_after_it_began"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: First characters of the token, to tell tokens apart in lists.
    prefix: Mapped[str] = mapped_column(String(16))
    #: SHA-256 of the token, in hexadecimal.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    #: Permissions of ``policy.GRANTS``.
    scopes: Mapped[list[str]]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
