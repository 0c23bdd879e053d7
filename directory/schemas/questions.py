"""What may be asked: the parameters of every question, for pages and programs alike."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, missing, validates_schema

from directory.domain.marks import N_
from directory.domain.vocabulary import CooperationType, EntryKind, Freshness
from directory.errors import Problem
from directory.queries.entry_lists import MOST
from directory.schemas.fields import (
    Code,
    Count,
    Cursor,
    Day,
    DayOrMoment,
    Known,
    Moment,
    StateCode,
    Word,
    Words,
    YesNo,
)

AS_KNOWN = (
    "Only what was on record at this moment, or by the end of this day (UTC); now by default."
)
#: Entries on one page of a list when nothing else is asked.
PAGE = 50
#: Results of a search, and suggestions, when nothing else is asked.
RESULTS = 20
SUGGESTIONS = 10
MOST_RESULTS = 100
MOST_SUGGESTIONS = 20
#: Results of a search that a list of entries can be narrowed to.
MOST_FOUND = 500


class Question(Schema):
    """Parameters of an address: unknown and repeated ones are refused, the allowed ones named."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        allowed = ", ".join(self.fields)
        message = N_("unknown parameter; allowed are: %(allowed)s")
        if not allowed:
            message = N_("unknown parameter; none is allowed here")
        self.error_messages["unknown"] = Problem("", message, {"allowed": allowed})  # type: ignore[assignment]
        for field in self.fields.values():
            field.error_messages["required"] = [Problem("", N_("is required"))]
        #: May nothing be given, and is nothing then assumed?
        self.asks_nothing = not any(
            one.required or one.load_default is not missing for one in self.fields.values()
        )

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_repeated(
        self, _data: Mapping[str, Any], given: Mapping[str, Any], **_options: Any
    ) -> None:
        """Two values for one parameter contradict one another; neither is taken silently."""
        every = getattr(given, "getlist", None)
        repeated = [name for name in given if every and len(every(name)) > 1]
        if repeated:
            message = N_("is given more than once")
            raise ValidationError({name: [Problem("", message)] for name in repeated})


class NothingAsked(Question):
    """No parameter at all."""


class EntriesQuestion(Question):
    """Which entries to list."""

    state = StateCode(description="Only entries of this State.")
    type = Word(CooperationType, description="Only entries for this cooperation type.")
    kind = Word(EntryKind, description="Only entries of this kind.")
    instrument = Code(description="Only entries designated under this instrument.")
    freshness = Word(Freshness, description="Only entries in this state of freshness.")
    q = Words(description=f"Only entries among the first {MOST_FOUND} that a search for it finds.")
    updated_since = DayOrMoment(description="Only entries changed at or after this day or moment.")
    limit = Count(MOST, load_default=PAGE, description="Most entries on one page.")
    cursor = Cursor()


class ChangesQuestion(Question):
    """What happened since."""

    limit = Count(MOST, load_default=MOST, description="Most changes in one answer.")
    cursor = Cursor()


class CounterpartQuestion(Question):
    """Whom to address: the question to the finder."""

    requesting = StateCode(required=True, description="The State that asks.")
    requested = StateCode(required=True, description="The State that is asked.")
    type = Word(CooperationType, required=True, description="The kind of help.")
    urgent = YesNo(load_default=False, metadata={"description": "It cannot wait."})
    instrument = Code(description="The instrument to proceed under, if known.")
    territory = Code(description="Key of a territory of the requested State.")
    on = Day(description="The day of the request; today if neither it nor `at` is given.")
    at = Moment(description="The moment of the request; excludes `on`.")
    as_known = Known(description=AS_KNOWN)

    #: The two ways to name the time exclude one another.
    EXCLUSIVE: ClassVar[tuple[str, str]] = ("on", "at")

    @validates_schema(skip_on_field_errors=False)
    def refuse_two_times(self, data: Mapping[str, Any], **_options: Any) -> None:
        if all(name in data for name in self.EXCLUSIVE):
            problem = Problem("", N_("give either on or at"))
            raise ValidationError({"at": [problem]})


class SearchAsked(Question):
    """A search by words, narrowed by filters."""

    q = Words(description="The words to search for.")
    state = StateCode(description="Only results of this State.")
    type = Word(CooperationType, description="Only this cooperation type.")
    kind = Word(EntryKind, description="Only entries of this kind.")
    instrument = Code(description="Only entries designated under it.")
    limit = Count(MOST_RESULTS, load_default=RESULTS, description="Most results.")


class SuggestAsked(Question):
    """What is being typed."""

    q = Words(description="The words typed so far.")
    limit = Count(MOST_SUGGESTIONS, load_default=SUGGESTIONS, description="Most suggestions.")
