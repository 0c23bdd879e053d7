"""``python -m bench.audit``: what policy, audience, session and read audit add to an answer.

Pairs in one process: the same address is asked with the read audit at work and with one that takes
nothing down, in turn, so that a busy machine slows both. The figure is the median of the ratios of
neighbours, with their quartiles.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from flask.testing import FlaskClient

from bench.__main__ import Trial, make_trial
from bench.targets import targets
from directory.composition import create_app
from directory.domain.looking import LookUp
from directory.services.looking import ReadAudit

ROUNDS = 60
#: Requests measured together.
TOGETHER = 50
RESULT = Path(__file__).parent / "results" / "audit.md"


class Deaf(ReadAudit):
    """A read audit that takes nothing down and counts nothing."""

    def note(self, look: LookUp) -> None:
        """Nothing."""

    def counts(self, *_asked: object) -> dict[tuple[str, str], int]:
        """Nobody has looked."""
        return {}


def main() -> None:
    """Measure the kinds of addresses and write the table."""
    lines = [
        "# What the read audit adds",
        "",
        f"{os.cpu_count()} cores, in process, {ROUNDS} pairs of {TOGETHER} requests",
        "",
        "| what | with ms | without ms | ratio | quartiles |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        trial = make_trial(Path(folder), 6000)
        lines += [
            _line(target.name, _pairs(trial, target.paths))
            for target in targets(trial.parts.engine, 6000)
            if target.name in {"entry JSON", "finder JSON", "search JSON"}
        ]
    text = "\n".join(lines) + "\n"
    RESULT.write_text(text, "utf-8")
    print(text)


def _pairs(trial: Trial, paths: Sequence[str]) -> list[tuple[float, float]]:
    """Seconds of each round, with and without."""
    hearing, deaf = _asker(trial), _asker(trial, kind=Deaf)
    found = []
    for number in range(ROUNDS + 5):
        some = [paths[(number * TOGETHER + at) % len(paths)] for at in range(TOGETHER)]
        first, second = (hearing, deaf) if number % 2 else (deaf, hearing)
        one, other = first(some), second(some)
        found.append((one, other) if number % 2 else (other, one))
    return found[5:]


def _asker(trial: Trial, kind: type[ReadAudit] = ReadAudit) -> Callable[[Sequence[str]], float]:
    app = create_app(trial.parts.settings, trial.parts)
    app.extensions["directory_read_audit"] = kind(trial.parts.unit_of_work)
    client: FlaskClient = app.test_client()
    headers = {"Authorization": f"Bearer {trial.token}"}

    def ask(paths: Sequence[str]) -> float:
        began = time.perf_counter()
        for path in paths:
            answer = client.get(path, headers=headers)
            assert answer.status_code == 200, answer.get_data(as_text=True)
        return time.perf_counter() - began

    return ask


def _line(name: str, pairs: Sequence[tuple[float, float]]) -> str:
    ratios = [hearing / deaf for hearing, deaf in pairs]
    low, middle, high = statistics.quantiles(ratios, n=4)
    hearing, deaf = (1000 * statistics.median(side) / TOGETHER for side in zip(*pairs, strict=True))
    return f"| {name} | {hearing:.3f} | {deaf:.3f} | {middle:.3f} | {low:.3f} to {high:.3f} |"


if __name__ == "__main__":
    main()
