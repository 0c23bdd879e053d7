"""The index in PostgreSQL: the same answers as in Whoosh, and the same care for its life."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select, text, update
from sqlalchemy.orm import Session

from directory.composition import make_index
from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.errors import Unavailable
from directory.models.search import SearchEdition, SearchEntry
from directory.queries.documents import search_documents, search_phrases
from directory.search.index import SearchQuestion
from directory.search.postgres_index import PostgresIndex
from directory.search.whoosh_index import WhooshIndex
from directory.settings import Settings, SettingsError
from tests.conftest import empty_postgres
from tests.search.test_queries import read
from tests.search.test_whoosh_index import PHRASES, document
from tests.support.door import trial_settings

pytestmark = pytest.mark.postgres
SETS = (
    *("queries.csv", "more_queries.csv", "further_queries.csv", "held_out.csv"),
    "reported_queries.csv",
)
#: What no lexeme or query of PostgreSQL's may be taken apart by.
HOSTILE = ("'", "\\", "a'b", "';--", "\x00", "\ud800", "a & !b | (c:*)", ":*", "%", "x" * 5000)


@pytest.fixture
def index(postgres_engine: Engine) -> Iterator[PostgresIndex]:
    empty_postgres(postgres_engine)
    yield PostgresIndex(postgres_engine)
    empty_postgres(postgres_engine)


@pytest.fixture
def learnt(index: PostgresIndex) -> PostgresIndex:
    index.rebuild([document(1), document(2, "Prosecutor General")], PHRASES, upto=7)
    return index


def found(index: PostgresIndex, words: str) -> list[str]:
    return [hit.key for hit in index.search(SearchQuestion(text=words)).hits]


def test_every_question_is_answered_as_by_whoosh(
    index: PostgresIndex, real_data: Engine, real_index: WhooshIndex
) -> None:
    with Session(real_data) as session:
        index.rebuild(search_documents(session), search_phrases(session), upto=1)
    asked = [row["query"] for name in SETS for row in read(name)]
    assert len(asked) > 200
    for words in ("", *asked):
        for offset in (0, 20):
            question = SearchQuestion(text=words, offset=offset)
            assert index.search(question) == real_index.search(question), words
        for length in (1, 2, 3, 4, 6, len(words)):
            typed = words[:length]
            assert list(index.suggest(typed)) == list(real_index.suggest(typed)), typed


def test_it_asks_for_no_extension(learnt: PostgresIndex, postgres_engine: Engine) -> None:
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement.lower())

    event.listen(postgres_engine, "before_cursor_execute", note)
    try:
        found(PostgresIndex(postgres_engine), "ministery of justise")
    finally:
        event.remove(postgres_engine, "before_cursor_execute", note)
    assert sent
    for name in ("trgm", "unaccent", "similarity(", "create extension"):
        assert not any(name in statement for statement in sent)


def test_terms_are_found_by_the_index_and_not_by_reading_all(
    learnt: PostgresIndex, postgres_engine: Engine
) -> None:
    with postgres_engine.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        query = "SELECT number FROM search_entry WHERE terms @@ '''name:ministry'''::tsquery"
        plan = "\n".join(connection.scalars(text(f"EXPLAIN {query}")))
    assert "ix_search_entry_terms" in plan


def test_without_an_index_nothing_is_answered(index: PostgresIndex) -> None:
    for ask in (
        lambda: index.search(SearchQuestion(text="x")),
        lambda: index.suggest("x"),
        index.check,
        lambda: index.update([document()], [], upto=1),
    ):
        with pytest.raises(Unavailable):
            ask()
    assert index.position() is None


def test_an_index_of_another_form_is_refused_and_can_be_made_anew(
    learnt: PostgresIndex, postgres_engine: Engine
) -> None:
    with UnitOfWork(postgres_engine) as uow:
        uow.session.execute(update(SearchEdition).values(format=-1))
    assert learnt.position() is None
    with pytest.raises(Unavailable):
        learnt.search(SearchQuestion(text="ministry"))
    learnt.rebuild([document(1)], PHRASES, upto=8)
    assert found(learnt, "ministry") == ["entry:RO-1"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_only_words(learnt: PostgresIndex, words: str) -> None:
    learnt.search(SearchQuestion(text=words))
    learnt.suggest(words)
    learnt.search(SearchQuestion(text="ministry", state=words))


def test_names_with_signs_of_the_query_language_are_found(index: PostgresIndex) -> None:
    name = "O'Neill & Söhne \\ (Office): 24/7"
    index.rebuild([document(1, name)], PHRASES, upto=1)
    assert found(index, "Söhne") == ["entry:RO-1"]
    (hit,) = index.search(SearchQuestion(text="sohne")).hits
    assert hit.name == name


def test_what_is_learnt_and_forgotten_shows_in_every_process(
    learnt: PostgresIndex, postgres_engine: Engine
) -> None:
    other = PostgresIndex(postgres_engine)
    assert found(other, "prosecutor") == ["entry:RO-2"]
    learnt.update([document(1, "Attorney General")], ["entry:RO-2"], upto=9)
    assert found(other, "prosecutor") == []
    assert found(other, "attorney") == ["entry:RO-1"]
    assert found(other, "ministry") == []
    assert (other.check(), other.position()) == (1, 9)


def test_who_still_reads_the_edition_before_finds_it_whole(
    learnt: PostgresIndex, postgres_engine: Engine
) -> None:
    view = learnt._editions.current()
    PostgresIndex(postgres_engine).rebuild([document(3, "Other Office")], PHRASES, upto=9)
    assert view.having("name", "ministry")
    assert view.shown(0).name == "Ministry of Justice"


def test_old_editions_are_forgotten(learnt: PostgresIndex, postgres_engine: Engine) -> None:
    for number in range(3, 8):
        learnt.rebuild([document(number)], PHRASES, upto=number)
        learnt.update([document(number, f"Office {number}")], [], upto=number)
    with Session(postgres_engine) as session:
        kept = session.scalars(select(SearchEntry.key)).all()
    assert len(kept) <= 3


def test_one_process_mends_at_a_time_and_the_right_goes_back(
    learnt: PostgresIndex, postgres_engine: Engine
) -> None:
    other = PostgresIndex(postgres_engine)
    with learnt.mending() as first, other.mending() as second:
        assert (first, second) == (True, False)
    with other.mending() as again:
        assert again


def test_processes_that_write_at_once_lose_nothing(
    learnt: PostgresIndex, postgres_engine: Engine
) -> None:
    def add(number: int) -> None:
        PostgresIndex(postgres_engine).update([document(number)], [], upto=number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(10, 26)))
    assert learnt.check() == 18
    assert learnt.position() == 25


def test_the_setting_chooses_and_refuses_what_cannot_be(
    postgres_engine: Engine, tmp_path: Path
) -> None:
    chosen: Settings = trial_settings(postgres_engine, search_engine="postgres")
    assert isinstance(make_index(chosen, postgres_engine), PostgresIndex)
    plain = trial_settings(postgres_engine, index_dir=tmp_path)
    assert isinstance(make_index(plain, postgres_engine), WhooshIndex)
    sqlite = make_engine("sqlite:///:memory:")
    with pytest.raises(SettingsError, match="needs a PostgreSQL database"):
        make_index(trial_settings(sqlite, search_engine="postgres"), sqlite)
