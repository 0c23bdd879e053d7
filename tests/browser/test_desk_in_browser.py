"""The desk in a real browser: the whole way of a focal point, with scripts and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from directory.models.entry import Entry
from tests.browser.conftest import Watched, Windows, served
from tests.browser.test_pages_in_browser import open_all, violations
from tests.support.desk import FOCAL, PDF
from tests.support.trial import Trial, prepare_trial

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NUMBER = "+40 21 200 0000"
FILE = {"name": "note verbale.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture
def desk_trial(tmp_path: Path) -> Iterator[Trial]:
    """A directory of one test's own, to be written into."""
    trial = prepare_trial(f"sqlite:///{tmp_path / 'd.db'}", tmp_path)
    yield trial
    trial.parts.engine.dispose()


@pytest.fixture
def entry(desk_trial: Trial) -> str:
    wanted = (Entry.state_code == "RO", Entry.name == "Ministry of Justice")
    with desk_trial.parts.reading() as session:
        return session.execute(select(Entry.id).where(*wanted)).scalar_one()


@pytest.fixture
def desk(chromium: Browser, desk_trial: Trial, translations: Path) -> Iterator[Windows]:
    """Opens a window of the focal point of Romania, or of somebody else."""
    contexts: list[BrowserContext] = []
    with served(desk_trial.app(translations)) as base:

        def make(
            language: str = "en", *, scripts: bool = True, width: int = 1280, email: str = FOCAL
        ) -> Watched:
            context = chromium.new_context(
                java_script_enabled=scripts,
                locale=language,
                viewport={"width": width, "height": 900},
            )
            contexts.append(context)
            watched = Watched(context.new_page(), base)
            watched.open("/sign-in")
            watched.page.fill("input[name=email]", email)
            watched.page.fill("input[name=password]", desk_trial.passwords[email])
            watched.page.click("main button[type=submit]")
            watched.page.wait_for_selector("#requested")
            return watched

        yield make
        for context in contexts:
            context.close()


def press(page: Page, value: str) -> None:
    page.locator(f".form-buttons button[value={value}]").click()


def submit_a_number(watched: Watched, entry: str) -> str:
    """Propose another telephone number with evidence; gives the address of the proposal."""
    page = watched.page
    watched.open("/desk")
    page.get_by_role("link", name="Ministry of Justice", exact=True).first.click()
    page.get_by_role("link", name="Propose a change").click()
    page.fill("[id='channels.0.value']", NUMBER)
    press(page, "check")
    expect(page.locator("#outlook")).to_contain_text("Routing-critical", use_inner_text=True)
    expect(page.locator(".as-shown")).to_contain_text(NUMBER, use_inner_text=True)
    press(page, "submit")
    expect(page.locator("#complaints")).to_contain_text(
        "Reason: Say why, in a sentence.", use_inner_text=True
    )
    expect(page.locator("[id='channels.0.value']")).to_have_value(NUMBER)
    page.fill("#reason", "The switchboard was renumbered.")
    page.set_input_files("#file", FILE)  # type: ignore[arg-type]
    press(page, "submit")
    expect(page.locator("main")).to_contain_text(
        "Submitted. Below is what happens next.", use_inner_text=True
    )
    return page.url.removeprefix(watched.base)


@pytest.mark.parametrize("scripts", [True, False])
def test_focal_point_changes_a_number_with_evidence(
    desk: Windows, entry: str, scripts: bool
) -> None:
    watched = desk(scripts=scripts)
    address = submit_a_number(watched, entry)
    text = watched.page.inner_text("main")
    assert "note verbale.pdf" in text
    assert "Called back and verified by an officer" in text
    expect(watched.page.locator("[aria-current=step]")).to_have_count(1)
    watched.open("/desk")
    assert address.rpartition("/")[2] in watched.page.inner_text("main")
    assert watched.complaints == []


