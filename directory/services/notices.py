"""What must be told is written in the transaction of the act; the worker tells it afterwards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from directory.db.unit_of_work import UnitOfWork
from directory.models import notice as tables
from directory.policy import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice to an account, or to a mailbox without one.

    ``kind`` names its texts, ``params`` fills them (JSON types). ``key`` makes it unique: the same
    thing is told to one recipient once.
    """

    kind: str
    key: str
    account_id: int | None = None
    address: str = ""
    language: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    #: Not sent earlier; None is at once.
    not_before: dt.datetime | None = None


def queue(
    uow: UnitOfWork, notices: Sequence[Notice], at: dt.datetime, by: Actor | None = None
) -> None:
    """Write the notices; they are kept or dropped with the transaction. One statement.

    What was told before (by its key) is left alone. ``by`` acts: nobody is told of their own act.
    """
    rows = [_row(one, at) for one in notices if by is None or not _is_to(by, one)]
    if rows:
        uow.session.execute(_insert(uow.session.get_bind().dialect.name), rows)


def _insert(dialect: str) -> Insert:
    if dialect == "sqlite":
        return sqlite.insert(tables.Notice).on_conflict_do_nothing(index_elements=["key"])
    return postgresql.insert(tables.Notice).on_conflict_do_nothing(index_elements=["key"])


def _is_to(actor: Actor, notice: Notice) -> bool:
    if notice.account_id is not None:
        return notice.account_id == actor.account_id
    return notice.address.casefold() == actor.name.casefold()


def _row(one: Notice, at: dt.datetime) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "account_id": one.account_id,
        "address": one.address,
        "language": one.language,
        "params": one.params,
        "key": one.key,
        "created_at": at,
        "not_before": one.not_before or at,
        "next_attempt_at": one.not_before or at,
    }
