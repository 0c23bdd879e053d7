"""The index in its folder: learns, forgets, survives damage and hostile questions."""

import datetime as dt
import json
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from directory.domain.vocabulary import CooperationType
from directory.errors import Unavailable
from directory.search.index import Facet, Phrase, SearchDocument, SearchQuestion
from directory.search.store import POINTER, SCRATCH
from directory.search.whoosh_index import WhooshIndex

PHRASES = [Phrase("Romania", Facet.STATE, "RO"), Phrase("MLA", Facet.TYPE, "mla")]


def document(
    number: int = 1, name: str = "Ministry of Justice", **fields: object
) -> SearchDocument:
    given: dict[str, object] = {
        "key": f"entry:RO-{number}",
        "kind": "authority",
        "state": "RO",
        "types": (CooperationType.MLA,),
    }
    return SearchDocument(name=name, names=(name,), **(given | fields))  # type: ignore[arg-type]


def found(index: WhooshIndex, text: str, **fields: object) -> list[str]:
    question = SearchQuestion(text=text, **fields)  # type: ignore[arg-type]
    return [hit.key for hit in index.search(question).hits]


def current(index: WhooshIndex) -> Path:
    pointer = json.loads((index.store.folder / POINTER).read_text())
    return index.store.folder / str(pointer["generation"])


def segment(index: WhooshIndex) -> Path:
    return next(current(index).glob("*.trm"))


@pytest.fixture
def learnt(index: WhooshIndex) -> WhooshIndex:
    index.rebuild([document(1), document(2, "Prosecutor General")], PHRASES, upto=7)
    return index


def test_without_an_index_nothing_is_answered(index: WhooshIndex) -> None:
    with pytest.raises(Unavailable):
        index.search(SearchQuestion(text="x"))
    with pytest.raises(Unavailable):
        index.suggest("x")
    with pytest.raises(Unavailable):
        index.update([document()], [], upto=1)
    assert index.position() is None


@pytest.mark.parametrize("damage", ["delete", "truncate", "flip", "pointer", "format", "empty"])
def test_a_damaged_index_is_refused_and_can_be_made_anew(learnt: WhooshIndex, damage: str) -> None:
    harm(learnt, damage)
    other = WhooshIndex(learnt.store.folder)

    with pytest.raises(Unavailable):
        other.search(SearchQuestion(text="ministry"))
    with pytest.raises(Unavailable):
        other.check()
    learnt.rebuild([document()], PHRASES, upto=8)

    assert found(other, "ministry") == ["entry:RO-1"]


def harm(index: WhooshIndex, damage: str) -> None:
    path, pointer = segment(index), index.store.folder / POINTER
    content = path.read_bytes()
    if damage == "delete":
        path.unlink()
    elif damage == "truncate":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flip":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    elif damage == "pointer":
        pointer.write_text("{")
    elif damage == "empty":
        pointer.write_text("[]")
    else:
        pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"format": -1}))


def test_a_pointer_out_of_the_folder_is_refused(learnt: WhooshIndex) -> None:
    pointer = learnt.store.folder / POINTER
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"generation": "../x"}))

    assert learnt.position() is None


def test_bytes_that_are_no_index_are_refused(learnt: WhooshIndex) -> None:
    learnt.store.switch({"phrases.json": b"[]", "x.seg": b"x"}, position=9, documents=1)

    with pytest.raises(Unavailable):
        learnt.search(SearchQuestion(text="ministry"))


def test_a_folder_that_others_can_write_is_refused(learnt: WhooshIndex) -> None:
    learnt.store.folder.chmod(0o777)

    with pytest.raises(Unavailable):
        WhooshIndex(learnt.store.folder).search(SearchQuestion(text="ministry"))


def test_an_index_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable):
        WhooshIndex(tmp_path / "file" / "index").rebuild([], [], upto=1)


def test_the_folder_is_for_this_account_alone(learnt: WhooshIndex) -> None:
    assert stat.S_IMODE(learnt.store.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(current(learnt).stat().st_mode) == 0o700


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(learnt: WhooshIndex) -> None:
    def broken() -> object:
        yield document(3)
        raise ValueError("the database went away")

    with pytest.raises(ValueError, match="went away"):
        learnt.rebuild(broken(), PHRASES, upto=9)  # type: ignore[arg-type]

    assert learnt.position() == 7
    assert found(learnt, "prosecutor") == ["entry:RO-2"]


def test_a_rebuild_is_seen_by_readers_at_once_and_leaves_nothing_behind(
    learnt: WhooshIndex,
) -> None:
    reader = WhooshIndex(learnt.store.folder)
    assert found(reader, "prosecutor") == ["entry:RO-2"]

    learnt.rebuild([document(3, "Supreme Court")], PHRASES, upto=8)

    assert found(reader, "supreme court") == ["entry:RO-3"]
    assert reader.position() == 8
    assert [one.name for one in learnt.store.folder.iterdir() if one.is_dir()] == [
        current(learnt).name
    ]


def test_an_update_adds_replaces_and_forgets(learnt: WhooshIndex) -> None:
    learnt.update([document(1, "Supreme Court"), document(3)], ["entry:RO-2"], upto=12)

    assert found(learnt, "supreme court") == ["entry:RO-1"]
    assert found(learnt, "ministry") == ["entry:RO-3"]
    assert found(learnt, "prosecutor") == []
    assert learnt.search(SearchQuestion()).total == 2
    assert learnt.search(SearchQuestion()).facets["state"] == {"RO": 2}
    assert learnt.position() == 12


def test_an_update_never_goes_back(learnt: WhooshIndex) -> None:
    learnt.update([document(3)], [], upto=2)

    assert learnt.position() == 7


def test_many_updates_lose_nothing(learnt: WhooshIndex) -> None:
    for number in range(3, 20):
        learnt.update([document(number, f"Court {number}")], [], upto=number)

    assert learnt.check() == 19
    assert found(learnt, "court 15")[0] == "entry:RO-15"


def test_two_writers_wait_for_one_another(learnt: WhooshIndex) -> None:
    others = [WhooshIndex(learnt.store.folder) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: others[n].update([document(n + 3)], [], upto=n), range(4)))

    assert learnt.check() == 6


