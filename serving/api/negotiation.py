"""Which of several media types an answer is written in, by the request's Accept (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

from serving.api.errors import Told


def chosen(accept: str | None, offered: Sequence[str]) -> str:
    """The offered type that the request likes best; the first offered of several liked as much, or without Accept.

    Raises Told (406) when it takes none of them.
    """
    if not accept or not accept.strip():
        return offered[0]
    likes = [_liking(part) for part in accept.split(",")]
    best = max(offered, key=lambda media: (_quality(media, likes), -offered.index(media)))
    if _quality(best, likes) <= 0:
        raise Told(406, f"This is written as {', '.join(offered)}.")
    return best


def _liking(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return media.lower(), quality


def _quality(media: str, likes: Sequence[tuple[str, float]]) -> float:
    """Of the ranges that hold the type the narrowest counts."""
    for range in (media, f"{media.partition('/')[0]}/*", "*/*"):
        found = [quality for liked, quality in likes if liked == range]
        if found:
            return max(found)
    return 0.0
