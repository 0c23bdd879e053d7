"""Sign-in by a provider of a State (OpenID Connect): what one is, and what it vouches for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_TEXTS = ("name", "issuer", "client_id", "client_secret")
_LISTS = ("second_factor_acr", "second_factor_amr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The provider of one State; it vouches for accounts of that State only.

    ``second_factor_acr`` and ``second_factor_amr`` are the words with which it says that a second
    factor was shown; without one of them the directory asks for its own.
    """

    state: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    second_factor_acr: frozenset[str] = frozenset()
    second_factor_amr: frozenset[str] = frozenset()

    def is_issuer_of(self, claims: Mapping[str, Any]) -> bool:
        """Does the token name this provider? What its address says of itself is not enough."""
        return str(claims.get("iss", "")).rstrip("/") == self.issuer.rstrip("/")

    def vouches_for_second_factor(self, claims: Mapping[str, Any]) -> bool:
        """Does the provider say that two factors were shown, in words agreed with it?"""
        used = claims.get("amr")
        methods = {one for one in used if isinstance(one, str)} if isinstance(used, list) else set()
        level = claims.get("acr")
        is_level = isinstance(level, str) and level in self.second_factor_acr
        return is_level or bool(self.second_factor_amr & methods)


def read_providers(plain: Mapping[str, Any]) -> dict[str, Provider]:
    """State -> its provider, from the tables of the file; raises ``ValueError``."""
    return {state: _provider(state, given) for state, given in plain.items()}


def _provider(state: str, given: Any) -> Provider:
    if not (len(state) == 2 and state.isascii() and state.isupper() and isinstance(given, dict)):
        raise ValueError(f"[{state}]: name each table after a State's code, as in [FR]")
    unknown = sorted(given.keys() - {*_TEXTS, *_LISTS})
    missing = [one for one in _TEXTS if not isinstance(given.get(one), str) or not given[one]]
    if unknown or missing:
        wrong = [*(f"remove {one}" for one in unknown), *(f"give {one}" for one in missing)]
        raise ValueError(f"[{state}]: {', '.join(wrong)}")
    address = urlsplit(given["issuer"])
    if address.scheme != "https" and address.hostname != "127.0.0.1":
        raise ValueError(f"[{state}]: the issuer must begin with https://")
    return Provider(
        state=state,
        **{one: given[one] for one in _TEXTS},
        second_factor_acr=frozenset(map(str, given.get("second_factor_acr", ()))),
        second_factor_amr=frozenset(map(str, given.get("second_factor_amr", ()))),
    )
