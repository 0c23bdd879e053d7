"""A malformed seed file is refused, naming file, row and column."""

import json
from pathlib import Path
from typing import Any

import pytest

from directory.seeding.folder import read_seed
from directory.seeding.problems import LISTED, SeedProblem, SeedRefused

#: file, text in it, what it is spoiled to, row, column, words of the message
SPOILED = (
    ("states.csv", "AL,ALB,", "al,ALB,", 3, "iso2", "two capital letters"),
    ("states.csv", "Europe/Tirane", "Europe/Nowhere", 3, "time_zones", "IANA time zone"),
    ("states.csv", "Albania,UN member", "Albania,UN friend", 3, "status", "is not one of"),
    ("states.csv", "AL,ALB,", "AF,ALB,", 3, "", "repeats 'AF'"),
    ("states.csv", "iso2,iso3", "iso,iso3", 1, "iso", "the columns must be"),
    ("names_un.csv", "AL,Albania,", "AL,,", 3, "en", "is empty"),
    ("names_un.csv", "AL,Albania,", "XX,Albania,", 3, "iso2", "not a State"),
    ("names.csv", "AL,Albania,", "XX,Albania,", 3, "iso2", "not a State"),
    ("state_aliases.csv", "AE,UAE,acronym", "AE,UAE,pet name", 4, "kind", "is not one of"),
    ("territories.csv", "CN-HK,CN", "CN-HK,FR", 2, "key", "must begin with 'FR-'"),
    ("territories.csv", "CN-HK,CN", "XX-HK,XX", 2, "state", "not a State"),
    ("territories.csv", "Asia/Hong_Kong", "Asia/Kong", 2, "time_zone", "IANA time zone"),
    ("territory_names.csv", "CN-HK,fr", "CN-HN,fr", 2, "key", "a key of territories.csv"),
    ("territory_names.csv", "CN-HK,fr", "CN-HK,de", 2, "language", "is not one of"),
    ("territory_names.csv", "Hong Kong,cldr", "Hong Kong,own", 2, "kind", "is not one of"),
    ("territory_names.csv", "CN-HK,es,RAE", "CN-HK,fr,RAE", 3, "", "repeats 'CN-HK, fr', already"),
    ("weekends.csv", "AF,4;5", "AF,4;8", 2, "weekend", "ISO weekdays"),
    ("cooperation_types.csv", "mla,Mutual", "mlat,Mutual", 2, "code", "is not one of"),
    ("cooperation_terms.csv", "mla,en,MLA\n", "mla,,MLA\n", 2, "language", "is empty"),
    ("instruments.csv", "2000-11-15,2003-09-29", "15/11/2000,2003-09-29", 2, "adopted", "YYYY"),
    ("instruments.csv", "2003-09-29", "2003-09-31", 2, "entry_into_force", "YYYY-MM-DD"),
    ("instruments.csv", "https://treaties", "treaties", 2, "text_url", "begins with http"),
    ("instruments.csv", ",UNTOC,day+30", ",UNTAC,day+30", 3, "parent", "not a code of this file"),
    ("participations.csv", "AF,Afghanistan,UNTOC,", "XX,Afghanistan,UNTOC,", 2, "iso2", "a State"),
    (
        "participations.csv",
        "AF,Afghanistan,UNTOC,",
        "AF,Afghanistan,UNO,",
        2,
        "instrument",
        "a code",
    ),
    ("participations.csv", "ratification,,,party", "ratification,,,member", 2, "status", "not one"),
    ("participations.csv", "ratification,,,party", "ratification,,,denounced", 2, "ended", "empty"),
    ("participations.csv", ",,,party", ",2004-01-01,2003-01-01,party", 2, "ended", "is before"),
    ("declarations.csv", "dispute_declaration", "dispute", 2, "kind", "is not one of"),
    ("declarations.csv", "AD,UNTOC-TRAFFICKING", "AD,UNTOC-TRAFFIC", 2, "instrument", "a code"),
    ("legal_basis.csv", "mla,UNTOC", "mls,UNTOC", 2, "cooperation_type", "is not one of"),
    ("same_authority.csv", "CA-UNTOC-01,", "CA-UNTOC-99,", 2, "id", "an id of authorities.json"),
)


@pytest.mark.parametrize(
    ("file", "text", "spoiled", "row", "column", "words"),
    SPOILED,
    ids=[f"{case[0]}:{case[4]}:{case[2][:12]}" for case in SPOILED],
)
def test_spoiled_cell_is_refused_by_file_row_and_column(
    folder: Path, file: str, text: str, spoiled: str, row: int, column: str, words: str
) -> None:
    path = folder / file
    before = path.read_text(encoding="utf-8")
    assert text in before
    path.write_text(before.replace(text, spoiled, 1), encoding="utf-8")
    problem = first_problem(folder, file)
    assert (problem.row, problem.column) == (row, column)
    assert words in problem.message


def first_problem(folder: Path, file: str) -> SeedProblem:
    """The first problem of that file; the reading must fail."""
    with pytest.raises(SeedRefused) as refused:
        read_seed(folder)
    return next(problem for problem in refused.value.problems if problem.file == file)


