"""A headless Chromium, the machine's own, that calls nobody but the pages under test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Chromium otherwise looks for updates and for its maker's hosts at every start.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class BrowserMissing(RuntimeError):
    """No Chromium on this machine."""


def chromium() -> str:
    """The path of the machine's Chromium."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise BrowserMissing("Chromium was not found: install it (Debian: apt-get install chromium)")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser for the length of the block; raises BrowserMissing where there is none.

    Chromium's own sandbox does not work for root.
    """
    path = chromium()
    unboxed = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *unboxed])
        try:
            yield browser
        finally:
            browser.close()
