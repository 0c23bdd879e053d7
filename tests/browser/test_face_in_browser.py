"""One face for everybody: each address of the map, seen by whom it is for, by light and by dark."""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from directory.domain.vocabulary import LANGUAGES
from directory.models.entry import Entry
from directory.web.recognition import API_PREFIX
from tests.browser.conftest import Watched, enter, served
from tests.browser.test_pages_in_browser import open_all
from tests.support.trial import READER, Trial

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).resolve().parents[1] / "vendor/axe.min.js"
FOCAL, OFFICER = "focal.ro@demo.example", "verifier.a@demo.example"
AUDITOR, ADMINISTRATOR = "auditor@demo.example", "admin@demo.example"
#: Whoever comes first looks at a page; the others only where it has another form for them.
PEOPLE = (READER, FOCAL, OFFICER, AUDITOR, ADMINISTRATOR)
#: Most bytes of a page with all it needs, as they go over the wire to an empty cache.
MOST_BYTES = 300_000
#: 'Good' by the web vitals is below 0.1.
MOST_SHIFT = 0.1
#: Axe's own rules and the one on the size of targets (WCAG 2.2, 2.5.8), which it leaves out.
_VIOLATIONS = """() => axe.run({rules: {'target-size': {enabled: true}}}).then(result =>
    result.violations.map(one => one.id + ': ' +
        one.nodes.slice(0, 4).map(node => node.html.slice(0, 160)).join(' | ')))"""
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_BYTES = """[...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource')]
    .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
_SHIFT = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.value; }))
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 60);
})"""

Colours = Literal["light", "dark"]
#: Opens the window of a person: e-mail, language, width, 'light' or 'dark'.
Doors = Callable[..., Watched]


@pytest.fixture
def door(chromium: Browser, site: str, trial: Trial) -> Iterator[Doors]:
    contexts = []

    def opened(
        email: str, language: str = "en", width: int = 1280, colours: Colours = "light"
    ) -> Watched:
        context = chromium.new_context(
            locale=language, viewport={"width": width, "height": 900}, color_scheme=colours
        )
        contexts.append(context)
        watched = Watched(context.new_page(), site)
        enter(watched, trial.passwords[email], email)
        return watched

    yield opened
    for context in contexts:
        context.close()


#: What is left of a page's content when its words are taken out: tags and their classes.
_MARKUP = re.compile(r'<(\w+)(?:[^>]*?class="([^"]*)")?')
#: An address that nobody has put anything at.
NOWHERE = "/nowhere"
#: Pages of which strangers are not even told that they are there.
HIDDEN = {"/accounts/1"}
#: What a page may answer to somebody it is not for, or whom it leads elsewhere or asks for more.
NOT_SHOWN = {302, 303, 403, 422}


def entry_of(trial: Trial) -> str:
    with trial.parts.reading() as session:
        wanted = select(Entry.id).where(Entry.state_code == "RO", Entry.kind == "authority")
        return session.execute(wanted.limit(1)).scalar_one()


def addresses(app: Flask, trial: Trial) -> dict[str, list[str]]:
    """Person -> the pages whose content no one before has seen in that form."""
    rules = sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    )
    entry = entry_of(trial)
    named = [
        "/states/RO",
        "/coverage/RO/mla",
        ANSWER,
        f"/entries/{entry}",
        f"/entries/{entry}/history",
        f"/desk/entries/{entry}/propose",
        *HIDDEN,
        NOWHERE,
    ]
    apart = (API_PREFIX, "/sign-", "/health")
    asked = [*(rule for rule in rules if not rule.startswith(apart)), *named]
    found: dict[str, list[str]] = {}
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    for email in PEOPLE:
        client = trial.client(app, email)
        forms = {one: markup for one in asked if (markup := shown(client, one)) is not None}
        # The frame is another one for each role: its first page is always looked at.
        found[email] = [one for one, markup in forms.items() if (one, markup) not in seen]
        seen.update(forms.items())
    assert set(named) <= {address for address, _markup in seen}, "somebody sees each of these"
    return found


def shown(client: FlaskClient, address: str) -> frozenset[tuple[str, str]] | None:
    """The markup of the page's content; None for a file, a refusal or a way elsewhere.

    Any other answer than these is a page that is broken, and none of those that are passed over.
    """
    with client.get(address) as answer:
        if answer.status_code in NOT_SHOWN or (answer.status_code == 404 and address in HIDDEN):
            return None
        expected = 404 if address == NOWHERE else 200
        assert answer.status_code == expected, f"{address}: {answer.status_code}"
        if answer.mimetype != "text/html":
            return None
        return frozenset(_MARKUP.findall(answer.get_data(as_text=True).partition("<main")[2]))


def faults(page: Page, address: str) -> list[str]:
    """What is wrong with the page that is open."""
    found = []
    if (over := page.evaluate(_OVERFLOW)) > 0:
        found.append(f"{over} px too wide")
    if (size := page.evaluate(_BYTES)) > MOST_BYTES:
        found.append(f"{size} bytes")
    if (shift := page.evaluate(_SHIFT)) >= MOST_SHIFT:
        found.append(f"shifts by {shift:.2f}")
    if page.locator("main h1").count() != 1:
        found.append("not one heading")
    if address != "/" and page.locator(".crumbs").count() != 1:
        found.append("no way back")
    open_all(page)
    return [f"{address}: {one}" for one in found + violations(page)]


