"""The catalogue as linked data, where a request asks for it: CPSV-AP 3.2.0 as Turtle or JSON-LD, with an entity tag."""

from functools import lru_cache
from hashlib import sha256
from typing import Any

from fastapi import Request, Response

from lifeevents.catalogue.cpsv import Syntax, export, written
from lifeevents.domain.pack import Pack
from serving.api.negotiation import chosen

JSON = "application/json"
SYNTAXES: dict[str, Syntax] = {"text/turtle": "turtle", "application/ld+json": "json-ld"}
_EXAMPLES = {
    "text/turtle": "<urn:lifeevents:vn:procedures:ret.pension> a <http://purl.org/vocab/cpsv#PublicService> .",
    "application/ld+json": '{"@id": "urn:lifeevents:vn:procedures:ret.pension", "@type": "cpsv:PublicService"}',
}
LINKED: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {"schema": {"type": "string"}, "example": said} for media, said in _EXAMPLES.items()}},
    304: {"description": "Nothing changed since the entity tag sent in If-None-Match."},
}
"""What routes that also answer with linked data describe."""


def linked(request: Request, pack: Pack, only: str | None = None) -> Response | None:
    """The whole catalogue, or one service, as the request's Accept wants it; None when it wants JSON.

    Addresses begin with this API's own, so that each leads to what it names. Raises Told (406).
    """
    media = chosen(request.headers.get("accept"), (JSON, *SYNTAXES))
    if media == JSON:
        return None
    text = _text(_Key(pack), f"{request.base_url}v1/catalogue/", only, SYNTAXES[media])
    tag = f'"{sha256(text).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Vary": "Accept", "Cache-Control": "no-cache"}
    if tag in (request.headers.get("if-none-match") or ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=f"{media}; charset=utf-8" if media == "text/turtle" else media, headers=headers)


class _Key:
    """A pack by its identity: it is frozen, and made once."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.pack is self.pack


@lru_cache(maxsize=64)
def _text(key: _Key, base: str, only: str | None, syntax: Syntax) -> bytes:
    return written(export(key.pack, base=base, only=None if only is None else [only]), syntax).encode()
