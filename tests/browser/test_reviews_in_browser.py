"""A change on its whole way in a real browser, and the secretariat's pages for everybody."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from directory.db.migration import upgrade
from directory.db.session import make_engine
from directory.exchange.log_export import export_log
from directory.services import holds
from directory.services.checkpoints import known_keys, make_checkpoint, signer
from directory.web import i18n
from tests.browser.conftest import Watched, served
from tests.browser.test_desk_in_browser import FILE, press
from tests.browser.test_pages_in_browser import open_all, violations
from tests.proof.conftest import TOOL
from tests.support.door import PASSWORD
from tests.support.factories import publication, publish_all
from tests.support.reviewing import with_note
from tests.support.secretariat import (
    ENTRY,
    FIRST,
    NEW,
    OLD,
    PROPOSER,
    SECOND,
    Office,
    open_office,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone; a browser sees no difference between the two kinds."""
    made = make_engine(f"sqlite:///{tmp_path / 'd.db'}")
    upgrade(made)
    yield made
    made.dispose()


@dataclass
class Building:
    """The office with its doors open to browsers."""

    office: Office
    base: str
    chromium: Browser
    open: list[Watched] = field(default_factory=list)

    def enter(self, email: str, language: str = "en", width: int = 1280) -> Watched:
        """The window of somebody who has signed in."""
        context = self.chromium.new_context(
            locale=language, viewport={"width": width, "height": 900}
        )
        watched = Watched(context.new_page(), self.base)
        self.open.append(watched)
        watched.open("/")
        watched.page.fill("input[name=email]", email)
        watched.page.fill("input[name=password]", PASSWORD)
        watched.page.click("main button[type=submit]")
        watched.page.wait_for_selector("#requested")
        return watched


@contextmanager
def opened(office: Office, chromium: Browser) -> Iterator[Building]:
    with served(office.place.app) as base:
        building = Building(office, base, chromium)
        yield building
        for watched in building.open:
            watched.page.context.close()


@pytest.fixture
def building(engine: Engine, chromium: Browser, translations: Path) -> Iterator[Building]:
    office = open_office(engine)
    i18n.install(office.place.app, translations)
    with opened(office, chromium) as found:
        yield found


def test_a_change_goes_its_whole_way_in_the_browser(building: Building, tmp_path: Path) -> None:
    office = building.office
    proposal = propose(building.enter(PROPOSER))
    first = building.enter(FIRST)
    first.page.click(".places-office summary")
    first.page.click(".places-office >> text=Reviews")
    first.page.click(f'a[href="/reviews/{proposal}"]')
    first.page.click("text=Take it for review")
    call_back(first.page)
    first.page.click(".acts button:has-text('Verify')")
    expect(first.page.locator("main")).to_contain_text(
        "You have verified the proposal.", use_inner_text=True
    )
    expect(first.page.locator(".acts")).to_contain_text(
        "a second officer must approve it", use_inner_text=True
    )
    second = building.enter(SECOND)
    second.open(f"/reviews/{proposal}")
    second.page.click("text=Approve and begin the hold")
    expect(second.page.locator(".entry-head")).to_contain_text("On hold", use_inner_text=True)
    office.deliver()
    office.place.clock.move(hours=73)
    with office.place.work() as uow:
        assert holds.publish_due(uow, office.place.clock()) == [proposal]
    reader = building.enter("reader@fr.example")
    reader.open(f"/entries/{ENTRY}")
    text = reader.page.inner_text("main")
    assert "+40 21 315 5299" in text
    assert "formerly" in text.lower()
    reader.open(f"/entries/{ENTRY}/history")
    text = reader.page.inner_text("main")
    assert "The switchboard was renumbered." in text
    assert "5280" in text
    assert "5299" in text
    holds_offline(building, reader, tmp_path)
    for watched in building.open:
        assert watched.complaints == []
        assert watched.outside == []


def propose(watched: Watched) -> str:
    """A focal point gives another number, with evidence; the proposal's name."""
    page = watched.page
    watched.open(f"/entries/{ENTRY}")
    page.get_by_role("link", name="Propose a change").click()
    page.fill("[id='channels.0.value']", NEW)
    page.fill("#reason", "The switchboard was renumbered.")
    page.set_input_files("#file", FILE)  # type: ignore[arg-type]
    press(page, "submit")
    expect(page.locator("main")).to_contain_text(
        "Submitted. Below is what happens next.", use_inner_text=True
    )
    return page.url.rpartition("/")[2]


