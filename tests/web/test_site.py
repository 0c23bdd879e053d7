"""The application finds out what Flask and Jinja find out, only sooner: the name under which it was
asked, addresses, and how a template calls things.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from flask import Flask, Request, render_template_string
from jinja2 import UndefinedError, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.exceptions import SecurityError
from werkzeug.routing import BuildError
from werkzeug.test import EnvironBuilder

from directory.web.site import MOST_NAMES, PATIENCE_SECONDS, TURN, Site

TRUSTED = ["directory.example", ".un.example"]
ASKED: dict[str, dict[str, Any]] = {
    "plain": {},
    "another address": {"PATH_INFO": "/a//b", "QUERY_STRING": "q=%C3%A9&r=1"},
    "letters of others": {"PATH_INFO": "/états".encode().decode("latin1")},
    "no letters at all": {"PATH_INFO": "/\xff", "QUERY_STRING": "\xff"},
    "empty": {"PATH_INFO": ""},
    "post": {"REQUEST_METHOD": "POST"},
    "port": {"HTTP_HOST": "directory.example:8443"},
    "standard port": {"HTTP_HOST": "directory.example:80"},
    "below": {"HTTP_HOST": "a.b.un.example"},
    "encrypted": {"wsgi.url_scheme": "https"},
    "mounted": {"SCRIPT_NAME": "/directory"},
    "another protocol": {"HTTP_CONNECTION": "upgrade", "HTTP_UPGRADE": "websocket"},
    "without a header": {"HTTP_HOST": None, "SERVER_NAME": "directory.example"},
}
FORGED = ("elsewhere.example", "directory.example.elsewhere.example", "un.example.", "a/b", "")


def _site(kind: type[Flask], trusted: list[str] | None) -> Flask:
    site = kind("site")
    site.config["TRUSTED_HOSTS"] = trusted
    return site


def _request(**said: Any) -> Request:
    environ = EnvironBuilder("/a", base_url="http://directory.example/").get_environ()
    merged = environ | said
    return Request({name: value for name, value in merged.items() if value is not None})


def _read(site: Flask, **said: Any) -> dict[str, Any]:
    """All that was made of it."""
    request = _request(**said)
    adapter = site.create_url_adapter(request)
    names = {name: value for name, value in vars(adapter).items() if name != "map"}
    return names | {"host": request.host, "trusted": request.trusted_hosts}


@pytest.mark.parametrize("trusted", [None, TRUSTED])
@pytest.mark.parametrize("host", FORGED)
def test_a_name_that_is_not_ours_is_refused_each_time(trusted: list[str] | None, host: str) -> None:
    site, flask = _site(Site, trusted), _site(Flask, trusted)
    for _ in range(2):
        _read(site)
        if trusted is None:
            assert _read(site, HTTP_HOST=host) == _read(flask, HTTP_HOST=host)
        else:
            with pytest.raises(SecurityError):
                _read(site, HTTP_HOST=host)


def test_a_name_is_trusted_no_longer_than_the_settings_say() -> None:
    site = _site(Site, TRUSTED)
    _read(site)
    site.config["TRUSTED_HOSTS"] = ["other.example"]
    with pytest.raises(SecurityError):
        _read(site)


@pytest.mark.parametrize(
    ("trusted", "more"),
    [(None, {"capitals": {"HTTP_HOST": "DIRECTORY.example"}}), (TRUSTED, {})],
    ids=["any", "ours"],
)
def test_whatever_is_said_is_read_as_flask_reads_it(
    trusted: list[str] | None, more: dict[str, dict[str, Any]]
) -> None:
    site, flask = _site(Site, trusted), _site(Flask, trusted)
    for _ in range(2):
        for name, said in (ASKED | more).items():
            assert _read(site, **said) == _read(flask, **said), name


def test_no_more_names_are_kept_than_the_bound() -> None:
    site = Site("site")
    site.config["TRUSTED_HOSTS"] = None
    for number in range(MOST_NAMES + 10):
        _read(site, HTTP_HOST=f"h{number}.example")
    assert len(site._names._kept) == MOST_NAMES


#: What an address is built of: plain ones are kept as built, the others are built each time.
BUILT: list[tuple[str, dict[str, Any]]] = [
    ("show", {}),
    ("show", {"code": "FR"}),
    ("show", {"code": "FR", "q": "a b&c"}),
    ("show", {"q": "a b&c", "code": "FR"}),
    ("show", {"code": "FR", "page": 1}),
    ("show", {"code": "FR", "page": True}),
    ("show", {"code": "FR", "page": "1"}),
    ("show", {"code": "FR", "page": None}),
    ("show", {"code": "FR", "lang": ["en", "fr"]}),
    ("show", {"code": "FR", "_anchor": "names"}),
    ("show", {"code": "FR", "_external": True}),
    ("show", {"code": "FR", "_scheme": "https", "_external": True}),
    ("show", {"filename": "a b.css"}),
    ("show", {"filename": "a b.css", "code": "FR"}),
    ("static", {"filename": "a b.css"}),
    ("show", {"_anchor": "names"}),
    ("show", {"_external": True}),
    ("act", {"code": "FR"}),
    ("both", {}),
    ("act", {"code": "FR", "_method": "POST"}),
    (".show", {"code": "FR"}),
]
UNDER: list[dict[str, Any]] = [
    {},
    {"SCRIPT_NAME": "/directory"},
    {"REQUEST_METHOD": "POST"},
    {"HTTP_HOST": "b.un.example"},
]


def _with_addresses(kind: type[Flask]) -> Flask:
    site = _site(kind, None)
    site.add_url_rule("/", "show")
    site.add_url_rule("/<code>", "show")
    site.add_url_rule("/<code>/read", "act", methods=["GET"])
    site.add_url_rule("/<code>/act", "act", methods=["POST"])
    site.add_url_rule("/a", "both", methods=["GET"])
    site.add_url_rule("/b", "both", methods=["POST"])
    return site


def test_addresses_kept_are_those_that_flask_builds() -> None:
    site, flask = _with_addresses(Site), _with_addresses(Flask)
    for _ in range(2):
        for said in UNDER:
            for endpoint, values in BUILT:
                built = []
                for one in (site, flask):
                    with one.request_context(_request(**said).environ):
                        built.append(one.url_for(endpoint, **values))
                assert built[0] == built[1], (said, endpoint, values)


def test_an_address_that_cannot_be_built_is_refused_each_time() -> None:
    site = _with_addresses(Site)
    for _ in range(2):
        with site.request_context(_request().environ), pytest.raises(BuildError):
            site.url_for("elsewhere", code="FR")


@pass_context
def _title(context: Context) -> str:
    return str(context["title"])


def _plain(text: str) -> str:
    return f"<{text}>"


class _Named:
    def __call__(self, text: str) -> str:
        return f"<{text}>"

    def said(self, text: str) -> Markup:
        return Markup("<b>{}</b>").format(text)


#: All that a template of ours may call: macros with their caller, functions marked and not, methods
#: and things that can be called.
CALLING = """
{%- macro cell(text, wide=false) -%}
  <td>{{ text }}{{ wide }}{{ caller() if caller else "" }}</td>
{%- endmacro -%}
{{ cell("<") }}{{ cell("a", wide=true) }}{% call cell("b") %}c{% endcall %}
{% set title = "outer" %}{{ title_here() }}
{% for title in ["x", "y"] %}
  {{ title_here() }}{{ cell(title) }}{{ loop.cycle("1", "2") }}
{% endfor %}
{{ plain("<i>") }}{{ named("i") }}{{ named.said("<") }}{{ kind("7") + 1 }}{{ "a".upper() }}
{% autoescape false %}{{ cell("<") }}{% endautoescape %}
"""


def test_templates_call_what_jinja_would_call() -> None:
    rendered = []
    for kind in (Site, Flask):
        site = _site(kind, None)
        named = _Named()
        site.jinja_env.globals.update(title_here=_title, plain=_plain, named=named, kind=int)
        with site.app_context():
            rendered.append(render_template_string(CALLING, title="given"))
    assert rendered[0] == rendered[1]
    assert "<td>&lt;False</td>" in rendered[0]


def test_a_template_that_calls_nothing_fails_as_in_jinja() -> None:
    with _site(Site, None).app_context(), pytest.raises(UndefinedError):
        render_template_string("{{ nothing_here() }}")


def test_a_page_does_not_wait_for_a_long_one_for_ever() -> None:
    held, go_on = Event(), Event()

    def long() -> str:
        held.set()
        assert go_on.wait(10)
        return "long"

    site = _site(Site, None)
    with site.app_context():
        slow = site.jinja_env.from_string("{{ long() }}")
        swift = site.jinja_env.from_string("{{ 'swift' }}")
        with ThreadPoolExecutor(1) as elsewhere:
            made = elsewhere.submit(slow.render, long=long)
            assert held.wait(10)
            assert swift.render() == "swift"
            assert not made.done()
            go_on.set()
            assert made.result(10) == "long"


def test_a_page_that_fails_gives_up_its_turn() -> None:
    site = _site(Site, None)
    with site.app_context(), ThreadPoolExecutor(1) as elsewhere:
        with pytest.raises(UndefinedError):
            site.jinja_env.from_string("{{ nothing_here() }}").render()
        assert elsewhere.submit(TURN.acquire, timeout=0).result(10)
        elsewhere.submit(TURN.release).result(10)


def test_a_page_within_a_page_waits_for_nothing() -> None:
    site = _site(Site, None)
    with site.app_context():
        inner = site.jinja_env.from_string("inner")
        begun = time.monotonic()
        for _ in range(100):
            assert site.jinja_env.from_string("{{ part() }}").render(part=inner.render) == "inner"
        assert time.monotonic() - begun < 100 * PATIENCE_SECONDS
