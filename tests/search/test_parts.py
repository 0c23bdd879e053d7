"""The small parts of the search: sets and sums, spelling, snippets, understanding."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.bits import Scores, from_numbers, numbers
from directory.search.documents import document_terms, periods_before
from directory.search.index import Facet, Phrase, SearchDocument, SearchQuestion
from directory.search.lexicon import KeptLexicon, build_lexicon
from directory.search.snippet import LONGEST, snippet
from directory.search.spelling import Vocabulary, distance, mended
from directory.search.understanding import Understood, understand
from tests.support.null_index import NullIndex

SETS = st.sets(st.integers(0, 300))


@given(SETS)
def test_a_set_gives_its_numbers_back(members: set[int]) -> None:
    assert list(numbers(from_numbers(members, 301))) == sorted(members)


@given(st.lists(st.tuples(SETS, st.integers(0, 2000)), max_size=8), SETS)
def test_scores_add_up_and_the_highest_comes_first(
    added: list[tuple[set[int], int]], among: set[int]
) -> None:
    scores, expected = Scores(), Counter[int]()
    for members, weight in added:
        scores.add(from_numbers(members, 301), weight)
        for member in members:
            expected[member] += weight

    best = list(scores.best(from_numbers(among, 301)))

    assert best == sorted(among, key=lambda one: (-expected[one], one))


def test_one_error_is_mended_in_words_of_five_letters_only() -> None:
    known = Vocabulary({"romania", "mali", "visa"})

    assert mended("romnia", known) == ["romania"]
    assert mended("romanai", known) == ["romania"]
    assert mended("mal", known) == []
    assert mended("visaa", known) == ["visa"]
    assert mended("vis4a", known) == []


def test_two_errors_are_proposed_with_the_same_first_letter() -> None:
    known = Vocabulary({"netherlands", "justice"})

    assert known.closest("nethrlnds") == "netherlands"
    assert known.closest("bustica") == ""
    assert known.closest("abc") == ""


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_distance_is_the_same_in_both_directions(first: str, second: str) -> None:
    assert distance(first, second) == distance(second, first)
    assert (distance(first, second) == 0) == (first == second)


def test_the_line_with_most_matches_is_shown() -> None:
    shown = snippet(("General Secretariat", "Office for Mutual Assistance"), frozenset({"mutual"}))

    assert shown == (("Office for ", False), ("Mutual", True), (" Assistance", False))


def test_a_long_line_is_cut_around_the_match() -> None:
    shown = snippet(("x " * 140 + "justice " + "y " * 500,), frozenset({"justice"}))

    assert ("justice", True) in shown
    assert len("".join(text for text, _ in shown)) <= LONGEST + 3


WORDS = st.sampled_from(
    ["court", "courts", "of", "law", "7", "a_of", "OF", "-", ", ", " ", "(Law)"]
)


@given(st.lists(WORDS, max_size=12), st.frozensets(st.sampled_from(["court", "of", "law", "7"])))
def test_a_line_without_accents_is_marked_as_one_with_them(
    words: list[str], wanted: frozenset[str]
) -> None:
    line = " ".join(words)
    with_accents = snippet((f"{line} é",), wanted)
    plain = [text for text, is_match in snippet((line,), wanted) if is_match]
    assert plain == [text for text, is_match in with_accents if is_match]


@given(st.lists(st.text(max_size=400), max_size=4), st.frozensets(st.text(max_size=5)))
def test_a_snippet_never_fails_and_stays_short(lines: list[str], wanted: frozenset[str]) -> None:
    assert len("".join(text for text, _ in snippet(lines, wanted))) <= LONGEST + 3


PHRASES = [
    Phrase("Equatorial Guinea", Facet.STATE, "GQ"),
    Phrase("Guinea", Facet.STATE, "GN"),
    Phrase("Guinea-Bissau", Facet.STATE, "GW"),
    Phrase("Republic of Korea", Facet.STATE, "KR"),
    Phrase("North Korea", Facet.STATE, "KP"),
    Phrase("Korea", Facet.STATE, "KR"),
    Phrase("Korea", Facet.STATE, "KP"),
    Phrase("Romania", Facet.STATE, "RO"),
    Phrase("Aruba", Facet.TERRITORY, "NL-AW"),
    Phrase("mutual legal assistance", Facet.TYPE, "mla"),
    Phrase("MLA", Facet.TYPE, "mla"),
    Phrase("引渡", Facet.TYPE, "extradition"),
    Phrase("日本", Facet.STATE, "JP"),
    Phrase("UNCAC", Facet.INSTRUMENT, "UNCAC"),
    Phrase("UNCAC 46(13)", Facet.ARTICLE, "mla"),
    Phrase("UNCAC 6(3)", Facet.ARTICLE, "prevention"),
    Phrase("UNTOC-MIGRANTS 8(6)", Facet.ARTICLE, "migrants_at_sea"),
    Phrase("United Kingdom", Facet.STATE, "GB"),
    Phrase("U.K.", Facet.STATE, "GB"),
]
LEXICON = build_lexicon(PHRASES)


def test_the_lexicon_that_is_kept_is_the_one_of_the_phrases_and_made_once() -> None:
    kept, asked = KeptLexicon(), []

    def phrases() -> list[Phrase]:
        asked.append(1)
        return PHRASES

    assert kept.of("first", phrases) == LEXICON
    assert kept.of("first", phrases) is kept.of("first", phrases)
    assert len(asked) == 1
    assert kept.of("second", list) == build_lexicon([])


def read(text: str) -> Understood:
    return understand(text, LEXICON, lambda word: word == "rumania")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("guinea equatorial", "GQ"),
        ("Guinea MLA", "GN"),
        ("guinea bissau", "GW"),
        ('korea north or south? "republic of korea"', "KR"),
        ("north korea", "KP"),
        ("korea", ""),
        ("romnia mla", "RO"),
        # A word that the index holds is nobody's typing error.
        ("rumania", ""),
        ("aruba", "NL"),
        ("引渡日本", "JP"),
        ("MLA RO", "RO"),
        ("MINISTRY RO JUSTICE", ""),
        ("mla U.K.", "GB"),
        ("mla uk", "GB"),
    ],
)
def test_the_state_is_understood(text: str, state: str) -> None:
    assert read(text).value(Facet.STATE) == state


@pytest.mark.parametrize(
    ("text", "kind", "instrument"),
    [
        ("art 46(13) UNCAC", "mla", "UNCAC"),
        ("UNCAC 46", "mla", "UNCAC"),
        ("uncac 6 (3)", "prevention", "UNCAC"),
        ("article 8(6)", "migrants_at_sea", "UNTOC-MIGRANTS"),
        ("mutual legal asistance", "mla", ""),
        ("article 99", "", ""),
    ],
)
def test_articles_and_types_are_understood(text: str, kind: str, instrument: str) -> None:
    understood = read(text)

    assert understood.value(Facet.TYPE) == kind
    assert understood.value(Facet.INSTRUMENT) == instrument


def test_words_that_stand_for_nothing_remain() -> None:
    assert [word.raw for word in read("the ministry of Romania").rest] == ["ministry"]


@given(st.text(st.characters(), max_size=500))
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    assert len(read(text).words) <= 12


def _until(day: dt.date) -> SearchDocument:
    return SearchDocument(
        key="entry:RO-1", kind="authority", state="RO", name="", visible_until=day
    )


DAYS = st.dates(dt.date(2023, 11, 1), dt.date(2027, 2, 28))


@given(st.lists(DAYS, max_size=60), DAYS)
def test_who_has_passed_is_told_by_years_months_and_few_days(
    days: list[dt.date], today: dt.date
) -> None:
    held = {day: set(document_terms(_until(day))["until"]) for day in (*days, today)}
    asked = periods_before(today, set().union(*held.values()))
    assert {day for day in held if not held[day].isdisjoint(asked)} == {
        day for day in held if day < today
    }
    assert len(asked) <= len(range(2023, 2027)) + 11 + 30


def test_the_null_index_finds_nothing_and_says_so() -> None:
    index = NullIndex()

    assert not index.search(SearchQuestion(text="x")).complete
    assert index.suggest("x") == ()
    assert index.rebuild([], [], 1) == 0
    index.update([], [], 1)
    assert index.position() is None
    assert index.edition() is None
    assert index.check() == 0
    with index.mending() as is_mine:
        assert not is_mine
