"""Which characters a text may hold: none that hide, reorder or end it unseen."""

import pytest

from directory.domain.plain_text import hidden_characters, required_problems, text_problems

JOINER = "\u200d"
NON_JOINER = "\u200c"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Ministry\u202eof", "U+202E"),
        ("a\x00b", "U+0000"),
        ("a\u200bb", "U+200B"),
        ("a\ue000b", "U+E000"),
        ("a\u2028b", "U+2028"),
    ],
)
def test_a_character_that_hides_or_reorders_is_refused(text: str, hidden: str) -> None:
    assert hidden_characters(text) == (hidden,)
    assert hidden_characters(text, lines=True) == (hidden,)


def test_a_joiner_between_latin_letters_is_refused() -> None:
    assert hidden_characters(f"ad{JOINER}min") == ("U+200D",)


def test_a_joiner_between_a_latin_and_a_hindi_letter_is_refused() -> None:
    assert hidden_characters(f"a{JOINER}\u0915") == ("U+200D",)


def test_a_joiner_at_either_end_is_refused() -> None:
    assert hidden_characters(f"{JOINER}\u0915") == ("U+200D",)
    assert hidden_characters(f"\u0915{JOINER}") == ("U+200D",)


def test_a_line_break_is_refused_where_there_is_one_line() -> None:
    assert hidden_characters("one\ntwo") == ("U+000A",)


def test_each_hidden_character_is_named_once() -> None:
    (problem,) = text_problems("note", "\u202ea\u200bb\u202e", 300)
    assert problem.params == {"hidden": "U+200B, U+202E"}


def test_a_text_is_refused_from_one_character_too_many() -> None:
    assert list(text_problems("city", "x" * 5, 5)) == []
    (problem,) = text_problems("city", "x" * 6, 5)
    assert str(problem) == "city: Give at most 5 characters."


def test_a_text_that_must_be_there_is_refused_when_blank() -> None:
    (problem,) = required_problems("reason", " \n ", 300)
    assert str(problem) == "reason: Write something here."


def test_a_text_that_must_be_there_may_have_several_lines() -> None:
    assert required_problems("reason", "one\r\n\ttwo", 300) == []


def test_persian_and_hindi_keep_the_joiners_they_are_written_with() -> None:
    assert hidden_characters(f"\u0645\u06cc{NON_JOINER}\u062e\u0648\u0627\u0647\u0645") == ()
    assert hidden_characters(f"\u0915\u094d{JOINER}\u0937") == ()


def test_letters_of_every_script_are_plain() -> None:
    assert hidden_characters("Centrální orgán, Κεντρική Αρχή, 中央机关") == ()
