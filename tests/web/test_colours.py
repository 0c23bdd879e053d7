"""The colours of the style sheets can be read, light and dark: WCAG 2.2, 1.4.3 and 1.4.11."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "directory/web/static"
#: Least contrast of text, and of what bounds a field or shows where the focus is.
TEXT, SHAPE = 4.5, 3.0
#: Foreground, the backgrounds it stands on, and what it needs.
PAIRS = [
    ("ink", ("paper", "paper-quiet", "navy-tint", "past-tint", "mark", "good-tint"), TEXT),
    ("ink-quiet", ("paper", "paper-quiet", "navy-tint", "past-tint"), TEXT),
    ("navy", ("paper", "paper-quiet", "navy-tint"), TEXT),
    ("navy-deep", ("paper", "paper-quiet", "navy-tint"), TEXT),
    ("good", ("paper", "good-tint"), TEXT),
    ("warn", ("paper", "warn-tint"), TEXT),
    ("bad", ("paper", "bad-tint"), TEXT),
    ("synthetic", ("paper", "synthetic-tint"), TEXT),
    ("past", ("paper", "past-tint"), TEXT),
    ("paper", ("good", "ink-quiet", "bad"), TEXT),
    ("on-brand", ("brand", "brand-deep"), TEXT),
    (
        "bs-link-color-rgb",
        ("paper", "paper-quiet", "navy-tint", "warn-tint", "bad-tint", "mark"),
        TEXT,
    ),
    ("line-field", ("paper", "paper-quiet"), SHAPE),
    ("focus", ("paper", "paper-quiet", "navy-tint", "warn-tint"), SHAPE),
    ("on-brand-focus", ("brand",), SHAPE),
]
_VARIABLE = re.compile(r"--([\w-]+):\s*([^;]+);")


def variables(*names: str) -> dict[str, str]:
    """Name -> value of the colours in ``:root``; a later sheet wins, as in the browser."""
    found: dict[str, str] = {}
    for name in names:
        sheet = (STATIC / name).read_text("utf-8")
        found.update(_VARIABLE.findall(sheet.partition(":root {")[2].partition("}")[0]))
    return found


def luminance(value: str) -> float:
    """Relative luminance of '#abc', '#aabbcc' or '1, 2, 3' by WCAG 2.2."""
    if value.startswith("#"):
        digits = value[1:] if len(value) > 4 else "".join(2 * one for one in value[1:])
        parts = [int(digits[place : place + 2], 16) for place in (0, 2, 4)]
    else:
        parts = [int(one) for one in value.split(",")]
    shares = [part / 255 for part in parts]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


URGENT_COLOURS = ("ink", "quiet", "navy", "good", "bad", "warn")
SHEETS = {
    "light": ("app.css",),
    "dark": ("app.css", "dark.css"),
    "urgent light": ("urgent.css",),
    "urgent dark": ("urgent.css", "urgent-dark.css"),
}


@pytest.mark.parametrize("sheets", SHEETS.values(), ids=SHEETS)
def test_every_pair_of_colours_can_be_told_apart(sheets: tuple[str, ...]) -> None:
    colours = variables(*sheets)
    alone = [(name, ("paper",), TEXT) for name in URGENT_COLOURS]
    pairs = alone if sheets[0] == "urgent.css" else PAIRS
    weak = [
        f"{front} on {back}: {found:.2f}, needs {needed}"
        for front, backs, needed in pairs
        for back in backs
        if (found := contrast(colours[front], colours[back])) < needed
    ]
    assert weak == []


def test_contrast_is_that_of_the_norm() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "255, 255, 255") == pytest.approx(4.48, abs=0.01)


def test_every_colour_of_the_light_sheet_has_its_dark_one() -> None:
    light, dark = variables("app.css"), variables("dark.css")
    same_in_both = {"on-brand", "on-brand-focus"}
    colours = {name for name, value in light.items() if value.startswith("#")}
    assert colours - set(dark) == same_in_both


@pytest.mark.parametrize("name", ["app.css", "own.css", "secretariat.css", "coverage.css"])
def test_rules_name_their_colours_by_variable(name: str) -> None:
    sheet = (STATIC / name).read_text("utf-8")
    rules = sheet.partition("}")[2] if name == "app.css" else sheet
    on_paper = rules.partition("@media print")
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[; ])", on_paper[0]) == []
