"""Settings: frozen, typed, read once at start from the environment and a file.

The start is refused on a missing, default or short secret and on an unknown key; every refusal is
one line that says how to mend it.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from typing import Any, Self

#: Every setting can be given as an environment variable with this prefix, in capitals.
PREFIX = "DIRECTORY_"
#: Names the settings file when it does not lie at the default place.
FILE_VARIABLE = "DIRECTORY_SETTINGS"
DEFAULT_FILE = Path("instance/settings.toml")
#: Bytes of entropy are not visible; characters are. 32 random bytes in base64 give 43.
SHORTEST_SECRET = 32
#: Values that people paste from examples.
WELL_KNOWN = ("changeme", "change-me", "secret", "default", "example", "password", "test", "dev")


class SettingsError(Exception):
    """The settings do not allow a start; the text says how to mend it, one line a problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. Those without a default must be given."""

    #: SQLAlchemy address: sqlite:///path or postgresql+psycopg://...
    database_url: str
    #: Signs session cookies and form tokens.
    session_key: str
    #: Hashes passwords together with their salt.
    password_pepper: str
    #: Encrypts second-factor secrets.
    field_key: str
    #: Folder of the search index; a cache that can be deleted at any time.
    index_dir: Path = Path("instance/index")
    #: Host names the directory answers to.
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    #: Accounts of a demonstration exist; every page says so, a password alone suffices.
    demo: bool = False
    #: Cookies only over HTTPS. Off only where the address is http://127.0.0.1.
    secure_cookies: bool = True
    #: Reverse proxies in front that set X-Forwarded-*.
    proxy_hops: int = 0
    #: Minutes after which an unused session ends, and hours after which any session ends.
    session_idle_minutes: int = 60
    session_hours: int = 12
    #: Address the secretariat can be written to.
    secretariat_contact: str = ""
    #: Connections kept to the database, per process.
    pool_size: int = 5

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the environment over the file; raises ``SettingsError`` with every problem found."""
        environment = os.environ if environ is None else environ
        path = Path(environment.get(FILE_VARIABLE) or DEFAULT_FILE)
        given, problems = _from_file(path, required=FILE_VARIABLE in environment)
        given |= {
            key.removeprefix(PREFIX).lower(): value
            for key, value in environment.items()
            if key.startswith(PREFIX) and key != FILE_VARIABLE
        }
        return cls.from_values(given, problems)

    @classmethod
    def from_values(cls, given: Mapping[str, Any], problems: list[str] | None = None) -> Self:
        """Check and convert plain values; raises ``SettingsError`` with every problem found."""
        problems = list(problems or ())
        known = {one.name: one for one in fields(cls)}
        problems += [_unknown(key, known) for key in given if key not in known]
        values: dict[str, Any] = {}
        for name, one in known.items():
            _read(name, one, given, values, problems)
        if problems:
            raise SettingsError(problems)
        return cls(**values)


def _from_file(path: Path, required: bool) -> tuple[dict[str, Any], list[str]]:
    if not path.exists():
        missing = f"settings file {path} is missing: create it or unset {FILE_VARIABLE}"
        return {}, [missing] if required else []
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return {}, [f"settings file {path} cannot be read: {error}"]
    if path.stat().st_mode & 0o077:
        return values, [f"settings file {path} is readable by others: chmod 600 {path}"]
    return values, []


def _unknown(key: str, known: Mapping[str, object]) -> str:
    return f"{key}: unknown setting; remove it or use one of {', '.join(sorted(known))}"


def _read(
    name: str,
    one: "Field[Any]",
    given: Mapping[str, Any],
    values: dict[str, Any],
    problems: list[str],
) -> None:
    variable = PREFIX + name.upper()
    if name not in given or given[name] == "":
        if one.default is MISSING:
            problems.append(f"{name}: missing; set {variable} or put it into the settings file")
        return
    try:
        values[name] = _convert(name, one.type, given[name])
    except ValueError as error:
        problems.append(f"{name}: {error}; mend {variable} or the settings file")


def _convert(name: str, wanted: object, value: object) -> object:
    if name in SECRETS:
        return _secret(str(value))
    if wanted is bool:
        return _boolean(value)
    if wanted is int:
        return _whole_number(value)
    if wanted is Path:
        return Path(str(value))
    if wanted == tuple[str, ...]:
        parts = value if isinstance(value, list) else str(value).split(",")
        return tuple(str(part).strip() for part in parts if str(part).strip())
    return str(value)


SECRETS = frozenset({"session_key", "password_pepper", "field_key"})


def _secret(value: str) -> str:
    if len(value) < SHORTEST_SECRET:
        raise ValueError(
            f"shorter than {SHORTEST_SECRET} characters; make one with "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    if any(word in value.lower() for word in WELL_KNOWN) or len(set(value)) < 10:
        raise ValueError("looks like a default or a pattern; make a random one")
    return value


def _boolean(value: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if str(value).lower() not in words:
        raise ValueError(f"'{value}' is neither true nor false")
    return words[str(value).lower()]


def _whole_number(value: object) -> int:
    text = str(value)
    if not text.isascii() or not text.isdigit():
        raise ValueError(f"'{value}' is not a whole number")
    return int(text)
