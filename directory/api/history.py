"""The past for programs: revisions of an entry, and sealed extracts."""

from typing import Any

from flask import Response

from directory.api.counterparts import read_asked, unknown_codes_beside
from directory.api.operations import Operations, json_response, reads
from directory.domain.diff import Difference
from directory.domain.looking import Seen, Way
from directory.exchange.extract import answer_extract, entry_extract
from directory.queries.as_of import get_entry_as_of
from directory.queries.counterparts import answer
from directory.queries.history import RevisionView, Verification, get_history
from directory.queries.reference import get_book
from directory.schemas.history import EntryAsked, ExtractForm, HistoryAsked, RevisionList
from directory.schemas.questions import CounterpartQuestion
from directory.services.checkpoints import signer
from directory.web.context import actor, now, parts, reading
from directory.web.looking import looked_at, looked_at_answer, seen_in, taken_away

operations = Operations("api_history", __name__, description="What was, and how it was verified")

Plain = dict[str, Any]


@reads(
    operations,
    "/entries/<entry_id>/history",
    permission="entries:read",
    asks=HistoryAsked,
    answers=RevisionList,
    refuses=(404,),
)
def show_history(asked: Plain, entry_id: str) -> Response:
    """The revisions of an entry, the newest first: what changed, why, verified how."""
    today = now().date()
    known = get_book(actor(), reading())
    view = get_history(
        actor(), reading(), known, entry_id, today, before=asked.get("before"), limit=asked["limit"]
    )
    looked_at(Way.HISTORY, view.head)
    items = [_revision(one, view.signed) for one in view.items]
    following = str(view.next) if view.next else None
    return json_response({"items": items, "next": following, "total": view.total})


def _revision(one: RevisionView, signed: int) -> Plain:
    changes = None if one.differences is None else [_change(each) for each in one.differences]
    return {
        "revision": one.number,
        "recorded_at": one.recorded_at.isoformat(),
        "status": one.status,
        "reason": one.reason,
        "recorded_by": one.recorded_by,
        "changes": changes,
        "changes_withheld": one.has_hidden,
        "verification": _verification(one.verification) if one.verification else None,
        "evidence": one.evidence,
        "event": {
            "sequence": one.sequence,
            "hash": one.event_hash,
            "signed": one.sequence <= signed,
        }
        if one.sequence
        else None,
        "erased": one.is_erased,
    }


def _change(one: Difference) -> Plain:
    return {
        "path": one.path,
        "field_class": one.field_class.name,
        "before": one.before,
        "after": one.after,
    }


def _verification(one: Verification) -> Plain:
    return {
        "proposal_kind": one.proposal_kind,
        "submitted_at": one.submitted_at.isoformat() if one.submitted_at else None,
        "officers": one.officers,
        "call_backs": [
            {"at": made.at.isoformat(), "channel_kind": made.channel_kind, "result": made.result}
            for made in one.call_backs
        ],
        "emergency": one.emergency,
    }


@reads(
    operations,
    "/entries/<entry_id>/extract",
    permission="entries:read",
    asks=EntryAsked,
    answers=ExtractForm,
    refuses=(404,),
)
def extract_entry(asked: Plain, entry_id: str) -> Response:
    """A sealed extract: what was on record of the entry that day, signed and proven."""
    today = now().date()
    on, known = asked.get("as_of", today), asked.get("as_known")
    view = get_entry_as_of(actor(), reading(), entry_id, on, known, today)
    looked_at(Way.EXTRACT, view.head)
    seen = [Seen(entry_id, view.head.state)]
    serial = taken_away(Way.EXTRACT, "json", f"entry {entry_id}", seen)
    signing = signer(parts().settings)
    return json_response(entry_extract(actor(), reading(), view, signing, now(), serial))


@reads(
    operations,
    "/counterparts/extract",
    permission="counterparts:ask",
    asks=CounterpartQuestion,
    codes=unknown_codes_beside,
    answers=ExtractForm,
    refuses=(404,),
)
def extract_answer(asked: Plain) -> Response:
    """A sealed extract of the finder's answer, with every revision that it rests on."""
    question, known = read_asked(asked)
    found = answer(actor(), reading(), question, now().date(), known)
    looked_at_answer(Way.EXTRACT, found)
    signing = signer(parts().settings)
    pair = f"{question.requesting}-{question.requested}-{question.cooperation_type}"
    serial = taken_away(Way.EXTRACT, "json", f"answer {pair}", seen_in(found))
    return json_response(answer_extract(actor(), reading(), found, known, signing, now(), serial))
