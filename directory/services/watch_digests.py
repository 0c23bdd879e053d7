"""One digest a person and day of what happened to the things they watch.

The gravest is told first: failed line tests, reports, closed days, and then what changed.

What is told depends on the watches and on what was recorded since each was last looked at; both
are written in one transaction, so a worker that stood still, or runs twice, neither forgets nor
repeats.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.book import ReferenceBook
from directory.domain.watching import WatchKind, entries_named, named_by, watched_question
from directory.errors import Invalid
from directory.models.account import Account
from directory.models.watching import Watch
from directory.policy import Actor
from directory.queries.accounts import find_actors
from directory.queries.counterparts import answer
from directory.queries.reference import get_book
from directory.queries.watched_changes import ChangedEntry, changed_entries
from directory.queries.watched_events import Events, Watched, watched_events
from directory.services.notices import Notice, queue

KIND = "watched_changed"
#: Persons dealt with in one transaction.
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Moment:
    """When the digests are made, and by which reference data."""

    at: dt.datetime
    book: ReferenceBook

    @property
    def today(self) -> dt.date:
        return self.at.date()


def queue_watch_digests(uow: UnitOfWork, at: dt.datetime, *, demo: bool) -> list[str]:
    """Look at the watches of the next persons; their addresses. Empty when all have been looked at.

    A person's watches are looked at once a day (UTC).
    """
    accounts = _next_accounts(uow.session, at)
    if not accounts:
        return []
    actors = find_actors(uow.session, accounts, at, demo)
    watches = _watches(uow.session, accounts)
    everything = [one for mine in watches.values() for one in mine]
    changed = _changed(uow.session, everything)
    events = watched_events(uow.session, _watched(everything))
    notices = []
    for account_id, mine in watches.items():
        actor = actors.get(account_id)
        if actor is not None and actor.roles:
            moment = Moment(at, get_book(actor, uow.session))
            events_told = events.told(actor, _watched(mine), moment.today)
            notices += _digest(actor, uow.session, mine, changed, events_told, moment)
        for one in mine:
            one.looked_at = at
    queue(uow, notices, at)
    return [str(account_id) for account_id in accounts]


def _next_accounts(session: Session, at: dt.datetime) -> list[int]:
    """Persons of whose watches one was not looked at today; closed accounts are passed over."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = (
        select(Watch.account_id)
        .join(Account, Account.id == Watch.account_id)
        .where(
            Watch.looked_at < midnight,
            Account.active,
            or_(Account.ends_on.is_(None), Account.ends_on >= at.date()),
        )
        .group_by(Watch.account_id)
        .order_by(Watch.account_id)
        .limit(AT_ONCE)
    )
    return list(session.scalars(wanted))


def _watches(session: Session, accounts: Sequence[int]) -> dict[int, list[Watch]]:
    """Held until the transaction ends, so that two workers never tell one thing twice."""
    wanted = select(Watch).where(Watch.account_id.in_(accounts)).order_by(Watch.id)
    found: dict[int, list[Watch]] = {}
    for one in session.scalars(wanted.with_for_update()):
        found.setdefault(one.account_id, []).append(one)
    return found


def _changed(session: Session, watches: Iterable[Watch]) -> dict[str, ChangedEntry]:
    watches = list(watches)
    states = {one.key for one in watches if one.kind is WatchKind.STATE}
    states |= {
        watched_question(one.key, one.looked_at).requested
        for one in watches
        if one.kind is WatchKind.QUESTION
    }
    ids = {one.key for one in watches if one.kind is WatchKind.ENTRY}
    ids |= {id_ for one in watches for id_ in entries_named(one.named)}
    return changed_entries(session, states, ids, min(one.looked_at for one in watches))


def _watched(watches: Iterable[Watch]) -> Watched:
    """The entries, States and closed days that these watches are about.

    A question is about the entries that it named, and about closed days of the State asked.
    """
    found = Watched()
    for one in watches:
        if one.kind is WatchKind.STATE:
            found.add_state(one.key, one.looked_at)
        elif one.kind is WatchKind.ENTRY:
            found.add_entry(one.key, one.looked_at, with_closed_days=True)
        else:
            found.add_closed_days(watched_question(one.key, one.looked_at).requested, one.looked_at)
            for id_ in entries_named(one.named):
                found.add_entry(id_, one.looked_at)
    return found


def _digest(
    actor: Actor,
    session: Session,
    watches: Sequence[Watch],
    changed: Mapping[str, ChangedEntry],
    events: Events,
    moment: Moment,
) -> list[Notice]:
    """The notice of the day; none without anything to tell."""
    fields: dict[str, dict[str, None]] = {}
    questions = []
    for one in watches:
        for id_ in _concerned(one, changed):
            told = changed[id_].told(actor, one.looked_at, moment.today)
            if told:
                fields.setdefault(id_, {}).update(dict.fromkeys(told))
        if one.kind is WatchKind.QUESTION and _is_answered_otherwise(
            actor, session, one, changed, moment
        ):
            questions.append(_question_line(one, moment))
    if not (events or fields or questions):
        return []
    lines = [[id_, changed[id_].head.state_code, list(told)] for id_, told in fields.items()]
    return [_notice(actor, moment, {**events, "changed": lines, "questions": questions})]


def _concerned(one: Watch, changed: Mapping[str, ChangedEntry]) -> list[str]:
    """Changed entries that the watch is about."""
    if one.kind is WatchKind.STATE:
        return [id_ for id_, entry in changed.items() if entry.head.state_code == one.key]
    wanted = (one.key,) if one.kind is WatchKind.ENTRY else entries_named(one.named)
    return [id_ for id_ in wanted if id_ in changed]


def _question_line(one: Watch, moment: Moment) -> list[str]:
    question = watched_question(one.key, moment.at)
    return [one.key, question.requested, question.requesting, question.cooperation_type.value]


def _is_answered_otherwise(
    actor: Actor,
    session: Session,
    one: Watch,
    changed: Mapping[str, ChangedEntry],
    moment: Moment,
) -> bool:
    """Does the answer name others than when it was last looked at, and not by the actor's own act?

    Remembers what it names now.
    """
    question = watched_question(one.key, moment.at)
    try:
        named = named_by(answer(actor, session, question, moment.today, book=moment.book))
    except Invalid:
        # A code of the question is no longer on record; its page says so.
        named = ()
    differing = set(named) ^ set(one.named)
    is_other_order = not differing and list(named) != one.named
    entries = entries_named(differing)
    own = {
        id_ for id_ in entries if id_ in changed and changed[id_].is_only_own(actor, one.looked_at)
    }
    one.named = list(named)
    return is_other_order or any(
        part.startswith("instrument:") or part.partition(":")[2] not in own for part in differing
    )


def _notice(actor: Actor, moment: Moment, params: dict[str, Any]) -> Notice:
    return Notice(
        kind=KIND,
        key=f"{KIND}:{actor.account_id}:{moment.today.isoformat()}",
        account_id=actor.account_id,
        params=params,
    )
