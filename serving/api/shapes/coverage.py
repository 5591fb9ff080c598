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
from serving.api.shapes.examples import COVERAGE

Share = float | None


class Reported(BaseModel):
    """A part of the saved report; keys that only other readers need are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CatalogueCoverage(Reported):
    """One catalogue: how many of its services are proactive, against the target share."""

    id: str
    title: Text
    services: int = Field(ge=0)
    proactive: int = Field(ge=0)
    share: Share
    target: float = Field(ge=0, le=1)


class ServiceCoverage(Reported):
    """One service: its level, whom it reached, how often it was right; `_low` is the 95% Wilson lower bound."""

    id: str
    title: Text
    code: str | None
    essential: bool
    level: Proactivity
    eligible: int = Field(ge=0)
    reached: int = Field(ge=0)
    reach: Share
    reach_low: Share
    precision: Share
    precision_low: Share
    verdict: ServiceVerdict
    lacks: tuple[Text, ...] = ()


class Coverage(Reported):
    """The whole report. `source` names the programme the target comes from."""

    model_config = ConfigDict(json_schema_extra={"examples": [COVERAGE]})

    as_of: date
    simulated: bool
    source: Text | None = None
    catalogues: tuple[CatalogueCoverage, ...]
    services: tuple[ServiceCoverage, ...]


def coverage_of(report: Mapping[str, Any] | None) -> Coverage | None:
    """The saved report as a value; None before the first. Raises ValidationError when it has another shape."""
    return Coverage.model_validate(report) if report is not None else None
