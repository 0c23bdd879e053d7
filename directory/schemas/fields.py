"""Fields of questions: strict, and telling what is allowed when they refuse.

Each refusal is a ``Problem`` whose text a front translates. The dates a question may name run from
1900 to 2199, so that no arithmetic of days and zones can leave the calendar.
"""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields

from directory.domain.marks import N_
from directory.errors import Problem

_STATE = "^[A-Za-z]{2}$"
_CODE = "^[A-Za-z0-9-]{1,40}$"
_DAY = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_MOMENT = (
    "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    "T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$"
)
#: Longest text searched for.
LONGEST_TEXT = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")

Raw = Mapping[str, Any] | None


def refusal(message: str, **params: object) -> ValidationError:
    """A validation error that carries a translatable problem."""
    return ValidationError([Problem("", message, params)])


class _Pattern(fields.String, ABC):
    """Text of one form."""

    pattern = ""
    says = ""

    def __init__(self, *, description: str, **options: Any) -> None:
        metadata = {"pattern": self.pattern, "description": description}
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if not re.fullmatch(self.pattern, text):
            raise refusal(self.says)
        return self.read(text)

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value the well-formed text stands for."""


class StateCode(_Pattern):
    """The code of a State, in capitals or not; gives capitals."""

    pattern = _STATE
    says = N_("give the two letters of the State's ISO 3166-1 code, such as RO")

    def read(self, text: str) -> str:
        return text.upper()


class Code(_Pattern):
    """The code of an instrument or the key of a territory; gives capitals."""

    pattern = _CODE
    says = N_("give a code of letters, digits and hyphens, such as UNTOC or GB-SCT")

    def read(self, text: str) -> str:
        return text.upper()


class Day(_Pattern):
    """A day as YYYY-MM-DD."""

    pattern = _DAY
    says = N_("give a day as YYYY-MM-DD, from 1900-01-01 to 2199-12-31")

    def read(self, text: str) -> dt.date:
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise refusal(self.says) from error


class Moment(_Pattern):
    """A moment in RFC 3339 with its zone; gives it in UTC."""

    pattern = _MOMENT
    says = N_("give a moment with its zone, such as 2026-01-31T08:00:00Z")

    def read(self, text: str) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
        except ValueError as error:
            raise refusal(self.says) from error


class DayOrMoment(_Pattern):
    """A moment, or a day that stands for its first moment in UTC."""

    pattern = f"{_DAY}|{_MOMENT}"
    says = N_("give a day as YYYY-MM-DD, or a moment such as 2026-01-31T08:00:00Z")

    def read(self, text: str) -> dt.datetime:
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError as error:
            raise refusal(self.says) from error
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


class Known(DayOrMoment):
    """A second or a day (UTC), standing for its last moment: what was recorded in it counts."""

    def read(self, text: str) -> dt.datetime:
        moment = super().read(text)
        is_day = len(text) == len("2026-01-31")
        length = dt.timedelta(days=1) if is_day else dt.timedelta(seconds=1)
        return moment + length - dt.timedelta(microseconds=1)


class Word(fields.Enum[Any]):
    """One word of a vocabulary."""

    def __init__(self, vocabulary: type[StrEnum], *, description: str = "", **options: Any) -> None:
        metadata = {"description": description} if description else {}
        super().__init__(vocabulary, by_value=fields.String, metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **options: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **options)
        except ValidationError as error:
            message = N_("give one of: %(allowed)s")
            raise refusal(message, allowed=", ".join(word.value for word in self.enum)) from error


class YesNo(fields.Boolean):
    """'true' or 'false', nothing else."""

    def __init__(self, **options: Any) -> None:
        super().__init__(truthy={"true"}, falsy={"false"}, **options)
        self.error_messages["invalid"] = [Problem("", N_("give true or false"))]


class Count(fields.Integer):
    """A whole number from 1 to ``most``, in plain digits."""

    def __init__(self, most: int, *, description: str, **options: Any) -> None:
        self.most = most
        metadata = {"minimum": 1, "maximum": most, "description": description}
        super().__init__(metadata=metadata, **options)

    def _validated(self, value: Any) -> int:
        text = str(value)
        # Few digits only: converting a very long number is slow.
        if re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= self.most:
            return int(text)
        raise refusal(N_("give a whole number from 1 to %(most)s"), most=self.most)


class Words(fields.String):
    """What a person typed: at most ``LONGEST_TEXT`` characters, control characters as spaces."""

    def __init__(self, *, description: str, **options: Any) -> None:
        metadata = {"maxLength": LONGEST_TEXT, "description": description}
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if len(text) > LONGEST_TEXT:
            raise refusal(N_("give at most %(most)s characters"), most=LONGEST_TEXT)
        return _CONTROL.sub(" ", text).strip()


class Cursor(fields.String):
    """Where a list goes on: the value of ``next`` of the page before."""

    LONGEST = 200

    def __init__(self, **options: Any) -> None:
        metadata = {
            "maxLength": self.LONGEST,
            "description": "Where to go on: `next` of the page before.",
        }
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Raw, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        if len(text) > self.LONGEST or not text.isascii():
            message = N_("not a cursor of this list: take the value of 'next' of the page before")
            raise refusal(message)
        return text
