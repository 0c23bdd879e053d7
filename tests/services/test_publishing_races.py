"""Of two who change the same entry at the same moment one wins, and the other is told."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.errors import StaleRevision
from directory.models.entry import Entry, EntryRevision
from directory.services.entry_rows import Publication
from tests.support import factories as make

ROUNDS = 25
RIVALS = 3


def race(engine: Engine, made_by: Callable[[int], Publication]) -> list[str]:
    """Publish from several threads at once; 'won', 'stale' or the error of each."""
    start, outcomes = threading.Barrier(RIVALS), ["" for _ in range(RIVALS)]

    def run(number: int) -> None:
        start.wait()
        try:
            make.publish_all(engine, made_by(number))
        except StaleRevision:
            outcomes[number] = "stale"
        except Exception as error:
            outcomes[number] = repr(error)
        else:
            outcomes[number] = "won"

    threads = [threading.Thread(target=run, args=(number,)) for number in range(RIVALS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.slow
def test_each_race_has_one_winner_and_one_revision(engine: Engine) -> None:
    make.add_reference(engine)
    for turn in range(ROUNDS):

        def change(number: int, base: int = turn) -> Publication:
            return make.publication("RO-1", make.authority(f"Office {number}"), base=base)

        assert race(engine, change) == ["stale", "stale", "won"]
        with Session(engine) as session:
            entry = session.get_one(Entry, "RO-1")
            revisions = session.scalars(select(EntryRevision).order_by(EntryRevision.number)).all()
            assert [one.number for one in revisions] == list(range(1, turn + 2))
            assert entry.revision == turn + 1
            assert entry.name == revisions[-1].record["names"][0]["text"]


@pytest.mark.slow
def test_changes_of_different_entries_all_win(engine: Engine) -> None:
    make.add_reference(engine)
    for turn in range(ROUNDS):

        def change(number: int, base: int = turn) -> Publication:
            return make.publication(f"RO-{number}", base=base)

        assert race(engine, change) == ["won"] * RIVALS


@pytest.mark.slow
def test_of_two_who_make_the_same_entry_one_wins(engine: Engine) -> None:
    make.add_reference(engine)
    for turn in range(ROUNDS):

        def create(number: int, turn: int = turn) -> Publication:
            return make.publication(f"RO-{turn}", make.authority(f"Office {number}"))

        assert race(engine, create) == ["stale", "stale", "won"]
