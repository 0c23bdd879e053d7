"""The pages about the past, on the prepared directory: refusals first."""

import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.record import from_dict
from directory.domain.vocabulary import EntryKind
from directory.models.entry import Entry, EntryRevision
from directory.services.checkpoints import known_keys, make_checkpoint, signer
from directory.services.entry_rows import Publication
from directory.services.publishing import publish
from tests.conftest import BACKENDS
from tests.support.codes import text_of
from tests.support.door import form_token
from tests.support.postgres import postgres_url
from tests.support.trial import MOMENT, Trial, counted_statements, prepare_trial

NEW = "+40213141599"
#: More than one page of revisions.
MANY = 200
TOMORROW = MOMENT + dt.timedelta(days=1)


@pytest.fixture(scope="module", params=BACKENDS)
def trial(
    request: pytest.FixtureRequest, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """The prepared directory, in which one number was changed and one entry amended often."""
    folder = tmp_path_factory.mktemp("history")
    is_postgres = request.param == "postgresql"
    url = postgres_url(f"{worker}_history") if is_postgres else f"sqlite:///{folder / 'd.db'}"
    trial = prepare_trial(url, folder)
    yield trial
    trial.parts.engine.dispose()


@pytest.fixture(scope="module")
def ids(trial: Trial) -> list[str]:
    """Two Romanian authorities with a telephone: the first amended once, the second often."""
    with trial.parts.reading() as session:
        found = session.scalars(
            select(Entry.id)
            .where(Entry.state_code == "RO", Entry.kind == EntryKind.AUTHORITY)
            .order_by(Entry.id)
            .limit(2)
        ).all()
    amend(trial, found[0], 1)
    amend(trial, found[1], MANY - 1)
    settings = trial.parts.settings
    with UnitOfWork(trial.parts.engine) as uow:
        make_checkpoint(uow, signer(settings), known_keys(settings), TOMORROW)
    return list(found)


def amend(trial: Trial, entry_id: str, times: int) -> None:
    """Give the entry another telephone, a day after it was recorded."""
    with trial.parts.reading() as session:
        plain = session.scalars(
            select(EntryRevision.record).where(EntryRevision.entry_id == entry_id)
        ).one()
    for number in range(1, times + 1):
        channel = {"kind": "telephone", "value": f"{NEW[:-3]}{number:03}"}
        record = from_dict(EntryKind.AUTHORITY, {**plain, "channels": [channel]})
        at = TOMORROW + dt.timedelta(seconds=number)
        made = Publication(
            entry_id=entry_id, state="RO", record=record, by="a test", at=at, reason="renumbered",
            base=number,
        )  # fmt: skip
        with UnitOfWork(trial.parts.engine) as uow:
            publish(uow, [made])


@pytest.fixture(scope="module")
def app(trial: Trial, ids: list[str]) -> Flask:
    del ids
    later = replace(trial.parts, clock=lambda: TOMORROW + dt.timedelta(hours=1))
    return Trial(later, trial.passwords).app()


@pytest.fixture
def reader(trial: Trial, app: Flask) -> FlaskClient:
    return trial.client(app)


@pytest.fixture
def first(ids: list[str]) -> str:
    return ids[0]


YESTERDAY = MOMENT.date().isoformat()


# --- refused


@pytest.mark.parametrize(
    "address",
    ["/entries/{}/history", "/entries/{}/as-of/2026-11-24", "/entries/{}/extract"],
)
def test_strangers_are_shown_the_way_in(app: Flask, first: str, address: str) -> None:
    assert app.test_client().get(address.format(first)).status_code == 302


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/entries/RO-NOTHERE/history", 404),
        ("/entries/{}/history?from=1", 422),
        ("/entries/{}/history?from=1&to=99", 404),
        ("/entries/{}/history?before=x", 422),
        ("/entries/{}/as-of/yesterday", 422),
        ("/entries/{}/as-of/2026-13-01", 422),
        ("/entries/{}/as-of/2026-11-24?as_known=1999-01-01", 404),
        ("/entries/{}/as-of/2026-11-24?as_known=never", 422),
        ("/entries/{}/extract?format=docx", 422),
        ("/entries/{}/extract?as_of=soon", 422),
        ("/entries/RO-NOTHERE/extract", 404),
        ("/counterpart/extract?requested=RO&type=nothing", 422),
    ],
)
def test_what_is_not_there_or_not_meant_is_refused(
    reader: FlaskClient, first: str, address: str, status: int
) -> None:
    assert reader.get(address.format(first)).status_code == status


