"""Reads QR codes as a camera would: from the drawing, or from a printed page."""

import re
import subprocess
from pathlib import Path

import zxingcpp

#: Dots for each square.
SCALE = 4


def read_drawn(svg: str) -> str:
    """What the code in a drawing of segno holds; raises ``ValueError`` where there is none."""
    width = re.search(r'<svg[^>]* width="(\d+)', svg)
    scale = re.search(r"scale\((\d+)\)", svg)
    path = re.search(r' d="([^"]+)"', svg)
    if not (width and path):
        raise ValueError("no code is drawn")
    size = int(width[1]) // (int(scale[1]) if scale else 1)
    squares = [bytearray(b"\xff" * size) for _row in range(size)]
    x = y = 0.0
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path[1]):
        if step == "M":
            x, y = float(first), float(second)
        elif step == "m":
            x, y = x + float(first), y + float(second)
        else:
            for dark in range(int(x), int(x + float(first))):
                squares[int(y)][dark] = 0
            x += float(first)
    dots = b"".join(
        bytes(one for one in row for _dot in range(SCALE))
        for row in squares
        for _line in range(SCALE)
    )
    return _read(dots, size * SCALE, size * SCALE)


def read_printed(pdf: bytes, folder: Path) -> str:
    """What the code on the first page holds."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-gray", "-r", "150", "-f", "1", "-l", "1", "page.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    (made,) = folder.glob("page*.pgm")
    content = made.read_bytes()
    fields = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\n", content)
    if fields is None:
        raise ValueError("no picture")
    return _read(content[fields.end() :], int(fields[1]), int(fields[2]))


def text_of(pdf: bytes) -> str:
    """The text of every page; streams hold no letters but numbers of glyphs."""
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=pdf, check=True, capture_output=True).stdout.decode()


def _read(dots: bytes, width: int, height: int) -> str:
    found = zxingcpp.read_barcodes(memoryview(dots).cast("B", [height, width]))
    if not found:
        raise ValueError("no code can be read")
    return str(found[0].text)
