"""What a question means: which of its words stand for a State, a type, a kind, a treaty."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from directory.search.index import Facet
from directory.search.inflection import base_form
from directory.search.lexicon import LITTLE_WORDS, Lexicon, Meaning, phrase_key, undotted
from directory.search.spelling import mended
from directory.search.text import MOST_WORDS, bounded, fold, is_unspaced, raw_words, word_forms

#: Words of the longest phrase that is looked for.
LONGEST_PHRASE = 8
#: A phrase in quotation marks counts this many times as much as one without.
QUOTED = 2

_QUOTED = re.compile(r"[\"“”„«»「」]([^\"“”„«»「」]+)[\"“”«»」]")
#: '46(13)', 'art. 17', 'article 27(2)(d)', after folding.
_ARTICLE = re.compile(
    r"(?:\b(?:art|article|articulo|artikel|artigo|articolo|ст|статья|статьи|المادة|مادة)\b\.?\s*"
    r"(\d{1,3}(?:\s?\(\w{1,3}\))*))|\b(\d{1,3}(?:\s?\(\w{1,3}\))+)"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question: as written, and the forms it is looked for by."""

    raw: str
    forms: tuple[str, ...]
    quoted: bool = False
    #: The word it was taken for, when it looks like a typing error.
    mended: str = ""
    #: The word it is another form of: the name of a State in a sentence.
    base: str = ""

    @property
    def plain(self) -> str:
        return self.mended or self.base or self.forms[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What the words stand for. Weights of the values of one facet add up to at most 100.

    ``words`` are all words, ``rest`` those that stand for nothing known.
    """

    words: tuple[Word, ...] = ()
    rest: tuple[Word, ...] = ()
    #: Words that are no part of a State's or a territory's name.
    beside_state: tuple[Word, ...] = ()
    weights: dict[Facet, dict[str, int]] = field(default_factory=dict)

    def values(self, facet: Facet) -> dict[str, int]:
        """Value -> weight, the likeliest at 100."""
        return self.weights.get(facet, {})

    def value(self, facet: Facet) -> str:
        """The one value that is likelier than any other; '' without one."""
        ranked = sorted(self.values(facet).items(), key=lambda item: -item[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            return ""
        return ranked[0][0]


@dataclass(frozen=True, slots=True)
class _Match:
    meanings: tuple[Meaning, ...]
    weight: int
    #: Where its words stand.
    places: frozenset[int] = frozenset()

    def values(self, facet: Facet) -> list[str]:
        return [value for owner, value in self.meanings if owner is facet]

    @property
    def names_state(self) -> bool:
        return bool(self.values(Facet.STATE) or self.values(Facet.TERRITORY))


#: Is this word one that the index holds?
IsIndexed = Callable[[str], bool]


def understand(text: str, lexicon: Lexicon, is_indexed: IsIndexed = bool) -> Understood:
    """Read a question; never raises, whatever it is made of."""
    question = undotted(bounded(text))
    words = _words(question, lexicon, is_indexed)
    taken: set[int] = set()
    matches = _phrase_matches(words, lexicon, taken)
    matches += _code_matches(question, words, lexicon, taken)
    votes = _votes(matches)
    articles = _articles(question, words, taken)
    _add_articles(articles, lexicon, votes)
    taken -= _add_topics(matches, votes)
    _add_allusions(votes, bool(articles))
    # A word put right that makes no phrase was no typing error of one.
    words = [
        word if at in taken else replace(word, mended="", base="") for at, word in enumerate(words)
    ]
    rest = (word for at, word in enumerate(words) if at not in taken)
    of_states = set().union(*(match.places for match in matches if match.names_state))
    return Understood(
        words=tuple(words),
        beside_state=tuple(word for at, word in enumerate(words) if at not in of_states),
        rest=tuple(word for word in rest if word.plain not in LITTLE_WORDS),
        weights={facet: _shares(values) for facet, values in votes.items()},
    )


def _words(question: str, lexicon: Lexicon, is_indexed: IsIndexed) -> list[Word]:
    quoted = {raw for part in _QUOTED.findall(question) for raw in raw_words(part)}
    found: list[Word] = []
    for raw in raw_words(question):
        for part in _segments(raw, lexicon) if is_unspaced(raw) else [raw]:
            forms = word_forms(part)
            if forms and len(found) < MOST_WORDS:
                found.append(_read(part, forms, lexicon, is_indexed, raw in quoted))
    return found


def _read(
    part: str, forms: tuple[str, ...], lexicon: Lexicon, is_indexed: IsIndexed, quoted: bool
) -> Word:
    """A word, and for one that nobody knows what it may stand for."""
    if any(form in lexicon.words for form in forms):
        return Word(part, forms, quoted)
    is_known = any(is_indexed(form) for form in forms)
    base = _base(forms, lexicon, is_known)
    # A name that only lacks or has an s too much is misspelt; any other form of it is not.
    if base and {base, forms[0]} != {f"{base.removesuffix('s')}s", base.removesuffix("s")}:
        return Word(part, forms, quoted, base=base)
    if is_known:
        return Word(part, forms, quoted)
    return Word(part, forms, quoted, mended=_mend(forms, lexicon))


def _base(forms: tuple[str, ...], lexicon: Lexicon, is_known: bool) -> str:
    """The word of the lexicon it is a form of; what entries hold is hardly a State's name."""
    places = (lexicon.terms,) if is_known else (lexicon.names, lexicon.terms)
    found = (base_form(form, place) for place in places for form in forms)
    return next((base for base in found if base), "")


def _segments(run: str, lexicon: Lexicon) -> list[str]:
    """An unspaced run cut at the phrases it holds, longest first from the left."""
    segments: list[str] = []
    unknown = at = 0
    while at < len(run):
        length = next(
            (
                size
                for size in range(min(len(run) - at, 16), 1, -1)
                if run[at : at + size] in lexicon.unspaced
            ),
            0,
        )
        if length:
            segments += [run[unknown:at], run[at : at + length]]
            unknown = at + length
        at += length or 1
    return [segment for segment in (*segments, run[unknown:]) if segment]


def _mend(forms: tuple[str, ...], lexicon: Lexicon) -> str:
    """The word of the lexicon one typing error away."""
    plain = forms[0]
    near = mended(plain, lexicon.words)
    return min(
        near, key=lambda one: (one not in lexicon.state_words, one[0] != plain[0]), default=""
    )


def _phrase_matches(words: list[Word], lexicon: Lexicon, taken: set[int]) -> list[_Match]:
    """Phrases found in the words, longest first; their places are added to ``taken``."""
    matches: list[_Match] = []
    for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            places = range(start, start + length)
            if taken.isdisjoint(places) and (
                match := _match(words[start : start + length], lexicon)
            ):
                taken.update(places)
                matches.append(replace(match, places=frozenset(places)))
    return matches


def _match(window: list[Word], lexicon: Lexicon) -> _Match | None:
    if window[0].plain in LITTLE_WORDS or window[-1].plain in LITTLE_WORDS:
        return None
    key = phrase_key(word.plain for word in window)
    meanings = lexicon.meanings.get(key)
    if not meanings:
        return None
    weight = 12 * (key.count(" ") + 1) * (QUOTED if all(word.quoted for word in window) else 1)
    return _Match(meanings, weight)


def _code_matches(
    question: str, words: list[Word], lexicon: Lexicon, taken: set[int]
) -> list[_Match]:
    """Codes of States in capitals ('mla RO'); in longer texts in capitals any word looks so."""
    if question.isupper() and len(words) > 2:
        return []
    matches: list[_Match] = []
    for at, word in enumerate(words):
        if at not in taken and word.raw in lexicon.state_codes:
            taken.add(at)
            matches.append(_Match(((Facet.STATE, word.raw),), 12, frozenset({at})))
    return matches


Votes = dict[Facet, dict[str, int]]


def _votes(matches: Iterable[_Match]) -> Votes:
    votes: Votes = defaultdict(lambda: defaultdict(int))
    for match in matches:
        for facet in {facet for facet, _ in match.meanings} - {Facet.TOPIC}:
            values = match.values(facet)
            if facet is Facet.STATE:
                # 'French' is a language too, and gives way to a State that is named.
                values = [one for one in values if (Facet.ALLUSION, one) not in match.meanings]
            for value in values:
                votes[facet][value] += match.weight // len(values)
    for territory, weight in votes.get(Facet.TERRITORY, {}).items():
        votes[Facet.STATE][territory[:2]] += weight
    return votes


def _add_allusions(votes: Votes, has_articles: bool) -> None:
    """A city or a language stands for its State where no State is named.

    Beside an article it is part of a treaty's name ('Budapest 35').
    """
    alluded = votes.pop(Facet.ALLUSION, {})
    if not has_articles and not votes.get(Facet.STATE):
        for code, weight in alluded.items():
            votes[Facet.STATE][code] += weight


def _add_topics(matches: Iterable[_Match], votes: Votes) -> set[int]:
    """What only alludes to a kind of help stands for it where none is named.

    What also tells the kind of entry ('24/7 network') gives way to what does not ('drugs').
    Returns the places of the words that stand for nothing then.
    """
    topics = [match for match in matches if match.values(Facet.TOPIC)]
    alone = [match for match in topics if not match.values(Facet.KIND)]
    if votes.get(Facet.TYPE):
        topics_only = (
            one for one in alone if {owner for owner, _ in one.meanings} == {Facet.TOPIC}
        )
        return set().union(*(match.places for match in topics_only))
    for match in alone or topics:
        values = match.values(Facet.TOPIC)
        for value in values:
            votes[Facet.TYPE][value] += match.weight // len(values)
    return set()


def _articles(question: str, words: list[Word], taken: set[int]) -> list[str]:
    """Articles as written; a bare number is one where it follows a phrase ('UNCAC 46')."""
    found = [
        "".join((marked or bracketed).split())
        for marked, bracketed in _ARTICLE.findall(fold(question))
    ]
    bare = [
        word.forms[0]
        for at, word in enumerate(words)
        if word.forms[0].isdigit() and at not in taken and at - 1 in taken
    ]
    return found or bare


def _add_articles(articles: Iterable[str], lexicon: Lexicon, votes: Votes) -> None:
    """An article alone may be of many treaties; with its treaty it tells the type."""
    for article in articles:
        covered = _covered(article, lexicon)
        instruments = set(votes.get(Facet.INSTRUMENT, {}))
        chosen = [pair for pair in covered if pair[0] in instruments] or covered
        votes[Facet.ARTICLE][article] += 12
        types = {kind for _, kind in chosen}
        for kind in types:
            votes[Facet.TYPE][kind] += 12 // len(types)
        if len({instrument for instrument, _ in chosen}) == 1 and not instruments:
            votes[Facet.INSTRUMENT][chosen[0][0]] += 12


def _covered(article: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """(instrument, type) of the article, of its paragraphs, or of the article it is part of."""
    exact = lexicon.articles.get(article)
    if exact:
        return list(exact)
    return [
        pair
        for known, pairs in lexicon.articles.items()
        if known.startswith(f"{article}(") or article.startswith(f"{known}(")
        for pair in pairs
    ]


def _shares(values: dict[str, int]) -> dict[str, int]:
    highest = max(values.values(), default=0)
    return {value: 100 * weight // highest for value, weight in values.items() if highest}
