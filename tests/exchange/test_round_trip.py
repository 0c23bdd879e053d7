"""What is exported comes back to the letter, and one changed cell is exactly one difference."""

import csv
import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from directory.domain import vocabulary as words
from directory.domain.diff import diff
from directory.domain.record import (
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
)
from directory.exchange.csv_reading import guarded, unguarded
from directory.exchange.forms import Form
from directory.exchange.reading import read_entries
from tests.exchange.files import (
    an_authority,
    changed,
    csv_grid,
    csv_of,
    entry,
    grids_of,
    workbook,
    written,
)
from tests.support import factories as make

#: Records are large, and making them takes most of the time.
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
#: What spreadsheets run, spoil or cut, beside ordinary letters.
AWKWARD = (
    "=1+1",
    "+40 21 123",
    "-1",
    "@sum",
    "'quoted",
    "''",
    "007",
    "1e5",
    "TRUE",
    "#N/A",
    " blanks ",
    "a;b,c",
    'say "no"',
    "_x0041_",
    "Ministère",
    "Генеральная прокуратура",
    "وزارة العدل",
    "法務省",
    "new-1",
    "2026-01-31",
    "# not a mark",
)
_LETTERS = st.characters(exclude_categories=("C", "Zl", "Zp"))
line = st.sampled_from(AWKWARD) | st.text(_LETTERS, min_size=1, max_size=30)
text = line | st.lists(line, min_size=1, max_size=3).map("\n".join)
codes = st.lists(st.sampled_from(["fr", "en", "pt-BR", "zh"]), max_size=3, unique=True).map(tuple)
days = st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))


def maybe(strategy: Any) -> Any:
    return st.just("") | strategy


def several(strategy: Any, most: int = 2) -> Any:
    return st.lists(strategy, max_size=most).map(tuple)


def word(vocabulary: Any) -> Any:
    return st.sampled_from(list(vocabulary))


names = st.builds(Name, text=line, form=word(words.NameForm), language=st.sampled_from(["", "fr"]))
channels = st.builds(
    Channel,
    kind=word(words.ChannelKind),
    value=line,
    as_given=maybe(text),
    extension=maybe(st.just("012")),
    purpose=word(words.ChannelPurpose),
    languages=codes,
    audience=word(words.Audience),
    tlp=word(words.Tlp),
    note=maybe(text),
    warning=st.sampled_from(["", "not_a_number"]),
    source=maybe(line),
)
hours = st.none() | st.builds(
    Hours,
    zone=st.just("Europe/Bucharest"),
    intervals=several(
        st.builds(
            Interval,
            weekday=st.integers(1, 7),
            opens=st.just("08:30"),
            closes=st.sampled_from(["12:00", "24:00"]),
        )
    ),
    round_the_clock=st.booleans(),
    closures=several(
        st.builds(Closure, first=days.filter(bool), last=days.filter(bool), note=maybe(text))
    ),
    as_given=maybe(text),
    zone_assumed=st.booleans(),
)
designations = st.builds(
    Designation,
    key=line,
    cooperation_type=word(words.CooperationType),
    instrument=st.sampled_from(["", "UNTOC"]),
    article=st.sampled_from(["", "18", "18.10", "27(2)"]),
    territory=maybe(line),
    scope=st.none() | st.builds(Scope, text=text, kind=word(words.ScopeKind)),
    rank=word(words.DesignationRank),
    valid_from=days,
    valid_to=days,
    status=word(words.DesignationStatus),
    note=maybe(text),
    superseded_by=several(line),
)
sources = st.builds(
    SourceAct,
    key=line,
    kind=word(words.SourceKind),
    reference=line,
    date=days,
    year=st.none() | st.integers(1800, 2199),
    link=maybe(line),
    note=maybe(text),
)
addresses = st.builds(
    Address, text=text, purpose=word(words.AddressPurpose), city=maybe(line), source=maybe(line)
)
keys = st.builds(EncryptionKey, scheme=st.just("openpgp"), fingerprint=line, link=maybe(line))
OFFICE: dict[str, Any] = {
    "names": st.lists(names, min_size=1, max_size=3).map(tuple),
    "unit": maybe(line),
    "ministry": maybe(line),
    "post": maybe(line),
    "addresses": several(addresses),
    "channels": several(channels),
    "hours": hours,
    "languages_accepted": codes,
    "languages_accepted_as_given": maybe(text),
    "languages_spoken": codes,
    "website": maybe(line),
    "keys": several(keys),
    "designations": several(designations),
    "sources": several(sources),
    "note": maybe(text),
}
RECORDS = st.one_of(
    st.builds(AuthorityRecord, **OFFICE),
    st.builds(
        ContactPointRecord,
        **OFFICE,
        network=maybe(line),
        tasks=several(word(words.PointTask)),
        languages_night=codes,
        formal_authority=maybe(line),
    ),
    st.builds(
        LiaisonOfficerRecord,
        names=OFFICE["names"],
        agency=maybe(line),
        host_state=st.just("FR"),
        host_city=maybe(line),
        covered_states=several(st.sampled_from(["JP", "RO"])),
        cooperation_types=several(word(words.CooperationType)),
        themes=several(line),
        posted_from=days,
        posted_to=days,
        common_use=st.booleans(),
        channels=several(channels),
        hours=hours,
        sources=several(sources),
        note=maybe(text),
    ),
    st.builds(
        RequirementsRecord,
        cooperation_type=word(words.CooperationType),
        possible=word(words.Possible),
        alternative=maybe(text),
        languages_accepted=codes,
        formats=several(line),
        channels_accepted=several(word(words.ChannelKind)),
        contents=several(text),
        legal_requirements=maybe(text),
        costs=maybe(text),
        links=several(line),
        note=maybe(text),
    ),
)


