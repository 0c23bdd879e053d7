"""An import proposes what differs, and nothing else; all of it or none."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.cli import cli
from directory.domain.lifecycle import ProposalKind, ProposalState
from directory.domain.record import AuthorityRecord
from directory.domain.vocabulary import Audience, ChannelKind
from directory.errors import Denied, Invalid, InvalidState
from directory.exchange.export import ExportedEntry
from directory.exchange.forms import MEDIA_TYPES, Form
from directory.exchange.reading import read_entries
from directory.exchange.sheets import FileRefused
from directory.services.imports import ImportPlan, ImportReport, import_entries, plan_import
from tests.exchange.conftest import ABROAD, AUTHORITY, FRENCH, POINT, READER, Desk
from tests.exchange.files import an_authority, entry, with_note, written
from tests.exchange.spoiled import all_spoiled
from tests.support import factories as make
from tests.support.door import bearer, form_token

WHY = "Yearly review."
#: Width and height in points.
A5 = (419.5, 595.3)
#: The test's browser leaves the temporary file of a larger upload open; programs send those.
SPOOLED = 400_000


def plan(
    desk: Desk, *entries: ExportedEntry, form: Form = Form.XLSX, email: str = ""
) -> ImportPlan:
    actor = desk.actor(email) if email else desk.actor()
    with desk.parts.reading() as session:
        return plan_import(actor, session, read_entries(f"a.{form}", written(form, *entries)))


def run(desk: Desk, *entries: ExportedEntry, reason: str = WHY, agreed: str = "") -> ImportReport:
    read = read_entries("a.xlsx", written(Form.XLSX, *entries))
    with desk.parts.unit_of_work() as uow:
        return import_entries(
            uow, desk.actor(), read, desk.parts.clock(), reason, desk.workflow, agreed=agreed
        )


def of(desk: Desk, entry_id: str) -> ExportedEntry:
    return next(one for one in desk.exported() if one.id == entry_id)


def with_channel(one: ExportedEntry, value: str) -> ExportedEntry:
    assert isinstance(one.record, AuthorityRecord)
    first, *others = one.record.channels
    return with_fields(one, channels=(replace(first, value=value), *others))


def with_fields(one: ExportedEntry, **fields: Any) -> ExportedEntry:
    record: Any = one.record
    return replace(one, record=replace(record, **fields))


def refused(desk: Desk, *entries: ExportedEntry) -> list[str]:
    before = desk.rows()
    with pytest.raises(FileRefused) as error:
        run(desk, *entries)
    assert desk.rows() == before
    return [str(fault.problem) for fault in error.value.faults]


def test_a_row_of_another_state_is_refused(desk: Desk) -> None:
    told = refused(desk, entry(an_authority(), ABROAD, "FR"))
    assert told == ["authority!C4: The row is of the State FR; you propose for RO only."]


def test_an_entry_of_another_state_is_not_given_away(desk: Desk) -> None:
    told = refused(desk, entry(an_authority(), ABROAD), entry(an_authority(), "RO-404"))
    assert [one.split(":")[0] for one in told] == ["authority!A4", "authority!A5"]
    assert told[0].split(ABROAD)[0][14:] == told[1].split("RO-404")[0][14:]


def test_a_reader_may_not_import(desk: Desk) -> None:
    with pytest.raises(Denied):
        plan(desk, entry(an_authority(), AUTHORITY), email=READER)


def test_an_entry_keeps_its_kind(desk: Desk) -> None:
    assert "stays that" in refused(desk, entry(an_authority(), POINT))[0]


def test_a_revision_that_never_was_is_refused(desk: Desk) -> None:
    assert "authority!B4" in refused(desk, entry(an_authority(), AUTHORITY, revision=2))[0]


def test_a_number_without_plus_or_zero_is_refused(desk: Desk) -> None:
    told = refused(desk, with_channel(of(desk, AUTHORITY), "40219999999"))
    assert told[0].startswith("channels!D4: 40219999999 begins with neither + nor 0")


def test_a_point_keeps_its_last_line(desk: Desk) -> None:
    point = of(desk, POINT)
    told = refused(desk, with_fields(point, channels=()))
    assert "urgent telephone" in " ".join(told)


def test_rules_of_a_record_name_sheet_row_and_column(desk: Desk) -> None:
    one = of(desk, AUTHORITY)
    hours = replace(make.office_hours(), zone="Mars/Olympus")
    told = refused(desk, with_fields(one, hours=hours))
    assert told[0].startswith("authority!H4: 'Mars/Olympus' is no time zone")


def test_one_fault_keeps_everything_out(desk: Desk) -> None:
    good = with_note(of(desk, AUTHORITY), "New note.")
    assert len(refused(desk, good, entry(an_authority(), "RO-404"))) == 1
    assert desk.proposals() == []


def test_a_reason_is_asked_for(desk: Desk) -> None:
    with pytest.raises(Invalid):
        run(desk, with_note(of(desk, AUTHORITY), "New note."), reason=" ")


@pytest.mark.parametrize("form", list(Form))
def test_an_unchanged_export_proposes_nothing(desk: Desk, form: Form) -> None:
    found = plan(desk, *desk.exported(), form=form)
    assert (found.changes, found.unchanged) == ((), 4)
    assert run(desk, *desk.exported()).proposals == ()


def test_each_changed_entry_becomes_one_proposal(desk: Desk) -> None:
    first, *others = desk.exported()
    new = replace(entry(make.authority("Court"), "new-1"), revision=0)
    report = run(desk, with_note(first, "New note."), *others, new)
    made = desk.proposals()
    assert report.unchanged == 3
    assert sorted(report.proposals) == sorted(one.id for one in made)
    assert {one.state for one in made} == {ProposalState.SUBMITTED}
    assert {one.batch for one in made} == {report.batch}
    assert sorted(one.kind for one in made) == [ProposalKind.AMEND, ProposalKind.CREATE]
    assert {one.id for one in desk.exported()} == {one.id for one in (first, *others)}


def test_the_difference_is_the_one_that_was_made(desk: Desk) -> None:
    found = plan(desk, with_channel(of(desk, AUTHORITY), "+40 21 765 43 21"))
    (change,) = found.changes
    assert next((one.inner, one.before, one.after) for one in change.differences) == (
        "value",
        "+40211234567",
        "+40217654321",
    )


def test_a_stale_row_is_merged_with_other_fields(desk: Desk) -> None:
    old = of(desk, AUTHORITY)
    make.publish_all(
        desk.parts.engine,
        make.publication(AUTHORITY, an_authority(unit="Unit 2"), base=1),
    )
    (change,) = plan(desk, with_note(old, "New note.")).changes
    assert change.merged
    assert [one.path for one in change.differences] == ["note"]
    assert run(desk, with_note(old, "New note.")).proposals


def test_a_stale_row_that_clashes_is_refused(desk: Desk) -> None:
    old = of(desk, AUTHORITY)
    make.publish_all(
        desk.parts.engine, make.publication(AUTHORITY, an_authority(note="Theirs."), base=1)
    )
    told = refused(desk, with_note(old, "Ours."))
    assert "Theirs." in told[0]
    assert "Ours." in told[0]
    assert told[0].startswith("authority!P4")


def test_what_changed_since_somebody_looked_is_looked_at_again(desk: Desk) -> None:
    old = of(desk, AUTHORITY)
    agreed = plan(desk, with_note(old, "New note.")).digest
    with pytest.raises(InvalidState):
        run(desk, with_note(old, "Another note."), agreed=agreed)
    assert run(desk, with_note(old, "New note."), agreed=agreed).proposals


def test_two_files_that_touch_protected_channels_are_kept_apart(desk: Desk) -> None:
    run(desk, with_channel(of(desk, AUTHORITY), "+40217654321"))
    assert "is open" in refused(desk, with_channel(of(desk, AUTHORITY), "+40217654322"))[0]


def test_channels_that_the_export_hides_stay(desk: Desk) -> None:
    """While nobody can write down who looks, an export holds open lines only."""
    hidden = make.channel("red@justice.example", Audience.BREAK_GLASS)
    record = an_authority()
    channels = (record.channels[0], hidden, *record.channels[1:])
    make.publish_all(
        desk.parts.engine,
        make.publication(AUTHORITY, replace(record, channels=channels), base=1),
    )
    narrow = replace(desk.actor(), narrow=True)
    one = next(one for one in desk.exported(narrow) if one.id == AUTHORITY)
    assert hidden.value not in repr(one)
    assert hidden.value in repr(of(desk, AUTHORITY))
    read = read_entries("a.xlsx", written(Form.XLSX, with_note(one, "New note.")))
    with desk.parts.unit_of_work() as uow:
        import_entries(uow, narrow, read, desk.parts.clock(), WHY, desk.workflow)
    kept = [channel["value"] for channel in desk.proposals()[0].record["channels"]]
    assert kept == [channel.value for channel in channels]


def test_an_export_holds_what_its_recipient_may_see(desk: Desk) -> None:
    own = make.channel("own@justice.example", Audience.OWN_STATE)
    record = replace(an_authority(), channels=(*an_authority().channels, own))
    make.publish_all(desk.parts.engine, make.publication(AUTHORITY, record, base=1))
    assert own.value in repr(desk.exported())
    assert own.value not in repr(desk.exported(desk.actor(FRENCH)))


# Fronts


def upload(client: FlaskClient, name: str, content: bytes) -> TestResponse:
    given = {
        "csrf_token": form_token(client.get("/desk/import")),
        "file": (io.BytesIO(content), name),
    }
    return client.post("/desk/import", data=given, content_type="multipart/form-data")


def confirm(client: FlaskClient, looked: TestResponse, reason: str) -> TestResponse:
    found = re.findall(r'name="(name|kept|agreed)" value="([^"]*)"', looked.text)
    given = {**dict(found), "csrf_token": form_token(looked), "reason": reason}
    return client.post("/desk/import/confirm", data=given, content_type="multipart/form-data")


@pytest.mark.parametrize("form", list(Form))
def test_the_page_shows_every_difference_before_anything_is_made(desk: Desk, form: Form) -> None:
    client = desk.client()
    before = desk.rows()
    looked = upload(client, f"a.{form}", written(form, with_note(of(desk, AUTHORITY), "New note.")))
    assert looked.status_code == 200
    assert "New" in looked.text
    assert desk.rows() == before
    without = confirm(client, looked, " ")
    assert without.status_code == 422
    assert desk.proposals() == []
    assert confirm(client, looked, WHY).location == "/desk"
    assert [one.reason for one in desk.proposals()] == [WHY]


def test_a_kept_file_that_was_spoiled_is_refused(desk: Desk) -> None:
    client = desk.client()
    token = form_token(client.get("/desk/import"))
    for kept in ("", "zz", "eJw=", "AAAA"):
        given = {"csrf_token": token, "kept": kept, "name": "a.csv", "reason": WHY}
        assert client.post("/desk/import/confirm", data=given).status_code == 422


def test_the_page_refuses_every_spoiled_file_and_changes_nothing(desk: Desk) -> None:
    client = desk.client()
    before = desk.rows()
    wrong = []
    for case, name, content, _place in all_spoiled():
        if len(content) > SPOOLED:
            continue
        answer = upload(client, name, content)
        if answer.status_code != 422 or "Nothing was imported" not in answer.text:
            wrong.append((case, answer.status_code))
    assert wrong == []
    assert desk.rows() == before


def test_the_api_refuses_every_spoiled_file_and_changes_nothing(desk: Desk) -> None:
    client = desk.app.test_client()
    headers = bearer(desk.token("proposals:propose"))
    before = desk.rows()
    wrong = []
    for case, name, content, _place in all_spoiled():
        form = name.rpartition(".")[2]
        if form not in set(Form):
            continue
        answer = client.post(
            "/api/v1/imports?reason=x",
            data=content,
            headers=headers,
            content_type=MEDIA_TYPES[Form(form)],
        )
        if answer.status_code != 422 or not answer.json["errors"]:  # type: ignore[index]
            wrong.append((case, answer.status_code))
    assert wrong == []
    assert desk.rows() == before


PROPOSING = ("proposals:propose", "proposals:read")


def ask(
    desk: Desk, query: str, content: bytes, scopes: tuple[str, ...] = PROPOSING
) -> TestResponse:
    return desk.app.test_client().post(
        f"/api/v1/imports{query}",
        data=content,
        headers=bearer(desk.token(*scopes)),
        content_type=MEDIA_TYPES[Form.JSON],
    )


def test_programs_look_first_and_then_propose(desk: Desk) -> None:
    content = written(Form.JSON, with_note(of(desk, AUTHORITY), "New note."))
    looked = ask(desk, "?dry_run=true", content)
    assert looked.status_code == 200
    assert looked.json["changes"][0]["differences"] == [  # type: ignore[index]
        {"path": "note", "before": "A note.", "after": "New note."}
    ]
    assert desk.proposals() == []
    made = ask(desk, "?reason=Yearly", content).json
    assert [one.id for one in desk.proposals()] == made["proposals"]  # type: ignore[index]


def test_a_program_needs_scope_media_type_and_reason(desk: Desk) -> None:
    content = written(Form.JSON, with_note(of(desk, AUTHORITY), "New note."))
    assert ask(desk, "?dry_run=true", content, ("entries:read",)).status_code == 403
    assert ask(desk, "", content).status_code == 422
    headers = bearer(desk.token("proposals:propose"))
    other = desk.app.test_client().post("/api/v1/imports", data=content, headers=headers)
    assert other.status_code == 415


@pytest.fixture
def command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr("directory.cli.exchange.parts_from_environment", lambda: desk.parts)
    return lambda *given: CliRunner().invoke(cli, given)


def test_the_command_exports_looks_and_imports(
    desk: Desk, command: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    focal = desk.actor().name
    done = command("export", "--format", "json", "--as", focal, "--state", "ro", str(path))
    assert done.exit_code == 0, done.output
    document = json.loads(path.read_text("utf-8"))
    assert document["exported"]["recipient"] == focal
    next(one for one in document["entries"] if one["id"] == AUTHORITY)["record"]["note"] = "New."
    path.write_text(json.dumps(document), "utf-8")
    looked = command("import", "--as", focal, "--dry-run", "--json", str(path))
    assert len(json.loads(looked.stdout)["changes"]) == 1
    assert desk.proposals() == []
    made = command("import", "--as", focal, "--reason", WHY, str(path))
    assert made.exit_code == 0, made.output
    assert len(desk.proposals()) == 1


def test_the_command_prints_the_sheet_of_one_state(
    desk: Desk, command: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "ro.pdf"
    many = command("export", "--format", "pdf", "--state", "RO", "--state", "FR", str(path))
    assert many.exit_code == 2
    assert "directory edition make" in many.output
    none = command("export", "--format", "pdf", "--state", "XX", str(path))
    assert (none.exit_code, path.exists()) == (1, False)
    paper = ("--language", "ar", "--paper", "a5")
    made = command("export", "--format", "pdf", "--state", "ro", *paper, str(path))
    assert made.exit_code == 0, made.output
    with pikepdf.open(path) as sheet:
        assert str(sheet.Root.Lang) == "ar"
        assert bool(sheet.Root.MarkInfo.Marked)
        assert [float(one) for one in sheet.pages[0].mediabox[2:]] == pytest.approx(A5, abs=1)


def test_the_command_tells_every_fault_and_what_is_missing(
    desk: Desk, command: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"entry,part\n")
    focal = desk.actor().name
    done = command("import", "--as", focal, "--reason", WHY, str(path))
    assert done.exit_code == 1
    assert "nothing was imported" in done.output
    assert command("import", "--as", focal, str(path)).exit_code == 2
    assert command("import", "--as", "nobody@example.org", "--dry-run", str(path)).exit_code == 1


def test_exports_and_templates_are_for_those_who_propose(desk: Desk) -> None:
    client, reader = desk.client(), desk.client(READER)
    addresses = [f"/desk/export.{form}" for form in Form]
    addresses += [
        "/desk/import/template/authority.xlsx",
        "/desk/import/template/authority-filled.xlsx",
    ]
    for address in addresses:
        assert client.get(address).status_code == 200
        assert reader.get(address).status_code == 403
    for address in ("/desk/export.exe", "/desk/import/template/embassy.xlsx"):
        assert client.get(address).status_code == 404
    filled = client.get("/desk/import/template/authority-filled.xlsx").data
    assert [one.record for one in read_entries("a.xlsx", filled)] == [an_authority()]


def test_numbers_that_were_there_already_are_no_fault(desk: Desk) -> None:
    odd = make.channel("40211234567", kind=ChannelKind.TELEPHONE, warning="number_not_in_plan")
    make.publish_all(
        desk.parts.engine, make.publication(AUTHORITY, an_authority(channels=(odd,)), base=1)
    )
    assert plan(desk, *desk.exported()).changes == ()
