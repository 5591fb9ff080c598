"""Which language a person is answered in: `?lang=` first, then Accept-Language, then the pack's own."""

from collections.abc import Sequence

from lifeevents.domain.register import Text


def negotiate(accept: str | None, offered: Sequence[str]) -> str:
    """The best of `offered` for an Accept-Language header (RFC 9110, 12.5.4); the first when none fits."""
    wishes: list[tuple[float, str]] = []
    for part in (accept or "").split(","):
        tag, _, weight = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in offered:
            wishes.append((quality(weight), language))
    best, language = max(wishes, default=(0.0, offered[0]), key=lambda wish: wish[0])
    return language if best > 0 else offered[0]


def quality(weight: str) -> float:
    """The q-value of one entry: 1 when absent, 0 (not wanted) when it is not a number."""
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0


def pick(text: Text, language: str) -> str:
    """A pack's text in `language`; where the pack has not said it in that language, in the first it was said in."""
    return text[language] if language in text else next(iter(text.values()))
