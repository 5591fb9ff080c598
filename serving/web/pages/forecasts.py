"""The forecasts page: what to expect in each area in the year ahead, with intervals, as a table and small charts."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from lifeevents.domain.forecast import LEAST, Cell, Expected
from serving.api.shapes.forecasts import forecasts_of
from serving.api.visit import Asked, Visiting
from serving.web.renderer import page
from serving.web.wording import Words

router = APIRouter()
WIDTH = 100
"""The chart's own units across."""


@router.get("/forecasts")
def forecasts(request: Request, visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """The report as a page; before the first one, a page that says so."""
    with visit.service.ledger.begin() as unit:
        report = forecasts_of(unit.report("forecasts"))
    return page(
        request,
        "forecasts.html",
        report=report,
        named=lambda areas, codes: place(visit.words, areas, codes),
        highest=highest,
        least=LEAST,
        one_day=timedelta(days=1),
        at=lambda number, top: round(WIDTH * number / top, 2),
    )


def place(words: Words, areas: tuple[str, ...], codes: tuple[str | None, ...]) -> str:
    """An area's codes in words, the finest last; `areas` are the attributes they are codes of."""
    known = [
        words("forecasts.unknown") if code is None else words.value(code, f"code.{area}.{code}")
        for area, code in zip(areas, codes, strict=False)
    ]
    return ", ".join(known) or words("forecasts.country")


def highest(numbers: Iterable[Expected | Cell]) -> int:
    """The upper end that a chart of these must show; at least 1."""
    return max(1, *((one.year if isinstance(one, Cell) else one).high_95 for one in numbers))
