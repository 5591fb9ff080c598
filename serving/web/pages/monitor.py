"""The page of the models that serve: what moved, what came against what was said, and why to train again."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from lifeevents.domain.watch import Calibrated, Watch
from serving.api.shapes.fact import fact_title
from serving.api.shapes.monitor import Monitor, monitor_of
from serving.api.visit import Asked, Visiting
from serving.web.renderer import page

router = APIRouter()
CALM, MOVED = 0.1, 0.2
"""Under the first an index is calm, over the second it has moved."""

SIDE, WIDTH, HEIGHT = 100, 100, 20
"""Units of the calibration's square, and of the line of earlier watches."""


@router.get("/monitor")
def monitor(request: Request, visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """The report as a page; before the first one, a page that says so."""
    with visit.service.ledger.begin() as unit:
        report = monitor_of(unit.report("monitor"))
    return page(
        request,
        "monitor.html",
        report=report,
        named=lambda name: fact_title(name, visit.pack, visit.words),
        points=points,
        course=course,
        moved=MOVED,
        calm=CALM,
    )


def points(calibration: Sequence[Calibrated]) -> tuple[float, list[tuple[float, float]]]:
    """The top of both axes, and each point's place in the square (x: chance said, y: share that came, from above)."""
    top = max((max(one.chance, one.share) for one in calibration), default=0.0) or 1.0
    return top, [(round(SIDE * one.chance / top, 1), round(SIDE * (1 - one.share / top), 1)) for one in calibration]


def course(report: Monitor, watch: Watch) -> str | None:
    """The points of a line of outcomes / expected over the watches, 1 in the middle; None for fewer than two."""
    runs = [one for one in (*report.earlier, watch) if one.milestone == watch.milestone]
    ratios = [min(one.came / one.expected, 2.0) for one in runs if one.came is not None and one.expected]
    if len(ratios) < 2:
        return None
    step = WIDTH / (len(ratios) - 1)
    return " ".join(f"{number * step:.1f},{HEIGHT * (1 - ratio / 2):.1f}" for number, ratio in enumerate(ratios))
