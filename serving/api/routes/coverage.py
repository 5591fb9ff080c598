"""How many services are proactive, against the target."""

from typing import Annotated

from fastapi import APIRouter, Query

from lifeevents.domain.errors import NotFound
from serving.api.problem import problems
from serving.api.shapes.coverage import Coverage, coverage_of
from serving.api.visit import Asked, Visiting

router = APIRouter(prefix="/v1", tags=["coverage"])


@router.get("/coverage", summary="The coverage report", responses=problems(404, 422, 503))
def coverage(visit: Visiting, asked: Annotated[Asked, Query()]) -> Coverage:
    """The newest report on both catalogues, with a verdict per service. 404 before the first one."""
    with visit.service.ledger.begin() as unit:
        report = coverage_of(unit.report("coverage"))
    if report is None:
        raise NotFound("No coverage report is saved yet. It is written by: lifeevents coverage --anew")
    return report
