"""Rules of signing in: how often one may guess, and what a password must be."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

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
    if email.partition("@")[0].casefold() in folded or len(set(folded)) < 5:
        return [Problem("password", "This password is too easy to guess; choose another one.")]
    return []


def _length(message: str, limit: int) -> Problem:
    return Problem("password", message, {"limit": limit})
