"""``python -m bench.doors``: does the time of a refusal tell whether there is an account?

In one process, by processor time, known and unknown addresses in random order, so that a busy
machine does not matter. ``z`` is that of Mann and Whitney: beyond 1.96 the two would differ.
"""

import random
import re
import statistics
import tempfile
import time
from pathlib import Path

from flask import Flask

from bench.__main__ import READER, RESULTS, Trial, make_trial
from directory.composition import create_app
from directory.models.account import SignInFailure

PAIRS = 150
WARM_UP = 10


def main() -> None:
    """Measure, print and write it down."""
    with tempfile.TemporaryDirectory() as folder:
        trial = make_trial(Path(folder), 200)
        app = create_app(trial.parts.settings, trial.parts)
        known, unknown = list[float](), list[float]()
        for number in range(PAIRS + WARM_UP):
            pair = [(READER, known), (f"nobody{number}@demo.example", unknown)]
            for address, taken in random.sample(pair, 2):
                taken.append(refused(app, trial, address))
    text = compared(known[WARM_UP:], unknown[WARM_UP:])
    (RESULTS / "doors.md").write_text(text + "\n", "utf-8")
    print(text)


def refused(app: Flask, trial: Trial, address: str) -> float:
    """Seconds of the processor that a wrong password costs."""
    with trial.parts.unit_of_work() as uow:
        uow.session.query(SignInFailure).delete()
    client = app.test_client()
    form = client.get("/sign-in").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    token = found[1] if found else ""
    given = {"email": address, "password": "wrong horse battery staple", "csrf_token": token}
    began = time.process_time()
    answer = client.post("/sign-in", data=given)
    spent = time.process_time() - began
    if answer.status_code != 422:
        raise RuntimeError(f"a refusal was answered {answer.status_code}")
    return spent


def compared(known: list[float], unknown: list[float]) -> str:
    """Medians, and how often a known address took longer."""
    pairs = len(known) * len(unknown)
    longer = sum((one > other) + (one == other) / 2 for one in known for other in unknown)
    spread = (pairs * (len(known) + len(unknown) + 1) / 12) ** 0.5
    first, second = (1000 * statistics.median(one) for one in (known, unknown))
    return (
        f"Refusals, processor time: known {first:.2f} ms, unknown {second:.2f} ms (medians of "
        f"{len(known)} each); a known one took longer in {100 * longer / pairs:.1f} % of all "
        f"pairs, z {(longer - pairs / 2) / spread:.2f}."
    )


if __name__ == "__main__":
    main()
