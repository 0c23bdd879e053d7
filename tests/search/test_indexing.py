"""Search over a database: hits are read again through the policy, and the index keeps up."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, update
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.record import Address, Channel
from directory.domain.vocabulary import (
    Audience,
    ChannelKind,
    CooperationType,
    EntryKind,
    EntryStatus,
)
from directory.errors import Denied
from directory.models.entry import Entry
from directory.models.reference import StateName
from directory.policy import ANONYMOUS, Actor
from directory.queries.search import SearchPage, search, suggest
from directory.search.index import SearchIndex, SearchQuestion
from directory.search.whoosh_index import WhooshIndex
from directory.services.indexing import KeptIndex, catch_up, index_hook, is_behind, mend, rebuild
from directory.services.publishing import REBUILD_ABOVE, publish
from directory.services.reference import ask_for_new_index
from tests.support import factories as make

READER = make.reader()


@pytest.fixture(autouse=True)
def reference(engine: Engine) -> None:
    make.add_reference(engine)
    names = {"RO": ("Romania", "Roumanie"), "FR": ("France",), "JP": ("Japan",)}
    rows = [
        {"state_code": code, "language": language, "form": "official", "text": text}
        for code, texts in names.items()
        for language, text in zip(("en", "fr"), texts, strict=False)
    ]
    make.add_rows(engine, StateName, *rows)


def ask(
    engine: Engine, index: SearchIndex, text: str, actor: Actor = READER, **fields: object
) -> SearchPage:
    question = SearchQuestion(text=text, **fields)  # type: ignore[arg-type]
    with Session(engine) as session:
        return search(actor, session, index, question, make.TODAY)


def ids(page: SearchPage) -> list[str]:
    return [item.id for item in page.items]


def test_search_is_for_those_signed_in(engine: Engine, index: WhooshIndex) -> None:
    with pytest.raises(Denied):
        ask(engine, index, "x", ANONYMOUS)
    with pytest.raises(Denied), Session(engine) as session:
        suggest(ANONYMOUS, session, index, "x", make.TODAY)


def test_what_not_all_readers_may_see_reaches_no_part_of_the_index(
    engine: Engine, index: WhooshIndex
) -> None:
    secret = ("canary@hidden.example", "+40215550199", "Canarystrasse")
    hidden = (
        make.channel(secret[0], Audience.OWN_STATE),
        Channel(kind=ChannelKind.TELEPHONE, value=secret[1], audience=Audience.SAME_TYPE),
        Channel(kind=ChannelKind.POST, value=secret[2], audience=Audience.BREAK_GLASS),
    )
    record = make.authority("Ministry of Justice", channels=(make.channel(), *hidden))
    make.publish_all(engine, make.publication("RO-1", record))
    rebuild(engine, index)

    files = b"".join(one.read_bytes() for one in index.store.folder.rglob("*") if one.is_file())
    for value in (*secret, "canary", "40215550199", "canarystrasse"):
        assert value.encode() not in files
        page = ask(engine, index, value, make.verifier())
        assert value not in repr(page)
        assert "RO-1" not in ids(page)
        with Session(engine) as session:
            assert suggest(READER, session, index, value, make.TODAY) == ()


def test_retired_entries_are_not_in_the_index(engine: Engine, index: WhooshIndex) -> None:
    retired = make.publication("RO-1", status=EntryStatus.RETIRED)
    make.publish_all(engine, retired, make.publication("RO-2"))
    rebuild(engine, index)

    assert ids(ask(engine, index, "ministry justice", make.verifier())) == ["RO-2"]


def test_a_hit_is_read_again_and_dropped_when_it_may_no_longer_be_read(
    engine: Engine, index: WhooshIndex
) -> None:
    make.publish_all(engine, make.publication("RO-1"), make.publication("RO-2"))
    rebuild(engine, index)
    with UnitOfWork(engine) as uow:
        retired = update(Entry).where(Entry.id == "RO-1").values(status=EntryStatus.RETIRED)
        uow.session.execute(retired)
        renamed = update(Entry).where(Entry.id == "RO-2").values(name="Renamed")
        uow.session.execute(renamed)

    page = ask(engine, index, "ministry justice")

    assert [(item.id, item.name) for item in page.items] == [("RO-2", "Renamed")]
    with Session(engine) as session:
        suggestions = suggest(READER, session, index, "minis", make.TODAY)
    assert [(one.key, one.name) for one in suggestions] == [("entry:RO-2", "Renamed")]


def test_what_is_kept_of_an_entry_lasts_until_the_next_act(
    engine: Engine, index: WhooshIndex
) -> None:
    """The index is not told of the second revisions: only the database knows them."""
    make.publish_all(engine, make.publication("RO-1"), make.publication("RO-2"))
    rebuild(engine, index)

    def found(actor: Actor = READER) -> list[tuple[str, str]]:
        with Session(engine) as session:
            suggestions = suggest(actor, session, index, "minis", make.TODAY)
        page = ask(engine, index, "ministry justice", actor)
        assert [one.key for one in suggestions] == [f"entry:{key}" for key in ids(page)]
        return [(item.id, item.name) for item in page.items]

    assert len(found()) == 2
    make.publish_all(
        engine,
        make.publication("RO-1", base=1, status=EntryStatus.RETIRED),
        make.publication("RO-2", make.authority("Renamed"), base=1),
    )

    assert found() == [("RO-2", "Renamed")]
    assert [key for key, _ in found(make.verifier())] == ["RO-1", "RO-2"]
    assert found() == [("RO-2", "Renamed")]


def test_an_officer_is_found_until_the_posting_ends(engine: Engine, index: WhooshIndex) -> None:
    for number, days in ((1, 0), (2, -1)):
        officer = make.officer(posted_to=make.TODAY + dt.timedelta(days))
        make.publish_all(engine, make.publication(f"RO-{number}", officer))
    rebuild(engine, index)

    page = ask(engine, index, "liaison officer", make.verifier())

    assert ids(page) == ["RO-1"]
    assert page.total == 1


def test_entries_are_found_by_state_type_city_and_kind(engine: Engine, index: WhooshIndex) -> None:
    placed = make.authority(addresses=(Address(text="1 Example Street", city="Constanța"),))
    needed = make.requirements(CooperationType.EXTRADITION)
    point = make.publication("RO-3", make.contact_point(network="BUDAPEST 35"))
    make.publish_all(
        engine, make.publication("RO-1", placed), make.publication("RO-2", needed), point
    )
    rebuild(engine, index)

    assert ids(ask(engine, index, "constanta")) == ["RO-1"]
    assert ids(ask(engine, index, "roumanie"))[0] == "RO"
    assert ids(ask(engine, index, "", kind=EntryKind.CONTACT_POINT)) == ["RO-3"]
    assert ids(ask(engine, index, "", type=CooperationType.EXTRADITION)) == ["RO-2"]
    assert ids(ask(engine, index, "", instrument=make.UNTOC, state="RO")) == ["RO-1", "RO-3"]


def test_without_an_index_the_database_answers_and_says_that_it_is_limited(
    engine: Engine, index: WhooshIndex
) -> None:
    retired = make.publication("RO-9", status=EntryStatus.RETIRED)
    make.publish_all(engine, make.publication("RO-1"), retired)

    page = ask(engine, index, "justice ministry")

    assert not page.complete
    assert ids(page) == ["RO-1"]
    assert page.total == 1
    assert ids(ask(engine, index, "roman"))[0] == "RO"
    assert ids(ask(engine, index, "", type=CooperationType.MLA, instrument=make.UNTOC)) == ["RO-1"]
    assert ids(ask(engine, index, "", state="FR")) == []
    assert ids(ask(engine, index, "", kind=EntryKind.REQUIREMENTS)) == []
    with Session(engine) as session:
        suggestions = suggest(READER, session, index, "minis", make.TODAY)
    assert [one.key for one in suggestions] == ["entry:RO-1"]


HOSTILE = {
    "controls": "\x00\ud800",
    "percent": "%",
    "underscore": "_",
    "statement": "'; --",
    "long": "x" * 100_000,
    "backslash": "\\",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_does_no_harm_to_the_limited_search(
    engine: Engine, index: WhooshIndex, text: str
) -> None:
    make.publish_all(engine, make.publication("RO-1"))

    page = ask(engine, index, text)

    assert ids(page) == (["RO-1"] if not text.strip("\x00\ud800") else [])


def test_a_publication_is_found_right_after_its_commit(engine: Engine, index: WhooshIndex) -> None:
    rebuild(engine, index)

    with UnitOfWork(engine, [index_hook(engine, index)]) as uow:
        publish(uow, [make.publication("RO-1")])

    assert ids(ask(engine, index, "ministry justice")) == ["RO-1"]
    assert not is_behind(engine, index)


def test_a_retirement_takes_the_entry_out_of_the_index(engine: Engine, index: WhooshIndex) -> None:
    first = make.publication("RO-1")
    make.publish_all(engine, first)
    rebuild(engine, index)
    make.publish_all(engine, replace(first, base=1, status=EntryStatus.RETIRED))

    assert catch_up(engine, index) == 0

    assert index.search(SearchQuestion(text="ministry justice")).total == 0


def test_catching_up_without_anything_new_does_nothing(engine: Engine, index: WhooshIndex) -> None:
    rebuild(engine, index)

    assert catch_up(engine, index) is None
    assert mend(engine, index) is None


def test_bulk_loading_and_new_reference_data_ask_for_a_rebuild(
    engine: Engine, index: WhooshIndex
) -> None:
    rebuild(engine, index)
    many = [make.publication(f"RO-{number}") for number in range(REBUILD_ABOVE + 1)]
    with UnitOfWork(engine, [index_hook(engine, index)]) as uow:
        publish(uow, many)
    assert index.check() == len(many) + len(make.STATES)

    with UnitOfWork(engine) as uow:
        alias = {"state_code": "RO", "language": "", "form": "alias", "text": "Dacia"}
        uow.session.execute(insert(StateName), [alias])
        ask_for_new_index(uow, make.AT)
    make.add_rows(engine, StateName, {**alias, "text": "Dacia Felix"})
    assert catch_up(engine, index) == index.check()

    assert ids(ask(engine, index, "dacia"))[0] == "RO"


def test_a_damaged_index_is_mended(engine: Engine, index: WhooshIndex) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    rebuild(engine, index)
    damage(index)

    mend(engine, index)

    assert ids(ask(engine, index, "ministry justice")) == ["RO-1"]


def test_an_update_of_a_damaged_index_makes_it_anew(engine: Engine, index: WhooshIndex) -> None:
    rebuild(engine, index)
    damage(index)
    make.publish_all(engine, make.publication("RO-1"))

    catch_up(engine, index)

    assert ids(ask(engine, index, "ministry justice")) == ["RO-1"]


def damage(index: WhooshIndex) -> None:
    segment: Path = next(index.store.folder.rglob("*.trm"))
    segment.write_bytes(b"damaged")


def test_a_missing_index_is_made_by_the_first_question(engine: Engine, index: WhooshIndex) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    kept = KeptIndex(engine, index)

    assert not ask(engine, kept, "ministry justice").complete
    kept.settle()

    page = ask(engine, kept, "ministry justice")
    assert page.complete
    assert ids(page) == ["RO-1"]


def test_a_stale_index_catches_up_by_itself(engine: Engine, index: WhooshIndex) -> None:
    rebuild(engine, index)
    make.publish_all(engine, make.publication("RO-1"))
    kept = KeptIndex(engine, index, look_every=0)

    ask(engine, kept, "anything")
    kept.settle()

    assert ids(ask(engine, kept, "ministry justice")) == ["RO-1"]
    kept.settle()


def test_while_another_process_mends_answers_are_limited(
    engine: Engine, index: WhooshIndex
) -> None:
    rebuild(engine, index)
    make.publish_all(engine, make.publication("RO-1"))
    kept = KeptIndex(engine, index, look_every=0)

    with WhooshIndex(index.store.folder).mending() as is_mine:
        assert is_mine
        ask(engine, kept, "anything")
        kept.settle()
        page = ask(engine, kept, "ministry justice")
        kept.settle()

    assert not page.complete
    assert kept.check() == len(make.STATES)
    assert kept.position() == index.position()
