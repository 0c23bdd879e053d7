"""The duty pack of a desk: made for its key, signed, for a few days, opened without a network."""

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from directory.errors import Invalid, InvalidState, Problem
from directory.services.acting import Act, attempt
from directory.services.packs import MAKE, make_pack, pack_signer
from directory.web import i18n
from directory.web.access import fresh, needs
from directory.web.context import actor, close_reading, now, parts
from directory.web.parameters import read_parameters
from directory.web.presentation import problem_lines, problem_text

blueprint = Blueprint("packs", __name__)


@blueprint.get("/duty-pack")
@needs(MAKE)
def show() -> ResponseReturnValue:
    """What a pack is, the directory's key to trust, and the form."""
    read_parameters()
    return _page({}, (), 200)


def _page(
    typed: Mapping[str, str], problems: tuple[Problem, ...], status: int
) -> ResponseReturnValue:
    signing = pack_signer(parts().settings)
    page = render_template(
        "packs/make.html",
        typed=typed,
        key=str(signing.verifier) if signing else "",
        earlier=parts().settings.pack_public_keys,
        days=parts().settings.pack_days,
        problems={one.path: problem_text(one) for one in problems},
        lines=problem_lines(problems),
    )
    return make_response(page, status)


@blueprint.post("/duty-pack")
@needs(MAKE)
@fresh
def make() -> ResponseReturnValue:
    """The file; what does not fit is named beside its field, and nothing typed is lost."""
    form = request.form
    try:
        made = attempt(
            parts().unit_of_work,
            actor(),
            Act("pack.make", "pack", "new"),
            now(),
            lambda uow: make_pack(
                uow,
                actor(),
                parts().settings,
                form.get("desk", ""),
                form.get("desk_key", ""),
                i18n.language(),
                now(),
            ),
        )
    except Invalid as error:
        close_reading()
        return _page(form, error.problems, 422)
    except InvalidState as error:
        close_reading()
        return _page(form, tuple(error.reasons), 409)
    response = Response(made.content, mimetype="application/octet-stream")
    name = f"duty-pack-{made.serial}.dirpack"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
