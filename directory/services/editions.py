"""Editions: asked for by the secretariat, made by the worker, handed out one marked copy a time.

What is in an edition is what every reader may see. Its hash stands in the change log; a copy that
is handed out bears the recipient and a serial number, and is in the read audit with every entry.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update

from directory.db.unit_of_work import UnitOfWork
from directory.domain.editions import UNDER_WAY, EditionState
from directory.domain.events import Event
from directory.domain.looking import Seen, Way
from directory.domain.marks import N_
from directory.domain.vocabulary import LANGUAGES
from directory.errors import Invalid, InvalidState, NotFound, Problem
from directory.models.edition import Edition
from directory.models.read_audit import ExportMade
from directory.policy import SYSTEM, Actor, require
from directory.queries.change_log import newest_checkpoint
from directory.queries.editions import find_edition
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.exports import mark_export

MAKE, TAKE = "editions:make", "editions:take"
#: After this long without a sign of whoever makes it, an edition counts as broken off.
SILENCE = dt.timedelta(minutes=20)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Made:
    """The facts of a file that is made and stored."""

    sha256: str
    size: int
    pages: int
    #: Entry -> State and revision.
    contents: Mapping[str, tuple[str, int]]


def ask_edition(uow: UnitOfWork, actor: Actor, language: str, at: dt.datetime) -> int:
    """Ask for an edition in that language, its changes marked against the newest one made.

    Gives its number. Raises ``Invalid``, and ``InvalidState`` while one in it is not yet done.
    """
    if actor is not SYSTEM:
        require(actor, MAKE)
    if language not in LANGUAGES:
        known: dict[str, object] = {"allowed": ", ".join(LANGUAGES)}
        raise Invalid([Problem("language", N_("give one of: %(allowed)s"), known)])
    change_log.lock(uow.session)
    _refuse_second(uow, language)
    number = (uow.session.scalar(select(func.max(Edition.number))) or 0) + 1
    newest = select(func.max(Edition.number)).where(Edition.state == EditionState.MADE)
    uow.session.add(
        Edition(
            number=number,
            language=language,
            state=EditionState.WAITING,
            since=uow.session.scalar(newest),
            asked_by=actor.account_id,
            asked_at=at,
            told_at=at,
        )
    )
    uow.session.flush()
    after: dict[str, object] = {"language": language}
    change_log.record(uow, _event(actor, "edition.asked", number, at, after))
    return number


def _refuse_second(uow: UnitOfWork, language: str) -> None:
    open_states = [EditionState.WAITING, *UNDER_WAY]
    waiting = select(Edition.number).where(
        Edition.language == language, Edition.state.in_(open_states)
    )
    if uow.session.scalar(waiting) is not None:
        text = N_("An edition in this language is being made already.")
        raise InvalidState(reasons=[Problem("language", text)])


def _event(
    actor: Actor, action: str, number: int, at: dt.datetime, after: dict[str, object]
) -> Event:
    return Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="edition",
        subject_id=str(number),
        after=after,
    )


def claim_edition(uow: UnitOfWork, at: dt.datetime) -> int | None:
    """Take the oldest that waits; None when none does, or another one took it."""
    number = uow.session.scalar(
        select(func.min(Edition.number)).where(Edition.state == EditionState.WAITING)
    )
    if number is None:
        return None
    checkpoint = newest_checkpoint(uow.session)
    taken = uow.session.execute(
        update(Edition)
        .where(Edition.number == number, Edition.state == EditionState.WAITING)
        .values(
            state=EditionState.SETTING,
            told_at=at,
            log_size=checkpoint.size if checkpoint else 0,
            log_root=checkpoint.root.hex() if checkpoint else "",
        )
        .returning(Edition.number)
    )
    return taken.scalar()


def tell_progress(
    uow: UnitOfWork, number: int, state: EditionState, done: int, total: int, at: dt.datetime
) -> None:
    """Say how far it is."""
    facts = {"state": state, "done": done, "total": max(done, total), "told_at": at}
    uow.session.execute(update(Edition).where(Edition.number == number).values(**facts))


def finish_edition(uow: UnitOfWork, number: int, made: Made, at: dt.datetime) -> None:
    """It is made and stored: its hash goes into the change log."""
    edition = uow.session.get_one(Edition, number)
    edition.state, edition.made_at, edition.told_at = EditionState.MADE, at, at
    edition.sha256, edition.size, edition.pages = made.sha256, made.size, made.pages
    edition.contents = {entry: list(facts) for entry, facts in made.contents.items()}
    edition.done = edition.total = len(made.contents)
    after: dict[str, object] = {
        "language": edition.language,
        "sha256": made.sha256,
        "pages": made.pages,
        "entries": len(made.contents),
        "log_size": edition.log_size,
        "log_root": edition.log_root,
    }
    uow.session.flush()
    change_log.record(uow, _event(SYSTEM, "edition.made", number, at, after))


def fail_edition(uow: UnitOfWork, number: int, at: dt.datetime) -> None:
    """It could not be made; it can be asked for again."""
    facts = {"state": EditionState.FAILED, "told_at": at}
    uow.session.execute(update(Edition).where(Edition.number == number).values(**facts))
    change_log.record(uow, _event(SYSTEM, "edition.failed", number, at, {}))


def end_silent(uow: UnitOfWork, at: dt.datetime) -> list[int]:
    """Give up those whose maker has given no sign for too long; gives their numbers."""
    silent = select(Edition.number).where(
        Edition.state.in_(UNDER_WAY), Edition.told_at < at - SILENCE
    )
    found = list(uow.session.scalars(silent))
    for number in found:
        fail_edition(uow, number, at)
    return found


def take_edition(
    uow: UnitOfWork, actor: Actor, number: int, most: int, at: dt.datetime
) -> tuple[Edition, str]:
    """Hand out a copy: the edition, and the serial number to print on it.

    Raises ``NotFound``, ``InvalidState`` when ``most`` files were taken in a day, ``Unavailable``.
    """
    require(actor, TAKE)
    edition = find_edition(uow.session, number)
    if edition is None or edition.state is not EditionState.MADE:
        raise NotFound("edition", str(number))
    refuse_too_many(uow, actor, "edition", most, at)
    seen = [Seen(entry, facts[0]) for entry, facts in edition.contents.items()]
    subject = f"edition {number} {edition.language}"
    return edition, mark_export(uow, actor, Way.EXPORT, "edition", subject, seen, at)


def refuse_too_many(uow: UnitOfWork, actor: Actor, form: str, most: int, at: dt.datetime) -> None:
    """Raise ``InvalidState`` when the account took ``most`` files of that form in 24 hours."""
    taken = uow.session.scalar(
        select(func.count())
        .select_from(ExportMade)
        .where(
            ExportMade.account_id == actor.account_id,
            ExportMade.at > at - DAY,
            ExportMade.form == form,
        )
    )
    if most and (taken or 0) >= most:
        text = N_("Your account has taken %(most)s of these in 24 hours; take the next one later.")
        raise InvalidState(reasons=[Problem("", text, {"most": most})])
