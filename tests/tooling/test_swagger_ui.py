"""The vendored Swagger UI draws the API's description under a policy without inline scripts."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

STATIC = Path(__file__).resolve().parents[2] / "directory/web/static"
POLICY = "default-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/vendor/swagger-ui/swagger-ui.css">
<div id="swagger-ui" data-description="/openapi.json"></div>
<script src="/vendor/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/api_docs.js"></script></html>"""
DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {"title": "The directory", "version": "1"},
    "paths": {"/states": {"get": {"summary": "All States", "responses": {}}}},
}


class Handler(SimpleHTTPRequestHandler):
    """Static files of the directory, one page and one description."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        made = {"/": ("text/html", PAGE), "/openapi.json": ("application/json", self.described())}
        if self.path not in made:
            super().do_GET()
            return
        kind, body = made[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def described(self) -> str:
        return json.dumps(DESCRIPTION)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(STATIC)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.slow
def test_description_is_drawn_without_breaking_the_policy(site: str, page: Page) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    page.get_by_text("All States").wait_for()
    assert complaints == []
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
