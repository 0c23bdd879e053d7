"""Serving processes of the bench: the directory and the bare route, on either server."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WORKERS = 2
READY_SECONDS = 30
DIRECTORY = "directory.composition:app_from_environment"
BARE = "bench.bare:create_bare"


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at ``url``; ``pid`` is its first process."""

    url: str
    pid: int

    def memory(self) -> tuple[int, int]:
        """Proportional memory of those of its processes that answer, and of the first beside them.

        In MiB; a page that several share is counted in equal parts.
        """
        serving = sum(map(_proportional, _children(self.pid)))
        return serving // 1024, _proportional(self.pid) // 1024


def _proportional(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [int(child) for child in found]


#: The directory's command, of the installation that runs the bench.
PROGRAM = Path(sys.executable).with_name("directory")


def command(server: str, target: str, port: int, program: Path = PROGRAM) -> list[str]:
    """The command line of 'granian' or 'gunicorn' for an application factory."""
    if server == "gunicorn":
        options = ["--workers", str(WORKERS), "--threads", "4", "--no-control-socket"]
        bind = ["--bind", f"127.0.0.1:{port}", "--log-level", "error"]
        return [sys.executable, "-m", "gunicorn", *options, *bind, f"{target}()"]
    if target == DIRECTORY:
        # As in earnest: with the options of ``directory serve``, which the bare route is given too.
        listen = ["--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)]
        return [str(program), "serve", *listen]
    options = ["--interface", "wsgi", "--factory", "--workers", str(WORKERS), "--no-ws"]
    listen = ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4"]
    quiet = ["--log-level", "error", "--backpressure", "128"]
    return [sys.executable, "-m", "granian", *options, *listen, *quiet, target]


@contextmanager
def serving(server: str, target: str, program: Path = PROGRAM) -> Iterator[Running]:
    """Serve the target until the block ends."""
    port = _free_port()
    process = subprocess.Popen(command(server, target, port, program), start_new_session=True)
    try:
        _wait(port, process)
        yield Running(f"http://127.0.0.1:{port}", process.pid)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server on port {port} did not start")
