"""Editions: the whole directory on paper. Asked for by the secretariat, handed out one by one."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext

from directory.domain.editions import UNDER_WAY, EditionState
from directory.domain.vocabulary import LANGUAGES
from directory.errors import Invalid, InvalidState, Problem, Unavailable
from directory.exchange.edition_files import FileLost, kept
from directory.exchange.edition_pdf import marked_copy
from directory.models.edition import Edition
from directory.policy import can
from directory.queries.editions import list_editions
from directory.queries.exports import export_mark
from directory.schemas.fields import YesNo
from directory.services.acting import Act, attempt
from directory.services.editions import MAKE, TAKE, ask_edition, take_edition
from directory.web.access import fresh, needs
from directory.web.context import actor, close_reading, now, parts, reading
from directory.web.i18n import own_name
from directory.web.parameters import NothingAsked, read_parameters
from directory.web.presentation import problem_lines

blueprint = Blueprint("editions", __name__)

#: Seconds after which a page that follows the work asks again.
AGAIN_SECONDS = 10
_ = lazy_gettext
STATES: dict[EditionState, LazyString] = {
    EditionState.WAITING: _("Waits for the worker"),
    EditionState.SETTING: _("Entries are being set"),
    EditionState.BINDING: _("Indexes are being set, the file is bound"),
    EditionState.MADE: _("Made"),
    EditionState.FAILED: _("Could not be made; ask for it again"),
}


class EditionsAsked(NothingAsked):
    """Whether the page asks again by itself while an edition is being made."""

    follow = YesNo(load_default=False)


@blueprint.get("/editions")
@needs(TAKE)
def show() -> ResponseReturnValue:
    """All editions with their progress; for the secretariat, the form to ask for one."""
    return _page((), 200, follow=read_parameters(EditionsAsked)["follow"])


def _page(
    problems: tuple[Problem, ...], status: int, *, follow: bool = False
) -> ResponseReturnValue:
    editions = list_editions(actor(), reading())
    under_way = any(one.state in {EditionState.WAITING, *UNDER_WAY} for one in editions)
    follows = follow and under_way
    page = render_template(
        "editions/list.html",
        editions=editions,
        words=STATES,
        percents={one.number: _percent(one) for one in editions},
        under_way=under_way,
        again_seconds=AGAIN_SECONDS if follows else 0,
        may_make=can(actor(), MAKE),
        choices=[(code, own_name(code)) for code in LANGUAGES],
        lines=problem_lines(problems),
    )
    response = make_response(page, status)
    if follows:
        # Without a script; readers can stop it (WCAG 2.2, 2.2.2), and it ends with the work.
        response.headers["Refresh"] = str(AGAIN_SECONDS)
    return response


def _percent(one: Edition) -> int:
    """How far the entries are set, in percent."""
    return 100 * one.done // one.total if one.total else 0


@blueprint.post("/editions")
@needs(MAKE)
def ask() -> ResponseReturnValue:
    """Ask for an edition in a language; the worker makes it."""
    language = request.form.get("language", "")
    try:
        attempt(
            parts().unit_of_work,
            actor(),
            Act("edition.ask", "edition", "new"),
            now(),
            lambda uow: ask_edition(uow, actor(), language, now()),
        )
    except Invalid as error:
        close_reading()
        return _page(error.problems, 422)
    except InvalidState as error:
        close_reading()
        return _page(tuple(error.reasons), 409)
    flash(gettext("The edition is asked for. The worker makes it; this page shows how far it is."))
    return redirect(url_for(".show", follow="true"), 303)


@blueprint.post("/editions/<int:number>/file")
@needs(TAKE)
@fresh
def take(number: int) -> ResponseReturnValue:
    """A copy with the recipient and a serial number on every page."""
    try:
        edition, serial = attempt(
            parts().unit_of_work,
            actor(),
            Act("edition.take", "edition", str(number)),
            now(),
            lambda uow: take_edition(uow, actor(), number, parts().settings.takes_daily, now()),
        )
    except InvalidState as error:
        close_reading()
        return _page(tuple(error.reasons), 409)
    return _copy(edition, serial)


def _copy(edition: Edition, serial: str) -> Response:
    mark = export_mark(actor(), reading(), now(), serial)
    store = parts().settings.editions_dir
    try:
        source = kept(edition.sha256, store)
    except FileLost as error:
        raise Unavailable(gettext("The file of this edition is not there; ask for it.")) from error
    with TemporaryDirectory(dir=store) as folder:
        copy = Path(folder) / "copy.pdf"
        marked_copy(source, mark.text(gettext), edition.language, copy)
        response = Response(copy.read_bytes(), mimetype="application/pdf")
    name = f"edition-{edition.number}-{edition.language}-{serial}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
