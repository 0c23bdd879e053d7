"""The scoring rules of the HTTP Observatory (Mozilla, MDN), offline.

Names and modifiers are those of its published score table (mdn/mdn-http-observatory,
``src/grader/charts.js``, read in November 2026); the rules here are written anew for what a page of
ours can answer. What a scan would need the network for is assumed as the manual asks for it: the
proxy in front serves no plain HTTP but a redirect to the same host, and the host is not on a
browser's preload list.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie

#: Result -> what it adds to the hundred points everybody begins with.
MODIFIERS: dict[str, int] = {
    "csp-implemented-with-no-unsafe-default-src-none": 10,
    "csp-implemented-with-no-unsafe": 5,
    "csp-implemented-with-unsafe-inline-in-style-src-only": 0,
    "csp-implemented-with-insecure-scheme-in-passive-content-only": -10,
    "csp-implemented-with-unsafe-eval": -10,
    "csp-implemented-with-unsafe-inline": -20,
    "csp-implemented-with-insecure-scheme": -20,
    "csp-header-invalid": -25,
    "csp-not-implemented": -25,
    "cookies-secure-with-httponly-sessions-and-samesite": 5,
    "cookies-secure-with-httponly-sessions": 0,
    "cookies-not-found": 0,
    "cookies-without-secure-flag": -20,
    "cookies-samesite-flag-invalid": -20,
    "cookies-session-without-httponly-flag": -30,
    "cookies-session-without-secure-flag": -40,
    "cross-origin-resource-sharing-not-implemented": 0,
    "cross-origin-resource-sharing-implemented-with-public-access": 0,
    "cross-origin-resource-sharing-implemented-with-restricted-access": 0,
    "cross-origin-resource-sharing-implemented-with-universal-access": -50,
    "redirection-to-https": 0,
    "referrer-policy-private": 5,
    "referrer-policy-not-implemented": 0,
    "referrer-policy-unsafe": -5,
    "referrer-policy-header-invalid": -5,
    "hsts-implemented-max-age-at-least-six-months": 0,
    "hsts-implemented-max-age-less-than-six-months": -10,
    "hsts-not-implemented": -20,
    "hsts-header-invalid": -20,
    "sri-not-implemented-response-not-html": 0,
    "sri-not-implemented-but-no-scripts-loaded": 0,
    "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": 0,
    "sri-not-implemented-but-external-scripts-loaded-securely": -5,
    "sri-not-implemented-and-external-scripts-not-loaded-securely": -50,
    "x-content-type-options-nosniff": 0,
    "x-content-type-options-not-implemented": -5,
    "x-content-type-options-header-invalid": -5,
    "x-frame-options-implemented-via-csp": 5,
    "x-frame-options-sameorigin-or-deny": 0,
    "x-frame-options-not-implemented": -20,
    "x-frame-options-header-invalid": -20,
    "cross-origin-resource-policy-implemented-with-same-origin": 10,
    "cross-origin-resource-policy-implemented-with-same-site": 10,
    "cross-origin-resource-policy-implemented-with-cross-origin": 0,
    "cross-origin-resource-policy-not-implemented": 0,
    "cross-origin-resource-policy-header-invalid": -5,
}
#: Least score -> grade.
GRADES = (
    (100, "A+"),
    (90, "A"),
    (85, "A-"),
    (80, "B+"),
    (70, "B"),
    (65, "B-"),
    (60, "C+"),
    (50, "C"),
    (45, "C-"),
    (40, "D+"),
    (30, "D"),
    (25, "D-"),
    (0, "F"),
)
#: Bonus points count only for whom the penalties left at least this.
LEAST_FOR_BONUS = 90
SIX_MONTHS = 15_768_000

_BROAD = frozenset(
    {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
)
_INLINE = frozenset({"'unsafe-inline'", "data:"})
_PRIVATE = frozenset(
    {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
)
_UNSAFE = frozenset(
    {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}
)
Headers = Mapping[str, str]
Policy = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Grade:
    """The result of each test, the score and the grade."""

    results: tuple[str, ...]
    score: int
    grade: str


def grade(headers: Headers, cookies: Sequence[str], html: str | None) -> Grade:
    """Grade one answer over HTTPS: its headers, its Set-Cookie lines, its page if it is one."""
    policy = read_policy(headers.get("Content-Security-Policy"))
    results = (
        content_security_policy(policy),
        cookie_flags(cookies),
        cross_origin_sharing(headers),
        "redirection-to-https",
        referrer_policy(headers.get("Referrer-Policy")),
        transport_security(headers.get("Strict-Transport-Security")),
        subresource_integrity(html),
        content_type_options(headers.get("X-Content-Type-Options")),
        frame_options(headers.get("X-Frame-Options"), policy),
        resource_policy(headers.get("Cross-Origin-Resource-Policy")),
    )
    modifiers = [MODIFIERS[one] for one in results]
    score = 100 + sum(one for one in modifiers if one < 0)
    if score >= LEAST_FOR_BONUS:
        score += sum(one for one in modifiers if one > 0)
    score = max(score, 0)
    return Grade(results, score, next(letter for least, letter in GRADES if score >= least))


def read_policy(header: str | None) -> Policy | None:
    """Directive -> sources; None without a policy."""
    if header is None:
        return None
    words = (part.split() for part in header.lower().split(";"))
    return {one[0]: frozenset(one[1:]) for one in words if one}


def content_security_policy(policy: Policy | None) -> str:
    if policy is None:
        return "csp-not-implemented"
    if not policy:
        return "csp-header-invalid"
    default = policy.get("default-src", frozenset({"*"}))
    script, style = policy.get("script-src", default), policy.get("style-src", default)
    objects = policy.get("object-src", default)
    passive = policy.get("img-src", default) | policy.get("media-src", default)
    active = script.union(*(v for k, v in policy.items() if k not in {"img-src", "media-src"}))
    if script & (_BROAD | _INLINE) or objects & _BROAD:
        return "csp-implemented-with-unsafe-inline"
    if any(one.startswith(("http:", "ftp:")) for one in active):
        return "csp-implemented-with-insecure-scheme"
    if "'unsafe-eval'" in script | style:
        return "csp-implemented-with-unsafe-eval"
    if any(one.startswith(("http:", "ftp:")) for one in passive):
        return "csp-implemented-with-insecure-scheme-in-passive-content-only"
    if style & (_BROAD | _INLINE):
        return "csp-implemented-with-unsafe-inline-in-style-src-only"
    if default == {"'none'"}:
        return "csp-implemented-with-no-unsafe-default-src-none"
    return "csp-implemented-with-no-unsafe"


def cookie_flags(lines: Sequence[str]) -> str:
    """Every cookie of ours is taken for a session's: the strictest reading."""
    cookies = [one for line in lines for one in SimpleCookie(line).values()]
    if not cookies:
        return "cookies-not-found"
    if not all(one["secure"] for one in cookies):
        return "cookies-session-without-secure-flag"
    if not all(one["httponly"] for one in cookies):
        return "cookies-session-without-httponly-flag"
    sites = {one["samesite"].lower() for one in cookies}
    if not sites <= {"", "lax", "strict"}:
        return "cookies-samesite-flag-invalid"
    if "" in sites:
        return "cookies-secure-with-httponly-sessions"
    return "cookies-secure-with-httponly-sessions-and-samesite"


