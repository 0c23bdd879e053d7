"""People at the desk, for tests: a directory to write into, forms to fill and send."""

import html
import io
import re

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from directory.models.proposal import Proposal
from tests.support.forms import fields_of
from tests.support.pdf import PLAIN_PDF
from tests.support.trial import Trial

FOCAL = "focal.ro@demo.example"
PDF = PLAIN_PDF
Sent = MultiDict[str, str]


def form_at(client: FlaskClient, address: str) -> Sent:
    page = client.get(address)
    assert page.status_code == 200
    return fields_of(page)


def fill(sent: Sent, typed: dict[str, str]) -> None:
    """Type into fields; ``update`` of a MultiDict would send them twice."""
    for name, text in typed.items():
        sent[name] = text


def press(client: FlaskClient, address: str, sent: Sent, button: str) -> TestResponse:
    sent["do"] = button
    return client.post(address, data=sent)


def send_file(
    client: FlaskClient, address: str, sent: Sent, name: str, content: bytes
) -> TestResponse:
    """The form with a file, made in memory."""
    file = FileStorage(io.BytesIO(content), name, content_type="application/pdf")
    boundary, body = encode_multipart({**sent.to_dict(), "file": file})
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(address, data=body, content_type=kind)


def complaints(page: TestResponse) -> str:
    """The summary of what is wrong, as text."""
    found = re.search(r'id="complaints".*?</ul>', page.get_data(as_text=True), re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", found.group(0)) if found else ""
    return " ".join(html.unescape(text).split()).replace(" :", ":")


def proposals(trial: Trial) -> int:
    with trial.parts.reading() as session:
        return session.scalars(select(func.count(Proposal.id))).one()
