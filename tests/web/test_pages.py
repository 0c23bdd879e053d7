"""Each page shows what a reader needs, in the shape the house asks for."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.models.entry import Designation, Entry
from directory.web.pages import read_ahead
from tests.support.trial import OFFICER, Trial, counted_statements

FINDER = "/counterpart?requesting=FR&requested=RO&type=mla"
PAGES = (
    "/",
    FINDER,
    "/search",
    "/search?q=entraide+judiciaire+Roumanie",
    "/search?q=qqqzzzxxx",
    "/states",
    "/states/RO",
    "/help",
)

#: Address -> most statements, one of them the door's.
STATEMENTS = {
    "/": 2,
    FINDER: 5,
    "/search?q=ministry+of+justice": 5,
    "/states": 4,
    "/states/RO": 7,
    "/help": 1,
}
ENTRY_STATEMENTS = 5


#: What is asked at any hour: its templates are made before the first reader comes.
AT_NIGHT = (
    "/",
    FINDER,
    f"{FINDER}&urgent=1",
    FINDER.replace("?", "/urgent?"),
    "/search?q=justice",
    "/states",
    "/states/RO",
    "/sign-in",
    "/x",
)


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def show(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def words(page: str) -> str:
    """The page without its tags, blanks folded."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&#39;", "'").split())


def first_entry(trial: Trial, *wanted: object) -> str:
    """Identifier of the first entry that fits."""
    statement = select(Entry.id).where(*wanted).order_by(Entry.id).limit(1)  # type: ignore[arg-type]
    with trial.parts.reading() as session:
        return session.execute(statement).scalar_one()


def test_no_reader_waits_for_a_template_to_be_made(trial: Trial) -> None:
    app = trial.app()
    read_ahead(app)
    made = app.jinja_env.cache
    assert made is not None
    known = {name for _, name in made}
    client = trial.client(app)
    for address in (*AT_NIGHT, f"/entries/{first_entry(trial)}"):
        client.get(address)
        assert {name for _, name in made} == known, address


@pytest.mark.parametrize("address", PAGES)
def test_page_has_one_heading_a_language_and_a_place(reader: FlaskClient, address: str) -> None:
    page = show(reader, address)
    elements = Elements(page)
    assert elements.of("html") == [{"lang": "en", "dir": "ltr"}]
    assert len(elements.of("h1")) == 1
    assert len(elements.of("main")) == 1
    assert "Demonstration." in page


@pytest.mark.parametrize("address", PAGES)
def test_page_needs_nothing_inline_and_nobody_else(reader: FlaskClient, address: str) -> None:
    for tag, attributes in Elements(show(reader, address)).found:
        assert tag != "style"
        assert tag != "script" or attributes.get("src", "").startswith("/static/")  # type: ignore[union-attr]
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        if tag in {"img", "link", "script", "iframe", "source"}:
            address_of = attributes.get("src") or attributes.get("href") or ""
            assert address_of.startswith("/"), attributes


def test_links_to_other_sites_do_not_say_where_from(reader: FlaskClient) -> None:
    outside = [
        (address, link)
        for address in PAGES
        for link in Elements(show(reader, address)).of("a")
        if (link.get("href") or "").startswith("http")
    ]
    assert outside
    assert [one for one in outside if "noreferrer" not in (one[1].get("rel") or "")] == []


def test_titles_tell_tabs_apart(reader: FlaskClient) -> None:
    titles = [re.search(r"<title>(.*?)</title>", show(reader, one), re.DOTALL) for one in PAGES]
    assert len({title.group(1) for title in titles if title}) == len(PAGES)


def test_home_offers_the_reader_s_own_state(reader: FlaskClient) -> None:
    page = show(reader, "/")
    assert re.search(r'id="requesting".*?<option value="FR" selected>', page, re.DOTALL)


