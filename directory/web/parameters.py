"""Reading the parameters of a page's address with the schemas that programs are read with."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask import request
from marshmallow import ValidationError, fields
from werkzeug.datastructures import MultiDict

from directory.domain.book import UnknownState
from directory.domain.marks import N_
from directory.domain.vocabulary import CooperationType
from directory.errors import Invalid, Problem, beside
from directory.schemas.fields import Code, Count, Day, StateCode, Word, YesNo
from directory.schemas.questions import CounterpartQuestion, Question, SearchAsked
from directory.web.i18n import PARAMETER, languages

#: Most pages of one search; who needs more narrows it down.
MOST_PAGES = 50

#: Field of a question -> the codes it may be.
Known = Mapping[str, Iterable[str]]


class NothingAsked(Question):
    """A page without parameters of its own; every page may be asked for in a language."""

    lang = fields.String()


class FinderAsked(CounterpartQuestion):
    """The finder's form: the requesting State may be left to the reader's own."""

    requesting = StateCode(description="The State that asks.")
    urgent = YesNo(load_default=False)
    lang = fields.String()

    def __init__(self, **options: Any) -> None:
        super().__init__(exclude=("at",), **options)
        # A check box sends '1'.
        self.fields["urgent"].truthy = {"1", "true"}  # type: ignore[attr-defined]
        self.fields["urgent"].falsy = {"0", "false"}  # type: ignore[attr-defined]


class UrgentAsked(Question):
    """The urgent page: always asked about this moment."""

    requesting = StateCode(description="The State that asks.")
    requested = StateCode(required=True, description="The State that is asked.")
    type = Word(CooperationType, required=True, description="The kind of help.")
    instrument = Code(description="The instrument to proceed under, if known.")
    territory = Code(description="Key of a territory of the requested State.")
    lang = fields.String()


class SearchPageAsked(SearchAsked):
    """The search page: programs ask for more at once, people for the next page."""

    page = Count(MOST_PAGES, load_default=1, description="Which page of the results.")
    lang = fields.String()

    def __init__(self, **options: Any) -> None:
        super().__init__(exclude=("limit",), **options)


def read_parameters(
    schema: type[Question] = NothingAsked, known: Known | None = None
) -> dict[str, Any]:
    """The address's parameters, empty ones left out; raises ``Invalid`` with every problem.

    A code that the reference data do not have is refused together with what else is wrong.
    """
    filled = MultiDict((name, text) for name, text in _pairs() if text.strip())
    codes = {PARAMETER: languages(), **(known or {})}
    reader = _reader_of(schema)
    try:
        asked: dict[str, Any] = reader.load(filled)
    except ValidationError as error:
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]
        read: Any = error.valid_data
        raise Invalid(beside(problems_of(messages), _unknown(reader, read, codes))) from error
    problems = _unknown(reader, asked, codes)
    if problems:
        raise Invalid(problems)
    return asked


@cache
def _reader_of(schema: type[Question]) -> Question:
    """Made once: a schema copies each of its fields, and reading changes none of them."""
    return schema()


def _pairs() -> Iterable[tuple[str, str]]:
    return request.args.items(multi=True)


def problems_of(messages: Mapping[str, Iterable[Any]]) -> Iterable[Problem]:
    """marshmallow's messages as problems with the name of the parameter."""
    for name, found in messages.items():
        for one in found:
            if isinstance(one, Problem):
                yield Problem(shortened(name), one.message, one.params)
            else:
                yield Problem(shortened(name), str(one).replace("%", "%%"))


def _unknown(schema: Question, asked: Mapping[str, Any], known: Known) -> list[Problem]:
    """The codes that the reference data do not have, each under its name in the address."""
    return [
        _not_known(name, schema.fields[name], asked[name], codes)
        for name, codes in known.items()
        if name in asked and asked[name] not in codes
    ]


def _not_known(name: str, field: fields.Field[Any], code: str, codes: Iterable[str]) -> Problem:
    """With what is allowed; the States are too many and have a page that lists them."""
    path = field.data_key or name
    if isinstance(field, StateCode):
        return UnknownState(path, params={"code": code})
    message = N_("'%(code)s' is not on record; allowed are: %(allowed)s")
    return Problem(path, message, {"code": code, "allowed": ", ".join(sorted(codes))})


def has_empty() -> bool:
    """Did a form send fields that were left empty? Then the address can be made shorter."""
    return any(not text.strip() for _, text in _pairs())


def without_empty() -> list[tuple[str, str]]:
    """The parameters that say something, as given."""
    return [(name, text) for name, text in _pairs() if text.strip()]


#: Letters of a text that is shown again.
SHOWN = 60


def shortened(text: str) -> str:
    """The text as it may be shown again: not long."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


_DAY = Day(description="A day.")


def read_day(form: Mapping[str, str], name: str, problems: list[Problem]) -> dt.date | None:
    """A day of a form; None where it is none, which is then told among the problems."""
    try:
        found: dt.date = _DAY.deserialize(form.get(name, ""))  # type: ignore[assignment]
    except ValidationError as error:
        if not form.get(name, "").strip():
            problems.append(Problem(name, N_("Give a day, for example 2026-01-31.")))
            return None
        said = [one for one in error.messages if isinstance(one, Problem)]
        problems.append(Problem(name, said[0].message if said else str(error)))
        return None
    return found
