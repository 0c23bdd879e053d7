"""The book of reference data: what is found in it by State and by instrument."""

from dataclasses import replace

import pytest

from directory.domain.book import ReferenceBook
from directory.domain.reference import Declaration, Participation, State, Territory
from directory.domain.vocabulary import DeclarationKind, ParticipationStatus, StateKind
from tests.domain.sentences import seed_book


def party(state: str, instrument: str, copy: str, source: str = "the list") -> Participation:
    return Participation(
        state=state,
        instrument=instrument,
        status=ParticipationStatus.PARTY,
        source=source,
        source_copy=copy,
    )


DECLARATION = Declaration(
    state="XA", instrument="UNTOC", article="18", kind=DeclarationKind.LANGUAGE, value="en"
)
BOOK = ReferenceBook(
    states={
        "XA": State(
            code="XA",
            kind=StateKind.MEMBER,
            territories=(Territory(key="XA-N", state="XA", name="North", names={"fr": "Nord"}),),
        )
    },
    instruments={},
    types={},
    participations=(
        party("XA", "UNTOC", "2014-01-27"),
        party("XA", "UNCAC", "2014-07-10"),
        party("XB", "UNTOC", "2014-01-27", "the list + a later find"),
        party("XC", "UNTOC", "late 2025"),
    ),
    declarations=(DECLARATION,),
)


def test_participations_are_found_by_state_in_the_order_of_instruments() -> None:
    found = BOOK.participations_by_state
    assert [one.instrument for one in found["XA"]] == ["UNCAC", "UNTOC"]
    assert [one.state for one in found["XB"]] == ["XB"]


def test_declarations_are_found_by_state() -> None:
    assert BOOK.declarations_by_state == {"XA": (DECLARATION,)}


def test_one_newer_row_does_not_make_a_list_of_parties_newer() -> None:
    assert BOOK.copies == {"UNTOC": "2014-01-27"}


@pytest.mark.parametrize("sources", [["a list", "a list"], ["1", "2", "3", "3", "3 + 4", "5"]])
def test_single_finds_have_no_date_of_a_list(sources: list[str]) -> None:
    finds = tuple(party(f"X{at}", "UNTOC", "2026-07", one) for at, one in enumerate(sources))
    book = replace(BOOK, participations=finds)
    assert not book.copies
    assert book.single_finds == {"UNTOC"}


def test_seed_data_hold_single_finds_where_their_readme_says_so() -> None:
    """'ETS 141, ETS 182, CETS 198, CETS 209: single finds', and the protocols it does not name."""
    named = {"ETS-141", "ETS-182", "CETS-198", "CETS-209"}
    assert seed_book().single_finds == named | {"ETS-086", "ETS-098", "CETS-189"}


def test_territories_are_known_by_key_and_named_in_english_where_nothing_else_is_on_file() -> None:
    (north,) = BOOK.territories.values()
    assert BOOK.territories == {"XA-N": north}
    assert [north.name_in(language) for language in ("fr", "en", "ar")] == [
        "Nord",
        "North",
        "North",
    ]
