"""Looks at one PDF in a process of its own, which bounds itself; see ``bounded`` and ``evidence``.

Standard input: the file. Standard output: one JSON line with the code of a refusal, or with ''.
Imports nothing of the package, so that it starts at once. It reads the structure of the file and
never what its streams unpack to.
"""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import pikepdf

#: Bytes of address space, and seconds of processor time, that the look may cost.
MEMORY = 256 * 1024 * 1024
SECONDS = 2
BEGIN, END = b"%PDF-", b"%%EOF"
#: What may follow the last mark of the file: an end of a line or two.
BLANK = b"\r\n\t \x00"
#: The test word of scanners (EICAR), in two parts so that no scanner takes this file for it.
TEST_WORD = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
#: Beginnings of other forms, which a reader may believe rather than the PDF around them.
OTHERS = (b"<html", b"<!doctype html", b"<script", b"<svg", b"<?php", b"#!/")
#: Names that make a reader act by itself.
ACTIVE = frozenset(
    {
        "/ImportData",
        "/JS",
        "/JavaScript",
        "/Launch",
        "/Rendition",
        "/RichMedia",
        "/SubmitForm",
        "/XFA",
    }
)
EMBEDDED = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF"})
MOST_OBJECTS = 200_000
DEEPEST = 60


class Refused(Exception):
    """The code of a refusal."""


def main() -> None:
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps({"refused": verdict(sys.stdin.buffer.read())}) + "\n")


def verdict(content: bytes) -> str:
    """Why the file is refused; '' when it is not."""
    try:
        look_at_bytes(content)
        look_inside(content)
    except Refused as refused:
        return str(refused)
    except pikepdf.PasswordError:
        return "encrypted"
    except MemoryError:
        return "too_much"
    except (pikepdf.PdfError, ValueError, RuntimeError, KeyError, TypeError):
        return "damaged"
    return ""


def look_at_bytes(content: bytes) -> None:
    """Raise ``Refused`` for what is not one whole PDF and nothing else."""
    if not content.startswith(BEGIN) or not content.rstrip(BLANK).endswith(END):
        raise Refused("no_pdf")
    if TEST_WORD in content:
        raise Refused("malware")
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("polyglot")
    start = content[:4096].lower()
    if any(one in start for one in OTHERS):
        raise Refused("polyglot")


def look_inside(content: bytes) -> None:
    """Raise ``Refused`` for an encrypted file, and for what acts by itself or carries files."""
    with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as document:
        if document.is_encrypted:
            raise Refused("encrypted")
        if not document.pages:
            raise Refused("damaged")
        if document.get_warnings():
            raise Refused("damaged")
        for name in _names(document):
            if name in ACTIVE:
                raise Refused("active")
            if name in EMBEDDED:
                raise Refused("embedded")


def _names(document: Any) -> Iterator[str]:
    """Every key, and every name that stands as a value, of all objects."""
    waiting = [(document.trailer, 0), *((one, 0) for one in document.objects)]
    seen = 0
    while waiting:
        one, depth = waiting.pop()
        seen += 1
        if seen > MOST_OBJECTS or depth > DEEPEST:
            raise Refused("too_much")
        for name, value in _parts(one):
            if name:
                yield name
            if isinstance(value, pikepdf.Name):
                yield str(value)
            elif not getattr(value, "is_indirect", False):
                waiting.append((value, depth + 1))


def _parts(one: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(one, pikepdf.Stream):
        one = one.stream_dict
    if isinstance(one, pikepdf.Dictionary):
        yield from ((str(name), value) for name, value in one.items())
    elif isinstance(one, pikepdf.Array):
        yield from (("", value) for value in one)


if __name__ == "__main__":
    main()
