"""Hostile files are refused before they are kept, and nobody is given what was not looked at."""

import io
import resource
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import undefer

from directory.cli.worker import look_at_files
from directory.errors import Invalid
from directory.exchange import evidence, pdf_child, workbook, workbook_child
from directory.exchange.bounded import Exhausted, told_by
from directory.exchange.evidence import SAID, checked, refusal_of
from directory.models.change_log import LogEvent
from directory.models.proposal import Evidence
from directory.services.proposals import LARGEST_FILE, EvidenceFile
from tests.support.door import START, form_token
from tests.support.pdf import PLAIN_PDF, make_pdf
from tests.support.secretariat import FIRST, PROPOSER, Office, open_office, plain

SECONDS, MEMORY = 2.0, 256 * 1024 * 1024


def script(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def hidden_script(document: Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    document.pages[0].AA = Dictionary(O=document.make_indirect(action))


def script_in_names(document: Pdf) -> None:
    names = Array([String("x"), Dictionary(S=Name.JavaScript, JS=String("1"))])
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=names))


def launch(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.Launch, F=String("cmd.exe"))


def form(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=String("<x/>"))


def attachment(document: Pdf) -> None:
    document.attachments["x.exe"] = b"MZ"


def deep(document: Pdf) -> None:
    inner = Array()
    for _ in range(200):
        inner = Array([inner])
    document.Root.Deep = inner


def zipped(name: str = "x.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(name, "x")
    return out.getvalue()


PACKED = make_pdf(script, object_stream_mode=pikepdf.ObjectStreamMode.generate)
LOCKED = make_pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
OPEN_BUT_ENCRYPTED = make_pdf(encryption=pikepdf.Encryption(owner="o", user=""))
HALF = PLAIN_PDF[: len(PLAIN_PDF) // 2]
ZIP_COMMENT = zipped()[:-2] + len(b"\n%%EOF").to_bytes(2, "little") + b"\n%%EOF"


def note(content: bytes, name: str = "note.pdf") -> EvidenceFile:
    return EvidenceFile(file_name=name, content=content)


#: What is sent -> the code of the refusal.
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "no_pdf"),
    "one byte": (b"%", "no_pdf"),
    "only the marks": (b"%PDF-1.7\n%%EOF\n", "damaged"),
    "cut off": (HALF, "no_pdf"),
    "cut off with an end put on": (HALF + b"\n%%EOF\n", "damaged"),
    "middle taken out": (PLAIN_PDF[:100] + PLAIN_PDF[-60:], "damaged"),
    "locked": (LOCKED, "encrypted"),
    "encrypted without a password": (OPEN_BUT_ENCRYPTED, "encrypted"),
    "a script on opening": (make_pdf(script), "active"),
    "a script on a page": (make_pdf(hidden_script), "active"),
    "a script among the names": (make_pdf(script_in_names), "active"),
    "a script in a packed object": (PACKED, "active"),
    "a program to launch": (make_pdf(launch), "active"),
    "a form of another language": (make_pdf(form), "active"),
    "a file inside": (make_pdf(attachment), "embedded"),
    "an archive behind": (PLAIN_PDF + zipped(), "no_pdf"),
    "an archive behind that ends as a PDF": (PLAIN_PDF + ZIP_COMMENT, "polyglot"),
    "a page before": (b"<html>" + PLAIN_PDF, "no_pdf"),
    "a page inside": (PLAIN_PDF.replace(b"\n", b"\n%<script>alert(1)</script>\n", 1), "polyglot"),
    "an archive": (zipped(), "no_pdf"),
    "a workbook": (zipped("xl/workbook.xml"), "no_pdf"),
    "a program": (b"MZ\x90\x00" * 100, "no_pdf"),
    "an image": (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "no_pdf"),
    "the test word of scanners": (
        PLAIN_PDF.replace(b"%%EOF", b"%" + pdf_child.TEST_WORD + b"\n%%EOF"),
        "malware",
    ),
    "nested without end": (make_pdf(deep), "too_much"),
}


@pytest.fixture
def office(engine: Engine) -> Office:
    return open_office(engine)


def kept(office: Office) -> list[Evidence]:
    with office.place.parts.reading() as session:
        return list(session.scalars(select(Evidence).options(undefer(Evidence.content))))


def send(office: Office, proposal: str, name: str, content: bytes, email: str = PROPOSER) -> object:
    client = office.client(email)
    return client.post(
        f"/proposals/{proposal}/evidence",
        data={
            "csrf_token": form_token(client.get("/help")),
            "version": str(office.desk.version(proposal)),
            "file": (io.BytesIO(content), name),
        },
        content_type="multipart/form-data",
    )