def test_threads_read_the_same_index_side_by_side(real_index: WhooshIndex) -> None:
    words = [
        "ministry",
        "justice",
        "prosecutor",
        "office",
        "police",
        "court",
        "interpol",
        "finance",
    ]
    fresh = WhooshIndex(real_index.store.folder)
    expected = {word: found(real_index, word) for word in words}

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda word: (word, found(fresh, word)), words * 10))

    assert all(expected[word] == keys for word, keys in answers)


def test_only_one_may_mend(learnt: WhooshIndex) -> None:
    other = WhooshIndex(learnt.store.folder)
    with learnt.mending() as first, other.mending() as second:
        assert first
        assert not second
    with other.mending() as third:
        assert third


def test_entries_are_not_found_after_their_last_day(index: WhooshIndex) -> None:
    last = dt.date(2026, 3, 1)
    index.rebuild([document(1, visible_until=last)], PHRASES, upto=1)

    assert found(index, "ministry", today=last) == ["entry:RO-1"]
    assert found(index, "ministry", today=last + dt.timedelta(1)) == []
    assert [one.key for one in index.suggest("minis", today=last)] == ["entry:RO-1"]
    assert index.suggest("minis", today=last + dt.timedelta(1)) == ()


def test_an_officer_is_found_by_the_state_of_the_post(index: WhooshIndex) -> None:
    officer = document(1, "Liaison officer", state="FR", related_states=("RO",))
    index.rebuild([document(2), officer], PHRASES, upto=1)

    assert found(index, "liaison romania")[:2] == ["entry:RO-2", "entry:RO-1"]


def test_words_are_completed_while_typed(learnt: WhooshIndex) -> None:
    for typed in ("p", "pro", "prosecu", "prosecutor g", "romania pros"):
        assert [one.key for one in learnt.suggest(typed)] == ["entry:RO-2"], typed
    assert learnt.suggest("") == ()
    assert learnt.suggest("zzz") == ()


HOSTILE = (
    "<script>alert(1)</script>",
    "x" * 100_000,
    "a* " * 30_000,
    "* ? ~2 [a TO z] AND OR NOT ( ) \" '",
    "\x00\ud800\udfff\u202e\u2066",
    "%_%_%",
    "'; DROP TABLE entry; --",
    "汉" * 100_000,
    "ﷺ" * 100_000,
    " ".join(f"unknownword{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)),
    "qwertyuiopasdf lkjhgfdsamnb vbnmzxcvqwe poiuytrewqlk asdfghjklzxc mnbvcxzlkjhg",
    "🇷🇴 ᚠᚢᚦ \u0301\u0301\u0301",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered_safely_and_quickly(real_index: WhooshIndex, text: str) -> None:
    real_index.search(SearchQuestion(text="warm"))
    started = time.perf_counter()

    result = real_index.search(SearchQuestion(text=text))
    real_index.suggest(text)

    # Generous for a busy machine; a few milliseconds are usual.
    assert time.perf_counter() - started < 1.0
    assert len(result.did_you_mean) <= 400
    result.did_you_mean.encode("utf-8")


def test_a_filter_that_no_entry_can_have_finds_nothing(learnt: WhooshIndex) -> None:
    for value in ("ZZ", "\ud800", "\x00", "x" * 10_000):
        assert found(learnt, "ministry", state=value) == []


def test_a_deleted_index_is_noticed_by_those_who_have_it_open(learnt: WhooshIndex) -> None:
    assert found(learnt, "ministry") == ["entry:RO-1"]
    (learnt.store.folder / POINTER).unlink()

    with pytest.raises(Unavailable):
        learnt.search(SearchQuestion(text="ministry"))


def test_nothing_is_written_outside_the_folder_of_the_index(
    index: WhooshIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(shared))
    monkeypatch.setattr("directory.search.whoosh_index.WRITER_MEMORY", 0.01)

    index.rebuild([document(number) for number in range(300)], PHRASES, upto=1)

    assert list(shared.iterdir()) == []
    assert not (index.store.folder / SCRATCH).exists()
    assert index.check() == 300


def test_what_a_writer_that_died_left_is_cleared(learnt: WhooshIndex) -> None:
    (learnt.store.folder / SCRATCH).mkdir()
    (learnt.store.folder / SCRATCH / "x.run").write_bytes(b"x")

    learnt.update([document(3)], [], upto=8)

    assert learnt.check() == 3
    assert not (learnt.store.folder / SCRATCH).exists()
