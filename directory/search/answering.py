"""Answers from one edition of an index: search results and completions."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from directory.domain.vocabulary import CooperationType
from directory.search.bits import numbers
from directory.search.documents import Shown
from directory.search.index import Facet, Hit, SearchQuestion, SearchResult, Suggestion
from directory.search.lexicon import LITTLE_WORDS
from directory.search.ranking import STATE_KIND, Ranking, count_facets, rank
from directory.search.snippet import snippet
from directory.search.spelling import is_mendable
from directory.search.text import bounded, fold, word_forms
from directory.search.understanding import Understood, Word
from directory.search.view import View

#: Facets that are said to the reader; the others only help to rank.
SAID = (*(Facet.STATE, Facet.TERRITORY, Facet.TYPE, Facet.KIND, Facet.INSTRUMENT, Facet.ARTICLE),)
_TYPES: Mapping[str, CooperationType] = {one.value: one for one in CooperationType}
#: Unknown words of one question for which a known one is looked for.
MOST_UNKNOWN = 2
#: Signs of markup and programs, and what joins words of addresses ('document.title', 'a@b.org').
_CODE = re.compile(r"[<>{}=\\|`]|[^\W\d_]{2}[.:@(_]+[^\W\d_]{2}")
#: States looked at for a suggestion, from which the best are picked.
CONSIDERED = 60
#: States are suggested first, but leave room for entries.
MOST_STATES = 5


def answer(view: View, question: SearchQuestion) -> SearchResult:
    """The page of results that was asked for, with counts over all of them."""
    understood = view.understand(question.text)
    ranking = rank(question, understood, view)
    chosen = islice(ranking.best(), question.offset, question.offset + question.limit)
    wanted = _wanted(understood, ranking)
    return SearchResult(
        hits=tuple(_hit(view.shown(number), wanted) for number in chosen),
        total=ranking.matches.bit_count(),
        facets=count_facets(view, ranking.matches),
        understood=_said(understood),
        did_you_mean=_did_you_mean(question.text, understood, ranking, view),
        unused=tuple(dict.fromkeys(ranking.unused)),
    )


def _wanted(understood: Understood, ranking: Ranking) -> frozenset[str]:
    """The word forms that are marked in a snippet."""
    forms = {form for word in understood.words for form in (word.mended, *word.forms)}
    forms.update(word_forms(near)[0] for near in ranking.corrections.values())
    return frozenset(forms - LITTLE_WORDS - {""})


def _hit(shown: Shown, wanted: frozenset[str]) -> Hit:
    return Hit(
        key=shown.key,
        kind=shown.kind,
        state=shown.state,
        name=shown.name,
        snippet=snippet(shown.lines, wanted),
        types=tuple(map(_TYPES.__getitem__, shown.types)),
    )


def _said(understood: Understood) -> dict[str, str]:
    """Facet -> the value the words were taken for, where there is just one."""
    values = {facet.value: understood.value(facet) for facet in SAID}
    return {facet: value for facet, value in values.items() if value}


def _did_you_mean(text: str, understood: Understood, ranking: Ranking, view: View) -> str:
    """The question with the words put right that were not understood; '' without one.

    A misspelt word that was understood needs no other; the page says what it was taken for. Code
    and addresses are not words that somebody misspelt.
    """
    if _CODE.search(text):
        return ""
    rest = {word.raw: word for word in understood.rest}
    better = {
        raw: near
        for raw, near in ranking.corrections.items()
        if raw in rest and not view.is_meant(rest[raw].forms)
    }
    unknown = [word for raw, word in rest.items() if raw not in better and _is_unknown(word, view)]
    better |= {word.raw: view.vocabulary.closest(word.forms[0]) for word in unknown[:MOST_UNKNOWN]}
    if not any(better.values()):
        return ""
    suggestion = bounded(text)
    for raw, near in better.items():
        suggestion = suggestion.replace(raw, near or raw)
    return suggestion


def _is_unknown(word: Word, view: View) -> bool:
    plain = word.forms[0]
    if not is_mendable(plain) or plain in view.vocabulary or view.is_meant(word.forms):
        return False
    return not view.beginning(plain)


def complete(view: View, text: str, limit: int, today: dt.date | None) -> Sequence[Suggestion]:
    """States first, those whose name begins as typed before others; then entries."""
    typed = bounded(text)
    key = (typed, limit, today)
    return view.completions.get(key, lambda: _complete(view, typed, limit, today))


def _complete(view: View, typed: str, limit: int, today: dt.date | None) -> Sequence[Suggestion]:
    found = _completed(view, typed)
    if today:
        found &= ~view.hidden(today)
    states = view.having("kind", STATE_KIND) & found
    shown = [view.shown(number) for number in islice(numbers(states), CONSIDERED)]
    folded = fold(typed)
    shown.sort(key=lambda one: (not fold(one.name).startswith(folded), one.name))
    entries = islice(numbers(found ^ states), limit)
    chosen = shown[:MOST_STATES] + [view.shown(number) for number in entries]
    return tuple(Suggestion(one.key, one.kind, one.state, one.name) for one in chosen[:limit])


def _completed(view: View, text: str) -> int:
    """Documents with the last word begun and the others whole, or in the State these stand for."""
    words = view.understand(text).words
    if not words:
        return 0
    *whole, last = words
    found = _begun(view, last.forms)
    if not whole:
        return found
    before = view.understand(text.rpartition(last.raw)[0])
    state = before.value(Facet.STATE)
    narrowed = found & view.having("state", state) if state and not before.rest else 0
    if narrowed:
        return narrowed
    for word in whole:
        found &= _begun(view, word.forms)
    return found


def _begun(view: View, forms: Iterable[str]) -> int:
    found = 0
    for form in forms:
        found |= view.beginning(form)
    return found
