"""Making sealed extracts: of an entry as it stood, and of an answer of the finder.

What a reader may not see is not in the extract. A revision of which nothing is withheld is
``complete``: then its record can be held against the hash in the change log; otherwise the seal
alone vouches for it. The hash never covers what is personal (``domain.personal``).
"""

import base64
import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from directory.domain import extracts
from directory.domain.answer import Answer, ContactLine
from directory.domain.as_of import Recorded
from directory.domain.events import Plain, moment_text
from directory.domain.notes import Signer
from directory.domain.personal import is_erased, split
from directory.domain.record import cooperation_types, part_to_dict, to_dict
from directory.domain.validity import is_valid
from directory.errors import NotFound
from directory.exchange.answer_facts import answer_facts
from directory.models.entry import Entry
from directory.policy import Actor
from directory.queries.as_of import Life, PastView, read_life, read_lives, visible_now
from directory.queries.change_log import InclusionProof
from directory.queries.history import prove_revisions

Proofs = Mapping[tuple[str, int], InclusionProof]


def entry_extract(
    actor: Actor, session: Session, view: PastView, signing: Signer, at: dt.datetime, serial: str
) -> Plain:
    """The sealed extract of an entry as it stood; six statements. Raises ``Unavailable``."""
    life, then = read_life(session, view.head.id), view.as_of
    used = [then.revision] if not then.is_redated else [then.revision, then.latest]
    proofs = prove_revisions(session, {life.id: [one.number for one in used]})
    statement = {
        "kind": "entry",
        **_marked(actor, serial),
        "made_at": moment_text(at),
        "as_of": view.on.isoformat(),
        "as_known": moment_text(view.known or at),
        **_said(view),
        "revisions": [_revision(actor, life, one, proofs) for one in used],
        "checkpoint": _note(proofs),
    }
    subject = f"entry {life.id} {then.revision.number} {view.on.isoformat()}"
    return extracts.seal(statement, signing, at, _number(proofs), subject)


def _said(view: PastView) -> Plain:
    """Who it was, and what it was competent for that day."""
    head, designations = view.head, getattr(view.record, "designations", ())
    return {
        "entry": {
            "id": head.id,
            "kind": head.kind.value,
            "state": head.state,
            "name": head.name,
            "status": head.status.value,
            "synthetic": head.synthetic,
        },
        "revision": head.revision,
        "before_first_record": view.as_of.is_before_record,
        "record": to_dict(view.record),
        "competent_for": [part_to_dict(one) for one in designations if is_valid(one, view.on)],
        "types": [kind.value for kind in cooperation_types(view.record)],
        "confirmed_on": _iso(view.freshness.confirmed_on),
        "channels_withheld": view.hidden_channels,
        "erased": view.is_erased,
    }


def answer_extract(
    actor: Actor,
    session: Session,
    answer: Answer,
    known: dt.datetime | None,
    signing: Signer,
    at: dt.datetime,
    serial: str,
) -> Plain:
    """The sealed extract of an answer of the finder; eight statements.

    Raises ``NotFound`` when it names nobody, and ``Unavailable`` as that of an entry does.
    """
    wanted = {line.candidate.id: line.candidate.revision for line in _contacts(answer)}
    if not wanted:
        raise NotFound("extract", "of an answer that names nobody")
    proofs = prove_revisions(session, {id_: [number] for id_, number in wanted.items()})
    lives = read_lives(session, Entry.id.in_(sorted(wanted)))
    asked = answer.question
    statement = {
        "kind": "answer",
        **_marked(actor, serial),
        "made_at": moment_text(at),
        "as_of": asked.on.isoformat(),
        "as_known": moment_text(known or at),
        "answer": answer_facts(answer),
        "revisions": [
            _revision(actor, life, life.revisions[wanted[life.id] - 1], proofs) for life in lives
        ],
        "checkpoint": _note(proofs),
    }
    pair = f"{asked.requesting} {asked.requested} {asked.cooperation_type}"
    subject = f"answer {pair} {asked.on.isoformat()}"
    return extracts.seal(statement, signing, at, _number(proofs), subject)


def _marked(actor: Actor, serial: str) -> Plain:
    """For whom it is made, and the number by which the read audit knows it."""
    return {"made_for": actor.name, "serial": serial}


def _contacts(answer: Answer) -> tuple[ContactLine, ...]:
    officers = (one.contact for one in answer.liaison_officers)
    required = (answer.requirements.entry,) if answer.requirements.entry else ()
    return (
        *answer.authorities,
        *answer.suspended,
        *answer.nearest,
        *answer.contact_points,
        *officers,
        *required,
    )


def _revision(actor: Actor, life: Life, one: Recorded, proofs: Proofs) -> Plain:
    """A revision with its event and the path to the checkpoint's root, lowest hash first."""
    proof, whole = proofs[life.id, one.number], to_dict(one.record)
    record = to_dict(visible_now(actor, life, one.record))
    is_complete = split(life.kind, whole)[0] == split(life.kind, record)[0]
    return {
        "entry": life.id,
        "kind": life.kind.value,
        "revision": one.number,
        "status": one.status.value,
        "recorded_at": moment_text(one.at),
        "record": record,
        "complete": is_complete,
        "erased": is_erased(life.kind, whole),
        # With the whole event at hand a number that is withheld could be guessed by its hash.
        "event": proof.event.body if is_complete else None,
        "leaf": proof.event.leaf,
        "sequence": proof.event.sequence,
        "path": [base64.b64encode(hash_).decode() for hash_ in proof.path],
    }


def _note(proofs: Proofs) -> str:
    return next(iter(proofs.values())).checkpoint.note


def _number(proofs: Proofs) -> int:
    return next(iter(proofs.values())).checkpoint.number


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
