"""What the seed data know of places: territories in scopes, cities, numbering plans, zones."""

import re

from anyascii import anyascii

from directory.domain.reference import State
from directory.seeding.folder import Seed
from directory.seeding.rows import DesignationRow
from directory.seeding.states import SeedTerritory

#: '1070 Wien', 'SE-103 33 Stockholm', '2500 EH Den Haag': the words after a postal code.
_AFTER_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}-)?\d(?:\s?\d){3,5}(?:\s[A-Z]{2})?\s+"
    r"((?:Den |The |La |El |San |Santo )?[^\W\d_][\w'’-]+)"
)
#: 'Edinburgh EH1 1LA': the word before a British postal code.
_BEFORE_POSTCODE = re.compile(r"([A-Z][a-z]+) [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")
_LEFTOVER = re.compile(r"[\s,;:()]|\band\b|\bpart\b|\bSAR\b")


def words(text: str) -> frozenset[str]:
    """The words of a folded text (ASCII, lower case)."""
    return frozenset(re.findall(r"[a-z0-9]+", text))


class Places:
    """Looks places up for rows of the seed data."""

    def __init__(self, seed: Seed) -> None:
        self._states = {one.state.code: one.state for one in seed.states}
        self._territories: dict[str, list[SeedTerritory]] = {}
        for territory in seed.territories:
            self._territories.setdefault(territory.territory.state, []).append(territory)
        self._words: dict[str, frozenset[str]] = {}
        adjectives = [name for name in seed.state_names if name.kind == "adjective"]
        for code, state in self._states.items():
            texts = [state.name(), *(name.text for name in adjectives if name.state == code)]
            self._words[code] = words(_folded(" ".join(texts)))

    def state(self, code: str) -> State:
        return self._states[code]

    def state_words(self, code: str) -> frozenset[str]:
        """The State's English name and adjectives, folded, word by word."""
        return self._words[code]

    def territories(self, row: DesignationRow) -> tuple[str, ...]:
        """Keys of the territories that the row's scope names."""
        return tuple(one.territory.key for one in self._named(row))

    def _named(self, row: DesignationRow) -> list[SeedTerritory]:
        scope = row.scope.casefold()
        return [
            one
            for one in self._territories.get(row.state, ())
            if any(_has_words(scope, name.casefold()) for name in _names(one))
        ]

    def limit(self, row: DesignationRow) -> str:
        """The row's scope, '' where it says no more than the territory."""
        rest = row.scope
        for name in sorted((n for one in self._named(row) for n in _names(one)), key=len)[::-1]:
            rest = re.sub(rf"\b{re.escape(name)}\b", "", rest, flags=re.IGNORECASE)
        return row.scope if _LEFTOVER.sub("", rest) else ""

    def phone_region(self, row: DesignationRow) -> str:
        """Region of the numbering plan for numbers printed without a country code."""
        named = self._named(row)
        return named[0].phone_region if named else row.state

    def zones(self, row: DesignationRow) -> tuple[str, ...]:
        """Time zones the row's office may be in, the likeliest first."""
        named = tuple(one.time_zone for one in self._named(row))
        return named or self._states[row.state].time_zones

    def city(self, state: str, address: str) -> str:
        """The city in an address where it can be read: the capital, or the word by a postcode."""
        folded = _folded(address)
        territories = self._territories.get(state, ())
        if any(_has_words(folded, _folded(name)) for one in territories for name in _names(one)):
            return ""
        capital = self._states[state].capital
        if capital and _has_words(folded, _folded(capital)):
            return capital
        match = _BEFORE_POSTCODE.search(address) or _AFTER_POSTCODE.search(address)
        return match[1] if match else ""


def _names(one: SeedTerritory) -> tuple[str, ...]:
    return (one.territory.name, *one.aliases)


def _folded(text: str) -> str:
    return anyascii(text).casefold()


def _has_words(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None
