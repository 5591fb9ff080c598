"""What a person does on a phone or at a desk, from the start page to an answer and back."""

import re

from playwright.sync_api import expect

from tests.deep.browser.watched import Watched
from tests.deep.world import World


def test_from_the_start_page_to_an_answer_and_back(watched: Watched, world: World) -> None:
    page = watched.go("/?lang=en")
    page.locator(f'a[href^="/citizen/{world.someone("child_born")}?"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is waiting for you")
    watched.shoot("told")

    message = page.get_by_role("article").filter(has_text="Unread").first
    message.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("Unread")).to_have_count(0)
    page.get_by_text("Read it again").first.click()

    offer = page.locator("article.offer").first
    title = offer.get_by_role("heading", level=4).inner_text()
    offer.get_by_role("button", name="I do not need it").click()
    expect(page.get_by_role("status")).to_have_text("Noted. Thank you.")
    answered = page.locator("article.offer", has=page.get_by_role("heading", name=title, exact=True))
    expect(answered).to_have_class(re.compile("is-closed"))
    watched.shoot("answered")

    answered.get_by_role("button", name="Take back my answer").click()
    expect(answered).not_to_have_class(re.compile("is-closed"))
    expect(answered.get_by_text("What would you like to do?")).to_be_visible()
