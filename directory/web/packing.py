"""Style sheets, scripts and drawings, packed for the wire: a fifth of their bytes.

Only what is the same for everybody is packed. A page holds secrets (the token of its forms) beside
words of its address, and the length of such an answer, packed, would tell them to who can listen
and ask (BREACH); so pages and programs' answers go as they are.
"""

import gzip
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from wsgiref.headers import Headers
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Endings of the files that are worth it.
TEXTS = frozenset({".css", ".js", ".svg", ".json"})


def packing(files: WSGIApplication, prefix: str) -> WSGIApplication:
    """``files`` with the texts under ``prefix`` packed for who can unpack them."""
    kept: dict[tuple[str, str | None], bytes] = {}

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(prefix) or PurePosixPath(path).suffix not in TEXTS:
            return files(environ, start)
        status, headers, body = _answer(files, environ)
        headers["Vary"] = "Accept-Encoding"
        if status.startswith("200") and _unpacks(environ):
            key = (path, headers["ETag"])
            # Packed at its first use, once in the life of the process.
            body = kept.get(key) or kept.setdefault(key, gzip.compress(body))
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(body))
        start(status, headers.items())
        return [body]

    return application


def _unpacks(environ: WSGIEnvironment) -> bool:
    """Is a whole file asked for, by somebody who can unpack it?"""
    offered = environ.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "").split(",")
    return environ["REQUEST_METHOD"] == "GET" and any(
        one == "gzip" or (one.startswith("gzip;q=") and one != "gzip;q=0") for one in offered
    )


def _answer(files: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, Headers, bytes]:
    begun: list[tuple[str, Headers]] = []

    def start(status: str, headers: list[tuple[str, str]], *_error: Any) -> Any:
        begun.append((status, Headers(list(headers))))

    parts = files(environ, start)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
    return *begun[0], body
