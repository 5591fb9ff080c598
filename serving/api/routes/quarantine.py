"""Rows that were not taken: their owner lists them, corrects them, and sends them through the gate again."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import ConfigDict, Field

from lifeevents.domain.errors import Conflict, Unavailable
from lifeevents.domain.quarantine import Quarantined, QuarantinePage
from lifeevents.ports import QuarantineDesk
from serving.api.problem import problems
from serving.api.shapes.wire import Wire
from serving.api.visit import Asked, Visit, Visiting

router = APIRouter(prefix="/v1/quarantine", tags=["quality"])
ItemId = Annotated[str, Path(description="Id of a row.", pattern=r"^[0-9a-f]{16}$", examples=["0ae8cdbd790dcd7e"])]


class QuarantineAsked(Asked):
    """Filters; open rows of all registers without them."""

    register: str | None = Field(default=None, max_length=64, description="Id of a register.", examples=["tax"])
    reason: str | None = Field(default=None, max_length=64, description="The gate's reason.")
    month: date | None = Field(default=None, description="First day of the month of recording.")
    state: Literal["open", "released", "all"] = "open"
    limit: int = Field(default=50, ge=1, le=500)
    offset: int = Field(default=0, ge=0, le=10_000_000)


class Release(Wire):
    """Corrections by field of the contract; null empties a field."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"corrections": {"occurred_on": "2026-10-03"}}]})
    corrections: dict[str, str | None] = Field(default_factory=dict, max_length=16)


def desk_of(visit: Visit) -> QuarantineDesk:
    """The service's desk. Raises Unavailable where the service has none."""
    if visit.service.desk is None:
        raise Unavailable("This service has no access to the lake's quarantine.")
    return visit.service.desk


@router.get("", summary="Rows in quarantine", responses=problems(422, 503))
def rows(visit: Visiting, asked: Annotated[QuarantineAsked, Query()]) -> QuarantinePage:
    """Rows by register, reason and month, each with what is wrong and what was done. The read is audited."""
    with visit.service.ledger.begin() as unit:
        detail = asked.model_dump(mode="json", exclude_none=True)
        unit.audit(visit.service.actor, "quarantine.read", None, detail, now=visit.now)
    return desk_of(visit).rows(
        register=asked.register,
        reason=asked.reason,
        month=asked.month,
        state=asked.state,
        limit=asked.limit,
        offset=asked.offset,
    )


@router.post("/{item}/release", summary="Release a row", responses=problems(400, 403, 404, 409, 422, 503))
def release(item: ItemId, body: Release, visit: Visiting, asked: Annotated[Asked, Query()]) -> Quarantined:
    """Correct a row and send it through the gate again; the same again changes nothing and gives the same result.

    The asking is in the audit log before anything is done, the outcome after it. A row that the gate refuses again
    gives 409 with its sentence, and keeps the corrections; 403 names a field that the row has not.
    """
    desk, actor, fields = desk_of(visit), visit.service.actor, sorted(body.corrections)
    with visit.service.ledger.begin() as unit:
        unit.audit(actor, "quarantine.release", None, {"item": item, "fields": fields}, now=visit.now)
    done = desk.release(item, body.corrections, who=actor, at=visit.now)
    with visit.service.ledger.begin() as unit:
        unit.audit(actor, "quarantine.outcome", None, {"item": item, "state": done.state}, now=visit.now)
    if done.state == "open":
        raise Conflict(done.sentence)
    return done
