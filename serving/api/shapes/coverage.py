"""The coverage report: how many services meet the target, by our published definition.

The pipeline saves it as the ledger's report `coverage`; this is the shape it must have.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from lifeevents.domain.procedure import Proactivity
from lifeevents.domain.register import Text
from lifeevents.engine.indicators import ServiceVerdict
from lifeevents.engine.road import Step
from serving.api.shapes.examples import COVERAGE

Share = float | None


class Reported(BaseModel):
    """A part of the saved report; keys that only other readers need are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CatalogueCoverage(Reported):
    """One catalogue: how many of its services are proactive, against the target share. `if_confirmed` counts those too
    that lack nothing but a lawyer's confirmation of their rules."""

    id: str
    title: Text
    services: int = Field(ge=0)
    proactive: int = Field(ge=0)
    if_confirmed: int | None = Field(default=None, ge=0, description="None in a report older than this figure.")
    share: Share
    target: float = Field(ge=0, le=1)


class ServiceCoverage(Reported):
    """One service: its level, whom it reached, how often it was right; `_low` is the 95% Wilson lower bound.

    `overdue` are people whose last day in time had passed before the service began; they are not eligible. `unseen`
    (known on a simulation only) are people whom no register knew of in time; they are among the eligible.
    """

    id: str
    title: Text
    code: str | None
    essential: bool
    level: Proactivity
    eligible: int = Field(ge=0)
    reached: int = Field(ge=0)
    overdue: int = Field(default=0, ge=0)
    unseen: int = Field(default=0, ge=0)
    reach: Share
    reach_low: Share
    precision: Share
    precision_low: Share
    verdict: ServiceVerdict
    steps_left: int | None = Field(default=None, ge=0, description="None in a report older than the road.")
    steps: tuple[Step, ...] = ()
    lacks: tuple[Text, ...] = ()


class StepCoverage(Reported):
    """A step that services lack, what to do about it, and at how many services."""

    step: Step
    todo: Text
    services: int = Field(ge=0)
    essential: int = Field(ge=0)


class StepLeft(Reported):
    """A step that one service lacks, and what to do about it."""

    step: Step
    lacks: Text
    todo: Text


class ServiceOnTheRoad(Reported):
    """A service that does not meet yet. `people` are those eligible now, None while nobody is counted; `value` is
    people x benefit / steps_left. The list is in order: essential, counted, value, id."""

    id: str
    title: Text
    essential: bool
    people: int | None = Field(ge=0)
    benefit: int = Field(ge=1, le=5)
    value: float | None
    steps_left: int = Field(ge=1)
    steps: tuple[StepLeft, ...]


class Coverage(Reported):
    """The whole report. `source` names the programme the target comes from."""

    model_config = ConfigDict(json_schema_extra={"examples": [COVERAGE]})

    as_of: date
    simulated: bool
    source: Text | None = None
    catalogues: tuple[CatalogueCoverage, ...]
    steps: tuple[StepCoverage, ...] = ()
    road: tuple[ServiceOnTheRoad, ...] = ()
    services: tuple[ServiceCoverage, ...]


def coverage_of(report: Mapping[str, Any] | None) -> Coverage | None:
    """The saved report as a value; None before the first. Raises ValidationError when it has another shape."""
    return Coverage.model_validate(report) if report is not None else None
