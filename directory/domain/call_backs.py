"""Whom to call back: the channels of the published revision that this proposer cannot have set.

A channel counts when it is a telephone, at least 30 days old, not changed by the proposer in the
last 90 days, and not changed by the proposal it is to protect. Where a channel comes from a
published source its age is that of the source.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from directory.domain.diff import Difference
from directory.domain.events import digest
from directory.domain.lifecycle import CallBackResult, ProposalKind
from directory.domain.marks import N_
from directory.domain.record import Channel, Plain, Record, RequirementsRecord
from directory.domain.verification import Call
from directory.domain.vocabulary import NOT_A_NUMBER, SPOKEN, ChannelKind
from directory.errors import Problem

#: Days a channel must have stood before it protects anything.
LEAST_AGE = 30
#: Days for which a channel is not used after a change by the same person.
PROPOSER_AWAY = 90
#: Channels that call-backs and notices of a hold go to.
PROTECTING = SPOKEN | {ChannelKind.EMAIL}

#: Kind and value: what makes a channel that channel.
Key = tuple[str, str]
#: Kind, value and extension: where a call ends up. Behind one number of an office two extensions
#: are two desks, and a new one is as new as another number.
Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRevision:
    """A revision as far as the age of its channels goes; ``record`` in plain form.

    ``proposer_id`` is None for what came from published sources (the seed).
    """

    recorded_at: dt.datetime
    record: Plain
    proposer_id: int | None = None
    #: Made from a proposal, and not loaded from published sources.
    proposed: bool = False
    _lines: dict[Line, Plain] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lines = {line_of(one): one for one in self.record.get("channels", ())}
        object.__setattr__(self, "_lines", lines)

    @property
    def lines(self) -> Mapping[Line, Plain]:
        """Its channels in their order, each as the line that a call ends up at."""
        return self._lines


def key_of(channel: Channel | Plain) -> Key:
    """Kind and value of a channel."""
    if isinstance(channel, Channel):
        return channel.kind.value, channel.value
    return str(channel["kind"]), str(channel["value"])


def line_of(channel: Channel | Plain) -> Line:
    """Kind, value and extension of a channel."""
    if isinstance(channel, Channel):
        return *key_of(channel), channel.extension
    return *key_of(channel), str(channel.get("extension", ""))


def channels_of(record: Plain) -> dict[Key, Plain]:
    """The channels of a plain record by kind and value, in their order."""
    return {key_of(one): one for one in record.get("channels", ())}


def record_channels(record: Record | None) -> tuple[Channel, ...]:
    """The channels of a record; requirements have none."""
    return () if record is None or isinstance(record, RequirementsRecord) else record.channels


def eligible(
    history: Sequence[PastRevision],
    current: Record,
    proposed: Record | None,
    proposer_id: int,
    today: dt.date,
) -> tuple[Channel, ...]:
    """The channels to call, best first. ``history`` runs from the first to the current revision.

    ``proposed`` is None when the proposal is about another entry than the one whose channels these
    are.
    """
    kept = None if proposed is None else {line_of(one) for one in record_channels(proposed)}
    found = []
    for channel in record_channels(current):
        untouched = kept is None or line_of(channel) in kept
        if untouched and _protects(channel, history, proposer_id, today):
            found.append(channel)
    return tuple(sorted(found, key=lambda channel: bool(channel.warning)))


def _protects(
    channel: Channel, history: Sequence[PastRevision], proposer_id: int, today: dt.date
) -> bool:
    if channel.kind not in SPOKEN or channel.warning == NOT_A_NUMBER:
        return False
    since = standing_since(line_of(channel), history)
    if since is None or since > today - dt.timedelta(days=LEAST_AGE):
        return False
    return not _changed_by(line_of(channel), history, proposer_id, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the directory knows a channel: verified on a day, or only taken over from a source."""

    #: The day on which the change that brought it was published, after two officers looked at it.
    verified_on: dt.date | None = None
    #: Where it was not verified: the publication that gives it, '' and '' where none is named;
    #: ``published`` is its day (ISO 8601) or year.
    source: str = ""
    published: str = ""


def standing_of(line: Line, history: Sequence[PastRevision]) -> Standing:
    """How the channel came to stand as it does, by the revision that brought it."""
    first = _first_with(line, history)
    if first is None:
        return Standing()
    if first.proposed:
        return Standing(verified_on=first.recorded_at.date())
    act = _act_of(first, first.lines[line])
    if act is None:
        return Standing()
    return Standing(source=act["reference"], published=str(act.get("date") or act.get("year", "")))


def _first_with(line: Line, history: Sequence[PastRevision]) -> PastRevision | None:
    """The revision since which the channel has stood without a break."""
    first: PastRevision | None = None
    for revision in reversed(history):
        if line not in revision.lines:
            break
        first = revision
    return first


def standing_since(line: Line, history: Sequence[PastRevision]) -> dt.date | None:
    """The day from which the channel has stood without a break; None when it does not stand."""
    first = _first_with(line, history)
    if first is None:
        return None
    recorded = first.recorded_at.date()
    if first.proposed:
        return recorded
    return min(recorded, _published_on(first, first.lines[line]) or recorded)


def _act_of(revision: PastRevision, channel: Plain) -> Plain | None:
    key = channel.get("source")
    return next((one for one in revision.record.get("sources", ()) if one["key"] == key), None)


