"""Line tests: figures for every reader, rounds and calls for the secretariat, links for desks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.line_tests import NOTED, LineMethod, LineOutcome, LineTimes
from directory.domain.marks import N_
from directory.domain.vocabulary import LANGUAGES
from directory.errors import Invalid, InvalidState, Problem
from directory.policy import can
from directory.queries.line_tests import (
    get_by_link,
    get_call,
    get_round,
    line_test_statistics,
    list_calls,
    list_rounds,
)
from directory.queries.reference import read_book
from directory.services.acting import Act, attempt
from directory.services.line_test_rounds import RUN, RoundForm, close_round, start_round
from directory.services.line_tests import (
    CallNote,
    answer_by_link,
    begin_call,
    known_languages,
    note_call,
)
from directory.services.workflow import workflow
from directory.web.access import needs, public
from directory.web.choices import group_choices, state_choices
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.formats import Choices, by_name
from directory.web.labels import label
from directory.web.looking import worked_on
from directory.web.parameters import read_day, read_parameters
from directory.web.presentation import (
    book,
    keep_book,
    language_name,
    problem_lines,
    problem_text,
    problems_text,
)

blueprint = Blueprint("line_tests", __name__)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    states: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset({LineMethod.MAIL})
    problems: tuple[Problem, ...] = ()


@blueprint.get("/line-tests")
@needs("line_tests:read")
def show() -> ResponseReturnValue:
    """How points answer; for the secretariat, the rounds and the form of a new one."""
    read_parameters()
    return page(Typed(), 200)


def page(typed: Typed, status: int) -> ResponseReturnValue:
    """The page, also after a new round was refused."""
    may_run = can(actor(), RUN)
    shown = render_template(
        "line_tests/show.html",
        statistics=line_test_statistics(actor(), reading(), now()),
        rounds=list_rounds(actor(), reading()) if may_run else (),
        calls=list_calls(actor(), reading(), now()) if may_run else None,
        may_run=may_run,
        typed=typed,
        problems={one.path: problem_text(one) for one in typed.problems},
        lines=problem_lines(typed.problems),
        groups=group_choices(),
        states=state_choices(),
        methods=[(one.value, str(label(one))) for one in LineMethod],
        times=[(one.value, str(label(one))) for one in LineTimes],
        today=now().date(),
    )
    return make_response(shown, status)


@blueprint.post("/line-tests")
@needs(RUN)
def start() -> ResponseReturnValue:
    """Begin a round; what does not fit is named beside its field."""
    form = request.form
    states, methods = form.getlist("states"), form.getlist("methods")
    try:
        wanted = read_form(form, states, methods)
        round_id = attempt(
            parts().unit_of_work,
            actor(),
            Act("line_tests.start", "line_tests", "new"),
            now(),
            lambda uow: start_round(uow, actor(), wanted, now()),
        )
    except Invalid as error:
        close_reading()
        typed = Typed(form, frozenset(states), frozenset(methods), error.problems)
        return page(typed, 422)
    flash(gettext("The round has begun; the moments are drawn and stay secret until they come."))
    return redirect(url_for(".show_round", round_id=round_id), 303)


def read_form(form: Mapping[str, str], states: list[str], methods: list[str]) -> RoundForm:
    """The form of a new round; raises ``Invalid`` for what cannot be read."""
    problems: list[Problem] = []
    first, last = (read_day(form, name, problems) for name in ("first_day", "last_day"))
    minutes = form.get("minutes", "").strip()
    if not minutes.isascii() or not minutes.isdecimal() or len(minutes) > 4:
        problems.append(Problem("minutes", N_("Give a number of minutes.")))
    times = form.get("times", "")
    if times not in set(LineTimes):
        problems.append(Problem("times", N_("Choose when to ask.")))
    if problems or first is None or last is None:
        raise Invalid(problems)
    return RoundForm(
        first_day=first,
        last_day=last,
        methods=tuple(methods),
        times=LineTimes(times),
        minutes=int(minutes),
        regional_group=form.get("regional_group", ""),
        states=tuple(states),
    )


@blueprint.get("/line-tests/rounds/<round_id>")
@needs(RUN)
def show_round(round_id: str) -> ResponseReturnValue:
    """A round with its tests; moments that have not come are shown to nobody."""
    read_parameters()
    return round_page(round_id, (), 200)


def round_page(round_id: str, problems: tuple[Problem, ...], status: int) -> ResponseReturnValue:
    """The page of a round, also after calling it off was refused."""
    view, tests = get_round(actor(), reading(), round_id)
    shown = render_template(
        "line_tests/round.html", view=view, tests=tests, lines=problem_lines(problems)
    )
    return make_response(shown, status)


@blueprint.post("/line-tests/rounds/<round_id>/close")
@needs(RUN)
def close(round_id: str) -> ResponseReturnValue:
    """Call off what has not begun."""
    act = Act("line_tests.close", "line_tests", round_id)
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            act,
            now(),
            lambda uow: close_round(uow, actor(), round_id, now()),
        )
    except InvalidState as error:
        close_reading()
        return round_page(round_id, error.reasons, 409)
    flash(gettext("Called off; what has begun goes on to its end."))
    return redirect(url_for(".show_round", round_id=round_id), 303)


@blueprint.post("/line-tests/calls/<int:number>")
@needs(RUN)
def ring(number: int) -> ResponseReturnValue:
    """'I ring now': the time counts from here."""
    act = Act("line_test.begin", "line_test", str(number))
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            act,
            now(),
            lambda uow: begin_call(uow, actor(), number, now()),
        )
    except InvalidState as error:
        flash(problems_text(error.reasons), "error")
    return redirect(url_for(".show_call", number=number), 303)


@blueprint.get("/line-tests/calls/<int:number>")
@needs(RUN)
def show_call(number: int) -> ResponseReturnValue:
    """The number to ring, and the form of how it ended."""
    read_parameters()
    return call_page(number, Typed(), 200)


def call_page(number: int, typed: Typed, status: int) -> ResponseReturnValue:
    """The page of a call, also after a note of it was refused."""
    view = get_call(actor(), reading(), number, now())
    if view.channel:
        worked_on(view.entry_id, view.state)
    is_mail = view.method is LineMethod.MAIL
    shown = render_template(
        "line_tests/call.html",
        view=view,
        typed=typed,
        problems={one.path: problem_text(one) for one in typed.problems},
        lines=problem_lines(typed.problems),
        outcomes=[(one.value, str(label(one))) for one in (NOTED[:1] if is_mail else NOTED)],
        spoken=language_choices(),
    )
    return make_response(shown, status)


def language_choices() -> Choices:
    """The languages a desk may have answered in, by name: of the interface and of every State."""
    official = (tag for state in book().states.values() for tag in state.languages)
    codes = {*LANGUAGES, *(tag.replace("_", "-").partition("-")[0] for tag in official)}
    found = ((code, language_name(code)) for code in codes & known_languages())
    return by_name(found)


@blueprint.post("/line-tests/calls/<int:number>/note")
@needs(RUN)
def note(number: int) -> ResponseReturnValue:
    """Note how a call ended; a wrong code is counted, and said."""
    form = request.form
    act = Act("line_test.note", "line_test", str(number))
    key = workflow(parts().settings).link_key
    try:
        wanted = read_note(form)
        left = attempt(
            parts().unit_of_work,
            actor(),
            act,
            now(),
            lambda uow: note_call(uow, actor(), number, wanted, now(), key),
        )
    except Invalid as error:
        close_reading()
        return call_page(number, Typed(form, problems=error.problems), 422)
    except InvalidState as error:
        close_reading()
        return call_page(number, Typed(form, problems=error.reasons), 409)
    if left is not None:
        close_reading()
        return call_page(number, Typed(form, problems=(_wrong_code(left),)), 422)
    flash(gettext("Noted. Every reader of the entry sees how the line answered."))
    return redirect(url_for(".show"), 303)


def _wrong_code(left: int) -> Problem:
    message = N_("Not the code of this test. It can be tried %(left)s times more.")
    return Problem("code", message, {"left": left})


def read_note(form: Mapping[str, str]) -> CallNote:
    """The form of how a call ended; raises ``Invalid``."""
    outcome, seconds = form.get("outcome", ""), form.get("seconds", "").strip()
    if outcome not in set(LineOutcome):
        raise Invalid([Problem("outcome", N_("Choose how the call ended."))])
    if seconds and not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 5):
        raise Invalid([Problem("seconds", N_("Give the seconds until somebody answered."))])
    return CallNote(
        outcome=LineOutcome(outcome),
        seconds=int(seconds) if seconds else None,
        language=form.get("language", ""),
        code=form.get("code", "").strip()[:40],
    )


@blueprint.get("/line-tests/answer/<token>")
@public
def ask(token: str) -> ResponseReturnValue:
    """What the link is for, and the button to answer; nothing is changed."""
    return answer_page(token)


@blueprint.post("/line-tests/answer/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """The desk answers."""
    key = workflow(parts().settings).link_key
    view = get_by_link(reading(), token, key)
    language = request.form.get("language", "")
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            Act("line_test.answer", "entry", view.entry_id),
            now(),
            lambda uow: answer_by_link(uow, token, language, now(), key),
        )
    except Invalid as error:
        close_reading()
        return answer_page(token, Typed(request.form, problems=error.problems), 422)
    except InvalidState:
        close_reading()
        return answer_page(token, status=409)
    close_reading()
    return answer_page(token, is_done=True)


def answer_page(
    token: str, typed: Typed | None = None, status: int = 200, *, is_done: bool = False
) -> ResponseReturnValue:
    """The page of a desk's link; raises ``NotFound`` for one that was not made here."""
    # The holder of a link has no account, but is shown the name of the State.
    keep_book(read_book(reading()))
    view = get_by_link(reading(), token, workflow(parts().settings).link_key)
    usable = view.outcome is None and view.ends_at is not None and now() < view.ends_at
    shown = render_template(
        "line_tests/answer.html",
        view=view,
        is_done=is_done,
        is_usable=usable,
        spoken=language_choices(),
        chosen=typed.values.get("language", "") if typed else "",
        problems={one.path: problem_text(one) for one in typed.problems} if typed else {},
    )
    return make_response(shown, status)
