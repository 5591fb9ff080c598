"""A page as a test reads it: elements in order with attributes and text, and forms to send without JavaScript."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "hr"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    text: str = ""
    inside: "Element | None" = None


@dataclass
class Form:
    """A form: where it posts, its fields with the values a browser would send, its buttons by text."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, dict[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """Parse a page; raises AssertionError when elements do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        assert not self._open, f"<{self._open[-1].tag}> is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, inside=next(reversed(self._open), None))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def text_of(self, *tags: str) -> list[str]:
        return [" ".join(element.text.split()) for element in self.all(*tags)]

    def by_id(self, id: str) -> Element:
        (found,) = (element for element in self.elements if element.attrs.get("id") == id)
        return found

    def forms(self, method: str = "post") -> list[Form]:
        """All forms; a select sends its first option."""
        found: dict[int, Form] = {}
        for element in self.elements:
            if element.tag == "form":
                found[id(element)] = Form(element.attrs["action"], element.attrs["method"])
            around = element.inside
            while around is not None and around.tag != "form":
                around = around.inside
            if around is not None:
                self._add(found[id(around)], element)
        return [form for form in found.values() if form.method == method]

    @staticmethod
    def _add(form: Form, element: Element) -> None:
        name, value = element.attrs.get("name"), element.attrs.get("value", "")
        if element.tag == "button":
            form.buttons[" ".join(element.text.split())] = {name: value} if name else {}
        elif element.tag in ("input", "textarea") and name:
            form.fields[name] = value
        elif element.tag == "option" and element.inside is not None:
            group = element.inside
            select = group.inside if group.tag == "optgroup" else group
            assert select is not None
            form.fields.setdefault(select.attrs["name"], value)
