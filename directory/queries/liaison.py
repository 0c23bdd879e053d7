"""Liaison officers that concern one State, and those that any State may use."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.domain.freshness import freshness
from directory.domain.postings import Posting, is_for, is_in_post
from directory.domain.record import LiaisonOfficerRecord
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus
from directory.models.entry import Entry, LiaisonState
from directory.policy import READ_ENTRY, Actor, require, visible
from directory.queries.records import read_records


def list_postings(
    actor: Actor,
    session: Session,
    mine: str,
    today: dt.date,
    kind: CooperationType | None = None,
) -> tuple[Posting, ...]:
    """Officers in post today that ``mine`` sent, that are posted in or cover it, or that any State
    may use; those for ``kind`` only, when given. One statement beside the records.
    """
    require(actor, "entries:read")
    concerned = select(LiaisonState.entry_id).where(
        or_(LiaisonState.state_code == mine, LiaisonState.common_use)
    )
    statement = (
        select(
            Entry.id,
            Entry.kind,
            Entry.state_code,
            Entry.revision,
            Entry.changed_at,
            Entry.confirmed_on,
            Entry.open_reports,
            Entry.synthetic,
        )
        .where(
            READ_ENTRY.filter(actor, today),
            Entry.kind == EntryKind.LIAISON_OFFICER,
            Entry.status == EntryStatus.PUBLISHED,
            or_(Entry.state_code == mine, Entry.id.in_(concerned)),
        )
        .order_by(Entry.state_code, Entry.name, Entry.id)
    )
    heads = session.execute(statement).all()
    records = read_records(session.connection(), heads)
    found = []
    for head in heads:
        record = visible(actor, head.state_code, records[head.id])
        if not isinstance(record, LiaisonOfficerRecord):
            continue
        if is_in_post(record, today) and is_for(record, kind):
            posting = Posting(
                id=head.id,
                sender=head.state_code,
                record=record,
                freshness=freshness(head.kind, head.confirmed_on, today, head.open_reports),
                synthetic=head.synthetic,
            )
            found.append(posting)
    return tuple(found)
