"""The coverage page: both catalogues against the target, and why each service does or does not count."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from lifeevents.engine.indicators import PRECISION, REACH
from serving.api.shapes.coverage import coverage_of
from serving.api.visit import Asked, Visiting
from serving.web.renderer import page

router = APIRouter()
VERDICTS = ("meets", "falls_short", "too_few")


class CoverageAsked(Asked):
    """Which services the page lists."""

    catalogue: Literal["essential", "all"] = Field(default="essential")


@router.get("/coverage")
def coverage(request: Request, visit: Visiting, asked: Annotated[CoverageAsked, Query()]) -> Response:
    """The report as a page; before the first one, a page that says so."""
    with visit.service.ledger.begin() as unit:
        report = coverage_of(unit.report("coverage"))
    listed = [one for one in report.services if one.essential or asked.catalogue == "all"] if report else []
    groups = {verdict: [one for one in listed if one.verdict == verdict] for verdict in VERDICTS}
    return page(
        request,
        "coverage.html",
        report=report,
        groups=groups,
        catalogue=asked.catalogue,
        reach_bound=REACH,
        precision_bound=PRECISION,
    )
