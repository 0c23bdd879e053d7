"""The stamp of the reference data, renewed by whoever writes any of it."""

import datetime as dt
import uuid

from sqlalchemy import delete, insert

from directory.db.unit_of_work import UnitOfWork
from directory.models.entry import IndexWork
from directory.models.reference import ReferenceEdition


def renew_stamp(uow: UnitOfWork, at: dt.datetime) -> None:
    """Tell readers, with this transaction, that the reference data they keep are out of date."""
    uow.session.execute(delete(ReferenceEdition))
    row = {"id": 1, "stamp": uuid.uuid4().hex, "loaded_at": at}
    uow.session.execute(insert(ReferenceEdition), [row])


def ask_for_new_index(uow: UnitOfWork, at: dt.datetime) -> None:
    """Names of States and types are searched too: have the search index made again."""
    uow.session.execute(insert(IndexWork), [{"entry_id": None, "at": at}])
