"""The counterpart finder: whom to address in another State, why, and what is not known.

A pure function over records. Each part of the answer is made by a module of its own; this one puts
them in order and tells the steps.
"""

from collections.abc import Collection, Iterable, Iterator

from directory.domain.answer import (
    Answer,
    Candidate,
    ContactLine,
    Facts,
    InstrumentLine,
    MissingLine,
    Question,
    Requirements,
    Source,
    Step,
)
from directory.domain.contacts import Desk
from directory.domain.escalation import Contacts, is_same_office
from directory.domain.gaps import Found, gaps
from directory.domain.hours import is_zone
from directory.domain.liaison import liaison_lines
from directory.domain.marks import N_
from directory.domain.ranking import Ranking
from directory.domain.reasons import Reason
from directory.domain.reference import LegalBasis, State
from directory.domain.requirements import requirements
from directory.domain.treaties import Treaties, through_articles
from directory.domain.urgency import point_lines, urgent_steps
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus
from directory.errors import Invalid, Problem

#: Where to look when nobody is designated for the type, nearest first.
_NEAREST: dict[CooperationType, tuple[CooperationType, ...]] = {
    CooperationType.MLA: (CooperationType.EXTRADITION, CooperationType.ASSET_RECOVERY),
    CooperationType.EXTRADITION: (CooperationType.PROVISIONAL_ARREST, CooperationType.MLA),
    CooperationType.PROVISIONAL_ARREST: (CooperationType.EXTRADITION, CooperationType.MLA),
    CooperationType.TSP: (CooperationType.MLA, CooperationType.EXTRADITION),
    CooperationType.TCP: (CooperationType.MLA, CooperationType.EXTRADITION),
    CooperationType.ASSET_RECOVERY: (
        CooperationType.MLA,
        CooperationType.FINANCIAL_INTELLIGENCE,
    ),
    CooperationType.DRUGS_AT_SEA: (CooperationType.MIGRANTS_AT_SEA, CooperationType.MLA),
    CooperationType.MIGRANTS_AT_SEA: (CooperationType.DRUGS_AT_SEA, CooperationType.MLA),
    CooperationType.FIREARMS: (CooperationType.LAW_ENFORCEMENT, CooperationType.MLA),
    CooperationType.CULTURAL_PROPERTY: (CooperationType.MLA,),
    CooperationType.PREVENTION: (CooperationType.LAW_ENFORCEMENT,),
    CooperationType.JOINT_INVESTIGATION: (
        CooperationType.MLA,
        CooperationType.LAW_ENFORCEMENT,
    ),
    CooperationType.LAW_ENFORCEMENT: (
        CooperationType.JOINT_INVESTIGATION,
        CooperationType.MLA,
    ),
    CooperationType.E_EVIDENCE: (CooperationType.MLA,),
    CooperationType.FINANCIAL_INTELLIGENCE: (CooperationType.ASSET_RECOVERY,),
}
#: How many of the nearest are worth showing.
_NEAREST_SHOWN = 3


def find(question: Question, facts: Facts) -> Answer:
    """The answer, with a reason and a source for each line.

    Raises ``Invalid`` for a question that has none: the same State twice, an instrument or a
    territory that is not on record, a time without a zone.
    """
    check(question, facts)
    treaties = Treaties(question, facts)
    ranking = Ranking(question, treaties, question.cooperation_type)
    desk = Desk(question, facts)
    own = [one for one in facts.candidates if one.state == question.requested]
    offices = _of_kind(own, EntryKind.AUTHORITY, EntryStatus.PUBLISHED)
    point_entries = _of_kind(own, EntryKind.CONTACT_POINT, EntryStatus.PUBLISHED)
    authorities = desk.lines(ranking, offices)
    points = point_lines(question, ranking, point_entries, desk)
    found = Found(
        question=question,
        facts=facts,
        treaties=treaties,
        authorities=authorities,
        points=points,
        suspended=(
            *desk.lines(ranking, _of_kind(own, EntryKind.AUTHORITY, EntryStatus.SUSPENDED)),
            *point_lines(
                question,
                ranking,
                _of_kind(own, EntryKind.CONTACT_POINT, EntryStatus.SUSPENDED),
                desk,
            ),
        ),
        nearest=() if authorities else _nearest(ranking, offices, desk, points),
        requirements=requirements(
            question, facts.requesting, treaties.in_force, authorities or points, own, desk
        ),
    )
    return _answer(found, desk)


