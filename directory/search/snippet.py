"""The line of a document that answers a question, with the words that matched marked."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from directory.search.text import is_unspaced, pieces, word_forms

#: Characters of a snippet.
LONGEST = 160

Pieces = tuple[tuple[str, bool], ...]

_PARTS = re.compile(r"[^\W_]+|[\W_]+")


def snippet(lines: Sequence[str], wanted: frozenset[str]) -> Pieces:
    """The line with most matching words as (text, is match) pieces, cut to ``LONGEST``.

    Without any match the first line, unmarked; () when there is no line.
    """
    looked_at = [line[: 2 * LONGEST] for line in lines if line]
    marked = [found for line in looked_at if (found := _with_matches(line, wanted))]
    best = max(marked, key=lambda line: sum(hit for _, hit in line), default=())
    return _cut(best or tuple((line, False) for line in looked_at[:1]))


def _with_matches(line: str, wanted: frozenset[str]) -> Pieces:
    """The line in pieces, () when none of them matches; most lines tell at once that none does."""
    if line.isascii():
        # A word without accents is kept in small letters and no other form.
        lowered = line.lower()
        held = [one for one in wanted if one and one in lowered]
        return _marked_at(line, _whole_words(lowered, held)) if held else ()
    return () if wanted.isdisjoint(_forms(line)) else _marked(line, wanted)


def _whole_words(lowered: str, held: Iterable[str]) -> list[tuple[int, int]]:
    """Where these stand in the line as whole words: begin and end of each, in order."""
    found: list[tuple[int, int]] = []
    for one in held:
        at = lowered.find(one)
        while at >= 0:
            end = at + len(one)
            if not lowered[at - 1 : at].isalnum() and not lowered[end : end + 1].isalnum():
                found.append((at, end))
            at = lowered.find(one, end)
    return sorted(found)


def _marked_at(line: str, places: Iterable[tuple[int, int]]) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    done = 0
    for begin, end in places:
        pieces += [(line[done:begin], False), (line[begin:end], True)]
        done = end
    return tuple(one for one in (*pieces, (line[done:], False)) if one[0]) if pieces else ()


@lru_cache(maxsize=1024)
def _forms(line: str) -> frozenset[str]:
    """All that a part of a line with other letters can match by."""
    forms: set[str] = set()
    for part in _PARTS.findall(line):
        forms.update(_part_forms(part))
    return frozenset(forms)


@lru_cache(maxsize=4096)
def _part_forms(part: str) -> tuple[str, ...]:
    return (part, *pieces(part)) if is_unspaced(part) else word_forms(part)


def _marked(line: str, wanted: frozenset[str]) -> Pieces:
    merged: list[tuple[str, bool]] = []
    for part in _PARTS.findall(line):
        hit = not wanted.isdisjoint(_part_forms(part))
        if merged and (merged[-1][1] is hit):
            merged[-1] = (merged[-1][0] + part, hit)
        else:
            merged.append((part, hit))
    return tuple(merged)


def _cut(line: Pieces) -> Pieces:
    """At most ``LONGEST`` characters, beginning shortly before the first match."""
    first = next((at for at, (_, hit) in enumerate(line) if hit), 0)
    kept: list[tuple[str, bool]] = []
    room = LONGEST
    for at, (text, hit) in enumerate(line):
        if at < first - 1 or room <= 0:
            continue
        shown = _shortened(text, room, from_end=at == first - 1 and len(text) > LONGEST // 2)
        kept.append((shown, hit))
        room -= len(shown)
    return tuple(kept)


def _shortened(text: str, room: int, *, from_end: bool) -> str:
    if from_end:
        return "…" + text[-min(room, LONGEST // 2) :]
    return text if len(text) <= room else text[:room] + "…"
