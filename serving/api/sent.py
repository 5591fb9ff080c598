"""What a program sent: the events in a request's body, in any of the three ways of CloudEvents over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import orjson
from fastapi import Depends, Request

from serving.api.errors import Told

STRUCTURED, BATCH, BINARY = "application/cloudevents+json", "application/cloudevents-batch+json", "application/json"
MOST_BYTES = 4 * 1024 * 1024
MOST_EVENTS = 1_000
_PREFIX = "ce-"


@dataclass(frozen=True)
class Sent:
    """The events as JSON values, not judged yet; a batch may hold none."""

    mode: Literal["structured", "binary", "batch"]
    events: list[Any]


async def read(request: Request) -> Sent:
    """The request's events. Raises Told: 413 (too large), 415 (another media type), 422 (not JSON, too many)."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (STRUCTURED, BATCH, BINARY) or (media == BINARY and "ce-specversion" not in request.headers):
        raise Told(415, f"Send {STRUCTURED}, {BATCH}, or {BINARY} with the ce- headers of an event.")
    body = _json(await _body(request))
    if media == STRUCTURED:
        return Sent("structured", [body])
    if media == BINARY:
        return Sent("binary", [_attributes(request.headers) | {"data": body}])
    if not isinstance(body, list):
        raise Told(422, "A batch is a JSON array of events.")
    if len(body) > MOST_EVENTS:
        raise Told(422, f"A batch holds {MOST_EVENTS:,} events at most; this one has {len(body):,}. Send several.")
    return Sent("batch", body)


async def _body(request: Request) -> bytes:
    """The body, read no further than the limit."""
    too_large = Told(413, f"A request holds {MOST_BYTES:,} bytes at most. Send several.")
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise too_large
    return bytes(body)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Told(422, f"The body is not JSON in UTF-8 (near byte {error.pos}).") from None


def _attributes(headers: Mapping[str, str]) -> dict[str, Any]:
    """The context attributes in the ce- headers; their values are percent-encoded UTF-8."""
    return {name.removeprefix(_PREFIX): unquote(value) for name, value in headers.items() if name.startswith(_PREFIX)}


Sending = Annotated[Sent, Depends(read)]
