"""Reasons in the reader's language; each sentence is made once."""

from collections.abc import Iterable
from typing import Any

from flask import current_app
from flask_babel import get_domain

from directory.domain.book import ReferenceBook
from directory.domain.reasons import Reason, render
from directory.web.i18n import language
from directory.web.presentation import book, said

Plain = dict[str, Any]
#: A reason by its code, its rule and what fills its words, in JSON types.
Sentences = dict[tuple[object, ...], Plain]
#: Sentences kept for each language, of about 400 bytes each.
MOST = 4000
_KEPT = "directory_sentences"


class Wording:
    """Puts reasons into words; the same few treaties, States and days fill them again and again."""

    def __init__(self) -> None:
        # Looking up the catalogue for each of a hundred sentences would take most of the time.
        self._translate = get_domain().get_translations().gettext
        self.language = language()
        self._sentences = _kept_sentences(self.language)
        #: The same reasons stand in several parts of an answer, which keeps them meanwhile.
        self._told: dict[int, Plain] = {}

    def reason(self, one: Reason) -> Plain:
        """The reason in JSON types."""
        told = self._told.get(id(one))
        if told is None:
            told = self._told[id(one)] = self._sentence(one)
        return told

    def _sentence(self, one: Reason) -> Plain:
        key = (one.code, one.rule, *one.params.items())
        known = self._sentences.get(key)
        if known is None:
            text = render(one, self._translate, said)
            known = {"code": one.code, "text": text, "rule": one.rule or None}
            if len(self._sentences) >= MOST:
                self._sentences.clear()
            self._sentences[key] = known
        return known

    def reasons(self, many: Iterable[Reason]) -> list[Plain]:
        """The reasons, in their order."""
        return [self.reason(one) for one in many]


def _kept_sentences(spoken: str) -> Sentences:
    """Those made before in this language; none where the names may have changed since."""
    kept: dict[str, tuple[ReferenceBook, Sentences]]
    kept = current_app.extensions.setdefault(_KEPT, {})
    edition, sentences = kept.get(spoken, (None, {}))
    if edition is not book():
        sentences = {}
        kept[spoken] = (book(), sentences)
    return sentences
