"""What goes wrong, as ``application/problem+json`` (RFC 9457) with stable types.

Every address under ``/api/`` answers a refusal in this form, also those that no route knows; all
other addresses keep the pages' own way, and so do the two pages about the API in a browser.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Request, Response, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from directory.domain.book import UnknownState
from directory.domain.marks import N_
from directory.errors import (
    Denied,
    Invalid,
    InvalidState,
    NotFound,
    Problem,
    QuotaReached,
    ReadOnly,
    ReportsUsedUp,
    StaleRevision,
    Unavailable,
)
from directory.web.context import actor, now

logger = logging.getLogger(__name__)

PREFIX = "/api/"
#: The page that tells what each type means; the type is its fragment.
TYPES_PAGE = "/api/v1/problems"
#: Addresses under ``/api/`` that a browser opens.
_PAGES = frozenset({"/api/v1/docs", TYPES_PAGE})
MIMETYPE = "application/problem+json"
#: Seconds after which to ask again when a part of the directory was away.
RETRY_AFTER = "30"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of refusal: its status, what it is called, and what it means."""

    status: HTTPStatus
    title: str
    meaning: str


#: Name (the fragment of ``type``) -> the kind of refusal. Names are never changed.
TYPES: dict[str, ProblemType] = {
    "bad-request": ProblemType(
        HTTPStatus.BAD_REQUEST, N_("Bad request"), N_("The request could not be read.")
    ),
    "not-signed-in": ProblemType(
        HTTPStatus.UNAUTHORIZED,
        N_("Not signed in"),
        N_("Send a token that is valid now: Authorization: Bearer TOKEN."),
    ),
    "not-permitted": ProblemType(
        HTTPStatus.FORBIDDEN,
        N_("Not permitted"),
        N_("The account or the scopes of its token do not allow this."),
    ),
    "unknown-address": ProblemType(
        HTTPStatus.NOT_FOUND,
        N_("Unknown address"),
        N_("There is nothing here; /api/v1/openapi.json lists every address."),
    ),
    "unknown-state": ProblemType(
        HTTPStatus.NOT_FOUND,
        N_("Unknown State"),
        N_("No State has this code; /api/v1/states lists those there are."),
    ),
    "unknown-entry": ProblemType(
        HTTPStatus.NOT_FOUND,
        N_("Unknown entry"),
        N_("No entry that you may see has this identifier; /api/v1/entries lists them."),
    ),
    "method-not-allowed": ProblemType(
        HTTPStatus.METHOD_NOT_ALLOWED,
        N_("Method not allowed"),
        N_("The address exists, but not for this method; the header Allow names those it knows."),
    ),
    "wrong-state-of-things": ProblemType(
        HTTPStatus.CONFLICT,
        N_("Not possible now"),
        N_("The thing is not in a state that allows this."),
    ),
    "stale-revision": ProblemType(
        HTTPStatus.CONFLICT,
        N_("Stale revision"),
        N_("The change was made against a revision that is no longer the current one."),
    ),
    "unknown-proposal": ProblemType(
        HTTPStatus.NOT_FOUND,
        N_("Unknown proposal"),
        N_("No proposal that you may see has this identifier; /api/v1/proposals lists them."),
    ),
    "overtaken": ProblemType(
        HTTPStatus.PRECONDITION_FAILED,
        N_("Somebody else has acted"),
        N_("The version in If-Match is not the current one; look at the thing again."),
    ),
    "version-missing": ProblemType(
        HTTPStatus.PRECONDITION_REQUIRED,
        N_("Version missing"),
        N_("Send the version you decided on in If-Match; the header ETag gives it."),
    ),
    "too-large": ProblemType(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        N_("Too large"),
        N_("The request is larger than the directory accepts."),
    ),
    "unsupported-media-type": ProblemType(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        N_("Unsupported media type"),
        N_("The body is not of a type that this address reads."),
    ),
    "invalid-parameters": ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("Invalid parameters"),
        N_("The list of errors names each parameter and what would be right."),
    ),
    "too-many-requests": ProblemType(
        HTTPStatus.TOO_MANY_REQUESTS,
        N_("Too many requests"),
        N_("Ask again after the seconds that the header Retry-After gives."),
    ),
    "quota-reached": ProblemType(
        HTTPStatus.TOO_MANY_REQUESTS,
        N_("The look-ups of the day are used up"),
        N_(
            "Entries of 24/7 points and urgent questions go on; the header Retry-After gives the "
            "seconds until the quota begins anew. The secretariat can raise it."
        ),
    ),
    "internal-error": ProblemType(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        N_("Internal error"),
        N_("The directory failed; the failure is on its log."),
    ),
    "read-only": ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("Reading only"),
        N_("Nothing can be changed at the moment; look-ups go on. Ask again later."),
    ),
    "unavailable": ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("Unavailable now"),
        N_("A part of the directory that is needed is away; ask again shortly."),
    ),
}

#: Types that more is known of than their status.
_PARTICULAR = frozenset(
    {
        "unknown-state",
        "unknown-entry",
        "unknown-proposal",
        "stale-revision",
        "quota-reached",
        "read-only",
    }
)
_BY_STATUS: dict[int, str] = {
    one.status: name for name, one in TYPES.items() if name not in _PARTICULAR
}
#: What a problem is called whose status has no type of its own (RFC 9457, 4.2.1).
BLANK = "about:blank"

Errors = list[dict[str, str]]
Headers = Mapping[str, str]


