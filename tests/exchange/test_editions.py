"""Editions: what is in them, how they are bound, who may have a copy, and what never fails them."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select

from directory.cli import cli
from directory.cli.edition_job import EditionJobs, make_edition
from directory.domain.editions import Change, EditionFacts, EditionState, change_of, gone_since
from directory.domain.vocabulary import Audience, EntryStatus, Role
from directory.errors import Denied, InvalidState, NotFound
from directory.exchange.edition_binding import NotTagged, entry_pages
from directory.exchange.edition_files import FileLost, kept
from directory.exchange.edition_pdf import EditionSheet, Line, SettingFailed, set_edition
from directory.models.change_log import LogEvent
from directory.models.edition import Edition
from directory.models.read_audit import ExportMade, ReadView
from directory.parts import Parts
from directory.services import editions as services
from directory.services.editions import SILENCE, claim_edition, take_edition
from tests.support import factories as make
from tests.support.factories import authority, channel, publication, publish_all
from tests.support.secretariat import COLLEAGUE, ENTRY, FIRST, PROPOSER, Office, open_office, plain
from tests.support.trial import counted_statements

HIDDEN = "+40213155777"
LIST_STATEMENTS = 3


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    opened = open_office(engine)
    parts = opened.place.parts
    settings = replace(parts.settings, editions_dir=tmp_path / "editions")
    opened.place.app.extensions["directory"] = replace(parts, settings=settings)
    return opened


def parts_of(office: Office) -> Parts:
    found: Parts = office.place.app.extensions["directory"]
    return found


def made(office: Office, language: str = "en") -> Edition:
    """An edition, asked for by an officer and made by the job."""
    assert office.post(FIRST, "/editions", language=language).status_code == 303
    with office.place.work() as uow:
        number = claim_edition(uow, office.place.clock())
    assert number is not None
    told: list[EditionState] = []
    make_edition(parts_of(office), number, lambda state, _done, _total: told.append(state))
    assert told == [
        EditionState.SETTING,
        EditionState.SETTING,
        EditionState.BINDING,
        EditionState.MADE,
    ]
    return edition(office, number)


def edition(office: Office, number: int) -> Edition:
    with parts_of(office).reading() as session:
        found = session.get(Edition, number)
        assert found is not None
        return found


def text_of(file: pikepdf.Pdf) -> str:
    """The titles of all headings in the structure tree."""

    def walk(element: pikepdf.Object) -> Sequence[str]:
        own = [str(element.T)] if "/T" in element else []
        kids: pikepdf.Object = element.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                own += walk(kid)
        return own

    return "\n".join(walk(file.Root.StructTreeRoot.K[0]))


# --- who


@pytest.mark.parametrize("who", ["reader@fr.example", "auditor@secretariat.example"])
def test_nobody_takes_an_edition_without_the_permission(office: Office, who: str) -> None:
    number = made(office).number
    assert office.post(who, f"/editions/{number}/file").status_code == 403
    office.get(who, "/editions", 403)


@pytest.mark.parametrize("who", ["reader@fr.example", PROPOSER, "auditor@secretariat.example"])
def test_only_the_secretariat_asks_for_one(office: Office, who: str) -> None:
    assert office.post(who, "/editions", language="en").status_code == 403


def test_a_factor_shown_long_ago_is_asked_for_again(office: Office) -> None:
    number = made(office).number
    client = office.client(PROPOSER)
    office.place.clock.move(minutes=6)
    answer = office.post(PROPOSER, f"/editions/{number}/file")
    assert answer.status_code == 403
    assert "Confirm that it is you" in plain(answer)
    assert client is office.client(PROPOSER)


def test_a_program_takes_none(office: Office) -> None:
    narrowed = make.actor(Role.FOCAL_POINT, state="RO", scopes=["entries:read"])
    with office.place.work() as uow, pytest.raises(Denied):
        take_edition(uow, narrowed, 1, 5, office.place.clock())


def test_an_unknown_language_and_a_second_of_the_same_are_refused(office: Office) -> None:
    assert office.post(FIRST, "/editions", language="xx").status_code == 422
    assert office.post(FIRST, "/editions", language="fr").status_code == 303
    again = office.post(FIRST, "/editions", language="fr")
    assert again.status_code == 409
    assert "is being made already" in plain(again)


def test_what_is_not_made_cannot_be_taken(office: Office) -> None:
    office.post(FIRST, "/editions", language="en")
    assert office.post(FIRST, "/editions/1/file").status_code == 404
    assert office.post(FIRST, "/editions/9/file").status_code == 404


def test_more_copies_than_a_day_allows_are_refused(office: Office) -> None:
    number = made(office).number
    with office.place.work() as uow:
        for _ in range(5):
            take_edition(uow, make.actor(Role.FOCAL_POINT), number, 5, office.place.clock())
        with pytest.raises(InvalidState):
            take_edition(uow, make.actor(Role.FOCAL_POINT), number, 5, office.place.clock())
    office.place.clock.move(hours=25)
    with office.place.work() as uow:
        take_edition(uow, make.actor(Role.FOCAL_POINT), number, 5, office.place.clock())


# --- what


def test_the_copy_is_marked_audited_and_still_tagged(office: Office, tmp_path: Path) -> None:
    found = made(office)
    answer = office.post(PROPOSER, f"/editions/{found.number}/file")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    serial = re.search(r"X-[0-9A-Z]{10}", answer.headers["Content-Disposition"])
    assert serial
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(answer.data)
    with pikepdf.open(copy) as file:
        assert all("/Mark" in page.resources.XObject for page in file.pages)
        assert file.Root.MarkInfo.Marked
        assert len(file.pages) == found.pages
    with parts_of(office).reading() as session:
        taken = session.scalars(select(ExportMade)).one()
        assert (taken.serial, taken.form, taken.entries) == (serial[0], "edition", found.total)
        assert session.scalars(select(ReadView.entry_id)).all().count(ENTRY) == 1


def test_the_hash_in_the_change_log_is_that_of_the_file_kept(office: Office) -> None:
    found = made(office)
    path = kept(found.sha256, parts_of(office).settings.editions_dir)
    assert path.stat().st_mode & 0o077 == 0
    with parts_of(office).reading() as session:
        event = session.scalars(select(LogEvent).where(LogEvent.action == "edition.made")).one()
    assert event.after is not None
    assert event.after["sha256"] == found.sha256


def test_a_file_that_was_altered_or_lost_is_not_handed_out(office: Office) -> None:
    found = made(office)
    store = parts_of(office).settings.editions_dir
    path = kept(found.sha256, store)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(FileLost):
        kept(found.sha256, store)
    assert office.post(FIRST, f"/editions/{found.number}/file").status_code == 503
    path.unlink()
    with pytest.raises(FileLost):
        kept(found.sha256, store)


def test_it_holds_what_every_reader_may_see_and_no_more(office: Office) -> None:
    lines = (channel("+40213155100"), channel(HIDDEN, audience=Audience.OWN_STATE))
    retired = publication("RO-RETIRE", authority("Gone"), status=EntryStatus.RETIRED)
    shown = publication("RO-SHOWN0", authority("Shown", channels=lines))
    publish_all(office.place.parts.engine, shown, retired)
    found = made(office)
    with parts_of(office).reading() as session:
        contents = session.scalars(select(Edition.contents)).one()
    assert "RO-SHOWN0" in contents
    assert "RO-RETIRE" not in contents
    assert found.total == len(contents)


def test_changes_are_marked_against_the_edition_before(office: Office) -> None:
    first = made(office)
    publish_all(office.place.parts.engine, publication("FR-NEW000", authority("Novelty")))
    second = made(office)
    assert (first.since, second.since) == (None, first.number)
    store = parts_of(office).settings.editions_dir
    with pikepdf.open(kept(second.sha256, store)) as file:
        assert f"Changed since edition {first.number}" in text_of(file)
    with pikepdf.open(kept(first.sha256, store)) as file:
        assert "Changed since" not in text_of(file)


def test_new_changed_gone_and_the_same_are_told_apart() -> None:
    day = make.TODAY
    facts = EditionFacts(
        number=2, on=day, entries=2, since=1, before={"A": ("RO", 1), "B": ("RO", 1)}
    )
    assert change_of(facts, "A", 1) is None
    assert change_of(facts, "A", 2) is Change.CHANGED
    assert change_of(facts, "C", 1) is Change.NEW
    assert gone_since(facts, {"A": ("RO", 1)}) == ("B",)
    assert change_of(EditionFacts(number=1, on=day, entries=0), "A", 1) is None


# --- how it is bound


def sheet(count: int, language: str = "en") -> EditionSheet:
    """An edition of invented entries of two States."""
    return EditionSheet(
        language=language,
        title="Directory",
        author="Directory",
        footer="Edition 1",
        front={"subtitle": "as of today", "notes": ["A note."], "facts": [["Root", "ab"]]},
        headings={
            name: name.upper() for name in ("contents", "entries", "changes", "by_state", "by_type")
        },
        types=("Type A", "Type B"),
        changes=("Marked.",),
        gone_title="Gone",
        gone=lambda: ("RO: RO-1",),
        entries=(line(number) for number in range(count)),
    )


def line(number: int) -> Line:
    name, change = f"Office {number} – مكتب – 办公室", "New" if number % 2 else ""
    block = {
        "name": name,
        "about": "Authority",
        "change": change,
        "names": ["#strong[not markup]"],
        "warnings": ["Synthetic"],
        "rows": [["Telephone", "+40 21 315 5280", "ltr"]],
        "duties": ["Type A: UNTOC, article 18"],
    }
    state = "France" if number < 3 else "Romania"
    return Line(
        id=str(number), state=state, name=name, types=("Type A",), change=change, block=block
    )


def nothing(_done: int) -> None:
    """Nobody is told."""


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_parts_are_bound_to_one_tagged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr("directory.exchange.edition_pdf.AT_ONCE", 4)
    monkeypatch.setattr("directory.exchange.edition_pdf.LINES_AT_ONCE", 8)
    out = tmp_path / "out.pdf"
    pages = set_edition(sheet(10, language), tmp_path, out, nothing, nothing)
    with pikepdf.open(out) as file:
        assert len(file.pages) == pages
        assert str(file.Root.Lang) == language
        tree = file.Root.StructTreeRoot
        numbers = [int(one) for one in list(tree.ParentTree.Nums)[::2]]
        assert numbers == list(range(len(numbers)))
        assert [int(page.obj.StructParents) in numbers for page in file.pages] == [True] * pages
        found = text_of(file)
        assert [found.count(f"Office {number} ") for number in range(10)] == [1] * 10
        links = [one for page in file.pages for one in page.obj.get("/Annots", [])]
        assert links
        assert all("/Dest" in one and "/A" not in one for one in links)
        assert {one.Dest[0].objgen for one in links} <= {one.obj.objgen for one in file.pages}
        with file.open_metadata() as facts:
            assert facts["pdfuaid:part"] == "1"
        with file.open_outline() as outline:
            assert [one.title for one in outline.root] == [
                "ENTRIES",
                "France",
                "Romania",
                "CHANGES",
                "BY_STATE",
                "BY_TYPE",
            ]


def test_a_part_without_tags_is_refused(tmp_path: Path) -> None:
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(tmp_path / "untagged.pdf")
    with pytest.raises(NotTagged):
        entry_pages(tmp_path / "untagged.pdf")


def test_what_typst_refuses_is_said(tmp_path: Path) -> None:
    broken = replace(sheet(1), front={})
    with pytest.raises(SettingFailed, match="subtitle"):
        set_edition(broken, tmp_path, tmp_path / "out.pdf", nothing, nothing)


# --- the worker


def test_what_fails_is_noted_and_can_be_asked_for_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.post(FIRST, "/editions", language="en")
    with office.place.work() as uow:
        number = claim_edition(uow, office.place.clock()) or 0

    def broken(*_given: object) -> int:
        raise SettingFailed("no room")

    monkeypatch.setattr("directory.cli.edition_job.set_edition", broken)
    with pytest.raises(SettingFailed):
        make_edition(parts_of(office), number, lambda *_told: None)
    assert edition(office, number).state is EditionState.FAILED
    assert "Could not be made" in office.get(COLLEAGUE, "/editions")
    assert office.post(FIRST, "/editions", language="en").status_code == 303


def test_one_whose_maker_fell_silent_is_given_up(office: Office) -> None:
    office.post(FIRST, "/editions", language="en")
    with office.place.work() as uow:
        assert claim_edition(uow, office.place.clock()) == 1
        assert claim_edition(uow, office.place.clock()) is None
    office.place.clock.move(seconds=SILENCE.total_seconds() + 1)
    assert EditionJobs(parts_of(office)).look(office.place.clock()) == {"broken_off": [1]}
    assert edition(office, 1).state is EditionState.FAILED


def test_an_edition_that_is_gone_is_not_made(office: Office) -> None:
    with pytest.raises(NotFound):
        make_edition(parts_of(office), 7, lambda *_told: None)


def test_the_page_shows_progress_in_few_statements(office: Office) -> None:
    for language in ("en", "fr"):
        office.post(FIRST, "/editions", language=language)
    with office.place.work() as uow:
        number = claim_edition(uow, office.place.clock()) or 0
        services.tell_progress(uow, number, EditionState.SETTING, 30, 60, office.place.clock())
    office.get(COLLEAGUE, "/editions")
    with counted_statements(office.place.parts.engine) as sent:
        page = office.get(COLLEAGUE, "/editions")
    assert "30 of 60 entries" in page
    assert "Waits for the worker" in page
    assert len(sent) <= LIST_STATEMENTS, sent


def test_the_command_lists_them(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.cli.editions.parts_from_environment", lambda: parts_of(office))

    def told(*more: str) -> str:
        return CliRunner().invoke(cli, ["edition", "list", *more]).output

    assert "no edition was made yet" in told()
    office.post(FIRST, "/editions", language="fr")
    assert "1  fr  waiting  0/0" in told()
    assert json.loads(told("--json"))["editions"][0]["language"] == "fr"


def test_a_page_that_follows_asks_again_until_nothing_is_being_made(office: Office) -> None:
    def asks_again(address: str) -> str | None:
        return office.client(COLLEAGUE).get(address).headers.get("Refresh")

    assert asks_again("/editions?follow=true") is None
    leads = office.post(FIRST, "/editions", language="en").location
    assert leads == "/editions?follow=true"
    assert asks_again(leads) == "10"
    assert asks_again("/editions") is None, "readers can stop it"
