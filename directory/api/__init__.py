"""JSON for programs, version 1."""

from flask import Flask

from directory.api import (
    counterparts,
    docs,
    entries,
    history,
    imports,
    log,
    problems,
    reference,
    search,
)
from directory.api.operations import make_api

URL_PREFIX = "/api/v1"


def install(app: Flask) -> None:
    """Add the API, its description and its way of refusing; call it after the other fronts."""
    api = make_api(app)
    for subject in (reference, entries, counterparts, search, imports, history, log):
        api.register_blueprint(subject.operations, url_prefix=URL_PREFIX)
    app.register_blueprint(docs.pages(api.spec.to_dict()), url_prefix=URL_PREFIX)
    problems.install(app)
