"""A file of entries, whatever its form: looked at before it is believed, read whole or not."""

from directory.domain.marks import N_
from directory.exchange.assembly import entries_of
from directory.exchange.csv_reading import read_csv
from directory.exchange.forms import Form
from directory.exchange.json_reading import read_json
from directory.exchange.sheets import LARGEST_FILE, TOO_LARGE, FileRefused, ReadEntry, refuse
from directory.exchange.workbook import read_workbook

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
#: Beginnings of files that people call .csv or .xlsx although they are something else.
_OTHERS = {
    b"%PDF": "PDF",
    b"\x7fELF": "ELF",
    b"MZ": "EXE",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "GZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
}


def read_entries(file_name: str, content: bytes) -> tuple[ReadEntry, ...]:
    """The entries of a file; raises ``FileRefused`` with every fault, its place and what is right.

    The name's ending says the form; content that is something else is refused.
    """
    form = form_of(file_name)
    _look(form, content)
    if form is Form.JSON:
        return read_json(content)
    return entries_of(read_workbook(content) if form is Form.XLSX else read_csv(content))


def form_of(file_name: str) -> Form:
    """The form by the ending of the name; raises ``FileRefused``."""
    ending = file_name.rpartition(".")[2].lower()
    if ending in list(Form):
        return Form(ending)
    if ending in {"xlsm", "xltm", "xlsb", "xlam"}:
        raise refuse(N_("Workbooks with macros are not taken; save it as .xlsx."))
    if ending in {"xls", "ods"}:
        raise refuse(N_("Save the workbook as .xlsx; older and other forms are not read."))
    raise refuse(N_("Give a file that ends in .xlsx, .csv or .json."))


def _look(form: Form, content: bytes) -> None:
    if not content.strip():
        raise refuse(N_("The file is empty."))
    if len(content) > LARGEST_FILE:
        raise refuse(TOO_LARGE, most=LARGEST_FILE // 2**20)
    if content.startswith(_OLE):
        message = N_(
            "The workbook is protected by a password, or of the old form .xls; save it as .xlsx "
            "without a password."
        )
        raise refuse(message)
    if form is Form.XLSX:
        _look_for_workbook(content)
    else:
        _look_for_text(form, content)


def _look_for_workbook(content: bytes) -> None:
    if content.startswith(_ZIP):
        return
    raise _called(content) or refuse(N_("The file is no XLSX workbook, although it is called one."))


def _look_for_text(form: Form, content: bytes) -> None:
    if content.startswith(_ZIP):
        message = N_("The file is a workbook or an archive, although it is called .%(form)s.")
        raise refuse(message, form=form.value)
    called = _called(content)
    if called:
        raise called


def _called(content: bytes) -> FileRefused | None:
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<body", b"<meta")):
        return refuse(N_("The file is a web page or XML, not a table; save it as .xlsx or .csv."))
    for beginning, name in _OTHERS.items():
        if content.startswith(beginning):
            message = N_("The file is of the form %(form)s, which holds no entries.")
            return refuse(message, form=name)
    return None
