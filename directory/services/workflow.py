"""What the secretariat has set for proposals, as the services take it."""

import datetime as dt
from dataclasses import dataclass

from directory.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """``link_key`` signs objection links."""

    link_key: str
    #: Keys by which links that were sent before are still taken.
    link_keys_earlier: tuple[str, ...] = ()
    #: How long a routing-critical change waits for objections.
    hold: dt.timedelta = dt.timedelta(hours=72)
    #: Publish descriptive changes at once, marked as not yet reviewed?
    descriptive_at_once: bool = False
    #: A proposal that nobody touched for so long expires.
    lasts: dt.timedelta = dt.timedelta(days=90)

    @property
    def link_keys(self) -> tuple[str, ...]:
        """Every key by which a link is taken."""
        return (self.link_key, *self.link_keys_earlier)


def workflow(settings: Settings) -> Workflow:
    """As the settings ask for it."""
    return Workflow(
        link_key=settings.session_key,
        link_keys_earlier=settings.session_keys.others,
        hold=dt.timedelta(hours=settings.hold_hours),
        descriptive_at_once=settings.descriptive_at_once,
        lasts=dt.timedelta(days=settings.proposal_days),
    )
