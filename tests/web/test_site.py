"""The application finds out under which name it was asked just as Flask does, only sooner."""

from typing import Any

import pytest
from flask import Flask, Request
from werkzeug.exceptions import SecurityError
from werkzeug.test import EnvironBuilder

from directory.web.site import MOST_NAMES, Site

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
