"""What registers submit the moment it happens."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from lifeevents.registers.cloudevents import EXAMPLE, CloudEvent, Rows
from serving.api.errors import Told
from serving.api.problem import problems
from serving.api.sent import BATCH, BINARY, STRUCTURED, Sending
from serving.api.shapes.verdict import Verdict, Verdicts
from serving.api.submitting import submit
from serving.api.visit import Visiting
from serving.api.writer import Writing

router = APIRouter(prefix="/v1", tags=["events"])
MODELS = (CloudEvent, Rows)
"""What the route's body is made of; `describe` puts their schemas among the components."""

_EVENT = {"$ref": "#/components/schemas/CloudEvent"}
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        STRUCTURED: {"schema": _EVENT, "example": EXAMPLE},
        BATCH: {"schema": {"type": "array", "maxItems": 1000, "items": _EVENT}, "example": [EXAMPLE]},
        BINARY: {"schema": {"$ref": "#/components/schemas/Rows"}, "example": EXAMPLE["data"]},
    },
}


@router.post(
    "/events",
    summary="Submit what a register knows now",
    status_code=202,
    responses={
        200: {"model": Verdict, "description": "The very same was kept before; nothing changed."},
        207: {"model": Verdicts, "description": "A batch: a verdict for each event, in their order."},
        **problems(400, 401, 403, 409, 413, 415, 422, 503),
    },
    openapi_extra={"requestBody": _BODY},
)
def events(agency: Writing, sent: Sending, visit: Visiting, response: Response) -> Verdict:
    """Take one CloudEvent 1.0 (structured, or binary with ce- headers) or a batch of them, of the agency whose key is
    sent.

    `source` and `id` name an event for ever: the same again is `known` and changes nothing, another content under the
    same name is a conflict. What is `accepted` is on disk before the answer. A batch is one transaction, its fit
    events are kept whatever the others are, and it always answers 207; one event alone has its own status.
    """
    verdicts = submit(visit.service, agency, sent.events)
    if sent.mode == "batch":
        return JSONResponse(Verdicts(verdicts=tuple(verdicts)).model_dump(mode="json"), 207)  # type: ignore[return-value]
    (verdict,) = verdicts
    if verdict.status >= 400:
        raise Told(verdict.status, verdict.detail or "", errors=verdict.errors)
    response.status_code = verdict.status
    return verdict