def violations(page: Page) -> list[str]:
    """What axe finds on the page that is open."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(_VIOLATIONS)
    return found


@pytest.mark.parametrize(
    ("language", "width", "colours"), [("en", 1280, "light"), ("ar", 375, "dark")]
)
def test_every_address_has_the_same_face(
    door: Doors, trial: Trial, translations: Path, language: str, width: int, colours: Colours
) -> None:
    found: list[str] = []
    for email, pages in addresses(trial.app(translations), trial).items():
        if not pages:
            continue
        watched = door(email, language, width, colours)
        for address in pages:
            watched.open(address)
            found += faults(watched.page, address)
        found += watched.complaints + watched.outside
    assert not found, "\n".join(found)


#: The main ways: to ask, to look up, to read an answer and an entry, to keep one's own right.
WAYS = ("/", "/states/RO", "/search?q=justice", "/help", "/account")
ANSWER = "/counterpart?requesting=FR&requested=RO&type=mla"
URGENT = ANSWER.replace("counterpart", "counterpart/urgent")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_lost_at_twice_the_size(door: Doors, language: str) -> None:
    """WCAG 1.4.4 (text at 200 %) and 1.4.10 (320 px, which is 1280 at 400 %)."""
    watched = door(FOCAL, language, 320)
    page = watched.page
    for address in (*WAYS, ANSWER, "/desk", "/liaison", "/coverage"):
        page.set_viewport_size({"width": 320, "height": 700})
        watched.open(address)
        assert page.evaluate(_OVERFLOW) <= 0, f"{address} at 320 px"
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(_OVERFLOW) <= 0, f"{address} at 200 %"
        expect(page.locator("main h1")).to_be_visible()


@pytest.fixture(scope="module")
def windows(chromium: Browser, trial: Trial) -> Iterator[dict[str, Watched]]:
    """E-mail -> the window of a person; '' is nobody's. All speak the languages as translated."""
    with served(trial.app()) as base:
        # Without movements: a colour on its way to another one is measured in the middle.
        opened = {
            email: Watched(chromium.new_page(reduced_motion="reduce"), base)
            for email in ("", *SPEAKERS)
        }
        for email in SPEAKERS:
            enter(opened[email], trial.passwords[email], email)
        yield opened
        for one in opened.values():
            one.page.context.close()


SPEAKERS = (READER, FOCAL, OFFICER)


def spoken_faults(watched: Watched, address: str, language: str) -> list[str]:
    """What is wrong with a page in a language; Arabic is looked at in both colours."""
    mark = "&" if "?" in address else "?"
    answer = watched.page.goto(f"{watched.base}{address}{mark}lang={language}")
    assert answer is not None
    assert answer.status == 200, address
    return faults_of_open(watched.page, address, language)


def faults_of_open(page: Page, address: str, language: str) -> list[str]:
    found = [] if page.locator("html").get_attribute("lang") == language else ["other language"]
    if (over := page.evaluate(_OVERFLOW)) > 0:
        found.append(f"{over} px too wide")
    modes: tuple[Colours, ...] = ("light", "dark") if language == "ar" else ("light",)
    for colours in modes:
        page.emulate_media(color_scheme=colours)
        found += violations(page)
    return [f"{address} in {language}: {one}" for one in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_main_ways_are_open_to_everybody_in_every_language(
    windows: dict[str, Watched], trial: Trial, language: str
) -> None:
    entry = entry_of(trial)
    ways = {
        "": ["/sign-in"],
        READER: ["/", URGENT, "/search?q=justice", f"/entries/{entry}", "/states/RO", "/help"],
        FOCAL: ["/desk", f"/desk/entries/{entry}/propose"],
        OFFICER: ["/reviews"],
    }
    found = []
    for email, pages in ways.items():
        for address in pages:
            found += spoken_faults(windows[email], address, language)
    reader = windows[READER].page
    reader.goto(f"{windows[READER].base}/?lang={language}")
    reader.select_option("#requested", "RO")
    reader.select_option("#type", "mla")
    reader.locator("#requested").evaluate("one => one.form.requestSubmit()")
    reader.wait_for_url("**/counterpart?*")
    found += faults_of_open(reader, ANSWER, language)
    for watched in windows.values():
        found += watched.complaints + watched.outside
    assert not found, "\n".join(found)


def test_office_is_reached_by_keyboard_and_its_menu_closes(door: Doors) -> None:
    page = door(OFFICER).page
    summary = page.locator(".places-office > summary")
    summary.focus()
    outline = summary.evaluate("one => getComputedStyle(one).outlineStyle")
    page.keyboard.press("Enter")
    expect(page.locator(".places-office a").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".places-office a").first).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviews")
    expect(page.locator(".places-office > summary")).to_have_attribute("aria-current", "true")
    assert outline == "solid"


def test_chosen_colours_stay_without_scripts_and_paper_is_light(door: Doors) -> None:
    page = door(READER).page
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.goto(page.url.split("/counterpart")[0].rstrip("/") + "/states?lang=en")
    page.click("footer a:text-is('Dark')")
    page.wait_for_url("**/states?lang=en")
    assert page.evaluate(ground) == "rgb(18, 24, 31)"
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.click("footer a:text-is('As the device')")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_faults_of_the_face_are_noticed(door: Doors) -> None:
    watched = door(READER)
    watched.open("/help")
    watched.page.evaluate(
        """document.querySelector('main').insertAdjacentHTML('beforeend',
        '<h1>Two</h1><a href="/a">a</a><a href="/b">b</a>' + '<p>' + 'x'.repeat(3000) + '</p>')"""
    )
    found = "".join(faults(watched.page, "/help"))
    assert "px too wide" in found
    assert "not one heading" in found


def test_a_page_that_breaks_is_not_passed_over(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = trial.app()

    # With the need of the page it stands for, or it would be refused before it can break.
    @wraps(app.view_functions["help.show"])
    def broken() -> tuple[str, int]:
        return "broken", 500

    monkeypatch.setitem(app.view_functions, "help.show", broken)
    with pytest.raises(AssertionError, match="/help: 500"):
        shown(trial.client(app), "/help")
