"""Which format a program is answered in (RFC 9110, 12.5.1), and the answer with its ETag."""

import hashlib
from collections.abc import Sequence

from fastapi import Request, Response

from lifeevents.catalogue.cpsv_ap import catalogue
from lifeevents.catalogue.serialise import MEDIA_TYPES, Syntax, serialise
from lifeevents.domain.pack import Pack
from serving.api.errors import Told
from serving.api.language import quality

JSON = "application/json"
OFFERED = (JSON, *MEDIA_TYPES.values())
SYNTAX: dict[str, Syntax] = {media: syntax for syntax, media in MEDIA_TYPES.items()}


class Linked:
    """The pack's linked data as text; the whole catalogue is made once per syntax and kept (under 1 MB each)."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._whole: dict[Syntax, str] = {}

    def text(self, media: str, only: str | None = None) -> str:
        """The catalogue, or one procedure of it, in a media type of MEDIA_TYPES."""
        syntax = SYNTAX[media]
        if only is not None:
            return serialise(catalogue(self._pack, only), syntax)
        if syntax not in self._whole:
            self._whole[syntax] = serialise(catalogue(self._pack), syntax)
        return self._whole[syntax]


def negotiate_format(accept: str | None, offered: Sequence[str] = OFFERED) -> str:
    """The best of `offered` for an Accept header; the first without one. Raises Told (406) when none fits."""
    if not (accept or "").strip():
        return offered[0]
    ranked = [(_wish(accept or "", media), -place, media) for place, media in enumerate(offered)]
    best, _, media = max(ranked)
    if best <= 0:
        raise Told(406, f"Accept one of {', '.join(offered)}.")
    return media


def _wish(accept: str, media: str) -> float:
    """The q-value of the most specific range that covers `media`; 0 when none does."""
    found: tuple[int, float] = (0, 0.0)
    for part in accept.split(","):
        asked, _, rest = part.strip().partition(";")
        asked = asked.strip().lower()
        if asked in (media, f"{media.partition('/')[0]}/*", "*/*"):
            weight = next((p for p in rest.split(";") if p.strip().startswith("q=")), "")
            found = max(found, (3 - asked.count("*"), quality(weight)))
    return found[1]


def answer(request: Request, text: str, media: str) -> Response:
    """The text with a strong ETag of its bytes; 304 without a body when the asker has it already."""
    body = text.encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Vary": "Accept, Accept-Language", "Cache-Control": "no-cache"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{media}; charset=utf-8" if media.startswith("text/") else media, headers=headers)
