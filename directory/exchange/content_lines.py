"""Content lines, which vCards (RFC 6350, RFC 2426) and calendars (RFC 5545) are made of."""

import re
from collections.abc import Iterable

#: Octets of a line without its end, after which it is folded.
WIDEST = 75
END = "\r\n"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")


def escaped(text: str) -> str:
    """A text as a value: backslash, comma, semicolon and ends of lines are escaped."""
    plain = _CONTROL.sub("", _BREAK.sub("\n", text))
    for letter in ("\\", ",", ";"):
        plain = plain.replace(letter, f"\\{letter}")
    return plain.replace("\n", "\\n").replace("\t", " ")


def structured(parts: Iterable[str]) -> str:
    """A value of several parts."""
    return ";".join(escaped(one) for one in parts)


def content_line(name: str, value: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """One line, folded, with its end; ``value`` is escaped already where its type needs it.

    No end of a line inside a value begins another one.
    """
    given = "".join(f";{key}={_parameter(text)}" for key, text in params if text)
    return folded(f"{name}{given}:{_CONTROL.sub('', _BREAK.sub('', value))}") + END


def _parameter(text: str) -> str:
    plain = _CONTROL.sub("", _BREAK.sub(" ", text)).replace('"', "'")
    return f'"{plain}"' if re.search(r"[:;,]", plain) else plain


def folded(line: str) -> str:
    """The line in pieces of at most ``WIDEST`` octets; no character is cut in two."""
    pieces, piece, width = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if width + octets > WIDEST:
            pieces.append(piece)
            # The space that begins a continued line counts.
            piece, width = "", 1
        piece, width = piece + letter, width + octets
    return f"{END} ".join([*pieces, piece])
