"""Who is told of a change while it can still be stopped."""

import datetime as dt

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.call_backs import record_channels
from directory.domain.vocabulary import ADDRESS_NOT_VALID, ChannelKind, EntryStatus, Role
from directory.models.account import Account, AccountRole
from directory.models.proposal import Proposal
from directory.queries.current import CurrentEntry, entries_reached_by, read_histories
from directory.services.decisions import told_of
from directory.services.notices import Notice
from directory.services.objections import Recipient, make_links
from directory.services.secrets import hash_secret


def focal_points(session: Session, state: str, today: dt.date, but: int | None) -> list[int]:
    """The accounts of the State's focal points that count today, without ``but``."""
    statement = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(
            Account.state_code == state,
            Account.active,
            AccountRole.role == Role.FOCAL_POINT,
            *counting(today),
        )
        .order_by(Account.id)
    )
    return [id_ for id_ in session.scalars(statement) if id_ != but]


def notices_to_officers(
    session: Session, kind: str, proposal: Proposal, today: dt.date, but: int | None
) -> list[Notice]:
    """To the officers who may act next; for an import the queue is enough, not a mail a row."""
    if proposal.batch:
        return []
    return [_notice(kind, proposal, one) for one in officers(session, today, but)]


def officers(
    session: Session, today: dt.date, but: int | None, role: Role = Role.VERIFIER
) -> list[int]:
    """The accounts with that role of the secretariat that count today, without ``but``."""
    statement = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.active, AccountRole.role == role, *counting(today))
        .order_by(Account.id)
    )
    return [one for one in session.scalars(statement) if one != but]


def counting(today: dt.date) -> tuple[ColumnElement[bool], ...]:
    """Neither the role nor the account has ended."""
    return (
        or_(AccountRole.ends_on.is_(None), AccountRole.ends_on >= today),
        or_(Account.ends_on.is_(None), Account.ends_on >= today),
    )


def old_mailboxes(current: CurrentEntry | None) -> list[str]:
    """The e-mail addresses of the entry as it is published, whoever may see them."""
    found = [
        one.value
        for one in record_channels(current.record if current else None)
        if one.kind is ChannelKind.EMAIL and one.warning != ADDRESS_NOT_VALID
    ]
    return list(dict.fromkeys(found))


def recipients_of(
    session: Session, proposal: Proposal, current: CurrentEntry | None, today: dt.date
) -> list[Recipient]:
    """Old mailboxes and the other focal points; a hold that nobody hears of protects nothing.

    Where there is neither, or the mailboxes are of an entry that is suspended or retired, also the
    mailboxes of the State's other entries, as for a call-back.
    """
    points = focal_points(session, proposal.state_code, today, proposal.proposer_id)
    found: list[Recipient] = [*old_mailboxes(current), *points]
    is_read = current is None or current.status is EntryStatus.PUBLISHED
    others = [] if found and is_read else mailboxes_of_others(session, proposal)
    return list(dict.fromkeys([*found, *others]))


def mailboxes_of_others(session: Session, proposal: Proposal) -> list[str]:
    """The e-mail addresses of the State's other published entries; two statements.

    Those of today, and those of the day the proposal was submitted: nobody can have the objections
    go elsewhere by changing another entry meanwhile.
    """
    ids = entries_reached_by(session, proposal.state_code, [ChannelKind.EMAIL], proposal.entry_id)
    found = []
    for history in read_histories(session, ids).values():
        before = [
            one
            for one in history
            if proposal.submitted_at is None or one.recorded_at <= proposal.submitted_at
        ]
        for revision in {id(one): one for one in (*before[-1:], history[-1])}.values():
            found += [
                value
                for (kind, value, _), channel in revision.lines.items()
                if kind == ChannelKind.EMAIL and channel.get("warning") != ADDRESS_NOT_VALID
            ]
    return list(dict.fromkeys(found))


def notices_of_hold(
    uow: UnitOfWork, proposal: Proposal, current: CurrentEntry | None, at: dt.datetime
) -> list[Notice]:
    """To everybody who can object, each with an objection link of their own."""
    until = proposal.hold_until or at
    recipients = recipients_of(uow.session, proposal, current, at.date())
    links = make_links(uow, proposal.id, recipients, until)
    return [
        _notice("change_on_hold", proposal, recipient, hold_until=until.isoformat(), link=link_id)
        for recipient, link_id in links
    ]


def notices_of(
    uow: UnitOfWork, kind: str, proposal: Proposal, current: CurrentEntry, at: dt.datetime
) -> list[Notice]:
    """The same recipients learn of what works already: a suspension, or lines shown at once."""
    recipients = recipients_of(uow.session, proposal, current, at.date())
    return [_notice(kind, proposal, recipient) for recipient in recipients]


def _notice(
    kind: str, proposal: Proposal, recipient: Recipient, link: str = "", hold_until: str = ""
) -> Notice:
    more = {"hold_until": hold_until, "objection_link": link} if link else {}
    return Notice(
        kind=kind,
        key=f"{kind}:{proposal.id}:{proposal.version}:{hash_secret(str(recipient))}",
        account_id=recipient if isinstance(recipient, int) else None,
        address=recipient if isinstance(recipient, str) else "",
        params=told_of(proposal, **more),
    )