def test_form_left_half_empty_gives_a_short_address_to_share(reader: FlaskClient) -> None:
    answer = reader.get(FINDER + "&instrument=&territory=&on=")
    assert answer.status_code == 302
    assert answer.location.endswith("/counterpart?requesting=FR&requested=RO&type=mla")


def test_finder_says_whom_with_reason_and_source(reader: FlaskClient) -> None:
    text = words(show(reader, FINDER))
    assert "Mutual legal assistance: whom to address in Romania" in text
    assert "Prosecutor's Office attached to the High Court of Cassation and Justice" in text
    assert "Limited by the State to: pre-trial investigation stage." in text
    assert "Source: BOE-A-2010-14221 , Official gazette, 2010" in text
    assert "Not confirmed As published in 2010, not confirmed by the State" in text
    assert "In force between both since 1 May 2006" in text
    assert "How this answer was found, step by step" in text


def test_each_channel_names_its_source_where_there_are_several(reader: FlaskClient) -> None:
    page = show(reader, FINDER)
    assert "Telephone 410 54 35 BOE-A-2010-12135" in words(page)
    assert 'href="https://www.boe.es/buscar/doc.php?id=BOE-A-2010-12135"' in page


def test_each_further_designation_names_its_own_source(reader: FlaskClient) -> None:
    text = words(show(reader, FINDER))
    further = text.split("1 further designation for this kind of help")[1]
    assert "Criminal Law Convention on Corruption, article 29" in further
    assert "BOE-A-2010-12135" in further.split("Source: BOE-A-2010-14221")[0]


def test_what_a_request_says_begins_with_the_treaty_that_applies_first(
    reader: FlaskClient,
) -> None:
    text = words(show(reader, FINDER)).split("The request says")[1]
    assert text.index("European MLA Convention") < text.index("1988 Drug Convention")


def test_states_are_sorted_as_people_sort_them(reader: FlaskClient) -> None:
    page = show(reader, "/?lang=fr")
    listed = re.findall(r'<option value="([A-Z]{2})"', page)
    # Égypte, Espagne; États-Unis, France; Zimbabwe is the last of all.
    assert listed.index("EG") < listed.index("ES") < listed.index("US") < listed.index("FR")
    assert listed.index("FR") < listed.index("ZW")


def test_a_page_there_is_not_leads_home_without_its_parameters(reader: FlaskClient) -> None:
    answer = reader.get("/nowhere?a=1")
    assert answer.status_code == 404
    assert 'href="/?lang=fr"' in answer.text
    assert "a=1" not in answer.text


def test_requesting_state_is_the_reader_s_own_when_not_said(reader: FlaskClient) -> None:
    assert "France asks Romania" in words(show(reader, "/counterpart?requested=RO&type=mla"))


def test_officer_without_a_state_must_say_who_asks(trial: Trial) -> None:
    officer = trial.client(trial.app(), OFFICER)
    answer = officer.get("/counterpart?requested=RO&type=mla")
    assert answer.status_code == 422
    assert "requesting" in answer.get_data(as_text=True)


def test_no_designation_is_said_plainly(reader: FlaskClient) -> None:
    text = words(show(reader, "/counterpart?requesting=FR&requested=TD&type=extradition"))
    assert "No authority of Chad is on record as designated for Extradition" in text
    assert "The diplomatic channel remains open." in text


def test_urgent_question_begins_with_what_to_do_now(reader: FlaskClient) -> None:
    text = words(show(reader, "/counterpart?requested=RO&type=e_evidence&urgent=1"))
    assert text.index("Urgent: try in this order") < text.index("24/7 contact points")
    assert text.index("24/7 contact points") < text.index("What Romania requires")


def test_answer_of_another_day_does_not_say_who_is_open(reader: FlaskClient) -> None:
    text = words(show(reader, FINDER + "&on=2005-06-01"))
    assert "as of 1 Jun 2005" in text
    assert "there (" not in text.partition("How this answer")[0]


