"""Extracts on paper: set by Typst, with the JSON as an attachment and a QR code to check it."""

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from directory.domain.events import Plain
from directory.later import Later

if TYPE_CHECKING:
    import segno
    import typst
else:
    segno, typst = Later("segno"), Later("typst")

TEMPLATE = Path(__file__).parent / "typst" / "extract.typ"


def set_extract(sheet: Plain, extract: str) -> bytes:
    """The PDF of a sheet (``web.extract_sheet``), with the extract's JSON inside."""
    given = {**sheet, "qr": _qr_code(sheet["address"])}
    made: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        sys_inputs={"sheet": json.dumps(given), "extract": extract},
        pdf_standards=["a-3b"],
    )
    return made


def _qr_code(address: str) -> str:
    """The address as SVG; a print-out may lose 15 % of it."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2)
    return drawn.getvalue().decode()
