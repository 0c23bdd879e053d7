"""The pages, put into the application: blueprints, languages, filters, error pages."""

from flask import Flask

from directory.web import differences, errors, i18n, presentation
from directory.web.views import (
    counterpart,
    entries,
    health,
    help_page,
    home,
    notices,
    search,
    states,
)

BLUEPRINTS = (
    home.blueprint,
    counterpart.blueprint,
    search.blueprint,
    states.blueprint,
    entries.blueprint,
    help_page.blueprint,
    health.blueprint,
    notices.blueprint,
)


def install(app: Flask) -> None:
    """Register everything a person sees but the sign-in pages."""
    i18n.install(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(presentation.FILTERS | differences.FILTERS)
    app.jinja_env.globals.update(presentation.FUNCTIONS | i18n.TEMPLATE_FUNCTIONS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    errors.install(app)
