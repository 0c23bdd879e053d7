"""The prepared directory, served on this machine, and a browser of somebody who has signed in."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.support.catalogue import write_pseudo_translation
from tests.support.trial import READER, Trial, prepare_trial

#: Milliseconds a page may take to show what is expected, on a machine with other work.
expect.set_options(timeout=20_000)


@dataclass
class Watched:
    """A page of a signed-in reader, and everything it should not have done."""

    page: Page
    base: str
    #: What the browser complained of: breaches of the policy, errors of scripts.
    complaints: list[str] = field(default_factory=list)
    #: Addresses of other hosts that it asked for.
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.complain(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked(request.url))

    def complain(self, kind: str, text: str) -> None:
        # A page that answers 4xx is shown like any other; the browser mentions its status.
        if kind in {"error", "warning"} and "status of 4" not in text:
            self.complaints.append(text)

    def asked(self, url: str) -> None:
        if not url.startswith((self.base, "data:")):
            self.outside.append(url)

    def open(self, address: str) -> None:
        self.page.goto(self.base + address)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a free port; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    folder = tmp_path_factory.mktemp("trial")
    trial = prepare_trial(f"sqlite:///{folder / 'd.db'}", folder)
    yield trial
    trial.parts.engine.dispose()


@pytest.fixture(scope="session")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up Arabic, which runs from right to left."""
    return write_pseudo_translation(tmp_path_factory.mktemp("translations"))


@pytest.fixture(scope="session")
def site(trial: Trial, translations: Path) -> Iterator[str]:
    with served(trial.app(translations)) as base:
        yield base


#: Opens a browser's window: signed in, with or without scripts, in a language.
Windows = Callable[..., Watched]


@pytest.fixture
def window(chromium: Browser, site: str, trial: Trial) -> Iterator[Windows]:
    contexts: list[BrowserContext] = []

    def make(language: str = "en", *, scripts: bool = True, width: int = 1280) -> Watched:
        context = chromium.new_context(
            java_script_enabled=scripts,
            locale=language,
            viewport={"width": width, "height": 900},
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        watched = Watched(context.new_page(), site)
        enter(watched, trial.passwords[READER])
        return watched

    yield make
    for context in contexts:
        context.close()


def enter(watched: Watched, password: str, email: str = READER) -> None:
    """Sign in through the form."""
    watched.open("/")
    watched.page.fill("input[name=email]", email)
    watched.page.fill("input[name=password]", password)
    watched.page.click("main button[type=submit]")
    watched.page.wait_for_selector("#requested")
