"""The counterpart finder for programs."""

import datetime as dt
from typing import Any

from flask import Response

from directory.api.answer import answer_form
from directory.api.operations import Operations, json_response, reads
from directory.domain.answer import Question
from directory.domain.contacts import only_zone
from directory.domain.looking import Way
from directory.queries.counterparts import answer
from directory.schemas.answer import CounterpartAnswer
from directory.schemas.questions import CounterpartQuestion
from directory.web.asking import note_question
from directory.web.context import actor, connection, now
from directory.web.looking import looked_at_answer
from directory.web.presentation import book

operations = Operations("api_counterparts", __name__, description="Whom to address")


@reads(
    operations,
    "/counterparts",
    permission="counterparts:ask",
    asks=CounterpartQuestion,
    answers=CounterpartAnswer,
)
def find_counterparts(asked: dict[str, Any]) -> Response:
    """Whom one State addresses in another for a kind of help, each line with reason and source."""
    question, known = read_asked(asked)
    found = answer(actor(), connection(), question, now().date(), known, book=book())
    looked_at_answer(Way.FINDER, found)
    note_question(found)
    return json_response(answer_form(found))


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
