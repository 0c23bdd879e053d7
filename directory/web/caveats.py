"""The caveats of an entry in the reader's words, for everything that leaves the directory."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from directory.domain.caveats import Caveats
from directory.domain.record import Channel, SourceAct
from directory.web.formats import channel_text, colon, comma, published_day
from directory.web.labels import channel_warning
from directory.web.presentation import isolated, say

Rows = list[tuple[str, str]]


def warning_texts(found: Caveats) -> list[str]:
    """What to know before one calls, a sentence each."""
    return [say(one) for one in found.warnings]


def caveat_rows(found: Caveats) -> Rows:
    """How far it is confirmed, and where it is from."""
    return [(_("Freshness"), say(found.standing)), *source_rows(found.sources)]


def source_rows(acts: Iterable[SourceAct]) -> Rows:
    """A row for each source; one that says so where none is on record."""
    texts = [source_text(one) for one in acts] or [_("not on record")]
    return [(_("Source"), text) for text in texts]


def source_text(act: SourceAct, *, is_linked: bool = True) -> str:
    """What the source is called, when it was made or printed, and where it can be read."""
    when = published_day(act.date.isoformat()) if act.date else str(act.year or "")
    link = isolated(act.link) if act.link and is_linked else ""
    return comma().join(filter(None, (act.reference, when, link)))


def way_text(channel: Channel) -> str:
    """The number or mailbox with its extension."""
    return isolated(" ".join(filter(None, (channel_text(channel), channel.extension))))


def caveat_lines(found: Caveats) -> Iterator[str]:
    """All of it but the warnings, for a note that has no rows."""
    yield say(found.standing)
    for title, text in source_rows(found.sources):
        yield f"{title}{colon()}{text}"
    for channel in found.odd_lines:
        yield f"{way_text(channel)}{colon()}{channel_warning(channel.warning)}"
