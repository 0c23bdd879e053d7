"""What phrases stand for: States by all their names, cooperation types by what people call them."""

import pickle  # nosec B403
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

from directory.search.index import Facet, Phrase
from directory.search.inflection import by_beginning
from directory.search.text import is_unspaced, raw_words, word_forms

#: What a phrase stands for.
Meaning = tuple[Facet, str]

#: Little words of the languages people ask in: they do not tell phrases apart.
LITTLE_WORDS = frozenset(
    raw_words(
        "a al an and au aux d da das de dei del della den der des di die do dos du e el en et for "
        "het i in l la las le les los o of on or ou s the to und van von y в и о по с"
    )
)
#: 'U.K.', 'EE.UU.', 'P.R. China' are typed with and without their dots.
_DOTTED = re.compile(r"\b(?:\w{1,2}\.){2,}(?:\w{1,2}\b)?")
_IN_BRACKETS = re.compile(r"\s*\(.*?\)")
#: Spellings of one phrase that are kept; names with many umlauts would give hundreds.
MOST_SPELLINGS = 8


def undotted(text: str) -> str:
    """Abbreviations without their dots."""
    return _DOTTED.sub(lambda found: found.group().replace(".", ""), text)


def phrase_key(words: Iterable[str]) -> str:
    """One key for the same words in any order, without little words; '' when nothing is left."""
    return " ".join(sorted(word for word in words if word not in LITTLE_WORDS))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by key, and what is needed to find them in a question."""

    meanings: dict[str, tuple[Meaning, ...]] = field(default_factory=dict)
    #: Words that occur in a phrase, those of States apart: they are preferred when mending.
    words: frozenset[str] = frozenset()
    state_words: frozenset[str] = frozenset()
    #: The words of States and of what alludes to them, and all others, by their beginnings.
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Phrases, or parts of them, in scripts without spaces.
    unspaced: frozenset[str] = frozenset()
    state_codes: frozenset[str] = frozenset()
    #: Article ('46(13)') -> (instrument, cooperation type) it covers.
    articles: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def build_lexicon(phrases: Iterable[Phrase]) -> Lexicon:
    """The lexicon of these phrases."""
    meanings: dict[str, dict[Meaning, None]] = defaultdict(dict)
    #: Thirty thousand keys have some two thousand meanings, each of which is kept once.
    meant: dict[tuple[Meaning, ...], tuple[Meaning, ...]] = {}
    articles: dict[str, list[tuple[str, str]]] = defaultdict(list)
    state_words: set[str] = set()
    allusions: set[str] = set()
    for phrase in phrases:
        if phrase.facet is Facet.ARTICLE:
            instrument, _, article = phrase.text.rpartition(" ")
            articles[article].append((instrument, phrase.value))
            continue
        meaning = (phrase.facet, phrase.value)
        for key in _keys(phrase.text):
            meanings[key][meaning] = None
            if phrase.facet in {Facet.STATE, Facet.TERRITORY}:
                state_words.update(key.split())
            elif phrase.facet is Facet.ALLUSION:
                allusions.update(key.split())
    words = frozenset(word for key in meanings for word in key.split())
    return Lexicon(
        meanings={
            key: meant.setdefault(tuple(found), tuple(found)) for key, found in meanings.items()
        },
        words=words,
        state_words=frozenset(state_words),
        names=by_beginning(state_words | allusions),
        terms=by_beginning(words - state_words - allusions),
        unspaced=frozenset(word for word in words if is_unspaced(word)),
        state_codes=frozenset(p.value for p in phrases if p.facet is Facet.STATE),
        articles={article: tuple(found) for article, found in articles.items()},
    )


class KeptLexicon:
    """The lexicon read last: it is slow to make, and most editions have the same phrases."""

    def __init__(self) -> None:
        self._kept: tuple[Hashable, Lexicon] = (None, Lexicon())

    def of(self, key: Hashable, phrases: Callable[[], Iterable[Phrase]]) -> Lexicon:
        """The lexicon of these phrases; ``key`` tells one set of phrases from another."""
        known, lexicon = self._kept
        if known != key:
            lexicon = _dense(lambda: build_lexicon(phrases()))
            self._kept = (key, lexicon)
        return lexicon


def _dense(build: Callable[[], Lexicon]) -> Lexicon:
    """The lexicon, made once more after all that was thrown away while it was built.

    Built only once, its six megabytes lie scattered among a hundred thousand freed words, whose
    place every serving process fills, and so comes to own, by itself.
    """
    packed = pickle.dumps(build())
    # Its thousands of words are in the lexicon now; nobody asks for most of them again.
    word_forms.cache_clear()
    lexicon: Lexicon = pickle.loads(packed)  # nosec B301
    return lexicon


def _keys(text: str) -> Iterator[str]:
    """Keys of a phrase: as written, and without what stands in brackets."""
    for spelling in dict.fromkeys((text, _IN_BRACKETS.sub("", text))):
        forms = [word_forms(raw) for raw in raw_words(undotted(spelling))]
        spellings = product(*(form for form in forms if form))
        for _, words in zip(range(MOST_SPELLINGS), spellings, strict=False):
            key = phrase_key(words)
            if key:
                yield key
