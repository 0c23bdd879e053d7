"""Real questions of practitioners: the State they mean comes first, or nearly.

``queries.csv`` came with the reference data. The other sets were written afterwards, each to see
whether what serves those before it serves others too:

- ``more_queries.csv``: asked for the first time, 73 of its 80 States came first and 76 among the
  first three; adjectives, languages and codes were learnt from the rest.
- ``further_queries.csv``, in 18 languages: 51 of 72 first, 52 among the first three; names, cities
  and languages of Unicode's CLDR and a rule for endings were made for the rest, and words for the
  kinds of help.
- ``held_out.csv``, in the same 18: 69 of 72 first. Nothing was learnt from it, so that it goes on
  showing how questions are answered that nobody has thought of.
- ``reported_queries.csv``: what users reported as answered wrongly; all are to be right.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from directory.domain.vocabulary import CooperationType
from directory.search.index import SearchQuestion, SearchResult
from directory.search.whoosh_index import WhooshIndex

HERE = Path(__file__).parent
Row = dict[str, str]


@dataclass
class Tally:
    """How many questions, and how many with the State first, and among the first three."""

    asked: int = 0
    first: int = 0
    three: int = 0


def read(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def tally(index: WhooshIndex, rows: list[Row]) -> dict[str, Tally]:
    """Ask every question; prints each miss and a table by language."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for row in rows:
        result = index.search(SearchQuestion(text=row["query"]))
        states = [hit.state for hit in result.hits[:3]]
        for counted in (tallies[row["language"]], tallies["all"]):
            counted.asked += 1
            counted.first += states[:1] == [row["expected_iso2"]]
            counted.three += row["expected_iso2"] in states
        if row["expected_iso2"] not in states:
            print(f"miss: {row['no']} '{row['query']}' wants {row['expected_iso2']}, got {states}")
    for language, counted in tallies.items():
        numbers = f"{counted.asked:>3} asked {counted.first:>3} first {counted.three:>3} in three"
        print(f"{language:<4} {numbers}")
    return tallies


def is_answered(row: Row, result: SearchResult) -> bool:
    """An entry of the State for the type among the first three."""
    wanted = {CooperationType(one) for one in row["expected_types"].split(";")}
    return any(
        hit.state == row["expected_iso2"] and wanted & set(hit.types) for hit in result.hits[:3]
    )


def test_the_state_is_among_the_first_three_for_nearly_all_questions(
    real_index: WhooshIndex,
) -> None:
    counted = tally(real_index, read("queries.csv"))["all"]

    assert counted.asked == 64
    assert counted.three >= 0.97 * counted.asked
    assert counted.first >= 0.85 * counted.asked


def test_a_second_set_of_questions_is_answered_as_well(real_index: WhooshIndex) -> None:
    counted = tally(real_index, read("more_queries.csv"))["all"]

    assert counted.three >= 0.95 * counted.asked
    assert counted.first >= 0.85 * counted.asked


def test_a_third_set_in_eighteen_languages_is_answered_as_well(real_index: WhooshIndex) -> None:
    tallies = tally(real_index, read("further_queries.csv"))

    assert len(tallies) == 18 + 1
    assert tallies["all"].three >= 0.97 * tallies["all"].asked
    assert tallies["all"].first >= 0.85 * tallies["all"].asked


def test_questions_that_nothing_was_learnt_from_are_answered_nearly_as_well(
    real_index: WhooshIndex,
) -> None:
    tallies = tally(real_index, read("held_out.csv"))

    assert len(tallies) == 18 + 1
    assert tallies["all"].three >= 0.93 * tallies["all"].asked
    assert tallies["all"].first >= 0.85 * tallies["all"].asked


