"""The start page: what this is, figures of the run, a few people to look at when all are simulated."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from lifeevents.domain.register import Text
from serving.api.service import Service
from serving.api.shapes.coverage import coverage_of
from serving.api.visit import Asked, Visiting
from serving.web.renderer import page

router = APIRouter()


class Example(BaseModel):
    """A simulated citizen worth a look, from the report `examples`: {"examples": [...]}."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    subject_id: str
    milestone: str
    title: Text


class Figure(BaseModel):
    """One number of the run, from the report `figures`: {"figures": [...]}."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: Text
    value: int | float | str


@router.get("/")
def home(request: Request, visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """The start page. It reads no subject."""
    with visit.service.ledger.begin() as unit:
        counts = dict(unit.counts())
        examples, figures = unit.report("examples"), unit.report("figures")
        coverage = coverage_of(unit.report("coverage"))
    told = {
        "occasions": sum(n for kind, n in counts.items() if kind.startswith("occasions.")),
        "offers": counts.get("recommendations", 0),
        "delivered": counts.get("notifications.delivered", 0),
        "answers": sum(n for kind, n in counts.items() if kind.startswith("answers.")),
    }
    people = _people(examples)
    return page(
        request,
        "home.html",
        told=told,
        figures=[Figure.model_validate(one) for one in (figures or {}).get("figures", ())],
        examples=people if visit.service.demo else [],
        coverage=coverage,
    )


def examples_of(service: Service) -> list[Example]:
    """The simulated citizens worth a look."""
    with service.ledger.begin() as unit:
        return _people(unit.report("examples"))


def _people(report: Mapping[str, Any] | None) -> list[Example]:
    return [Example.model_validate(one) for one in (report or {}).get("examples", ())]
