"""Events of every shape, made from a number alone."""

import datetime as dt
import hashlib

from directory.domain.events import Authentication, Doer, Event, Personal

ORIGIN = "directory.example/log"
AT = dt.datetime(2026, 3, 2, 9, 30, 15, 250_000, tzinfo=dt.UTC)


def sample_event(number: int) -> Event:
    """The same number gives the same event; every third is about a person, every fifth by one."""
    officer = {"names": [{"text": f"Attaché {number}"}], "channels": [f"+999 {number:06}"]}
    person = Personal(person=f"officer:RO-{number % 7}", fields=officer)
    return Event(
        at=AT + dt.timedelta(seconds=number),
        doer=sample_doer(number),
        action="entry.published",
        subject_kind="entry",
        subject_id=f"RO-{number}",
        before=None if number % 2 else {"revision": number, "record": digest(number - 1)},
        after={"revision": number + 1, "record": digest(number)},
        reason="Schimbarea numărului «urgent»" if number % 4 else "",
        evidence=(digest(number),) if number % 6 == 0 else (),
        personal=(person,) if number % 3 == 0 else (),
    )


def sample_doer(number: int) -> Doer:
    if number % 5:
        return Doer(name="seed data")
    return Doer(
        name=f"person{number}@example.org",
        state="RO",
        account_id=number,
        authentication=Authentication.PASSKEY,
    )


def digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()
