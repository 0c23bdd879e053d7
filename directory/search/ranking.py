"""Which documents answer a question, and in which order.

Independent of the engine: works on sets of document numbers (``bits``) that the engine keeps for
each term. The order, highest first:

1. the State the words stand for, or the States they may stand for;
2. the territory, the cooperation type, the kind, the treaty and the article;
3. the State's own document, so that 'nothing on record' can be said of it;
4. the words themselves: the rarer, the higher; names above cities above other texts.

Explicit filters always hold.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from math import log2
from operator import and_, or_
from typing import Protocol

from directory.domain.vocabulary import EntryKind
from directory.search.bits import Scores
from directory.search.index import Facet, SearchQuestion
from directory.search.lexicon import LITTLE_WORDS
from directory.search.spelling import mended
from directory.search.text import is_unspaced, pieces
from directory.search.understanding import Understood, Word


class Terms(Protocol):
    """The sets an engine keeps: the documents of each term of each field."""

    @property
    def everything(self) -> int:
        """All documents."""
        ...

    @property
    def vocabulary(self) -> Collection[str]:
        """All words of names, cities and texts."""
        ...

    def having(self, field: str, term: str) -> int:
        """The documents that have this term in this field."""
        ...

    def beginning(self, start: str) -> int:
        """The documents with a word in their names or cities that begins so."""
        ...

    def hidden(self, today: dt.date) -> int:
        """The documents whose last day has passed."""
        ...

    def counted(self, field: str, among: int) -> Iterable[tuple[str, int]]:
        """The terms of a field of ``COUNTED`` that these may have, each with its documents."""
        ...


#: Points of what the words stand for, at full likelihood.
POINTS: Mapping[Facet, int] = {
    Facet.STATE: 1000,
    Facet.TERRITORY: 350,
    Facet.TYPE: 300,
    Facet.KIND: 120,
    Facet.ROLE: 200,
    Facet.INSTRUMENT: 100,
    Facet.ARTICLE: 80,
    Facet.BODY: 160,
    Facet.LANGUAGE: 100,
}
#: An officer posted in the State, or covering it, is about it but not of it.
RELATED_POINTS = 600
#: An officer posted in a city that is typed: it outweighs the State the city stands for.
POSTING_POINTS = 600
#: Before requirements and officers for the same kind of help, unless these are asked for.
ADDRESSED_POINTS = 150
#: Beside the points of a language, for the States where it comes first.
FIRST_LANGUAGE_POINTS = 60
STATE_DOCUMENT_POINTS = 140
#: Before what was made up for trials.
REAL_POINTS = 150
#: Field -> points a word of it gives for each halving of the documents that have it.
WORD_FIELDS: Mapping[str, float] = {"name": 12.0, "place": 10.0, "text": 4.0}
#: A word mended, or only begun, counts less than one spelled as it is.
MENDED_SHARE = 0.6
BEGUN_SHARE = 0.4
MOST_MENDINGS = 6
#: Facets a result is counted by.
COUNTED = ("state", "type", "kind", "instrument")

STATE_KIND = "state"


@dataclass(frozen=True, slots=True)
class Ranking:
    """The documents found, and their scores."""

    matches: int
    scores: Scores
    #: Words as typed -> the word that was looked for instead.
    corrections: dict[str, str]
    #: Words as typed that stand for nothing and that none of the documents found holds; none
    #: where nothing was found.
    unused: tuple[str, ...] = ()

    def best(self) -> Iterator[int]:
        """Document numbers, best first."""
        return self.scores.best(self.matches)


def rank(question: SearchQuestion, understood: Understood, terms: Terms) -> Ranking:
    """Find and score the documents for a question."""
    allowed = _allowed(question, terms)
    scores = Scores()
    state_documents = terms.having("kind", STATE_KIND)
    scores.add(state_documents & allowed, STATE_DOCUMENT_POINTS)
    for facet, points in POINTS.items():
        for value, share in understood.values(facet).items():
            scores.add(_standing_for(facet, value, terms) & allowed, points * share // 100)
    for value, share in understood.values(Facet.STATE).items():
        scores.add(terms.having("related", value) & allowed, RELATED_POINTS * share // 100)
    for value, share in understood.values(Facet.LANGUAGE).items():
        scores.add(
            terms.having("first_language", value) & allowed, FIRST_LANGUAGE_POINTS * share // 100
        )
    scores.add(terms.having("role", "real") & allowed, REAL_POINTS)
    _score_kinds(understood, terms, allowed, scores)
    hits, corrections = _score_words(understood.words, terms, allowed, scores)
    rest = [hits[word.raw] for word in understood.rest]
    found = _matches(understood, terms, rest, list(hits.values())) if understood.words else allowed
    corrections |= {word.raw: word.mended for word in understood.words if word.mended}
    if not understood.words and _holds_no_word(question):
        found = 0
    matches = found & allowed
    # Where nothing is found, no word was used; that needs no saying.
    left = understood.rest if matches else ()
    unused = tuple(word.raw for word in left if not hits[word.raw] & matches)
    return Ranking(matches, scores, corrections, unused)


def _holds_no_word(question: SearchQuestion) -> bool:
    """Is it a sign or a picture alone, which would find everything?"""
    filters = (question.state, question.type, question.kind, question.instrument)
    return bool(question.text) and not any(filters)


def _score_kinds(understood: Understood, terms: Terms, allowed: int, scores: Scores) -> None:
    """Who is addressed comes before what to send; officers by where they are posted."""
    kind = understood.value(Facet.KIND)
    if kind == EntryKind.LIAISON_OFFICER:
        officers = terms.having("kind", kind)
        cities = [
            _any(terms.having("place", form) for form in word.forms) & officers
            for word in understood.beside_state
        ]
        posted = [one for one in cities if one]
        if posted:
            scores.add(reduce(and_, posted) & allowed, POSTING_POINTS)
    elif kind != EntryKind.REQUIREMENTS:
        addressed = _any(
            terms.having("kind", one) for one in (EntryKind.AUTHORITY, EntryKind.CONTACT_POINT)
        )
        asked = _having_any(Facet.TYPE, understood, terms)
        scores.add(asked & addressed & allowed, ADDRESSED_POINTS)


def _standing_for(facet: Facet, value: str, terms: Terms) -> int:
    """The documents that have what a phrase stands for."""
    if facet is not Facet.BODY:
        return terms.having(facet, value)
    words = [word for word in value.split() if word not in LITTLE_WORDS]
    return reduce(and_, (terms.having("name", word) for word in words))


def _allowed(question: SearchQuestion, terms: Terms) -> int:
    """The documents that the explicit filters let through, on that day."""
    filters = {
        "state": question.state,
        "type": question.type,
        "kind": question.kind,
        "instrument": question.instrument,
    }
    allowed = terms.everything
    for field, value in filters.items():
        if value:
            allowed &= terms.having(field, value)
    return allowed & ~terms.hidden(question.today) if question.today else allowed


def _any(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)


def _matches(understood: Understood, terms: Terms, rest: list[int], words: list[int]) -> int:
    """What the words stand for narrows; the State's own document always stays.

    Without anything understood: the documents with all the words, else those with any.
    """
    states = understood.values(Facet.STATE)
    described = _described(understood, terms)
    if states:
        own = _any(terms.having("state", one) | terms.having("related", one) for one in states)
        state_documents = terms.having("kind", STATE_KIND)
        bodies = _having_any(Facet.BODY, understood, terms)
        narrowed = own & (described | bodies | _any(rest))
        has_entries = narrowed & ~state_documents
        return narrowed | own & state_documents if described and has_entries else own
    complete = reduce(and_, words) if words else 0
    if described:
        narrowed = described & _any(rest) if rest else described
        return (narrowed or described) | complete
    return complete or _any(words)


def _described(understood: Understood, terms: Terms) -> int:
    """The documents with the likeliest of what was understood beside the State."""
    for facet in (Facet.TYPE, Facet.KIND, Facet.INSTRUMENT, Facet.ARTICLE, Facet.BODY):
        found = _having_any(facet, understood, terms)
        if found:
            return found
    return 0


def _having_any(facet: Facet, understood: Understood, terms: Terms) -> int:
    return _any(_standing_for(facet, value, terms) for value in understood.values(facet))


def _score_words(
    words: Iterable[Word], terms: Terms, allowed: int, scores: Scores
) -> tuple[dict[str, int], dict[str, str]]:
    """Documents of each word; adds their points; also tells which words were mended."""
    hits: dict[str, int] = {}
    corrections: dict[str, str] = {}
    for word in words:
        if word.raw in hits:
            continue
        found = _score_forms(_lookups(word), terms, allowed, scores, 1.0)
        if not found and word.plain not in LITTLE_WORDS:
            found = _score_likely(word, terms, allowed, scores, corrections)
        hits[word.raw] = found
    return {
        raw: found for raw, found in hits.items() if raw.lower() not in LITTLE_WORDS
    }, corrections


def _lookups(word: Word) -> tuple[str, ...]:
    if is_unspaced(word.raw):
        return tuple(pieces(word.forms[0]))
    return (word.mended, *word.forms) if word.mended else word.forms


def _score_likely(
    word: Word, terms: Terms, allowed: int, scores: Scores, corrections: dict[str, str]
) -> int:
    """A word nobody has: the words one typing error away, else those it begins."""
    near = mended(word.forms[0], terms.vocabulary)[:MOST_MENDINGS]
    found = _score_forms(near, terms, allowed, scores, MENDED_SHARE)
    if found:
        corrections[word.raw] = near[0]
        return found
    if len(word.forms[0]) < 3:
        return 0
    begun = terms.beginning(word.forms[0])
    scores.add(begun & allowed, _points(terms, begun, WORD_FIELDS["name"] * BEGUN_SHARE))
    return begun


def _score_forms(
    forms: Iterable[str], terms: Terms, allowed: int, scores: Scores, share: float
) -> int:
    """Add the points of one word; forms of one word do not add up."""
    looked_for = tuple(forms)
    found = 0
    for field, points in WORD_FIELDS.items():
        having = _any(terms.having(field, form) for form in looked_for)
        scores.add(having & allowed, _points(terms, having, points * share))
        found |= having
    return found


def _points(terms: Terms, having: int, points: float) -> int:
    count = having.bit_count()
    return round(points * log2(1 + terms.everything.bit_count() / count)) if count else 0


def count_facets(terms: Terms, matches: int) -> dict[str, dict[str, int]]:
    """Facet -> value -> how many of the entries found have it; the likeliest first."""
    entries = matches & ~terms.having("kind", STATE_KIND)
    return {field: _counts(terms, field, entries) for field in COUNTED}


def _counts(terms: Terms, field: str, entries: int) -> dict[str, int]:
    present = [
        (value, count)
        for value, having in terms.counted(field, entries)
        if (count := (having & entries).bit_count())
    ]
    return dict(sorted(present, key=lambda item: (-item[1], item[0])))
