"""Who may ask what, as people read it and as the tests expect it: one table, ``authorization.txt``.

The door decides by role (``web/access.py``); on top of that some things are for their own State, or
for some while they are in some state: ``SUBJECTS``. Nothing at run time is decided here. The test
``tests/security/test_matrix.py`` asks every route as everybody and compares.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from directory.domain.marks import N_
from directory.domain.vocabulary import Role

TABLE = Path(__file__).with_name("authorization.txt")
_LINE = re.compile(r"([A-Z]+) +(/\S*) +(\S+) +(-|[a-z][a-z ]*)")
_CONVERTER = re.compile(r"<[^<>]*:(\w+)>")


class Outcome(StrEnum):
    """What somebody meets who asks."""

    #: The thing itself, or what is wrong with the form that was sent.
    OPEN = "open"
    #: The way to sign in (pages), or 401 (programs).
    SIGN_IN = "sign in"
    #: 403, or 404 where even that would tell too much.
    REFUSED = "refused"
    #: 404: not even that it exists.
    HIDDEN = "hidden"


class Tie(StrEnum):
    """What ties somebody to a thing."""

    OWN = "reader of the own State"
    DESK = "focal point of the own State"
    OTHER = "other State"
    SECRETARIAT = "secretariat"
    AUDITOR = "auditor"


ANY = ""
#: What the roles are called.
ROLE_NAMES: dict[Role, str] = {
    Role.READER: N_("Reader"),
    Role.FOCAL_POINT: N_("Focal point"),
    Role.VERIFIER: N_("Verifier"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing: the states it can be in, and (tie, state) -> what is not open.

    State '' stands for all of them.
    """

    text: str
    states: tuple[str, ...]
    closed: dict[tuple[Tie, str], Outcome] = field(default_factory=dict)

    def outcome(self, tie: Tie, state: str) -> Outcome:
        """What holds for somebody with that tie while the thing is in that state."""
        return self.closed.get((tie, state)) or self.closed.get((tie, ANY)) or Outcome.OPEN


ENTRY_STATES = ("published", "suspended", "retired")
PROPOSAL_STATES = ("draft", "submitted", "on hold", "published")
#: Whose account it is.
ACCOUNT_STATES = ("of a reader", "of a focal point", "of an officer")

