"""The words of the pages outside a request: for what the worker and the command write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

from directory.domain.book import ReferenceBook
from directory.parts import Parts
from directory.web import i18n
from directory.web.presentation import keep_book


@contextmanager
def speaking(
    language: str, found: ReferenceBook, translations: Path, parts: Parts | None = None
) -> Iterator[None]:
    """Speak the language while the block lasts; ``parts`` for words that name the moment or key.

    Names of States, treaties and kinds of help are in the language even where it has no catalogue.
    """
    app = Flask("directory.web")
    i18n.install(app, translations)
    if parts:
        app.extensions["directory"] = parts
    with app.app_context(), force_locale(language):
        keep_book(found)
        yield
