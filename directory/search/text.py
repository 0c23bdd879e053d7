"""Folding of words, so that accents, scripts, letter forms and case do not keep them apart.

Pure functions. What is folded is for finding only, never for display.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

#: A question longer than this is cut; nobody types it, machines do.
LONGEST_QUESTION = 200
MOST_WORDS = 12
#: A longer word is cut: no name holds it, and the index would keep it for ever.
LONGEST_WORD = 40
#: Letters of a word that are indexed as its beginnings, for completion while typing: longer
#: beginnings are shared by so few words that these can be looked up one by one.
LONGEST_START = 3

#: Letters that Unicode does not take apart, and Arabic letters that one keyboard has for another.
_LETTERS = str.maketrans(
    dict(zip("øłđðıħŧŋĸə", "olddihtnka", strict=True))
    | {"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
    # Alef wasla, alef maqsura, teh marbuta, Persian kaf and yeh, heh goal, tatweel.
    | dict(zip("ٱىةکیہ", "ايهكيه", strict=True))
    | {"ـ": ""}
)
#: Written apart in German and the Nordic languages where the letter is missing on the keyboard.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
#: Voicing marks of Japanese make another sound and stay.
_KEPT_MARKS = frozenset("\u3099\u309a")

_WORD = re.compile(r"[^\W_]+")
#: Scripts written without spaces: they are cut into pairs of characters.
_UNSPACED = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_ARABIC_ARTICLE = "ال"


def printable(text: str) -> str:
    """The text without what no database takes or no eye sees: controls, surrogates, direction."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"} else character
        for character in text
        if unicodedata.category(character) != "Cf"
    )


def bounded(text: str) -> str:
    """A question cut to what is looked at: printable, at most ``LONGEST_QUESTION`` characters."""
    return " ".join(printable(text[: 4 * LONGEST_QUESTION]).split())[:LONGEST_QUESTION]


def fold(text: str) -> str:
    """Lower case without accents or variant letters; folding twice is folding once."""
    if text.isascii():
        return text.lower()
    folded = _fold_once(text)
    for _ in range(4):
        again = _fold_once(folded)
        if again == folded:
            break
        folded = again
    return folded


def _fold_once(text: str) -> str:
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", lowered)
        if character in _KEPT_MARKS or not unicodedata.category(character).startswith("M")
    )
    return "".join(map(_western_digit, unicodedata.normalize("NFC", bare)))


def _western_digit(character: str) -> str:
    return str(unicodedata.digit(character, character)) if character.isdigit() else character


def is_unspaced(word: str) -> bool:
    """Is the word of a script that writes no spaces (Chinese, Japanese)?"""
    return _UNSPACED.match(word) is not None


def raw_words(text: str) -> list[str]:
    """The words as written; a run of an unspaced script is one word of its own."""
    found: list[str] = []
    for run in _WORD.findall(_without_loose_marks(unicodedata.normalize("NFC", text))):
        found.extend(_runs(run))
    return found


def _without_loose_marks(text: str) -> str:
    """Vowel marks of Arabic, Hindi, Thai ... would cut a word in two."""
    if text.isascii():
        return text
    return "".join(
        one for one in text if one in _KEPT_MARKS or not unicodedata.category(one).startswith("M")
    )


def _runs(run: str) -> list[str]:
    if run.isascii():
        return [run]
    parts: list[str] = []
    position = 0
    for unspaced in _UNSPACED.finditer(run):
        parts += [run[position : unspaced.start()], unspaced.group()]
        position = unspaced.end()
    return [part for part in (*parts, run[position:]) if part]


@lru_cache(maxsize=16384)
def word_forms(raw: str) -> tuple[str, ...]:
    """Every form under which a written word is kept and looked for, the plain one first.

    'Müller' gives muller and mueller; 'Прокуратура' also its transliteration; an Arabic word is
    without its article. Empty when nothing is left.
    """
    plain = _without_article(_joined(fold(raw)))[:LONGEST_WORD]
    if not plain:
        return ()
    if raw.isascii():
        return (plain,)
    lowered = unicodedata.normalize("NFKC", raw).casefold()
    spelled_out = _joined(fold(lowered.translate(_UMLAUTS)))
    latin = "" if is_unspaced(raw) else _joined(fold(anyascii(plain)))
    others = (form[:LONGEST_WORD] for form in (spelled_out, latin) if len(form) > 1)
    return tuple(dict.fromkeys((plain, *(_without_article(form) for form in others))))


def _joined(folded: str) -> str:
    return "".join(_WORD.findall(folded))


def _without_article(word: str) -> str:
    return word[2:] if len(word) > 4 and word.startswith(_ARABIC_ARTICLE) else word


def pieces(run: str) -> list[str]:
    """An unspaced run as overlapping pairs of characters."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def index_words(text: str) -> set[str]:
    """Every word form a text is found by."""
    found: set[str] = set()
    for raw in raw_words(text):
        for part in pieces(raw) if is_unspaced(raw) else (raw,):
            found.update(word_forms(part))
    return found


def holds_words(text: str) -> bool:
    """Is there a word to look for, not only signs and pictures?"""
    return any(word_forms(raw) for raw in raw_words(bounded(text)))


def starts(word: str) -> list[str]:
    """The beginnings of a folded word, shortest first, at most ``LONGEST_START`` letters."""
    return [word[:length] for length in range(1, min(len(word), LONGEST_START) + 1)]


def acronyms(name: str) -> set[str]:
    """What a name may be shortened to: 'Office of International Affairs' gives oia and ooia.

    Only from three words on, of names in scripts with spaces.
    """
    words = [word_forms(raw)[0] for raw in raw_words(name) if word_forms(raw)]
    if any(is_unspaced(word) for word in words) or len(words) > 10:
        return set()
    content = [word for word in words if len(word) > 3 or word.isdigit()]
    found = {"".join(word[0] for word in chosen) for chosen in (words, content)}
    return {acronym for acronym in found if len(acronym) >= 3}
