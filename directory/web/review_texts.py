"""What reviews say in words: reasons, risks, clashes, control questions, acts of the log."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask_babel import gettext

from directory.domain.call_backs import Standing
from directory.domain.control_questions import Suggestion
from directory.domain.diff import Clash, Difference
from directory.domain.lifecycle import Action, ProposalState
from directory.domain.marks import N_
from directory.domain.risks import RISKS, Risk
from directory.domain.vocabulary import CooperationType
from directory.errors import Problem
from directory.web.differences import Piece, compared, title_of, value_text
from directory.web.formats import clock, comma, day, listed, published_day, zone
from directory.web.labels import label
from directory.web.presentation import isolated, state_name, type_name

#: Risk -> the short word on a row of the queue.
FLAGS = {
    "several_states": N_("Several States"),
    "look_alike": N_("Look-alike letters"),
    "new_domain": N_("New domain"),
    "changed_recently": N_("Changed in 90 days"),
    "first_change": N_("First change by this person"),
}
#: What is said of an act that was done, on the page that follows.
DONE = {
    "take": N_("You have taken the proposal. Other officers see that it is yours."),
    "release": N_("The proposal is back in the queue."),
    "call-back": N_("The call-back is recorded."),
    "request-changes": N_("The proposal went back to the focal point with your text."),
    "verify": N_("You have verified the proposal."),
    "approve": N_("You have approved the proposal."),
    "reject": N_("The proposal is rejected; whoever proposed it is told why."),
    "dismiss-objection": N_("The objection is dismissed; the hold begins anew."),
    "comment": N_("Your comment is kept."),
    "acknowledge": N_("You have reviewed what was published."),
    "evidence": N_("The file is kept with the proposal."),
}
#: Acts as the log of a proposal tells them.
ACTS = {
    Action.SAVE: N_("Draft saved"),
    Action.ADD_EVIDENCE: N_("Evidence added"),
    Action.SUBMIT: N_("Submitted"),
    Action.WITHDRAW: N_("Withdrawn"),
    Action.TAKE: N_("Taken for review"),
    Action.RELEASE: N_("Given back to the queue"),
    Action.COMMENT: N_("Commented"),
    Action.CALL_BACK: N_("Call-back recorded"),
    Action.REQUEST_CHANGES: N_("Changes requested"),
    Action.VERIFY: N_("Verified"),
    Action.APPROVE: N_("Approved"),
    Action.REJECT: N_("Rejected"),
    Action.OBJECT: N_("Objection"),
    Action.DISMISS_OBJECTION: N_("Objection dismissed"),
    Action.ACKNOWLEDGE: N_("Reviewed after publication"),
    Action.PUBLISH: N_("Published"),
    Action.SUPERSEDE: N_("Superseded"),
    Action.REVIEW_ANEW: N_("Back to review"),
    Action.EXPIRE: N_("Expired"),
}


def act_text(action: str) -> str:
    """'proposal.call_back' in words; of a refused act it says that it was not done."""
    name = action.removeprefix("proposal.").removesuffix(".refused").replace("-", "_")
    known = {one.value for one in ACTS}
    text = str(gettext(ACTS[Action(name)])) if name in known else action
    if is_refusal(action):
        return str(gettext("Refused, not done: “%(act)s”", act=text))
    return text


def standing_text(one: Standing) -> str:
    """How the directory knows a number that is to be called, in words."""
    if one.verified_on:
        return str(gettext("verified by officers, published on %(day)s", day=day(one.verified_on)))
    if one.published:
        words = gettext("published in %(source)s (%(day)s), never verified")
        return str(words % {"source": isolated(one.source), "day": published_day(one.published)})
    if one.source:
        return str(gettext("published in %(source)s, never verified", source=isolated(one.source)))
    return str(gettext("on record without a source, never verified"))


def is_refusal(action: str) -> bool:
    """Does the event tell of an act that was not done?"""
    return action.endswith(".refused")


def moment_text(at: dt.datetime) -> str:
    """'26 Nov 2026, 12:00 UTC'."""
    return isolated(f"{day(at)}{comma()}{clock(at)} {zone(at)}")


def reason_text(problem: Problem) -> str:
    """A refusal in the language of the page, its codes replaced by words."""
    words = str(gettext(problem.message))
    params = {name: _said(name, value) for name, value in problem.params.items()}
    return words % params if params else words


def _said(name: str, value: object) -> str:
    if isinstance(value, dt.datetime):
        return moment_text(value)
    if name == "state" and str(value) in set(ProposalState):
        return f"“{label(ProposalState(str(value)))}”"
    return str(value)


def risk_text(risk: Risk) -> str:
    """The whole sentence of a risk."""
    params = {name: _risk_param(name, str(value)) for name, value in risk.params.items()}
    words = str(gettext(RISKS[risk.code]))
    return words % params if params else words


def _risk_param(name: str, value: str) -> str:
    if name == "states":
        return listed(state_name(code) for code in value.split(", "))
    if name == "texts":
        return listed(unmasked(text) for text in value.split(", "))
    return published_day(value) if name == "on" else isolated(value)


def unmasked(text: str) -> str:
    """The text with the numbers of its letters beyond ASCII, which may look like others."""
    odd = sorted({letter for letter in text if not letter.isascii()})
    numbers = listed(f"{letter} = U+{ord(letter):04X}" for letter in odd)
    return isolated(f"{text} ({numbers})" if numbers else text)


def flag_text(code: str) -> str:
    """The short word of a risk."""
    return str(gettext(FLAGS[code]))


def question_text(one: Suggestion) -> str:
    """A control question in the language of the page."""
    params = {
        name: type_name(value) if isinstance(value, CooperationType) else value
        for name, value in one.params.items()
    }
    words = str(gettext(one.question))
    return words % params if params else words


def age_text(age: dt.timedelta) -> str:
    """'3 days', '5 hours', 'less than an hour'."""
    hours = max(0, int(age.total_seconds())) // 3600
    if hours >= 48:
        return str(gettext("%(count)s days", count=hours // 24))
    if hours >= 1:
        return str(gettext("%(count)s h", count=hours))
    return str(gettext("less than an hour"))


def size_text(size: int) -> str:
    """'312 kB'."""
    return f"{max(1, size // 1000):,} kB".replace(",", "\u202f")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashRow:
    """A field that two changes touched: what it was, and what each made of it."""

    title: str
    base: str
    ours: tuple[Piece, ...]
    theirs: tuple[Piece, ...]


def clash_rows(clashes: Iterable[Clash]) -> list[ClashRow]:
    """The clashes in their order, word by word."""
    return [_clash_row(one) for one in clashes]


def _clash_row(one: Clash) -> ClashRow:
    field, _, part = one.path.partition("/")
    base, ours, theirs = (value_text(field, value) for value in (one.base, one.ours, one.theirs))
    return ClashRow(
        title=title_of(Difference(field=field, part=part)),
        base=base,
        ours=compared(base, ours)[1],
        theirs=compared(base, theirs)[1],
    )


FILTERS: dict[str, Callable[..., object]] = {
    "act_text": act_text,
    "standing_text": standing_text,
    "reason_text": reason_text,
    "risk_text": risk_text,
    "flag_text": flag_text,
    "question_text": question_text,
    "age_text": age_text,
    "size_text": size_text,
    "clash_rows": clash_rows,
}
