"""A real Chromium at the real product.

    def test_something(watched: Watched, world: World) -> None:          # runs on a phone and on a desktop
        page = watched.go(f"/citizen/{world.someone('child_born')}?lang=en")
        page.get_by_role("button", name="I do not need it").first.click()

`address`  the product served over `world` (tests/deep/world.py): PostgreSQL, Valkey and 1,500 simulated people
`screen`   375x812 and 1200x900; for one of them: @pytest.mark.parametrize("screen", [PHONE], ids=str)
`scheme`   "light"; for both: @pytest.mark.parametrize("scheme", ["light", "dark"])
`watched`  a fresh window (no cookies) of that size. When the test is over it takes var/screenshots/<test>.png, and
           fails the test for any console error, blocked resource, request elsewhere or status of 400 and more that
           was left in `watched.problems`; a test that means to cause one asserts it and clears the list.

The browser lives as long as its module: Playwright's event loop would otherwise reach into other tests.
"""

import re
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from serving.story.wiring import telling
from serving.web_server import served
from tests.deep.browser.watched import DESKTOP, PHONE, Screen, Watched
from tests.deep.needs import chromium
from tests.deep.world import World

PATIENCE_MS = 10_000
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""No name resolves: a page that asks for something outside cannot get it on any machine."""


@pytest.fixture(scope="session")
def address(world: World) -> Iterator[str]:
    """The pages and the API of the small country over HTTP on loopback, a worker beside them as in the demo."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    with (
        telling(world.product, world.ledger, world.online) as story,
        served(world.product, world.ledger, port=port, demo=True, story=story) as url,
    ):
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    program = chromium()
    assert program, "No Chromium here. `make deep` installs it, or says what to type."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[NOWHERE])
        yield browser
        browser.close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    """The size of the window."""
    screen: Screen = request.param
    return screen


@pytest.fixture
def scheme() -> str:
    """The colours that the person prefers: light or dark."""
    return "light"


@pytest.fixture
def watched(
    browser: Browser, address: str, screen: Screen, scheme: str, request: pytest.FixtureRequest
) -> Iterator[Watched]:
    """A fresh window; see this file's first lines."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=screen.touch,
        is_mobile=screen.touch,
        locale="vi-VN",
    )
    context.set_default_timeout(PATIENCE_MS)
    window = Watched(context.new_page(), address, test=re.sub(r"[^\w.-]+", "-", request.node.name).strip("-"))
    window.watch(context)
    yield window
    window.shoot()
    context.close()
    assert not window.problems