@pytest.mark.parametrize("form", [Form.CSV, Form.JSON])
@given(records=st.lists(RECORDS, min_size=1, max_size=2))
@hypothesis_settings(max_examples=50, deadline=None, suppress_health_check=SLOW)
def test_what_is_exported_comes_back_to_the_letter(form: Form, records: list[Record]) -> None:
    _comes_back(form, records)


@given(records=st.lists(RECORDS, min_size=1, max_size=2))
@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
def test_a_workbook_comes_back_to_the_letter(records: list[Record]) -> None:
    _comes_back(Form.XLSX, records)


def _comes_back(form: Form, records: list[Record]) -> None:
    entries = [entry(one, f"RO-{number}") for number, one in enumerate(records)]
    read = read_entries(f"a.{form}", written(form, *entries))
    assert {one.entry_id: one.record for one in read} == {one.id: one.record for one in entries}
    assert {(one.state, one.revision) for one in read} == {("RO", 1)}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@given(data=st.data(), records=st.lists(RECORDS, min_size=1, max_size=2))
@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
def test_one_changed_cell_is_one_difference(
    form: str, data: st.DataObject, records: list[Record]
) -> None:
    entries = [entry(one, f"RO-{number}") for number, one in enumerate(records)]
    number = data.draw(st.integers(0, len(entries) - 1))
    note = data.draw(line.filter(lambda one: one != records[number].note))
    content = _with_note(form, entries, entries[number].id, note)
    before = {one.id: one.record for one in entries}
    read = read_entries(f"a.{form}", content)
    differing = {
        one.entry_id: found for one in read if (found := diff(before[one.entry_id], one.record))
    }
    assert list(differing) == [entries[number].id]
    (difference,) = differing[entries[number].id]
    assert (difference.path, difference.after) == ("note", note)


@pytest.mark.parametrize("given", [None, "", "changed by hand"])
def test_what_to_mind_is_only_to_read_by_and_may_be_missing(given: str | None) -> None:
    one = entry(an_authority())
    grids, rows = grids_of(one), csv_grid(one)
    for grid in (grids["authority"], rows):
        place = grid[0].index("standing")
        assert "Not confirmed by the State." in grid[1][place]
        for row in grid:
            if given is None:
                del row[place]
        if given is not None:
            grid[1][place] = given
    for name, content in (("a.xlsx", workbook(grids)), ("a.csv", csv_of(rows))):
        (read,) = read_entries(name, content)
        assert diff(one.record, read.record) == ()


@pytest.mark.parametrize("text", ["''", "'", "'quoted'", "'=1", "=1", "''+40", "'' -1", ""])
def test_a_text_that_begins_with_an_apostrophe_keeps_it(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert unguarded("''") == "''", "what people write themselves stays as it is"


def _with_note(form: str, entries: list[Any], entry_id: str, note: str) -> bytes:
    if form == "csv":
        grid = csv_grid(*entries)
        row = next(one for one in grid if one[1] == entry_id and one[0] in set(words.EntryKind))
        row[grid[0].index("note")] = note
        return csv_of(grid)
    changed_entries = [
        replace(one, record=replace(one.record, note=note)) if one.id == entry_id else one
        for one in entries
    ]
    return written(Form.XLSX, *changed_entries)


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'x", "''", "x"])
@pytest.mark.parametrize("form", list(Form))
def test_no_cell_is_a_formula_and_all_survive(form: Form, value: str) -> None:
    one = entry(an_authority(note=value))
    content = written(form, one)
    assert read_entries(f"a.{form}", content)[0].record.note == value
    if form is Form.CSV:
        cells = [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_as_spreadsheets_save_it(separator: str, encoding: str) -> None:
    record = an_authority(note="Général; désigné à l’été", unit="Entraide pénale")
    content = csv_of(csv_grid(entry(record)), separator, encoding)
    assert read_entries("a.csv", content)[0].record == record


def test_cyrillic_code_page() -> None:
    record = an_authority(note="Генеральная прокуратура, отдел")
    content = csv_of(csv_grid(entry(record)), ";", "cp1251")
    assert read_entries("a.csv", content)[0].record == record


def test_days_and_times_as_spreadsheets_keep_them() -> None:
    record = an_authority(
        designations=(make.designation(valid_from=dt.date(2026, 1, 31)),),
    )
    grids = changed(grids_of(entry(record)), "designations", 1, "valid_from", None)
    position = grids["designations"][0].index("valid_from")

    def keep(book: Any, sheets: dict[str, Any]) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheets["designations"].write_datetime(1, position, dt.datetime(2026, 1, 31), day)  # noqa: DTZ001
        time = book.add_format({"num_format": "hh:mm"})
        sheets["hours"].write_datetime(1, grids["hours"][0].index("opens"), dt.time(8), time)

    assert read_entries("a.xlsx", workbook(grids, keep))[0].record == record


def test_new_entries_are_told_apart_by_what_they_are_called() -> None:
    entries = [
        replace(entry(make.authority(f"Court {number}")), id=f"new-{number}", revision=0)
        for number in (1, 2)
    ]
    grids = grids_of(*entries)
    for row in grids["authority"][1:]:
        row[1] = ""
    read = read_entries("a.xlsx", workbook(grids))
    assert [one.entry_id for one in read] == ["", ""]
    assert [one.record for one in read] == [one.record for one in entries]
