"""Reference data are read once for each edition, and never kept longer than it lasts."""

import datetime as dt
import gc

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from directory.db.session import make_engine
from directory.db.unit_of_work import UnitOfWork
from directory.domain.book import ReferenceBook
from directory.domain.reference import Territory
from directory.domain.vocabulary import CooperationType, DeclarationKind, Role
from directory.errors import Denied, NotFound
from directory.models import reference as tables
from directory.policy import ANONYMOUS, Actor
from directory.queries import reference
from directory.queries.reference import get_book, get_state, read_book
from directory.services.reference import renew_stamp
from tests.support import factories as make


def book_of(engine: Engine) -> ReferenceBook:
    with Session(engine) as session:
        return get_book(make.reader(), session)


@pytest.mark.parametrize(
    "actor", [ANONYMOUS, make.actor(), make.actor(Role.READER, scopes=["entries:read"])]
)
def test_who_may_not_read_states_gets_no_book(engine: Engine, actor: Actor) -> None:
    with Session(engine) as session, pytest.raises(Denied):
        get_book(actor, session)


def test_an_unchanged_book_costs_one_statement(engine: Engine) -> None:
    first = book_of(engine)
    with make.statement_counter(engine) as statements:
        assert book_of(engine) is first
    assert len(statements) == 1
    assert "reference_edition" in statements[0]


def test_a_first_reading_takes_few_statements(engine: Engine) -> None:
    with make.statement_counter(engine) as statements:
        book_of(engine)
    assert len(statements) <= 10


def test_a_renewed_stamp_is_seen_at_once(engine: Engine) -> None:
    before = book_of(engine)
    make.add_rows(
        engine, tables.Territory, {"key": "FR-GP", "state_code": "FR", "name": "G", "aliases": []}
    )
    after = book_of(engine)
    assert before.states["FR"].territories == ()
    assert [one.key for one in after.states["FR"].territories] == ["FR-GP"]


def test_a_change_that_is_rolled_back_is_never_seen(engine: Engine) -> None:
    before = book_of(engine)
    uow = UnitOfWork(engine)
    uow.session.execute(update(tables.State).values(capital="Atlantis"))
    renew_stamp(uow, make.AT)
    assert read_book(uow.session).states["FR"].capital == "Atlantis"
    uow.__exit__(ZeroDivisionError, None, None)
    assert book_of(engine) is before


def test_what_a_writer_reads_before_its_commit_is_not_kept_for_others(engine: Engine) -> None:
    """Also when nobody had read the book before, and the stamp is still the old one."""
    with UnitOfWork(engine) as uow:
        uow.session.execute(update(tables.State).values(capital="Atlantis"))
        assert read_book(uow.session).states["FR"].capital == "Atlantis"
        assert book_of(engine).states["FR"].capital == ""
        renew_stamp(uow, make.AT)
    assert book_of(engine).states["FR"].capital == "Atlantis"


def test_without_a_stamp_nothing_is_kept(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        uow.session.execute(delete(tables.ReferenceEdition))
    first = book_of(engine)
    with UnitOfWork(engine) as uow:
        uow.session.execute(update(tables.State).values(capital="Paris"))
    assert first.states["FR"].capital == ""
    assert book_of(engine).states["FR"].capital == "Paris"


def test_a_book_goes_with_its_engine(engine: Engine) -> None:
    other = make_engine(engine.url)
    with other.connect() as connection:
        read_book(connection)
    kept = len(reference._kept)
    other.dispose()
    del other, connection
    gc.collect()
    assert len(reference._kept) < kept


def test_a_stamp_is_never_the_same_twice(engine: Engine) -> None:
    stamps: set[str] = set()
    for _ in range(3):
        with UnitOfWork(engine) as uow:
            renew_stamp(uow, make.AT)
            stamps.update(uow.session.scalars(reference._STAMP))
    assert len(stamps) == 3


def test_a_connection_will_do(engine: Engine) -> None:
    with engine.connect() as connection:
        assert set(read_book(connection).states) == set(make.STATES)


NAMES = [
    {"state_code": "FR", "language": language, "form": form, "text": text}
    for language, form, text in (
        ("en", "official", "France"),
        ("en", "official", "The French Republic"),
        ("fr", "official", "France"),
        ("en", "alias", "Hexagon"),
        ("fr", "alias", "Gaule"),
    )
]


def test_a_state_has_its_names_and_territories(engine: Engine) -> None:
    make.add_rows(engine, tables.StateName, *NAMES)
    names = {"ar": "غوادلوب"}
    territory = {"key": "FR-GP", "state_code": "FR", "name": "Guadeloupe", "names": names}
    make.add_rows(engine, tables.Territory, {**territory, "aliases": ["Gwada"]})
    book = book_of(engine)
    assert list(book.states) == ["FR", "JP", "RO"]
    assert book.states["FR"].names == {"en": "France", "fr": "France"}
    assert book.states["FR"].weekend == (6, 7)
    assert book.aliases["FR"] == ("Hexagon", "Gaule")
    guadeloupe = Territory(key="FR-GP", state="FR", name="Guadeloupe", names=names)
    assert book.territories == {"FR-GP": guadeloupe}
    assert book.territory_aliases == {"FR-GP": ("Gwada",)}


def test_a_treaty_has_its_parties_declarations_and_legal_bases(engine: Engine) -> None:
    protocol = {"code": "MIGRANTS", "short_title": "M", "title": "M", "parent_code": "UNTOC"}
    declaration = {
        "state_code": "FR",
        "instrument_code": "UNTOC",
        "kind": DeclarationKind.LANGUAGE,
        "value": "fr",
        "date": dt.date(2010, 5, 6),
    }
    basis = {
        "cooperation_type": CooperationType.MLA,
        "instrument_code": "UNTOC",
        "article": "18",
        "must_designate": "yes",
    }
    make.add_rows(engine, tables.Instrument, protocol)
    make.add_rows(engine, tables.Declaration, declaration)
    make.add_rows(engine, tables.LegalBasis, basis)
    book = book_of(engine)
    assert book.instruments["MIGRANTS"].parent == "UNTOC"
    assert book.instruments["UNTOC"].parent == ""
    assert tuple(book.types) == tuple(CooperationType)
    assert len(book.participations_by_state["RO"]) == 1
    assert book.declarations_by_state["FR"][0].date == dt.date(2010, 5, 6)
    assert [one.article for one in book.legal_bases] == ["18"]


@pytest.mark.parametrize("code", ["FR", "fr", "Fr"])
def test_a_state_is_found_by_its_code(engine: Engine, code: str) -> None:
    assert get_state(book_of(engine), code).code == "FR"


@pytest.mark.parametrize("code", ["", "XX", "FRA", "ﬀ", "F\0", "../FR", "FR "])
def test_an_unknown_state_is_not_found(engine: Engine, code: str) -> None:
    with pytest.raises(NotFound):
        get_state(book_of(engine), code)
