"""Every text in every language: none missing or doubtful, none with other places than English."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale

from directory.domain.vocabulary import LANGUAGES, EntryKind
from directory.web.i18n import OWN_NAMES, SOURCE_LANGUAGE, TRANSLATIONS, available_languages
from directory.web.labels import label
from tests.support.catalogue import marked_texts

TRANSLATED = tuple(code for code in LANGUAGES if code != SOURCE_LANGUAGE)
#: What must stand in a translation as it stands in English.
_KEPT = re.compile(r"%\(\w+\)[sd]|%%|<[^>]*>")
#: Letters a text in the language is written with.
_SCRIPTS = {"ar": "\u0600-\u06ff", "ru": "\u0400-\u04ff", "zh": "\u4e00-\u9fff"}


@cache
def catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, language)


def ids(message: Message) -> tuple[str, ...]:
    """The English text, or its singular and plural."""
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


def strings(message: Message) -> tuple[str, ...]:
    """The translation, or its plural forms."""
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def faults(language: str, messages: Catalog) -> list[str]:
    """What is wrong with a catalogue, beside what it lacks."""
    found = []
    for message in (one for one in messages if one.id):
        wanted = set(_KEPT.findall(ids(message)[-1]))
        if message.fuzzy:
            found.append(f"doubtful: {message.id}")
        if isinstance(message.id, tuple) and len(strings(message)) != messages.num_plurals:
            found.append(f"plural forms: {message.id}")
        for text in strings(message):
            if not text.strip():
                found.append(f"untranslated: {message.id}")
            elif set(_KEPT.findall(text)) != wanted:
                found.append(f"other places: {message.id} -> {text}")
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_marked_text_stands_in_the_catalogue(language: str) -> None:
    # `make messages` brings the catalogues up to the texts.
    marked = {ids(one) for one in marked_texts() if one.id}
    known = {ids(one) for one in catalogue(language) if one.id}
    assert marked - known == set()
    assert known - marked == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_with_the_places_of_the_english_one(language: str) -> None:
    assert faults(language, catalogue(language)) == []


def test_planted_faults_are_found() -> None:
    planted = Catalog(locale="fr")
    planted.add("Name", "")
    planted.add("Day", "Jour", flags=["fuzzy"])
    planted.add("Until %(day)s", "Jusqu'au %(jour)s")
    planted.add(("%(num)s day", "%(num)s days"), ("%(num)s jour", ""))
    assert [one.split(":")[0] for one in faults("fr", planted)] == [
        "untranslated",
        "doubtful",
        "other places",
        "untranslated",
    ]


@pytest.mark.parametrize("language", sorted(_SCRIPTS))
def test_long_texts_are_written_in_the_letters_of_the_language(language: str) -> None:
    letters = re.compile(f"[{_SCRIPTS[language]}]")
    long = (one for one in catalogue(language) if len(_KEPT.sub("", "".join(ids(one)))) > 40)
    assert [one.id for one in long if not letters.search(strings(one)[0])] == []


def test_every_language_of_the_interface_is_spoken() -> None:
    assert available_languages(TRANSLATIONS) == LANGUAGES
    for language in TRANSLATED:
        compiled = Path(TRANSLATIONS / language / "LC_MESSAGES/messages.mo")
        assert compiled.stat().st_mtime >= compiled.with_suffix(".po").stat().st_mtime


def test_languages_of_the_interface_call_themselves_what_cldr_says() -> None:
    assert {code: Locale.parse(code).get_display_name() for code in LANGUAGES} == OWN_NAMES


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_word_of_a_table_is_said_in_the_language_of_whoever_is_shown_it(
    pages: Flask, language: str
) -> None:
    word = label(EntryKind.AUTHORITY)
    known = {str(one.id): one.string for one in catalogue(language)}
    assert str(word) == "Authority"
    with pages.test_request_context(f"/?lang={language}"):
        assert str(word) == known["Authority"]
        with force_locale(SOURCE_LANGUAGE):
            assert str(word) == "Authority"
    with pages.test_request_context("/"), force_locale(language):
        assert str(word) == known["Authority"]
