"""Duty packs: who may make one, and what the stand-alone tool refuses."""

import base64
import datetime as dt
import json
import re
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from directory.domain.notes import Signer
from directory.domain.packs import MARK, DeskKey, NoDeskKey, seal_pack
from directory.domain.vocabulary import Audience
from directory.models.change_log import LogEvent
from directory.models.read_audit import ExportMade, ReadView
from directory.services.packs import pack_signer
from directory.settings import Settings
from tests.support.factories import authority, channel, publication, publish_all
from tests.support.secretariat import ENTRY, PROPOSER, Office, open_office, plain

TOOL = SimpleNamespace(**runpy.run_path("tools/open_pack.py", run_name="open_pack"))
SEED = base64.b64encode(bytes(range(1, 33))).decode()
SIGNING = Signer("directory.example/log-packs", Ed25519PrivateKey.from_private_bytes(bytes(32)))
MADE = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
EXPIRES = MADE + dt.timedelta(days=7)
READER = "reader@fr.example"
RESTRICTED, GLASS = "+40213155777", "+40213155888"


def desk(secret: int = 1) -> Any:
    """A desk that trusts the signer."""
    private = X25519PrivateKey.from_private_bytes(bytes([secret]) * 32)
    return TOOL.Desk(private, dict([TOOL.read_key(str(SIGNING.verifier))]))


def pack(owner: Any, signing: Signer = SIGNING, **header: str) -> bytes:
    facts = {
        "desk": "Night desk",
        "serial": "X-0123456789",
        "made_at": MADE.isoformat(),
        "expires_at": EXPIRES.isoformat(),
    } | header
    content = {
        "states": {"RO": "Romania"},
        "types": {"mla": "Mutual legal assistance"},
        "instruments": {"UNTOC": "UNTOC"},
        "points": [entry("RO-1", "Night point\x1b[2J")],
        "authorities": [entry("RO-2", "Ministry")],
    }
    return seal_pack(facts, content, DeskKey(owner.public), signing)


def entry(id_: str, name: str) -> dict[str, Any]:
    duty = {"type": "mla", "instrument": "UNTOC", "article": "18", "territory": ""}
    way = {"kind": "telephone", "purpose": "urgent", "value": "+40213155280"}
    return {
        "id": id_, "state": "RO", "name": name, "revision": 1, "channels": [way],
        "hours": "24/7", "languages": "en", "duties": [duty],
    }  # fmt: skip


def refused(data: bytes, owner: Any, now: dt.datetime = MADE) -> str:
    with pytest.raises(TOOL.Refused) as found:
        TOOL.open_pack(data, owner, now)
    return str(found.value)


# --- what the tool refuses


def test_a_pack_that_is_too_old_is_refused_and_says_how_old() -> None:
    assert "too old: made 7 days 0 hours ago" in refused(pack(desk()), desk(), EXPIRES)
    TOOL.open_pack(pack(desk()), desk(), EXPIRES - dt.timedelta(seconds=1))


def test_a_pack_for_another_desk_is_refused_and_names_it() -> None:
    assert refused(pack(desk(2)), desk()) == "it was made for another desk: Night desk"


def test_another_desk_that_lies_about_its_key_opens_nothing() -> None:
    theirs = desk(2)
    own_id = desk().id

    class Liar(NamedDesk):
        id = own_id

    assert "does not open" in refused(pack(desk()), Liar(theirs.private, theirs.trusted, ""))


class NamedDesk(SimpleNamespace):
    """A desk whose id is not that of its key."""

    def __init__(self, private: Any, trusted: Any, _id: str) -> None:
        super().__init__(private=private, trusted=trusted)
        self.public = private.public_key().public_bytes_raw()


def test_a_pack_from_the_future_is_refused() -> None:
    assert "set the clock" in refused(pack(desk()), desk(), MADE - dt.timedelta(hours=1))
    TOOL.open_pack(pack(desk()), desk(), MADE - dt.timedelta(minutes=5))


def test_a_pack_that_another_directory_signed_is_refused() -> None:
    other = Signer("other.example/packs", Ed25519PrivateKey.generate())
    assert "no directory that this desk trusts" in refused(pack(desk(), other), desk())


