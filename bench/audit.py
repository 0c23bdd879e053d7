"""``python -m bench.audit``: what policy, audience, session and read audit add to an answer.

Pairs in one process: the same addresses are asked with all four at work, and with none of them: the
one who asks is known beforehand, the door lets everybody through, every entry and line may be seen,
nothing is taken down. The two take turns, and processor time is counted, the audit's own thread
with it, so that a busy machine does not matter. The figure is the median of the ratios of
neighbours, with their quartiles, and the statements of one answer of each.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from flask import g
from flask.testing import FlaskClient
from sqlalchemy import event, true

from bench.__main__ import READER, Trial, make_trial
from bench.sign_in import sign_in
from bench.targets import Target, targets
from directory.composition import create_app
from directory.domain.looking import LookUp
from directory.policy import EntryRule
from directory.queries.accounts import find_session, find_token
from directory.services.looking import ReadAudit
from directory.services.secrets import hash_secret
from directory.web.recognition import SESSION_ID

#: Requests measured together.
TOGETHER = 50
MEASURED = ("entry JSON", "finder JSON", "search JSON", "entry page")
RESULT = Path(__file__).parent / "results" / "audit.md"
EVERYTHING = EntryRule(allows=lambda *_given: True, filter=lambda *_given: true())
Ask = Callable[[Sequence[str]], float]


class Deaf(ReadAudit):
    """A read audit that takes nothing down and counts nothing."""

    def note(self, look: LookUp) -> None:
        """Nothing."""

    def counts(self, *_asked: object) -> dict[tuple[str, str], int]:
        """Nobody has looked."""
        return {}


def main() -> None:
    """Measure the kinds of addresses and write the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.audit", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--entries", type=int, default=6000)
    options = parser.parse_args()
    lines = [
        "# What policy, audience, session and read audit add",
        "",
        f"{options.entries} entries, {options.rounds} pairs of {TOGETHER} requests, processor time",
        "",
        "| what | with ms | without ms | ratio | quartiles | statements with | without |",
        "|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        trial = make_trial(Path(folder), options.entries)
        lines += [
            _line(trial, target, options.rounds)
            for target in targets(trial.parts.engine, trial.size)
            if target.name in MEASURED
        ]
    text = "\n".join(lines) + "\n"
    RESULT.write_text(text, "utf-8")
    print(text)


def _line(trial: Trial, target: Target, rounds: int) -> str:
    guarded, bare = _asker(trial, target.page), _asker(trial, target.page, bare=True)
    pairs = list(_pairs(guarded, bare, target.paths, rounds))
    ratios = [one / other for one, other in pairs]
    low, middle, high = statistics.quantiles(ratios, n=4)
    spent = (1000 * statistics.median(side) / TOGETHER for side in zip(*pairs, strict=True))
    costs = (_statements(trial, ask, target.paths[:1]) for ask in (guarded, bare))
    figures = " | ".join(f"{one:.3f}" for one in (*spent, middle))
    said = " | ".join(map(str, costs))
    return f"| {target.name} | {figures} | {low:.3f} to {high:.3f} | {said} |"


def _pairs(
    guarded: Ask, bare: Ask, paths: Sequence[str], rounds: int
) -> Iterator[tuple[float, float]]:
    """Seconds of each round; the first five only warm up."""
    for number in range(rounds + 5):
        some = [paths[(number * TOGETHER + at) % len(paths)] for at in range(TOGETHER)]
        first, second = (guarded, bare) if number % 2 else (bare, guarded)
        one, other = first(some), second(some)
        if number >= 5:
            yield (one, other) if number % 2 else (other, one)


def _statements(trial: Trial, ask: Ask, paths: Sequence[str]) -> int:
    """Those of one answer that was given before; the audit's thread writes by the batch, later."""
    ask(paths)
    sent: list[object] = []

    def note(*given: object) -> None:
        if threading.current_thread() is threading.main_thread():
            sent.append(given[2])

    event.listen(trial.parts.engine, "before_cursor_execute", note)
    ask(paths)
    event.remove(trial.parts.engine, "before_cursor_execute", note)
    return len(sent)


def _asker(trial: Trial, page: bool, *, bare: bool = False) -> Ask:
    """Asks for some addresses one after the other; gives the seconds of the processor."""
    app = create_app(trial.parts.settings, trial.parts)
    if bare:
        app.extensions["directory_read_audit"] = Deaf(trial.parts.unit_of_work)
    client, headers = app.test_client(), {"Authorization": f"Bearer {trial.token}"}
    known = _sign_in(trial, client) if page else _program(trial)

    def ask(paths: Sequence[str]) -> float:
        with ExitStack() as stack:
            if bare:
                stack.enter_context(_unguarded(known))
            began = time.process_time()
            for path in paths:
                answer = client.get(path, headers={} if page else headers)
                if answer.status_code != 200:
                    raise RuntimeError(answer.get_data(as_text=True))
            return time.process_time() - began

    return ask


def _sign_in(trial: Trial, client: FlaskClient) -> dict[str, Any]:
    """Who that browser is, as the door would find out."""
    sign_in(client, READER, trial.password)
    with client.session_transaction() as cookie:
        key = hash_secret(cookie[SESSION_ID])
    with trial.parts.engine.connect() as connection:
        signed_in = find_session(connection, key, trial.parts.clock(), True)
    if signed_in is None:
        raise RuntimeError("nobody is signed in")
    return {"actor": signed_in.actor, "signed_in": signed_in}


def _program(trial: Trial) -> dict[str, Any]:
    with trial.parts.engine.connect() as connection:
        found = find_token(connection, trial.token, trial.parts.clock(), True)
    if found is None:
        raise RuntimeError("the token opens nothing")
    return {"actor": found.actor}


@contextmanager
def _unguarded(known: dict[str, Any]) -> Iterator[None]:
    """No session is looked up, nothing is refused and nothing is cut away."""

    def recognise() -> None:
        for name, value in known.items():
            setattr(g, name, value)

    with ExitStack() as stack:
        stack.enter_context(patch("directory.web.recognition.recognise", recognise))
        stack.enter_context(patch("directory.web.door.check_door", lambda: None))
        for module in _queries():
            for name, instead in (("READ_ENTRY", EVERYTHING), ("visible", _everything)):
                if hasattr(module, name):
                    stack.enter_context(patch.object(module, name, instead))
        yield


def _everything(_actor: object, _state: str, record: object, **_more: object) -> object:
    return record


def _queries() -> list[ModuleType]:
    loaded = list(sys.modules.items())
    return [one for name, one in loaded if name.startswith("directory.queries.")]


if __name__ == "__main__":
    main()
