"""Reading the outbox: one's own notices, a demonstration's mailbox, what notices speak of."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from directory.domain.reference import State
from directory.exchange.notice_rendering import Facts
from directory.models.account import Account
from directory.models.entry import Entry
from directory.models.notice import Notice
from directory.models.reference import CooperationType, StateName
from directory.models.reference import State as StateRow
from directory.policy import Actor, require

#: Most notices on one page; older ones have had their time.
MOST_NOTICES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A notice as a page shows it; its words are composed anew from kind and params."""

    id: int
    kind: str
    params: Mapping[str, Any]
    #: Whom it is for.
    to: str
    created_at: dt.datetime
    sent_at: dt.datetime | None
    given_up_at: dt.datetime | None
    #: 'smtp', 'local', or '' while it waits.
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxState:
    """How many notices wait to be sent now, since when, and how many were given up."""

    waiting: int
    oldest: dt.datetime | None
    given_up: int


def list_own_notices(actor: Actor, session: Session) -> tuple[NoticeView, ...]:
    """What the directory has told the actor's account, the newest first."""
    require(actor, "account:own")
    return _views(session, Notice.account_id == actor.account_id)


def list_mailbox(session: Session) -> tuple[NoticeView, ...]:
    """What was kept here instead of being sent; for demonstrations, where nobody else has mail."""
    return _views(session, Notice.delivery == "local")


def _views(session: Session, which: ColumnElement[bool]) -> tuple[NoticeView, ...]:
    query = (
        select(Notice, Account.email)
        .outerjoin(Account, Account.id == Notice.account_id)
        .where(which)
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(MOST_NOTICES)
    )
    return tuple(_view(row, email) for row, email in session.execute(query))


def _view(row: Notice, email: str | None) -> NoticeView:
    return NoticeView(
        id=row.id,
        kind=row.kind,
        params=row.params,
        to=email or row.address,
        created_at=row.created_at,
        sent_at=row.sent_at,
        given_up_at=row.given_up_at,
        delivery=row.delivery,
    )


def outbox_state(session: Session, at: dt.datetime) -> OutboxState:
    """How delivery is doing. One statement."""
    due = Notice.next_attempt_at <= at
    query = select(
        func.count().filter(due),
        func.min(Notice.created_at).filter(due),
        func.count().filter(Notice.given_up_at.is_not(None)),
    )
    waiting, oldest, given_up = session.execute(query).one()
    return OutboxState(waiting=waiting, oldest=oldest, given_up=given_up)


#: Params of digests that list (entry, State, ...).
_LISTS = ("failed", "reports", "answered", "due", "postings")


def read_facts(
    session: Session, all_params: Sequence[Mapping[str, Any]], base_url: str, contact: str
) -> Facts:
    """What notices with these params are filled in with, as it stands now.

    No actor: a notice speaks to its recipient of entries it was written for.
    """
    wanted = {entry for params in all_params for entry in _entries(params)}
    query = select(Entry.id, Entry.name, Entry.state_code).where(Entry.id.in_(sorted(wanted)))
    found = session.execute(query).all() if wanted else []
    homes = {entry: state for entry, _, state in found}
    return Facts(
        base_url=base_url,
        names={entry: name for entry, name, _ in found},
        homes=homes,
        states=_read_states(session, {*homes.values(), *_states(all_params)}),
        types=_read_types(session) if any(one.get("questions") for one in all_params) else {},
        contact=contact,
    )


def _read_states(session: Session, codes: Collection[str]) -> dict[str, State]:
    """The States with their official names; the whole reference book is too much for a mail."""
    query = (
        select(StateRow.code, StateRow.kind, StateRow.languages, StateName.language, StateName.text)
        .outerjoin(
            StateName, and_(StateName.state_code == StateRow.code, StateName.form == "official")
        )
        .where(StateRow.code.in_(sorted(codes)))
    )
    found: dict[str, State] = {}
    for code, kind, languages, language, text in session.execute(query):
        state = found.setdefault(code, State(code=code, kind=kind, languages=tuple(languages)))
        if language:
            state.names[language] = text
    return found


def _read_types(session: Session) -> dict[str, dict[str, str]]:
    rows = session.execute(select(CooperationType.code, CooperationType.names))
    return {code.value: names for code, names in rows}


def read_languages(session: Session, state: str) -> tuple[str, ...]:
    """The official languages of the State; none for one that is not known."""
    found = session.scalar(select(StateRow.languages).where(StateRow.code == state))
    return tuple(found or ())


def _states(all_params: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for params in all_params:
        yield params.get("state", "")
        for name in _LISTS:
            yield from (one[1] for one in params.get(name, ()))
        for name in ("changed", "closed"):
            yield from (one[1] for one in params.get(name, ()))
        yield from (code for one in params.get("questions", ()) for code in one[1:3])


def _entries(params: Mapping[str, Any]) -> Iterator[str]:
    yield from (params[key] for key in ("entry", "alternative") if params.get(key))
    for name in _LISTS:
        yield from (one[0] for one in params.get(name, ()))
    yield from (one[0] for one in params.get("changed", ()))