def _published_on(revision: PastRevision, channel: Plain) -> dt.date | None:
    """Day of the source act that gives it; the last of its year where only that is known."""
    act = _act_of(revision, channel)
    if act is None:
        return None
    if act.get("date"):
        return dt.date.fromisoformat(act["date"])
    return dt.date(act["year"], 12, 31) if act.get("year") else None


def _changed_by(
    line: Line, history: Sequence[PastRevision], proposer_id: int, today: dt.date
) -> bool:
    away = today - dt.timedelta(days=PROPOSER_AWAY)
    if history and history[0].proposer_id == proposer_id and history[0].recorded_at.date() >= away:
        return True
    return any(
        after.proposer_id == proposer_id
        and after.recorded_at.date() >= away
        and before.lines.get(line) != after.lines.get(line)
        for before, after in pairwise(history)
    )


def untried(candidates: Iterable[Channel], calls: Iterable[Call]) -> tuple[Channel, ...]:
    """The candidates that nobody has tried in vain yet, in their order."""
    tried = {call.channel for call in calls if call.result is CallBackResult.NOT_REACHED}
    return tuple(channel for channel in candidates if key_of(channel) not in tried)


def denied_things(kind: ProposalKind, differences: Iterable[Difference]) -> list[str]:
    """What somebody denies who denies the proposal, each as a fingerprint.

    Everything in it that decides where requests go. Of a channel that is its value alone: it is the
    same number whatever it is called and whatever stands beside it.
    """
    things = [_thing(one) for one in differences if one.is_critical] or [kind.value]
    return sorted({digest(one) for one in things})


def _thing(difference: Difference) -> object:
    after = difference.after
    if difference.field == "channels" and isinstance(after, dict):
        return ["channels", after["value"]]
    if difference.field == "channels" and difference.inner == "value":
        return ["channels", after]
    return [difference.path, after]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the officer writes down of a call; the channel is empty for a diplomatic note."""

    channel: Key
    function: str
    question: str
    answered: bool
    result: CallBackResult
    note: str


def call_problems(
    told: Told,
    candidates: Sequence[Channel],
    calls: Sequence[Call],
    differences: Sequence[Difference],
) -> list[Problem]:
    """What is wrong with the record of a call-back."""
    if told.result is CallBackResult.NOTE_VERBALE:
        return _note_problems(told, untried(candidates, calls))
    problems = []
    if told.channel not in {key_of(one) for one in candidates}:
        message = N_("Call one of the numbers that the directory names.")
        problems.append(Problem("channel", message))
    if told.result is not CallBackResult.NOT_REACHED and not told.function.strip():
        problems.append(Problem("function", N_("Give the function of the person reached.")))
    if told.result is CallBackResult.CONFIRMED:
        problems += _question_problems(told, differences)
    return problems


def _note_problems(told: Told, left: Sequence[Channel]) -> list[Problem]:
    problems = []
    if left:
        message = N_("Try the numbers the directory names first; a note stands in for them all.")
        problems.append(Problem("result", message))
    if not told.note.strip():
        problems.append(Problem("note", N_("Give the reference and date of the diplomatic note.")))
    return problems


def _question_problems(told: Told, differences: Sequence[Difference]) -> list[Problem]:
    problems = []
    question = told.question.casefold()
    if not question.strip():
        message = N_("Ask about a fact that is not in the proposal, and write the question down.")
        problems.append(Problem("question", message))
    elif any(value.casefold() in question for value in _proposed_values(differences)):
        message = N_("The question gives away what is proposed; ask about something else.")
        problems.append(Problem("question", message))
    if not told.answered:
        message = N_("The control question was not answered rightly, so nothing is confirmed.")
        problems.append(Problem("answered", message))
    return problems


#: Shorter values ('ro', '24') stand in many a question by chance.
_TELLING = 5


def _proposed_values(differences: Sequence[Difference]) -> Iterable[str]:
    for one in differences:
        values = one.after.values() if isinstance(one.after, dict) else (one.after,)
        yield from (str(value) for value in values if len(str(value or "")) >= _TELLING)


def protection_problems(
    before: Record | None, after: Record, differences: Sequence[Difference]
) -> list[Problem]:
    """Rule 8 within one proposal: the lines that protect an entry do not all change with the rest.

    A change of channels alone is protected by the call to a line it leaves, or by a diplomatic
    note; a change of other fields that matter must leave one of the old lines as it was.
    """
    old = [one for one in record_channels(before) if one.kind in PROTECTING]
    if not old:
        return []
    kept = {line_of(one) for one in record_channels(after)}
    if any(line_of(one) in kept for one in old):
        return []
    others = any(one.field != "channels" and one.is_critical for one in differences)
    if not others:
        return []
    message = N_(
        "All telephones and e-mails change together with other fields, so nobody could be asked. "
        "Propose the channels by themselves, or leave one of the old ones until this is published."
    )
    return [Problem("channels", message)]


def changes_channels(before: Record | None, after: Record) -> bool:
    """Does it change a line that call-backs or notices go to, or add one?"""

    def lines(record: Record | None) -> set[Line]:
        return {line_of(one) for one in record_channels(record) if one.kind in PROTECTING}

    return lines(before) != lines(after)
