"""Lists and additions are pointed as each language does."""

import pytest

from directory.domain.punctuation import between, colon, comma, listed, semicolon, stop


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("A, B, 3", ", ", "; ", ": ", ".")),
        ("fr", ("A, B, 3", ", ", "\u00a0; ", "\u00a0: ", ".")),
        ("ar", ("A، B، 3", "، ", "؛ ", ": ", ".")),
        ("zh", ("A、B、3", "，", "；", "：", "。")),
    ],
)
def test_language_has_its_own_signs(language: str, expected: tuple[str, ...]) -> None:
    signs = tuple(sign(language) for sign in (comma, semicolon, colon, stop))
    assert (listed(["A", "B", 3], language), *signs) == expected
    assert between(language).join("AB") == listed("AB", language)
