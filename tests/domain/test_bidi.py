"""A number or a name inside a sentence of the other direction keeps its own."""

import pytest

from directory.domain.bidi import filled, isolated, runs_right


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        ("+40 21 555 0100", False),
        ("Ministry", False),
        ("وزارة", True),
        ("RO משרד", True),
    ],
)
def test_a_letter_of_a_right_to_left_script_decides(text: str, expected: bool) -> None:
    assert runs_right(text) is expected


def test_values_are_isolated_where_the_sentence_runs_to_the_left() -> None:
    number = "+40 21 555 0100"
    assert filled("هاتف: %(number)s", {"number": number}) == f"هاتف: {isolated(number)}"
    assert isolated(number) == f"\u2068{number}\u2069"


def test_a_sentence_that_runs_to_the_right_is_filled_as_it_is() -> None:
    assert filled("%(count)s lines of %(name)s", {"count": 2, "name": "RO"}) == "2 lines of RO"
