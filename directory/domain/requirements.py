"""Step five of the finder: what the request must be like to succeed."""

import re
from collections.abc import Collection, Iterable, Iterator

from directory.domain.answer import (
    Candidate,
    ContactLine,
    InstrumentLine,
    LanguageLine,
    Question,
    Requirements,
    Source,
    Translation,
)
from directory.domain.contacts import Desk
from directory.domain.reasons import Reason
from directory.domain.record import (
    AuthorityRecord,
    ContactPointRecord,
    RequirementsRecord,
    SourceAct,
)
from directory.domain.reference import State
from directory.domain.vocabulary import CooperationType, DeclarationKind, EntryStatus

#: A declaration that is a plain list; anything else is shown as printed and not counted.
_PLAIN_LIST = re.compile(r"[a-z]{2,3}(;[a-z]{2,3})*")

_REQUEST = (
    "content_authority",
    "content_subject",
    "content_facts",
    "content_assistance",
    "content_person",
    "content_purpose",
)
_CONFISCATION = (
    "content_property",
    "content_order",
    "content_confiscation_facts",
)
_SURRENDER_CONTENTS = ("content_warrant", "content_offences", "content_law_and_person")

_Contents = tuple[tuple[str, tuple[str, ...]], ...]

#: What a treaty wants written in the request: (instrument, type) -> rule and its points, in order.
_CONTENTS: dict[tuple[str, CooperationType], _Contents] = {
    ("UNTOC", CooperationType.MLA): (("UNTOC 18(15)", _REQUEST),),
    ("UNCAC", CooperationType.MLA): (("UNCAC 46(15)", _REQUEST),),
    ("DRUGS-1988", CooperationType.MLA): (("DRUGS-1988 7(10)", _REQUEST),),
    ("UNTOC", CooperationType.ASSET_RECOVERY): (
        ("UNTOC 18(15)", _REQUEST),
        ("UNTOC 13(3)", _CONFISCATION),
    ),
    ("UNCAC", CooperationType.ASSET_RECOVERY): (
        ("UNCAC 46(15)", _REQUEST),
        ("UNCAC 55(3)", _CONFISCATION),
    ),
    ("ETS-030", CooperationType.MLA): (
        (
            "ETS-030 14",
            ("content_authority", "content_object", "content_identity", "content_served"),
        ),
    ),
    ("ETS-024", CooperationType.EXTRADITION): (("ETS-024 12(2)", _SURRENDER_CONTENTS),),
    ("ETS-024", CooperationType.PROVISIONAL_ARREST): (
        ("ETS-024 16(2)", ("content_arrest_document", "content_arrest_offence")),
    ),
    ("BUDAPEST", CooperationType.E_EVIDENCE): (
        (
            "BUDAPEST 29(2)",
            (
                "content_preserving_authority",
                "content_offence_and_facts",
                "content_data",
                "content_custodian",
                "content_necessity",
                "content_intention",
            ),
        ),
    ),
}

#: Time limits that a treaty sets.
_TIME_LIMITS: dict[tuple[str, CooperationType], tuple[Reason, ...]] = {
    ("BUDAPEST", CooperationType.E_EVIDENCE): (
        Reason("preserved_sixty_days", rule="BUDAPEST 29(7)"),
    ),
    ("ETS-024", CooperationType.PROVISIONAL_ARREST): (
        Reason("arrest_request_follows", rule="ETS-024 16(4)"),
    ),
}


def requirements(
    question: Question,
    requesting: State,
    instruments: Collection[InstrumentLine],
    authorities: Collection[ContactLine],
    entries: Iterable[Candidate],
    desk: Desk,
) -> Requirements:
    """The requirements of the requested State and of the instruments in force between both."""
    entry = _entry(question, entries, desk)
    languages = tuple(_languages(entry, authorities, instruments))
    mine = {*requesting.languages, *question.languages}
    keys = [(line.code, question.cooperation_type) for line in instruments]
    return Requirements(
        translation=_translation(languages, mine),
        languages=languages,
        contents=tuple(reason for key in keys for reason in _contents(key)),
        time_limits=tuple(limit for key in keys for limit in _TIME_LIMITS.get(key, ())),
        entry=entry,
    )


def _entry(question: Question, candidates: Iterable[Candidate], desk: Desk) -> ContactLine | None:
    """The State's own record for the type, a fact before an invention."""
    found = [
        candidate
        for candidate in candidates
        if isinstance(candidate.record, RequirementsRecord)
        and candidate.record.cooperation_type is question.cooperation_type
        and candidate.status is EntryStatus.PUBLISHED
    ]
    if not found:
        return None
    best = min(found, key=lambda one: (one.synthetic, one.id))
    return desk.line(best, [Reason("requirements_of", {"state": best.state})])


def _contents(key: tuple[str, CooperationType]) -> Iterator[Reason]:
    for rule, codes in _CONTENTS.get(key, ()):
        for code in codes:
            yield Reason(code, rule=rule)


def _languages(
    entry: ContactLine | None,
    authorities: Iterable[ContactLine],
    instruments: Iterable[InstrumentLine],
) -> Iterator[LanguageLine]:
    """What was said of languages, the nearest to this request first."""
    if entry:
        yield from _of_requirements(entry.candidate)
    for line in authorities:
        yield from _of_authority(line)
    for instrument in instruments:
        yield from _of_declarations(instrument)


def _of_requirements(candidate: Candidate) -> Iterator[LanguageLine]:
    record = candidate.record
    if isinstance(record, RequirementsRecord) and record.languages_accepted:
        yield LanguageLine(
            codes=record.languages_accepted,
            as_given="",
            reason=Reason("languages_of_requirements", {"state": candidate.state}),
            source=_first_source(record.sources),
        )


def _of_authority(line: ContactLine) -> Iterator[LanguageLine]:
    record = line.candidate.record
    if isinstance(record, AuthorityRecord | ContactPointRecord) and (
        record.languages_accepted or record.languages_accepted_as_given
    ):
        yield LanguageLine(
            codes=record.languages_accepted,
            as_given=record.languages_accepted_as_given,
            reason=Reason("languages_of_authority", {"entry": line.candidate.id}),
            source=_first_source((line.source,) if line.source else record.sources),
        )


def _first_source(sources: Collection[SourceAct]) -> Source:
    for source in sources:
        return Source.of(source)
    return Source(reference="")


def _of_declarations(line: InstrumentLine) -> Iterator[LanguageLine]:
    for declaration in line.declarations:
        if declaration.kind is DeclarationKind.LANGUAGE:
            params = {"state": declaration.state, "instrument": line.code}
            rule = f"{line.code} {declaration.article}"
            yield LanguageLine(
                codes=plain_list(declaration.value),
                as_given=declaration.value,
                reason=Reason("languages_declared", params, rule=rule),
                source=Source(reference=declaration.source),
            )


def plain_list(value: str) -> tuple[str, ...]:
    """'en;fr' as codes; nothing where the State wrote conditions ('th and en (both)')."""
    return tuple(value.split(";")) if _PLAIN_LIST.fullmatch(value) else ()


def _translation(lines: Iterable[LanguageLine], mine: Collection[str]) -> Translation:
    """By the nearest statement whose languages are known; the languages of both must meet."""
    said = next((line.codes for line in lines if line.codes), ())
    if not said or not mine:
        return Translation.UNKNOWN
    return Translation.NOT_NEEDED if _bare(said) & _bare(mine) else Translation.NEEDED


def _bare(tags: Collection[str]) -> set[str]:
    """Languages without script and region: who reads 'zh-Hant' reads 'zh'."""
    return {tag.partition("-")[0] for tag in tags}
