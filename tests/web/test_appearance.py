"""Light, dark or as the device prefers: chosen by a link, kept by a cookie, led by nothing else."""

import re

import pytest
from flask.testing import FlaskClient

from directory.web import appearance

_DARK = re.compile(r'<link rel="stylesheet" href="[^"]*dark\.css" media="([^"]*)">')


#: The page that is kept for when there is no network stands alone, with sheets of its own.
URGENT = "/counterpart/urgent?requesting=FR&requested=RO&type=mla"


def dark_media(client: FlaskClient, address: str = "/help") -> list[str]:
    """When the dark colours hold on a page."""
    return _DARK.findall(client.get(address).get_data(as_text=True))


def test_colours_nobody_knows_are_refused_without_being_kept(reader: FlaskClient) -> None:
    assert reader.get("/help?appearance=pink").status_code == 422
    assert reader.get_cookie(appearance.COOKIE) is None


def test_a_choice_never_leads_to_another_host(reader: FlaskClient) -> None:
    answer = reader.get("//elsewhere.example/?appearance=dark")
    assert answer.location in {None, "/"}


def test_the_device_decides_until_the_reader_chooses(reader: FlaskClient) -> None:
    assert dark_media(reader) == ["screen and (prefers-color-scheme: dark)"]


@pytest.mark.parametrize(("choice", "media"), [("dark", ["screen"]), ("light", [])])
def test_a_choice_is_kept_and_leads_back_to_the_same_page(
    reader: FlaskClient, choice: str, media: list[str]
) -> None:
    answer = reader.get(f"/search?q=justice&appearance={choice}")
    assert (answer.status_code, answer.location) == (302, "/search?q=justice")
    cookie = reader.get_cookie(appearance.COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert dark_media(reader) == dark_media(reader, URGENT) == media


def test_a_cookie_nobody_set_is_taken_as_none(reader: FlaskClient) -> None:
    reader.set_cookie(appearance.COOKIE, "pink")
    assert dark_media(reader) == ["screen and (prefers-color-scheme: dark)"]
