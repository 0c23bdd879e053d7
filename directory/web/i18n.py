"""Which language a page speaks, and in which direction it runs."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from babel import Locale
from flask import Flask, Response, current_app
from flask_babel import get_locale

from directory.domain import writing
from directory.domain.vocabulary import LANGUAGES
from directory.web import catalogues
from directory.web.catalogues import Texts, known_locale
from directory.web.context import parts, this_request

#: Chooses a language for this page and the ones after it.
PARAMETER = "lang"
_CHOICE = PARAMETER.encode()
#: Headers that say which language is wanted, as the server names them.
_SAYING = frozenset({"HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE"})
COOKIE = "directory_language"
COOKIE_SECONDS = 365 * 24 * 3600
#: The language the texts are written in; it needs no catalogue.
SOURCE_LANGUAGE = "en"

TRANSLATIONS = Path(__file__).parent / "translations"


def install(app: Flask, translations: Path = TRANSLATIONS) -> None:
    """Speak the source language and those of the interface that have a compiled catalogue."""
    app.config["LANGUAGES"] = available_languages(translations)
    texts = Texts(
        app,
        default_locale=SOURCE_LANGUAGE,
        default_translation_directories=str(translations),
        locale_selector=choose_locale,
    )
    catalogues.install(app, texts)
    app.after_request(remember_language)


def available_languages(translations: Path) -> tuple[str, ...]:
    """The source language, then those of ``LANGUAGES`` with a catalogue, in their order."""
    return tuple(
        code
        for code in LANGUAGES
        if code == SOURCE_LANGUAGE or (translations / code / "LC_MESSAGES/messages.mo").is_file()
    )


def languages() -> tuple[str, ...]:
    """The languages this directory speaks."""
    found: tuple[str, ...] = current_app.config["LANGUAGES"]
    return found


def choose_language() -> str:
    """What the address asks for, else what was chosen before, else what the browser prefers."""
    asked = this_request()
    # Programs say nothing of languages, and to read their parameters for it would cost them much.
    if _CHOICE not in asked.query_string and not _SAYING & asked.environ.keys():
        return SOURCE_LANGUAGE
    for wanted in (asked.args.get(PARAMETER), asked.cookies.get(cookie_name())):
        if wanted in languages():
            return wanted
    if "HTTP_ACCEPT_LANGUAGE" not in asked.environ:
        return SOURCE_LANGUAGE
    return asked.accept_languages.best_match(languages(), SOURCE_LANGUAGE)


def choose_locale() -> Locale:
    """The same as a locale, which costs less to keep than to read anew at every request."""
    return _parsed(choose_language())


@lru_cache(maxsize=64)
def _parsed(code: str) -> Locale:
    return Locale.parse(code)


def cookie_name() -> str:
    """The name of the cookie; over HTTPS bound to this host alone."""
    return f"__Host-{COOKIE}" if parts().settings.secure_cookies else COOKIE


def remember_language(response: Response) -> Response:
    """Keep the language chosen in the address for the pages to come."""
    asked = this_request()
    # After every request, most of which choose none: the parameters are not even read.
    if _CHOICE not in asked.query_string:
        return response
    return speak(asked.args.get(PARAMETER, ""), response)


def speak(wanted: str, response: Response) -> Response:
    """Have the browser keep the language, when it is one that is spoken here."""
    if wanted in languages():
        response.set_cookie(
            cookie_name(),
            wanted,
            max_age=COOKIE_SECONDS,
            secure=parts().settings.secure_cookies,
            httponly=True,
            samesite="Lax",
        )
    return response


def locale() -> Locale:
    """The locale of the page; the source language outside a request."""
    return known_locale() or get_locale() or Locale.parse(SOURCE_LANGUAGE)


def language() -> str:
    """The language of the page, e.g. 'en'."""
    return locale().language


def direction() -> str:
    """'ltr' or 'rtl'."""
    spoken = locale()
    return writing.direction(spoken.language, spoken.script or "")


#: What the languages of the interface call themselves; Babel would load six of them to say so.
OWN_NAMES = {
    "en": "English",
    "fr": "français",
    "es": "español",
    "ar": "العربية",
    "ru": "русский",
    "zh": "中文",
}


def own_name(code: str) -> str:
    """What a language of the interface calls itself: 'français'."""
    return OWN_NAMES[code]


#: Shown to templates under these names.
TEMPLATE_FUNCTIONS: dict[str, Callable[..., object]] = {
    "language": language,
    "direction": direction,
    "languages": languages,
    "own_name": own_name,
}