def test_requirements_of_later_days_are_not_shown_for_a_day_before(reader: FlaskClient) -> None:
    question = "/counterpart?requesting=FR&requested=RO&type=mla"
    assert "Said by the State" in words(show(reader, question))
    text = words(show(reader, f"{question}&on=1990-06-01"))
    assert "Said by the State" not in text
    assert "No requirements of the State are on record for that day." in text


def test_source_of_the_parent_treaty_is_not_shown_as_that_of_its_protocol(
    reader: FlaskClient,
) -> None:
    text = words(show(reader, "/counterpart?requesting=FR&requested=RO&type=mla"))
    missing = text.partition("not in force between both by the record")[2]
    assert "on record for European MLA Convention, which this one supplements: Source:" in missing
    assert "the record holds single finds only, not a list of its parties" in missing


def test_programs_are_told_of_which_treaty_each_date_is_and_the_links_of_the_page(
    reader: FlaskClient,
) -> None:
    question = "requesting=FR&requested=RO&type=mla"
    page = show(reader, f"/counterpart?{question}")
    body = reader.get(f"/api/v1/counterparts?{question}").get_json()
    missing = next(one for one in body["not_on_record"] if one["code"] == "ETS-182")
    told = [(one["state"], one["instrument"]) for one in missing["parties"]]
    assert told == [("RO", "ETS-182"), ("FR", "ETS-030"), ("RO", "ETS-030")]
    assert [one["code"] for one in missing["reasons"]] == ["no_record_single_finds"]
    why = next(one for one in body["steps"] if one["reason"] == missing["reasons"][0])
    assert why["sources"] == []
    parties = [one for line in body["instruments"] for one in line["parties"]]
    links = {link for one in (*parties, *missing["parties"]) for link in one["source"]["links"]}
    assert len(links) > 2
    assert all(f'href="{link}"' in page for link in links)
    assert [one["source"]["link"] for one in missing["parties"]][1:] == ["", ""]
    acts = [one["source"] for one in body["authorities"]]
    assert acts
    assert all(one["links"] == [one["link"]] for one in acts)


def test_programs_are_given_the_links_of_declarations_too(reader: FlaskClient) -> None:
    question = "requesting=FR&requested=LT&type=mla"
    page = show(reader, f"/counterpart?{question}")
    body = reader.get(f"/api/v1/counterparts?{question}").get_json()
    declared = [one for line in body["instruments"] for one in line["declarations"]]
    links = [link for one in declared for link in one["source_links"]]
    assert links
    assert all(f'href="{link}"' in page for link in links)


def test_programs_are_given_the_links_of_a_states_page(reader: FlaskClient) -> None:
    page = show(reader, "/states/LT")
    body = reader.get("/api/v1/states/LT").get_json()
    for part in ("participations", "declarations"):
        links = {link for one in body[part] for link in one["source_links"]}
        assert links
        assert all(f'href="{link}"' in page for link in links)


def test_special_function_is_told_in_words(reader: FlaskClient, trial: Trial) -> None:
    limited = Entry.id.in_(
        select(Designation.entry_id).where(Designation.function == "civil_admin_proceedings")
    )
    page = show(reader, "/entries/" + first_entry(trial, limited))
    assert "for civil and administrative proceedings" in page
    assert "civil_admin_proceedings" not in page


@pytest.mark.parametrize("address", ["/counterpart/urgent?", "/counterpart?urgent=1&"])
def test_office_that_is_point_and_authority_is_to_be_rung_once(
    reader: FlaskClient, address: str
) -> None:
    page = show(reader, f"{address}requesting=FR&requested=TO&type=mla")
    listed = page.partition("urgent-steps")[2].partition("</ol>")[0] or page
    assert listed.count("tel:+67624055") == 1
    text = words(listed)
    assert "Further entry of the same office: Authority" in text
    told = "Mutual legal assistance: Budapest Convention, article 27, since 1 Sep 2017."
    assert "Source: BOE-A-2017-8752" in text.partition(told)[2]


