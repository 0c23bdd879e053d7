"""The closed door: a route is refused unless it declares what it needs.

``@needs('entries:read')`` names a permission of ``policy.GRANTS``; ``@public`` opens a route to
everybody (sign-in, health). A test walks the URL map and fails on a route that declares nothing.
``@fresh`` beside it: the person must have shown a factor within five minutes; a program cannot.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request

from directory.errors import Denied, ReadOnly
from directory.policy import require
from directory.web.context import actor, parts

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
_ATTRIBUTE = "directory_needs"
_FILES = "directory_takes_files"
#: Who is to read must come in, and may leave.
_WAY_IN = frozenset({"security", "passkeys"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FRESH = "directory_needs_a_fresh_factor"
#: Stands for every act of a view.
ALWAYS: frozenset[str] = frozenset({"*"})
#: Largest body of a request with a file and a long form, in bytes; and most fields of a form.
LARGEST_UPLOAD = 16 * 1024 * 1024
LARGEST_FORM = 4 * 1024 * 1024
MOST_FIELDS = 20_000


def needs(permission: str) -> Callable[[View], View]:
    """Declare the permission a view (function or MethodView class) needs."""

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, permission)
        return view

    return declare


def public(view: View) -> View:
    """Declare a view open to everybody."""
    setattr(view, _ATTRIBUTE, PUBLIC)
    return view


def takes_files(view: View) -> View:
    """Declare that a view takes long forms with files, so that more is read than of others."""
    setattr(view, _FILES, True)
    return view


def refuse_change(asked: Request) -> None:
    """Raise ``ReadOnly`` for what would change something while nothing may be changed."""
    if asked.method in SAFE_METHODS or asked.endpoint is None:
        return
    if asked.blueprint in _WAY_IN:
        return
    reason = parts().read_only()
    if reason is not None:
        raise ReadOnly(reason)


def fresh(view: View) -> View:
    """Declare that a view needs a factor shown within five minutes (``step_up`` asks for it)."""
    setattr(view, _FRESH, ALWAYS)
    return view


def fresh_for(*acts: str) -> Callable[[View], View]:
    """The same for some of the acts that a view's address names (its part ``act``)."""

    def declare(view: View) -> View:
        setattr(view, _FRESH, frozenset(acts))
        return view

    return declare


def needs_fresh(app: Flask, endpoint: str, act: str = "") -> bool:
    """Does the endpoint need a fresh factor, for that act?"""
    declared: frozenset[str] = getattr(app.view_functions[endpoint], _FRESH, frozenset())
    return declared is ALWAYS or act in declared


def allow_body(app: Flask, asked: Request) -> None:
    """Before the body is read: let those views have more of it that declare so."""
    view = app.view_functions.get(asked.endpoint or "")
    if getattr(view, _FILES, False):
        asked.max_content_length = LARGEST_UPLOAD
        asked.max_form_memory_size = LARGEST_FORM
        asked.max_form_parts = MOST_FIELDS


def need_of(app: Flask, endpoint: str) -> str | None:
    """What the endpoint declares; None when it declares nothing."""
    view: Any = app.view_functions[endpoint]
    found: str | None = getattr(view, _ATTRIBUTE, None)
    if found is None:
        found = getattr(getattr(view, "view_class", None), _ATTRIBUTE, None)
    return found if found is not None else _DECLARED_ELSEWHERE.get(endpoint)


#: Views of libraries, which cannot carry our declaration.
_DECLARED_ELSEWHERE: dict[str, str] = {"static": PUBLIC}


def declare_endpoint(endpoint: str, need: str) -> None:
    """Declare what a library's view needs."""
    _DECLARED_ELSEWHERE[endpoint] = need


def check_door(app: Flask, asked: Request) -> None:
    """Before every request: refuse what is undeclared or not permitted."""
    endpoint = asked.endpoint
    if endpoint is None:
        # An unknown address is answered 404 to everybody who is inside, and by the door to others.
        if not actor().roles:
            raise Denied("entries:read")
        return
    need = need_of(app, endpoint)
    if need == PUBLIC:
        return
    if need is None:
        raise Denied("undeclared")
    require(actor(), need)