@pytest.mark.parametrize("name", ["further_queries.csv", "held_out.csv"])
def test_the_kind_of_help_is_understood_in_eighteen_languages(
    real_index: WhooshIndex, name: str
) -> None:
    rows = [row for row in read(name) if row["expected_types"]]
    missed = [
        row["query"]
        for row in rows
        if real_index.search(SearchQuestion(text=row["query"])).understood.get("type")
        not in row["expected_types"].split(";")
    ]

    assert len(missed) <= 0.03 * len(rows), missed


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("court order romance", {}),
        ("Budapest 35 serbia", {"state": "RS", "instrument": "BUDAPEST"}),
        ("hungarian letter to budapest from london", {"state": "HU"}),
        ("translation into French required by Romania", {"state": "RO"}),
        ("male prisoners", {}),
    ],
)
def test_what_only_looks_like_a_state_stands_for_none(
    real_index: WhooshIndex, words: str, expected: dict[str, str]
) -> None:
    understood = real_index.search(SearchQuestion(text=words)).understood

    assert understood.get("state") == expected.get("state")
    assert expected.items() <= understood.items()


def test_a_form_of_a_name_is_not_called_misspelt(real_index: WhooshIndex) -> None:
    result = real_index.search(SearchQuestion(text="выдача из Германии"))

    assert (result.hits[0].state, result.did_you_mean) == ("DE", "")


def test_the_entry_for_the_type_is_among_the_first_three_where_there_is_one(
    real_index: WhooshIndex,
) -> None:
    rows = [row for row in read("queries.csv") if row["in_authorities_real"] == "yes"]
    answered = []
    for row in rows:
        result = real_index.search(SearchQuestion(text=row["query"]))
        if is_answered(row, result):
            answered.append(row["no"])
        else:
            print(f"no entry for the type: {row['no']} '{row['query']}'")

    assert len(answered) >= 0.85 * len(rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("asset recovery netherlands", {"state": "NL", "type": "asset_recovery"}),
        ("24/7 cybercrime romania", {"state": "RO", "type": "e_evidence", "kind": "contact_point"}),
        ("art 46(13) UNCAC turkiye", {"state": "TR", "type": "mla", "instrument": "UNCAC"}),
        ("FIU aruba", {"state": "NL", "territory": "NL-AW"}),
        ("司法互助 香港", {"state": "CN", "territory": "CN-HK", "type": "mla"}),
    ],
)
def test_what_the_words_were_taken_for_is_said(
    real_index: WhooshIndex, text: str, expected: dict[str, str]
) -> None:
    understood = real_index.search(SearchQuestion(text=text)).understood

    assert expected.items() <= understood.items()


def test_what_was_reported_as_answered_wrongly_is_right(real_index: WhooshIndex) -> None:
    rows = read("reported_queries.csv")
    results = [real_index.search(SearchQuestion(text=row["query"])) for row in rows]

    assert [one.hits[0].state for one in results] == [row["expected_iso2"] for row in rows]
    assert [one.understood.get("type", "") for one in results] == [
        row["expected_types"] for row in rows
    ]
    assert {one.did_you_mean for one in results} == {""}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("German central authority", ["Federal Office of Justice", "Federal Foreign Office"]),
        ("autoridad central Alemania", ["Federal Office of Justice", "Federal Foreign Office"]),
        ("extradición Alemania", ["Federal Foreign Office", "Federal Office of Justice"]),
    ],
)
def test_who_is_meant_comes_before_who_is_only_called_so(
    real_index: WhooshIndex, text: str, names: list[str]
) -> None:
    result = real_index.search(SearchQuestion(text=text))

    assert [hit.name for hit in result.hits[:2]] == names


def test_words_that_no_result_holds_are_said(real_index: WhooshIndex) -> None:
    assert real_index.search(SearchQuestion(text="MLA germany qqqzzz")).unused == ("qqqzzz",)
    assert real_index.search(SearchQuestion(text="MLA germany drugs")).unused == ("drugs",)
    assert real_index.search(SearchQuestion(text="MLA federal germany")).unused == ()