def test_state_code_in_small_letters_leads_to_the_state(reader: FlaskClient) -> None:
    answer = reader.get("/states/ro")
    assert answer.status_code == 302
    assert answer.location.endswith("/states/RO")


def test_state_page_marks_computed_dates_and_missing_duties(reader: FlaskClient) -> None:
    text = words(show(reader, "/states/RO"))
    assert "UNTOC (Palermo Convention) Party 14 Dec 2000 4 Dec 2002 ratification" in text
    assert "29 Sep 2003 computed" in text
    assert "1988 Drug Convention, article 17(7) obliges it to designate an authority" in text
    assert "does not mean that the State is not a party" in text


def test_real_entry_says_that_no_state_confirmed_it(reader: FlaskClient, trial: Trial) -> None:
    page = show(reader, "/entries/" + first_entry(trial, Entry.as_published == "2014"))
    assert "As published in 2014, not confirmed by the State" in words(page)
    assert "Synthetic" not in words(page).replace("synthetic entries marked", "")


def test_forms_of_a_name_do_not_repeat_the_one_in_the_heading(reader: FlaskClient) -> None:
    heading = "National Office of the Public Prosecution Service"
    sheet = show(reader, "/entries/NL-CG0M1Z").partition("<h1>")[2].partition("</header>")[0]
    assert words(sheet).startswith(f"{heading} Rendering by the source, not by the State Original")
    assert "(Dutch) Landelijk Parket van het openbaar ministerie" in words(sheet)
    assert sheet.count(heading) == 1


def test_synthetic_entry_is_marked_before_anything_else(reader: FlaskClient, trial: Trial) -> None:
    text = words(show(reader, "/entries/" + first_entry(trial, Entry.synthetic)))
    assert "Synthetic entry: invented for trials." in text
    assert text.index("Synthetic entry") < text.index("How to reach it")


def test_conflict_shows_each_value_with_source_and_year(reader: FlaskClient, trial: Trial) -> None:
    entry = first_entry(trial, Entry.conflict, Entry.state_code == "CZ")
    text = words(show(reader, f"/entries/{entry}")).partition("The sources differ")[2]
    newest = text.index("2015 Vyšehradská 16, 128 00 Praha 2, Czech Republic")
    assert newest < text.index("2014 Vyšehradská 16, 128 10 Praha 2")
    assert "BOE-A-2015-1014" in text


def test_numbers_and_mailboxes_can_be_clicked_and_copied(reader: FlaskClient, trial: Trial) -> None:
    entry = first_entry(trial, Entry.conflict, Entry.state_code == "CZ")
    page = show(reader, f"/entries/{entry}")
    assert '<a href="tel:+420221997435" ><bdi dir="ltr">+420 221 997 435</bdi></a>' in page
    assert '<a href="mailto:mot@msp.justice.cz" >' in page
    assert 'data-copy="+420 221 997 435"' in page


def test_name_in_another_script_carries_its_language(reader: FlaskClient, trial: Trial) -> None:
    point = first_entry(
        trial, Entry.synthetic, Entry.state_code == "EG", Entry.kind == "contact_point"
    )
    assert '<bdi lang="ar" dir="rtl">' in show(reader, f"/entries/{point}")


def test_hidden_channels_are_counted(trial: Trial, pages: Flask) -> None:
    entry = first_entry(trial, Entry.restricted, Entry.state_code != "FR")
    # Deals with no kind of help, so a number for those of the same kind is not for this account.
    focal_point = trial.client(pages, "focal.fr@demo.example")
    page = words(show(focal_point, f"/entries/{entry}"))
    assert re.search(r"\d+ further channels? (is|are) not shown to your account", page)