#: field, wrong value, words of the message
WRONG_FIELDS: tuple[tuple[str, Any, str], ...] = (
    ("id", "", "is empty"),
    ("id", 7, "must be a text"),
    ("iso2", "XX", "not a State"),
    ("instrument", "UNO", "not a code"),
    ("role", "friend", "is not one of"),
    ("cooperation_types", "mla", "must be a list of texts"),
    ("cooperation_types", [], "at least one"),
    ("cooperation_types", ["mlat"], "is not one of"),
    ("effective_from", "2006", "YYYY-MM-DD"),
    ("source_year", "10", "YYYY"),
    ("source_url", "www.boe.es", "begins with http"),
    ("source_kind", "hearsay", "is not one of"),
    ("superseded_by", "AD-CETS185-01", "another row of AL"),
    ("personal_name", "x", "not a known field"),
)


@pytest.mark.parametrize(("field", "value", "words"), WRONG_FIELDS)
def test_wrong_field_of_a_designation_is_refused(
    folder: Path, field: str, value: object, words: str
) -> None:
    path = folder / "authorities.json"
    items = json.loads(path.read_text(encoding="utf-8"))
    assert items[0]["iso2"] == "AL"
    items[0][field] = value
    path.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    problem = first_problem(folder, "authorities.json")
    assert (problem.row, problem.column) == (1, field)
    assert words in problem.message


def test_repeated_designation_is_refused(folder: Path) -> None:
    path = folder / "authorities.json"
    items = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([*items, items[0]]), encoding="utf-8")
    problem = first_problem(folder, "authorities.json")
    assert problem.row == len(items) + 1
    assert "already given in row 1" in problem.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is not JSON"),
        (b'{"a": 1}', "must be a JSON list"),
        (b"[1]", "must be an object"),
        (b"\xef\xbb\xbf[]", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]\xff", "is not UTF-8"),
    ],
)
def test_file_that_is_no_list_of_designations_is_refused(
    folder: Path, content: bytes, words: str
) -> None:
    (folder / "authorities.json").write_bytes(content)
    assert words in first_problem(folder, "authorities.json").message


def test_missing_file_is_refused(folder: Path) -> None:
    (folder / "instruments.csv").unlink()
    assert "cannot be read" in first_problem(folder, "instruments.csv").message


def test_wrong_encoding_is_refused_with_its_row(folder: Path) -> None:
    path = folder / "states.csv"
    lines = path.read_bytes().split(b"\n")
    lines[3] = lines[3].replace(b"Algeria", "Algérie".encode("cp1252"))
    path.write_bytes(b"\n".join(lines))
    problem = first_problem(folder, "states.csv")
    assert problem.row == 4
    assert "UTF-8" in problem.message


def test_row_with_a_cell_too_few_is_refused(folder: Path) -> None:
    path = folder / "weekends.csv"
    path.write_text("code,weekend,source\nAF,4\n", encoding="utf-8")
    problem = first_problem(folder, "weekends.csv")
    assert (problem.row, problem.message) == (2, "has 2 cells, 3 are needed")


@pytest.mark.parametrize(
    ("file", "text", "spoiled", "row"),
    [
        ("states.csv", "\n", ",surplus\n", 1),
        ("states.csv", "iso2,", "isoX,", 1),
        ("authorities.json", "[", "{", 2),
    ],
)
def test_a_broken_file_is_the_only_thing_told(
    folder: Path, file: str, text: str, spoiled: str, row: int
) -> None:
    path = folder / file
    path.write_text(path.read_text("utf-8").replace(text, spoiled, 1), encoding="utf-8")
    with pytest.raises(SeedRefused) as refused:
        read_seed(folder)
    assert [(one.file, one.row) for one in refused.value.problems] == [(file, row)]


def test_broken_quotes_are_refused(folder: Path) -> None:
    (folder / "weekends.csv").write_text('code,weekend,source\nAF,"4"x,s\n', encoding="utf-8")
    problem = first_problem(folder, "weekends.csv")
    assert problem.row == 2
    assert "is not CSV" in problem.message


def test_empty_file_is_refused(folder: Path) -> None:
    (folder / "states.csv").write_text("", encoding="utf-8")
    assert "the columns must be" in first_problem(folder, "states.csv").message


def test_state_without_official_names_is_refused(folder: Path) -> None:
    path = folder / "names_un.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    assert "has no row in names_un.csv" in first_problem(folder, "states.csv").message


def test_cooperation_type_without_names_is_refused(folder: Path) -> None:
    path = folder / "cooperation_types.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    message = first_problem(folder, "cooperation_types.csv").message
    assert message == "'financial_intelligence' has no row"


def test_every_problem_is_named_up_to_a_bound(folder: Path) -> None:
    path = folder / "participations.csv"
    text = path.read_text(encoding="utf-8")
    count = text.count(",party,")
    path.write_text(text.replace(",party,", ",member,"), encoding="utf-8")
    with pytest.raises(SeedRefused) as refused:
        read_seed(folder)
    assert len(refused.value.problems) == LISTED
    assert refused.value.unlisted == count - LISTED
    assert str(refused.value).endswith(f"and {count - LISTED} more")


def test_problem_reads_as_a_sentence() -> None:
    problem = SeedProblem("states.csv", 3, "iso2", "is empty; a value is needed")
    assert str(problem) == "states.csv, row 3, column iso2: is empty; a value is needed"
    assert str(SeedProblem("states.csv", 0, "", "is missing")) == "states.csv: is missing"
