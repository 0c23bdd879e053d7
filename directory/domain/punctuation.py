"""How lists and additions are pointed: Arabic and Chinese have commas of their own.

Names are only put beside one another, without an 'and': they are often of another script than the
sentence, and an Arabic 'و' would be joined to them. Signs as in the Unicode CLDR, list patterns.
"""

from collections.abc import Iterable

_COMMAS = {"ar": "، ", "zh": "，"}
#: Between the members of a list Chinese has a sign that is not its comma.
_BETWEEN = _COMMAS | {"zh": "、"}
_SEMICOLONS = {"ar": "؛ ", "zh": "；", "fr": "\u00a0; "}
_COLONS = {"zh": "：", "fr": "\u00a0: "}
_STOPS = {"zh": "。"}


def comma(language: str) -> str:
    """The comma before an addition, with its space."""
    return _COMMAS.get(language, ", ")


def semicolon(language: str) -> str:
    """The semicolon with its space."""
    return _SEMICOLONS.get(language, "; ")


def colon(language: str) -> str:
    """The colon with its space."""
    return _COLONS.get(language, ": ")


def stop(language: str) -> str:
    """What ends a sentence."""
    return _STOPS.get(language, ".")


def between(language: str) -> str:
    """What stands between two members of a list."""
    return _BETWEEN.get(language, ", ")


def listed(items: Iterable[object], language: str) -> str:
    """'one, two, three', pointed as the language does."""
    return between(language).join(str(one) for one in items)
