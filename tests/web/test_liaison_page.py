"""The page and the programs' list of liaison officers, on the showcase."""

import pytest
from flask.testing import FlaskClient

from tests.support.trial import Trial, counted_statements

#: The door's, the stamp of the book, the officers; the records are known by then.
STATEMENTS = 4


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/liaison?state=XX", 422),
        ("/liaison?requesting=XX", 422),
        ("/liaison?type=nothing", 422),
        ("/api/v1/liaison?requesting=XX", 422),
        ("/api/v1/liaison?state=XX", 422),
    ],
)
def test_what_is_not_on_record_is_refused(reader: FlaskClient, address: str, status: int) -> None:
    assert reader.get(address).status_code == status


def test_the_page_lists_mine_and_those_posted_with_me(reader: FlaskClient) -> None:
    page = reader.get("/liaison").get_data(as_text=True)
    assert "As France sees them" in page
    assert "Sent by France" in page
    assert "Synthetic" in page


def test_nothing_is_said_between_a_state_and_itself(reader: FlaskClient) -> None:
    page = reader.get("/liaison?state=FR").get_data(as_text=True)
    assert "Between France" not in page
    assert "Sent by France" in page


def test_programs_are_told_how_each_officer_stands(reader: FlaskClient) -> None:
    answer = reader.get("/api/v1/liaison?requesting=FR").get_json()
    assert answer["total"] == len(answer["items"]) > 0
    first = answer["items"][0]
    other = first["relations"][0]["state"]
    narrowed = reader.get(f"/api/v1/liaison?requesting=FR&state={other}").get_json()
    assert first["id"] in [one["id"] for one in narrowed["items"]]
    assert "channels" not in first


def test_the_page_between_two_states_names_the_same_officers(reader: FlaskClient) -> None:
    answer = reader.get("/api/v1/liaison?requesting=FR").get_json()
    other = answer["items"][0]["relations"][0]["state"]
    narrowed = reader.get(f"/api/v1/liaison?requesting=FR&state={other}").get_json()
    page = reader.get(f"/liaison?state={other}").get_data(as_text=True)
    for one in narrowed["items"]:
        assert f"/entries/{one['id']}" in page


def test_the_page_costs_few_statements(trial: Trial, reader: FlaskClient) -> None:
    reader.get("/liaison")
    with counted_statements(trial.parts.engine) as statements:
        reader.get("/liaison?state=RO")
    assert len(statements) <= STATEMENTS, "\n".join(statements)
