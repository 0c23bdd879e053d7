"""The page of one's own account."""

from flask.testing import FlaskClient

from directory.domain.vocabulary import Role
from directory.policy import GRANTS
from directory.web.account_places import PLACES
from tests.support.trial import READER, Trial, counted_statements


def test_the_account_page_leads_to_every_page_of_ones_own(reader: FlaskClient) -> None:
    page = reader.get("/account").get_data(as_text=True)
    assert READER in page
    for place in PLACES:
        is_for_readers = Role.READER in GRANTS[place.permission]
        assert (f">{place.title}</a>" in page) is is_for_readers, place.endpoint


def test_the_account_page_costs_few_statements(trial: Trial, reader: FlaskClient) -> None:
    reader.get("/account")
    with counted_statements(trial.parts.engine) as sent:
        assert reader.get("/account").status_code == 200
    assert len(sent) <= 3
