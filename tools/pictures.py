"""Take the pictures of README and manuals from the running product: ``make pictures``.

Makes a demonstration of its own in a temporary folder, serves it on a free port of this machine,
walks through it with Chromium, and writes ``docs/pictures/*.png``. Nothing else is touched.
``make pictures ARGS="--gallery FOLDER"`` writes the gallery of ``tools.gallery`` instead.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools.gallery import Visitor, hang

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
READY_SECONDS = 180
READER, FOCAL = "reader.fr@demo.example", "focal.ro@demo.example"
OFFICER = "verifier.a@demo.example"
FINDER = "requesting=FR&requested=RO&type="


@dataclass(frozen=True)
class Picture:
    """One picture: whose page it is, its address, width and height in CSS pixels."""

    name: str
    email: str
    address: str
    width: int = 1100
    height: int = 760


SHOTS = (
    Picture("finder-answer", READER, f"/counterpart?{FINDER}mla"),
    Picture("mobile", READER, f"/counterpart?{FINDER}mla", 390, 780),
    Picture("urgent", READER, f"/counterpart/urgent?{FINDER}e_evidence", 390, 780),
    Picture("state", READER, "/states/RO"),
    Picture("coverage", READER, "/coverage"),
    Picture("marks", READER, "/help/marks", 1100, 620),
    Picture("desk", FOCAL, "/desk"),
    Picture("gaps", OFFICER, "/coverage/gaps", 1100, 620),
    Picture("line-tests", OFFICER, "/line-tests", 1100, 560),
)


def main() -> int:
    """Take every picture; 1 where Chromium is missing."""
    asked = argparse.ArgumentParser(prog="python -m tools.pictures", description=__doc__)
    asked.add_argument("--gallery", type=Path, metavar="FOLDER", help="write the gallery there")
    folder: Path | None = asked.parse_args().gallery
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.stderr.write("Chromium was not found: install it (Debian: apt-get install chromium)\n")
        return 1
    with demonstration() as visitor, opened(program) as browser:
        if folder:
            for path in hang(browser, visitor, folder):
                sys.stdout.write(f"{path}\n")
        else:
            for email in dict.fromkeys(shot.email for shot in SHOTS):
                take_all(browser, visitor, email)
    return 0


@contextmanager
def opened(program: str) -> Iterator[Browser]:
    """Chromium while the block runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@contextmanager
def demonstration() -> Iterator[Visitor]:
    """A demonstration in a folder of its own, while the block runs."""
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as address:
        accounts = (Path(name) / "instance/demo-accounts.txt").read_text("utf-8").splitlines()
        yield Visitor(address, dict(line.split("\t") for line in accounts))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a demonstration that lives in the folder while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = str(Path(sys.executable).with_name("directory"))
    command = [program, "run-local", "--port", str(port)]
    clean = {name: value for name, value in os.environ.items() if "DIRECTORY_" not in name}
    serving = subprocess.Popen(
        command,
        cwd=folder,
        env=clean,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}", serving)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.wait(20)


def wait_for(address: str, serving: "subprocess.Popen[bytes]") -> None:
    """Return when it is ready; raises ``RuntimeError`` when it ends or takes too long."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if serving.poll() is not None:
            raise RuntimeError("the demonstration ended")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RuntimeError("the demonstration is not ready in time")


def take_all(browser: Browser, visitor: Visitor, email: str) -> None:
    """Sign in as one person and take the pictures of their pages."""
    page = browser.new_context(color_scheme="light", locale="en").new_page()
    visitor.enter(page, email)
    for shot in SHOTS:
        if shot.email == email:
            take(page, visitor.address, shot)


def take(page: Page, address: str, shot: Picture) -> None:
    """Open the page, refuse any other page, and write what a person sees first."""
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    answer = page.goto(f"{address}{shot.address}")
    is_there = page.url == f"{address}{shot.address}"
    if answer is None or answer.status != 200 or not is_there:
        raise RuntimeError(f"{shot.address} was not shown")
    page.screenshot(path=PICTURES / f"{shot.name}.png")


if __name__ == "__main__":
    sys.exit(main())
