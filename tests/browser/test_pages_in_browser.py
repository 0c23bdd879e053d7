"""The pages in a real browser: usable by everybody, asking nobody else, scripts or not."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from directory.models.entry import Entry
from tests.browser.conftest import Watched, Windows
from tests.support.trial import Trial

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).resolve().parents[1] / "vendor/axe.min.js"
FINDER = "/counterpart?requesting=FR&requested=RO&type=mla"
PAGES = (
    "/",
    FINDER,
    "/counterpart?requesting=FR&requested=RO&type=e_evidence&urgent=1",
    "/counterpart/urgent?requesting=FR&requested=RO&type=e_evidence",
    "/line-tests",
    "/counterpart?requesting=FR&requested=TD&type=extradition",
    "/counterpart?requesting=FR&requested=GB&type=mla&territory=GB-SCT&on=2015-03-01",
    "/counterpart?requesting=FR&requested=XX&type=foo&on=tomorrow",
    "/search",
    "/search?q=ministry+of+justice",
    "/search?q=qqqzzzxxx",
    "/search?q=a&page=0",
    "/states",
    "/states/RO",
    "/states/TD",
    "/help",
    "/nowhere",
)
_VIOLATIONS = """() => axe.run().then(result => result.violations.map(
    one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 200)).join(' | ')))"""
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def entry_pages(trial: Trial) -> list[str]:
    """One entry of each kind, one whose sources differ, one in another script."""
    wanted = [Entry.kind == kind for kind in ("authority", "liaison_officer", "requirements")]
    wanted += [
        Entry.conflict.is_(True),
        (Entry.state_code == "EG") & (Entry.kind == "contact_point"),
    ]
    with trial.parts.reading() as session:
        found = [
            session.execute(select(Entry.id).where(one).order_by(Entry.id).limit(1)).scalar_one()
            for one in wanted
        ]
    pages = [f"/entries/{entry}" for entry in found]
    # The past and the proof of the entry whose sources differ.
    past = [f"{pages[3]}/{more}" for more in ("history", "as-of/2026-01-01", "seal")]
    return [*pages, *past]


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(_VIOLATIONS)
    return found


def open_all(page: Page) -> None:
    """Unfold everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_accessible_and_fits(
    window: Windows, trial: Trial, language: str, width: int
) -> None:
    watched = window(language, width=width)
    for address in (*PAGES, *entry_pages(trial)):
        watched.open(address)
        direction = watched.page.get_attribute("html", "dir")
        assert direction == ("rtl" if language == "ar" else "ltr"), address
        assert watched.page.evaluate(_OVERFLOW) <= 0, address
        open_all(watched.page)
        assert violations(watched.page) == [], address
    assert watched.complaints == []
    assert watched.outside == []


def test_planted_faults_are_noticed(window: Windows) -> None:
    watched = window()
    watched.open("/help")
    planted = "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x\">')"
    watched.page.evaluate(planted)
    assert any(found.startswith("image-alt") for found in violations(watched.page))
    watched.page.evaluate("fetch('http://elsewhere.example/').catch(() => {})")
    watched.page.evaluate("document.body.setAttribute('onclick', 'alert(1)')")
    assert any("Content Security Policy" in text for text in watched.complaints)


def test_sign_in_page_is_accessible(window: Windows) -> None:
    watched = window()
    watched.page.context.clear_cookies()
    watched.open("/states")
    assert "/sign-in" in watched.page.url
    assert violations(watched.page) == []


def test_main_way_needs_the_keyboard_only(window: Windows) -> None:
    watched = window()
    watched.open("/")
    tab_to(watched.page, "#requested")
    watched.page.keyboard.type("Romania")
    watched.page.keyboard.press("Tab")
    watched.page.keyboard.type("Mutual")
    tab_to(watched.page, ".finder-go")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**/counterpart?*")
    assert watched.page.url.endswith("requesting=FR&requested=RO&type=mla")
    watched.page.keyboard.press("Tab")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**#main")
    heading = watched.page.locator("main h1").inner_text()
    assert heading == "Mutual legal assistance: whom to address in Romania"


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what the selector names has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def test_main_way_needs_no_scripts(window: Windows) -> None:
    watched = window(scripts=False)
    page = watched.page
    page.select_option("#requested", "RO")
    page.select_option("#type", "mla")
    page.click(".finder-go")
    expect(page.locator("main")).to_contain_text(
        "Prosecutor's Office attached to the High Court", use_inner_text=True
    )
    expect(page.locator(".btn-copy").first).to_be_hidden()
    page.click(".card-first h3 a")
    expect(page.locator("main h1")).to_have_count(1)
    page.fill("#masthead-q", "extradición Rumania")
    page.click(".masthead-search button")
    expect(page.locator("main")).to_contain_text("Romania", use_inner_text=True)


def test_slash_goes_to_the_search_box_but_not_while_typing(window: Windows) -> None:
    page = window().page
    page.goto(page.url.split("/counterpart")[0])
    page.keyboard.press("/")
    expect(page.locator("[id='q']")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("#q")).to_have_value("a/b")


def test_an_empty_search_box_runs_as_its_page_does(window: Windows) -> None:
    watched = window("ar")
    for address, box in (("/", "#q"), ("/search", "#q"), ("/states", "#masthead-q")):
        watched.open(address)
        found = watched.page.locator(box).evaluate("one => getComputedStyle(one).direction")
        assert found == "rtl", address


def test_suggestions_complete_what_is_typed_and_lead_there(window: Windows) -> None:
    watched = window()
    page = watched.page
    page.locator("#q").press_sequentially("Roma")
    page.wait_for_selector("#q-suggestions [role=option]")
    expect(page.locator("#q-suggestions")).to_contain_text("Romania", use_inner_text=True)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", "q-suggestions-0")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("n")
    page.wait_for_selector("#q-suggestions [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/states/RO")
    assert watched.complaints == []


def test_copy_button_copies_what_it_stands_beside(window: Windows) -> None:
    watched = window()
    watched.open(FINDER)
    button = watched.page.locator(".btn-copy").first
    button.click()
    watched.page.wait_for_selector(".btn-copy.is-done")
    copied = watched.page.evaluate("navigator.clipboard.readText()")
    assert copied == button.get_attribute("data-copy") == "410 54 35"


def test_printed_answer_leaves_the_frame_away(window: Windows) -> None:
    watched: Watched = window()
    watched.open(FINDER)
    watched.page.emulate_media(media="print")
    expect(watched.page.locator(".masthead")).to_be_hidden()
    expect(watched.page.locator("#change")).to_be_hidden()
    expect(watched.page.locator(".card-first")).to_be_visible()


def test_signing_out_leads_out(window: Windows) -> None:
    page = window().page
    page.click(".user-menu summary")
    page.click(".user-menu button")
    page.wait_for_selector("input[name=email]")
    page.goto(page.url)
    assert "/sign-in" in page.url