def test_a_wrong_day_in_an_address_is_named_with_its_form_after_what_to_do(
    reader: FlaskClient, first: str
) -> None:
    page = reader.get(f"/entries/{first}/as-of/2026-99-99").text
    told = page.index("<dt><bdi>date</bdi></dt>")
    assert "give a day as YYYY-MM-DD, from 1900-01-01 to 2199-12-31" in page[told:]
    assert "Mend the values named below" in page[:told]


def test_a_forged_seal_is_not_valid(app: Flask) -> None:
    answer = app.test_client().get("/seal/" + "A" * 186)
    assert answer.status_code == 422
    assert "Not valid." in answer.text


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", "[" * 5000, '{"a": 1, "a": 2}', "1.5", "\x00"]
)
def test_what_is_no_extract_is_not_valid(app: Flask, text: str) -> None:
    answer = checked(app.test_client(), text)
    assert answer.status_code == 422
    assert "Not valid." in answer.text


def checked(client: FlaskClient, text: str, name: str = "extract") -> Any:
    token = form_token(client.get("/seal"))
    given: Any = (io.BytesIO(text.encode()), "extract.json") if name == "file" else text
    return client.post("/seal", data={"csrf_token": token, name: given})


def test_the_seal_page_wants_its_own_form(app: Flask) -> None:
    assert app.test_client().post("/seal", data={"extract": "{}"}).status_code == 400


# --- allowed


def test_history_says_what_changed_and_names_nobody(reader: FlaskClient, first: str) -> None:
    page = reader.get(f"/entries/{first}/history").text
    assert "renumbered" in page
    assert "<ins>" in page
    assert "Revision 2" in page
    assert "Event " in page


def test_two_revisions_are_compared(reader: FlaskClient, ids: list[str]) -> None:
    page = reader.get(f"/entries/{ids[1]}/history?from=3&to=150").text
    assert "<del>" in page
    assert "Revision 3" in page


def test_history_of_many_revisions_takes_few_statements(
    trial: Trial, reader: FlaskClient, ids: list[str]
) -> None:
    reader.get("/")
    with counted_statements(trial.parts.engine) as sent:
        page = reader.get(f"/entries/{ids[1]}/history")
    assert f"{MANY} revisions on record" in page.text
    assert len(sent) < 10, sent
    last = reader.get(f"/entries/{ids[1]}/history?before=2").text
    assert "The first record of this entry." in last


def test_the_entry_as_of_yesterday_is_marked_as_past(reader: FlaskClient, first: str) -> None:
    then = reader.get(f"/entries/{first}/as-of/{YESTERDAY}").text
    now = reader.get(f"/entries/{first}").text
    assert "The past: as of 24 Nov 2026." in then
    assert f'href="/entries/{first}"' in then
    assert f"{NEW[:-3]}001" not in then
    assert f"{NEW[:-3]}001" in now
    assert f"/entries/{first}/history" in now


def test_sources_that_differed_that_day_are_told_as_past(
    trial: Trial, reader: FlaskClient, first: str
) -> None:
    assert "The sources differed" not in reader.get(f"/entries/{first}/as-of/{YESTERDAY}").text
    with trial.parts.reading() as session:
        differing = session.scalars(
            select(Entry.id).where(Entry.conflict, Entry.state_code == "CZ").limit(1)
        ).one()
    then = reader.get(f"/entries/{differing}/as-of/{YESTERDAY}").text
    told = then.partition("The sources differed")[2].partition("</section>")[0]
    assert "128 00 Praha 2" in told
    assert "128 10 Praha 2" in told
    assert "Try the newest" not in then


