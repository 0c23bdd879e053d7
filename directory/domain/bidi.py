"""Texts of two directions in one line, for outputs that know no markup (files, cards, paper).

A telephone number or an address inside an Arabic sentence is drawn in a wrong order unless it is
isolated (Unicode Standard Annex 9). Pages use ``<bdi>`` instead.
"""

import unicodedata
from collections.abc import Mapping

_RIGHT = frozenset({"R", "AL"})


def runs_right(text: str) -> bool:
    """Has the text a letter that is written from right to left?"""
    return any(unicodedata.bidirectional(letter) in _RIGHT for letter in text)


def isolated(text: str) -> str:
    """A text that keeps the direction of its own first letter, or runs to the right without one
    (FIRST STRONG ISOLATE ... POP DIRECTIONAL ISOLATE)."""
    return f"\u2068{text}\u2069"


def filled(sentence: str, params: Mapping[str, object]) -> str:
    """``sentence % params``, with each value isolated where the sentence runs to the left."""
    if not runs_right(sentence):
        return sentence % params
    return sentence % {name: isolated(str(value)) for name, value in params.items()}
