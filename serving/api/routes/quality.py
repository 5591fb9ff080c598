"""How good the registers' deliveries are."""

from typing import Annotated

from fastapi import APIRouter, Query

from lifeevents.domain.errors import NotFound
from serving.api.problem import problems
from serving.api.shapes.quality import Quality, quality_of
from serving.api.visit import Asked, Visiting

router = APIRouter(prefix="/v1", tags=["quality"])


@router.get("/quality", summary="The quality scoreboard", responses=problems(404, 422, 503))
def quality(visit: Visiting, asked: Annotated[Asked, Query()]) -> Quality:
    """Every register by six principles, with the conflicts between registers. 404 before the first measurement.

    Conflicts name subjects, so the read is written to the audit log before the answer.
    """
    with visit.service.ledger.begin() as unit:
        report = quality_of(unit.report("quality"))
        unit.audit(visit.service.actor, "quality.read", None, {}, now=visit.now)
    if report is None:
        raise NotFound("No quality report is saved yet. It is written by: lifeevents quality.")
    return report
