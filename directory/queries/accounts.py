"""Who is at the door, and who could be: sessions, tokens, accounts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Boolean, Connection, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from directory.db.base import UtcDateTime
from directory.db.commits import LastCommit
from directory.db.reader import LateConnection, Reader, connection_of, dialect_of
from directory.db.swift import SwiftSelect
from directory.domain.accounts import confirmed_since
from directory.domain.events import Authentication
from directory.domain.sign_in import is_fresh
from directory.domain.vocabulary import CooperationType, Role
from directory.errors import Denied, NotFound
from directory.models.account import Account, AccountRole, ApiToken, Invitation, LoginSession
from directory.policy import DUTY_DESK, SYSTEM, Actor
from directory.queries.moments import MOMENT, Moment, moment_in
from directory.search.latest import Latest
from directory.services.secrets import hash_secret


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in. ``session_id`` is what the database knows it by."""

    actor: Actor
    session_id: str
    last_seen_at: dt.datetime
    language: str
    demo: bool
    #: When its owner last showed a factor.
    factor_at: dt.datetime | None
    duty_desk: bool
    #: How the directory stood when the session was looked up.
    moment: Moment


@dataclass(frozen=True, slots=True)
class TokenInUse:
    """A program that showed a token that counts."""

    actor: Actor
    token_id: int
    last_used_at: dt.datetime | None
    expires_at: dt.datetime
    #: How the directory stood when the token was looked up.
    moment: Moment


@dataclass(frozen=True, slots=True)
class _KnownToken:
    """The rows of a token as the driver gave them, and what they mean."""

    rows: Sequence[Sequence[Any]]
    token: TokenInUse
    #: When it was read: the newest commit then, where they are counted, and the day.
    read_at: tuple[LastCommit | None, dt.date]

    def counts(self, commit: LastCommit | None, now: dt.datetime) -> bool:
        """Is it known to count now, without asking for its rows again?

        Days end what an account and its roles are; hours end a token; all else takes a commit.
        """
        is_as_read = commit is not None and self.read_at == (commit, now.date())
        return is_as_read and now < self.token.expires_at


#: Tokens whose meaning is kept, of about 2 KB each.
_MOST_TOKENS = 200
#: The database's kind, the hash of the token, and whether accounts of the demonstration open
#: anything -> its rows when it was last shown.
_tokens: Latest[tuple[str, str, bool], _KnownToken] = Latest(_MOST_TOKENS)


@dataclass(frozen=True, slots=True)
class SignInFacts:
    """What signing in needs to know of an account."""

    id: int
    email: str
    password_hash: str
    uniquifier: str
    second_factor: str | None
    totp_secret: str | None
    demo: bool


_NOW = bindparam("now", type_=UtcDateTime())
_COUNTS = and_(
    Account.active,
    or_(Account.ends_on.is_(None), Account.ends_on >= bindparam("today")),
    Account.confirmed_on >= bindparam("confirmed_since"),
    # A demonstration's accounts have passwords that others know: they open nothing elsewhere.
    or_(Account.demo.is_(False), bindparam("demo_allowed", type_=Boolean())),
)
_ROLE_COUNTS = and_(
    AccountRole.account_id == Account.id,
    or_(AccountRole.ends_on.is_(None), AccountRole.ends_on >= bindparam("today")),
)
_ACTOR_COLUMNS = (Account.email, Account.state_code, Account.cooperation_types, AccountRole.role)

