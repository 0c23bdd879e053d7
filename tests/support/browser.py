"""A headless Chromium, the machine's own, that calls nobody but the pages under test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.support.chromium import chromium

# Chromium otherwise looks for updates and for its maker's hosts at every start.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


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
