"""Answers of the finder in JSON, kept until anything they say may have changed.

An answer follows from the question, what the asker may see, the reference data, the rows of the
entries concerned, the day, and what the clocks of the offices say. All of it is compared at each
use, so that no other process and no passing hour can make what is kept wrong:

* the question without its moment, both days, the language and ``policy.sight`` are the key;
* the reference data must be the very book, which is checked by its stamp;
* nothing may have happened since (``queries.moments``); where something has, the rows must read as
  they did (``queries.counterparts.is_unchanged``, one statement), once for each thing that happens;
* each office must be open or closed as it was, until the same moment: it is worked out again;
* what is told of a change for sixty days must go on being told.

Then only the clocks run on. They are filled into the kept text.
"""

import datetime as dt
import re
import secrets
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from threading import Lock

import orjson
from flask import Flask, current_app

from directory.api.answer import answer_form, clocks
from directory.domain.answer import Answer, ContactLine, Question
from directory.domain.asking import Outcome, outcome_of
from directory.domain.book import ReferenceBook
from directory.domain.contacts import Desk, Office, office_of
from directory.domain.hours import Reachability
from directory.domain.lately import told_until
from directory.domain.looking import Seen
from directory.policy import Actor, sight
from directory.queries.counterparts import Ground, clock_facts
from directory.web.looking import seen_in

