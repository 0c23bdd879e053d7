"""The application itself: Flask, without what it does at every request for nobody here."""

from collections.abc import Callable, Hashable, MutableMapping
from threading import RLock
from types import FunctionType
from typing import Any

from flask import Flask, Request, has_request_context
from flask.templating import Environment
from jinja2 import Template
from jinja2.runtime import Context, Macro
from werkzeug.routing import MapAdapter

from directory.search.latest import Latest
from directory.web.context import this_request

#: Names under which the directory is asked that are kept as read; it has one or two.
MOST_NAMES = 50

#: Addresses kept as built: thirty of the fifty of a page, those of its frame. Who asks by
#: methods that there are not must not fill the memory.
MOST_ADDRESSES = 500


def _text(said: str) -> str:
    """What the server took for Latin letters, as the text it is (PEP 3333)."""
    return said.encode("latin1").decode(errors="replace")


#: Where Jinja notes what a function wants of the template, and the note for how to escape.
_MARK = "jinja_pass_arg"
_TO_ESCAPE = getattr(Macro.__call__, _MARK)


def _is_of_every_page(values: dict[str, Any]) -> bool:
    """Is it the address of a page without more, or of a file beside the pages?"""
    return not values or (len(values) == 1 and type(values.get("filename")) is str)


class Calls(Context):
    """What a template calls; Jinja looks six times at each thing whether it wants the template."""

    def call(self, asked: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """Call it: a macro wants to know how to escape, a function what it is marked with.

        Jinja takes the end of an iteration inside it (``StopIteration``) for nothing; nothing that
        is called here ends so.
        """
        kind = type(asked)
        if kind is FunctionType:
            mark = asked.__dict__.get(_MARK)
        else:
            mark = _TO_ESCAPE if kind is Macro else asked
        if mark is _TO_ESCAPE:
            given = (self.eval_ctx, *given)
        elif mark is not None:
            return super().call(asked, *given, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return asked(*given, **named)


#: Seconds a page waits for the one before it; behind a very long one the short ones go on.
PATIENCE_SECONDS = 0.05
#: Taken by the page that is being made in this process.
TURN = RLock()


class Page(Template):
    """A page is made from its beginning to its end.

    Threads that make pages take turns after every millisecond, so that each has to wait for all of
    them to be done: the slowest hundredth waited a tenth longer.
    """

    def render(self, *given: Any, **named: Any) -> str:
        """As Jinja does, when it is this page's turn."""
        has_turn = TURN.acquire(timeout=PATIENCE_SECONDS)
        try:
            return super().render(*given, **named)
        finally:
            if has_turn:
                TURN.release()


class Templates(Environment):
    """Jinja as Flask sets it up."""

    context_class = Calls
    template_class = Page

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
        self._addresses: Latest[Hashable, str] = Latest(MOST_ADDRESSES)

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

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """As Flask builds it, which every page has done for its frame: once for all of them."""
        if not (_is_of_every_page(values) and has_request_context()) or endpoint[0] == ".":
            return super().url_for(endpoint, **values)
        asked = this_request().environ
        begins = (asked.get("SCRIPT_NAME"), asked["REQUEST_METHOD"])
        key = (begins, endpoint, values.get("filename"))
        return self._addresses.get(key, lambda: super(Site, self).url_for(endpoint, **values))

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
