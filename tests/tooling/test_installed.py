"""The wheel, installed into an empty environment, runs the directory without the checkout."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60

pytestmark = pytest.mark.slow


def run(command: list[str], folder: Path) -> str:
    """What the command prints; its whole output is shown when it fails."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=clean, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an environment that holds the wheel and what it declares, nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    run([*build, "--directory", str(folder)], ROOT)
    (wheel,) = folder.glob("*.whl")
    uv = str(Path(sys.executable).with_name("uv"))
    run([uv, "--no-config", "venv", "--python", sys.executable, str(folder / "env")], folder)
    python = str(folder / "env" / "bin" / "python")
    run([uv, "--no-config", "pip", "install", "--quiet", "--python", python, str(wheel)], folder)
    return folder


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    """The address of the directory, prepared and served from the installed wheel."""
    command = str(place / "env" / "bin" / "directory")
    run([command, "run-local", "--prepare-only"], place)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = subprocess.Popen(
        [command, "serve", "--port", str(port), "--workers", "1"],
        cwd=place,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port, serving)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.wait(20)


def wait_for(port: int, serving: "subprocess.Popen[bytes]") -> None:
    """Return when somebody listens; fail when the server ends or takes too long."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        assert serving.poll() is None, "the server ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("nobody listens")


def test_doctor_finds_nothing_wrong(place: Path, address: str) -> None:
    assert "BAD" not in run([str(place / "env" / "bin" / "directory"), "doctor"], place)


def test_sign_in_page_and_its_style_are_served(address: str) -> None:
    with urllib.request.urlopen(f"{address}/sign-in") as answer:
        assert answer.status == 200
        assert b"csrf_token" in answer.read()
    with urllib.request.urlopen(f"{address}/static/app.css") as answer:
        assert answer.status == 200


def test_programs_get_the_finders_answer(place: Path, address: str) -> None:
    command = str(place / "env" / "bin" / "directory")
    token = run([command, "token", "create", "reader.fr@demo.example", "--name", "trial"], place)
    asked = urllib.request.Request(
        f"{address}/api/v1/counterparts?requesting=FR&requested=RO&type=mla",
        headers={"Authorization": f"Bearer {token.strip()}"},
    )
    with urllib.request.urlopen(asked) as answer:
        assert b'"authorities"' in answer.read()
