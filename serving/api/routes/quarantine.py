"""Rows that were not taken: their owner lists them, corrects them, and sends them through the gate again."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import ConfigDict, Field, StringConstraints

from lifeevents.domain.quarantine import Quarantined, QuarantinePage
from serving.api.desk import AgencyDesk
from serving.api.problem import problems
from serving.api.shapes.wire import Wire
from serving.api.visit import Asked, Visiting
from serving.api.writer import Writing

router = APIRouter(prefix="/v1/quarantine", tags=["quality"])
ITEM = r"^[0-9a-f]{16}$"
NAME = r"^[a-z][a-z0-9_]{0,63}$"
ItemId = Annotated[str, Path(description="Id of a row.", pattern=ITEM, examples=["0ae8cdbd790dcd7e"])]


class QuarantineAsked(Asked):
    """Filters; open rows of all the agency's registers without them."""

    of: str | None = Field(
        default=None, pattern=NAME, alias="register", description="Id of a register.", examples=["civil_status"]
    )
    reason: str | None = Field(default=None, pattern=NAME, description="The gate's reason.")
    month: date | None = Field(default=None, description="First day of the month of recording.")
    state: Literal["open", "released", "all"] = "open"
    limit: int = Field(default=50, ge=1, le=500)
    offset: int = Field(default=0, ge=0, le=10_000_000)


class Release(Wire):
    """Corrections by field of the contract; null empties a field."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"corrections": {"occurred_on": "2026-10-03"}}]})
    corrections: dict[
        Annotated[str, StringConstraints(pattern=NAME)],
        Annotated[str, StringConstraints(pattern=r"^[^\u0000]*$", max_length=4000)] | None,
    ] = Field(default_factory=dict, max_length=16, json_schema_extra={"additionalProperties": False})


@router.get("", summary="Rows in quarantine", responses=problems(401, 403, 422, 503))
def rows(visit: Visiting, agency: Writing, asked: Annotated[QuarantineAsked, Query()]) -> QuarantinePage:
    """Rows of the agency's registers, each with what is wrong and what was done. The read is audited."""
    return AgencyDesk(visit, agency).rows(
        register=asked.of,
        reason=asked.reason,
        month=asked.month,
        state=asked.state,
        limit=asked.limit,
        offset=asked.offset,
    )


@router.post("/{item}/release", summary="Release a row", responses=problems(400, 401, 403, 404, 409, 422, 503))
def release(
    item: ItemId, body: Release, visit: Visiting, agency: Writing, asked: Annotated[Asked, Query()]
) -> Quarantined:
    """Correct a row and send it through the gate again; the same again changes nothing and gives the same result.

    The asking is in the audit log before anything is done, the outcome after it. A row that the gate refuses again
    gives 409 with its sentence, and keeps the corrections; 403 names a field that the row has not, or a register of
    others.
    """
    return AgencyDesk(visit, agency).release(item, body.corrections)
