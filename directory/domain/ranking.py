"""Step two of the finder: which designation answers, and which answers better.

The order is total and every place in it has its reason. A fact beats an invention; an authority
for this very matter beats one for a special function or a part of the State only; an instrument in
force between the two States beats any other; then rank, scope, the form in which the designation
was made known, and its age.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from directory.domain.answer import Candidate, InstrumentLine, Question
from directory.domain.articles import article_numbers, is_same_article
from directory.domain.reasons import Reason
from directory.domain.record import (
    Designation,
    SourceAct,
)
from directory.domain.reference import LegalBasis
from directory.domain.treaties import Treaties, through_articles
from directory.domain.validity import is_valid
from directory.domain.vocabulary import CooperationType, DesignationRank, DesignationStatus


class Tier(IntEnum):
    """How near the designation's instrument comes to the question; nearest first."""

    ASKED = 0
    COVERS = 1
    #: Through the article on mutual legal assistance (UNTOC 13, UNCAC 54 and 55).
    THROUGH = 2
    #: In force between the two and covering the type, but named under another article.
    OTHER_ARTICLE = 3
    #: For the type as such, under no instrument.
    TYPE = 4
    #: In force between the two, and not known to cover the type.
    IN_FORCE = 5
    #: Not in force between the two by the record.
    NOT_IN_FORCE = 6


class Place(NamedTuple):
    """Where a designation stands; smaller is nearer. Field names are the reasons of the order."""

    synthetic: bool
    other_purpose: bool
    part_of_state: bool
    tier: Tier
    not_territory: bool
    secondary: bool
    limited: bool
    status: int
    age: int
    entry: str
    key: str


class Placed(NamedTuple):
    """A candidate's designation with its place."""

    place: Place
    candidate: Candidate
    designation: Designation


#: Fields of Place that keep those level in one order, and put neither first.
_UNEXPLAINED = frozenset({"entry", "key"})

_STATUS_ORDER = {
    DesignationStatus.NOTIFIED: 0,
    DesignationStatus.COMMUNICATED: 1,
    DesignationStatus.OPERATIONAL: 2,
}

