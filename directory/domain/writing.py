"""In which direction a language is written.

By its script where one is named, else by the script it is written in by default (CLDR 'likely
subtags'; `tests/domain/test_writing.py` compares). The library that knows this of every language
loads all it knows of each for the answer, half a megabyte that stays.
"""

RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})
#: Languages that are written in one of them by default.
RIGHT_TO_LEFT_LANGUAGES = frozenset(
    {"apc", "ar", "bal", "bgn", "ckb", "dv", "fa", "he", "ks", "lrc", "mzn", "nqo"}
    | {"ps", "rhg", "sd", "sdh", "skr", "syr", "trw", "ug", "ur", "yi"}
)


def direction(language: str, script: str = "") -> str:
    """'rtl' or 'ltr' of a language, by its codes of ISO 639 and ISO 15924."""
    if script:
        is_right_to_left = script in RIGHT_TO_LEFT_SCRIPTS
    else:
        is_right_to_left = language in RIGHT_TO_LEFT_LANGUAGES
    return "rtl" if is_right_to_left else "ltr"