@pytest.fixture
def draft(office: Office) -> str:
    from_proposer = office.desk.propose(PROPOSER, "RO-AAAAAA", lambda record: record, submit=False)
    office.desk.officer = PROPOSER
    return from_proposer


# --- refused


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused_with_what_is_wrong(what: str) -> None:
    content, code = HOSTILE[what]
    began = time.monotonic()
    assert refusal_of(content) == code
    with pytest.raises(Invalid) as refused:
        checked(note(content))
    assert refused.value.problems
    # Two looks, each with the start of a process, on a machine that does other work too.
    assert time.monotonic() - began < 2 * (SECONDS + 3)


def test_a_child_ends_itself_before_its_parent_loses_patience() -> None:
    assert evidence.PATIENCE == pdf_child.SECONDS + 3
    assert workbook.PATIENCE == workbook_child.SECONDS + 5


def test_a_plain_file_is_taken() -> None:
    assert refusal_of(PLAIN_PDF) == ""
    assert checked(note(PLAIN_PDF)).released


def test_every_refusal_of_the_child_has_words() -> None:
    assert {code for _content, code in HOSTILE.values()} | {"too_much"} == set(SAID)


def of_length(stream: int) -> bytes:
    """A PDF with a stream of that many bytes, not compressed."""

    def change(document: Pdf) -> None:
        document.Root.Padding = document.make_stream(b" " * stream)

    return make_pdf(change, compress_streams=False)


@pytest.mark.parametrize("more", [0, 1])
def test_the_largest_file_is_taken_and_one_byte_more_is_not(more: int) -> None:
    guess = LARGEST_FILE - 2000
    body = of_length(guess + LARGEST_FILE + more - len(of_length(guess)))
    assert len(body) == LARGEST_FILE + more
    if more:
        with pytest.raises(Invalid):
            checked(note(body))
    else:
        assert checked(note(body)).released


NAMES = [
    "x" * 201 + ".pdf",
    "note\u202efdp.exe",
    "no\u200bte.pdf",
    "no\x00te.pdf",
    "no\nte.pdf",
    "   ",
    "../../etc/passwd",
    "C:\\notes\\a.pdf",
    "a\r\nSet-Cookie: x=1.pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        checked(note(PLAIN_PDF, name))


@pytest.mark.parametrize("what", ["a script on opening", "cut off", "nothing", "locked"])
def test_nothing_refused_is_kept(office: Office, draft: str, what: str) -> None:
    answer = send(office, draft, "note.pdf", HOSTILE[what][0])
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert kept(office) == []


def bomb(kind: str) -> bytes:
    """A small file that unpacks to gigabytes."""
    if kind == "pdf":
        zeros = b"\0" * (300 * 1024 * 1024)
        document = pikepdf.new()
        document.add_blank_page()
        document.Root.Bomb = document.make_stream(zeros)
        out = io.BytesIO()
        document.save(out, compress_streams=True, recompress_flate=True)
        return out.getvalue()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")
        with package.open("xl/sharedStrings.xml", "w") as member:
            for _ in range(300):
                member.write(b"<si><t>" + b"A" * 1024 * 1024 + b"</t></si>")
    return out.getvalue()


def laughs() -> bytes:
    entities = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "lol"}">' * 1 for n in range(30)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", f"<!DOCTYPE x [{entities}]><workbook>&l29;</workbook>")
        package.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")
    return out.getvalue()


