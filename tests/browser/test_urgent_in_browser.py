"""At night, on a telephone: one screen, one sheet of paper, and no network."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import Watched, enter, served
from tests.browser.test_pages_in_browser import violations as violations_of
from tests.support.trial import READER, Trial, prepare_trial

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: 03:10 in Paris, 04:10 in Bucharest, on the national day of Romania.
NIGHT = dt.datetime(2026, 12, 1, 2, 10, tzinfo=dt.UTC)
ADDRESS = "/counterpart/urgent?requesting=FR&requested=RO&type=e_evidence"
#: What the page needs, which is kept with it.
FILES = ["/static/urgent-dark.css", "/static/urgent.css", "/static/urgent.js"]
SCREEN: ViewportSize = {"width": 375, "height": 667}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """The directory as `make run` prepares it, at that moment."""
    folder = tmp_path_factory.mktemp("night")
    day = prepare_trial(f"sqlite:///{folder / 'd.db'}", folder, NIGHT)
    yield day
    day.parts.engine.dispose()


@dataclass
class Telephone:
    """A telephone whose owner has signed in, and what it did that it should not have."""

    context: BrowserContext
    watched: Watched

    @property
    def page(self) -> Page:
        return self.watched.page

    def keep(self) -> None:
        """Open the page, and wait until it is kept."""
        self.watched.open(ADDRESS)
        expect(self.page.locator("#kept")).to_be_visible()


def telephone(chromium: Browser, base: str, trial: Trial, language: str = "en") -> Telephone:
    context = chromium.new_context(
        viewport=SCREEN, locale=language, timezone_id="Europe/Paris", has_touch=True
    )
    watched = Watched(context.new_page(), base)
    enter(watched, trial.passwords[READER])
    return Telephone(context, watched)


def below(page: Page, selector: str) -> float:
    """Where the element ends, in pixels from the top of the screen."""
    box = page.locator(selector).last.bounding_box()
    assert box is not None, selector
    return box["y"] + box["height"]


def test_night_on_a_holiday_there_is_answered_on_one_screen(
    chromium: Browser, night: Trial, tmp_path: Path
) -> None:
    with served(night.app()) as base:
        phone = telephone(chromium, base, night)
        phone.watched.open(ADDRESS)
        seen = phone.page.locator("main").inner_text()
        for expected in (
            "24/7 Cybercrime Contact Point",
            "answered in 6 min, English, 14 days ago",
            "There it is Tue 04:10 (EET, UTC+2), 03:10 with you",
            "National holiday there.",
            "First ask to preserve the data; the request to disclose follows.",
            "Preserved today, the data are kept until 30 Jan 2027 at least",
            "the formal request goes there.",
            "Prosecutor's Office attached to the High Court of Cassation and Justice",
        ):
            assert expected in seen, seen
        assert "As of 1 Dec 2026, 03:10 CET" in phone.page.locator(".top").inner_text()
        number = phone.page.locator(".number-first a")
        assert re.fullmatch(r"tel:\+\d+", number.get_attribute("href") or "")
        # The number is the largest thing on the screen, and everything named is on it.
        sizes = phone.page.evaluate(
            "[...document.querySelectorAll('body *')].map("
            "one => parseFloat(getComputedStyle(one).fontSize))"
        )
        size = number.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        assert size == max(sizes) >= 28
        assert below(phone.page, ".says:has-text('formal request') li") <= SCREEN["height"]
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
        assert violations_of(phone.page) == []
        phone.page.screenshot(path=tmp_path / "urgent.png")
        assert phone.watched.complaints == []
        assert phone.watched.outside == []
        phone.context.close()


def test_page_is_printed_on_one_sheet(chromium: Browser, night: Trial) -> None:
    with served(night.app()) as base:
        phone = telephone(chromium, base, night)
        phone.watched.open(ADDRESS)
        sheet = phone.page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
        phone.context.close()


def test_what_was_opened_is_read_without_a_network_and_says_so(
    chromium: Browser, night: Trial
) -> None:
    with served(night.app()) as base:
        phone = telephone(chromium, base, night)
        phone.watched.open("/help?appearance=dark")
        phone.keep()
        expect(phone.page.locator(".band-offline")).to_be_hidden()
    # The server is gone.
    phone.page.reload()
    expect(phone.page.locator(".band-offline")).to_have_text(
        "You are offline. This is what the directory said on 1 Dec 2026 at 03:10."
    )
    expect(phone.page.locator(".number-first a")).to_be_visible()
    size = phone.page.locator(".number-first a").evaluate(
        "one => parseFloat(getComputedStyle(one).fontSize)"
    )
    assert size >= 28
    ground = phone.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(11, 16, 21)", "the colours that were chosen"
    # What was not opened before is answered by a list of what was.
    phone.watched.open("/counterpart/urgent")
    expect(phone.page.locator("h1")).to_have_text("Urgent answers kept on this device")
    expect(phone.page.locator(".band-offline")).to_be_visible()
    expect(phone.page.locator("#kept-list li")).to_have_text(
        "Romania Preservation and disclosure of electronic evidence"
        " As of 1 Dec 2026, 03:10 CET, UTC+1"
    )
    expect(phone.page.locator("#kept-none")).to_be_hidden()
    phone.page.click("#kept-list a")
    expect(phone.page.locator(".number-first a")).to_be_visible()
    with pytest.raises(Exception, match="ERR_"):
        phone.watched.open("/entries/RO-AAAAAA")
    assert phone.watched.outside == []
    phone.context.close()


def kept_addresses(page: Page) -> list[str]:
    """Everything this browser keeps of the directory."""
    found: list[str] = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map("
        "name => caches.open(name).then(one => one.keys())))"
        ".then(all => all.flat().map(one => new URL(one.url).pathname)))"
    )
    return sorted(found)


def test_only_the_page_and_its_files_are_kept_until_sign_out(
    chromium: Browser, night: Trial
) -> None:
    with served(night.app()) as base:
        phone = telephone(chromium, base, night)
        phone.keep()
        expected = ["/counterpart/urgent", "/counterpart/urgent/kept", *FILES]
        assert kept_addresses(phone.page) == expected
        phone.watched.open("/counterpart?requesting=FR&requested=RO&type=mla")
        assert kept_addresses(phone.page) == expected
        phone.page.click(".user-menu summary")
        phone.page.click(".user-menu-sheet button[type=submit]")
        phone.page.wait_for_url("**/sign-in*")
        assert kept_addresses(phone.page) == []
    with pytest.raises(Exception, match="ERR_"):
        phone.watched.open(ADDRESS)
    phone.context.close()


def test_copy_goes_when_the_directory_no_longer_knows_who_asks(
    chromium: Browser, night: Trial
) -> None:
    with served(night.app()) as base:
        phone = telephone(chromium, base, night)
        phone.keep()
        phone.context.clear_cookies()
        phone.watched.open(ADDRESS)
        assert "/sign-in" in phone.page.url
        assert "/counterpart/urgent" not in kept_addresses(phone.page)
        phone.context.close()


def test_page_needs_no_script(chromium: Browser, night: Trial) -> None:
    with served(night.app()) as base:
        phone = telephone(chromium, base, night)
        cookies = phone.context.cookies()
        bare = chromium.new_context(viewport=SCREEN, java_script_enabled=False)
        bare.add_cookies(cookies)  # type: ignore[arg-type]
        page = bare.new_page()
        page.goto(base + ADDRESS)
        expect(page.locator(".number-first a")).to_be_visible()
        for context in (bare, phone.context):
            with suppress(Exception):
                context.close()
