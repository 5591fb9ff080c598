"""Is the process alive, and can it serve?"""

from typing import Literal

from fastapi import APIRouter
from pydantic import ConfigDict

from lifeevents.domain.errors import Unavailable
from serving.api.problem import problems
from serving.api.shapes.wire import Wire
from serving.api.visit import Visiting

router = APIRouter(prefix="/health", tags=["health"])


class Health(Wire):
    """`ok` when the question can be answered with yes; otherwise the answer is a problem."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})
    status: Literal["ok"] = "ok"


@router.get("/live", summary="Is the process alive?")
def live() -> Health:
    """Yes, whatever the state of the parts it needs."""
    return Health()


@router.get("/ready", summary="Can it serve?", responses=problems(503))
def ready(visit: Visiting) -> Health:
    """Yes when the ledger answers a query; 503 with Retry-After when it does not, for whatever reason."""
    try:
        with visit.service.ledger.begin() as unit:
            unit.report("coverage")
    except Exception as error:
        raise Unavailable("The ledger does not answer.") from error
    return Health()