def types_answering(
    kind: CooperationType, legal_bases: Iterable[LegalBasis]
) -> tuple[CooperationType, ...]:
    """The types for which an authority is designated that can answer; at most two.

    The one for mutual legal assistance answers where an article on the type goes through it.
    """
    is_through = any(
        basis.cooperation_type is kind and through_articles(basis) for basis in legal_bases
    )
    return (kind, CooperationType.MLA) if is_through else (kind,)


def types_nearest(kind: CooperationType) -> tuple[CooperationType, ...]:
    """The types whose authorities are shown, marked, where nobody answers; at most two."""
    return _NEAREST[kind]


def check(question: Question, facts: Facts) -> None:
    """Refuses a question that cannot be answered, with every problem at once."""
    problems = tuple(problems_of(question, facts.instruments, facts.requested))
    if problems:
        raise Invalid(problems)


def problems_of(
    question: Question, instruments: Collection[str], requested: State | None
) -> Iterator[Problem]:
    """What is wrong with a question; territories are left alone where the State is not known."""
    yield from pair_problems(question.requesting, question.requested)
    if question.at.tzinfo is None:
        yield Problem("at", N_("Give the time with its zone."))
    if question.viewer_zone and not is_zone(question.viewer_zone):
        yield Problem("viewer_zone", N_("Not a time zone of the IANA list."))
    yield from code_problems(question.instrument, question.territory, instruments, requested)


def pair_problems(requesting: str, requested: str) -> Iterator[Problem]:
    """What is wrong with the two States beside one another, '' for one that is not named yet."""
    if requesting and requesting == requested:
        yield Problem("requested", N_("Choose another State than the requesting one."))


def code_problems(
    instrument: str, territory: str, instruments: Collection[str], requested: State | None
) -> Iterator[Problem]:
    """What is wrong with the codes of an instrument and a territory, '' where none was given."""
    if instrument and instrument not in instruments:
        allowed = ", ".join(sorted(instruments))
        yield Problem("instrument", N_("Not on record. One of: %(allowed)s."), {"allowed": allowed})
    keys = {one.key for one in requested.territories} if requested else set()
    if requested and territory and territory not in keys:
        yield _territory_problem(keys)


def _territory_problem(keys: set[str]) -> Problem:
    if not keys:
        return Problem("territory", N_("That State has no territory on record."))
    allowed = ", ".join(sorted(keys))
    return Problem("territory", N_("Not on record. One of: %(allowed)s."), {"allowed": allowed})


def _of_kind(candidates: list[Candidate], kind: EntryKind, status: EntryStatus) -> list[Candidate]:
    return [one for one in candidates if one.kind is kind and one.status is status]


def _nearest(
    ranking: Ranking, offices: list[Candidate], desk: Desk, points: tuple[ContactLine, ...]
) -> tuple[ContactLine, ...]:
    """Authorities for the nearest type that has any, each marked as such."""
    question = ranking.question
    for kind in _NEAREST[question.cooperation_type]:
        near = Ranking(question, ranking.treaties, kind)
        placed = [one[0] for one in near.ranked(offices)[:_NEAREST_SHOWN]]
        if placed:
            mark = Reason("nearest_type", {"type": kind, "wanted": question.cooperation_type})
            return tuple(
                desk.placed_line(
                    one, (mark, *_also_point(one.candidate, points), *near.reasons(one))
                )
                for one in placed
            )
    return ()