#: Word of the table -> what holds beyond the role.
SUBJECTS: dict[str, Subject] = {
    "-": Subject(N_("the role decides"), ("",)),
    "entry": Subject(
        N_("an entry: retired ones are for their own State and the secretariat"),
        ENTRY_STATES,
        {
            (Tie.OTHER, "retired"): Outcome.HIDDEN,
            (Tie.AUDITOR, "retired"): Outcome.HIDDEN,
        },
    ),
    "glass": Subject(
        N_("the lines of an entry that are shown on a reason; its focal points see them anyway"),
        ENTRY_STATES,
        {
            (Tie.OTHER, "retired"): Outcome.HIDDEN,
            (Tie.DESK, ANY): Outcome.HIDDEN,
        },
    ),
    "history": Subject(
        N_("an entry's past: the days in office of a retired one stay open to everybody inside"),
        ENTRY_STATES,
    ),
    "own entry": Subject(
        N_("an entry of the own State"),
        ENTRY_STATES,
        {
            (Tie.OTHER, ANY): Outcome.REFUSED,
            (Tie.OTHER, "retired"): Outcome.HIDDEN,
        },
    ),
    "proposal": Subject(
        N_("a proposal: for its own State, and for the secretariat once submitted"),
        PROPOSAL_STATES,
        {
            (Tie.OTHER, ANY): Outcome.HIDDEN,
            (Tie.SECRETARIAT, "draft"): Outcome.HIDDEN,
        },
    ),
    "own draft": Subject(
        N_("a proposal of the own State, which only who began it may hand in"),
        PROPOSAL_STATES,
        {(Tie.OTHER, ANY): Outcome.HIDDEN, (Tie.DESK, "draft"): Outcome.REFUSED},
    ),
    "account": Subject(
        N_("an account: focal points see those of their own State"),
        ACCOUNT_STATES,
        {(Tie.OTHER, ANY): Outcome.HIDDEN, (Tie.DESK, "of an officer"): Outcome.HIDDEN},
    ),
    "account act": Subject(
        N_("an act on an account: focal points look after the readers of their own State"),
        ACCOUNT_STATES,
        {
            (Tie.OTHER, ANY): Outcome.HIDDEN,
            (Tie.DESK, "of a focal point"): Outcome.REFUSED,
            (Tie.DESK, "of an officer"): Outcome.HIDDEN,
        },
    ),
    "own proposal": Subject(
        N_("a proposal of the own State"),
        PROPOSAL_STATES,
        {(Tie.OTHER, ANY): Outcome.HIDDEN},
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table; ``roles`` is None for what is open to everybody."""

    method: str
    address: str
    roles: frozenset[Role] | None
    about: str

    @property
    def subject(self) -> Subject:
        """What the route is about."""
        return SUBJECTS[self.about]

    def outcome(self, role: Role | None, tie: Tie, state: str) -> Outcome:
        """What somebody of that role (None: a stranger) with that tie meets."""
        if self.roles is None:
            return Outcome.OPEN
        if role is None:
            return Outcome.SIGN_IN
        return self.subject.outcome(tie, state) if role in self.roles else Outcome.REFUSED


def read_line(text: str) -> Line:
    """One line; raises ``ValueError`` that says what would be right."""
    found = _LINE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r}: give method, address, who and what about, as the lines above")
    method, address, who, about = found.groups()
    if about not in SUBJECTS:
        raise ValueError(f"{text!r}: {about!r} is none of {', '.join(SUBJECTS)}")
    return Line(method, address, _roles(who), about)


def _roles(who: str) -> frozenset[Role] | None:
    groups = {"everybody": None, "inside": frozenset(Role), "nobody": frozenset[Role]()}
    if who in groups:
        return groups[who]
    return frozenset(Role(one) for one in who.split(","))


@cache
def read_table() -> tuple[Line, ...]:
    """Every line of the table, by address."""
    lines = TABLE.read_text("utf-8").splitlines()
    return tuple(read_line(one) for one in lines if one.strip() and not one.startswith("#"))


def address_of(rule: str) -> str:
    """A rule of the URL map as the table writes it: without the converters of its parts."""
    return _CONVERTER.sub(r"<\1>", rule)


def said(line: Line, role: Role | None) -> str:
    """A cell of the manual."""
    if line.roles is None or (role is not None and role in line.roles):
        return "yes"
    return "–"


def as_markdown(lines: Iterable[Line]) -> str:
    """docs/manual/authorization.md."""
    roles = (None, *Role)
    heads = ["method", "address", "stranger", *(one.value.replace("_", " ") for one in Role)]
    rows = [
        [one.method, f"`{one.address}`", *(said(one, role) for role in roles), one.about]
        for one in lines
    ]
    table = [[*heads, "about"], ["---"] * (len(heads) + 1), *rows]
    subjects = [
        f"- **{word}**: {subject.text}." + "".join(_closed(subject))
        for word, subject in SUBJECTS.items()
    ]
    return "\n".join(
        [
            "# Who may ask what",
            "",
            "Made from `directory/web/authorization.txt` by",
            "`python -m directory.web.authorization`; `tests/security/test_matrix.py` asks every",
            "route as everybody and compares. What a page shows of an entry's channels is decided",
            "beyond this, by their audience (`policy.py`).",
            "",
            *subjects,
            "",
            *(f"| {' | '.join(row)} |" for row in table),
            "",
        ]
    )


def _closed(subject: Subject) -> Iterable[str]:
    for (tie, state), outcome in subject.closed.items():
        yield f" {tie.value}, {state or 'any state'}: {outcome.value}."


if __name__ == "__main__":
    Path("docs/manual/authorization.md").write_text(as_markdown(read_table()), encoding="utf-8")
