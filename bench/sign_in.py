"""Signing in as a person would, to measure pages."""

import re
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener


def cookie_of(url: str, email: str, password: str) -> str:
    """The Cookie header of a new session."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    form = browser.open(f"{url}/sign-in").read().decode()
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    if found is None:
        raise RuntimeError("the sign-in page holds no form token")
    given = {"email": email, "password": password, "csrf_token": found.group(1)}
    browser.open(f"{url}/sign-in", urlencode(given).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
