"""What an entry keeps behind glass, for programs: the same reason, the same notices."""

from typing import Any

from flask import Response

from directory.api.bodies import json_body, read_body
from directory.api.operations import Operations, json_response, reads, writes
from directory.domain.looking import Seen, Way
from directory.domain.record import part_to_dict
from directory.queries.break_glass import look_behind_glass
from directory.schemas.break_glass import GlassBody, GlassLines
from directory.services.acting import Act, attempt
from directory.services.break_glass import open_glass
from directory.web.context import actor, now, parts, reading
from directory.web.looking import looked

operations = Operations("api_break_glass", __name__, description="Lines kept for emergencies")

PATH = "/entries/<entry_id>/break-glass"


@reads(operations, PATH, permission="glass:break", answers=GlassLines, refuses=(404,))
def look_behind(_asked: dict[str, Any], entry_id: str) -> Response:
    """The lines while they are open to this account; none, and no `until`, while they are not."""
    return _lines(entry_id)


@writes(
    operations,
    PATH,
    permission="glass:break",
    answers=GlassLines,
    refuses=(400, 404, 413, 415),
    summary="Show what an entry keeps behind glass, on a stated reason",
    requestBody=json_body(GlassBody),
)
def break_glass(_asked: dict[str, Any], entry_id: str) -> Response:
    """For some minutes; the owner State and two officers are told at once, with the reason."""
    reason = read_body(GlassBody())["reason"]
    minutes = parts().settings.glass_minutes
    attempt(
        parts().unit_of_work,
        actor(),
        Act("glass.open", "entry", entry_id),
        now(),
        lambda uow: open_glass(uow, actor(), entry_id, reason, now(), minutes),
    )
    return _lines(entry_id)


def _lines(entry_id: str) -> Response:
    view = look_behind_glass(actor(), reading(), entry_id, now())
    if view.lines:
        seen = [Seen(view.head.id, view.head.state)]
        looked(Way.BREAK_GLASS, seen, urgent=True, counts=False)
    return json_response(
        {
            "entry": view.head.id,
            "number": view.number,
            "until": view.until.isoformat() if view.until else None,
            "channels": [part_to_dict(one) for one in view.lines],
        }
    )
