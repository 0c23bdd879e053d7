"""The pages, put into the application: blueprints, languages, filters, error pages."""

from flask import Flask

from directory.domain.source_words import source_pieces
from directory.web import (
    appearance,
    differences,
    errors,
    frame,
    i18n,
    presentation,
    proposal_words,
    sharing,
    step_up,
)
from directory.web.views import (
    account,
    account_sessions,
    account_tokens,
    account_ways,
    accounts,
    break_glass,
    calendars,
    campaigns,
    closure_reviews,
    closures,
    counterpart,
    coverage,
    desk,
    editions,
    entries,
    health,
    help_page,
    history,
    home,
    imports,
    inviting,
    liaison,
    line_tests,
    log,
    notices,
    objections,
    packs,
    proposals,
    propose,
    read_audit,
    recoveries,
    reports,
    review_acts,
    reviews,
    seal,
    search,
    standing,
    states,
    statistics,
    taking,
    urgent,
    watching,
)

BLUEPRINTS = (
    home.blueprint,
    counterpart.blueprint,
    urgent.blueprint,
    search.blueprint,
    states.blueprint,
    entries.blueprint,
    break_glass.blueprint,
    history.blueprint,
    taking.blueprint,
    seal.blueprint,
    help_page.blueprint,
    health.blueprint,
    notices.blueprint,
    account.blueprint,
    account_ways.blueprint,
    account_sessions.blueprint,
    account_tokens.blueprint,
    calendars.blueprint,
    recoveries.blueprint,
    step_up.blueprint,
    desk.blueprint,
    closures.blueprint,
    closure_reviews.blueprint,
    propose.blueprint,
    standing.blueprint,
    proposals.blueprint,
    objections.blueprint,
    reports.blueprint,
    reviews.blueprint,
    review_acts.blueprint,
    campaigns.blueprint,
    line_tests.blueprint,
    log.blueprint,
    read_audit.blueprint,
    inviting.blueprint,
    accounts.blueprint,
    imports.blueprint,
    coverage.blueprint,
    liaison.blueprint,
    watching.blueprint,
    statistics.blueprint,
    editions.blueprint,
    packs.blueprint,
)

#: What the names of those templates begin with that make what is read at any hour of the night.
READ = (
    "base.html",
    "components/",
    "counterpart",
    "entry",
    "error.html",
    "frame/",
    "home.html",
    "quota",
    "search",
    "security/",
    "state.html",
    "states.html",
    "urgent/",
)


def read_ahead(app: Flask) -> None:
    """Make the templates of what is read, so that no first reader waits half a second for it.

    Asked by several readers at once, each would make them anew; made before the serving processes
    part, they are theirs together.
    """
    ours = app.jinja_loader
    for name in ours.list_templates() if ours else ():
        if name.startswith(READ):
            app.jinja_env.get_template(name)


def install(app: Flask) -> None:
    """Register everything a person sees but the sign-in pages."""
    i18n.install(app)
    appearance.install(app)
    frame.install(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        presentation.FILTERS
        | sharing.FILTERS
        | differences.FILTERS
        | proposal_words.FILTERS
        | {"source_pieces": source_pieces}
    )
    app.jinja_env.globals.update(presentation.FUNCTIONS | i18n.TEMPLATE_FUNCTIONS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    errors.install(app)
