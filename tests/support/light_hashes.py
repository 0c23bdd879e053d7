"""Passwords of tests are hashed by argon2id with little memory: hundreds are, and none is real.

A hash names its own parameters, so that everything else is as in production. The parameters of
production are tried by tests that ask for ``full_hashes``.
"""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from directory.services import passwords

LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_FULL = (passwords._HASHER, passwords._NOBODYS_HASH)
_PARAMETERS = f"m={passwords.MEMORY_KIB},"


@pytest.fixture(scope="session", autouse=True)
def _light_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", LIGHT)
        nobodys = passwords._NOBODYS_HASH.replace(_PARAMETERS, "m=8,")
        assert nobodys != passwords._NOBODYS_HASH
        patch.setattr(passwords, "_NOBODYS_HASH", nobodys)
        yield


@pytest.fixture
def full_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as production does; asked for before any account is made."""
    hasher, nobodys = _FULL
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    monkeypatch.setattr(passwords, "_NOBODYS_HASH", nobodys)
