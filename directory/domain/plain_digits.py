"""A text as the eye reads it: every form of digit as ASCII, one form of dash, one space.

Whoever hides a number from a search writes it so that people still read it: circled or raised
digits, letters that look like digits, invisible characters, many spaces (a page shows them as one).
"""

import re
import unicodedata

#: Letters that look like a nought or a one: Latin, Greek, Cyrillic, Armenian.
_CAPITAL_NOUGHTS = "OΟОՕ"
_NOUGHTS = f"{_CAPITAL_NOUGHTS}oοоօ"
_ONES = "lIıΙІӀ"
#: Those that look like another digit count only inside of a word that holds digits.
_OTHERS = {"Z": "2", "З": "3", "S": "5", "B": "8", "В": "8"}
_ALIKE = str.maketrans({**dict.fromkeys(_NOUGHTS, "0"), **dict.fromkeys(_ONES, "1"), **_OTHERS})
_ALL_ALIKE = re.compile(rf"[\d{_NOUGHTS}{_ONES}{''.join(_OTHERS)}]+")
#: What no word is made of: 'OO', 'll', 'Ol'; but 'II', 'Il' and 'lo' are words.
_NO_WORD = re.compile(
    rf"[{_NOUGHTS}]{{2}}|ll|[{_CAPITAL_NOUGHTS}][{_ONES}]|[lІ][{_CAPITAL_NOUGHTS}]"
)
_PIECES = re.compile(r"[^\W_]+|[\W_]+")
_YEAR = re.compile(r"(?:18|19|20)\d\d")
#: Letters by their category that show nothing (fillers of Hangul) or no more than a stroke.
_NO_LETTERS = frozenset("\u115f\u1160\u3164\uffa0ǀǁǃㅡㅣ丨丶")
_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cn"})
#: The highest number that one character stands for and that is still written as digits.
_HIGHEST = 99


def fold(text: str) -> str:
    """The text with ASCII digits, '-' for every dash and one space for all between two words.

    Letters that look like digits are digits where they stand among such: 'O722', '07 22 OO'.
    """
    plain = text if text.isascii() else "".join(map(_plain, text))
    return _alike_read(" ".join(plain.split()))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if character in _NO_LETTERS:
        return " "
    if category in _UNSEEN:
        return ""
    if number := _number(character):
        return number
    plain = unicodedata.normalize("NFKC", character)
    if category == "Pd":
        return "-"
    return " " if _reads_as_sign(plain, category) else plain


def _reads_as_sign(plain: str, category: str) -> bool:
    """Letters that only modify others (a raised colon), and signs made of letters ('™', 'Ⓧ')."""
    if unicodedata.category(plain[0]) == "Lm":
        return True
    return category[0] == "S" and any(map(str.isalpha, plain)) and not _ALL_ALIKE.fullmatch(plain)


def _number(character: str) -> str:
    """The digits of a character that is a number: '4' of '❹', '42' of '㊷'; '' for all others."""
    value = unicodedata.numeric(character, -1.0)
    return str(int(value)) if 0 <= value <= _HIGHEST and value == int(value) else ""


def _alike_read(text: str) -> str:
    pieces = _PIECES.findall(text)
    for place, piece in enumerate(pieces):
        if _ALL_ALIKE.fullmatch(piece) and _is_number(pieces, place):
            pieces[place] = piece.translate(_ALIKE)
    return "".join(pieces)


def _is_number(pieces: list[str], place: int) -> bool:
    """Is this piece, of digits and letters like them, read as digits? By what is beside it."""
    piece = pieces[place]
    before = pieces[place - 2] if place > 1 else ""
    after = pieces[place + 2] if place + 2 < len(pieces) else ""
    if not piece.isalpha():
        return True
    if not before.isdigit():
        return False
    if len(piece) > 1:
        return _NO_WORD.search(piece) is not None
    # 'o' and 'O' between years are a word of Spanish, Italian or Portuguese.
    return after[:1].isdigit() and not (_YEAR.fullmatch(before) or _YEAR.fullmatch(after))
