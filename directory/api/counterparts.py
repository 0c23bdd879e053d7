"""The counterpart finder for programs."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Response

from directory.api.answer import answer_form
from directory.api.kept_answers import KeptAnswer, Key, keep, kept_answers, key_of
from directory.api.operations import Operations, json_response, json_text, reads
from directory.domain.answer import Question
from directory.domain.contacts import only_zone
from directory.domain.looking import Way
from directory.errors import Problem
from directory.queries.counterparts import Ground, grounded_answer, is_unchanged, unknown_codes
from directory.schemas.answer import CounterpartAnswer
from directory.schemas.questions import CounterpartQuestion
from directory.web.asking import note_answered, note_question
from directory.web.context import actor, connection, moment, now
from directory.web.i18n import language
from directory.web.looking import looked, looked_at_answer
from directory.web.presentation import book

operations = Operations("api_counterparts", __name__, description="Whom to address")


def unknown_codes_beside(asked: Mapping[str, Any]) -> list[Problem]:
    """The codes that are not on record, to be told beside what else is wrong with a question."""
    return unknown_codes(asked, book())


@reads(
    operations,
    "/counterparts",
    permission="counterparts:ask",
    asks=CounterpartQuestion,
    codes=unknown_codes_beside,
    answers=CounterpartAnswer,
)
def find_counterparts(asked: dict[str, Any]) -> Response:
    """Whom one State addresses in another for a kind of help, each line with reason and source."""
    question, known = read_asked(asked)
    key = None if known else key_of(actor(), question, now().date(), language())
    kept = _kept(question, key) if key else None
    text = kept.text(question, book()) if kept else None
    if not kept or not text:
        return _found_anew(question, known, key)
    looked(Way.FINDER, kept.seen, urgent=question.urgent)
    note_answered(question, kept.outcome)
    return json_text(text)


def _kept(question: Question, key: Key) -> KeptAnswer | None:
    def still(ground: Ground) -> bool:
        return is_unchanged(actor(), connection(), question, ground)

    return kept_answers().get(key, moment().log, still)


def _found_anew(question: Question, known: dt.datetime | None, key: Key | None) -> Response:
    at = moment()
    found, ground = grounded_answer(
        actor(), connection(), question, now().date(), known, book=book()
    )
    looked_at_answer(Way.FINDER, found)
    note_question(found)
    if key is None or ground is None:
        return json_response(answer_form(found))
    kept, text = keep(found, ground, book(), at.log)
    kept_answers().put(key, kept)
    return json_text(text)


def read_asked(asked: dict[str, Any]) -> tuple[Question, dt.datetime | None]:
    """The question, and the moment whose knowledge is to answer it (None: now)."""
    question = Question(
        requesting=asked["requesting"],
        requested=asked["requested"],
        cooperation_type=asked["type"],
        urgent=asked["urgent"],
        instrument=asked.get("instrument", ""),
        territory=asked.get("territory", ""),
        at=_moment(asked),
        viewer_zone=only_zone(book().states.get(asked["requesting"])),
    )
    return question, asked.get("as_known")


def _moment(asked: dict[str, Any]) -> dt.datetime:
    """The moment asked for; a day is asked for at the present time of day."""
    if "on" in asked:
        return dt.datetime.combine(asked["on"], now().timetz())
    moment: dt.datetime = asked.get("at") or now()
    return moment
