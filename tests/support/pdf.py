"""Small PDF files, plain and hostile."""

import io
from collections.abc import Callable

import pikepdf

Change = Callable[[pikepdf.Pdf], None]


def make_pdf(change: Change = lambda _: None, **saving: object) -> bytes:
    """One empty page, and what ``change`` puts in."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    change(document)
    out = io.BytesIO()
    document.save(out, **{"static_id": True, **saving})  # type: ignore[arg-type]
    return out.getvalue()


#: A file that is fit to be evidence.
PLAIN_PDF = make_pdf()
