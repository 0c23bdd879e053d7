"""The texts that are marked for translation, and a made-up translation of all of them."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo

PACKAGE = Path(__file__).resolve().parents[2] / "directory"
TRANSLATIONS = PACKAGE / "web/translations"
#: The functions that mark a text, and where their texts stand among the arguments.
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]*>)")
#: Stand-ins that look like Arabic and run from right to left.
_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ابجدهفغحيجكلمنوبقرستوفوخيزابجدهفغحيجكلمنوبقرستوفوخيز",
)


def marked_texts() -> Catalog:
    """Every text marked for translation in the package."""
    catalogue = Catalog(project="directory", charset="utf-8")
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(PACKAGE, methods, options, keywords=KEYWORDS)
    for path, _line, text, _comments, context in found:
        catalogue.add(text, locations=[(f"directory/{path}", 0)], context=context)
    return catalogue


def pseudo(text: str) -> str:
    """The text in stand-in letters, its placeholders kept."""
    pieces = _KEPT.split(text)
    return "".join(
        piece if place % 2 else piece.translate(_LETTERS) for place, piece in enumerate(pieces)
    )


def write_pseudo_translation(folder: Path, language: str = "ar") -> Path:
    """A compiled catalogue of made-up translations; returns the folder to give to i18n."""
    catalogue = Catalog(locale=language, domain="messages")
    for message in _messages(marked_texts()):
        if isinstance(message, tuple):
            single, plural = message
            others = [pseudo(plural)] * (catalogue.num_plurals - 1)
            catalogue.add(message, (pseudo(single), *others))
        else:
            catalogue.add(message, pseudo(message))
    target = folder / language / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return folder


def _messages(catalogue: Catalog) -> Iterator[str | tuple[str, str]]:
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            yield message.id
        elif isinstance(message.id, tuple | list):
            yield message.id[0], message.id[1]