def test_extract_as_of_yesterday_has_the_old_number_and_holds(
    trial: Trial, app: Flask, reader: FlaskClient, first: str, tool: Any
) -> None:
    texts = {
        day: reader.get(f"/entries/{first}/extract?as_of={day}&format=json").text
        for day in (YESTERDAY, TOMORROW.date().isoformat())
    }
    old, new = (json.loads(text)["statement"]["record"].get("channels") for text in texts.values())
    assert old != new
    assert new[0]["value"] == f"{NEW[:-3]}001"
    keys = [tool.read_key(str(key)) for key in known_keys(trial.parts.settings)]
    for text in texts.values():
        assert tool.check_extract_object(json.loads(text), keys, [])[1] == []
        for name in ("extract", "file"):
            page = checked(app.test_client(), text, name)
            assert page.status_code == 200
            assert "Valid." in page.text


def test_extract_altered_by_a_digit_is_not_valid(
    app: Flask, reader: FlaskClient, first: str
) -> None:
    text = reader.get(f"/entries/{first}/extract?format=json").text
    altered = text.replace(f"{NEW[:-3]}001", f"{NEW[:-3]}002")
    assert altered != text
    assert "Not valid." in checked(app.test_client(), altered).text


def test_check_page_never_shows_a_channel(app: Flask, reader: FlaskClient, first: str) -> None:
    text = reader.get(f"/entries/{first}/extract?format=json").text
    page = checked(app.test_client(), text).text
    record = json.loads(text)["statement"]["record"]
    for channel in record["channels"]:
        assert channel["value"] not in page
    for name in record["names"]:
        assert name["text"] not in page


def test_pdf_holds_the_extract_and_leads_to_the_check_page(
    app: Flask, reader: FlaskClient, first: str
) -> None:
    answer = reader.get(f"/entries/{first}/extract?as_of={YESTERDAY}")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-1.")
    assert b"extract.json" in answer.data
    assert "attachment" in answer.headers["Content-Disposition"]


def test_answer_of_the_finder_is_sealed(trial: Trial, reader: FlaskClient, tool: Any) -> None:
    address = f"/counterpart/extract?requested=RO&type=mla&on={YESTERDAY}&format="
    sealed = json.loads(reader.get(address + "json").text)
    keys = [tool.read_key(str(key)) for key in known_keys(trial.parts.settings)]
    assert tool.check_extract_object(sealed, keys, [])[1] == []
    assert sealed["statement"]["answer"]["authorities"]
    text = " ".join(text_of(reader.get(address + "pdf").data).split())
    for words in (
        "In force between both since",
        "not confirmed by the State",
        "copy of",
        # The further designation, and each line, with a source of their own; what the State wants.
        "Criminal Law Convention on Corruption, article 29",
        "Source: BOE-A-2010-12135",
        "What Romania requires",
        "Contents of the request",
    ):
        assert words in text


def test_finder_as_known_before_the_change_gives_the_old_number(
    reader: FlaskClient, ids: list[str]
) -> None:
    address = "/counterpart?requested=RO&type=mla&on=2026-11-25"
    assert "by what was known on 24 Nov 2026" in reader.get(f"{address}&as_known={YESTERDAY}").text
    assert "by what was known" not in reader.get(address).text
    del ids


def test_answer_about_the_past_leads_to_entries_as_they_stood(reader: FlaskClient) -> None:
    address = "/counterpart?requesting=FR&requested=RO&type=mla"
    past = reader.get(f"{address}&on={YESTERDAY}&as_known={YESTERDAY}").text
    link = re.search(rf'href="(/entries/[\w-]+/as-of/{YESTERDAY}\?as_known=[^"]+)"', past)
    assert link
    assert "By what was known on" in reader.get(link.group(1)).text
    assert "/as-of/" not in reader.get(address).text