def problem(
    name: str, detail: str = "", errors: Errors | None = None, headers: Headers | None = None
) -> Response:
    """A refusal of that type; ``detail`` is the type's meaning unless more can be said."""
    kind = TYPES[name]
    body = {
        "type": f"{TYPES_PAGE}#{name}",
        "title": _(kind.title),
        "status": int(kind.status),
        "detail": detail or _(kind.meaning),
    }
    return _response(body, errors, headers)


def _response(body: dict[str, Any], errors: Errors | None, headers: Headers | None) -> Response:
    if errors:
        body["errors"] = errors
    text = json.dumps(body, ensure_ascii=False)
    response = Response(text, body["status"], headers, mimetype=MIMETYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def refusal(error: Exception) -> Response:
    """The problem that stands for an error; one that nobody expected Flask has logged."""
    for kind, answer in _ANSWERS:
        if isinstance(error, kind):
            return answer(error)
    return problem("internal-error")


def _not_found(error: NotFound) -> Response:
    detail = _('"%(key)s" is not known here.', key=_short(error.key))
    name = f"unknown-{error.what}"
    if name not in TYPES:
        return problem("unknown-address", detail)
    return problem(name, f"{detail} {_(TYPES[name].meaning)}")


def _short(text: str, most: int = 40) -> str:
    """The text as it may be repeated: no control characters, not long."""
    shown = "".join(one if one.isprintable() else "�" for one in text[: most + 1])
    return shown if len(shown) <= most else shown[:most] + "…"


def _denied(error: Denied) -> Response:
    if actor().roles:
        return problem("not-permitted", _together(error.reasons))
    return problem("not-signed-in", headers={"WWW-Authenticate": 'Bearer realm="directory"'})


def _invalid(error: Invalid) -> Response:
    """Every field that is wrong; the detail repeats them in one line."""
    errors = [{"path": _short(one.path), "message": said(one)} for one in error.problems]
    detail = " ".join(f"{one['path']}: {one['message'].rstrip('.')}." for one in errors)
    return problem("invalid-parameters", detail, errors)


def _together(reasons: Iterable[Problem]) -> str:
    return " ".join(said(reason) for reason in reasons)


def _invalid_state(error: InvalidState) -> Response:
    """Where somebody else acted meanwhile, the version that was sent is what failed."""
    name = "overtaken" if error.overtaken else "wrong-state-of-things"
    return problem(name, _together(error.reasons))


def _stale(error: StaleRevision) -> Response:
    """Each field that both changed, with what it was and what each made of it."""
    clashes = [
        {"path": str(getattr(clash, "path", "")), "message": _("changed by others meanwhile")}
        for clash in error.clashes
    ]
    return problem("stale-revision", "", clashes)


#: A page leads to the list of States; a program is told where to find it.
_NO_STATE = N_("no State has the code %(code)s; /api/v1/states lists those there are")


def said(one: Problem) -> str:
    """A problem in the reader's language; what was asked is not repeated at length."""
    template: str = _(_NO_STATE if isinstance(one, UnknownState) else one.message)
    params = {name: _short(str(value), 400) for name, value in one.params.items()}
    return template % params if params else template


def _quota_reached(error: QuotaReached) -> Response:
    return problem("quota-reached", headers=_again(error))


def _reports_used_up(error: ReportsUsedUp) -> Response:
    return problem("too-many-requests", said(error.reason), headers=_again(error))


def _again(error: QuotaReached) -> dict[str, str]:
    return {"Retry-After": str(max(1, int((error.again_at - now()).total_seconds())))}


def _unavailable(error: Exception) -> Response:
    detail = str(error) if isinstance(error, Unavailable) else ""
    logger.warning("unavailable", exc_info=error)
    return problem("unavailable", detail, headers={"Retry-After": RETRY_AFTER})


def _read_only(error: ReadOnly) -> Response:
    return problem("read-only", error.reason, headers={"Retry-After": RETRY_AFTER})


def _http(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    # A library may have prepared the whole response (a redirect, an aborted request).
    headers = {
        name: value
        for name, value in error.get_headers()
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}
    }
    if status in _BY_STATUS:
        return problem(_BY_STATUS[status], headers=headers)
    body = {"type": BLANK, "title": error.name, "status": status, "detail": error.description or ""}
    return _response(body, None, headers)


_ANSWERS: tuple[tuple[type[Exception], Callable[[Any], Response]], ...] = (
    (HTTPException, _http),
    (NotFound, _not_found),
    (Denied, _denied),
    (Invalid, _invalid),
    (StaleRevision, _stale),
    (InvalidState, _invalid_state),
    (ReportsUsedUp, _reports_used_up),
    (QuotaReached, _quota_reached),
    (ReadOnly, _read_only),
    (Unavailable, _unavailable),
    (OperationalError, _unavailable),
)

Handler = Callable[[Any], Any]


def install(app: Flask) -> None:
    """Answer here under ``/api/`` every error that a front installed before has a page for."""
    for by_class in app.error_handler_spec[None].values():
        for error_class, page in by_class.items():
            by_class[error_class] = _by_path(page)


def _by_path(page: Handler) -> Handler:
    def handle(error: Exception) -> Any:
        return refusal(error) if _is_for_programs(request) else page(error)

    return handle


def _is_for_programs(asked: Request) -> bool:
    """Is the answer read by a program? The pages about the API lead a browser to the sign-in."""
    is_page = asked.path in _PAGES and "Authorization" not in asked.headers
    return asked.path.startswith(PREFIX) and not is_page
