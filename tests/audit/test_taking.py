"""Taking away: refused beyond the quota and without a filter, marked, counted, for its reader."""

import io
import json
import re
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.vocabulary import Audience
from directory.exchange.reading import read_entries
from directory.models.read_audit import ExportMade, ReadCount
from tests.audit.conftest import (
    AUTHORITY,
    CANARIES,
    FOCAL_RO,
    FRENCH,
    POINT,
    READER,
    REQUIREMENTS,
    House,
    Open,
)
from tests.exchange.vcards import read_cards
from tests.support import factories as make
from tests.support.codes import read_drawn, read_printed, text_of

FORMS = ("csv", "xlsx", "json", "vcf")
HIDDEN = [number for audience, number in CANARIES.items() if audience is not Audience.ALL_READERS]


def exports(house: House) -> list[ExportMade]:
    with Session(house.parts.engine) as session:
        return list(session.scalars(select(ExportMade).order_by(ExportMade.at)))


def counted(house: House, email: str) -> int:
    house.audit.flush()
    with Session(house.parts.engine) as session:
        rows = session.scalars(
            select(ReadCount).where(ReadCount.subject == f"account:{house.ids[email]}")
        )
        return max((one.views for one in rows), default=0)


# --- refused


def test_the_whole_directory_is_no_file(house: House) -> None:
    answer = house.person(READER).get("/search/take-away.json")
    assert answer.status_code == 422
    assert "choose a State or a filter" in answer.text
    assert exports(house) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_more_than_is_left_of_the_day_is_refused_and_counts_nothing(
    open_house: Open, form: str
) -> None:
    house = open_house(views_hard_daily=20)
    answer = house.person(READER).get(f"/search/take-away.{form}?state=RO")
    assert answer.status_code == 422
    assert "20 look-ups are left" in answer.text
    assert (exports(house), counted(house, READER)) == ([], 0)


def test_a_sheet_of_a_state_is_held_against_the_quota_too(open_house: Open) -> None:
    house = open_house(views_hard_daily=20)
    assert house.person(READER).get("/states/RO/sheet").status_code == 422


def test_when_the_day_is_used_up_a_point_of_the_night_stays_open(open_house: Open) -> None:
    house = open_house(views_hard_daily=1)
    client = house.person(READER)
    assert client.get(f"/entries/{AUTHORITY}/card").status_code == 200
    assert client.get(f"/entries/{AUTHORITY}/card").status_code == 429
    assert client.get(f"/entries/{POINT}/card").status_code == 200


def test_requirements_are_nobody_to_reach(house: House) -> None:
    client = house.person(READER)
    for address in ("card", "code"):
        assert client.get(f"/entries/{REQUIREMENTS}/{address}").status_code == 404
    assert client.get(f"/entries/{REQUIREMENTS}/sheet").status_code == 200


@pytest.mark.parametrize(
    "address", ["card?version=2.1", "sheet?paper=letter", "card?versoin=4.0", "code?x=1"]
)
def test_what_is_not_offered_is_refused_by_name(house: House, address: str) -> None:
    assert house.person(READER).get(f"/entries/{AUTHORITY}/{address}").status_code == 422


# --- taken


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_a_card_holds_what_its_reader_may_see_and_the_mark(house: House, version: str) -> None:
    answer = house.person(READER).get(f"/entries/{AUTHORITY}/card?version={version}")
    (card,) = read_cards(answer.get_data())
    assert [one.value.removeprefix("tel:") for one in card if one.name == "TEL"] == [
        CANARIES[Audience.ALL_READERS]
    ]
    (note,) = [one.value for one in card if one.name == "NOTE"]
    (made,) = exports(house)
    assert made.serial in note
    assert READER in note
    assert (made.form, made.subject, made.entries) == ("vcf", f"entry {AUTHORITY}", 1)
    assert counted(house, READER) == 1


