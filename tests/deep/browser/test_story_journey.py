"""The live story in a browser: an event is registered, travels, is held by a named rule, sent, and taken back."""

import pytest
from playwright.sync_api import Page, expect

from tests.deep.browser.pages import LANGUAGES
from tests.deep.browser.watched import DESKTOP, PHONE, Watched


def register(watched: Watched, story: str) -> Page:
    """Open the stories and register this one's event."""
    page = watched.go("/story?lang=en")
    page.get_by_role("button", name=f"Register it {story}").click()
    expect(page.get_by_role("heading", name=story).first).to_be_visible()
    return page


def wait_for_it(page: Page) -> None:
    """Move the clock to the moment at which the message is looked at again, until nothing holds it: a night, a
    weekend or a holiday may follow the settling."""
    again = page.get_by_role("button", name="when it is looked at again")
    for _ in range(5):
        if not again.count():
            return
        again.click()
        page.wait_for_load_state()


def test_a_birth_is_held_sent_when_the_clock_moves_and_corrected_when_it_is_taken_back(watched: Watched) -> None:
    page = register(watched, "A child is born")
    expect(page.get_by_role("heading", name="A register reports")).to_be_visible()
    expect(page.get_by_text("Children under 6")).to_be_visible()
    expect(page.locator(".held-by")).to_contain_text("Settling")
    expect(page.get_by_text("No message yet.")).to_be_visible()
    watched.shoot("1-held")

    page.get_by_text("stop rules, in their order").click()
    expect(page.locator(".rule-stopped")).to_have_count(1)
    expect(page.locator(".rule-not_evaluated").first).to_be_visible()

    wait_for_it(page)
    phone = page.locator(".bubble")
    expect(phone).to_contain_text("A child is born")
    expect(page.get_by_text("It passed every stop rule")).to_be_visible()
    watched.shoot("2-sent")

    page.get_by_role("button", name="The register takes the event back").click()
    expect(phone.first).to_contain_text("Correction of an earlier message")
    expect(page.get_by_role("button", name="The register takes the event back")).to_have_count(0)
    watched.shoot("3-corrected")

    page.get_by_role("link", name="Open this person's page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is waiting for you")


def test_a_lost_job_taken_back_before_it_was_told_is_never_told(watched: Watched) -> None:
    page = register(watched, "Somebody loses a job")
    expect(page.locator(".held-by")).to_contain_text("Settling")
    page.get_by_role("button", name="The register takes the event back").click()
    expect(page.locator(".station.undone .held-by")).to_contain_text("Corrected")
    page.get_by_role("button", name="One day on").click()
    expect(page.get_by_text("No message yet.")).to_be_visible()
    watched.shoot("never-told")


def test_a_new_shop_is_told_through_its_owner(watched: Watched) -> None:
    page = register(watched, "A new shop opens")
    expect(page.get_by_text("in the subject's place")).to_be_visible()
    wait_for_it(page)
    expect(page.locator(".bubble")).to_contain_text("This is about your household business.")
    watched.shoot("owner")
    page.get_by_role("link", name="Open this person's page").click()
    expect(page.get_by_text("This is for your household business.").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_page_is_sound(watched: Watched, language: str) -> None:
    watched.go("/story?lang=en")
    watched.page.get_by_role("button", name="Register it A new shop opens").click()
    watched.go(f"/story?lang={language}")
    assert watched.axe() == []
    assert watched.overflow() == 0