def _also_point(candidate: Candidate, points: tuple[ContactLine, ...]) -> tuple[Reason, ...]:
    """An office may be a 24/7 point in one entry and an authority for another type in a second."""
    if any(is_same_office(candidate, point.candidate) for point in points):
        return (Reason("same_office_as_point"),)
    return ()


def _answer(found: Found, desk: Desk) -> Answer:
    question, treaties = found.question, found.treaties
    found_gaps = gaps(found)
    officers = liaison_lines(question, found.facts.candidates, desk)
    return Answer(
        question=question,
        instruments=treaties.in_force,
        not_on_record=treaties.not_on_record,
        authorities=found.authorities,
        suspended=found.suspended,
        nearest=found.nearest,
        contact_points=found.points,
        urgent_steps=urgent_steps(
            question,
            treaties.in_force,
            Contacts(
                points=found.points,
                authorities=found.authorities,
                nearest=found.nearest,
                suspended=found.suspended,
            ),
        ),
        liaison_officers=officers,
        requirements=found.requirements,
        gaps=found_gaps,
        steps=(
            *_treaty_steps(found),
            *_contact_steps("authorities", found.authorities),
            *_contact_steps("nearest", found.nearest),
            *_contact_steps("contact_points", found.points),
            *_contact_steps("liaison_officers", (line.contact for line in officers)),
            _requirement_step(found.requirements),
            *(Step(part="gaps", reason=gap) for gap in found_gaps),
        ),
    )


def _treaty_steps(found: Found) -> Iterator[Step]:
    question = found.question
    yield Step(
        part="question",
        reason=Reason(
            "asked",
            {
                "state": question.requesting,
                "other": question.requested,
                "type": question.cooperation_type,
                "date": question.on,
            },
        ),
    )
    for line in found.treaties.in_force:
        yield _instrument_step(line)
        if line.articles:
            yield _coverage_step(line, question.cooperation_type)
    for missing in found.treaties.not_on_record:
        for reason in missing.reasons:
            yield Step(part="not_on_record", reason=reason, sources=_sources_of(reason, missing))
    yield Step(part="instruments", reason=Reason("other_treaties"))


def _sources_of(reason: Reason, missing: MissingLine) -> tuple[Source, ...]:
    """The sources of what it speaks of: an instrument, and one State's part in it where it says so.

    What is not on record has none: that another State or treaty is on record proves nothing of it.
    """
    state, code = reason.params.get("state"), reason.params["instrument"]
    spoken_of = (one for one in missing.parties if one.instrument == code)
    return tuple(one.source for one in spoken_of if state is None or one.state == state)


def _instrument_step(line: InstrumentLine) -> Step:
    params: dict[str, object] = {"instrument": line.code}
    code = "in_force_date_unknown"
    if line.in_force_since:
        code = "in_force_computed" if line.computed else "in_force_since"
        params["date"] = line.in_force_since
    # A treaty's list of parties is the source for both, and told once.
    sources = tuple(dict.fromkeys(party.source for party in line.parties))
    return Step(part="instruments", reason=Reason(code, params), sources=sources)


def _coverage_step(line: InstrumentLine, kind: CooperationType) -> Step:
    articles = ", ".join(line.articles)
    params = {"instrument": line.code, "type": kind, "articles": articles}
    source = Source(reference=line.instrument.title, link=line.instrument.text_url)
    return Step(part="instruments", reason=Reason("covers_type", params), sources=(source,))


def _contact_steps(
    part: str, lines: Iterator[ContactLine] | tuple[ContactLine, ...]
) -> Iterator[Step]:
    for line in lines:
        sources = (Source.of(line.source),) if line.source else ()
        for reason in line.reasons:
            yield Step(part=part, reason=reason, sources=sources, entry=line.candidate.id)


def _requirement_step(requirements: Requirements) -> Step:
    reason = Reason(f"translation_{requirements.translation}")
    sources = tuple(line.source for line in requirements.languages)
    return Step(part="requirements", reason=reason, sources=sources)
