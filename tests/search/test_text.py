"""Folding: what keeps words apart on paper must not keep them apart in search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.text import (
    LONGEST_QUESTION,
    LONGEST_WORD,
    acronyms,
    bounded,
    fold,
    index_words,
    is_unspaced,
    pieces,
    raw_words,
    starts,
    word_forms,
)

ANY_TEXT = st.text(max_size=300)
WITH_SURROGATES = st.text(st.characters(), max_size=300)


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text("abczàéîöüñçšžабвгдйё "))
def test_capitals_do_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text)


@given(WITH_SURROGATES)
def test_a_question_is_cut_and_can_be_stored(text: str) -> None:
    question = bounded(text * 3)

    assert len(question) <= LONGEST_QUESTION
    assert "\x00" not in question
    question.encode("utf-8")


@given(WITH_SURROGATES)
def test_words_are_short_and_never_empty(text: str) -> None:
    for word in index_words(text):
        assert 0 < len(word) <= LONGEST_WORD


@given(ANY_TEXT)
def test_acronyms_have_three_letters_at_least(text: str) -> None:
    assert all(len(one) >= 3 for one in acronyms(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("México", "mexico"),
        ("Straße", "STRASSE"),
        ("ISTANBUL", "istanbul"),
        ("adlı", "ADLI"),
        ("Ørsted", "orsted"),
        ("Łódź", "lodz"),
        ("أمن", "امن"),
        ("عربيّة", "عربيه"),
        ("کشور", "كشور"),
        ("مـصر", "مصر"),
        ("１２３", "123"),
        ("٢٤", "24"),
        ("ガーナ", "ガーナ"),
    ],
)
def test_variants_of_a_word_are_one_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Müller", "mueller"),
        ("Müller", "muller"),
        ("Прокуратура", "prokuratura"),
        ("Ελλάδα", "ellada"),
        ("المغرب", "مغرب"),
        ("Québec", "quebec"),
    ],
)
def test_a_word_is_found_in_the_form_it_is_typed(written: str, typed: str) -> None:
    assert typed in word_forms(written)


def test_vowel_marks_do_not_cut_words() -> None:
    assert raw_words("مُساعَدة") == ["مساعدة"]


def test_chinese_is_cut_into_pairs() -> None:
    assert raw_words("24/7联络点 Beijing") == ["24", "7", "联络点", "Beijing"]
    assert pieces("联络点") == ["联络", "络点"]
    assert is_unspaced("引渡")
    assert not is_unspaced("выдача")


def test_names_are_found_by_their_initials() -> None:
    assert "oia" in acronyms("Office of International Affairs")
    assert "ofj" in acronyms("Office fédéral de la justice")
    assert acronyms("Home Office") == set()
    assert acronyms("中国外交部") == set()


def test_beginnings_are_short() -> None:
    assert starts("romania") == ["r", "ro", "rom"]
