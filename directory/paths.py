"""Where the data that travels with the code lies: in the checkout, or in the installed wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def migrations_dir() -> Path:
    """The folder of Alembic's environment and of the migrations."""
    return _shipped("migrations")


def seed_data_dir() -> Path:
    """The folder of the reference data and of the real authorities."""
    return _shipped("seed_data")


def _shipped(name: str) -> Path:
    """The wheel's copy, else the checkout's; FileNotFoundError without either."""
    for candidate in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"{name} is missing: neither a complete wheel nor a checkout")
