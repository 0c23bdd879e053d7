"""What a setting may be: the value that a text stands for, and what is wrong with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from directory.domain.notes import VerifierKey, decode_seed, refuse_name

#: Bytes of entropy are not visible; characters are. 32 random bytes in base64 give 43.
SHORTEST_SECRET = 32
#: Words of the values that people paste from examples. A random secret may hold one by chance, so
#: they are taken out and what is left must still be long.
WELL_KNOWN = ("changeme", "change-me", "secret", "default", "example", "password", "test", "dev")
LEAST_BESIDE_WORDS = 24
#: Different characters that a random secret has at least.
LEAST_DIFFERENT = 10
#: Databases the directory runs on, as their addresses begin.
DATABASES = ("sqlite:///", "postgresql+psycopg://")
#: Numbers that must not be nought.
AT_LEAST_ONE = frozenset(
    {
        "session_idle_minutes",
        "session_hours",
        "officer_retention_days",
        "officer_idle_minutes",
        "officer_session_hours",
        "duty_desk_idle_hours",
        "duty_desk_days",
        "pool_size",
        "hold_hours",
        "proposal_days",
        "review_hours_descriptive",
        "review_hours_substantive",
        "review_hours_critical",
        "review_hours_emergency",
        "smtp_port",
        "read_audit_days",
        "glass_minutes",
        "pack_days",
    }
)
#: Settings that take one of a few words.
CHOICES = {"smtp_tls": ("starttls", "tls", "none"), "search_engine": ("whoosh", "postgres")}


def convert(name: str, wanted: object, value: object) -> object:
    """The value as the setting of that name and type holds it; raises ``ValueError``."""
    if name == "database_url":
        return _database_url(str(value))
    if name in SECRETS | NEXT_SECRETS:
        return _named_secret(name, value)
    if name == "log_name":
        refuse_name(str(value))
    if wanted is bool:
        return _boolean(value)
    if wanted is int:
        return _whole_number(value, least=1 if name in AT_LEAST_ONE else 0)
    if name in CHOICES:
        return _choice(str(value), CHOICES[name])
    if wanted in {Path, Path | None}:
        return Path(str(value))
    if wanted == tuple[str, ...]:
        return _texts(name, value)
    return str(value)


def _texts(name: str, value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else str(value).split(",")
    texts = tuple(str(part).strip() for part in parts if str(part).strip())
    if name in EARLIER_SECRETS:
        return tuple(_secret(text) for text in texts)
    if name in {"checkpoint_public_keys", "pack_public_keys"}:
        return tuple(str(VerifierKey.parse(text)) for text in texts)
    if name == "mission_addresses":
        return tuple(_mission(text) for text in texts)
    return texts


SECRETS = frozenset({"session_key", "password_pepper", "field_key", "checkpoint_key"})
#: Secrets that need not be there: those used next, and the key of packs.
NEXT_SECRETS = frozenset({f"{name}_next" for name in SECRETS} | {"pack_key", "pack_key_next"})
EARLIER_SECRETS = frozenset(
    {"session_keys_earlier", "password_peppers_earlier", "field_keys_earlier"}
)


def _named_secret(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text; put it between quotation marks")  # noqa: TRY004 - told by name
    secret = _secret(value)
    if name.startswith(("checkpoint_key", "pack_key")):
        decode_seed(secret)
    return secret


def _secret(value: str) -> str:
    if len(value) < SHORTEST_SECRET:
        raise ValueError(
            f"shorter than {SHORTEST_SECRET} characters; make one with "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    if _looks_made_up(value):
        raise ValueError("looks like a default or a pattern; make a random one")
    return value


def shared_secrets(values: Mapping[str, Any]) -> list[str]:
    """Each secret is for one thing, so that one can be replaced, or lost, without the others."""
    owners: dict[str, str] = {}
    problems = []
    single = [(name, values[name]) for name in sorted((SECRETS | NEXT_SECRETS) & values.keys())]
    earlier = [(name, one) for name in sorted(EARLIER_SECRETS) for one in values.get(name, ())]
    for name, secret in [*single, *earlier]:
        owner = owners.setdefault(secret, name)
        if owner != name:
            problems.append(f"{name}: the same as {owner}; make one for each")
    return problems


def _looks_made_up(value: str) -> bool:
    """Words, or a repetition? A random secret meets none of this but once in 10^12 times."""
    beside_words = value.lower()
    for word in WELL_KNOWN:
        beside_words = beside_words.replace(word, "")
    only_words = not any(letter.isdigit() or letter.isupper() for letter in value)
    repeats = value in (value + value)[1:-1]
    return (
        only_words
        or repeats
        or len(beside_words) < LEAST_BESIDE_WORDS
        or len(set(value)) < LEAST_DIFFERENT
    )


def _database_url(value: str) -> str:
    # The address is not repeated: it may hold a password.
    if not value.startswith(DATABASES):
        raise ValueError(f"begins with none of {', '.join(DATABASES)}")
    return value


def _mission(value: str) -> str:
    state, _, address = value.partition("=")
    if not (len(state) == 2 and "@" in address):
        raise ValueError(f"'{value}' is not a State's code and an address, as in FR=m@example.org")
    return f"{state.upper()}={address}"


def _choice(value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(f"'{value}' is none of {', '.join(known)}")
    return value


def _boolean(value: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if str(value).lower() not in words:
        raise ValueError(f"'{value}' is neither true nor false")
    return words[str(value).lower()]


def _whole_number(value: object, least: int) -> int:
    text = str(value)
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise ValueError(f"'{value}' is not a whole number from {least} on")
    return int(text)
