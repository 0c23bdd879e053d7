"""Static texts are packed for who can unpack them; what holds a secret never is."""

import gzip

import pytest
from flask.testing import FlaskClient

SHEET = "/static/app.css"
PACKED = {"Accept-Encoding": "br, gzip"}


@pytest.mark.parametrize("address", ["/help", "/states", "/api/v1/states"])
def test_what_holds_a_secret_beside_words_of_the_address_is_not_packed(
    reader: FlaskClient, address: str
) -> None:
    answer = reader.get(address, headers=PACKED)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("offered", ["", "identity", "gzip;q=0", "br"])
def test_who_cannot_unpack_gets_it_plain(reader: FlaskClient, offered: str) -> None:
    answer = reader.get(SHEET, headers={"Accept-Encoding": offered})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.get_data().startswith(b"/*")


def test_a_file_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/static/none.css", headers=PACKED).status_code == 404


def test_a_packed_file_is_the_same_file(reader: FlaskClient) -> None:
    plain, packed = reader.get(SHEET), reader.get(SHEET, headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert (
        int(packed.headers["Content-Length"]) == len(packed.get_data()) < len(plain.get_data()) / 3
    )


def test_a_file_that_is_kept_is_not_sent_again(reader: FlaskClient) -> None:
    tag = reader.get(SHEET, headers=PACKED).headers["ETag"]
    again = reader.get(SHEET, headers=PACKED | {"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_a_part_of_a_file_is_a_part_of_the_plain_one(reader: FlaskClient) -> None:
    answer = reader.get(SHEET, headers=PACKED | {"Range": "bytes=0-9"})
    assert (answer.status_code, len(answer.get_data())) == (206, 10)
