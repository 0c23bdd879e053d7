"""What the secretariat's forms and filters offer to choose from, in the language of the page."""

from directory.domain.vocabulary import EntryKind
from directory.web.formats import Choices, by_name
from directory.web.labels import REGIONAL_GROUPS, label
from directory.web.presentation import book, region_name, state_name


def state_choices() -> Choices:
    """Code and name of all States, by name."""
    found = ((code, state_name(code)) for code in book().states)
    return by_name(found)


def group_choices() -> Choices:
    """The regional groups in their order."""
    return [(name, region_name(name)) for name in REGIONAL_GROUPS]


def kind_choices() -> Choices:
    """The kinds of entries in the order of the vocabulary."""
    return [(kind.value, str(label(kind))) for kind in EntryKind]
