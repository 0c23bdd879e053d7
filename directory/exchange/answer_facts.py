"""An answer of the finder in plain values, the same in whichever language it is read.

What is sealed must not depend on the reader's language: names stay as they are on record, States,
treaties and kinds of help are codes, and reasons are codes with their English words.
"""

from collections.abc import Iterable

from directory.domain.answer import Answer, ContactLine, Question
from directory.domain.events import Plain
from directory.domain.reasons import Reason, render
from directory.domain.record import RequirementsRecord, display_name, part_to_dict, to_dict


def answer_facts(answer: Answer) -> Plain:
    """Whom the answer names, why, and how they were reached."""
    return {
        "question": _question(answer.question),
        "instruments": [
            {"code": one.code, "articles": list(one.articles)} for one in answer.instruments
        ],
        "authorities": _contacts(answer.authorities),
        "contact_points": _contacts(answer.contact_points),
        "liaison_officers": _contacts(one.contact for one in answer.liaison_officers),
        "nearest": _contacts(answer.nearest),
        "suspended": _contacts(answer.suspended),
        "requirements": _requirements(answer),
        "gaps": [_reason(one) for one in answer.gaps],
    }


def _question(one: Question) -> Plain:
    return {
        "requesting": one.requesting,
        "requested": one.requested,
        "type": one.cooperation_type.value,
        "urgent": one.urgent,
        "instrument": one.instrument,
        "territory": one.territory,
        "at": one.at.isoformat(),
    }


def _contacts(lines: Iterable[ContactLine]) -> list[Plain]:
    return [_contact(one) for one in lines]


def _contact(line: ContactLine) -> Plain:
    one, plain = line.candidate, to_dict(line.candidate.record)
    return {
        "id": one.id,
        "kind": one.kind.value,
        "state": one.state,
        "name": display_name(one.record),
        "status": one.status.value,
        "revision": one.revision,
        "reasons": [_reason(each) for each in line.reasons],
        "designation": part_to_dict(line.designation) if line.designation else None,
        "channels": plain.get("channels", []),
        "addresses": plain.get("addresses", []),
        "synthetic": one.synthetic,
    }


def _requirements(answer: Answer) -> Plain | None:
    entry = answer.requirements.entry
    if entry is None or not isinstance(entry.candidate.record, RequirementsRecord):
        return None
    return {"id": entry.candidate.id, "record": to_dict(entry.candidate.record)}


def _reason(one: Reason) -> Plain:
    return {"code": one.code, "text": render(one)}
