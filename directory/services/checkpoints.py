"""Checkpoints: the log's size and root, signed, so that whoever holds one is a witness."""

import datetime as dt

from sqlalchemy import insert
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain import merkle
from directory.domain.notes import Checkpoint, NoteRefused, Signer, VerifierKey, open_note
from directory.errors import InvalidState
from directory.models.change_log import LogCheckpoint
from directory.queries.change_log import SignedCheckpoint, newest_checkpoint, read_root
from directory.services.change_log import lock, read_tail
from directory.settings import Settings


def signer(settings: Settings) -> Signer:
    """The key that signs now."""
    return Signer.from_seed(settings.log_name, settings.checkpoint_key)


def known_keys(settings: Settings) -> tuple[VerifierKey, ...]:
    """The public keys whose checkpoints count: the present one, the earlier ones, the next one."""
    earlier = (VerifierKey.parse(text) for text in settings.checkpoint_public_keys)
    return (signer(settings).verifier, *earlier, *_coming(settings))


def _coming(settings: Settings) -> tuple[VerifierKey, ...]:
    """Another process may sign with the next key before this one is started anew."""
    if not settings.checkpoint_key_next:
        return ()
    return (Signer.from_seed(settings.log_name, settings.checkpoint_key_next).verifier,)


def make_checkpoint(
    uow: UnitOfWork, signing: Signer, known: tuple[VerifierKey, ...], at: dt.datetime
) -> SignedCheckpoint | None:
    """Sign the log as it stands; None when nothing was appended since the last checkpoint.

    Costs about log2(size) rows. Raises ``InvalidState`` when the log no longer holds what the last
    checkpoint signed: a log that was rewritten is never signed.
    """
    lock(uow.session)
    tail, last = read_tail(uow.session), newest_checkpoint(uow.session)
    if tail.size == (last.size if last else 0):
        return None
    if last:
        _refuse_rewritten(uow.session, last, tail.size, known)
    number = last.number + 1 if last else 1
    # The note says seconds; the row says the same.
    at = at.replace(microsecond=0)
    head = Checkpoint(signing.name, number, tail.size, merkle.fold(tail.edge), at)
    made = SignedCheckpoint(number, head.size, head.root, head.at, signing.sign(head.text))
    row = {"number": number, "size": made.size, "root": made.root.hex(), "at": at}
    uow.session.execute(insert(LogCheckpoint), [row | {"note": made.note}])
    return made


def _refuse_rewritten(
    session: Session, last: SignedCheckpoint, size: int, known: tuple[VerifierKey, ...]
) -> None:
    try:
        signed = Checkpoint.parse(open_note(last.note, known))
    except NoteRefused as error:
        raise InvalidState(f"checkpoint {last.number} is not signed by a known key") from error
    same = (signed.number, signed.size, signed.root) == (last.number, last.size, last.root)
    if not same or size < last.size or read_root(session, last.size) != last.root:
        raise InvalidState(
            f"the log no longer holds what checkpoint {last.number} signed: "
            "run 'directory log verify'"
        )
