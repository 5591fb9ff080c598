"""The quality page: registers by six principles, with their course by month, and where registers differ."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from lifeevents.domain.calendar import Period
from lifeevents.domain.quality import PRINCIPLES
from serving.api.shapes.quality import Counts, QualityOfRegister, quality_of
from serving.api.visit import Asked, Visiting
from serving.web.renderer import page

router = APIRouter()
WIDTH, HEIGHT = 100, 20
"""The sparkline's own units; the lower edge is the floor, the upper edge 1."""


@router.get("/quality")
def quality(request: Request, visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """The report as a page; before the first one, a page that says so. The read is audited: conflicts name subjects."""
    with visit.service.ledger.begin() as unit:
        report = quality_of(unit.report("quality"))
        unit.audit(visit.service.actor, "page.quality", None, {}, now=visit.now)
    return page(
        request,
        "quality.html",
        report=report,
        principles=PRINCIPLES,
        sparkline=sparkline,
        provinces=provinces,
        days=lambda text: Period.parse(text).months * 30 + Period.parse(text).days,
    )


def sparkline(months: Sequence[Counts]) -> str | None:
    """The points of a line over the months, from the lowest share (at most .5) up to 1; None for fewer than two."""
    shares = [one.good / one.of for one in months if one.key is not None]
    if len(shares) < 2:
        return None
    floor = min(0.5, *shares)
    step = WIDTH / (len(shares) - 1)
    return " ".join(f"{i * step:.1f},{HEIGHT * (1 - (s - floor) / (1 - floor)):.1f}" for i, s in enumerate(shares))


def provinces(register: QualityOfRegister) -> dict[str | None, dict[str, Counts]]:
    """Province -> principle -> counts; those not known last."""
    found: dict[str | None, dict[str, Counts]] = {}
    for number in register.numbers:
        for one in number.provinces:
            found.setdefault(one.key, {})[number.principle] = one
    known = sorted(key for key in found if key is not None)
    return {key: found[key] for key in (*known, *([None] if None in found else []))}
