"""What every front says when it shows contacts: who looks at which entries, and by which way.

``looked`` is called with what is about to be shown and before it is. It refuses what is beyond the
day's quota, and takes down the look-up. What is urgent is never refused: a 24/7 point's page, and
an urgent question of the finder, stay open and are marked for the alarm.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Flask, Request, current_app, g
from flask_babel import gettext

from directory.domain.answer import Answer
from directory.domain.document import EntryHead
from directory.domain.looking import (
    Counter,
    Limits,
    LookUp,
    Seen,
    Standing,
    Use,
    Way,
    opens_again,
    room_left,
    use_of,
)
from directory.domain.marks import N_
from directory.domain.vocabulary import EntryKind
from directory.errors import Invalid, Problem, QuotaReached, Unavailable
from directory.policy import counts_look_ups
from directory.services.exports import mark_export
from directory.services.looking import ReadAudit, limits_of
from directory.web.context import actor, now, parts, reader

_EXTENSION = "directory_read_audit"


def install(app: Flask) -> None:
    """Give the application its read audit."""
    app.extensions[_EXTENSION] = ReadAudit(app.extensions["directory"].unit_of_work)
    app.jinja_env.globals.update(quota_use=quota_use, quota_again=quota_again, contact=contact)


def read_audit() -> ReadAudit:
    """The read audit of this process."""
    found: ReadAudit = current_app.extensions[_EXTENSION]
    return found


def narrow_while_failing(asked: Request) -> None:
    """Before a page is made: nobody sees restricted lines while it cannot be written who did."""
    if asked.method in {"GET", "HEAD"} and read_audit().is_failing:
        g.actor = replace(actor(), narrow=True)


def looked_at(way: Way, head: EntryHead) -> None:
    """The look-up of one entry."""
    looked(way, [Seen(head.id, head.state)], urgent=head.kind is EntryKind.CONTACT_POINT)


def looked_at_answer(way: Way, answer: Answer) -> None:
    """The look-up of an answer of the finder, with every entry that it shows."""
    looked(way, seen_in(answer), urgent=answer.question.urgent)


def seen_in(answer: Answer) -> list[Seen]:
    """The entries whose contacts an answer shows, each once."""
    lines = (
        *answer.authorities,
        *answer.suspended,
        *answer.nearest,
        *answer.contact_points,
        *(one.contact for one in answer.liaison_officers),
    )
    found = {line.candidate.id: line.candidate.state for line in lines}
    return [Seen(entry, state) for entry, state in found.items()]


def worked_on(entry_id: str, state: str) -> None:
    """The look-up of a form or a proposal, which show all lines a person may see and work on.

    Without the read audit it is refused: a form that left lines out would take them away.
    """
    if actor().narrow:
        raise Unavailable(gettext("It cannot be written down who looks at restricted numbers now."))
    looked(Way.DESK, [Seen(entry_id, state)], counts=False)


def looked(way: Way, seen: Sequence[Seen], *, urgent: bool = False, counts: bool = True) -> None:
    """Take down that the actor looks at these entries; raises ``QuotaReached``, ``Unavailable``."""
    audit, asking = read_audit(), actor()
    if audit.is_full and not urgent:
        raise Unavailable(gettext("Nobody can write down who looks; only 24/7 points are open."))
    counted = counts and counts_look_ups(asking, [one.state for one in seen])
    use = _use(audit) if counted else Use(Standing.OPEN)
    if use.standing is Standing.HARD and not urgent:
        raise QuotaReached(use.whose, use.limit, opens_again(use, now()))
    g.quota_use = use
    look = LookUp(
        at=now(),
        account_id=asking.account_id,
        state=asking.state,
        way=way,
        seen=tuple(seen),
        program=g.get("signed_in") is None,
        counts=counted,
        beyond=use.standing is Standing.HARD,
    )
    audit.note(look)


def _use(audit: ReadAudit) -> Use:
    return use_of(*_standing(audit))


def _standing(audit: ReadAudit) -> tuple[Mapping[Counter, int], int, str, dt.datetime, Limits]:
    asking, at = actor(), now()
    counts = audit.counts(reader(), asking.account_id or 0, asking.state, at)
    return counts, asking.account_id or 0, asking.state, at, limits_of(parts().settings)


def takes_away(form: str, subject: str, seen: list[Seen], *, urgent: bool = False) -> str:
    """Before a file of entries is made: hold each of them against the quota, and write down who
    takes them; gives the serial number to print in it.

    Raises ``QuotaReached``, ``Invalid`` for more than is left of the day, ``Unavailable``.
    """
    audit, asking = read_audit(), actor()
    counted = counts_look_ups(asking, [one.state for one in seen])
    if counted and not urgent:
        _refuse_beyond(audit, len(seen))
    serial = taken_away(Way.EXPORT, form, subject, seen)
    look = LookUp(
        at=now(),
        account_id=asking.account_id,
        state=asking.state,
        way=Way.EXPORT,
        # Its rows are written with the serial number.
        seen=(),
        counts=counted,
        held=len(seen),
    )
    audit.note(look)
    return serial


def _refuse_beyond(audit: ReadAudit, entries: int) -> None:
    standing = _standing(audit)
    use, left = use_of(*standing), room_left(*standing)
    if use.standing is Standing.HARD:
        raise QuotaReached(use.whose, use.limit, opens_again(use, now()))
    if left is not None and entries > left:
        message = N_(
            "The file would hold %(entries)s entries, and %(left)s look-ups are left today;"
            " narrow it down."
        )
        raise Invalid([Problem("", message, {"entries": entries, "left": left})])


def quota_use() -> Use | None:
    """What the page has to tell of the quotas; None while there is nothing to tell."""
    use: Use | None = g.get("quota_use")
    return use if use and use.standing is not Standing.OPEN else None


def quota_again() -> dt.datetime:
    """When the quota that the page tells of begins anew."""
    return opens_again(quota_use() or Use(Standing.OPEN), now())


def contact() -> str:
    """Where the secretariat can be written to; '' where it did not say."""
    return parts().settings.secretariat_contact


def taken_away(way: Way, form: str, subject: str, seen: list[Seen]) -> str:
    """Write down that the actor takes a file away; gives the serial number to print in it."""
    with parts().unit_of_work() as uow:
        return mark_export(uow, actor(), way, form, subject, seen, now())
