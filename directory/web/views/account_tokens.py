"""Tokens of one's programs: made, shown once, listed with their last use, revoked."""

import datetime as dt

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.marks import N_
from directory.errors import Invalid, Problem
from directory.policy import can
from directory.queries.accounts import list_tokens
from directory.services.acting import Act, attempt
from directory.services.tokens import (
    LASTS_AT_MOST,
    LONGEST_NAME,
    READING,
    create_token,
    revoke_token,
)
from directory.web.access import fresh, needs
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.parameters import read_parameters
from directory.web.presentation import problem_lines
from directory.web.scope_words import SCOPE_TITLES, scope_title, scope_titles

blueprint = Blueprint("tokens", __name__)

OWN = "account:own"
DAYS = (30, 90, 180, 365)


@blueprint.get("/account/tokens")
@needs(OWN)
def show() -> str:
    """One's tokens, and the form of a new one."""
    read_parameters()
    return page()


def page(problems: tuple[Problem, ...] = (), made: str = "") -> str:
    """The page: after a refusal with what was typed, after making one with the token itself."""
    close_reading()
    return render_template(
        "account/tokens.html",
        tokens=list_tokens(actor(), reading()),
        now=now(),
        scopes=[scope for scope in SCOPE_TITLES if can(actor(), scope)],
        scope_title=scope_title,
        scope_titles=scope_titles,
        chosen=request.form.getlist("scopes") if problems else list(READING),
        name=request.form.get("name", "") if problems else "",
        days=DAYS,
        longest=LONGEST_NAME,
        made=made,
        problems=problem_lines(problems),
    )


@blueprint.post("/account/tokens")
@needs(OWN)
@fresh
def create() -> ResponseReturnValue:
    """Make a token and show it this once."""
    form = request.form
    try:
        days = read_days(form.get("days", ""))
        made = attempt(
            parts().unit_of_work,
            actor(),
            Act("token.create", "account", str(actor().account_id)),
            now(),
            lambda uow: create_token(
                uow,
                actor(),
                actor().name,
                form.get("name", ""),
                now(),
                expires_at=now() + dt.timedelta(days=days),
                scopes=form.getlist("scopes"),
            ),
        )
    except Invalid as error:
        return make_response(page(error.problems), 422)
    return page(made=made)


def read_days(typed: str) -> int:
    """How long a token lasts; raises ``Invalid``."""
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:4]) <= LASTS_AT_MOST.days):
        message = N_("Choose a day within the next %(days)s days.")
        raise Invalid([Problem("days", message, {"days": LASTS_AT_MOST.days})])
    return int(typed)


@blueprint.post("/account/tokens/<int:number>/revoke")
@needs(OWN)
def revoke(number: int) -> ResponseReturnValue:
    """Make one's token open nothing. Needs no factor: it only closes."""
    attempt(
        parts().unit_of_work,
        actor(),
        Act("token.revoke", "account", str(actor().account_id)),
        now(),
        lambda uow: revoke_token(uow, actor(), number, now()),
    )
    flash(gettext("The token opens nothing any more."))
    return redirect(url_for(".show"), 303)
