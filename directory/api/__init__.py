"""JSON for programs, version 1."""

from flask import Flask
from marshmallow import Schema

from directory.api import (
    break_glass,
    changes,
    counterparts,
    coverage,
    docs,
    entries,
    history,
    imports,
    kept_answers,
    kept_results,
    liaison,
    log,
    problems,
    proposals,
    reference,
    search,
    tokens,
)
from directory.api.operations import make_api
from directory.schemas.break_glass import GlassBody
from directory.schemas.proposals import BODIES

URL_PREFIX = "/api/v1"
SUBJECTS = (
    reference,
    entries,
    break_glass,
    changes,
    counterparts,
    coverage,
    liaison,
    search,
    imports,
    history,
    log,
    proposals,
    tokens,
)


def install(app: Flask) -> None:
    """Add the API, its description and its way of refusing; call it after the other fronts."""
    api = make_api(app)
    bodies: tuple[type[Schema], ...] = (*BODIES, GlassBody)
    for body in bodies:
        api.spec.components.schema(body.__name__, schema=body)
    for subject in SUBJECTS:
        api.register_blueprint(subject.operations, url_prefix=URL_PREFIX)
    app.register_blueprint(docs.pages(api.spec.to_dict()), url_prefix=URL_PREFIX)
    problems.install(app)
    kept_answers.install(app)
    kept_results.install(app)
