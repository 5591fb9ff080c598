"""A browser page that is watched: what it asked for, what it complained of, and pictures of how it looks."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response

SCREENSHOTS = Path(__file__).parents[3] / "var" / "screenshots"
TELL_OF_BLOCKED = """
addEventListener("securitypolicyviolation", e =>
  console.error(`The content policy blocked ${e.blockedURI} (${e.violatedDirective})`))
"""


@dataclass(frozen=True)
class Screen:
    """A size of window; a phone is touched and not hovered over."""

    name: str
    width: int
    height: int

    def __str__(self) -> str:
        return self.name

    @property
    def touch(self) -> bool:
        """Is it a phone's?"""
        return self.width < 600


PHONE = Screen("phone", 375, 812)
DESKTOP = Screen("desktop", 1200, 900)


@dataclass
class Watched:
    """A page at the product's address. `problems` is what no page of ours may ever cause: an error on the console,
    a blocked resource, a request to anywhere but the product, an answer of 400 or more that no test announced.

    page:    Playwright's page, to do what a person does
    address: http://127.0.0.1:<port>
    test:    names the screenshots, var/screenshots/<test>[-<moment>].png
    """

    page: Page
    address: str
    test: str
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen from before the first request on."""
        context.add_init_script(TELL_OF_BLOCKED)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))

    def go(self, path: str) -> Page:
        """Open a path of the product, as from the address bar."""
        self.page.goto(self.address + path)
        return self.page

    def shoot(self, moment: str = "") -> None:
        """A picture of the whole page, to be looked at by people."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        name = f"{self.test}-{moment}" if moment else self.test
        path = SCREENSHOTS / f"{name}.png"
        try:
            self.page.screenshot(path=path, full_page=True)
        except Error:  # a busy Chromium cannot always draw a long page at once; a second failure counts
            self.page.screenshot(path=path, full_page=True)

    def axe(self) -> list[str]:
        """What axe finds wrong on the page as it stands: rule, element and why. Empty is good."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{rule['id']}: {' '.join(node['target'])}: {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window: 0, or people must scroll sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        if urlsplit(request.url).netloc != urlsplit(self.address).netloc:
            self.problems.append(f"asked for {request.url}, which is not ours")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status} for {response.request.method} {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")
