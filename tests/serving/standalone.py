"""A report as one file: what it is made of, and that it needs nothing else."""

import re
from html.parser import HTMLParser


class Seen(HTMLParser):
    """Ids, references to ids, elements, and the text of each section."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.elements: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.elements.append(tag)
        self.images += [given] if tag == "svg" else []
        if given.get("id"):
            self.ids.append(str(given["id"]))
        for name, value in given.items():
            if name in ("aria-labelledby", "aria-describedby"):
                self.references.update((value or "").split())
            elif (value or "").startswith("#") and name == "href":
                self.references.add((value or "")[1:])
            self.references.update(re.findall(r"url\(#([^)]+)\)", value or ""))

    handle_startendtag = handle_starttag


def assert_it_loads_nothing(html: str) -> None:
    """No address, no script, no file beside it."""
    assert "http" not in html.replace('http-equiv="Content-Security-Policy"', "")
    assert not re.search(r"\bsrc\s*=|@import|url\((?!#)", html)
    assert not {"script", "link", "img", "iframe"} & set(Seen(html).elements)
