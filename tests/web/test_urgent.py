"""The urgent page: refusals, what it costs, what the browser is told to keep and to forget."""

import datetime as dt

import pytest
from flask.testing import FlaskClient

from directory.web.views.urgent import KEEP_UNTIL
from tests.support.door import form_token
from tests.support.secretariat import plain
from tests.support.trial import MOMENT, Trial, counted_statements

#: Sentence -> the articles of the treaties in force that say so.
SAID_BY_SEVERAL = (
    ("Where the two States agree, ask orally.", ("7(9)", "18(14)", "46(14)")),
    ("A request made orally is confirmed in writing forthwith.", ("7(9)", "18(14)", "46(14)")),
    (
        "In urgent circumstances, where the two States agree, through INTERPOL if possible.",
        ("7(8)", "18(13)", "46(13)"),
    ),
)
ADDRESS = "/counterpart/urgent?requested=RO&type=e_evidence"
#: Who asks, the edition of the reference data, how much was looked up, and the entries twice: no
#: authority is named for evidence, so that those for the nearest types are read too.
STATEMENTS = 8


@pytest.mark.parametrize("empty", ["", "?lang=en"])
def test_page_without_a_question_asks_for_one(reader: FlaskClient, empty: str) -> None:
    answer = reader.get(f"/counterpart/urgent{empty}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert '<form class="finder" action="/counterpart/urgent"' in page
    assert "is required" not in page
    assert KEEP_UNTIL not in answer.headers
    assert 'name="on"' not in page


def test_fields_left_empty_make_the_address_shorter(reader: FlaskClient) -> None:
    answer = reader.get(f"{ADDRESS}&instrument=&territory=")
    assert (answer.status_code, answer.location) == (302, ADDRESS)


def test_what_is_wrong_is_named_as_on_the_form(reader: FlaskClient) -> None:
    page = plain(reader.get("/counterpart/urgent?requested=RO"))
    assert "Kind of help : is required" in page
    page = plain(reader.get("/counterpart/urgent?requested=RO&type=telepathy"))
    assert "Kind of help : give one of: Mutual legal assistance" in page
    page = plain(reader.get("/counterpart/urgent?requested=RO&type=mla&on=2020-01-01"))
    assert "Requested State (requested)" in page.partition("unknown parameter; allowed are:")[2]


@pytest.mark.parametrize(
    "wrong",
    [
        "?type=mla",
        "?requested=RO",
        "?requested=XX&type=mla",
        "?requested=FR&type=mla",
        "?requested=RO&type=mla&on=2020-01-01",
        "?requested=RO&type=mla&requested=FR",
        "?requested=RO&type=mla&territory=RO-X",
        "?requested=RO&type=mla&instrument=%00",
    ],
)
def test_question_that_does_not_fit_is_asked_again(reader: FlaskClient, wrong: str) -> None:
    answer = reader.get(f"/counterpart/urgent{wrong}")
    assert answer.status_code == 422
    assert 'class="finder"' in answer.get_data(as_text=True)


def test_answer_names_whom_to_ring_and_until_when_it_may_be_kept(reader: FlaskClient) -> None:
    answer = reader.get(ADDRESS)
    page = answer.get_data(as_text=True)
    assert page.index('class="number number-first"') < page.index("First ask to preserve")
    kept = dt.datetime.fromisoformat(answer.headers[KEEP_UNTIL])
    assert MOMENT < kept <= MOMENT + dt.timedelta(hours=24)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        # What a contact is not for, and what nobody knows, before anything else.
        ("requested=NL&type=e_evidence", "For Curaçao only."),
        ("requested=GB&type=extradition", "For Scotland only."),
        ("requested=RO&type=mla", "Limited by the State to: pre-trial investigation stage."),
        ("requested=NL&type=e_evidence", "As published in 2024; not confirmed by the State."),
        ("requested=ES&type=e_evidence", "Notified 24/7 point, no number on record:"),
        ("requested=GB&type=mla", "Whether somebody is there is not known"),
        ("requested=RO&type=mla", "27(2)(c) (pre-trial investigation stage), since 1 Sep 2004."),
        ("requested=RO&type=mla", "Source: BOE-A-2010-14221 , Official gazette, 2010"),
        ("requested=GB&type=mla&territory=GB-SCT", "For Scotland, the territory asked for."),
        ("requested=NL&type=e_evidence", "Budapest Convention, articles 24(7), 27(2), 35"),
    ],
)
def test_limits_and_what_is_not_known_stand_beside_the_lines(
    reader: FlaskClient, question: str, told: str
) -> None:
    assert told in plain(reader.get(f"/counterpart/urgent?{question}"))


@pytest.mark.parametrize("address", ["/counterpart/urgent?", "/counterpart?urgent=1&"])
def test_what_several_treaties_say_is_said_once_with_every_article(
    reader: FlaskClient, address: str
) -> None:
    page = plain(reader.get(f"{address}requested=RO&type=mla"))
    for sentence, articles in SAID_BY_SEVERAL:
        assert page.count(sentence) == 1, sentence
        told = page[page.index(sentence) :]
        # All of them before the next sentence of another kind.
        assert all(article in told[:900] for article in articles), told[:900]


def test_contacts_of_one_sentence_keep_their_limits(reader: FlaskClient) -> None:
    page = plain(reader.get("/counterpart/urgent?requested=NL&type=mla"))
    assert page.count("The authority can be reached through INTERPOL.") == 1
    told = page[page.index("The authority can be reached through INTERPOL.") :]
    assert told.count("For Curaçao only.") == 2


def test_territory_asked_stands_in_the_heading(reader: FlaskClient) -> None:
    page = plain(reader.get("/counterpart/urgent?requested=GB&type=mla&territory=GB-SCT"))
    assert "United Kingdom of Great Britain and Northern Ireland Scotland, Mutual" in page
    assert page.index("Crown Office") < page.index("UK Central Authority")


def test_question_without_any_line_says_so(reader: FlaskClient) -> None:
    page = reader.get("/counterpart/urgent?requested=TV&type=firearms").get_data(as_text=True)
    assert "No line that could be tried now is on record." in page


def test_answer_of_the_finder_leads_to_the_page(reader: FlaskClient) -> None:
    page = reader.get("/counterpart?requested=RO&type=e_evidence&urgent=1").get_data(as_text=True)
    assert "/counterpart/urgent?requesting=FR&amp;requested=RO&amp;type=e_evidence" in page


def test_page_costs_few_statements(trial: Trial, reader: FlaskClient) -> None:
    reader.get(ADDRESS)
    with counted_statements(trial.parts.engine) as sent:
        reader.get(ADDRESS)
    assert len(sent) <= STATEMENTS, sent


def test_worker_is_a_script_that_anybody_may_have(trial: Trial) -> None:
    answer = trial.app().test_client().get("/counterpart/urgent-worker.js", buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "http:" not in answer.get_data(as_text=True)


def test_browser_is_told_to_forget_at_sign_in_and_at_sign_out(trial: Trial) -> None:
    app = trial.app()
    client = trial.client(app)
    token = form_token(client.get("/help"))
    answer = client.post("/sign-out", data={"csrf_token": token})
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in client.get("/sign-in").headers


def test_reader_abroad_sees_the_clock_of_the_browser(reader: FlaskClient) -> None:
    reader.set_cookie("directory_zone", "Asia/Tokyo")
    assert "21:00 with you" in reader.get(ADDRESS).get_data(as_text=True)
    reader.set_cookie("directory_zone", "../../etc/passwd")
    assert "13:00 with you" in reader.get(ADDRESS).get_data(as_text=True)
    reader.delete_cookie("directory_zone")
