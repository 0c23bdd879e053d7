"""Languages as sources print them, made into lists in the order of preference."""

import re
from dataclasses import dataclass

_CODE = re.compile(r"[a-z]{2,3}")
_CLAUSE = re.compile(r";(?![^(]*\))")
_NOTE = re.compile(r"\(([^()]*)\)")
_REQUESTS_IN = re.compile(r"requests in ([a-z]{2,3}) or ([a-z]{2,3})")
_OR_OFFICIAL = re.compile(
    r"([a-z]{2,3}) or an official language of .* \(([a-z]{2,3}(?:, [a-z]{2,3})*)\)"
)


@dataclass(frozen=True, slots=True)
class PrintedLanguages:
    """Languages accepted for requests and languages spoken by the desk."""

    accepted: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()


def printed_languages(text: str) -> PrintedLanguages:
    """Read e.g. 'cs;en;fr (in this order of preference)' or 'tr (requests); en (contact language)'.

    A note with 'contact' makes the languages before it (since the last note) spoken ones; 'requests
    in x or y' names the accepted ones. What is not a language code is passed over.
    """
    official = _OR_OFFICIAL.fullmatch(text)
    if official:
        return PrintedLanguages((official[1], *official[2].split(", ")))
    accepted: list[str] = []
    spoken: list[str] = []
    run: list[str] = []
    for clause in _CLAUSE.split(text):
        note = _NOTE.search(clause)
        words = _NOTE.sub("", clause).strip()
        requests = _REQUESTS_IN.fullmatch(words)
        if requests:
            accepted += requests.groups()
        elif _CODE.fullmatch(words):
            run.append(words)
        if note:
            (spoken if "contact" in note[1] else accepted).extend(run)
            run = []
    return PrintedLanguages(tuple(dict.fromkeys(accepted + run)), tuple(dict.fromkeys(spoken)))
