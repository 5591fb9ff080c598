"""How many births, job losses and school leavings to expect where: numbers for planners, never a person."""

from typing import Annotated

from fastapi import APIRouter, Query

from lifeevents.domain.errors import NotFound
from serving.api.problem import problems
from serving.api.shapes.forecasts import ForecastsView, forecasts_of
from serving.api.visit import Asked, Visiting

router = APIRouter(prefix="/v1", tags=["forecasts"])


@router.get("/forecasts", summary="Forecasts for areas", responses=problems(404, 422, 503))
def forecasts(visit: Visiting, asked: Annotated[Asked, Query()]) -> ForecastsView:
    """The newest forecasts of the year ahead, in cells of ten and more. 404 before the first.

    Every number, and every difference of two, speaks of at least `least` people at risk and `least` expected outcomes.
    """
    with visit.service.ledger.begin() as unit:
        report = forecasts_of(unit.report("forecasts"))
    if report is None:
        raise NotFound("No forecast is saved yet. It is written by: lifeevents forecast.")
    return report
