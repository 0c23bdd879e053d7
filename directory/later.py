"""Libraries that few questions need, loaded when the first of them does.

A process that serves look-ups never sets a page or writes a workbook; with the libraries for it, a
fifth of what it loads, each start took longer and each directory more memory for nothing.
"""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module until something of it is asked for; each thing asked for is its own."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
