"""Why: each line of an answer carries reasons, as codes with parameters, worded elsewhere.

The words (``REASON_TEXTS``) are English templates marked for translation; a front translates and
fills them with ``render``. Parameters hold codes and dates, never words: ``state`` and ``other``
are State codes, ``type`` and ``wanted`` cooperation types, ``instrument`` and ``parent`` codes of
instruments, ``territory`` a key, ``entry`` an identifier, ``date`` a date.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from directory.domain.reason_texts import REASON_TEXTS


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason: its code, what fills its words, and the article it rests on ('UNTOC 18(13)')."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    rule: str = field(default="", kw_only=True)


def render(
    reason: Reason,
    translate: Callable[[str], str] = str,
    show: Callable[[str, object], str] = lambda _, value: str(value),
) -> str:
    """The reason in words; ``show`` puts one parameter (name, value) into the reader's words."""
    words = translate(REASON_TEXTS[reason.code])
    return words % {name: show(name, value) for name, value in reason.params.items()}
