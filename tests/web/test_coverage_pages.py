"""The pages on coverage, on the real data: refusals, what they show, what they cost."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from directory.domain.coverage import Cover
from directory.domain.vocabulary import CooperationType
from directory.services.coverage import keep_day
from tests.support.secretariat import FIRST, open_office, plain
from tests.support.trial import Trial, counted_statements

#: The door's, the stamp of the reference book, the counts, and what the page itself asks.
STATEMENTS = 4
#: A page as it leaves the server, uncompressed.
MOST_BYTES = 300_000
PAGES = ("/coverage", "/coverage/tiles", "/coverage/scores", "/coverage/trends")


def text(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


# --- refused


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/coverage?type=nothing", 422),
        ("/coverage?cover=green", 422),
        ("/coverage?region=Atlantis", 422),
        ("/coverage?state=XX", 422),
        ("/coverage?colour=1", 422),
        ("/coverage/matrix.csv?type=nothing", 422),
        ("/coverage/trends?state=XX", 422),
        ("/coverage/XX/mla", 404),
        ("/coverage/RO/nothing", 404),
        ("/coverage/gaps", 403),
        ("/api/v1/coverage?cover=green", 422),
    ],
)
def test_what_does_not_exist_or_is_not_for_readers_is_refused(
    reader: FlaskClient, address: str, status: int
) -> None:
    text(reader, address, status)


# --- shown


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_few_statements_and_is_small(
    trial: Trial, reader: FlaskClient, address: str
) -> None:
    text(reader, address)
    with counted_statements(trial.parts.engine) as statements:
        page = text(reader, address)
    assert len(statements) <= STATEMENTS, "\n".join(statements)
    assert len(page.encode()) < MOST_BYTES


def test_trends_say_what_the_days_kept_do_not_tell_apart(engine: Engine) -> None:
    office = open_office(engine)
    said = "what is kept of a day does not tell the two apart"
    assert said not in plain(office.get(FIRST, "/coverage/trends"))
    with office.place.work() as uow:
        keep_day(uow, office.place.clock())
    assert said in plain(office.get(FIRST, "/coverage/trends"))


def test_the_matrix_has_a_cell_for_each_state_and_type(trial: Trial, reader: FlaskClient) -> None:
    page = text(reader, "/coverage")
    leading = page.count('<td><a class="cover-')
    empty = page.count('<td class="cover-')
    assert leading + empty == 198 * len(CooperationType)
    assert leading > 0
    # Nothing stands behind a cell without a link: nobody, and no duty to name anybody.
    nobody = page.count('<td class="cover-not_on_record">') + page.count(
        '<td class="cover-missing">'
    )
    assert empty == nobody
    assert 'href="/coverage/RO/mla"' in page


def test_filters_narrow_the_matrix_and_stay_in_the_form(reader: FlaskClient) -> None:
    page = text(reader, "/coverage?region=Eastern+European+States&type=mla&cover=designated")
    assert 'href="/coverage/RO/mla"' in page
    assert "/coverage/FR/mla" not in page
    assert '<option value="designated" selected>' in page


def test_each_state_of_a_cell_has_its_total(reader: FlaskClient) -> None:
    page = text(reader, "/coverage?state=RO&type=mla")
    totals = page[page.index('<tbody class="cover-totals">') :].partition("</tbody>")[0]
    told = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(\d+)</td>', totals)
    assert len(told) == 1 + len(Cover) + 1
    assert ("Named, never confirmed", "1") in told
    assert ("Confirmation lapsed", "0") in told


def test_a_refusal_names_what_may_be_asked_beside_its_code(reader: FlaskClient) -> None:
    assert "(lapsed); Named, never confirmed (designated);" in text(
        reader, "/coverage?cover=green", 422
    )
    assert "Extradition (extradition)" in text(reader, "/coverage?type=nothing", 422)
    # What is allowed here are parameters, and no codes of the one that was given.
    assert "allowed are: region" in text(reader, "/coverage?kind=1", 422)
    told = text(reader, "/api/v1/coverage?cover=green", 422)
    assert "never confirmed" not in told


def test_where_nothing_fits_it_is_said(reader: FlaskClient) -> None:
    assert "No State fits these filters" in text(
        reader, "/coverage?region=Eastern+European+States&type=prevention&cover=confirmed"
    )


def test_a_cell_says_who_is_named_and_which_duty_stands_behind_it(reader: FlaskClient) -> None:
    page = text(reader, "/coverage/RO/mla")
    assert "High Court of Cassation and Justice" in page
    assert "obliges it to designate an authority" in page
    assert reader.get("/coverage/ro/mla").status_code == 302


def test_nothing_on_record_is_never_called_not_a_party(reader: FlaskClient) -> None:
    assert "check with the depositary" in text(reader, "/coverage/JP/firearms")


def test_tiles_have_a_table_behind_them(reader: FlaskClient) -> None:
    page = text(reader, "/coverage/tiles?type=extradition")
    assert page.count('class="tile cover-') == 198
    # Once for those who hear the tile, once for those who point at it, once in the table.
    assert page.count("duty to designate") == 3 * page.count('class="tile cover-duty') > 0
    assert "The same as a table" in page


def test_the_table_for_spreadsheets_holds_every_cell(reader: FlaskClient) -> None:
    answer = reader.get("/coverage/matrix.csv?state=RO")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(rows) == len(CooperationType)
    mla = next(row for row in rows if row["Cooperation type"] == "mla")
    assert (mla["State"], mla["On record"]) == ("RO", "designated")
    assert "UNTOC 18(13)" in mla["Duty to designate"]


def test_programs_get_the_cells_with_their_duties(reader: FlaskClient) -> None:
    answer = reader.get("/api/v1/coverage?state=RO&type=mla").get_json()
    (cell,) = answer["items"]
    assert (cell["state"], cell["type"], cell["cover"]) == ("RO", "mla", "designated")
    assert {"UNTOC", "BUDAPEST"} <= {basis["instrument"] for basis in cell["legal_bases"]}
    assert answer["totals"] == [{"type": "mla", "counts": answer["totals"][0]["counts"]}]
    assert sum(answer["totals"][0]["counts"].values()) == 1
