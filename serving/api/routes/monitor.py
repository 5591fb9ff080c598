"""How the models that serve are doing."""

from typing import Annotated

from fastapi import APIRouter, Query

from lifeevents.domain.errors import NotFound
from serving.api.problem import problems
from serving.api.shapes.monitor import Monitor, monitor_of
from serving.api.visit import Asked, Visiting

router = APIRouter(prefix="/v1", tags=["monitor"])


@router.get("/monitor", summary="The models that serve", responses=problems(404, 422, 503))
def monitor(visit: Visiting, asked: Annotated[Asked, Query()]) -> Monitor:
    """Drift of inputs and chances, outcomes against what was said, and why to train again. 404 before the first watch.

    It speaks of models and of groups of ten people and more, never of one.
    """
    with visit.service.ledger.begin() as unit:
        report = monitor_of(unit.report("monitor"))
    if report is None:
        raise NotFound("No watch is saved yet. It is written by: lifeevents monitor.")
    return report