def test_rows_need_no_scripts_and_the_new_one_is_in_sight(desk: Windows, entry: str) -> None:
    watched = desk(scripts=False)
    page = watched.page
    watched.open(f"/desk/entries/{entry}/propose")
    page.fill("#reason", "Typed before.")
    page.get_by_role("button", name="Add a channel").click()
    expect(page.locator("[id='channels.2.value']")).to_be_visible()
    expect(page.locator("#reason")).to_have_value("Typed before.")
    page.fill("[id='channels.2.value']", "trial@example.org")
    page.get_by_role("button", name="Move up Channel 3").click()
    expect(page.locator("[id='channels.1.value']")).to_have_value("trial@example.org")
    page.get_by_role("button", name="Remove Channel 1").click()
    expect(page.locator("[id='channels.0.value']")).to_have_value("trial@example.org")


def test_class_follows_the_typing(desk: Windows, entry: str) -> None:
    watched = desk()
    page = watched.page
    watched.open(f"/desk/entries/{entry}/propose")
    page.fill("[id='languages_spoken']", "ro, fr")
    expect(page.locator("#outlook")).to_contain_text("Descriptive")
    page.fill("[id='channels.0.value']", NUMBER)
    expect(page.locator("#outlook")).to_contain_text("Two officers")
    page.fill("[id='channels.0.value']", "")
    assert watched.complaints == []


def test_errors_take_the_focus_and_lead_to_their_fields(desk: Windows, entry: str) -> None:
    watched = desk()
    page = watched.page
    watched.open(f"/desk/entries/{entry}/propose")
    page.fill("[id='channels.0.value']", "no number")
    page.fill("[id='languages_spoken']", "klingon!")
    press(page, "check")
    expect(page.locator("[id='complaints']")).to_be_focused()
    assert violations(page) == []
    page.get_by_role("link", name="Channel 1, Number or address").click()
    expect(page.locator("[id='channels.0.value']")).to_be_focused()
    described = page.get_attribute("[id='channels.0.value']", "aria-describedby")
    assert described == "channels.0.value-hint channels.0.value-problem"


def test_reader_reports_and_the_focal_point_answers(desk: Windows, entry: str) -> None:
    reader, focal = desk(email="reader.fr@demo.example"), desk()
    reader.open(f"/entries/{entry}")
    reader.page.click(".report-form summary")
    reader.page.get_by_role("button", name="No answer").click()
    expect(reader.page.locator("main")).to_contain_text("1 open report", use_inner_text=True)
    focal.open("/desk")
    focal.page.fill(".answer-form textarea", "The line is mended.")
    focal.page.get_by_role("button", name="Answer").click()
    expect(focal.page.locator("main")).to_contain_text("Answered.", use_inner_text=True)
    reader.open(f"/entries/{entry}")
    expect(reader.page.locator("main")).not_to_contain_text("open report", use_inner_text=True)


def test_whole_state_is_confirmed_in_two_clicks(desk: Windows) -> None:
    page = desk().page
    page.get_by_role("link", name="Desk").click()
    page.get_by_role("link", name="Confirm the whole State").click()
    page.get_by_role("button", name="All of this is still correct").click()
    expect(page.locator("main")).to_contain_text("entries confirmed.", use_inner_text=True)


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_the_desk_is_accessible_and_fits(
    desk: Windows, entry: str, language: str, width: int
) -> None:
    watched = desk(language, width=width)
    page = watched.page
    watched.open(f"/desk/entries/{entry}/propose")
    page.fill("[id='channels.0.value']", NUMBER)
    page.fill("#reason", "A trial.")
    page.check("#emergency")
    press(page, "submit")
    page.wait_for_selector("[aria-current=step]")
    proposal = page.url.removeprefix(watched.base)
    addresses = [
        proposal,
        "/desk",
        "/desk/confirm",
        f"/desk/entries/{entry}/suspend",
        f"/desk/entries/{entry}/propose",
        f"/entries/{entry}",
    ]
    kinds = ("authority", "contact_point", "liaison_officer", "requirements")
    for address in [*addresses, *(f"/desk/propose/{kind}" for kind in kinds)]:
        watched.open(address)
        assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
        assert page.evaluate(_OVERFLOW) <= 0, address
        open_all(page)
        assert violations(page) == [], address
    assert watched.complaints == []
    assert watched.outside == []
