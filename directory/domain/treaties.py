"""Step one of the finder: the instruments in force between the two States that cover the type.

An instrument counts when the treaty is in force and both States are bound that day; a protocol only
when its parent binds both as well (UNTOC 37(2)). Nothing on record is said so, never 'not a party'.
"""

import datetime as dt
from collections.abc import Iterable

from directory.domain.answer import (
    Facts,
    InstrumentLine,
    MissingLine,
    PartyLine,
    Question,
    Source,
)
from directory.domain.articles import article_numbers
from directory.domain.legal_basis_notes import (
    channel_notes,
    general_treaties,
    is_usable,
    legal_basis_notes,
    treaty_notes,
)
from directory.domain.reasons import Reason
from directory.domain.reference import Declaration, Instrument, LegalBasis, Participation
from directory.domain.validity import Binding, BindingStatus, bind
from directory.domain.vocabulary import DeclarationKind

#: Declarations about disputes and withdrawn reservations change nothing in a request.
_IDLE_DECLARATIONS = frozenset(
    {
        DeclarationKind.DISPUTE_RESERVATION,
        DeclarationKind.DISPUTE_DECLARATION,
        DeclarationKind.RESERVATION_WITHDRAWN,
    }
)
#: How a request is to be sent is for the State that receives it to say.
_RECEIVER_ONLY = frozenset(
    {
        DeclarationKind.LANGUAGE,
        DeclarationKind.INTERPOL_CHANNEL,
        DeclarationKind.URGENT_CHANNEL,
        DeclarationKind.FORM_OF_REQUEST,
    }
)


class Treaties:
    """The treaty side of one question, worked out once and asked by the later steps."""

    def __init__(self, question: Question, facts: Facts) -> None:
        self._question = question
        self._facts = facts
        self._participations: dict[tuple[str, str], Participation] = {
            (one.state, one.instrument): one for one in facts.participations
        }
        self._chains: dict[str, tuple[Binding, ...]] = {}
        self.bases = self._bases()
        self._other_articles = self._articles_of_other_types()
        chains = {code: self._chain(code) for code in self.bases}
        self.general = general_treaties(
            question.cooperation_type, (code for code in chains if self.is_between(code))
        )
        in_force = [
            self._line(code, chain) for code, chain in chains.items() if self.is_between(code)
        ]
        self.in_force: tuple[InstrumentLine, ...] = tuple(sorted(in_force, key=self._order))
        missing = [
            self._missing(code, chain)
            for code, chain in chains.items()
            if not self.is_between(code)
        ]
        self.not_on_record: tuple[MissingLine, ...] = tuple(sorted(missing, key=_missing_order))
        self.by_code = {line.code: line for line in self.in_force}

    def is_between(self, code: str) -> bool:
        """Is the instrument in force between the two States that day, whatever it covers?"""
        return code in self._facts.instruments and all(
            binding.is_bound for binding in self._chain(code)
        )

    def _bases(self) -> dict[str, tuple[LegalBasis, ...]]:
        """Instrument -> its legal bases for the type; a protocol asked for leans on its parent."""
        found: dict[str, tuple[LegalBasis, ...]] = {}
        for basis in self._facts.legal_bases:
            is_known = basis.instrument in self._facts.instruments
            if basis.cooperation_type is self._question.cooperation_type and is_known:
                found[basis.instrument] = (*found.get(basis.instrument, ()), basis)
        asked = self._facts.instruments.get(self._question.instrument)
        if asked and asked.code not in found and asked.parent in found:
            found[asked.code] = found[asked.parent]
        return found

    def _articles_of_other_types(self) -> dict[str, frozenset[str]]:
        """Instrument -> numbers of the articles that cover other types only."""
        found: dict[str, frozenset[str]] = {}
        for basis in self._facts.legal_bases:
            found[basis.instrument] = found.get(basis.instrument, frozenset()) | article_numbers(
                basis.article
            )
        return {code: found[code] - self.articles(code) for code in self.bases if code in found}

    def articles(self, code: str) -> frozenset[str]:
        """The numbers of the articles of the instrument that cover the type."""
        numbers: frozenset[str] = frozenset()
        for basis in self.bases[code]:
            numbers |= article_numbers(basis.article) | through_articles(basis)
        return numbers

    def _chain(self, code: str) -> tuple[Binding, ...]:
        """How both States stand to the instrument and to the parents it cannot do without."""
        if code not in self._chains:
            instrument = self._facts.instruments[code]
            own = tuple(
                bind(state, instrument, self._participations.get((state, code)), self._question.on)
                for state in (self._question.requesting, self._question.requested)
            )
            parents = self._chain(instrument.parent) if instrument.parent else ()
            self._chains[code] = own + parents
        return self._chains[code]

    def _line(self, code: str, chain: tuple[Binding, ...]) -> InstrumentLine:
        instrument, since = self._facts.instruments[code], _since(chain)
        declarations = self._declarations(instrument)
        notes = (
            *_date_notes(chain),
            *legal_basis_notes(self._question, code, declarations),
            *treaty_notes(self._question.cooperation_type, code, self.general),
            *channel_notes(code),
            *self._parent_notes(instrument),
        )
        return InstrumentLine(
            instrument=instrument,
            legal_bases=self.bases[code],
            in_force_since=since,
            computed=any(binding.computed and binding.since == since for binding in chain),
            asked=code == self._question.instrument,
            usable=is_usable(self._question, code, declarations),
            notes=notes,
            declarations=declarations,
            parties=_parties(chain),
        )

    def _parent_notes(self, instrument: Instrument) -> tuple[Reason, ...]:
        if self.bases[instrument.code][0].instrument == instrument.code:
            return ()
        params = {"instrument": instrument.code, "parent": instrument.parent}
        return (Reason("articles_of_parent", params, rule=_parent_rule(instrument)),)

    def _declarations(self, instrument: Instrument) -> tuple[Declaration, ...]:
        """Those that matter to this request, made by the day asked, in a fixed order."""
        found = (
            one
            for one in self._facts.declarations
            if one.instrument == instrument.code and self._matters(one)
        )
        return tuple(sorted(found, key=lambda one: (one.kind, one.state, one.article, one.value)))

    def _matters(self, declaration: Declaration) -> bool:
        if declaration.kind in _IDLE_DECLARATIONS:
            return False
        if declaration.date and declaration.date > self._question.on:
            return False
        if declaration.state not in self._concerned(declaration.kind):
            return False
        numbers = article_numbers(declaration.article)
        own = self.articles(declaration.instrument)
        others = self._other_articles.get(declaration.instrument, frozenset())
        return bool(numbers & own) or not numbers & others

    def _concerned(self, kind: DeclarationKind) -> tuple[str, ...]:
        if kind in _RECEIVER_ONLY:
            return (self._question.requested,)
        return (self._question.requesting, self._question.requested)

    def _order(self, line: InstrumentLine) -> tuple[bool, bool, bool, dt.date, str]:
        """The one asked, then those that serve, then treaties on the type as such, by age."""
        is_general = line.code in self.general
        adopted = line.instrument.adopted or dt.date.max
        return (not line.asked, line.usable is False, not is_general, adopted, line.code)

    def _missing(self, code: str, chain: tuple[Binding, ...]) -> MissingLine:
        reasons = (self._why_missing(binding) for binding in chain if not binding.is_bound)
        return MissingLine(
            instrument=self._facts.instruments[code],
            articles=tuple(basis.article for basis in self.bases[code] if basis.article),
            asked=code == self._question.instrument,
            reasons=tuple(_each_once(reasons)),
            parties=_parties(binding for binding in chain if binding.participation),
        )

    def _why_missing(self, binding: Binding) -> Reason:
        params: dict[str, object] = {"instrument": binding.instrument.code}
        if binding.status is BindingStatus.TREATY_NOT_IN_FORCE:
            copy = self._facts.copies.get(binding.instrument.code, "")
            return _treaty_reason(binding.instrument, params, copy)
        params["state"] = binding.state
        participation = binding.participation
        if participation is None:
            return self._no_record(binding.instrument.code, params)
        if binding.status is BindingStatus.SIGNED_ONLY:
            return Reason("signed_only", {**params, "copy": participation.source_copy})
        if binding.status is BindingStatus.ENDED:
            return _dated("ended_on", "ended", participation.ended, params)
        if binding.status is BindingStatus.UNDATED:
            return Reason("bound_undated", {**params, "copy": participation.source_copy})
        return _dated("bound_from", "bound_later", binding.since, params)

    def _no_record(self, code: str, params: dict[str, object]) -> Reason:
        """With the date of the list the State is missing from; single finds are no such list."""
        if code in self._facts.single_finds:
            return Reason("no_record_single_finds", params)
        copy = self._facts.copies.get(code, "")
        return (
            Reason("no_record_as_of", {**params, "copy": copy})
            if copy
            else Reason("no_record", params)
        )


