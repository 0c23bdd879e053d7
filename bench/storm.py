"""``python -m bench.storm``: what 200 sign-ins at once cost readers, and what time gives away.

Two figures. Reads: the p95 of a State's JSON while 200 people send the right password at the same
moment, and as a ratio to quiet times. Doors: how long a refusal takes for an account that exists
and for one that does not.
"""

import http.client
import random
import re
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.__main__ import READER, RESULTS, Trial, make_trial
from bench.servers import DIRECTORY, serving
from directory.models.account import SignInFailure

SIGN_INS = 200
READERS = 4
QUIET_SECONDS = 5.0
#: Refusals timed of each kind; each is of another network's count, which is emptied between them.
REFUSALS = 100


def main() -> None:
    """Measure both, print them and write them down."""
    with tempfile.TemporaryDirectory() as folder:
        trial = make_trial(Path(folder), 500)
        with serving("granian", DIRECTORY) as server:
            host = urlsplit(server.url).netloc
            text = f"{storm(host, trial)}\n\n{doors(host, trial)}\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "storm.md").write_text(text, "utf-8")
    print(text)


def storm(host: str, trial: Trial) -> str:
    """Reads in quiet and in a storm."""
    quiet = read_for(host, trial, until=lambda begun: time.monotonic() - begun > QUIET_SECONDS)
    forms = [Door(host) for _number in range(SIGN_INS)]
    for form in forms:
        form.open()
    over = threading.Event()
    with ThreadPoolExecutor(SIGN_INS + 1) as threads:
        reading = threads.submit(read_for, host, trial, lambda _begun: over.is_set())
        begun = time.monotonic()
        sent = [threads.submit(form.send, READER, trial.password) for form in forms]
        answers = Counter(one.result() for one in sent)
        lasted = time.monotonic() - begun
        over.set()
        stormy = reading.result()
    ratio = p95(stormy) / p95(quiet)
    return (
        f"Reads beside {SIGN_INS} sign-ins at once: p95 {p95(stormy) * 1000:.0f} ms over "
        f"{len(stormy)} reads in {lasted:.1f} s, quiet {p95(quiet) * 1000:.0f} ms, "
        f"ratio {ratio:.1f}. Sign-ins answered {dict(sorted(answers.items()))}."
    )


def doors(host: str, trial: Trial) -> str:
    """Refusals of a known and an unknown address, taken in turn."""
    known: list[float] = []
    unknown: list[float] = []
    for number in range(REFUSALS):
        pair = [(READER, known), (f"nobody{number}@demo.example", unknown)]
        # Whoever comes first finds other caches warm.
        for address, taken in random.sample(pair, 2):
            with trial.parts.unit_of_work() as uow:
                uow.session.query(SignInFailure).delete()
            form = Door(host)
            form.open()
            begun = time.perf_counter()
            form.send(address, "wrong horse battery staple")
            taken.append(time.perf_counter() - begun)
    shift = (statistics.median(known) - statistics.median(unknown)) * 1000
    spread = statistics.stdev(known + unknown) * 1000
    return (
        f"Refusals: known {statistics.median(known) * 1000:.1f} ms, unknown "
        f"{statistics.median(unknown) * 1000:.1f} ms (medians of {REFUSALS} each), "
        f"difference {shift:+.1f} ms, standard deviation {spread:.1f} ms."
    )


def p95(times: list[float]) -> float:
    """The time that 95 of 100 stay below, in seconds."""
    return statistics.quantiles(times, n=20)[-1]


def read_for(host: str, trial: Trial, until: Callable[[float], bool]) -> list[float]:
    """Seconds of each read, by a few readers who ask one after the other."""
    begun, taken = time.monotonic(), []
    headers = {"Authorization": f"Bearer {trial.token}"}

    def read() -> None:
        connection = http.client.HTTPConnection(host, timeout=60)
        while not until(begun):
            start = time.perf_counter()
            connection.request("GET", "/api/v1/states/RO", headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise RuntimeError(f"a read was answered {answer.status}")
            taken.append(time.perf_counter() - start)
            time.sleep(0.02)

    with ThreadPoolExecutor(READERS) as threads:
        for one in [threads.submit(read) for _reader in range(READERS)]:
            one.result()
    return taken


class Door:
    """One browser before the sign-in form."""

    def __init__(self, host: str) -> None:
        self.connection = http.client.HTTPConnection(host, timeout=120)
        self.cookie = self.token = ""

    def open(self) -> None:
        """Fetch the form and its token."""
        self.connection.request("GET", "/sign-in")
        answer = self.connection.getresponse()
        self.cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
        if found is None:
            raise RuntimeError("the sign-in page holds no form token")
        self.token = found[1]

    def send(self, email: str, password: str) -> int:
        """Send it; gives the status."""
        body = urlencode({"email": email, "password": password, "csrf_token": self.token})
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", "/sign-in", body, headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status


if __name__ == "__main__":
    main()
