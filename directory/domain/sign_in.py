"""Rules of signing in: how often one may guess, what a password must be, how long one stays in."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from directory.domain.vocabulary import Role
from directory.errors import Problem


class Factor(StrEnum):
    """What was guessed."""

    PASSWORD = "password"  # nosec B105 - a word, not a secret
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Failure:
    """A guess that failed, as far as it matters to the attempt being judged."""

    factor: Factor
    same_account: bool
    same_network: bool
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures of a factor within ``WINDOW`` make the next guess wait."""

    factor: Factor
    same_account: bool
    same_network: bool
    failures: int

    def counts(self, failure: Failure) -> bool:
        """Does the failure count against this limit?"""
        return (
            failure.factor is self.factor
            and (failure.same_account or not self.same_account)
            and (failure.same_network or not self.same_network)
        )


WINDOW = dt.timedelta(minutes=15)

#: A code can only be guessed by who knows the password, so an account is never locked from outside
#: by its own limit; passwords are limited where they come from, and widely per account.
LIMITS = (
    Limit(Factor.PASSWORD, same_account=True, same_network=True, failures=5),
    Limit(Factor.PASSWORD, same_account=False, same_network=True, failures=60),
    Limit(Factor.PASSWORD, same_account=True, same_network=False, failures=100),
    Limit(Factor.CODE, same_account=True, same_network=False, failures=5),
)


def waits_until(
    factor: Factor, failures: Collection[Failure], now: dt.datetime
) -> dt.datetime | None:
    """The moment from which the factor may be tried again; None when it may be tried now."""
    moments = []
    for limit in LIMITS:
        counted = sorted(one.at for one in failures if limit.counts(one) and one.at > now - WINDOW)
        if limit.factor is factor and len(counted) >= limit.failures:
            moments.append(counted[-limit.failures] + WINDOW)
    return max(moments, default=None)


#: Characters of a password (ASVS 5.0 6.2.1 asks for 8, recommends 15).
SHORTEST_PASSWORD = 12
#: Longer ones only cost time to hash.
LONGEST_PASSWORD = 200


def password_problems(password: str, email: str) -> list[Problem]:
    """What speaks against a new password; empty when nothing does."""
    if len(password) < SHORTEST_PASSWORD:
        return [_length("Use at least %(limit)s characters.", SHORTEST_PASSWORD)]
    if len(password) > LONGEST_PASSWORD:
        return [_length("Use at most %(limit)s characters.", LONGEST_PASSWORD)]
    folded = password.casefold()
    is_own_name = email.partition("@")[0].casefold() in folded
    if is_own_name or len(set(folded)) < 5 or _is_of_context_words(folded, email.casefold()):
        return [Problem("password", "This password is too easy to guess; choose another one.")]
    return []


#: What guessers of this directory would begin with: its name, its roles, what a sign-in is called.
#: The parts of the owner's address are added (ASVS 5.0 6.1.2, 6.2.11).
CONTEXT_WORDS = (
    *("competent", "authorities", "authority", "directory", "national", "secretariat", "treaty"),
    *("reader", "focal", "point", "verifier", "administrator", "admin", "auditor"),
    *("password", "passphrase", "welcome", "letmein"),
)
#: Characters that a password must have beside context words.
BESIDE_CONTEXT = 8


def _is_of_context_words(folded: str, email: str) -> bool:
    """Is little left of the password without those words? Longer words are taken out first."""
    parts = [one for one in re.split(r"[^\w]+", email) if len(one) > 3]
    rest = folded
    for word in sorted((*CONTEXT_WORDS, *parts), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < BESIDE_CONTEXT


def _length(message: str, limit: int) -> Problem:
    return Problem("password", message, {"limit": limit})


#: A grave act needs a factor that was shown so recently (ASVS 5.0 7.5.3).
FRESH_FOR = dt.timedelta(minutes=5)


def is_fresh(factor_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Was a factor shown a short while ago?"""
    return factor_at is not None and dt.timedelta() <= now - factor_at < FRESH_FOR


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session may lie unused, and how long it lasts at all."""

    idle: dt.timedelta
    lasts: dt.timedelta


#: Whose sessions can change what others rely on.
OFFICERS = frozenset({Role.VERIFIER, Role.ADMINISTRATOR, Role.AUDITOR})


def limits_for(
    roles: Collection[Role], everybody: SessionLimits, officers: SessionLimits
) -> SessionLimits:
    """The limits of a new session: an officer's are the narrower of the two."""
    if not OFFICERS & set(roles):
        return everybody
    return SessionLimits(min(everybody.idle, officers.idle), min(everybody.lasts, officers.lasts))


def may_keep_a_duty_desk(roles: Collection[Role]) -> bool:
    """A session that stays open for the night is for those who look up, not for officers."""
    return bool(roles) and not OFFICERS & set(roles)


#: Recovery codes made at once; letters and digits of each, without those that look alike.
RECOVERY_CODES = 10
RECOVERY_CODE_LENGTH = 16
RECOVERY_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def plain_recovery_code(typed: str) -> str:
    """The code as it is kept: capitals without the dashes and spaces people put between them."""
    return "".join(one for one in typed.upper() if one in RECOVERY_LETTERS)


def is_recovery_code(typed: str) -> bool:
    """Does what was typed have the form of a recovery code? (Others are the application's.)"""
    plain = plain_recovery_code(typed)
    others = {one for one in typed.upper() if one not in RECOVERY_LETTERS}
    return len(plain) == RECOVERY_CODE_LENGTH and others <= {" ", "-"}
