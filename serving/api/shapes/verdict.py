"""What became of each event that a register sent."""

from typing import Literal

from pydantic import ConfigDict, Field

from serving.api.problem import FieldProblem
from serving.api.shapes.wire import Wire

STATUS = {"accepted": 202, "known": 200, "refused": 422, "conflict": 409}
"""A verdict's HTTP status where one event is sent alone; refused is 403 when the agency may not write it."""


class Verdict(Wire):
    """One event's verdict: `accepted` and `known` are durable; `refused` and `conflict` kept nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "urn:vn:moj:civil-status",
                    "id": "2026-000123",
                    "verdict": "accepted",
                    "status": 202,
                    "detail": None,
                    "errors": [],
                }
            ]
        }
    )

    source: str | None = Field(description="As it was sent; null where there was none to read.")
    id: str | None = Field(description="As it was sent; null where there was none to read.")
    verdict: Literal["accepted", "known", "refused", "conflict"]
    status: int = Field(description="The HTTP status that the event would have had alone.")
    detail: str | None = Field(default=None, description="What is wrong and what would be right.")
    errors: tuple[FieldProblem, ...] = Field(default=(), description="Where: JSON pointers into the event.")


class Verdicts(Wire):
    """A batch's verdicts, in the order of its events."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "verdicts": [
                        {
                            "source": "urn:vn:moj:civil-status",
                            "id": "2026-000124",
                            "verdict": "refused",
                            "status": 422,
                            "detail": 'Event e-1: civil_status delivers no event "brith". Did you mean birth?',
                            "errors": [],
                        }
                    ]
                }
            ]
        }
    )

    verdicts: tuple[Verdict, ...]
