"""Reading a hostile file in a process of its own, which bounds its memory and time.

The script is one of ours (``workbook_child``, ``pdf_child``); it gets the file on its standard
input and answers in JSON lines. It sees no environment, no settings and no database, and nothing of
the file reaches the command line. Whatever becomes of it, the serving process goes on.
"""

import json
import os
import subprocess  # nosec B404: a script of our own, by its full path
import sys
from pathlib import Path
from typing import Any


def child(name: str) -> str:
    """The path of a script of ours; not imported, for its libraries are of use to it alone."""
    return str(Path(__file__).with_name(f"{name}_child.py"))


class Exhausted(Exception):
    """The child needed more memory or time than it was given, or died."""


def told_by(script: str, content: bytes, patience: float) -> list[Any]:
    """What the script says of the file, within ``patience`` seconds; raises ``Exhausted``."""
    command = [sys.executable, "-I", "-X", "utf8", script]
    try:
        done = subprocess.run(  # nosec B603
            command,
            input=content,
            capture_output=True,
            timeout=patience,
            check=False,
            env={"PATH": os.defpath},
        )
    except subprocess.TimeoutExpired:
        raise Exhausted from None
    if done.returncode:
        raise Exhausted
    return [json.loads(line) for line in done.stdout.splitlines()]