def test_every_entry_of_the_trial_has_a_page(reader: FlaskClient, trial: Trial) -> None:
    with trial.parts.reading() as session:
        entries = session.execute(select(Entry.id).order_by(Entry.id)).scalars().all()
    for entry in entries[:: max(1, len(entries) // 60)]:
        assert len(Elements(show(reader, f"/entries/{entry}")).of("h1")) == 1, entry


def test_every_state_has_a_page(reader: FlaskClient) -> None:
    codes = re.findall(r'href="/states/([A-Z]{2})"', show(reader, "/states"))
    assert len(codes) == 198
    for code in codes[::6]:
        show(reader, f"/states/{code}")


def test_search_marks_what_matched_and_offers_filters(reader: FlaskClient) -> None:
    page = show(reader, "/search?q=ministry+of+justice")
    assert "<mark>" in page
    assert re.search(r'href="/search\?q=ministry\+of\+justice&amp;kind=contact_point"', page)


def test_search_says_what_it_understood(reader: FlaskClient) -> None:
    text = words(show(reader, "/search?q=entraide+judiciaire+Roumanie"))
    assert "Understood as: Romania Mutual legal assistance" in text


@pytest.mark.parametrize("typed", ["%22", "%F0%9F%98%80", "%00"])
def test_search_without_a_word_says_how_to_search(reader: FlaskClient, typed: str) -> None:
    assert "What can be typed" in words(show(reader, f"/search?q={typed}"))


def test_search_that_finds_nothing_offers_the_finder(reader: FlaskClient) -> None:
    assert "Ask the counterpart finder" in words(show(reader, "/search?q=qqqzzzxxx"))


def test_filter_can_be_taken_away(reader: FlaskClient) -> None:
    page = show(reader, "/search?q=justice&state=RO&type=mla")
    assert 'class="chip" href="/search?q=justice&amp;type=mla"' in page


def test_sign_out_ends_the_session(trial: Trial) -> None:
    client = trial.client(trial.app())
    page = show(client, "/help")
    form = re.search(
        r'action="([^"]*sign-out[^"]*)".*?name="csrf_token" value="([^"]+)"', page, re.DOTALL
    )
    assert form
    client.post(form.group(1), data={"csrf_token": form.group(2)})
    assert client.get("/help").status_code == 302


@pytest.mark.parametrize("address", STATEMENTS)
def test_page_asks_the_database_little(reader: FlaskClient, trial: Trial, address: str) -> None:
    show(reader, address)
    with counted_statements(trial.parts.engine) as sent:
        show(reader, address)
    print(f"{address}: {len(sent)} statements")
    assert len(sent) <= STATEMENTS[address], "\n".join(sent)


def test_entry_page_asks_the_database_little(reader: FlaskClient, trial: Trial) -> None:
    entry = first_entry(trial, Entry.conflict)
    show(reader, f"/entries/{entry}")
    with counted_statements(trial.parts.engine) as sent:
        show(reader, f"/entries/{entry}")
    print(f"entry: {len(sent)} statements")
    assert len(sent) <= ENTRY_STATEMENTS, "\n".join(sent)


@pytest.mark.parametrize(
    ("language", "named"),
    [
        (
            "en",
            (
                "Scotland",
                "Convention on Cybercrime",
                "ratification",
                "Synthetic entry for trials; not a fact",
            ),
        ),
        (
            "ru",
            (
                "Шотландия",
                "Конвенция о преступности в сфере компьютерной информации",
                "ратификация",
                "Искусственная запись для испытаний; не факт",
            ),
        ),
    ],
)
def test_territories_and_sources_are_named_in_the_reader_s_language(
    reader: FlaskClient, language: str, named: tuple[str, ...]
) -> None:
    asked = "requesting=FR&requested=GB&type=e_evidence&territory=GB-SCT&urgent=1"
    page = reader.get(f"/counterpart?{asked}&lang={language}").text
    state = reader.get(f"/states/RO?lang={language}").text
    entry = reader.get(f"/counterpart?requesting=FR&requested=RO&type=mla&lang={language}").text
    territory, treaty, consent, synthetic = named
    assert territory in page
    assert consent in state
    assert treaty in page
    assert synthetic in state + entry