def test_a_code_is_read_back_as_a_card(house: House) -> None:
    answer = house.person(READER).get(f"/entries/{AUTHORITY}/code")
    (card,) = read_cards(read_drawn(answer.text).encode())
    assert CANARIES[Audience.ALL_READERS] in {one.value for one in card}
    assert exports(house)[0].serial in read_drawn(answer.text)
    assert not any(number in read_drawn(answer.text) for number in HIDDEN)


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_a_sheet_is_tagged_names_its_reader_and_carries_the_code(
    house: House, paper: str, tmp_path: Path
) -> None:
    made = house.person(READER).get(f"/entries/{AUTHORITY}/sheet?paper={paper}").get_data()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()
        width = float(pdf.pages[0].mediabox[2])
    assert round(width / 72 * 25.4) == {"a4": 210, "a5": 148}[paper]
    text = text_of(made)
    assert "+40 21 111 0001" in text
    assert READER in text
    assert exports(house)[0].serial in text
    (card,) = read_cards(read_printed(made, tmp_path).encode())
    assert CANARIES[Audience.ALL_READERS] in {one.value for one in card}


def test_a_sheet_of_a_state_has_every_entry_and_nothing_for_others(house: House) -> None:
    text = text_of(house.person(READER).get("/states/RO/sheet").get_data())
    assert "Central authority" in text
    assert "Court RO-M00029" in text
    assert "110002" not in re.sub(r"\s", "", text)
    own = text_of(house.person(FOCAL_RO).get("/states/RO/sheet").get_data())
    assert "+40 21 111 0003" in own


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_file_of_a_filtered_list_is_read_back_by_the_import(house: House, form: str) -> None:
    answer = house.person(READER).get(f"/search/take-away.{form}?state=RO&kind=contact_point")
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    (entry,) = read_entries(f"file.{form}", answer.get_data())
    assert entry.entry_id == POINT
    numbers = [one.value for one in getattr(entry.record, "channels", ())]
    assert numbers == [CANARIES[Audience.ALL_READERS]]
    (made,) = exports(house)
    assert (made.form, made.subject) == (form, "list state=RO kind=contact_point")
    assert [one.entry_id for one in house.views()] == [POINT]


def test_every_entry_of_a_file_counts_as_a_look_up_but_not_one_of_the_own_state(
    house: House,
) -> None:
    taken = json.loads(house.person(READER).get("/search/take-away.json?state=RO").get_data())
    assert counted(house, READER) == len(taken["entries"])
    house.person(READER).get("/search/take-away.json?state=FR", buffered=True)
    assert counted(house, READER) == len(taken["entries"])
    assert taken["exported"]["recipient"] == READER
    assert exports(house)[0].serial == taken["exported"]["serial"]


def test_words_find_what_the_file_holds(house: House) -> None:
    taken = house.person(READER).get("/search/take-away.json?q=minist%C3%A8re&state=FR").get_json()
    assert {one["id"] for one in taken["entries"]} <= {FRENCH}


def test_cells_that_a_spreadsheet_would_run_are_texts(house: House) -> None:
    names = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx")
    make.publish_all(
        house.parts.engine,
        *(
            make.publication(f"JP-F{number}", make.authority(name), state="JP")
            for number, name in enumerate(names)
        ),
    )
    client = house.person(READER)
    csv = client.get("/search/take-away.csv?state=JP").get_data().decode("utf-8-sig")
    cells = [cell for line in csv.splitlines() for cell in line.split(",")]
    assert not [one for one in cells if one.strip('"')[:1] in tuple("=+-@\t\r")]
    book = client.get("/search/take-away.xlsx?state=JP").get_data()
    assert b"<f>" not in book


@pytest.mark.parametrize("address", [f"/entries/{AUTHORITY}", "/states/RO"])
def test_pages_lead_to_what_can_be_taken_away(house: House, address: str) -> None:
    client = house.person(READER)
    page = client.get(address).text
    links = re.findall(r'href="([^"]+(?:/card|/code|/sheet|/take-away)[^"]*)"', page)
    assert len(links) >= 4
    for link in links:
        answer = client.get(link.replace("&amp;", "&"), buffered=True)
        assert answer.status_code == 200, link
