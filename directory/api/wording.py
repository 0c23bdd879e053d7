"""Reasons in the reader's language, each put into words once for an answer."""

from collections.abc import Iterable
from typing import Any

from flask_babel import get_domain

from directory.domain.reasons import Reason, render
from directory.web.presentation import said

Plain = dict[str, Any]


class Wording:
    """Puts reasons into words; the same reasons stand in several parts of one answer."""

    def __init__(self) -> None:
        # Looking up the catalogue for each of a hundred sentences would take most of the time.
        self._translate = get_domain().get_translations().gettext
        self._names: dict[tuple[str, object], str] = {}
        #: Keeps the reasons, so that no identity is used twice.
        self._told: dict[int, tuple[Reason, Plain]] = {}

    def reason(self, one: Reason) -> Plain:
        """The reason in JSON types."""
        known = self._told.get(id(one))
        if known is None:
            text = render(one, self._translate, self._name)
            known = one, {"code": one.code, "text": text, "rule": one.rule or None}
            self._told[id(one)] = known
        return known[1]

    def reasons(self, many: Iterable[Reason]) -> list[Plain]:
        """The reasons, in their order."""
        return [self.reason(one) for one in many]

    def _name(self, name: str, value: object) -> str:
        found = self._names.get((name, value))
        if found is None:
            found = self._names[name, value] = said(name, value)
        return found
