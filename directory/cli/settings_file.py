"""Writing single settings into the settings file: as a whole or not at all, for its owner only."""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from directory.cli.frame import Exit, fail
from directory.settings import DEFAULT_FILE, FILE_VARIABLE, PREFIX, Settings

Value = str | list[str] | bool | None


def settings_path() -> Path:
    """The file that the settings come from."""
    return Path(os.environ.get(FILE_VARIABLE) or DEFAULT_FILE)


def write_settings(changes: Mapping[str, Value]) -> Path:
    """Put the changes into the settings file (None takes one out); gives its path.

    Ends with a line when a setting stands in the environment, which would win over the file, or
    when the file would not be one that the directory starts with.
    """
    path = settings_path()
    refuse_environment(changes)
    text = path.read_text("utf-8")
    changed = _changed(text, changes)
    expected = {key: one for key, one in tomllib.loads(text).items() if key not in changes}
    expected |= {key: one for key, one in changes.items() if one is not None}
    if _read(changed) != expected:
        fail(f"{path} is not of one setting a line: change it by hand", Exit.SETTINGS)
    _replace(path, changed)
    return path


def _read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def refuse_environment(changes: Mapping[str, Value]) -> None:
    """End with a line when one of the settings stands in the environment."""
    for name in changes:
        variable = PREFIX + name.upper()
        if variable in os.environ:
            fail(f"{variable} is set in the environment: set it in the file instead", Exit.SETTINGS)


def _changed(text: str, changes: Mapping[str, Value]) -> str:
    kept = [line for line in text.splitlines() if line.partition("=")[0].strip() not in changes]
    added = [f"{key} = {json.dumps(one)}" for key, one in changes.items() if one is not None]
    return "\n".join([*kept, *added]) + "\n"


def _replace(path: Path, text: str) -> None:
    """Write beside the file, check that the directory would start, then take its place."""
    unfinished = path.with_name(f".{path.name}.new")
    before = path.stat()
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if os.geteuid() == 0:
            os.chown(unfinished, before.st_uid, before.st_gid)
        Settings.from_env({**os.environ, FILE_VARIABLE: str(unfinished)})
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