#: Some States name the authority that sends their own requests beside the one that receives.
_SENDING_WORDS = frozenset({"outgoing", "sending"})


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranks designations for one cooperation type under one question."""

    question: Question
    treaties: Treaties
    cooperation_type: CooperationType

    def ranked(self, candidates: Iterable[Candidate]) -> list[list[Placed]]:
        """The candidates with a designation for the type valid that day, best first.

        Each with all such designations of its own, best first.
        """
        found = (sorted(self._placed(candidate), key=_place_of) for candidate in candidates)
        return sorted((placed for placed in found if placed), key=lambda one: one[0].place)

    def _placed(self, candidate: Candidate) -> Iterable[Placed]:
        # Only authorities and points bear any.
        designations: tuple[Designation, ...] = getattr(candidate.record, "designations", ())
        for designation in designations:
            tier = self._tier(designation)
            if tier is not None and is_open(self.question, designation):
                place = self._place(candidate, designation, tier)
                yield Placed(place, candidate, designation)

    def _tier(self, designation: Designation) -> Tier | None:
        """None: the designation is for another type."""
        line = None
        if self.cooperation_type is self.question.cooperation_type:
            line = self.treaties.by_code.get(designation.instrument)
        if designation.cooperation_type is not self.cooperation_type:
            is_mla = designation.cooperation_type is CooperationType.MLA
            is_through = is_mla and line and _is_through(line.legal_bases, designation)
            return Tier.THROUGH if is_through else None
        if not designation.instrument:
            return Tier.TYPE
        if line:
            return _covering_tier(line, designation)
        if self.treaties.is_between(designation.instrument):
            return Tier.IN_FORCE
        return Tier.NOT_IN_FORCE

    def _place(self, candidate: Candidate, designation: Designation, tier: Tier) -> Place:
        is_asked_territory = designation.territory == self.question.territory
        return Place(
            synthetic=candidate.synthetic,
            other_purpose=bool(designation.function) or is_for_sending(designation),
            part_of_state=bool(designation.territory) and not self.question.territory,
            tier=tier,
            not_territory=not is_asked_territory,
            secondary=designation.rank is DesignationRank.SECONDARY,
            limited=designation.scope is not None,
            status=_STATUS_ORDER[designation.status],
            age=-_day_number(source_of(candidate, designation)),
            entry=candidate.id,
            key=designation.key,
        )

    def reasons(self, placed: Placed, before: Place | None = None) -> tuple[Reason, ...]:
        """Why the designation answers, and why behind the one ``before``."""
        found = [self._tier_reason(placed), *_limits(placed.designation)]
        found.extend(territory_reasons(self.question, placed.designation))
        if before:
            found.extend(_behind(placed.place, before))
        return tuple(found)

    def _tier_reason(self, placed: Placed) -> Reason:
        designation, tier = placed.designation, placed.place.tier
        params: dict[str, object] = {
            "type": designation.cooperation_type,
            "instrument": designation.instrument,
            "article": designation.article,
        }
        if tier in {Tier.ASKED, Tier.COVERS}:
            return self._covering_reason(designation, params)
        code = _TIER_REASONS[tier]
        is_whole = tier in _INSTRUMENT_TIERS and not designation.article
        return Reason(f"{code}_whole" if is_whole else code, params)

    def _covering_reason(self, designation: Designation, params: dict[str, object]) -> Reason:
        """What the article says of designating decides the words (UNTOC 16 obliges nobody)."""
        basis = next(
            basis
            for basis in self.treaties.by_code[designation.instrument].legal_bases
            if is_same_article(basis.article, designation.article)
        )
        params["article"] = designation.article or basis.article
        return Reason(_duty_code(basis), {**params, "basis": basis.article})


def is_open(question: Question, designation: Designation) -> bool:
    """Valid that day, and not for another territory than the one asked."""
    asked = question.territory
    is_elsewhere = asked and designation.territory not in {"", asked}
    return not is_elsewhere and is_valid(designation, question.on)


def territory_reasons(question: Question, designation: Designation) -> tuple[Reason, ...]:
    """For which part of the State it is; empty where that is no matter."""
    asked = question.territory
    if designation.territory:
        code = "for_territory_asked" if asked else "for_territory_only"
        return (Reason(code, {"territory": designation.territory}),)
    return (Reason("whole_state", {"territory": asked}),) if asked else ()


_INSTRUMENT_TIERS = frozenset({Tier.IN_FORCE, Tier.NOT_IN_FORCE})
_TIER_REASONS = {
    Tier.THROUGH: "through_mla",
    Tier.OTHER_ARTICLE: "under_other_article",
    Tier.TYPE: "for_type_as_such",
    Tier.IN_FORCE: "under_other_instrument",
    Tier.NOT_IN_FORCE: "under_instrument_not_in_force",
}

#: First word of 'must designate' -> how the designation may be spoken of.
_DUTY_REASONS = {
    "yes": "designated_under",
    "inform": "named_under",
    "by": "declared_under",
    "channel": "declared_under",
    "through": "through_mla",
    "no": "named_without_duty",
    "": "named_without_duty",
}


def _duty_code(basis: LegalBasis) -> str:
    if not basis.article:
        return "named_without_article"
    return _DUTY_REASONS[basis.must_designate.partition(" ")[0]]


def _covering_tier(line: InstrumentLine, designation: Designation) -> Tier:
    articles = (basis.article for basis in line.legal_bases)
    if not any(is_same_article(article, designation.article) for article in articles):
        return Tier.OTHER_ARTICLE
    return Tier.ASKED if line.asked else Tier.COVERS


def _is_through(bases: Iterable[LegalBasis], designation: Designation) -> bool:
    numbers = article_numbers(designation.article)
    return any(through_articles(basis) & numbers for basis in bases)


def is_for_sending(designation: Designation) -> bool:
    """Did the State limit it to requests that it sends itself? Such a one receives none."""
    words = designation.scope.text.casefold().split() if designation.scope else []
    return bool(words) and words[0] in _SENDING_WORDS


def source_of(candidate: Candidate, designation: Designation) -> SourceAct | None:
    """The act that made the designation known, where the record keeps it."""
    sources = candidate.record.sources
    return next((source for source in sources if source.key == designation.source), None)


def _day_number(source: SourceAct | None) -> int:
    """Days since the year 1; an act known by its year only counts from that year's first day."""
    if source is None:
        return 0
    if source.date:
        return source.date.toordinal()
    return dt.date(source.year, 1, 1).toordinal() if source.year else 0


def _limits(designation: Designation) -> list[Reason]:
    found = []
    if designation.function:
        found.append(Reason("function_only", {"function": designation.function}))
    if is_for_sending(designation):
        found.append(Reason("sends_only"))
    if designation.scope:
        found.append(Reason("scope_limited", {"scope": designation.scope.text}))
    if designation.rank is DesignationRank.SECONDARY:
        found.append(Reason("second_rank"))
    return [*found, Reason(f"status_{designation.status}")]


def _behind(place: Place, before: Place) -> Iterable[Reason]:
    """The first thing that sets the two apart, put as the reason for standing behind."""
    pairs = zip(Place._fields, place, before, strict=True)
    name = next((name for name, own, other in pairs if own != other), "entry")
    return (Reason("level" if name in _UNEXPLAINED else f"behind_{name}"),)


def _place_of(placed: Placed) -> Place:
    return placed.place


def designations_of(placed: list[Placed]) -> tuple[Designation, ...]:
    """All designations but the chosen one."""
    return tuple(one.designation for one in placed[1:])
