"""Sheets on paper: one entry, or a State, on A4 or A5; set by Typst in the shared look, tagged."""

import io
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from directory.domain.events import Plain
from directory.later import Later

if TYPE_CHECKING:
    import segno
    import typst
else:
    segno, typst = Later("segno"), Later("typst")

TEMPLATE = Path(__file__).parent / "typst" / "sheet.typ"
#: Octets that a code may hold: more makes squares too small for a telephone's camera.
MOST_OCTETS = 700


class Paper(StrEnum):
    """The sizes."""

    A4 = "a4"
    A5 = "a5"


def set_sheet(sheet: Plain, code: str = "") -> bytes:
    """The PDF (PDF/UA-1) of a sheet (``web.sheet``); ``code`` is what its QR code holds."""
    given = {**sheet, "qr": code_svg(code) if code else ""}
    made: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        sys_inputs={"sheet": json.dumps(given)},
        pdf_standards=["ua-1"],
    )
    return made


def code_svg(text: str) -> str:
    """The QR code as SVG; a print-out may lose 7 % of it."""
    drawn = io.BytesIO()
    code = segno.make_qr(text, error="l", encoding="utf-8")
    code.save(drawn, kind="svg", border=4, scale=4, xmldecl=False)
    return drawn.getvalue().decode()
