"""The finder's answer, at an address that can be shared."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.domain.answer import Answer, ContactLine, Question
from directory.domain.looking import Way
from directory.domain.watching import WatchKind, question_key
from directory.errors import Invalid, Problem, beside
from directory.queries.counterparts import answer, unknown_codes
from directory.queries.watching import is_watched
from directory.web.access import needs
from directory.web.asking import note_question
from directory.web.context import actor, now, reading
from directory.web.finder_form import TITLES, finder_form, problem_lines, read_question
from directory.web.i18n import PARAMETER
from directory.web.looking import looked_at_answer
from directory.web.parameters import FinderAsked, has_empty, read_parameters, without_empty
from directory.web.presentation import book, name_of

blueprint = Blueprint("counterpart", __name__)


@blueprint.get("/counterpart")
@needs("counterparts:ask")
def show() -> ResponseReturnValue:
    """The answer; with what does not fit named, the form again (422)."""
    if has_empty():
        return redirect(f"{request.path}?{urlencode(without_empty())}")
    if not request.args:
        return redirect(url_for("home.show"))
    try:
        asked = read_parameters(FinderAsked)
        question, known = read_question(asked), asked.get("as_known")
        found = answer(actor(), reading(), question, now().date(), known)
    except Invalid as error:
        return refused(error), 422
    looked_at_answer(Way.FINDER, found)
    note_question(found, urlencode([one for one in without_empty() if one[0] != PARAMETER]))
    key = question_key(question)
    return render_template(
        "counterpart.html",
        answer=found,
        watch_address=f"{url_for('watching.watch_question')}?{key}",
        watched=is_watched(actor(), reading(), WatchKind.QUESTION, key),
        question=question,
        contact_names=contact_names(found),
        contact_lines=lines_of(found),
        is_now=question.at == now() and known is None,
        known=known,
        form=finder_form(dict(without_empty())),
        urgent_address=urgent_address(question),
    )


def urgent_address(question: Question) -> dict[str, str | None]:
    """The parameters of the urgent page for the same States and kind of help."""
    return {
        "requesting": question.requesting,
        "requested": question.requested,
        "type": question.cooperation_type.value,
        "instrument": question.instrument or None,
        "territory": question.territory or None,
    }


def refused(error: Invalid, *, is_for_urgent: bool = False) -> str:
    """The form with what was typed and everything that is wrong with it."""
    typed = dict(without_empty())
    problems = whole_list(error.problems, typed)
    return render_template(
        "counterpart_refused.html",
        form=finder_form(typed, problems, is_for_urgent=is_for_urgent),
        problems=problem_lines(problems),
    )


def whole_list(told: Iterable[Problem], typed: Mapping[str, str]) -> list[Problem]:
    """The problems with those of codes that nobody got to look up, in the order of the form."""
    codes = {name: text.upper() for name, text in typed.items()}
    problems = beside(told, unknown_codes(codes, book()))
    order = list(TITLES)
    return sorted(problems, key=lambda one: order.index(one.path) if one.path in order else -1)


def contact_names(found: Answer) -> dict[str, str]:
    """Identifier -> name of every entry the answer speaks of."""
    lines = (
        *found.authorities,
        *found.suspended,
        *found.nearest,
        *found.contact_points,
        *(line.contact for line in found.liaison_officers),
    )
    return {line.candidate.id: name_of(line.candidate.record) for line in lines}


def lines_of(found: Answer) -> dict[str, ContactLine]:
    """Identifier -> line of every contact that can be tried, or must not be."""
    lines = (*found.suspended, *found.contact_points, *found.authorities, *found.nearest)
    return {line.candidate.id: line for line in lines}
