"""The application itself: Flask, without what it does at every request for nobody here."""

from collections.abc import Callable
from typing import Any

from flask import Flask


class Site(Flask):
    """The directory as a Flask application."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: nothing here is a coroutine, so no function is asked whether it is one."""
        return func
