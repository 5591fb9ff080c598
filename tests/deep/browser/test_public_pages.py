"""The pages that concern nobody in particular: language, catalogue, coverage."""

import re

import pytest
from playwright.sync_api import expect

from tests.deep.browser.watched import PHONE, Watched


def test_the_language_changes_and_stays_changed_from_page_to_page(watched: Watched) -> None:
    page = watched.go("/")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Coverage", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How many services are proactive?")
    page.get_by_role("link", name="Magyar").click()
    expect(page.locator("html")).to_have_attribute("lang", "hu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hány szolgáltatás jön magától?")
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    assert watched.page.url.startswith(f"{watched.address}/coverage")
    assert watched.page.context.cookies() == []


@pytest.mark.parametrize("typed", ["huong luong huu", "HƯỞNG LƯƠNG HƯU", "Hưởng lương hưu"])
@pytest.mark.parametrize("screen", [PHONE], ids=str)
def test_the_catalogue_is_searched_with_or_without_diacritics(watched: Watched, typed: str) -> None:
    page = watched.go("/catalogue?lang=vi")
    everything = page.locator(".procedures li").count()
    page.get_by_role("searchbox").fill(typed)
    page.keyboard.press("Enter")
    found = page.locator(".procedures li")
    expect(found.first).to_be_visible()
    assert 0 < found.count() < everything
    for title in found.get_by_role("link").all_inner_texts():
        assert "hưởng lương hưu" in title.lower()
    expect(page.get_by_role("searchbox")).to_have_value(typed)


def test_a_search_for_nothing_says_so_and_can_be_cleared(watched: Watched) -> None:
    page = watched.go("/catalogue?lang=en")
    page.get_by_role("searchbox").fill("xyzzy")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("status")).to_have_text("No procedure matches. Try a shorter word.")
    watched.shoot("nothing")
    page.get_by_role("link", name="Clear the search").click()
    expect(page.get_by_role("status")).to_have_text("116 procedures")


def test_a_group_opens_and_leads_to_a_procedure_and_back(watched: Watched) -> None:
    page = watched.go("/catalogue?lang=en")
    group = page.locator("details.group").first
    link = group.get_by_role("link").first
    expect(link).to_be_hidden()
    group.locator("summary").click()
    title = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="Back to the catalogue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Catalogue")


def test_the_coverage_page_accounts_for_every_service_of_both_catalogues(watched: Watched) -> None:
    page = watched.go("/coverage?lang=en")
    scores = page.locator(".score")
    expect(scores).to_have_count(2)
    for score, services in zip(scores.all(), (27, 116), strict=True):
        expect(score.get_by_text(re.compile(rf"^\d+ of {services} services$"))).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(27)
    page.get_by_role("link", name="All services").click()
    expect(page.locator("tbody tr")).to_have_count(116)
    page.get_by_text("How it is counted").click()
    expect(page.get_by_text("Level L2 or higher")).to_be_visible()
