"""What the sentences under ``expect`` in ``counterpart_cases.toml`` mean."""

import re
from collections.abc import Callable, Iterable

from directory.domain.answer import Answer, UrgentPart
from directory.domain.reasons import Reason, render
from tests.domain.sentences import name_of, names_of, said_of


def _in_force(answer: Answer, text: str) -> bool:
    said = []
    for line in answer.instruments:
        since = f" since {line.in_force_since}" if line.in_force_since else ", date unknown"
        said += [line.code + since, line.code + since + (" (computed)" * line.computed)]
    return text in said


def _reason_words(reason: Reason) -> set[str]:
    """The ways to write a reason: its code, with its State, with its rule."""
    states = [str(reason.params[name]) for name in ("state",) if name in reason.params]
    return {reason.code, *(f"{reason.code} {one}" for one in (*states, reason.rule) if one)}


def _has(reasons: Iterable[Reason], text: str) -> bool:
    return any(text in _reason_words(reason) for reason in reasons)


def _not_in_force(answer: Answer, text: str) -> bool:
    code, _, why = text.partition(": ")
    return any(line.code == code and _has(line.reasons, why) for line in answer.not_on_record)


def _of_instrument(answer: Answer, text: str, shown: Callable[..., bool]) -> bool:
    code, _, rest = text.partition(" ")
    return any(line.code == code and shown(line, rest) for line in answer.instruments)


def _usable(answer: Answer, text: str) -> bool:
    words = {True: "yes", False: "no", None: "unknown"}
    return _of_instrument(answer, text, lambda line, rest: words[line.usable] == rest)


def _note(answer: Answer, text: str) -> bool:
    return _of_instrument(answer, text, lambda line, rest: _has(line.notes, rest))


def _declaration(answer: Answer, text: str) -> bool:
    def is_shown(line: object, rest: str) -> bool:
        return any(f"{one.kind} {one.state}" == rest for one in line.declarations)  # type: ignore[attr-defined]

    return _of_instrument(answer, text, is_shown)


def _because(answer: Answer, text: str) -> bool:
    name, _, why = text.rpartition(": ")
    return _has(said_of(answer, name).reasons, why)


def _says(answer: Answer, text: str) -> bool:
    name, _, words = text.partition(": ")
    return words in {render(reason) for reason in said_of(answer, name).reasons}


def _warning(answer: Answer, text: str) -> bool:
    name, _, why = text.rpartition(": ")
    return _has(said_of(answer, name).warnings, why)


def _officers(answer: Answer, text: str) -> bool:
    said = (f"{name_of(line.contact)} {line.relation}" for line in answer.liaison_officers)
    return " | ".join(said) == text


def _first_call(answer: Answer, text: str) -> bool:
    """Is the first to call of that name? Its point and its authority may bear the same."""
    first = next((one.entry for one in answer.urgent_steps if one.part is UrgentPart.CALL), "")
    lines = (*answer.contact_points, *answer.authorities, *answer.nearest)
    return first in {line.candidate.id for line in lines if name_of(line) == text}


_EXPECTED: dict[str, Callable[[Answer, str], bool]] = {
    "in force": _in_force,
    "in force in this order": lambda answer, text: (
        " | ".join(line.code for line in answer.instruments) == text
    ),
    "not in force": _not_in_force,
    "missing first": lambda answer, text: " | ".join(
        line.code for line in answer.not_on_record
    ).startswith(text),
    "asked first": lambda answer, text: (
        answer.instruments[0].asked and answer.instruments[0].code == text
    ),
    "legal basis": _usable,
    "note": _note,
    "declaration": _declaration,
    "authorities": lambda answer, text: names_of(answer.authorities) == text,
    "first": lambda answer, text: names_of(answer.authorities[:1]) == text,
    "suspended": lambda answer, text: names_of(answer.suspended) == text,
    "nearest": lambda answer, text: names_of(answer.nearest) == text,
    "points": lambda answer, text: names_of(answer.contact_points) == text,
    "because": _because,
    "says": _says,
    "warning": _warning,
    "source": lambda answer, text: any(
        line.source is not None and line.source.reference == text for line in answer.authorities
    ),
    "call": _first_call,
    "urgent": lambda answer, text: _has((step.reason for step in answer.urgent_steps), text),
    "officers": _officers,
    "translation": lambda answer, text: answer.requirements.translation == text,
    "languages": lambda answer, text: _has(
        (line.reason for line in answer.requirements.languages), text
    ),
    "contents": lambda answer, text: text in {one.rule for one in answer.requirements.contents},
    "time limit": lambda answer, text: _has(answer.requirements.time_limits, text),
    "requirements": lambda answer, text: (
        (answer.requirements.record is not None) == (text == "on record")
    ),
    "gap": lambda answer, text: _has(answer.gaps, text),
    "step": lambda answer, text: _has((step.reason for step in answer.steps), text),
}


def holds(answer: Answer, sentence: str) -> bool:
    """Is the sentence true of the answer? 'none' is an empty list, 'no gap: x' a denial."""
    denial = re.fullmatch(r"no (?P<rest>.+)", sentence)
    word, _, text = (denial["rest"] if denial else sentence).partition(": ")
    assert word in _EXPECTED, f"not understood: {sentence}"
    found = _EXPECTED[word](answer, "" if text == "none" else text)
    return bool(found) is not bool(denial)
