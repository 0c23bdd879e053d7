"""The one place that picks concrete parts: database, index, clock, and the fronts of the app.

It is not in ``directory/__init__.py``, so that importing a rule of ``directory.domain`` does not
load a web server.
"""

import gc
import sys
from contextlib import AbstractContextManager

from babel.dates import get_month_names
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import configure_mappers

from directory import api
from directory.api.rehearsal import rehearse
from directory.db.migration import schema_state
from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.domain.book import ReferenceBook
from directory.parts import Clock, Parts, system_clock
from directory.queries.national_holidays import holidays_around
from directory.queries.reference import read_book
from directory.search.index import SearchIndex
from directory.search.postgres_index import PostgresIndex
from directory.search.whoosh_index import WhooshIndex
from directory.services.asked import AskedBook, LookupBox
from directory.services.indexing import KeptIndex, index_hook
from directory.settings import Settings, SettingsError
from directory.web import door, i18n, pages
from directory.web.context import close_reading
from directory.web.edition_sheet import EditionTexts, edition_texts
from directory.web.sheet import StateSheet, sheet_texts
from directory.web.site import Site

#: How long a thread works while others wait for their turn; Python's own is 0.005.
TURN_SECONDS = 0.001


def build_parts(settings: Settings, *, clock: Clock = system_clock) -> Parts:
    """The parts as the settings ask for them; nothing is opened or written yet."""
    engine = make_engine(settings.database_url, settings.pool_size)
    index = make_index(settings, engine)
    return Parts(
        settings=settings,
        engine=engine,
        index=KeptIndex(engine, index),
        clock=clock,
        hooks=(index_hook(engine, index),),
        asked=AskedBook(lambda: UnitOfWork(engine), LookupBox(settings.field_keys)),
    )


def make_index(settings: Settings, engine: Engine) -> SearchIndex:
    """The search index that the settings ask for; raises ``SettingsError`` where it cannot be."""
    if settings.search_engine == "whoosh":
        return WhooshIndex(settings.index_dir)
    if engine.dialect.name != "postgresql":
        problem = "search_engine = 'postgres' needs a PostgreSQL database: set database_url"
        raise SettingsError([f"{problem}, or search_engine = 'whoosh'"])
    return PostgresIndex(engine)


def refuse_unfit_schema(parts: Parts) -> None:
    """Raise ``SettingsError`` when the database is not there, or older or newer than the code."""
    fault = schema_state(parts.engine).fault
    if fault:
        raise SettingsError([fault])


def create_app(settings: Settings, parts: Parts | None = None) -> Flask:
    """The application, with the closed door in front of every route."""
    parts = parts or build_parts(settings)
    refuse_unfit_schema(parts)
    app = Site("directory.web")
    app.extensions["directory"] = parts
    app.teardown_appcontext(close_reading)
    door.install(app)
    pages.install(app)
    api.install(app)
    return app


def app_from_environment() -> Flask:
    """The application for a server process, with settings from the environment."""
    settings = Settings.from_env()
    parts = build_parts(settings)
    app = create_app(settings, parts)
    pages.read_ahead(app)
    _read_ahead(parts)
    rehearse(app, parts)
    if isinstance(parts.index, KeptIndex):
        # Whoever forks now must not take half a look at the index along.
        parts.index.settle()
    # What stands as long as the process is not searched for garbage again and again.
    gc.freeze()
    # A question whose answer is kept waits for one that is answered for the first time: a fifth as
    # long as Python would let it, with threads that take turns more often.
    sys.setswitchinterval(TURN_SECONDS)
    return app


def _read_ahead(parts: Parts) -> None:
    """Read what every process keeps in memory, so that no first reader waits for it."""
    configure_mappers()
    with parts.reading() as session:
        book = read_book(session)
    # With all else that is known of the language, several megabytes.
    get_month_names(locale=i18n.SOURCE_LANGUAGE)
    at = parts.clock()
    for code in book.states:
        # Whoever forks was given the days before.
        holidays_around(code, at)


def texts_of_editions(language: str, book: ReferenceBook) -> AbstractContextManager[EditionTexts]:
    """What an edition says, in the words of the pages, for as long as the block lasts."""
    return edition_texts(language, book, i18n.TRANSLATIONS)


def texts_of_sheets(
    parts: Parts, language: str, book: ReferenceBook
) -> AbstractContextManager[StateSheet]:
    """The same for the sheet of a State."""
    return sheet_texts(parts, language, book, i18n.TRANSLATIONS)
