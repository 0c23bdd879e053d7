"""The application itself: Flask, without what it does at every request for nobody here."""

from collections.abc import Callable, Hashable, MutableMapping
from typing import Any

from flask import Flask, Request
from flask.templating import Environment
from werkzeug.routing import MapAdapter

from directory.search.latest import Latest

#: Names under which the directory is asked that are kept as read; it has one or two.
MOST_NAMES = 50


def _text(said: str) -> str:
    """What the server took for Latin letters, as the text it is (PEP 3333)."""
    return said.encode("latin1").decode(errors="replace")


class Templates(Environment):
    """Jinja as Flask sets it up."""

    def make_globals(self, given: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """In one mapping, as they are when a template is loaded; nothing is added later.

        Jinja looks through them at each import of macros, which a chain of mappings makes slow.
        """
        return {**self.globals, **(given or {})}


class Site(Flask):
    """The directory as a Flask application."""

    jinja_environment = Templates

    def __init__(self, name: str) -> None:
        super().__init__(name)
        #: What a request said of host and scheme -> the host, and how addresses begin there.
        self._names: Latest[Hashable, tuple[str, MapAdapter]] = Latest(MOST_NAMES)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: nothing here is a coroutine, so no function is asked whether it is one."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """As Flask makes it, which reads the name of the host three times at every request.

        Kept is only a name that was trusted, under the settings and with all else that was said.
        """
        if request is None:
            return super().create_url_adapter(None)
        said = self._said(request)
        known = self._names.find(said)
        if known is None:
            made = super().create_url_adapter(request)
            if made is not None:
                self._names.put(said, (request.host, made))
            return made
        request.trusted_hosts = self.config["TRUSTED_HOSTS"]
        request.host, like = known
        return MapAdapter(
            self.url_map,
            like.server_name,
            like.script_name,
            like.subdomain,
            like.url_scheme,
            _text(request.environ["PATH_INFO"]),
            request.environ["REQUEST_METHOD"],
            _text(request.environ["QUERY_STRING"]),
        )

    def _said(self, request: Request) -> Hashable:
        """All that the name is read from."""
        asked = request.environ
        return (
            asked.get("HTTP_HOST"),
            asked.get("SERVER_NAME"),
            asked.get("SERVER_PORT"),
            asked.get("SCRIPT_NAME"),
            asked["wsgi.url_scheme"],
            asked.get("HTTP_CONNECTION"),
            asked.get("HTTP_UPGRADE"),
            *(self.config["TRUSTED_HOSTS"] or ()),
        )