#: Name -> the child that reads it, the file, what the child may say (None: anything but its death).
BOMBS = {
    "zip": (workbook_child.__file__, bomb("zip"), {"bomb"}),
    "xml": (workbook_child.__file__, laughs(), {"damaged"}),
    "pdf": (pdf_child.__file__, bomb("pdf"), {"", "too_much"}),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_bombs_are_refused_in_two_seconds_and_256_megabytes(kind: str) -> None:
    program, content, expected = BOMBS[kind]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    (said,) = told_by(program, content, SECONDS + 3)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert said["refused"] in expected
    # Processor time: what the file costs, however busy the machine is.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS
    assert peak(program, content) < MEMORY


def peak(program: str, content: bytes) -> int:
    """The most memory of a child that reads the file, in bytes."""
    watcher = (
        "import resource, subprocess, sys;"
        "subprocess.run([sys.executable, '-I', sys.argv[1]], input=sys.stdin.buffer.read(),"
        "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)"
    )
    command = [sys.executable, "-c", watcher, program]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return int(done.stdout)


def test_a_child_that_never_ends_is_stopped(tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import time\ntime.sleep(60)\n")
    began = time.monotonic()
    with pytest.raises(Exhausted):
        told_by(str(endless), b"", 1.0)
    assert time.monotonic() - began < 10


def test_a_child_that_dies_is_a_refusal(tmp_path: Path) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    with pytest.raises(Exhausted):
        told_by(str(dying), b"", 5.0)


def test_a_child_sees_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECTORY_SESSION_KEY", "not to be seen")
    looking = tmp_path / "looking.py"
    looking.write_text("import json, os\nprint(json.dumps(dict(os.environ)))\n")
    (seen,) = told_by(str(looking), b"", 10.0)
    assert not any("DIRECTORY" in name for name in seen)


# --- quarantine


def scanner(folder: Path, answer: int) -> tuple[str, ...]:
    program = folder / "scanner"
    program.write_text(f"#!/bin/sh\ncat > /dev/null\nexit {answer}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return (str(program),)


def test_what_a_scanner_finds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        checked(note(PLAIN_PDF), scanner(tmp_path, evidence.FOUND))
    assert refused.value.problems[0].message == SAID["malware"]


@pytest.mark.parametrize("answer", [2, 127])
def test_without_an_answer_of_the_scanner_the_file_waits(tmp_path: Path, answer: int) -> None:
    assert not checked(note(PLAIN_PDF), scanner(tmp_path, answer)).released
    assert not checked(note(PLAIN_PDF), ("/no/such/scanner",)).released
    assert checked(note(PLAIN_PDF), scanner(tmp_path, 0)).released


def in_quarantine(office: Office, content: bytes = PLAIN_PDF) -> tuple[str, Evidence]:
    proposal = office.changed_number()
    with office.place.work() as uow:
        uow.session.execute(update(Evidence).values(released_at=None, content=content))
    (file,) = kept(office)
    return proposal, file


def test_nobody_is_given_a_file_in_quarantine(office: Office) -> None:
    proposal, file = in_quarantine(office)
    for email, address in (
        (PROPOSER, f"/proposals/{proposal}/evidence/{file.name}"),
        (FIRST, f"/reviews/evidence/{file.name}"),
    ):
        answer = office.client(email).get(address)
        assert answer.status_code == 409
        assert b"%PDF" not in answer.data
    assert "in quarantine" in plain(office.get(PROPOSER, f"/proposals/{proposal}"))
    assert "in quarantine" in plain(office.get(FIRST, f"/reviews/{proposal}"))


def actions(office: Office) -> list[str]:
    with office.place.parts.reading() as session:
        wanted = LogEvent.action.like("evidence.%")
        return list(session.scalars(select(LogEvent.action).where(wanted)))


def test_the_worker_lets_out_what_is_fit(office: Office) -> None:
    _proposal, file = in_quarantine(office)
    assert look_at_files(office.place.parts, START) == {"looked_at": 1, "released": 1}
    assert look_at_files(office.place.parts, START) == {}
    answer = office.client(FIRST).get(f"/reviews/evidence/{file.name}")
    assert answer.data == PLAIN_PDF
    assert actions(office) == ["evidence.released"]


def test_the_worker_keeps_back_for_good_what_is_not(office: Office) -> None:
    _proposal, file = in_quarantine(office, make_pdf(script))
    assert look_at_files(office.place.parts, START) == {"looked_at": 1, "released": 0}
    assert look_at_files(office.place.parts, START) == {}
    assert office.client(FIRST).get(f"/reviews/evidence/{file.name}").status_code == 409
    (after,) = kept(office)
    assert (after.refused_as, after.content) == ("active", make_pdf(script))
    assert actions(office) == ["evidence.refused"]


# --- given out


def test_files_are_given_as_attachments_that_no_browser_opens(office: Office) -> None:
    proposal = office.changed_number()
    (file,) = kept(office)
    for email, address in (
        (PROPOSER, f"/proposals/{proposal}/evidence/{file.name}"),
        (FIRST, f"/reviews/evidence/{file.name}"),
    ):
        answer = office.client(email).get(address)
        assert answer.status_code == 200
        assert answer.data == PLAIN_PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "application/pdf"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_files_address_is_random_and_says_nothing_of_its_name(office: Office) -> None:
    office.changed_number()
    (file,) = kept(office)
    assert len(file.name) == 43
    assert "note" not in file.name


@pytest.mark.parametrize("name", ['note "verbale".pdf', "Bericht Äß.pdf", "письмо.pdf", "a;b.pdf"])
def test_a_name_cannot_leave_its_header(office: Office, name: str) -> None:
    office.changed_number()
    with office.place.work() as uow:
        uow.session.execute(update(Evidence).values(file_name=name))
    (file,) = kept(office)
    header = office.client(FIRST).get(f"/reviews/evidence/{file.name}").headers
    disposition = header["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert "\r" not in disposition
    assert "\n" not in disposition
    disposition.encode("latin-1")
