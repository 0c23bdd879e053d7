"""What must be told is written in the transaction of the act; the worker tells it afterwards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from directory.db.unit_of_work import UnitOfWork
from directory.models import notice as tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice to an account, or to a mailbox without one.

    ``kind`` names its template, ``params`` fills it (JSON types). ``key`` makes it unique: the same
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


def queue(uow: UnitOfWork, notices: Sequence[Notice], at: dt.datetime) -> None:
    """Write the notices; they are kept or dropped with the transaction. One statement."""
    if notices:
        uow.session.execute(insert(tables.Notice), [_row(one, at) for one in notices])


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
