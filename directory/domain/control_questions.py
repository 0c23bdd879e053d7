"""Control questions for a call-back: about facts on record that the proposal does not touch.

Whoever answers shows that they know the office; whoever only knows the proposal cannot. Each
suggestion comes with the answer on record, which the officer must not read out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from directory.domain.diff import Difference
from directory.domain.marks import N_
from directory.domain.record import Channel, Designation, Hours, Record, RequirementsRecord, to_dict
from directory.domain.vocabulary import Audience, ChannelKind, CooperationType

#: Suggestions on one form.
MOST = 4
#: Digits of a number that are asked for.
LAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question with what the record answers.

    ``question`` is an English template, filled with ``params`` (a cooperation type stands for its
    name).
    """

    question: str
    answer: str
    params: dict[str, object]
    #: Can every reader of the directory look the answer up?
    is_open: bool = True


def suggestions(record: Record, differences: Sequence[Difference]) -> tuple[Suggestion, ...]:
    """The best questions first; none of a field that the proposal changes."""
    touched = {one.field for one in differences}
    new = [text for one in differences for text in _texts(one.after)]
    found = (
        one
        for field, one in _questions(record)
        if field not in touched and one.answer and one.answer not in new
    )
    return tuple(list(found)[:MOST])


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _questions(record: Record) -> Iterator[tuple[str, Suggestion]]:
    """Field and question, from what only insiders have at hand to what anybody could look up."""
    if isinstance(record, RequirementsRecord):
        return
    hours = record.hours
    if hours is not None:
        yield from (("hours", one) for one in _about_hours(hours))
    yield from (("channels", one) for one in _about_fax(record.channels))
    plain = to_dict(record)
    for field, question in _PLAIN.items():
        yield field, Suggestion(question, str(plain.get(field, "")), {})
    for address in plain.get("addresses", ()):
        question = N_("In which city does your office stand?")
        yield "addresses", Suggestion(question, address.get("city", ""), {})
    yield from _about_designations(getattr(record, "designations", ()))


#: Field -> what to ask about it.
_PLAIN = {
    "unit": N_("To which unit does your office belong?"),
    "ministry": N_("Which ministry is above your office?"),
    "network": N_("Of which network is your desk the contact point?"),
    "host_city": N_("In which city is the officer posted?"),
    "agency": N_("Which agency sends the officer?"),
}


def _about_fax(channels: Sequence[Channel]) -> Iterator[Suggestion]:
    """One number: one that not every reader sees, where there is such a one."""
    faxes = [one for one in channels if one.kind is ChannelKind.FAX]
    faxes.sort(key=lambda one: one.audience is Audience.ALL_READERS)
    question = N_("What are the last %(count)s digits of your fax number?")
    for fax in faxes[:1]:
        digits = "".join(letter for letter in fax.value if letter.isdigit())
        is_open = fax.audience is Audience.ALL_READERS
        yield Suggestion(question, digits[-LAST_DIGITS:], {"count": LAST_DIGITS}, is_open)


def _about_hours(hours: Hours) -> Iterable[Suggestion]:
    if hours.closures:
        first = hours.closures[0].first.isoformat()
        yield Suggestion(N_("On which day do you close next, as you told us?"), first, {})
    opens = sorted(one.opens for one in hours.intervals if one.weekday == 1)
    if opens:
        yield Suggestion(N_("At what time do you open on Mondays?"), opens[0], {})


def _about_designations(designations: Sequence[Designation]) -> Iterator[tuple[str, Suggestion]]:
    for one in designations:
        if one.article:
            question = N_("Under which article are you designated for %(type)s?")
            kind: CooperationType = one.cooperation_type
            yield "designations", Suggestion(question, one.article, {"type": kind})
