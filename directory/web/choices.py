"""What the secretariat's forms and filters offer to choose from, in the language of the page."""

from flask_babel import gettext

from directory.domain.marks import N_
from directory.domain.vocabulary import EntryKind
from directory.policy import can
from directory.web.context import actor
from directory.web.finder_form import Choices
from directory.web.labels import REGIONAL_GROUPS, label
from directory.web.presentation import book, region_name, state_name


def state_choices() -> Choices:
    """Code and name of all States, by name."""
    found = ((code, state_name(code)) for code in book().states)
    return sorted(found, key=lambda choice: choice[1].casefold())


def group_choices() -> Choices:
    """The regional groups in their order."""
    return [(name, region_name(name)) for name in REGIONAL_GROUPS]


def kind_choices() -> Choices:
    """The kinds of entries in the order of the vocabulary."""
    return [(kind.value, str(label(kind))) for kind in EntryKind]


#: Pages of those who run the directory: endpoint, what a link to it says, what it needs.
STAFF_PLACES = (
    ("reviews.queue", N_("Reviews"), "reviews:read"),
    ("campaigns.list_all", N_("Campaigns"), "campaigns:read"),
    ("line_tests.show", N_("Line tests"), "line_tests:run"),
    ("log.show", N_("Change log"), "log:read"),
)


def staff_places() -> Choices:
    """Endpoint and text of the links for the secretariat and auditors; none for others."""
    if not can(actor(), "log:read"):
        return []
    found = [(to, gettext(text)) for to, text, need in STAFF_PLACES if can(actor(), need)]
    # An auditor's own work; administrators, whose line is full, find it in the change log.
    audit = [("read_audit.show", gettext("Look-ups"))] if not actor().is_secretariat else []
    return found + audit