def test_a_signer_of_the_trusted_name_with_another_key_is_refused() -> None:
    forged = Signer(SIGNING.name, Ed25519PrivateKey.generate())
    assert "no directory that this desk trusts" in refused(pack(desk(), forged), desk())
    owner = desk()
    claimed = pack(owner, forged).replace(
        forged.verifier.id.hex().encode(), SIGNING.verifier.id.hex().encode()
    )
    assert "altered" in refused(claimed, owner)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"%PDF-1.7" + data[8:],
        lambda data: data[:20],
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: data.replace(b"Night desk", b"Other desk"),
        lambda data: data.replace(b"2026-12-01", b"2036-12-01"),
        lambda data: MARK + b"\xff\xff\xff\xff" + data[12:],
        lambda data: MARK + b"\0\0\0\0" + data[12:],
        lambda data: data.replace(b'{"desk"', b'["desk"', 1),
    ],
)
def test_an_altered_pack_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    whole = pack(desk())
    assert spoil(whole) != whole
    assert "altered" in refused(spoil(whole), desk())


WHOLE = pack(desk())


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_no_changed_byte_goes_unseen(place: int, change: int) -> None:
    spoiled = bytearray(WHOLE)
    spoiled[place] ^= change
    refused(bytes(spoiled), desk())


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, len(WHOLE)), st.binary(max_size=8))
def test_no_cut_and_no_insertion_goes_unseen(start: int, end: int, put: bytes) -> None:
    spoiled = WHOLE[:start] + put + WHOLE[max(start, end) :]
    if spoiled != WHOLE:
        refused(spoiled, desk())


def test_the_whole_pack_opens() -> None:
    """The twin of the refusals: the same bytes, unchanged."""
    assert TOOL.open_pack(WHOLE, desk(), MADE).content["states"] == {"RO": "Romania"}


# --- what it shows


def test_the_age_stands_first_and_nothing_steers_the_terminal() -> None:
    opened = TOOL.open_pack(WHOLE, desk(), MADE + dt.timedelta(days=2, hours=3))
    shown = [TOOL.printable(line) for line in TOOL.lines(opened, [])]
    assert shown[0].startswith("THIS PACK IS 2 DAYS 3 HOURS OLD")
    assert "\x1b" not in "".join(shown)
    assert "  telephone (urgent): +40213155280" in shown


@pytest.mark.parametrize(
    ("words", "count"), [([], 1), (["RO"], 1), (["FR"], 0), (["romania", "mla"], 1), (["x-y"], 0)]
)
def test_words_narrow_what_is_shown(words: list[str], count: int) -> None:
    opened = TOOL.open_pack(WHOLE, desk(), MADE)
    assert f"AUTHORITIES: {count}" in list(TOOL.lines(opened, words))


def test_the_tool_from_key_to_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = ["a long passphrase"] * 2
    monkeypatch.setattr("getpass.getpass", lambda _prompt: typed.pop() if typed else "wrong")
    key, file = tmp_path / "desk.key", tmp_path / "pack"
    assert TOOL.main(["new-desk", str(key), "--directory", str(SIGNING.verifier)]) == 0
    assert key.stat().st_mode & 0o077 == 0
    public = DeskKey.parse(capsys.readouterr().out)
    now = dt.datetime.now(dt.UTC)
    facts = {
        "desk": "D", "serial": "X", "made_at": now.isoformat(),
        "expires_at": (now + dt.timedelta(days=1)).isoformat(),
    }  # fmt: skip
    empty: dict[str, Any] = {
        "states": {},
        "types": {},
        "instruments": {},
        "points": [],
        "authorities": [],
    }
    file.write_bytes(seal_pack(facts, empty, public, SIGNING))
    assert TOOL.main(["open", str(file), str(key)]) == 2
    assert "passphrase" in capsys.readouterr().err
    typed.append("a long passphrase")
    assert TOOL.main(["open", str(file), str(key)]) == 0
    assert capsys.readouterr().out.startswith("THIS PACK IS 0 MINUTES OLD")
    file.write_bytes(file.read_bytes()[:-1])
    typed.append("a long passphrase")
    assert TOOL.main(["open", str(file), str(key)]) == 1
    assert capsys.readouterr().err.startswith("REFUSED: ")
    assert TOOL.main(["trust", str(key), "nonsense"]) == 2
    assert TOOL.main(["new-desk", str(key), "--directory", str(SIGNING.verifier)]) == 2
    other = Signer("next", Ed25519PrivateKey.generate())
    assert TOOL.main(["trust", str(key), str(other.verifier)]) == 0
    assert len(json.loads(key.read_text("utf-8"))["trusted"]) == 2


@pytest.mark.parametrize(
    "text", ["", "desk1:", "desk1:!!", "desk2:" + SEED, SEED, "desk1:" + SEED[:-8],
             "desk1:" + base64.b64encode(bytes(32)).decode()],
)  # fmt: skip
def test_what_is_no_key_of_a_desk_is_refused(text: str) -> None:
    with pytest.raises(NoDeskKey):
        DeskKey.parse(text)


def test_a_key_that_shares_no_secret_is_refused() -> None:
    low_order = DeskKey(bytes([1]) + bytes(31))
    with pytest.raises(NoDeskKey):
        seal_pack({}, {}, low_order, SIGNING)


