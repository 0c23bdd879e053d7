"""What a TLP 2.0 label allows who reads the line (FIRST, Traffic Light Protocol 2.0)."""

from collections.abc import Callable, Iterable

from flask_babel import LazyString, lazy_gettext

from directory.domain.record import Channel
from directory.domain.vocabulary import Tlp

_ = lazy_gettext

MEANINGS: dict[Tlp, LazyString] = {
    Tlp.CLEAR: _("You may share it with anybody."),
    Tlp.GREEN: _(
        "You may share it within the community of authorities that cooperate, never in public."
    ),
    Tlp.AMBER: _("Share it inside your authority and with those it acts for, if they need it."),
    Tlp.AMBER_STRICT: _("Share it inside your authority only, with those who need it."),
    Tlp.RED: _("For you alone: share it with nobody."),
}


def tlp_meaning(label: Tlp) -> LazyString:
    """What the label allows, in a sentence."""
    return MEANINGS[label]


def tlp_labels(channels: Iterable[Channel]) -> list[Tlp]:
    """The labels among the lines, the widest first."""
    found = {one.tlp for one in channels}
    return [label for label in Tlp if label in found]


FILTERS: dict[str, Callable[..., object]] = {
    "tlp_meaning": tlp_meaning,
    "tlp_labels": tlp_labels,
}
