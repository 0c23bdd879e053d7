"""What a lawyer adds to 'in force': is it a legal basis, and does another treaty come first?"""

from collections.abc import Iterable, Sequence

from directory.domain.answer import Question
from directory.domain.reasons import Reason
from directory.domain.reference import Declaration
from directory.domain.vocabulary import CooperationType, DeclarationKind

_SURRENDER = frozenset({CooperationType.EXTRADITION, CooperationType.PROVISIONAL_ARREST})

#: Treaties on the type as such, for any offence; they serve without a further declaration.
_GENERAL = {
    CooperationType.MLA: frozenset({"ETS-030", "ETS-182", "OAS-A55"}),
    CooperationType.EXTRADITION: frozenset({"ETS-024", "EU-EXTRADITION-1996"}),
    CooperationType.PROVISIONAL_ARREST: frozenset({"ETS-024"}),
    CooperationType.TSP: frozenset({"ETS-112"}),
}

#: Where a convention lets a State that needs a treaty take it as the legal basis for extradition.
_LEGAL_BASIS_CLAUSES = {
    "UNTOC": "UNTOC 16(4)-(5)",
    "UNCAC": "UNCAC 44(5)-(6)",
    "DRUGS-1988": "DRUGS-1988 6(3)",
    "BUDAPEST": "BUDAPEST 24(3)",
    "ETS-173": "ETS-173 27(3)",
}

#: Where a convention steps back behind a treaty of mutual legal assistance between the two States.
_TREATY_FIRST_CLAUSES = {
    "UNTOC": "UNTOC 18(6)-(7)",
    "UNCAC": "UNCAC 46(6)-(7)",
    "DRUGS-1988": "DRUGS-1988 7(6)-(7)",
    "BUDAPEST": "BUDAPEST 27(1)",
    "ETS-173": "ETS-173 25(2)-(3)",
}
#: Those of them that apply all the same where they are more favourable.
_WHERE_BETTER = frozenset({"ETS-173"})

#: Where a treaty sends requests from Ministry of Justice to Ministry of Justice.
_MINISTRY_CLAUSES = {"ETS-030": "ETS-030 15(1)", "ETS-112": "ETS-112 5(2)"}

_STANDS = {
    True: "legal_basis_taken",
    False: "legal_basis_not_taken",
    None: "legal_basis_unknown",
}


def general_treaties(cooperation_type: CooperationType, codes: Iterable[str]) -> frozenset[str]:
    """Those of ``codes`` that are about the type as such and not about some offences only."""
    return _GENERAL.get(cooperation_type, frozenset()) & frozenset(codes)


def is_usable(question: Question, code: str, declarations: Sequence[Declaration]) -> bool | None:
    """Can the instrument bear the request? For extradition: False, True or None for not known.

    Not known is never 'takes' (UNTOC 16(5)); one State that does not take it suffices for False.
    """
    if question.cooperation_type not in _SURRENDER or code not in _LEGAL_BASIS_CLAUSES:
        return True
    taken = [_is_taken(state, declarations) for state in _both(question)]
    if False in taken:
        return False
    return True if all(taken) else None


def legal_basis_notes(
    question: Question, code: str, declarations: Sequence[Declaration]
) -> tuple[Reason, ...]:
    """For extradition: what each State said of taking the convention as its legal basis."""
    rule = _LEGAL_BASIS_CLAUSES.get(code)
    if question.cooperation_type not in _SURRENDER or not rule:
        return ()
    stands = (_stand(state, code, rule, declarations) for state in _both(question))
    limits = (
        Reason("legal_basis_limited", {"state": one.state, "value": one.value}, rule=rule)
        for one in declarations
        if one.kind is DeclarationKind.EXTRADITION_LEGAL_BASIS_LIMITED
    )
    return (*stands, *limits)


def treaty_notes(
    cooperation_type: CooperationType, code: str, general: frozenset[str]
) -> tuple[Reason, ...]:
    """A treaty of mutual legal assistance between the two States comes before the convention."""
    if not comes_second(cooperation_type, code, general):
        return ()
    params = {"instrument": code, "treaties": ", ".join(sorted(general))}
    word = "treaty_first_or_better" if code in _WHERE_BETTER else "treaty_first"
    return (Reason(word, params, rule=_TREATY_FIRST_CLAUSES[code]),)


def comes_second(cooperation_type: CooperationType, code: str, general: frozenset[str]) -> bool:
    """Does the convention step back, by its own words, behind a treaty between the two States?"""
    is_mla = cooperation_type is CooperationType.MLA
    return is_mla and bool(general) and code in _TREATY_FIRST_CLAUSES


def channel_notes(code: str) -> tuple[Reason, ...]:
    """Who writes to whom by the treaty itself, where it names ministries and no authority."""
    rule = _MINISTRY_CLAUSES.get(code)
    return (Reason("ministry_to_ministry", rule=rule),) if rule else ()


def _both(question: Question) -> tuple[str, str]:
    return question.requesting, question.requested


def _stand(state: str, code: str, rule: str, declarations: Sequence[Declaration]) -> Reason:
    word = _STANDS[_is_taken(state, declarations)]
    return Reason(word, {"state": state, "instrument": code}, rule=rule)


def _is_taken(state: str, declarations: Sequence[Declaration]) -> bool | None:
    """What the State declared; None where nothing is known. A refusal outweighs."""
    said = [
        _read(one.value)
        for one in declarations
        if one.state == state and one.kind is DeclarationKind.EXTRADITION_LEGAL_BASIS
    ]
    if False in said:
        return False
    return True if True in said else None


def _read(value: str) -> bool | None:
    if value.startswith("does not take"):
        return False
    return True if value.startswith("takes") else None
