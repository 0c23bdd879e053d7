"""E-mail addresses of accounts: which are refused, and which deserve a harder look."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType

from directory.domain.marks import N_
from directory.domain.risks import skeleton
from directory.errors import Problem

#: The longest e-mail address, in characters (RFC 5321 4.5.3.1.3).
LONGEST_ADDRESS = 254
#: Letters of the shortest domain of which one wrong letter is a sign.
SHORTEST_TWIN = 8

_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([^@]+)")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{4,253}}$)({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])")


def address_problems(email: str) -> list[Problem]:
    """What is wrong with a folded address; letters that only look Latin are refused outright."""
    if not email.isascii():
        message = N_("Write the address in plain Latin letters; a domain in others as xn--….")
        return [Problem("email", message)]
    found = _ADDRESS.fullmatch(email)
    if not found or len(email) > LONGEST_ADDRESS or not _DOMAIN.fullmatch(found[1]):
        return [Problem("email", N_("Give an e-mail address."))]
    return []


def domain_problems(domain: str) -> list[Problem]:
    """What is wrong with a folded domain of a State's list."""
    if _DOMAIN.fullmatch(domain):
        return []
    return [Problem("domain", N_("Give a domain such as justice.example, in plain Latin letters."))]


def is_inside(domain: str, allowed: Iterable[str]) -> bool:
    """Is it one of the domains, or below one?"""
    return any(domain == one or domain.endswith(f".{one}") for one in allowed)


#: Why an address needs a harder look; ``%(text)s`` is what it is about.
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "no_domains": N_("No e-mail domains are agreed on for this State."),
        "outside": N_("The address lies in none of the State's e-mail domains: %(text)s"),
        "other_letters": N_("The domain is written in other letters: %(text)s"),
        "like_address": N_("It looks like the address of another account: %(text)s"),
        "like_domain": N_("The domain looks like another one: %(text)s"),
    }
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to look twice; ``SIGNS[code]`` with ``text`` says it."""

    code: str
    text: str = ""


def signs_of(
    email: str, state_domains: Iterable[str], addresses: Iterable[str], domains: Iterable[str]
) -> list[Sign]:
    """Why the address of somebody of that State deserves a harder look; none: it is plain.

    ``addresses`` are those of all accounts, ``domains`` those of all States.
    """
    allowed = tuple(state_domains)
    domain = email.rpartition("@")[2]
    signs = [] if allowed else [Sign("no_domains")]
    if allowed and not is_inside(domain, allowed):
        signs.append(Sign("outside", ", ".join(sorted(allowed))))
    return signs + look_alikes(email, addresses, domains)


def look_alikes(email: str, addresses: Iterable[str], domains: Iterable[str]) -> list[Sign]:
    """Signs that an address imitates one of those known, whole or by its domain."""
    domain = email.rpartition("@")[2]
    others = sorted(set(addresses) - {email})
    known = {*domains, *(one.rpartition("@")[2] for one in others)}
    same = [one for one in others if skeleton(one) == skeleton(email)]
    return [Sign("like_address", one) for one in same[:1]] + domain_look_alikes(domain, known)


def domain_look_alikes(domain: str, known: Iterable[str]) -> list[Sign]:
    """Signs that a domain imitates one of those known; one twin is enough to look twice."""
    others = sorted(set(known))
    signs = [Sign("other_letters", domain)] if "xn--" in domain else []
    if not is_inside(domain, others):
        twins = [one for one in others if _is_twin(_glance(domain), _glance(one))]
        signs += [Sign("like_domain", one) for one in twins[:1]]
    return signs


def _glance(domain: str) -> str:
    """A domain as it is read in passing: 'gov-xy.example' for 'gov.xy.example'."""
    return skeleton(domain).replace(".", "")


def _is_twin(one: str, other: str) -> bool:
    """The same, or one letter more, less or other; in short names that says nothing."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < SHORTEST_TWIN or len(longer) - len(shorter) > 1:
        return False
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    rest = shorter[same + 1 :] if len(shorter) == len(longer) else shorter[same:]
    return longer[same + 1 :] == rest
