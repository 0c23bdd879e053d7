"""Files that leave the directory: each has a serial number, by which an auditor finds it again.

The row and the look-ups of all its entries are written before the file is made. When that fails,
so does the export: no file leaves unmarked.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from directory.db.unit_of_work import UnitOfWork
from directory.domain.looking import LookUp, Seen, Way
from directory.errors import Unavailable
from directory.models.read_audit import ExportMade
from directory.policy import Actor
from directory.services.identifiers import new_serial
from directory.services.looking import write_looks


def mark_export(
    uow: UnitOfWork,
    actor: Actor,
    way: Way,
    form: str,
    subject: str,
    seen: Sequence[Seen],
    at: dt.datetime,
) -> str:
    """Write down who takes what away, and give the serial number for it.

    ``subject`` says what it is in codes, such as 'entries of RO'. Raises ``Unavailable``.
    """
    serial = new_serial()
    row = ExportMade(
        serial=serial,
        at=at,
        account_id=actor.account_id,
        account_state=actor.state,
        way=way,
        form=form,
        subject=subject[:200],
        entries=len(seen),
    )
    look = LookUp(at=at, account_id=actor.account_id, state=actor.state, way=way, seen=tuple(seen))
    try:
        uow.session.add(row)
        uow.session.flush()
        write_looks(uow, [look] if way is Way.EXPORT else [], {})
    except SQLAlchemyError as error:
        raise Unavailable("Nobody can write down who takes it; ask again later.") from error
    return serial