# --- who makes one


@pytest.fixture
def office(engine: Engine) -> Office:
    opened = open_office(engine)
    lines = (
        channel("+40213155100"),
        channel(RESTRICTED, audience=Audience.OWN_STATE),
        channel(GLASS, audience=Audience.BREAK_GLASS),
    )
    shown = publication("RO-SHOWN0", authority("Shown", channels=lines))
    publish_all(engine, shown)
    with_key(opened, pack_key=SEED)
    return opened


def with_key(office: Office, **changes: Any) -> None:
    parts = office.place.parts
    changed: Settings = replace(parts.settings, **changes)
    office.place.app.extensions["directory"] = replace(parts, settings=changed)


def form(owner: Any) -> dict[str, str]:
    return {"desk": "Night desk", "desk_key": str(DeskKey(owner.public))}


def trusting(office: Office, secret: int = 1) -> Any:
    """A desk that trusts this directory."""
    signing = pack_signer(office.place.app.extensions["directory"].settings)
    assert signing is not None
    return desk(secret)._replace(trusted=dict([TOOL.read_key(str(signing.verifier))]))


def test_an_auditor_makes_none(office: Office) -> None:
    assert office.post("auditor@secretariat.example", "/duty-pack").status_code == 403


def test_a_factor_shown_long_ago_is_asked_for_again_and_the_form_is_kept(office: Office) -> None:
    office.client(READER)
    office.place.clock.move(minutes=6)
    answer = office.post(READER, "/duty-pack", **form(desk()))
    assert answer.status_code == 403
    assert "Night desk" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        ({"desk": " "}, "Name the desk in 1 to 80 characters."),
        ({"desk": "x" * 81}, "Name the desk in 1 to 80 characters."),
        ({"desk_key": "desk1:abc"}, "Not a desk's public key"),
        ({"desk_key": "desk1:" + base64.b64encode(bytes([1]) + bytes(31)).decode()}, "Not a desk"),
    ],
)
def test_what_does_not_fit_is_named_and_kept(
    office: Office, spoiled: dict[str, str], said: str
) -> None:
    answer = office.post(READER, "/duty-pack", **{**form(desk()), **spoiled})
    assert answer.status_code == 422
    assert said in plain(answer)


def test_without_a_key_the_directory_makes_none(office: Office) -> None:
    with_key(office, pack_key="")
    assert "makes no packs yet" in office.get(READER, "/duty-pack")
    assert office.post(READER, "/duty-pack", **form(desk())).status_code == 503


def test_more_packs_than_a_day_allows_are_refused(office: Office) -> None:
    with_key(office, pack_key=SEED, takes_daily=1)
    assert office.post(READER, "/duty-pack", **form(desk())).status_code == 200
    again = office.post(READER, "/duty-pack", **form(desk()))
    assert again.status_code == 409
    assert "in 24 hours" in plain(again)


def test_the_pack_opens_at_its_desk_and_holds_what_its_maker_may_see(office: Office) -> None:
    answer = office.post(READER, "/duty-pack", **form(desk()))
    assert answer.status_code == 200
    opened = TOOL.open_pack(answer.data, trusting(office), office.place.clock())
    text = json.dumps(opened.content)
    assert "+40213155100" in text
    assert RESTRICTED not in text
    assert GLASS not in text
    assert "another desk" in refused(answer.data, trusting(office, 2), office.place.clock())
    after = office.place.clock() + dt.timedelta(days=7)
    assert "too old" in refused(answer.data, trusting(office), after)


def test_no_line_that_needs_a_reason_is_in_a_pack_of_its_own_state(office: Office) -> None:
    answer = office.post(PROPOSER, "/duty-pack", **form(desk()))
    opened = TOOL.open_pack(answer.data, trusting(office), office.place.clock())
    text = json.dumps(opened.content)
    assert RESTRICTED in text
    assert GLASS not in text


def test_it_stands_in_the_read_audit_and_in_the_change_log(office: Office) -> None:
    answer = office.post(READER, "/duty-pack", **form(desk()))
    serial = re.search(r"X-[0-9A-Z]{10}", answer.headers["Content-Disposition"])
    assert serial
    with office.place.parts.reading() as session:
        taken = session.scalars(select(ExportMade)).one()
        seen = session.scalars(select(ReadView.entry_id)).all()
        event = session.scalars(select(LogEvent).where(LogEvent.action == "pack.made")).one()
    assert (taken.serial, taken.form) == (serial[0], "pack")
    assert ENTRY in seen
    assert event.subject_id == serial[0]
    assert "Night desk" not in json.dumps(event.after)