def holds_offline(building: Building, reader: Watched, folder: Path) -> None:
    """The stand-alone tool finds the log whole, and an extract as of yesterday with the old one."""
    place = building.office.place
    settings = place.parts.settings
    signing, keys = signer(settings), known_keys(settings)
    with place.work() as uow:
        make_checkpoint(uow, signing, keys, place.clock())
    log, extract = folder / "log.jsonl", folder / "extract.json"
    with place.parts.reading() as session, log.open("w", encoding="utf-8") as out:
        out.writelines(export_log(session, settings.log_name, keys))
    yesterday = (place.clock() - dt.timedelta(days=1)).date()
    address = f"/entries/{ENTRY}/extract?as_of={yesterday}&format=json"
    answer = reader.page.request.get(building.base + address)
    assert OLD in answer.text()
    assert NEW not in answer.text()
    extract.write_text(answer.text(), "utf-8")
    for what, file in (("log", log), ("extract", extract)):
        command = [sys.executable, "-I", str(TOOL), what, str(file), "--key", str(signing.verifier)]
        checked = subprocess.run(command, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def call_back(page: Page) -> None:
    """Record a call to the number the directory names first."""
    expect(page.locator("input[name=channel]")).to_have_count(1)
    assert OLD not in page.inner_html("#call-back form")
    page.click("label:has-text('Confirmed')")
    page.fill("#function", "duty officer")
    expect(page.locator("#question")).to_have_value("Which ministry is above your office?")
    page.check("#answered")
    page.click("text=Record the call")
    expect(page.locator("main")).to_contain_text("The call-back is recorded.", use_inner_text=True)


def test_call_back_can_be_recorded_with_the_keyboard_alone(building: Building) -> None:
    proposal = building.office.changed_number()
    building.office.done(FIRST, proposal, "take")
    page = building.enter(FIRST).page
    page.goto(f"{building.base}/reviews/{proposal}")
    press_until(page, "input[name=result]")
    page.keyboard.press("Space")
    press_until(page, "#function")
    page.keyboard.type("duty officer")
    press_until(page, "#answered")
    page.keyboard.press("Space")
    press_until(page, "#call-back form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The call-back is recorded.")


def press_until(page: Page, wanted: str) -> None:
    """Press Tab until what the selector names has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def everything(office: Office, engine: Engine) -> list[str]:
    """Pages in every state there is something to see of."""
    waiting = office.changed_number()
    office.done(FIRST, waiting, "take")
    office.call(FIRST, waiting, result="not_reached", channel="telephone:+40213155281")
    office.done(FIRST, waiting, "comment", text="Nobody there after eight.")
    clash = office.described("RO-BBBBBB", "Closed in August.")
    record = with_note("Closed in July.")(office.desk.entry("RO-BBBBBB").record)
    publish_all(engine, publication("RO-BBBBBB", record, base=1))
    form = {"title": "Yearly confirmation", "deadline": "2026-12-20", "text": "Numbers first."}
    campaign = office.post(FIRST, "/campaigns", **form).location
    settings = office.place.parts.settings
    with office.place.work() as uow:
        make_checkpoint(uow, signer(settings), known_keys(settings), office.place.clock())
    return [
        "/reviews",
        "/reviews?status=published-not",
        "/reviews?class=substantive",
        f"/reviews/{waiting}",
        f"/reviews/{clash}",
        "/campaigns",
        campaign,
        "/log",
        "/log?state=Romania&since=never",
    ]


@pytest.mark.parametrize("width", [375, 768, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_accessible_and_fits(
    building: Building, engine: Engine, language: str, width: int
) -> None:
    addresses = everything(building.office, engine)
    watched = building.enter(FIRST, language, width)
    for address in addresses:
        watched.open(address)
        direction = watched.page.get_attribute("html", "dir")
        assert direction == ("rtl" if language == "ar" else "ltr"), address
        assert watched.page.evaluate(_OVERFLOW) <= 0, address
        open_all(watched.page)
        assert watched.page.evaluate(_OVERFLOW) <= 0, address
        assert violations(watched.page) == [], address
    assert watched.complaints == []
    assert watched.outside == []
