"""The words in which reference data name a source, with links where they say where it can be read.

The data hold words and no field for an address ('UNTC via github.com/zmjones/untreaties + BOE-A-
2012-5842'), so the addresses are found in them: those that name a page, and the numbers of the
Spanish gazette, which the entries' own sources of the same data lead to in this way. A bare name
of a host leads to no source and stays as it is.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from directory.domain.marks import N_

#: What an entry made for trials names as its source, in the language of the data.
SYNTHETIC = N_("Synthetic entry for trials; not a fact")
#: Where the Spanish gazette shows a document by its number, as ``authorities.json`` has it.
_GAZETTE = "https://www.boe.es/buscar/doc.php?id="
_PLACES = re.compile(
    r"(?P<gazette>\bBOE-A-\d{4}-\d+\b)"
    r"|(?P<page>(?<![\w.@/*-])(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}/[\w./~-]*[\w/])",
    re.IGNORECASE,
)


def source_pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with the address it names, '' where it names none."""
    end = 0
    for found in _PLACES.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], ""
        yield found[0], _address(found)
        end = found.end()
    if end < len(text):
        yield text[end:], ""


def source_links(text: str, link: str = "") -> tuple[str, ...]:
    """Where a source can be read: the address on record, else those its words name, in order."""
    return (link,) if link else _named(text)


# An answer names the same few hundred sources again and again.
@lru_cache(maxsize=1024)
def _named(text: str) -> tuple[str, ...]:
    return tuple(address for _, address in source_pieces(text) if address)


def _address(found: re.Match[str]) -> str:
    if found["gazette"]:
        return f"{_GAZETTE}{found['gazette'].upper()}"
    page = found["page"]
    return page if "://" in page else f"https://{page}"
