"""Problem details for HTTP APIs (RFC 9457): the one shape every error of the API has."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"
SLUGS = {
    400: "bad-request",
    401: "no-key",
    403: "refused",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    500: "internal",
    503: "unavailable",
}
"""HTTP status -> the problem's name; `/docs#problem-<name>` explains each."""


class FieldProblem(BaseModel):
    """One thing wrong with a request: where (a JSON pointer into the body, or a parameter) and what."""

    pointer: str | None = Field(default=None, description="JSON pointer (RFC 6901) into the body.")
    parameter: str | None = Field(default=None, description="Name of the path, query or header parameter.")
    detail: str


class Problem(BaseModel):
    """RFC 9457. `title` and `detail` are in the language of the answer; programs look at `type` and `status`."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldProblem, ...] = ()


class ProblemResponse(JSONResponse):
    """A problem as an HTTP response, never cached."""

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, headers: dict[str, str] | None = None) -> None:
        body = problem.model_dump(exclude_none=True, exclude=None if problem.errors else {"errors"})
        super().__init__(body, problem.status, {"Cache-Control": "no-store"} | (headers or {}))


def type_of(status: int) -> str:
    """The problem type's URI reference, which resolves to its explanation in the API's own documentation."""
    return f"/docs#problem-{SLUGS[status]}" if status in SLUGS else "about:blank"


_EXAMPLES: dict[int, dict[str, Any]] = {
    400: {"title": "It could not be done", "detail": "The request could not be carried out as it was sent."},
    401: {"title": "Who sends this?", "detail": "Send your agency's key."},
    403: {"title": "Not allowed", "detail": "The request did not come from a page of this service."},
    404: {"title": "Not found", "detail": "There is nothing here, or nothing that you may see."},
    406: {"title": "Not in that format", "detail": "Accept one of application/json, text/turtle."},
    409: {"title": "Not possible now", "detail": "This offer was already answered."},
    413: {"title": "Too large", "detail": "A request holds 4,194,304 bytes at most. Send several."},
    415: {"title": "Another format, please", "detail": "Send application/cloudevents+json."},
    422: {
        "title": "The request cannot be understood",
        "detail": "Nothing was changed. See the errors.",
        "errors": [{"pointer": "/knd", "detail": "Extra inputs are not permitted"}],
    },
    503: {"title": "Not available for the moment", "detail": "Please try again in a few seconds."},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for the problems a route may answer with, each with an example."""
    return {
        status: {
            "description": _EXAMPLES[status]["title"],
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": {"type": type_of(status), "status": status} | _EXAMPLES[status],
                }
            },
        }
        | ({"headers": {"Retry-After": {"schema": {"type": "integer"}}}} if status == 503 else {})
        for status in statuses
    }
