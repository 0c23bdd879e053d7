"""A newcomer comes in with a passkey: Chromium's own WebAuthn, a virtual authenticator."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from sqlalchemy import update

from directory.domain.vocabulary import Role
from directory.models.account import LoginSession
from tests.browser.conftest import Watched
from tests.support.accounts import invite
from tests.support.trial import Trial

pytestmark = pytest.mark.browser

#: Seconds within which a newcomer invited by link is inside.
INSIDE_WITHIN = 120


@dataclass
class Newcomer:
    """A browser with a built-in authenticator, at the directory's name."""

    page: Page
    base: str
    watched: Watched
    authenticator: CDPSession


@pytest.fixture
def newcomer(chromium: Browser, site: str) -> Iterator[Newcomer]:
    # Browsers bind passkeys to a name; 127.0.0.1 is none.
    base = site.replace("127.0.0.1", "localhost")
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    watched = Watched(context.new_page(), base)
    devtools = context.new_cdp_session(watched.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield Newcomer(watched.page, base, watched, devtools)
    context.close()


def invited(trial: Trial, email: str) -> str:
    with trial.parts.unit_of_work() as uow:
        secret = invite(uow, email, Role.READER, "FR", trial.parts.clock())
    return f"/invitation/{secret}"


def accept(newcomer: Newcomer, link: str) -> None:
    newcomer.watched.open(link)
    newcomer.page.get_by_role("button", name="Set up a passkey").click()
    newcomer.page.wait_for_selector("#requested")


def test_who_is_invited_by_link_is_inside_with_a_passkey_in_two_minutes(
    trial: Trial, newcomer: Newcomer
) -> None:
    link = invited(trial, "newcomer.one@fr.example")
    begun = time.monotonic()
    accept(newcomer, link)
    took = time.monotonic() - begun
    print(f"inside after {took:.1f} s")
    assert took < INSIDE_WITHIN
    assert newcomer.watched.complaints == []
    assert newcomer.watched.outside == []


def test_signed_out_the_passkey_lets_its_owner_in_again_at_the_page_asked_for(
    trial: Trial, newcomer: Newcomer
) -> None:
    accept(newcomer, invited(trial, "newcomer.two@fr.example"))
    page = newcomer.page
    page.locator("details.user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    newcomer.watched.open("/states/RO")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/states/RO")
    expect(page.locator("h1")).to_contain_text("Romania")


def test_a_grave_act_is_confirmed_with_the_passkey_and_done_at_once(
    trial: Trial, newcomer: Newcomer
) -> None:
    accept(newcomer, invited(trial, "newcomer.three@fr.example"))
    with trial.parts.unit_of_work() as uow:
        uow.session.execute(update(LoginSession).values(factor_at=None))
    page = newcomer.page
    newcomer.watched.open("/account/tokens")
    page.fill("#name", "my program")
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator("h1")).to_have_text("Confirm that it is you")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.locator("#token-made")).to_contain_text("nad_")


def test_a_passkey_that_is_not_given_is_said_and_the_password_stays(newcomer: Newcomer) -> None:
    newcomer.watched.open("/sign-in")
    newcomer.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(newcomer.page.locator("[data-passkey-problem]")).to_be_visible()
    expect(newcomer.page.locator("input[name=password]")).to_be_visible()