def cross_origin_sharing(headers: Headers) -> str:
    origin = headers.get("Access-Control-Allow-Origin")
    if origin is None:
        return "cross-origin-resource-sharing-not-implemented"
    if headers.get("Access-Control-Allow-Credentials", "").lower() == "true":
        return "cross-origin-resource-sharing-implemented-with-universal-access"
    access = "public" if origin.strip() == "*" else "restricted"
    return f"cross-origin-resource-sharing-implemented-with-{access}-access"


def referrer_policy(header: str | None) -> str:
    if header is None:
        return "referrer-policy-not-implemented"
    known = [one.strip().lower() for one in header.split(",")]
    last = next((one for one in reversed(known) if one in _PRIVATE | _UNSAFE), "")
    if not last:
        return "referrer-policy-header-invalid"
    return "referrer-policy-private" if last in _PRIVATE else "referrer-policy-unsafe"


def transport_security(header: str | None) -> str:
    if header is None:
        return "hsts-not-implemented"
    found = re.match(r"\s*max-age=\"?(\d+)\"?\s*(;|$)", header, re.IGNORECASE)
    if not found:
        return "hsts-header-invalid"
    enough = "at-least" if int(found.group(1)) >= SIX_MONTHS else "less-than"
    return f"hsts-implemented-max-age-{enough}-six-months"


def subresource_integrity(html: str | None) -> str:
    if html is None:
        return "sri-not-implemented-response-not-html"
    reader = _Scripts()
    reader.feed(html)
    if not reader.found:
        return "sri-not-implemented-but-no-scripts-loaded"
    if any(one.startswith(("http:", "//")) for one in reader.sources):
        return "sri-not-implemented-and-external-scripts-not-loaded-securely"
    if any(one.startswith("https:") for one in reader.sources):
        return "sri-not-implemented-but-external-scripts-loaded-securely"
    return "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = 0
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found += 1
            self.sources.append(dict(attrs).get("src") or "")


def content_type_options(header: str | None) -> str:
    if header is None:
        return "x-content-type-options-not-implemented"
    fits = header.strip().lower() == "nosniff"
    return f"x-content-type-options-{'nosniff' if fits else 'header-invalid'}"


def frame_options(header: str | None, policy: Policy | None) -> str:
    ancestors = (policy or {}).get("frame-ancestors")
    if ancestors is not None and not ancestors & _BROAD:
        return "x-frame-options-implemented-via-csp"
    if header is None:
        return "x-frame-options-not-implemented"
    fits = header.strip().lower() in {"deny", "sameorigin"}
    return f"x-frame-options-{'sameorigin-or-deny' if fits else 'header-invalid'}"


def resource_policy(header: str | None) -> str:
    if header is None:
        return "cross-origin-resource-policy-not-implemented"
    known = header.strip().lower()
    if known not in {"same-origin", "same-site", "cross-origin"}:
        return "cross-origin-resource-policy-header-invalid"
    return f"cross-origin-resource-policy-implemented-with-{known}"