@pytest.mark.parametrize("text", ['"', "\N{GRINNING FACE}", "\0", "*"])
def test_signs_without_a_word_find_nothing(real_index: WhooshIndex, text: str) -> None:
    assert real_index.search(SearchQuestion(text=text)).total == 0
    filtered = real_index.search(SearchQuestion(text=text, state="DE"))
    assert {hit.state for hit in filtered.hits} == {"DE"}


def test_a_state_without_an_entry_for_the_type_is_found_itself(real_index: WhooshIndex) -> None:
    result = real_index.search(SearchQuestion(text="extradicion mexico"))

    assert result.hits[0].key == "state:MX"
    assert result.understood == {"state": "MX", "type": "extradition"}


def test_an_ambiguous_name_stands_for_no_single_state(real_index: WhooshIndex) -> None:
    result = real_index.search(SearchQuestion(text="congo extradition"))

    assert "state" not in result.understood
    assert {hit.state for hit in result.hits[:4]} >= {"CD", "CG"}


def test_a_misspelt_word_is_understood_and_nothing_else_proposed(real_index: WhooshIndex) -> None:
    result = real_index.search(SearchQuestion(text="asset recovery office netherland"))

    assert result.hits[0].state == "NL"
    assert (result.understood["state"], result.did_you_mean) == ("NL", "")


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("Romaina", ""),
        ("Romaina prosecoter", "Romaina prosecutor"),
        ("U.S. prosecoter, urgent", "U.S. prosecutor, urgent"),
        ("<b>prosecoter</b>", ""),
        ("document.titel prosecoter", ""),
    ],
)
def test_only_words_that_were_not_understood_are_proposed_anew(
    real_index: WhooshIndex, text: str, proposed: str
) -> None:
    assert real_index.search(SearchQuestion(text=text)).did_you_mean == proposed


def test_a_word_with_two_errors_is_only_proposed(real_index: WhooshIndex) -> None:
    result = real_index.search(SearchQuestion(text="prosecoter"))

    assert result.did_you_mean == "prosecutor"


def test_the_words_that_matched_are_marked(real_index: WhooshIndex) -> None:
    result = real_index.search(SearchQuestion(text="Bundesamt fuer Justiz"))

    marked = [text for text, is_match in result.hits[0].snippet if is_match]
    assert marked == ["Bundesamt", "für", "Justiz"]


def test_filters_hold_whatever_the_words_say(real_index: WhooshIndex) -> None:
    asked = SearchQuestion(text="romania", state="DE", type=CooperationType.EXTRADITION)

    result = real_index.search(asked)

    assert {hit.state for hit in result.hits} <= {"DE"}
    assert all(CooperationType.EXTRADITION in hit.types for hit in result.hits)


def test_counts_are_those_of_the_entries_found(real_index: WhooshIndex) -> None:
    everything = real_index.search(SearchQuestion(limit=1000))

    entries = [hit for hit in everything.hits if hit.kind != "state"]
    assert sum(everything.facets["state"].values()) == len(entries)
    assert everything.facets["type"]["mla"] == sum("mla" in hit.types for hit in entries)
    assert everything.total == len(everything.hits)


def test_pages_follow_one_another_without_gap_or_repetition(real_index: WhooshIndex) -> None:
    whole = real_index.search(SearchQuestion(text="ministry of justice", limit=30))
    pages = [
        real_index.search(SearchQuestion(text="ministry of justice", limit=10, offset=offset))
        for offset in (0, 10, 20)
    ]

    assert [hit for page in pages for hit in page.hits] == list(whole.hits)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("rom", "state:RO"), ("рум", "state:RO"), ("罗马", "state:RO"), ("czech rep", "state:CZ")],
)
def test_states_are_completed_in_any_language(
    real_index: WhooshIndex, typed: str, key: str
) -> None:
    assert key in [one.key for one in real_index.suggest(typed)[:3]]


def test_entries_of_a_state_are_completed_after_its_name(real_index: WhooshIndex) -> None:
    suggestions = real_index.suggest("germany feder")

    assert {one.state for one in suggestions} == {"DE"}
    assert "Federal Office of Justice" in [one.name for one in suggestions]
