"""What holds for every page, on a phone and at a desk, in every language, by day and by night."""

import pytest

from tests.deep.browser.pages import LANGUAGES, PAGES, path_of
from tests.deep.browser.watched import PHONE, Screen, Watched
from tests.deep.world import World

OPEN_EVERYTHING = "document.querySelectorAll('details').forEach(one => one.open = true)"
NARROWEST = 320
"""CSS pixels: a 1280 px window at 400% zoom, where WCAG 2.2 (1.4.10) still wants one direction of scrolling."""


def opened(watched: Watched, name: str, world: World, language: str) -> None:
    path = path_of(name, world)
    page = watched.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
    page.evaluate(OPEN_EVERYTHING)
    if name == "not-found":
        assert all("404" in problem for problem in watched.problems)
        assert watched.problems
        watched.problems.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nobody_scrolls_sideways(
    watched: Watched, world: World, name: str, language: str, scheme: str
) -> None:
    opened(watched, name, world, language)
    assert watched.axe() == []
    assert watched.overflow() == 0
    assert watched.page.locator("html").get_attribute("lang") == language
    assert watched.page.locator("h1").count() == 1


@pytest.mark.parametrize("screen", [Screen("narrowest", NARROWEST, 800)], ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_reflows_at_four_hundred_percent(watched: Watched, world: World, name: str) -> None:
    opened(watched, name, world, "vi")
    assert watched.overflow() == 0


@pytest.mark.parametrize("screen", [PHONE], ids=str)
def test_axe_sees_a_missing_label_and_low_contrast(watched: Watched) -> None:
    page = watched.go("/catalogue?lang=en")
    page.locator("label[for=q]").evaluate("label => label.remove()")
    page.locator("h1").evaluate("h1 => { h1.style.color = '#ccc'; h1.style.background = '#ddd' }")
    page.locator("main").evaluate("main => main.style.width = '500px'")
    found = {problem.partition(":")[0] for problem in watched.axe()}
    assert {"label", "color-contrast"} <= found
    assert watched.overflow() > 0
