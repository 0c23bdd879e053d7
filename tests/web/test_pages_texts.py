"""Every text a person sees is marked for translation, and pages speak the language asked for."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from jinja2 import Environment

from directory.domain.reason_texts import REASON_TEXTS
from directory.domain.vocabulary import LANGUAGES
from directory.web import i18n
from directory.web.labels import LABELS
from tests.support.catalogue import PACKAGE, marked_texts, write_pseudo_translation
from tests.support.trial import Trial

TEMPLATES = sorted((PACKAGE / "web/templates").rglob("*.html"))
_SPOKEN = ("aria-label", "alt", "title", "placeholder")


def bare_text(source: str) -> str:
    """What of a template is shown as it stands: neither tag nor expression."""
    tokens = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).lex(source)
    shown, depth = [], 0
    for _line, kind, text in tokens:
        if kind in {"variable_begin", "block_begin"}:
            depth += 1
        if kind == "data" and not depth:
            shown.append(text)
        if kind in {"variable_end", "block_end"}:
            depth -= 1
    return "".join(shown)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_holds_no_text_that_is_not_marked(path: Path) -> None:
    text = bare_text(path.read_text("utf-8"))
    without_files = re.sub(r">\w+\.json<", "><", text)
    without_tags = re.sub(r"<!doctype[^>]*>|<[^<>]*>", " ", without_files)
    assert re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", without_tags)) == []
    for name in _SPOKEN:
        assert not re.findall(rf'{name}="[^"]*[^\W\d_]{{2,}}', text), name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_points_by_the_language_of_the_page(path: Path) -> None:
    """``comma()``, ``stop()``, ``listed`` and the others know the signs of each language."""
    shown = re.sub(r"<[^<>]*>|&\w+;", " ", bare_text(path.read_text("utf-8")))
    assert re.findall(r"[,;:.](?:\s|$)", shown) == []


def attributes_run_together(source: str) -> list[str]:
    """Tags in which what follows an ``endif`` touches what stood before it.

    A block takes the line break behind it and the spaces before it away.
    """
    lexer = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    made, words = "", ""
    for _line, kind, text in lexer.lex(source):
        words = "" if kind == "block_begin" else words + text
        if kind == "data":
            made += text
        elif kind == "variable_end":
            made += "x"
        elif kind == "block_end":
            made += "»" if words.split()[0].startswith("end") else "«"
    tags = re.findall(r'<[a-zA-Z](?:"[^"]*"|[^"<>])*>', made)
    bare = ((tag, re.sub('"[^"]*"', "", tag)) for tag in tags)
    return [tag for tag, text in bare if re.search(r"[^\s«]»«?[^\s«»/>]", text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_two_attributes_of_a_template_run_together(path: Path) -> None:
    assert attributes_run_together(path.read_text("utf-8")) == []


def test_planted_attributes_that_run_together_are_found() -> None:
    first, second = "{% if a %}required{% endif %}", '{% if b %}title="x"{% endif %}'
    assert attributes_run_together(f"<input {first}\n       {second}>")
    assert attributes_run_together(f"<input {first}checked>")
    assert not attributes_run_together(f"<input {first} {second}>")
    assert not attributes_run_together(f'<input class="a {first}b" {second}>\n{first}{second}')


def test_planted_text_is_found() -> None:
    assert "Hello" in bare_text("<p>Hello {{ _('x') }}</p>")
    assert bare_text("<p>{{ _('Hello') }}</p>") == "<p></p>"


def _ids(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def test_reasons_and_labels_are_collected() -> None:
    collected = _ids(marked_texts())
    assert set(REASON_TEXTS.values()) <= collected
    assert {str(text) for words in LABELS for text in words.values()} <= collected


def test_every_word_of_a_vocabulary_has_a_label() -> None:
    for words in LABELS:
        assert set(words) == set(type(next(iter(words))))


def test_every_language_of_the_interface_is_offered(pages: Flask) -> None:
    assert pages.config["LANGUAGES"] == LANGUAGES


def test_language_of_the_address_is_kept(trial: Trial, tmp_path: Path) -> None:
    app = trial.app(write_pseudo_translation(tmp_path))
    assert app.config["LANGUAGES"] == ("en", "ar")
    client = trial.client(app)
    assert '<html lang="ar" dir="rtl">' in client.get("/?lang=ar").get_data(as_text=True)
    page = client.get("/states/RO").get_data(as_text=True)
    assert '<html lang="ar" dir="rtl">' in page
    assert "bootstrap.rtl.min.css" in page
    assert "رومانيا" in page
    cookie = client.get_cookie(i18n.COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert '<html lang="en" dir="ltr">' in client.get("/help?lang=en").get_data(as_text=True)


def test_language_the_browser_prefers_is_spoken(trial: Trial, tmp_path: Path) -> None:
    client = trial.client(trial.app(write_pseudo_translation(tmp_path)))
    page = client.get("/help", headers={"Accept-Language": "ar, en;q=0.5"})
    assert 'lang="ar"' in page.get_data(as_text=True)


def test_every_marked_text_with_places_can_be_filled_in() -> None:
    """A bare per cent sign beside a place would break the page that shows the text."""
    for text in _ids(marked_texts()):
        for one in text if isinstance(text, tuple | list) else (text,):
            places = re.findall(r"%\((\w+)\)s", str(one))
            if places:
                assert str(one) % dict.fromkeys(places, "x")
