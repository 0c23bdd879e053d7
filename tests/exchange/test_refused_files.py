"""Every spoiled file is refused with its place; none is an error of ours, none costs much."""

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from time import monotonic

import pytest

from directory.exchange.forms import Form
from directory.exchange.reading import read_entries
from directory.exchange.sheets import FileRefused
from tests.exchange.files import an_authority, entry, repacked, written
from tests.exchange.spoiled import Spoiled, all_spoiled

SPOILED = all_spoiled()
#: What a refusal may cost.
SECONDS, KILOBYTES = 2.0, 256 * 1024


def test_there_are_more_than_a_hundred() -> None:
    assert len(SPOILED) >= 100
    assert {name.rpartition(".")[2] for _, name, _, _ in SPOILED} >= set(Form)


@pytest.mark.parametrize("spoiled", SPOILED, ids=[one[0] for one in SPOILED])
def test_a_spoiled_file_is_refused_with_its_place(spoiled: Spoiled) -> None:
    _case, name, content, place = spoiled
    with pytest.raises(FileRefused) as refused:
        read_entries(name, content)
    told = [str(fault.problem) for fault in refused.value.faults]
    assert told
    assert any(place in one for one in told), told


def _bomb(member: str, megabytes: int) -> bytes:
    good = written(Form.XLSX, entry(an_authority()))
    return repacked(good, {member: b" " * (megabytes * 1024 * 1024)})


def _many_members() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(20_000):
            package.writestr(f"xl/{number}", b"")
    return out.getvalue()


def _lying_sizes() -> bytes:
    """The central directory says less than the member unpacks to."""
    content = bytearray(_bomb("xl/worksheets/sheet1.xml", 64))
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    return bytes(content)


def _sparse() -> bytes:
    """A small sheet that spans everything."""
    cells = b'<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c>'
    sheet = b'<worksheet><sheetData><row r="1">' + cells + b"</row></sheetData></worksheet>"
    good = written(Form.XLSX, entry(an_authority()))
    return repacked(good, {"xl/worksheets/sheet1.xml": sheet})


BOMBS = {
    "sheet": lambda: _bomb("xl/worksheets/sheet1.xml", 400),
    "strings": lambda: _bomb("xl/sharedStrings.xml", 90),
    "styles": lambda: _bomb("xl/styles.xml", 90),
    "other member": lambda: _bomb("xl/media/image1.png", 400),
    "many members": _many_members,
    "lying sizes": _lying_sizes,
    "sparse": _sparse,
}
_MEASURE = """
import resource
import sys
from pathlib import Path
from directory.exchange.reading import read_entries
from directory.exchange.sheets import FileRefused
from time import monotonic
content, start = Path(sys.argv[1]).read_bytes(), monotonic()
try:
    read_entries(sys.argv[1], content)
except FileRefused:
    spent = monotonic() - start
    # What this process used since it began, not what the one did that started it.
    status = Path("/proc/self/status").read_text()
    own = int(status.partition("VmHWM:")[2].split()[0])
    used = [own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]
    print(spent, max(used))
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(BOMBS[name]())
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    seconds, kilobytes = map(float, done.stdout.split())
    assert seconds < SECONDS
    assert kilobytes < KILOBYTES


@pytest.mark.parametrize("content", [b"[" * 4_000_000, b'{"a":[' * 1_000_000, b"[1," * 2_000_000])
def test_deep_json_costs_little(content: bytes) -> None:
    start = monotonic()
    with pytest.raises(FileRefused):
        read_entries("a.json", content)
    assert monotonic() - start < SECONDS