#: Octets kept by each process, and what is kept of an answer beside its text. All in all it takes
#: about 4,000 among 6,000 entries and 8,000 among 20,000.
MOST = 8_000_000
_BESIDE, _OF_AN_OFFICE, _OF_AN_ENTRY = 1000, 500, 200
_EXTENSION = "directory_kept_answers"
#: Stands in a text for what is filled in; nobody can write it into a record, for nobody knows it.
_MARK = secrets.token_hex(16)
_MARKED = re.compile(f'"{_MARK}:(\\d+)"'.encode())
#: What of an office's clocks is filled in, in this order.
_CLOCKS = ("local_time", "viewer_time", "changes_in_minutes")

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The text of an answer without its clocks, and all that it rests on."""

    book: ReferenceBook
    ground: Ground
    #: The newest event of the log when the rows were last known to read so.
    log: str | None
    made_at: dt.datetime
    #: From then on a change may no longer be told of.
    until: dt.datetime
    #: Each office with what its hours said, clocks left out.
    offices: tuple[tuple[Office, Reachability], ...]
    #: The text without its clocks; packed it is a tenth as long.
    packed: bytes
    #: Where values are filled in, and which one at each place, in two rows of small numbers.
    places: "array[int]"
    values: "array[int]"
    seen: tuple[Seen, ...]
    outcome: Outcome

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        kept = len(self.packed) + 4 * (len(self.places) + len(self.values))
        beside = _BESIDE + _OF_AN_OFFICE * len(self.offices) + _OF_AN_ENTRY * len(self.seen)
        return kept + beside

    def text(self, question: Question, book: ReferenceBook) -> bytes | None:
        """The answer at the moment of the question, while the rows of entries read as they did.

        None where it must be found anew.
        """
        if self.book is not book or not self.made_at <= question.at < self.until:
            return None
        reached = _reached([office for office, _then in self.offices], question, book)
        if any(
            _still(now) != then for now, (_office, then) in zip(reached, self.offices, strict=True)
        ):
            return None
        cuts = zip(self.places, self.values, strict=True)
        return _filled(zlib.decompress(self.packed), cuts, question, reached)


def _filled(
    text: bytes,
    cuts: Iterable[tuple[int, int]],
    question: Question,
    reached: Iterable[Reachability],
) -> bytes:
    """The text with its clocks."""
    values = [orjson.dumps(question.at.isoformat())]
    for one in reached:
        told = clocks(one)
        values += [orjson.dumps(told[name]) for name in _CLOCKS]
    found: list[bytes] = []
    begin = 0
    for end, value in cuts:
        found += (text[begin:end], values[value])
        begin = end
    return b"".join((*found, text[begin:]))


def keep(
    answer: Answer, ground: Ground, book: ReferenceBook, log: str | None
) -> tuple[KeptAnswer, bytes]:
    """The answer as it can be kept, and its text now; ``log`` is the event it was found after."""
    lines = [(part, place, line, _office(line)) for part, place, line in _lines(answer)]
    offices = {office: line.reachability for _part, _place, line, office in lines}
    form = answer_form(answer)
    form["question"]["at"] = f"{_MARK}:0"
    marks = {office: _marks(1 + len(_CLOCKS) * place) for place, office in enumerate(offices)}
    for part, place, _line, office in lines:
        form[part][place]["reachable"].update(marks[office])
    changes = [one for *_where, line, _office in lines for one in line.candidate.recent_changes]
    *texts, last = (pieces := _MARKED.split(orjson.dumps(form)))[::2]
    places, values = array("I", accumulate(map(len, texts))), array("I", map(int, pieces[1::2]))
    text = b"".join((*texts, last))
    kept = KeptAnswer(
        book=book,
        ground=ground,
        log=log,
        made_at=answer.question.at,
        until=told_until(changes, answer.question.at),
        offices=tuple((office, _still(one)) for office, one in offices.items()),
        packed=zlib.compress(text, 1),
        places=places,
        values=values,
        seen=tuple(seen_in(answer)),
        outcome=outcome_of(answer),
    )
    cuts = zip(places, values, strict=True)
    return kept, _filled(text, cuts, answer.question, offices.values())


def _marks(first: int) -> dict[str, str]:
    """What stands for the clocks of an office, of which the first is that value."""
    return {name: f"{_MARK}:{first + n}" for n, name in enumerate(_CLOCKS)}


def _lines(answer: Answer) -> Iterable[tuple[str, int, ContactLine]]:
    """Every line that shows whether somebody is there: its part, its place there, itself."""
    parts: dict[str, Sequence[ContactLine]] = {
        "authorities": answer.authorities,
        "suspended": answer.suspended,
        "nearest": answer.nearest,
        "contact_points": answer.contact_points,
        "liaison_officers": [one.contact for one in answer.liaison_officers],
    }
    for part, lines in parts.items():
        for place, line in enumerate(lines):
            yield part, place, line


def _office(line: ContactLine) -> Office:
    return office_of(line.candidate.state, line.candidate.record)


def _reached(
    offices: Sequence[Office], question: Question, book: ReferenceBook
) -> list[Reachability]:
    desk = Desk(question, clock_facts(question, book, (office.state for office in offices)))
    return [desk.reach(office) for office in offices]


def _still(one: Reachability) -> Reachability:
    """What stays the same while nothing opens or closes."""
    return replace(one, local_time=None, viewer_time=None)


def key_of(actor: Actor, question: Question, today: dt.date, language: str) -> Key:
    """What tells two answers apart, beside what is compared at each use."""
    day = dt.datetime.combine(question.on, dt.time(), question.at.tzinfo)
    return replace(question, at=day), today, language, sight(actor)


class KeptAnswers:
    """The answers used last; safe for several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = 0
        self._answers: OrderedDict[Key, KeptAnswer] = OrderedDict()
        self._lock = Lock()

    def get(
        self, key: Key, log: str | None, is_unchanged: Callable[[Ground], bool]
    ) -> KeptAnswer | None:
        """The one under that key whose rows read as they did; None where none is kept.

        Where something happened since it was last looked at, ``is_unchanged`` is asked.
        """
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
        if found is None or found.log == log:
            return found
        if not is_unchanged(found.ground):
            return None
        found = replace(found, log=log)
        self.put(key, found)
        return found

    def put(self, key: Key, answer: KeptAnswer) -> None:
        """Keep it in place of an earlier one, and forget those that were not used for longest."""
        with self._lock:
            before = self._answers.pop(key, None)
            self._size += answer.size - (before.size if before else 0)
            self._answers[key] = answer
            while self._size > self._most:
                _key, forgotten = self._answers.popitem(last=False)
                self._size -= forgotten.size


def install(app: Flask) -> None:
    """Give the application its kept answers."""
    app.extensions[_EXTENSION] = KeptAnswers()


def kept_answers() -> KeptAnswers:
    """Those of this process."""
    found: KeptAnswers = current_app.extensions[_EXTENSION]
    return found
