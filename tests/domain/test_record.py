"""Records: their plain form is complete and reversible; names and types are found in them."""

import datetime as dt
import json

import cattrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.domain import record
from directory.domain.record import (
    RECORD_CLASSES,
    Address,
    AuthorityRecord,
    Channel,
    Closure,
    ContactPointRecord,
    Designation,
    EncryptionKey,
    Hours,
    Interval,
    LiaisonOfficerRecord,
    Name,
    Record,
    RequirementsRecord,
    Scope,
    SourceAct,
    cooperation_types,
    display_name,
    from_dict,
    part_to_dict,
    to_dict,
)
from directory.domain.reference import State
from directory.domain.vocabulary import (
    ChannelKind,
    CooperationType,
    EntryKind,
    NameForm,
    SourceKind,
    StateKind,
)

dates = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
st.register_type_strategy(dt.date, dates)
st.register_type_strategy(str, st.text(max_size=8))
for part in (SourceAct, Name, Address, Channel, Interval, Closure, Scope, EncryptionKey):
    st.register_type_strategy(part, st.builds(part))
records: st.SearchStrategy[Record] = st.one_of(
    *(st.builds(record_class) for record_class in RECORD_CLASSES.values())
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_plain_form_of_a_record_is_json_and_gives_the_record_back(data: st.DataObject) -> None:
    record = data.draw(records)
    plain = to_dict(record)
    assert from_dict(record.kind, json.loads(json.dumps(plain))) == record


def full_authority() -> AuthorityRecord:
    return AuthorityRecord(
        names=(Name(text="Ministère"), Name(text="Ministry", language="en")),
        channels=(Channel(kind=ChannelKind.EMAIL, value="a@example.org"),),
        hours=Hours(
            zone="Europe/Paris",
            intervals=(Interval(weekday=1, opens="09:00", closes="17:00"),),
            closures=(Closure(first=dt.date(2026, 1, 1), last=dt.date(2026, 1, 2)),),
        ),
        designations=(
            Designation(
                key="1",
                cooperation_type=CooperationType.TSP,
                scope=Scope(text="execution"),
                valid_from=dt.date(2020, 1, 1),
            ),
            Designation(key="2", cooperation_type=CooperationType.MLA),
            Designation(key="3", cooperation_type=CooperationType.MLA),
        ),
        sources=(SourceAct(key="a", kind=SourceKind.NOTE_VERBALE, reference="NV 1"),),
    )


def test_plain_form_leaves_out_what_holds_its_default() -> None:
    plain = to_dict(full_authority())
    assert "unit" not in plain
    assert plain["designations"][1] == {"key": "2", "cooperation_type": "mla"}
    assert plain["hours"]["closures"] == [{"first": "2026-01-01", "last": "2026-01-02"}]
    assert from_dict(EntryKind.AUTHORITY, plain) == full_authority()


def test_unknown_field_is_refused() -> None:
    with pytest.raises(cattrs.BaseValidationError):
        from_dict(EntryKind.AUTHORITY, {"names": [{"text": "A"}], "surprise": 1})


def test_part_has_the_same_plain_form_alone() -> None:
    assert part_to_dict(Scope(text="pre-trial")) == {"text": "pre-trial"}


@pytest.mark.parametrize(
    ("language", "shown"),
    [("fr", "Autorité"), ("ar", "Authority"), ("en", "Authority")],
)
def test_name_is_shown_in_the_readers_language_else_in_english(language: str, shown: str) -> None:
    names = (
        Name(text="Behörde", language="de"),
        Name(text="Authority", language="en", form=NameForm.TRANSLATION),
        Name(text="Autorité", language="fr", form=NameForm.TRANSLATION),
    )
    assert display_name(ContactPointRecord(names=names), language) == shown


def test_name_falls_back_to_the_first() -> None:
    assert display_name(AuthorityRecord(names=(Name(text="Behörde", language="de"),))) == "Behörde"


def test_requirements_bear_no_name() -> None:
    assert display_name(RequirementsRecord(cooperation_type=CooperationType.MLA)) == ""


def test_cooperation_types_are_each_told_once_in_the_order_of_the_vocabulary() -> None:
    assert cooperation_types(full_authority()) == (CooperationType.MLA, CooperationType.TSP)
    officer = LiaisonOfficerRecord(
        names=(Name(text="L"),),
        cooperation_types=(CooperationType.FIREARMS, CooperationType.MLA),
    )
    assert cooperation_types(officer) == (CooperationType.MLA, CooperationType.FIREARMS)
    needed = RequirementsRecord(cooperation_type=CooperationType.TCP)
    assert cooperation_types(needed) == (CooperationType.TCP,)


def test_state_is_named_in_english_or_by_code_where_a_language_is_missing() -> None:
    state = State(code="XA", kind=StateKind.MEMBER, names={"en": "Atland", "fr": "Atlande"})
    assert [state.name("fr"), state.name("ru")] == ["Atlande", "Atland"]
    assert State(code="XB", kind=StateKind.MEMBER).name() == "XB"


def test_the_same_hours_are_one_object() -> None:
    plain = {"weekday": 1, "opens": "09:00", "closes": "17:00"}
    records = [
        from_dict(
            EntryKind.AUTHORITY,
            {"names": [{"text": "A"}], "hours": {"zone": zone, "intervals": [dict(plain)]}},
        )
        for zone in ("Europe/Paris", "Europe/Bucharest")
    ]
    first, second = (one.hours for one in records if isinstance(one, AuthorityRecord))
    assert first
    assert second
    assert first.intervals[0] is second.intervals[0]
    assert first.intervals[0] == Interval(weekday=1, opens="09:00", closes="17:00")


@pytest.mark.parametrize(
    "given",
    [
        {"weekday": 1, "opens": "09:00" * 1000, "closes": "17:00"},
        {"weekday": 1, "opens": "09:00", "closes": "17:00 at the gate"},
        {"weekday": 10**40, "opens": "09:00", "closes": "17:00"},
        {"weekday": 1.0, "opens": "09:00", "closes": "17:00"},
    ],
)
def test_nothing_is_kept_of_what_are_no_hours(given: dict[str, object]) -> None:
    before = record._interval.cache_info().currsize
    plain = {"names": [{"text": "A"}], "hours": {"zone": "UTC", "intervals": [given]}}
    read = from_dict(EntryKind.AUTHORITY, plain)
    assert isinstance(read, AuthorityRecord)
    assert read.hours
    assert read.hours.intervals[0] == Interval(**given)  # type: ignore[arg-type]
    assert record._interval.cache_info().currsize == before


@pytest.mark.parametrize(
    "interval",
    [
        {"weekday": 1, "opens": "09:00"},
        {"weekday": 1, "opens": "09:00", "closes": "17:00", "note": "x"},
        {"weekday": 1, "opens": "09:00", "closed": "17:00"},
        {"weekday": [1], "opens": "09:00", "closes": "17:00"},
        {"weekday": "Monday", "opens": "09:00", "closes": "17:00"},
        ["weekday", "opens", "closes"],
        "09:00",
    ],
)
def test_hours_of_another_form_are_refused(interval: object) -> None:
    plain = {"names": [{"text": "A"}], "hours": {"zone": "UTC", "intervals": [interval]}}
    with pytest.raises(cattrs.BaseValidationError):
        from_dict(EntryKind.AUTHORITY, plain)
