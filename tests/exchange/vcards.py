"""A strict reader of vCards by the grammar of RFC 6350 (and RFC 2426 for 3.0), for tests alone."""

import re
from dataclasses import dataclass, field

_NAME = re.compile(r"(?:[A-Za-z0-9-]+\.)?[A-Za-z0-9-]+")
_PARAM = re.compile(r';([A-Za-z0-9-]+)=("[^"\x00-\x1f\x7f]*"|[^";:,\x00-\x1f\x7f]*)')
#: Properties that stand at most once, and those that must stand.
ONCE = ("VERSION", "PRODID", "UID", "KIND", "REV", "N")
NEEDED = {"4.0": ("VERSION", "FN"), "3.0": ("VERSION", "FN", "N")}
#: Values that are a text, so escaped.
TEXTS = frozenset({"FN", "NOTE", "ROLE", "PRODID", "UID", "EMAIL"})
PARTS = {"N": 5, "ADR": 7}


@dataclass
class Property:
    name: str
    value: str
    params: dict[str, list[str]] = field(default_factory=dict)


def read_cards(content: bytes) -> list[list[Property]]:
    """The cards of a file; raises ``ValueError`` for whatever the grammar does not allow."""
    text = content.decode("utf-8")
    if not text.endswith("\r\n") or "\n" in text.replace("\r\n", ""):
        raise ValueError("lines end with CRLF, the last one too")
    for line in content.split(b"\r\n"):
        if len(line) > 75:
            raise ValueError("a line is longer than 75 octets")
        line.decode("utf-8")
    cards: list[list[Property]] = []
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    while lines:
        if lines[0] != "BEGIN:VCARD" or "END:VCARD" not in lines:
            raise ValueError("a card begins and ends")
        end = lines.index("END:VCARD")
        cards.append(_card([_property(one) for one in lines[1:end]]))
        lines = lines[end + 1 :]
    return cards


def _card(found: list[Property]) -> list[Property]:
    names = [one.name for one in found]
    if names[0] != "VERSION" or found[0].value not in NEEDED:
        raise ValueError("VERSION comes first")
    for name in NEEDED[found[0].value]:
        if name not in names:
            raise ValueError(f"{name} is missing")
    for name in ONCE:
        if names.count(name) > 1:
            raise ValueError(f"{name} stands twice")
    return found


def _property(line: str) -> Property:
    name = _NAME.match(line)
    if name is None:
        raise ValueError(f"no name: {line}")
    rest, params = line[name.end() :], dict[str, list[str]]()
    while rest.startswith(";"):
        one = _PARAM.match(rest)
        if one is None:
            raise ValueError(f"a parameter is none: {rest}")
        params.setdefault(one[1], []).append(one[2].strip('"'))
        rest = rest[one.end() :]
    if not rest.startswith(":"):
        raise ValueError(f"no value: {line}")
    return Property(name[0], _value(name[0], rest[1:]), params)


def _value(name: str, raw: str) -> str:
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in raw):
        raise ValueError("a control character")
    if name in PARTS and len(re.split(r"(?<!\\)(?:\\\\)*;", raw)) != PARTS[name]:
        raise ValueError(f"{name} has {PARTS[name]} parts")
    if name in TEXTS and re.search(r"(?<!\\)(?:\\\\)*[,;]", raw):
        raise ValueError(f"{name} is not escaped: {raw}")
    return unescaped(raw)


def unescaped(raw: str) -> str:
    """Raises ``ValueError`` for an escape that is none."""
    out, letters = "", iter(raw)
    for letter in letters:
        if letter != "\\":
            out += letter
            continue
        following = next(letters, "")
        if following not in {"\\", ",", ";", "n", "N"}:
            raise ValueError(f"no escape: \\{following}")
        out += "\n" if following in "nN" else following
    return out
