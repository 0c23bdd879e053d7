"""Where the machine's Chromium is."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


class BrowserMissing(RuntimeError):
    """No Chromium on this machine."""


def chromium() -> str:
    """The path of the machine's Chromium."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise BrowserMissing("Chromium was not found: install it (Debian: apt-get install chromium)")
