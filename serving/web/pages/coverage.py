"""The coverage page: both catalogues against the target, and why each service does or does not count."""

from math import ceil
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from lifeevents.domain.register import Text
from lifeevents.engine.indicators import PRECISION, REACH
from serving.api.shapes.coverage import Coverage, coverage_of
from serving.api.shapes.worlds import worlds_of
from serving.api.visit import Asked, Visiting
from serving.web.renderer import page

router = APIRouter()
VERDICTS = ("meets", "falls_short", "too_few")
FIRST = 10
"""So many services of the road are shown at once; the others open on a click."""


class CoverageAsked(Asked):
    """Which services the page lists."""

    catalogue: Literal["essential", "all"] = Field(default="essential")


@router.get("/coverage")
def coverage(request: Request, visit: Visiting, asked: Annotated[CoverageAsked, Query()]) -> Response:
    """The report as a page, with the two worlds where they were compared; before the first, a page that says so."""
    with visit.service.ledger.begin() as unit:
        report = coverage_of(unit.report("coverage"))
        worlds = worlds_of(unit.report("worlds"))
    listed = [one for one in report.services if one.essential or asked.catalogue == "all"] if report else []
    groups = {verdict: [one for one in listed if one.verdict == verdict] for verdict in VERDICTS}
    return page(
        request,
        "coverage.html",
        report=report,
        worlds=worlds,
        enough=_enough(report) if report else {},
        first=FIRST,
        groups=groups,
        catalogue=asked.catalogue,
        reach_bound=REACH,
        precision_bound=PRECISION,
    )


def _enough(report: Coverage) -> dict[str, Text]:
    """Service on the road -> the title of the catalogue whose target is met once everything up to it is done."""
    found: dict[str, Text] = {}
    for catalogue in report.catalogues:
        counts = [one for one in report.road if one.essential or catalogue.id == "all"]
        needed = ceil(catalogue.services * catalogue.target) - catalogue.proactive
        if 0 < needed <= len(counts):
            found[counts[needed - 1].id] = catalogue.title
    return found
