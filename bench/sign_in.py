"""Signing in as a person would, to measure pages."""

import re
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from flask.testing import FlaskClient


def cookie_of(url: str, email: str, password: str) -> str:
    """The Cookie header of a new session."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    form = browser.open(f"{url}/sign-in").read().decode()
    browser.open(f"{url}/sign-in", urlencode(_fields(form, email, password)).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def sign_in(client: FlaskClient, email: str, password: str) -> None:
    """A browser without a server between signs in."""
    client.post("/sign-in", data=_fields(client.get("/sign-in").text, email, password))


def _fields(form: str, email: str, password: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    if found is None:
        raise RuntimeError("the sign-in page holds no form token")
    return {"email": email, "password": password, "csrf_token": found.group(1)}
