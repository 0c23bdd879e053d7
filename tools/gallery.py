"""The gallery: the main pages in three languages and at three widths, to be looked at by people."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

LANGUAGES = ("en", "ar", "zh")
#: CSS pixels: a telephone, a tablet, a desktop.
WIDTHS = (375, 768, 1280)
HEIGHT = 900
READER, FOCAL = "reader.fr@demo.example", "focal.ro@demo.example"
OFFICER = "verifier.a@demo.example"
QUESTION = "/counterpart?requesting=FR&requested=RO&type=mla"


@dataclass(frozen=True)
class Hung:
    """A page of the gallery: whose it is ('' is nobody's), and where it is.

    ``link`` selects a link of the page at ``address``; the page it leads to is meant, with ``end``
    at the end of its address.
    """

    name: str
    email: str
    address: str
    link: str = ""
    end: str = ""


#: A number that is kept for fiction, for the proposal that the review page shows.
NUMBER = "+44 20 7946 0321"
ENTRY_LINK = "main a[href^='/entries/']"
PROPOSE_LINK = "main a[href$='/propose']"
PAGES = (
    Hung("sign-in", "", "/sign-in"),
    Hung("finder", READER, "/"),
    Hung("answer", READER, QUESTION),
    Hung("urgent", READER, f"/counterpart/urgent?{QUESTION.partition('?')[2]}"),
    Hung("search", READER, "/search?q=justice"),
    Hung("entry", READER, "/states/RO", ENTRY_LINK),
    Hung("state", READER, "/states/RO"),
    Hung("coverage", READER, "/coverage"),
    Hung("history", READER, "/states/RO", ENTRY_LINK, "/history"),
    Hung("guide", READER, "/help/reader"),
    Hung("account", READER, "/account"),
    Hung("desk", FOCAL, "/desk"),
    Hung("proposal", FOCAL, "/desk", PROPOSE_LINK),
    Hung("review", OFFICER, "/reviews", "main .row-title a[href^='/reviews/']"),
)


@dataclass(frozen=True)
class Visitor:
    """Where a demonstration is served, and the passwords of its accounts by e-mail."""

    address: str
    passwords: dict[str, str] = field(repr=False)

    def enter(self, page: Page, email: str) -> None:
        """Sign in through the form."""
        page.goto(f"{self.address}/sign-in")
        page.fill("#email", email)
        page.fill("input[type=password]", self.passwords[email])
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in" not in url)


def hang(browser: Browser, visitor: Visitor, folder: Path) -> Iterator[Path]:
    """Take every page in each language and width, whole; gives each file as it is made."""
    folder.mkdir(parents=True, exist_ok=True)
    _propose(browser, visitor)
    for email in dict.fromkeys(one.email for one in PAGES):
        context = browser.new_context(color_scheme="light", locale="en-GB")
        page = context.new_page()
        if email:
            visitor.enter(page, email)
        for hung in PAGES:
            if hung.email == email:
                yield from _hang(page, visitor.address, hung, folder)
        context.close()


def _hang(page: Page, base: str, hung: Hung, folder: Path) -> Iterator[Path]:
    address = base + (_linked(page, base, hung) if hung.link else hung.address)
    for language in LANGUAGES:
        _open(page, f"{address}{'&' if '?' in address else '?'}{urlencode({'lang': language})}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            path = folder / f"{hung.name}-{language}-{width}.png"
            page.screenshot(path=path, full_page=True)
            yield path


def _propose(browser: Browser, visitor: Visitor) -> None:
    """Propose another number, so that there is something to review."""
    page = browser.new_page()
    visitor.enter(page, FOCAL)
    desk = Hung("", FOCAL, "/desk", PROPOSE_LINK)
    _open(page, visitor.address + _linked(page, visitor.address, desk))
    page.fill("[id='channels.0.value']", NUMBER)
    page.fill("#reason", "The switchboard was renumbered.")
    page.locator(".form-buttons button[value=submit]").click()
    page.wait_for_url("**/proposals/*")
    page.context.close()


def _linked(page: Page, base: str, hung: Hung) -> str:
    _open(page, base + hung.address)
    leads = page.locator(hung.link).first.get_attribute("href")
    if leads is None:
        raise RuntimeError(f"{hung.address} has no link {hung.link}")
    return leads.partition("?")[0] + hung.end


def _open(page: Page, address: str) -> None:
    """Open the page and refuse any other answer than that page."""
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{address} was not shown")
