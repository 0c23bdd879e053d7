"""Which characters a text may hold: none that hide, reorder or end it unseen."""

import unicodedata
from collections.abc import Iterable

from directory.domain.marks import N_
from directory.errors import Problem

#: Joiners that some scripts cannot be written without (Persian, Hindi, Bengali ...).
JOINERS = "\u200c\u200d"
_JOINED_SCRIPTS = (
    "ARABIC",
    "BENGALI",
    "DEVANAGARI",
    "GUJARATI",
    "GURMUKHI",
    "KANNADA",
    "MALAYALAM",
    "MONGOLIAN",
    "ORIYA",
    "SINHALA",
    "SYRIAC",
    "TAMIL",
    "TELUGU",
)
#: Control, format, surrogate, private-use and unassigned characters, line and paragraph separators.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def hidden_characters(text: str, *, lines: bool = False) -> tuple[str, ...]:
    """The characters that are refused, each once as 'U+202E'; ``lines`` allows line breaks."""
    if text.isascii() and text.isprintable():
        return ()
    allowed = "\n\r\t" if lines else ""
    found = {
        character
        for position, character in enumerate(text)
        if unicodedata.category(character) in _REFUSED
        and character not in allowed
        and not _joins(text, position)
    }
    return tuple(f"U+{ord(character):04X}" for character in sorted(found))


def _joins(text: str, position: int) -> bool:
    """Is it a joiner between two letters of a script that needs it?"""
    if text[position] not in JOINERS or not 0 < position < len(text) - 1:
        return False
    neighbours = (text[position - 1], text[position + 1])
    return all(unicodedata.name(one, "").startswith(_JOINED_SCRIPTS) for one in neighbours)


def text_problems(path: str, text: str, longest: int, *, lines: bool = False) -> Iterable[Problem]:
    """What is wrong with one text: its length, or what it hides."""
    if len(text) > longest:
        yield Problem(path, N_("Give at most %(most)s characters."), {"most": longest})
    hidden = hidden_characters(text, lines=lines)
    if hidden:
        message = N_("It holds characters that cannot be seen (%(hidden)s); type it anew.")
        yield Problem(path, message, {"hidden": ", ".join(hidden)})


def required_problems(path: str, text: str, longest: int) -> list[Problem]:
    """The same, for a text that must be there and may have several lines."""
    if not text.strip():
        return [Problem(path, N_("Write something here."))]
    return list(text_problems(path, text, longest, lines=True))