def _treaty_reason(instrument: Instrument, params: dict[str, object], copy: str) -> Reason:
    if instrument.entry_into_force:
        date = instrument.entry_into_force
        return Reason("treaty_in_force_from", {**params, "date": date})
    if copy:
        return Reason("treaty_not_in_force_as_of", {**params, "copy": copy})
    return Reason("treaty_not_in_force", params)


def _dated(with_date: str, without: str, date: dt.date | None, params: dict[str, object]) -> Reason:
    return Reason(with_date, {**params, "date": date}) if date else Reason(without, params)


def _each_once(reasons: Iterable[Reason]) -> Iterable[Reason]:
    """A treaty that is not in force is said once, not once for each State."""
    seen: list[Reason] = []
    for reason in reasons:
        if reason not in seen:
            seen.append(reason)
    return seen


def _missing_order(line: MissingLine) -> tuple[bool, int, str]:
    return not line.asked, len(line.reasons), line.code


def _since(chain: tuple[Binding, ...]) -> dt.date | None:
    """The latest date of the chain; unknown when either State's own date is.

    Never before the treaty itself, whatever a source prints.
    """
    if any(binding.since is None for binding in chain[:2]):
        return None
    treaties = (binding.instrument.entry_into_force for binding in chain)
    known = (*treaties, *(binding.since for binding in chain))
    return max(date for date in known if date)


def _date_notes(chain: tuple[Binding, ...]) -> tuple[Reason, ...]:
    return tuple(
        Reason("date_unknown", {"state": binding.state, "instrument": binding.instrument.code})
        for binding in chain
        if binding.since is None
    )


def _parties(chain: Iterable[Binding]) -> tuple[PartyLine, ...]:
    return tuple(
        PartyLine(
            state=binding.state,
            instrument=binding.instrument.code,
            since=binding.since,
            computed=binding.computed,
            source=participation_source(binding.participation),
        )
        for binding in chain
        if binding.participation
    )


def participation_source(participation: Participation) -> Source:
    """Where the participation was read."""
    return Source(reference=participation.source, copy=participation.source_copy)


def through_articles(basis: LegalBasis) -> frozenset[str]:
    """'through art. 18': the authority for mutual legal assistance serves this type too."""
    if basis.must_designate.startswith("through"):
        return article_numbers(basis.must_designate)
    return frozenset()


def _parent_rule(instrument: Instrument) -> str:
    """Each UNTOC protocol says in its article 1(2) that the Convention applies to it."""
    return f"{instrument.code} 1(2)" if instrument.parent == "UNTOC" else ""
