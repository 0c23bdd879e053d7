"""The description of the API for programs and for people."""

import hashlib
import json
from typing import Any

from flask import Blueprint, Response, render_template

from directory.api.operations import tagged_response
from directory.api.problems import TYPES
from directory.web.access import needs


def pages(description: dict[str, Any]) -> Blueprint:
    """The addresses that show ``description``, which is made once when the application starts."""
    blueprint = Blueprint("api_docs", __name__)
    text = json.dumps(description, ensure_ascii=False, separators=(",", ":")).encode()
    tag = hashlib.sha256(text).hexdigest()[:32]

    @needs("states:read")
    def openapi() -> Response:
        return tagged_response(text, tag)

    blueprint.add_url_rule("/openapi.json", view_func=openapi)
    blueprint.add_url_rule("/docs", view_func=show_docs)
    blueprint.add_url_rule("/problems", view_func=show_problems)
    return blueprint


@needs("states:read")
def show_docs() -> str:
    """The description, drawn by the vendored Swagger UI."""
    return render_template("api_docs.html")


@needs("states:read")
def show_problems() -> str:
    """What each type of refusal means."""
    return render_template("api_problems.html", types=TYPES)
