"""What a person does on a phone or at a desk, from the start page to an answer and back."""

import re

from playwright.sync_api import expect

from tests.deep.browser.watched import Watched
from tests.deep.world import World


def test_from_the_start_page_to_an_answer_and_back(watched: Watched, world: World) -> None:
    page = watched.go("/?lang=en")
    shown = page.locator('a[href^="/citizen/"]').evaluate_all("links => links.map(link => link.pathname.split('/')[2])")
    page.locator(f'a[href^="/citizen/{world.stranger(shown)}?"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is waiting for you")
    watched.shoot("told")

    unread = page.get_by_role("article").filter(has_text="Unread")
    waiting = unread.count()
    unread.first.get_by_role("button", name="Mark as read").click()
    expect(unread).to_have_count(waiting - 1)
    page.get_by_text("Read it again").first.click()

    offer = page.locator("article.offer").first
    chosen = offer.get_attribute("id")
    offer.get_by_role("button", name="I do not need it").click()
    expect(page.get_by_role("status")).to_have_text("Noted. Thank you.")
    answered = page.locator(f"article#{chosen}")
    expect(answered).to_have_class(re.compile("is-closed"))
    watched.shoot("answered")

    answered.get_by_role("button", name="Take back my answer").click()
    expect(answered).not_to_have_class(re.compile("is-closed"))
    expect(answered.get_by_text("What would you like to do?")).to_be_visible()


def test_a_reminder_is_set_for_a_day_and_a_reload_does_not_answer_again(watched: Watched, world: World) -> None:
    page = watched.go(f"/citizen/{world.someone('health_insurance_card_expiry')}?lang=en")
    offer = page.locator("article.offer").first
    offer.get_by_text("Remind me later").click()
    days = offer.get_by_label("Remind me on")
    day = days.locator("option").last.inner_text()
    days.select_option(label=day)
    watched.shoot("choosing")
    offer.get_by_role("button", name="Set the reminder").click()
    expect(page.get_by_text(f"You asked to be reminded on {day}.")).to_be_visible()
    page.reload()
    expect(page.get_by_text(f"You asked to be reminded on {day}.")).to_be_visible()
    assert sum("/answers" in url for url in watched.requests) == 1


def test_see_the_steps_leads_to_the_offers_of_that_message(watched: Watched, world: World) -> None:
    page = watched.go(f"/citizen/{world.someone('health_insurance_card_expiry')}?lang=en")
    title = "Your health-insurance card is expiring"
    message = page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))
    message.get_by_role("link", name="See the steps").click()
    occasion = page.get_by_role("region", name=title)
    expect(occasion).to_be_in_viewport()
    occasion.get_by_text("Why do I see this?").first.click()
    expect(occasion.get_by_text("The date follows from the law.").first).to_be_visible()
