"""Everything can be done with a keyboard alone, and one always sees where one is (WCAG 2.2: 2.1.1, 2.4.1, 2.4.7)."""

import pytest
from playwright.sync_api import Page, expect

from tests.deep.browser.pages import path_of
from tests.deep.browser.watched import DESKTOP, Watched
from tests.deep.world import World

NUMBER_THE_CONTROLS = """() => {
  const all = document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea");
  const seen = [...all].filter(one => one.checkVisibility());
  seen.forEach((one, at) => one.dataset.control = at);
  return seen.map(one => one.outerHTML.slice(0, 120));
}"""
WHERE_AM_I = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return one === document.body ? null : {
    control: one.dataset.control ?? null,
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    html: one.outerHTML.slice(0, 120),
  };
}"""


def tab_to(page: Page, text: str, *, at_most: int = 200) -> None:
    """Press Tab until the element whose text is exactly `text` has the focus."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.trim()") == text:
            return
    raise AssertionError(f'Tab never reaches "{text}"')


@pytest.mark.parametrize("screen", [DESKTOP], ids=str)
@pytest.mark.parametrize("name", ["home", "citizen-of-a-recorded-event", "catalogue", "coverage", "reference"])
def test_tab_reaches_every_control_in_view_and_with_a_ring(watched: Watched, world: World, name: str) -> None:
    page = watched.go(path_of(name, world))
    controls = page.evaluate(NUMBER_THE_CONTROLS)
    reached: list[int] = []
    for _ in range(len(controls) + 20):
        page.keyboard.press("Tab")
        here = page.evaluate(WHERE_AM_I)
        if here is None:
            break
        assert here["ringed"], f"no focus ring on {here['html']}"
        assert here["inView"], f"focus out of view on {here['html']}"
        if here["control"] is not None:
            reached.append(int(here["control"]))
    assert reached == list(range(len(controls))), [controls[at] for at in set(range(len(controls))) - set(reached)]


def test_the_skip_link_is_the_first_stop_and_leads_past_the_menu(watched: Watched) -> None:
    page = watched.go("/catalogue?lang=en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_in_viewport(ratio=1)
    watched.shoot("skip")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Find a procedure or a moment of life")).to_be_focused()


@pytest.mark.parametrize("screen", [DESKTOP], ids=str)
def test_a_correction_is_sent_with_the_keyboard_alone(watched: Watched, world: World) -> None:
    page = watched.go(f"/citizen/{world.someone('health_insurance_card_expiry')}?lang=en")
    tab_to(page, "Something is wrong")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("What is wrong? (optional)")).to_be_focused()
    page.keyboard.type("My card was renewed in October.")
    watched.shoot("typed")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Noted. Thank you.")
    expect(page.get_by_text("You said something is wrong.")).to_be_visible()
