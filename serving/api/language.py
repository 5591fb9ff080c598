"""Which language a person is answered in: `?lang=` first, then Accept-Language, then the pack's own."""

from collections.abc import Sequence

from lifeevents.domain.errors import NotFound
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import Text


def negotiate(accept: str | None, offered: Sequence[str]) -> str:
    """The best of `offered` for an Accept-Language header (RFC 9110, 12.5.4); the first when none fits."""
    wishes: list[tuple[float, str]] = []
    for part in (accept or "").split(","):
        tag, _, weight = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in offered:
            wishes.append((_quality(weight), language))
    quality, language = max(wishes, default=(0.0, offered[0]), key=lambda wish: wish[0])
    return language if quality > 0 else offered[0]


def _quality(weight: str) -> float:
    """The q-value of one entry: 1 when absent, 0 (not wanted) when it is not a number."""
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0


def spoken(pack: Pack, language: str | None) -> str:
    """The language asked for, by default the pack's first. Raises NotFound for one that the pack does not speak."""
    if language is not None and language not in pack.languages:
        raise NotFound(f'there is no language "{language}"; there is {", ".join(pack.languages)}.')
    return language or pack.languages[0]


def pick(text: Text, language: str) -> str:
    """A text in `language`; what was written down before that language was spoken, in the first it was said in."""
    return text[said_in(text, language)]


def said_in(text: Text, language: str) -> str:
    """The language that `pick` answers in: to be written beside a text that may be older than a language."""
    return language if language in text else next(iter(text))
