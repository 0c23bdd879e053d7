"""Load from outside the serving processes: wrk, with many different addresses."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8

#: Takes one address after the other from a file, so that no answer is asked for twice in a row.
SCRIPT = """
local paths, at = {}, 0
function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
end
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect, errors.read + errors.write, errors.timeout))
end
"""


#: What can go wrong with an answer, in the order in which the script tells it.
ERRORS = ("refused by status", "not connected", "cut off", "later than two seconds")


class LoadFailed(RuntimeError):
    """wrk is missing, or answers were errors."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second; milliseconds of the median and of the slowest in a hundred."""

    per_second: float
    p50: float
    p99: float


def measure(url: str, paths: Sequence[str], headers: Mapping[str, str], seconds: int) -> Measured:
    """Ask for the paths in turn over 8 connections for that long; errors are refused."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise LoadFailed("wrk is missing: install it (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        script, listed = Path(folder, "script.lua"), Path(folder, "paths")
        script.write_text(SCRIPT, "utf-8")
        listed.write_text("\n".join(paths), "utf-8")
        given = [one for name, value in headers.items() for one in ("-H", f"{name}: {value}")]
        arguments = ["-t", "1", "-c", str(CONNECTIONS), "-d", str(seconds), "-s", str(script)]
        told = subprocess.run(
            [wrk, *arguments, *given, url, "--", str(listed)],
            capture_output=True,
            check=True,
            text=True,
        )
    return _read(told.stdout)


def _read(output: str) -> Measured:
    found = re.search(r"RESULT((?: \d+){8})", output)
    if found is None:
        raise LoadFailed(f"wrk said: {output}")
    requests, duration, p50, p99, *errors = (int(one) for one in found[1].split())
    kinds = dict(zip(ERRORS, errors, strict=True))
    if any(errors):
        said = ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)
        raise LoadFailed(f"of {requests} answers: {said}")
    return Measured(requests * 1e6 / duration, p50 / 1000, p99 / 1000)