# One row for each role: session or token, account and roles come in a single statement. Whose last
# role ended has no row, and is a stranger at once.
_BY_SESSION = SwiftSelect(
    select(
        Account.id,
        *_ACTOR_COLUMNS,
        LoginSession.id.label("session_id"),
        LoginSession.last_seen_at,
        LoginSession.method,
        LoginSession.factor_at,
        LoginSession.idle_minutes,
        LoginSession.duty_desk,
        Account.language,
        Account.demo,
        *MOMENT,
    )
    .join(LoginSession, LoginSession.account_id == Account.id)
    .join(AccountRole, _ROLE_COUNTS)
    .where(
        LoginSession.id == bindparam("key"),
        LoginSession.revoked_at.is_(None),
        LoginSession.ends_at > _NOW,
        _COUNTS,
    )
)
_BY_TOKEN = SwiftSelect(
    select(
        Account.id,
        *_ACTOR_COLUMNS,
        ApiToken.id.label("token_id"),
        ApiToken.last_used_at,
        ApiToken.expires_at,
        ApiToken.scopes,
        *MOMENT,
    )
    .join(ApiToken, ApiToken.account_id == Account.id)
    .join(AccountRole, _ROLE_COUNTS)
    .where(
        ApiToken.token_hash == bindparam("key"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > _NOW,
        _COUNTS,
    )
)


def find_session(
    connection: Connection, session_id: str, now: dt.datetime, demo: bool
) -> SignedIn | None:
    """The session with the hashed id, if it still counts. One statement."""
    rows = _BY_SESSION.all(connection, _given(session_id, now, demo))
    if not rows:
        return None
    first = rows[0]
    if now - first.last_seen_at >= dt.timedelta(minutes=first.idle_minutes):
        return None
    return SignedIn(
        actor=replace(
            _actor(rows, DUTY_DESK if first.duty_desk else None, first.method),
            is_fresh=is_fresh(first.factor_at, now),
        ),
        session_id=first.session_id,
        last_seen_at=first.last_seen_at,
        language=first.language,
        demo=first.demo,
        factor_at=first.factor_at,
        duty_desk=first.duty_desk,
        moment=moment_in(first),
    )


def find_token(reader: Reader, token: str, now: dt.datetime, demo: bool) -> TokenInUse | None:
    """The token as shown by the program, if it still counts. One statement at most.

    The database is asked each time: for its newest commit where it counts them, else for the rows.
    What the rows mean is not worked out again while they read the same.
    """
    key = (dialect_of(reader).name, hash_secret(token), demo)
    known = _tokens.find(key)
    commit = reader.last_commit() if isinstance(reader, LateConnection) else None
    if known is not None and known.counts(commit, now):
        return known.token
    connection = connection_of(reader)
    rows = _BY_TOKEN.raw(connection, _given(key[1], now, demo))
    if not rows:
        return None
    if known is not None and known.rows == rows:
        found = known.token
    else:
        found = _token_in_use(_BY_TOKEN.made(connection, rows))
    _tokens.put(key, _KnownToken(rows, found, (commit, now.date())))
    return found


def _token_in_use(rows: Sequence[Any]) -> TokenInUse:
    first = rows[0]
    actor = _actor(rows, frozenset(first.scopes), Authentication.TOKEN)
    return TokenInUse(actor, first.token_id, first.last_used_at, first.expires_at, moment_in(first))


def find_actors(
    session: Session, account_ids: Sequence[int], now: dt.datetime, demo: bool
) -> dict[int, Actor]:
    """Those of the accounts that count now, as the directory itself works for them."""
    statement = (
        select(Account.id, *_ACTOR_COLUMNS)
        .outerjoin(AccountRole, _ROLE_COUNTS)
        .where(Account.id.in_(account_ids), _COUNTS)
        .order_by(Account.id)
    )
    given = counting(now.date(), demo)
    rows: dict[int, list[Any]] = {}
    for row in session.execute(statement, given):
        rows.setdefault(row.id, []).append(row)
    return {id_: _actor(found, None, Authentication.SYSTEM) for id_, found in rows.items()}


def _given(key: str, now: dt.datetime, demo: bool) -> dict[str, Any]:
    return {"key": key, "now": now, **counting(now.date(), demo)}


def counting(today: dt.date, demo: bool) -> dict[str, Any]:
    """What the rule that an account counts on a day is filled in with."""
    since = confirmed_since(today)
    return {"today": today, "confirmed_since": since, "demo_allowed": demo}


def _actor(
    rows: Sequence[Any], scopes: frozenset[str] | None, authentication: Authentication
) -> Actor:
    first = rows[0]
    return Actor(
        name=first.email,
        account_id=first.id,
        state=first.state_code or "",
        roles=frozenset(row.role for row in rows),
        cooperation_types=frozenset(CooperationType(code) for code in first.cooperation_types),
        scopes=scopes,
        authentication=authentication,
    )


def find_to_sign_in(
    session: Session,
    now: dt.datetime,
    demo: bool,
    *,
    email: str | None = None,
    uniquifier: str | None = None,
    account_id: int | None = None,
) -> SignInFacts | None:
    """The account that may sign in with this (folded) address, uniquifier or number."""
    if account_id is not None:
        which = Account.id == account_id
    else:
        which = Account.email == email if email is not None else Account.fs_uniquifier == uniquifier
    found = session.execute(
        select(Account).where(which, _COUNTS, exists().where(_ROLE_COUNTS)),
        counting(now.date(), demo),
    ).scalar_one_or_none()
    if found is None:
        return None
    return SignInFacts(
        found.id,
        found.email,
        found.password_hash,
        found.fs_uniquifier,
        found.tf_primary_method,
        found.tf_totp_secret,
        found.demo,
    )


def language_of(session: Session, account_id: int) -> str:
    """The language kept with the account; '' where none was chosen."""
    return session.scalar(select(Account.language).where(Account.id == account_id)) or ""


def roles_of(session: Session, account_id: int, today: dt.date) -> frozenset[Role]:
    """The roles the account has on that day."""
    counts = or_(AccountRole.ends_on.is_(None), AccountRole.ends_on >= today)
    mine = AccountRole.account_id == account_id
    return frozenset(session.scalars(select(AccountRole.role).where(mine, counts)))


def invited_email(session: Session, secret: str, now: dt.datetime) -> str:
    """Address of the account an unused invitation is for; raises ``NotFound``.

    Also where the account ended meanwhile: nobody sets up a way into what is closed.
    """
    found = session.scalar(
        select(Account.email)
        .join(Invitation, Invitation.account_id == Account.id)
        .where(
            Invitation.id == hash_secret(secret),
            Invitation.used_at.is_(None),
            Invitation.ends_at > now,
            _COUNTS,
            exists().where(_ROLE_COUNTS),
        ),
        counting(now.date(), demo=True),
    )
    if found is None:
        raise NotFound("invitation", "")
    return found


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """An account in a list."""

    email: str
    state: str
    authority: str
    roles: tuple[Role, ...]
    active: bool
    ends_on: dt.date | None
    second_factor: bool
    demo: bool


@dataclass(frozen=True, slots=True)
class TokenSummary:
    """A token in a list; the token itself is not known any more."""

    id: int
    prefix: str
    email: str
    name: str
    scopes: tuple[str, ...]
    created_at: dt.datetime
    expires_at: dt.datetime
    last_used_at: dt.datetime | None
    revoked_at: dt.datetime | None


def list_accounts(actor: Actor, session: Session) -> tuple[AccountSummary, ...]:
    """All accounts by address; for the system itself (the command line)."""
    if actor is not SYSTEM:
        raise Denied("accounts:read")
    roles: dict[int, list[Role]] = {}
    for account_id, role in session.execute(
        select(AccountRole.account_id, AccountRole.role).order_by(AccountRole.role)
    ):
        roles.setdefault(account_id, []).append(role)
    accounts = session.scalars(select(Account).order_by(Account.email))
    return tuple(_summary(account, roles.get(account.id, ())) for account in accounts)


def _summary(account: Account, roles: Iterable[Role]) -> AccountSummary:
    return AccountSummary(
        email=account.email,
        state=account.state_code or "",
        authority=account.authority,
        roles=tuple(roles),
        active=account.active,
        ends_on=account.ends_on,
        second_factor=account.tf_totp_secret is not None,
        demo=account.demo,
    )


def list_tokens(actor: Actor, session: Session) -> tuple[TokenSummary, ...]:
    """The actor's own tokens, newest first; the system sees those of all accounts."""
    statement = select(ApiToken, Account.email).join(Account).order_by(ApiToken.id.desc())
    if actor is not SYSTEM:
        statement = statement.where(ApiToken.account_id == actor.account_id)
    return tuple(
        TokenSummary(
            token.id,
            token.prefix,
            email,
            token.name,
            tuple(token.scopes),
            token.created_at,
            token.expires_at,
            token.last_used_at,
            token.revoked_at,
        )
        for token, email in session.execute(statement)
    )


def has_accounts_beyond_demo(session: Session) -> bool:
    """Is there an account that no demonstration made? A doctor's question; no actor."""
    return session.scalar(select(Account.id).where(Account.demo.is_(False)).limit(1)) is not None
